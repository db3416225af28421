//! Rule 12.

use super::{Check, Hit, Loss, Rule, Verdict, name_some};
use crate::catalog::Standing;
use crate::facts::{ChangeFacts, Facts};

pub(super) const RULE: Rule = Rule {
    number: 12,
    id: "stripped",
    verdict: Verdict::Review,
    never_lowered: false,
    summary: "An update empties what had entries",
    check: "Were these entries meant to go, or are they written elsewhere?",
    page: "\
## What it does
Finds updates that leave a list, set, map or nested block empty that had
entries: environment variables, alerts, rules, listeners. Tags, labels,
annotations, timeouts, triggers and keepers do not count, nor what the same plan
makes again as resources of their own, nor objects that are routine.

## Why
An import with an incomplete configuration deletes and replaces nothing, and
still takes a service's settings away.

## Example
```
  ~ resource \"aws_lambda_function\" \"checkout\" {
      - environment {
          - variables = { \"QUEUE\" = \"orders\" } -> null
```

## What lowers it
An ephemeral environment lowers it to allow. What is not known to be empty is
not found.

## What to do instead
Write the entries into the configuration, or put the attribute under
`ignore_changes`.

In a stack, write the entries into the template.
",
    checks: &[Check::Change(check)],
};

fn check(_: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    if change.stripped.is_empty() || change.entry.standing == Standing::Routine {
        return None;
    }
    let what = name_some(&change.stripped, 3);
    let import = if change.change.importing { ", together with its import" } else { "" };
    Some(Hit::new(Loss::Service, format!("An update in place leaves {what} empty{import}.")))
}
