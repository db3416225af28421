//! Rule 2.

use super::{Check, Hit, Loss, Rule, Verdict, stand, verb};
use crate::facts::{ChangeFacts, Facts};

pub(super) const RULE: Rule = Rule {
    number: 2,
    id: "foundation-destroyed",
    verdict: Verdict::Block,
    never_lowered: false,
    summary: "What others are built on goes from under them",
    check: "Who runs on it that is not shown here, and can all of that be down at once?",
    page: "\
## What it does
Finds networks, clusters, zones, accounts, directories, keys and other
foundations that are deleted or replaced while something stands on them.
Clusters, zones, namespaces, projects and their like carry what no plan lists,
so they always count as having dependents.

## Why
What is built on a foundation goes down with it, and much of it is not in the
plan.

## Example
```
-/+ resource \"aws_vpc\" \"main\" {
      ~ cidr_block = \"10.0.0.0/16\" -> \"10.1.0.0/16\" # forces replacement
```
Subnets, balancers and services stand on the network, in whatever module, and
whatever the plan does with them.

## What lowers it
Where everything that stands on it is deleted, not replaced, by the same plan
and none of that holds records, it is foundation-unused. What carries things
that no plan lists is never so excused. An ephemeral environment lowers it to
allow; where only names say so, to review.

## What to do instead
Revert what forces the replacement, or write a `moved` block. To retire a
foundation, move or remove what stands on it in a change of its own first.

In a stack, keep the logical id and the properties that force a replacement. To
retire a foundation, take out what stands on it in a change set of its own
first.
",
    checks: &[Check::Change(check)],
};

fn check(_: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    if !change.destroys() || !change.entry.is_foundation() || !change.has_dependents() || is_excused(change) {
        return None;
    }
    let what = verb(change);
    let reason = match change.reach.counted {
        0 if change.carries() => {
            format!("It is {what}. It carries things that no plan lists, and they go with it.")
        }
        0 => format!("It is {what}. Its template was not given, so nobody sees what stands on it."),
        count => format!("It is {what}, and {} on it.", stand(count)),
    };
    Some(Hit::new(Loss::Service, reason))
}

/// Everything on it is deleted by the same plan too, and none of that holds records.
pub(super) fn is_excused(change: &ChangeFacts<'_, '_>) -> bool {
    !change.counts_as_used() && !change.reach.stays && !change.reach.records
}
