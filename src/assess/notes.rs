//! Notes and gaps: what deserves a look, and what could not be seen. Neither changes a verdict.

use std::collections::HashSet;

use crate::catalog::{Standing, Trait};
use crate::facts::{ChangeFacts, Effect, Facts};
use crate::gate::Judged;
use crate::report::{Gap, Note};
use crate::rules::Verdict;

/// So many notes of one kind are listed one by one.
const FEW: usize = 5;

/// Everything that deserves a look all the same.
pub(super) fn notes(facts: &Facts<'_, '_>, judged: &[Judged]) -> Vec<Note> {
    let named: HashSet<usize> = judged.iter().filter_map(|one| one.main.change).collect();
    let quiet: Vec<&ChangeFacts<'_, '_>> = facts
        .changes
        .iter()
        .enumerate()
        .filter(|(place, _)| !named.contains(place))
        .map(|(_, change)| change)
        .collect();
    let mut notes = Vec::new();
    let mut list = |wanted: &dyn Fn(&ChangeFacts<'_, '_>) -> bool, text: &str| {
        let found: Vec<&&ChangeFacts<'_, '_>> = quiet.iter().filter(|change| wanted(change)).collect();
        notes.extend(
            found.iter().take(FEW).map(|c| Note { address: c.change.address.to_string(), text: text.to_owned() }),
        );
        if let Some(more) = found.len().checked_sub(FEW).filter(|more| *more > 0) {
            notes.push(Note { address: String::new(), text: format!("{more} more: {text}") });
        }
    };
    list(&|c| c.entry.is(&Trait::Alarm) && c.effect == Effect::Delete, "An alarm goes: nobody is told any more.");
    list(
        &|c| c.entry.is(&Trait::Job) && c.effect.destroys() && c.effect != Effect::Delete,
        "A one-off job runs again.",
    );
    list(
        &|c| {
            let support = c.entry.standing == Standing::Support && !c.entry.is(&Trait::Alarm);
            support && c.effect == Effect::DeleteThenCreate && c.reach.counted > 0
        },
        "It is away for a moment while others use it.",
    );
    let forgets = |c: &ChangeFacts<'_, '_>| c.effect == Effect::Forget;
    list(&|c| forgets(c) && !facts.is_stack(c.plan), "It leaves the state and goes on living.");
    list(&|c| forgets(c) && facts.is_stack(c.plan), "It leaves the stack and goes on living.");
    let open = |c: &ChangeFacts<'_, '_>| c.effect == Effect::MayReplace && c.entry.standing != Standing::Routine;
    list(&open, "It may be replaced: whether it is shows only when the change runs.");
    for (place, plan, whole) in
        facts.judged().filter_map(|(place, plan)| Some((place, plan, facts.of_plans.get(place)?)))
    {
        let partial = plan.header.complete == Some(false) && !plan.header.errored && plan.deferred.is_empty();
        let something = !plan.changes.is_empty() && !whole.destroy_plan;
        if something && (partial || plan.estate.without_row > 0) {
            let text = "The plan covers only a part of what is managed (-target?): another plan is needed.".to_owned();
            notes.push(Note { address: String::new(), text });
        }
        let made_anew = !whole.has_state && whole.precious_made >= crate::rules::ESTATE_MADE;
        if made_anew && whole.older_life.is_none() {
            let text = if facts.is_stack(place) {
                "The stack is new. If this environment exists already, it is in another stack."
            } else {
                "There is no prior state. If this environment exists already, the state is missing."
            };
            let text = text.to_owned();
            notes.push(Note { address: String::new(), text });
        }
    }
    notes.extend(both_steps(facts, judged));
    notes
}

/// A guard taken off in the same plan as a loss.
fn both_steps(facts: &Facts<'_, '_>, judged: &[Judged]) -> Option<Note> {
    let loss = judged.iter().any(|one| one.main.rule.verdict == Verdict::Block);
    let guard = facts.changes.iter().find(|c| c.is_precious() && (!c.loosened.is_empty() || c.relabelled.is_some()))?;
    let called = facts.called(guard.plan);
    loss.then(|| Note {
        address: guard.change.address.to_string(),
        text: format!("A guard or tag is taken off in the same {called} in which something is lost."),
    })
}

/// What could not be seen, where something is lost that it might concern.
pub(super) fn gaps(facts: &Facts<'_, '_>, judged: &[Judged]) -> Vec<Gap> {
    let of_sources = |plan: &crate::plan::Plan<'_>| {
        let input = plan.unit.clone();
        plan.declared.gaps.clone().into_iter().map(move |text| Gap { input: input.clone(), text })
    };
    let mut gaps: Vec<Gap> = facts.plans.iter().flat_map(of_sources).collect();
    for (place, plan) in facts.judged() {
        let open = judged.iter().any(|one| one.main.plan == place && one.verdict != Verdict::Allow);
        let goes = facts.of_one(place).iter().any(ChangeFacts::destroys);
        // Of a stack, what was not given may matter to whatever was found or goes.
        let matters = if facts.is_stack(place) { open || goes } else { open && goes };
        if !matters {
            continue;
        }
        let mut gap = |text: &str| gaps.push(Gap { input: plan.unit.clone(), text: text.to_owned() });
        if plan.estate.changes_only {
            gap("Only changes were given, not what exists: --template shows what else stands on what goes.");
        } else if plan.estate.users_unseen {
            gap("Who refers to whom was not given: --template shows what else stands on what goes.");
        }
        if plan.estate.values_unseen {
            gap("Values were not asked for (--include-property-values), so tags and guards are not seen.");
        }
        if !plan.configuration.present && plan.configuration.blocks.is_empty() {
            gap("The plan has no configuration, so dependents are known from the state and from identities alone.");
        } else if !plan.configuration.present {
            gap("The plan has no configuration: the sources stand in for it, and nothing says that they are the same.");
        }
        if !plan.estate.has_prior_state && !plan.estate.changes_only {
            gap("The plan has no prior state: what exists is known only as far as its changes show it.");
        }
        if plan.configuration.through_locals > 0 {
            gap("References through local values are not in the plan; the state and identities stand in for them.");
        }
    }
    gaps
}
