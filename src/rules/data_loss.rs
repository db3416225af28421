//! Rule 1.

use super::{Check, Hit, Loss, Rule, Verdict, verb};
use crate::facts::{ChangeFacts, Facts};

pub(super) const RULE: Rule = Rule {
    number: 1,
    id: "data-loss",
    verdict: Verdict::Block,
    never_lowered: false,
    page: "\
## What it does
Finds objects that hold records (databases, buckets, volumes, user directories, secrets, and containers that take their
contents along) and that are deleted or replaced, in either order, without a way back.

## Why
Create-before-destroy makes a new, empty object. The records go with the old one, and no code brings them back.

## What to do instead
Keep the object: revert the attribute that forces the replacement, or write a `moved` block for a rename. If it shall
really go, make a way back first and apply that alone: a final snapshot, soft delete, a recovery window.
",
    checks: &[Check::Change(check)],
};

fn check(_: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    if !change.destroys() || !change.entry.holds_records() {
        return None;
    }
    if change.is_deposed() {
        return change.live_is_made.then(|| {
            Hit::new(Loss::Data, "It is the earlier object of an unfinished replacement, and the live one is made anew in this plan: no copy of its records is left.")
        });
    }
    if change.way_back.is_some() {
        return None;
    }
    Some(Hit::new(
        Loss::Data,
        format!("It is {}, and the records in it are lost: nothing in its settings gives them back.", verb(change)),
    ))
}
