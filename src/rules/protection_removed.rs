//! Rule 8.

use std::collections::HashMap;

use super::{Check, Hit, Loss, PlanHit, Rule, Verdict, name_some};
use crate::facts::{self, ChangeFacts, Facts};
use crate::graph::NodeId;
use crate::plan::GuardOff;

pub(super) const RULE: Rule = Rule {
    number: 8,
    id: "protection-removed",
    verdict: Verdict::Review,
    never_lowered: false,
    summary: "A guard is taken off something precious",
    check: "Why does the guard go now, and what is to be deleted next?",
    page: "\
## What it does
Finds updates that take a guard off something that holds records or is a
foundation:

- deletion or termination protection off, purge protection off;
- `force_destroy`, `force_delete` or `skip_final_snapshot` on;
- backup retention to zero or below half, point-in-time recovery off;
- versioning suspended;
- a recovery, soft-delete or lock window made shorter;
- its environment tag set to an ephemeral word where it said nothing of the
  kind;
- `DeletionPolicy` or `UpdateReplacePolicy` loosened; a stack's termination
  protection off or its policy loosened, where both states were given.

A guard may be a resource of its own, such as a management lock, a bucket's
versioning or a backup plan. Its loosening or delete counts against what it
guards, unless that goes in the same plan. A guard that becomes null falls back
to the provider's default, and one that becomes unknown is off.

## Why
A deletion is often done in two such steps, and the first one looks harmless.

## Example
```
  ~ resource \"aws_db_instance\" \"orders\" {
      ~ deletion_protection = true -> false
```

## What lowers it
An ephemeral environment lowers it to allow: that of what is guarded, as it says
before the change.

## What to do instead
Leave the guard on. If the object shall go, let the person who agrees to that
see both steps.
",
    checks: &[Check::Change(check), Check::Plan(check_plan)],
};

fn check(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    if change.entry.guards_what().is_some() {
        return guard_of_others(facts, change);
    }
    if !change.is_precious() || !change.effect.updates() {
        return None;
    }
    if let Some(lost) = change.loosened.first() {
        return Some(Hit::new(
            Loss::Protection,
            format!("Its {} {}. {}", lost.attribute, lost.how, meaning(lost.kind)),
        ));
    }
    let tag = change.relabelled.as_ref()?;
    Some(Hit::new(
        Loss::Protection,
        format!("Its tag {tag} becomes an ephemeral word. Afterwards nothing tells that it must be kept."),
    ))
}

/// Guards that go from outside of what they guard: a stack's policy, its termination protection.
fn check_plan(facts: &Facts<'_, '_>, plan: usize) -> Vec<PlanHit> {
    let Some(given) = facts.plans.get(plan).filter(|given| !given.guards_off.is_empty()) else { return Vec::new() };
    let instances = given.estate.instances.iter().enumerate();
    let nodes: HashMap<&str, NodeId> = instances.map(|(at, i)| (&*i.address, facts.graph.node(plan, at))).collect();
    let environment = |address: &str| match nodes.get(address) {
        Some(node) => facts.environment_at(*node),
        None => facts::of_workspace(given),
    };
    let precious = given.guards_off.iter().filter(|guard| {
        let entry = facts.catalog().lookup(&guard.kind);
        entry.holds_records() || entry.is_foundation()
    });
    let hit = |guard: &GuardOff| PlanHit {
        hit: Hit::new(Loss::Protection, guard.what.clone()),
        address: guard.address.clone(),
        kind: guard.kind.clone(),
        names: Vec::new(),
        environment: environment(&guard.address),
    };
    precious.map(hit).collect()
}

/// A lock, a versioning configuration, a backup plan: the loss is that of what it guards.
fn guard_of_others(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    let lost = change.loosened.first()?;
    let kept = facts.kept_guarded(change, |entry| entry.holds_records() || entry.is_foundation());
    if kept.is_empty() && !change.guarded.is_empty() {
        return None;
    }
    let unseen = || format!("something that is not in this {}", facts.called(change.plan));
    let whom = if kept.is_empty() { unseen() } else { name_some(&kept, 3) };
    Some(Hit::new(Loss::Protection, format!("It guards {whom}: {} {}.", lost.attribute, lost.how)))
}

fn meaning(kind: crate::catalog::GuardKind) -> &'static str {
    use crate::catalog::GuardKind as Kind;
    match kind {
        Kind::Lock => "The next destroy goes through.",
        Kind::Copy => "The next destroy leaves no copy.",
        Kind::Keep => "The next removal or replacement may take it.",
        Kind::Empty => "The next destroy takes the contents along.",
        Kind::Backup => "There is less to go back to.",
        _ => "What is deleted is gone sooner, or at once.",
    }
}
