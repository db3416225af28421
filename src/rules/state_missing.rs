//! Rule 13.

use super::{Check, Hit, Loss, PlanHit, Rule, Verdict};
use crate::facts::{self, Facts};

/// From this many on, it is an environment that is made, not a first try.
pub(super) const MANY: usize = 5;

pub(super) const RULE: Rule = Rule {
    number: 13,
    id: "state-missing",
    verdict: Verdict::Review,
    never_lowered: false,
    summary: "All is made anew, though it has lived before",
    check: "Where is what exists managed, and is this the right place for it?",
    page: "\
## What it does
Finds plans without a prior state that make five or more things that hold
records or are foundations, although something shows an older life: an import or
a move.

## Why
With the state missing, the tool makes everything a second time, and the next
step, with the state found again, is to destroy what looks like too much.

## What lowers it
Without a sign of an older life it is a note: every environment is made once.

## What to do instead
Check the backend, the workspace and the directory before anything is applied.

In a stack, check the account, the region and the stack's name before anything
is executed.
",
    checks: &[Check::Plan(check)],
};

fn check(facts: &Facts<'_, '_>, plan: usize) -> Vec<PlanHit> {
    let Some(whole) = facts.of_plans.get(plan).filter(|whole| !whole.has_state && whole.precious_made >= MANY) else {
        return Vec::new();
    };
    let Some(sign) = &whole.older_life else { return Vec::new() };
    let made = whole.precious_made;
    let reason = if facts.is_stack(plan) {
        format!(
            "The stack is new, {made} things that hold records or carry others are made, and yet {sign}: what exists may be in another stack."
        )
    } else {
        format!(
            "There is no prior state, {made} things that hold records or carry others are made, and yet {sign}: the state may be missing."
        )
    };
    vec![PlanHit {
        hit: Hit::new(Loss::Control, reason),
        address: String::new(),
        kind: String::new(),
        names: Vec::new(),
        environment: facts.plans.get(plan).map(facts::of_workspace).unwrap_or_default(),
    }]
}
