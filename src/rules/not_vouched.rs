//! Rule 10.

use std::collections::BTreeMap;

use super::{Check, Hit, Loss, PlanHit, Rule, Verdict, name_some};
use crate::catalog::{Standing, Trait};
use crate::command;
use crate::facts::{ChangeFacts, Effect, Environment, Facts};
use crate::plan::{Action, Inside, Provisioner};

pub(super) const RULE: Rule = Rule {
    number: 10,
    id: "not-vouched",
    verdict: Verdict::Review,
    never_lowered: true,
    summary: "Nobody can say what this does",
    check: "What will it really do: who can tell from the code or the contents?",
    page: "\
## What it does
Finds what nobody can vouch for:

- a plan that stopped at an error or puts changes off;
- an action that is empty or no known word;
- a replacement that only the apply decides, of something that holds records or
  is a foundation, and a nested stack whose own change set was not given;
- the loss of a type that the catalogue does not know, or that hides its
  contents;
- actions that the plan invokes and does not describe;
- provisioners of what is made, replaced or deleted whose command is no literal,
  runs a file, or joins a word of destruction (delete, destroy, rm, drop and
  their like) to a cloud's, cluster's or database's client.

## Why
A gate that lets pass what it does not understand is none.

## What lowers it
Nothing does: no environment, waiver or baseline.

## What to do instead
Make a complete plan. Add the type to the catalogue. Take the program out of the
plan, or let somebody read it.

In a stack, make the change set with `--include-nested-stacks` and give those of
the nested stacks too. Let somebody agree who knows what is hidden.
",
    checks: &[Check::Change(check), Check::Plan(check_plan)],
};

fn check(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    if change.change.action == Action::Unknown {
        let called = facts.called(change.plan);
        return Some(Hit::new(
            Loss::Unseen,
            format!("The {called} gives no action for it that is known, so it may be any."),
        ));
    }
    if change.change.inside == Inside::Unseen {
        return Some(Hit::new(
            Loss::Unseen,
            "What happens inside of it is in a change set of its own, which was not given.",
        ));
    }
    if change.effect == Effect::MayReplace && (change.is_precious() || change.entry.standing == Standing::Unknown) {
        return Some(Hit::new(
            Loss::Unseen,
            "It may be replaced: whether it is, and what is lost then, shows only when the change runs.",
        ));
    }
    if change.destroys() && change.entry.standing == Standing::Unknown {
        return Some(Hit::new(
            Loss::Unseen,
            format!(
                "The catalogue does not know the type {}, so nobody can say what is lost with it.",
                change.change.kind
            ),
        ));
    }
    if change.destroys() && change.entry.is(&Trait::Opaque) && change.change.inside != Inside::Shown {
        let called = facts.called(change.plan);
        return Some(Hit::new(Loss::Unseen, format!("It goes with contents that the {called} does not show.")));
    }
    provisioner(facts, change)
}

/// A program that runs when the object is made, replaced or deleted.
fn provisioner(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    if !(change.change.action.creates() || change.change.action.destroys()) || change.is_deposed() {
        return None;
    }
    let block = facts.plans.get(change.plan)?.configuration.block(&change.change.block)?;
    let reason = block.provisioners.iter().find_map(objection)?;
    Some(Hit::new(Loss::Unseen, reason))
}

fn objection(provisioner: &Provisioner) -> Option<String> {
    let kind = match provisioner.kind.as_str() {
        "file" => return None,
        kind @ ("local-exec" | "remote-exec") => kind,
        _ => return Some("Its provisioner runs a program that the plan does not show.".to_owned()),
    };
    if provisioner.runs_file {
        return Some(format!("Its {kind} provisioner runs a file that the plan does not show."));
    }
    let Some(commands) = &provisioner.commands else {
        return Some(format!("Its {kind} provisioner runs a command that is put together only at apply."));
    };
    match command::objection(&commands.join("\n"), &provisioner.interpreter)? {
        command::Objection::RunsFile => {
            Some(format!("Its {kind} provisioner runs a file that the plan does not show."))
        }
        command::Objection::Destroys(client) => {
            Some(format!("Its {kind} provisioner runs {client} to destroy something outside of the plan."))
        }
        command::Objection::Unreadable => Some(format!("Its {kind} provisioner runs a command that cannot be read.")),
    }
}

fn check_plan(facts: &Facts<'_, '_>, plan: usize) -> Vec<PlanHit> {
    let Some(given) = facts.plans.get(plan) else { return Vec::new() };
    let mut found = Vec::new();
    let mut hit = |address: &str, names: Vec<String>, reason: String| {
        found.push(PlanHit {
            hit: Hit::new(Loss::Unseen, reason),
            address: address.to_owned(),
            kind: String::new(),
            names,
            environment: Environment::default(),
        });
    };
    if given.header.errored {
        hit(
            "",
            Vec::new(),
            "The plan stopped at an error: it cannot be applied, and it does not show everything.".to_owned(),
        );
    }
    let mut deferred: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for change in &given.deferred {
        deferred.entry(&change.reason).or_default().push(change.address.clone());
    }
    for (reason, names) in deferred {
        let why = if reason.is_empty() { "for no reason given".to_owned() } else { format!("for the reason {reason}") };
        let sentence = format!("Changes are put off {why} and are not in this plan: {}.", name_some(&names, 3));
        hit("", names, sentence);
    }
    for invocation in &given.invocations {
        let trigger = invocation.trigger.as_ref().map(|t| format!(", triggered by {t}")).unwrap_or_default();
        hit(
            &invocation.address,
            Vec::new(),
            format!("The plan invokes this action{trigger}. It does not describe what the action does."),
        );
    }
    found
}
