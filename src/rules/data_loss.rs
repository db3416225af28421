//! Rule 1.

use super::{Check, Hit, Loss, Rule, Verdict, verb};
use crate::facts::{ChangeFacts, Facts};

pub(super) const RULE: Rule = Rule {
    number: 1,
    id: "data-loss",
    verdict: Verdict::Block,
    never_lowered: false,
    summary: "Records are lost, and nothing brings them back",
    check: "Is there a copy elsewhere, and has anybody read it back?",
    page: "\
## What it does
Finds objects that hold records (databases, tables, buckets, volumes, user
directories, secrets, and containers that take their contents along, such as
namespaces and resource groups) and that are deleted or replaced, in either
order, without a way back.

## Why
Create-before-destroy makes a new, empty object. The records go with the old
one, and no code brings them back.

## Example
```
-/+ resource \"aws_dynamodb_table\" \"orders\" {
      ~ hash_key = \"id\" -> \"order_id\" # forces replacement
```

## What lowers it
A way back that the plan shows before the change makes it recoverable-loss: a
final snapshot that is named and not skipped, soft delete or a recovery window
above zero. A default that the state writes down counts, an absent attribute
does not. In a stack it is the policy Snapshot: that of PolicyAction; else, for
a removal, DeletionPolicy of the deployed template or its default by type, and
for a replacement UpdateReplacePolicy, whose default is Delete. Backups and
deletion protection are noted and lower nothing.

A setting that keeps the object running, such as `skip_destroy` or the policy
Retain, makes it forgotten. An ephemeral environment lowers it to allow; where
only names say so, to review.

## What to do instead
Keep the object: revert the attribute that forces the replacement, or write a
`moved` block for a rename. If it shall really go, make a way back first and
apply that alone: a final snapshot, soft delete, a recovery window.

In a stack, keep the logical id and the properties that force a replacement. To
keep the object outside of it, say Retain: as DeletionPolicy of the deployed
template for a removal, as UpdateReplacePolicy of the new one for a replacement.
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
        format!("It is {}, and the records in it are lost: its settings keep no copy of them.", verb(change)),
    ))
}
