//! Rule 7.

use super::{Check, Hit, Loss, Rule, Verdict};
use crate::catalog::Standing;
use crate::facts::{ChangeFacts, Effect, Facts};

pub(super) const RULE: Rule = Rule {
    number: 7,
    id: "service-interrupted",
    verdict: Verdict::Review,
    never_lowered: false,
    summary: "A service stops, for a while or for good",
    check: "When is it down, for how long, and who has been told?",
    page: "\
## What it does
Finds services (instances, balancers, functions, roles, gateways, databases and
their like) that are deleted, or replaced in a way that leaves a gap: destroyed
first, or made first while something that uses the old one directly is left as
it is.

## Why
Between the old and the new there is an outage, and what is not told of the new
one goes on asking the old one.

## Example
```
-/+ resource \"aws_lb\" \"web\" {
      ~ internal = false -> true # forces replacement
```

## What lowers it
A replacement that makes the new one first is allowed where everything that uses
the old one directly is changed by the same plan. An ephemeral environment
lowers it to allow.

## What to do instead
Use `create_before_destroy` where names allow it and everything that uses the
object follows; else plan the gap.

In a stack, let everything that uses the object refer to it, so that it follows
the new one; else tell those who will notice.
",
    checks: &[Check::Change(check)],
};

fn check(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    if change.entry.standing != Standing::Service {
        return None;
    }
    let users = match change.reach.counted {
        0 => String::new(),
        1 => " 1 thing stands on it.".to_owned(),
        count => format!(" {count} things stand on it."),
    };
    match change.effect {
        Effect::Delete if change.is_deposed() => Some(Hit::new(
            Loss::Service,
            "It is the earlier object of an unfinished replacement, and what still uses it loses it.",
        )),
        Effect::Delete => Some(Hit::new(Loss::Service, format!("It is destroyed and stops serving.{users}"))),
        Effect::DeleteThenCreate => Some(Hit::new(
            Loss::Service,
            format!("It is destroyed before the new one is made: it stops in between.{users}"),
        )),
        Effect::CreateThenDelete => {
            let left = facts.address(change.left_standing?);
            Some(Hit::new(
                Loss::Service,
                format!("The new one is made first, but {left} uses it and is left as it is.{users}"),
            ))
        }
        _ => None,
    }
}
