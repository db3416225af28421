//! Rule 11.

use std::collections::HashSet;

use super::{Check, Hit, Loss, PlanHit, Rule, Verdict};
use crate::environment::{self, Says};
use crate::facts::{self, Environment, Facts, Sure};
use crate::plan::Mode;

pub(super) const RULE: Rule = Rule {
    number: 11,
    id: "vanished",
    verdict: Verdict::Review,
    never_lowered: false,
    summary: "Deleted outside of the tool, made again empty",
    check: "Who deleted it, and where are its contents?",
    page: "\
## What it does
Finds things that held records or were a foundation, were deleted outside of the
tool, and are made again by this plan.

## Why
The new one is empty. Making it hides that something was lost, and may take the
name that a restore needs.

## What lowers it
What the lost object said of its environment before it went: ephemeral lowers it
to allow.

## What to do instead
Find out who deleted it and whether it can be restored; then import what was
restored.
",
    checks: &[Check::Plan(check)],
};

fn check(facts: &Facts<'_, '_>, plan: usize) -> Vec<PlanHit> {
    let Some(given) = facts.plans.get(plan) else { return Vec::new() };
    let made: HashSet<&str> =
        given.changes.iter().filter(|c| c.action.creates()).map(|change| change.address.as_ref()).collect();
    given
        .drift
        .iter()
        .filter(|drift| drift.mode == Mode::Managed && drift.action.destroys() && made.contains(drift.address.as_ref()))
        .filter(|drift| {
            let entry = facts.entry_of(drift);
            entry.holds_records() || entry.is_foundation()
        })
        .map(|drift| {
            let signs = environment::signs(&drift.before);
            let said = [(Says::Production, Sure::Production), (Says::Ephemeral, Sure::Ephemeral)];
            let environment = said.into_iter().find_map(|(says, sure)| {
                let sign = signs.tag(says)?.clone();
                Some(Environment { sure, evidence: Some((drift.address.to_string(), sign)) })
            });
            PlanHit {
                hit: Hit::new(
                    Loss::Data,
                    format!(
                        "It was deleted outside of the tool, and this {} makes it again, empty.",
                        facts.called(plan)
                    ),
                ),
                address: drift.address.to_string(),
                kind: drift.kind.to_string(),
                names: Vec::new(),
                environment: environment.unwrap_or_else(|| facts::of_workspace(given)),
            }
        })
        .collect()
}
