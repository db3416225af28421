//! Rule 6.

use super::{Check, Hit, Loss, Rule, Verdict, foundation_destroyed, stand, verb};
use crate::facts::{ChangeFacts, Facts};

pub(super) const RULE: Rule = Rule {
    number: 6,
    id: "foundation-unused",
    verdict: Verdict::Review,
    never_lowered: false,
    summary: "A foundation goes, with nothing known on it",
    check: "Is it really unused: does anybody elsewhere use it, in another account or by hand?",
    page: "\
## What it does
Finds foundations that are deleted or replaced with nothing on them that is
known, or together with everything on them.

## Why
Foundations are shared: what stands on them is often in another state, where
this plan cannot see it.

## What lowers it
An ephemeral environment lowers it to allow.

## What to do instead
Look for users outside of this state, then let somebody who knows them agree.
Plans that are given together are judged as one change, and what they have on
each other counts: `blastgate check network.json app.json`.

In a stack, look for users outside of it: imports of its exports, and copied
ids. `--context` takes their templates.
",
    checks: &[Check::Change(check)],
};

fn check(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    if !change.destroys() || !change.entry.is_foundation() {
        return None;
    }
    let what = verb(change);
    if !change.has_dependents() {
        return Some(Hit::new(
            Loss::Service,
            format!("It is {what}. Nothing that was given stands on it; others may, elsewhere."),
        ));
    }
    foundation_destroyed::is_excused(change).then(|| {
        let (count, called) = (stand(change.reach.counted), facts.called(change.plan));
        Hit::new(
            Loss::Service,
            format!("It is {what}. {count} on it, all deleted by this {called} too, and none holds records."),
        )
    })
}
