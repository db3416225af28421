//! Rule 14.

use super::{Check, Hit, Loss, Rule, Verdict, name_some};
use crate::catalog::{Entry, Trait};
use crate::facts::{ChangeFacts, Facts};

pub(super) const RULE: Rule = Rule {
    number: 14,
    id: "expiring",
    verdict: Verdict::Review,
    never_lowered: false,
    summary: "Records are made to expire, or lose their key",
    check: "What will be gone, from which day on, and does anybody need it?",
    page: "\
## What it does
Finds what makes contents of something that holds records expire or cuts them
off from their key: a lifecycle rule, a time to live, a shorter retention, a key
that is disabled; created, switched on or made shorter.

## Why
Nothing is deleted by the plan. The provider deletes later, on its own, and
without asking.

## Example
```
  + resource \"aws_s3_bucket_lifecycle_configuration\" \"receipts\" {
      + rule {
          + expiration { days = 90 }
```

## What lowers it
An ephemeral environment lowers it to allow. A rule for something that the same
plan makes is not found, since there is nothing in it yet.

## What to do instead
Check which of today's contents fall under the new rule, and keep a copy of what
is still needed.
",
    checks: &[Check::Change(check)],
};

fn check(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    let first = change.expiring.first()?;
    let (attribute, how) = (&first.attribute, first.how);
    if change.entry.expires_what().is_none() {
        let concerned = change.entry.holds_records() || change.entry.is(&Trait::Key);
        return concerned.then(|| Hit::new(Loss::Data, format!("Its {attribute} {how}.")));
    }
    let kept = facts.kept_guarded(change, Entry::holds_records);
    // What exists already concerns something that does, even where nobody says what.
    let elsewhere = change.guarded.is_empty() && (change.names_elsewhere || change.effect.updates());
    match (kept.is_empty(), elsewhere) {
        (false, _) => Some(Hit::new(Loss::Data, format!("Its {attribute} {how}, in {}.", name_some(&kept, 3)))),
        (true, true) => Some(Hit::new(
            Loss::Data,
            format!("Its {attribute} {how}, in something that is not in this {}.", facts.called(change.plan)),
        )),
        (true, false) => None,
    }
}
