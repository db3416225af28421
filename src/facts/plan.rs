//! What a plan is as a whole.

use std::collections::HashSet;

use super::{Effect, Facts};
use crate::catalog::Standing;
use crate::environment::{self, Says};
use crate::plan::{Action, Mode, Plan, PlanMode, ResourceChange, Role};

/// A plan as a whole.
#[derive(Debug, Default)]
pub struct PlanFacts {
    /// It destroys everything that it manages, or was made to destroy.
    pub destroy_plan: bool,
    /// What exists is known, so that a share of it can be told.
    pub has_shares: bool,
    /// Objects of the prior state that are a foundation, a service or unknown.
    pub standing: usize,
    /// How many of them have a destroying change.
    pub standing_destroyed: usize,
    /// Services of the prior state.
    pub services: usize,
    /// How many of them are forgotten.
    pub services_forgotten: usize,
    /// Something exists before the change, imports aside.
    pub has_state: bool,
    /// Things that hold records or are a foundation and that the plan makes.
    pub precious_made: usize,
    /// What shows an older life though there is no state.
    pub older_life: Option<String>,
    /// What is managed here says ephemeral, and none says production; or none says anything, and the workspace says
    /// ephemeral: what says so.
    pub ephemeral: Option<String>,
}

impl PlanFacts {
    pub(super) fn of(facts: &Facts<'_, '_>, place: usize) -> Self {
        let Some(plan) = facts.plans.get(place).filter(|plan| plan.role == Role::Judged) else {
            return Self::default();
        };
        let has_shares = !plan.estate.changes_only;
        // Of a stack of which only changes are known, something else may well exist.
        let mut found =
            Self { destroy_plan: is_destroy_plan(plan), has_shares, has_state: !has_shares, ..Self::default() };
        found.count_changes(facts, place);
        found.count_estate(facts, place, plan);
        if let Some(moved) = plan.declared.moved.first() {
            let word = if moved.to.is_some() { "moved" } else { "removed" };
            let place = format!("{}:{}", moved.place.file, moved.place.line);
            found.older_life.get_or_insert_with(|| format!("a `{word}` block of {} stands in {place}", moved.from));
        }
        found
    }

    fn count_changes(&mut self, facts: &Facts<'_, '_>, place: usize) {
        for change in facts.of_one(place) {
            let service = change.entry.standing == Standing::Service;
            let stands = matches!(change.entry.standing, Standing::Foundation | Standing::Service | Standing::Unknown);
            let live = !change.is_deposed();
            self.standing_destroyed =
                self.standing_destroyed.saturating_add(usize::from(live && stands && change.destroys()));
            let forgotten = live && service && change.effect == Effect::Forget;
            self.services_forgotten = self.services_forgotten.saturating_add(usize::from(forgotten));
            let made = change.is_precious() && change.effect == Effect::Create && !change.change.importing;
            self.precious_made = self.precious_made.saturating_add(usize::from(made));
            if change.change.importing {
                self.older_life.get_or_insert_with(|| format!("{} is imported", change.change.address));
            }
            if let Some(from) = &change.change.previous_address {
                self.older_life.get_or_insert_with(|| format!("{} is moved from {from}", change.change.address));
            }
        }
    }

    fn count_estate(&mut self, facts: &Facts<'_, '_>, place: usize, plan: &Plan<'_>) {
        let imported: HashSet<&str> =
            plan.changes.iter().filter(|c| c.importing).map(|change| change.address.as_ref()).collect();
        let look_for_signs = plan.changes.iter().any(|change| change.importing);
        let (mut ephemeral, mut production) = (None, false);
        for (at, instance) in plan.estate.instances.iter().enumerate() {
            if instance.mode != Mode::Managed || instance.deposed.is_some() {
                continue;
            }
            let node = facts.graph.node(place, at);
            let standing = facts.entry(node).map(|entry| entry.standing);
            let stands = matches!(standing, Some(Standing::Foundation | Standing::Service | Standing::Unknown));
            // What may not be there makes no share smaller.
            let is_there = !is_perhaps(plan, at);
            self.standing = self.standing.saturating_add(usize::from(stands && is_there));
            let service = is_there && standing == Some(Standing::Service);
            self.services = self.services.saturating_add(usize::from(service));
            if imported.contains(instance.address.as_ref()) {
                continue;
            }
            self.has_state = true;
            if look_for_signs {
                let signs = facts.signs(node);
                production |= signs.tag(Says::Production).is_some();
                ephemeral = ephemeral.or(signs.tag(Says::Ephemeral).map(|_| node));
            }
        }
        let given = environment::of_given(&plan.estate.tags);
        production |= given.tag(Says::Production).is_some();
        let tagged = ephemeral.map(|node| facts.address(node));
        let tagged =
            tagged.or_else(|| given.tag(Says::Ephemeral).map(|sign| format!("the tag {} of the stack", sign.key)));
        let workspace = plan.header.workspace.as_deref();
        let workspace = workspace.filter(|name| environment::says(name) == Some(Says::Ephemeral));
        let said = tagged.or_else(|| workspace.map(|name| format!("the workspace {name}")));
        self.ephemeral = said.filter(|_| !production);
    }
}

/// The object at a place may not be there at all.
fn is_perhaps(plan: &Plan<'_>, place: usize) -> bool {
    plan.estate.perhaps.binary_search(&place).is_ok()
}

/// Every managed object of the prior state is deleted and nothing is made; or there are deletes, none has a reason, and
/// nothing else is planned: the tool gives a reason for every delete but those of a destroy plan (from format 1.0 on).
/// Or a saved plan says so.
fn is_destroy_plan(plan: &Plan<'_>) -> bool {
    if plan.header.mode == Some(PlanMode::Destroy) {
        return true;
    }
    let work: Vec<&ResourceChange<'_>> = plan
        .changes
        .iter()
        .filter(|c| c.mode == Mode::Managed && c.deposed.is_none())
        .filter(|c| !matches!(c.action, Action::NoOp | Action::Read))
        .collect();
    if work.is_empty() || work.iter().any(|c| c.action != Action::Delete) {
        return false;
    }
    let unexplained = plan.header.format() >= (1, 0) && work.iter().all(|change| change.reason.is_none());
    let deleted: HashSet<&str> = work.iter().map(|change| change.address.as_ref()).collect();
    let managed = |(at, i): &(usize, &crate::plan::Instance<'_>)| {
        i.mode == Mode::Managed && i.deposed.is_none() && !is_perhaps(plan, *at)
    };
    let instances = plan.estate.instances.iter().enumerate();
    let all = instances.filter(managed).all(|(_, i)| deleted.contains(i.address.as_ref()));
    unexplained || (all && plan.estate.has_prior_state)
}
