//! Rule 5.

use super::{Check, Hit, Loss, Rule, Verdict, verb};
use crate::catalog::Holds;
use crate::facts::{ChangeFacts, Facts};

pub(super) const RULE: Rule = Rule {
    number: 5,
    id: "recoverable-loss",
    verdict: Verdict::Review,
    never_lowered: false,
    summary: "What is lost can be made good, with work",
    check: "Will what brings it back really be there afterwards, and who restores from it?",
    page: "\
## What it does
Finds losses that can be made good: records with a way back (a named final
snapshot, soft delete, a recovery window), queues and logs whose contents pass,
and the leftover of an unfinished replacement, called deposed, that held
records.

## Why
A way back costs hours and nerves, and somebody has to know that it will be
needed.

## Example
```
  - resource \"aws_db_instance\" \"orders\" {
      - skip_final_snapshot       = false -> null
      - final_snapshot_identifier = \"orders-final\" -> null
```

## What lowers it
An ephemeral environment lowers it to allow. It is data-loss instead where the
live object of a leftover is made anew by the same plan, since then no copy is
left.

## What to do instead
Check that the way back really covers what is in there now, and say who will use
it. Drain queues first. Before a leftover goes, check that its records were
moved over.
",
    checks: &[Check::Change(check)],
};

fn check(_: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    if !change.destroys() {
        return None;
    }
    if change.entry.holds_records() && change.is_deposed() {
        return (!change.live_is_made).then(|| {
            Hit::new(Loss::Data, "It is the earlier object of an unfinished replacement. If its records were not moved over, they go with it.")
        });
    }
    if change.entry.holds_records() {
        let way_back = change.way_back.as_ref()?;
        return Some(Hit::new(
            Loss::Data,
            format!("It is {}, and the records in it go; {way_back} gives them back, with work.", verb(change)),
        ));
    }
    (change.entry.holds == Holds::Transient).then(|| {
        Hit::new(
            Loss::Contents,
            format!("It is {}, and what is in it at that moment (messages, logs) is lost.", verb(change)),
        )
    })
}
