//! Rule 9.

use super::{Check, Hit, Loss, Rule, Verdict};
use crate::catalog::Standing;
use crate::facts::{ChangeFacts, Effect, Facts};

/// So many services may leave without a word.
const FEW: usize = 5;

pub(super) const RULE: Rule = Rule {
    number: 9,
    id: "forgotten",
    verdict: Verdict::Review,
    never_lowered: false,
    summary: "It lives on, and nothing manages it any more",
    check: "Who manages it from now on?",
    page: "\
## What it does
Finds things that hold records or are a foundation and that leave the state or
the stack while they go on living; services, where more than five and a quarter
or more of them do so at once; and the import of such things into an ephemeral
environment.

## Why
Nobody is told when a forgotten thing breaks or costs, and the next one who
finds it may delete it as garbage. What is imported into a sandbox will be
destroyed with it.

## Example
```
removed {
  from = aws_dynamodb_table.orders
  lifecycle { destroy = false }
}
```

## What lowers it
An ephemeral environment lowers it to allow. For an import it is only what the
object says of itself that counts, since the environment is the finding.

## What to do instead
Say who keeps it from now on; import it there before it is forgotten here.
",
    checks: &[Check::Change(check)],
};

fn check(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    let whole = facts.of_plans.get(change.plan)?;
    if change.effect == Effect::Forget && !change.is_deposed() {
        let how = change.kept_by.as_ref().map_or_else(String::new, |by| format!(", since {by} keeps it"));
        let keeper = facts.keeper(change.plan);
        let left = format!("It leaves the {keeper} and goes on living{how}: nothing here manages it any more.");
        if change.is_precious() {
            return Some(Hit::new(Loss::Control, left));
        }
        let many = whole.has_shares
            && whole.services_forgotten > FEW
            && whole.services_forgotten.saturating_mul(4) >= whole.services;
        return (change.entry.standing == Standing::Service && many).then(|| {
            Hit::new(
                Loss::Control,
                format!("{left} {} of {} services leave at once.", whole.services_forgotten, whole.services),
            )
        });
    }
    let place = whole.ephemeral.as_ref().filter(|_| change.change.importing && change.is_precious())?;
    let reason = format!(
        "It is imported into an environment that calls itself ephemeral ({place}), and will be destroyed with it."
    );
    // That the environment is ephemeral is the finding: only what the object says of itself may lower it.
    Some(Hit { environment: Some(facts.said_by_itself(change)), ..Hit::new(Loss::Control, reason) })
}
