//! Rule 15.

use super::{Check, Hit, Loss, Rule, Verdict};
use crate::catalog::{Standing, Trait};
use crate::facts::{ChangeFacts, Facts};

pub(super) const RULE: Rule = Rule {
    number: 15,
    id: "stopped",
    verdict: Verdict::Review,
    never_lowered: false,
    summary: "Capacity goes to zero, or it is switched off",
    check: "What stops with it, and when does it start again?",
    page: "\
## What it does
Finds updates in place that take the capacity of a service or foundation to
zero, or switch it off.

## Why
Nothing is destroyed, and still nothing answers afterwards.

## Example
```
  ~ resource \"aws_ecs_service\" \"checkout\" {
      ~ desired_count = 4 -> 0
```

## What lowers it
An ephemeral environment lowers it to allow.

## What to do instead
Say in the change that it is meant, and who was told.
",
    checks: &[Check::Change(check)],
};

fn check(_: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    let stands = matches!(change.entry.standing, Standing::Service | Standing::Foundation);
    let first = change.stopped.first().filter(|_| stands && !change.entry.is(&Trait::Key))?;
    Some(Hit::new(Loss::Service, format!("An update in place stops it: its {} {}.", first.attribute, first.how)))
}
