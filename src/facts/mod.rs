//! What there is to know of each change, computed once. Rules are predicates over it; remedies and outputs read it too.
//!
//! The order matters for speed: first everything that a change tells by itself, then, for the changes that turned out to
//! matter, what the graph tells: who stands on it, and in which environment it all is.

mod cause;
mod effect;
mod expiry;
mod guards;
mod origin;
mod place;
mod plan;
mod renames;
mod stripped;
mod surroundings;
mod written;

pub use cause::{Cause, Origin};
pub use effect::Effect;
pub use guards::{Loosened, Switched};
use origin::without_last_key;
pub use place::{Environment, Sure, of_workspace};
pub use plan::PlanFacts;
pub use renames::Renames;
pub use surroundings::Dependent;
pub use written::{GuardGone, WrittenAt};

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::{Catalog, Entry, Trait};
use crate::environment;
use crate::graph::{Graph, NodeId, Reach};
use crate::plan::{Action, Attributes, Document, Mode, Plan, ResourceChange, Role, Value, given_to};

/// Everything that the rules read.
#[derive(Debug)]
pub struct Facts<'p, 'a> {
    /// The plans, in the order given.
    pub plans: &'p [Plan<'a>],
    /// Who stands on whom.
    pub graph: Graph,
    /// What each plan is as a whole.
    pub of_plans: Vec<PlanFacts>,
    /// One for each managed change that does anything, in the order of the plans.
    pub changes: Vec<ChangeFacts<'p, 'a>>,
    /// What is deleted at one address and made again at another.
    pub renames: Renames,
    kinds: Kinds,
    /// The values before the change, where a row gives them beside the state's.
    befores: HashMap<NodeId, Attributes<'a>>,
    /// The objects that are destroyed.
    destroyed: HashSet<NodeId>,
}

/// What is known of one change.
#[derive(Debug)]
pub struct ChangeFacts<'p, 'a> {
    /// The plan's place.
    pub plan: usize,
    /// The change itself.
    pub change: &'p ResourceChange<'a>,
    /// The object that exists, where one does.
    pub node: Option<NodeId>,
    /// What the catalogue says of the type; of what is inside, where the type only wraps.
    pub entry: Arc<Entry>,
    /// What really happens to the old object.
    pub effect: Effect,
    /// The setting that leaves the old object running though the plan says delete.
    pub kept_by: Option<String>,
    /// The setting that gives back what is lost.
    pub way_back: Option<String>,
    /// Settings that would refuse the delete, and backups: worth a note.
    pub hedges: Vec<String>,
    /// Guards that the change takes off.
    pub loosened: Vec<Loosened>,
    /// Attributes that make contents expire.
    pub expiring: Vec<Switched>,
    /// Attributes that stop it.
    pub stopped: Vec<Switched>,
    /// The environment tag that becomes an ephemeral word.
    pub relabelled: Option<String>,
    /// Collections that are left empty.
    pub stripped: Vec<String>,
    /// The objects that this one guards, or whose contents it makes expire.
    pub guarded: Vec<NodeId>,
    /// That object is named by a value that nothing here has or makes: it lives elsewhere.
    pub names_elsewhere: bool,
    /// Who stands on it.
    pub reach: Reach,
    /// Where it is replaced: a direct dependent that is not routine and that the plan leaves as it is.
    pub left_standing: Option<NodeId>,
    /// Where it is.
    pub environment: Environment,
    /// Where it says that it is, itself or by the foundations that it stands on, whatever stands on it.
    pub environment_itself: Environment,
    /// The live object of a deposed one is made by this plan too.
    pub live_is_made: bool,
    /// What stands on it is known only as far as it changes too.
    pub users_unseen: bool,
    /// What the change goes back to.
    pub cause: Cause,
}

impl ChangeFacts<'_, '_> {
    /// A destroying change: delete, or replace in either order, that leaves nothing running.
    #[must_use]
    pub fn destroys(&self) -> bool {
        self.effect.destroys()
    }

    /// It is a deposed object: the earlier one of an unfinished replacement.
    #[must_use]
    pub fn is_deposed(&self) -> bool {
        self.change.deposed.is_some()
    }

    /// It carries what no plan lists, so it counts as having dependents.
    #[must_use]
    pub fn carries(&self) -> bool {
        self.entry.is(&Trait::Carries)
    }

    /// It counts as having dependents whatever is known of it: what it carries no plan lists, or nobody gave what there is.
    #[must_use]
    pub fn counts_as_used(&self) -> bool {
        self.carries() || (self.users_unseen && self.entry.is_foundation())
    }

    /// Others stand on it in a way that matters to rules 2 and 4: counted dependents, or what no plan lists.
    #[must_use]
    pub fn has_dependents(&self) -> bool {
        !self.is_deposed() && (self.reach.counted > 0 || self.counts_as_used())
    }

    /// It holds records or is a foundation: what rules 8, 9, 11 and 13 protect.
    #[must_use]
    pub fn is_precious(&self) -> bool {
        self.entry.holds_records() || self.entry.is_foundation()
    }
}

/// The catalogue's answers for every type that occurs.
#[derive(Debug, Default)]
struct Kinds {
    catalog: Catalog,
    entries: HashMap<String, Arc<Entry>>,
    of_nodes: Vec<Arc<Entry>>,
}

impl Kinds {
    fn of(plans: &[Plan<'_>], catalog: &Catalog) -> Self {
        let mut kinds = Self { catalog: catalog.clone(), ..Self::default() };
        for instance in plans.iter().flat_map(|plan| &plan.estate.instances) {
            let entry = kinds.look_up(&instance.kind, &instance.values);
            kinds.of_nodes.push(entry);
        }
        for change in plans.iter().flat_map(|plan| &plan.changes) {
            kinds.remember(&change.kind);
        }
        kinds
    }

    fn remember(&mut self, kind: &str) -> Arc<Entry> {
        if let Some(known) = self.entries.get(kind) {
            return Arc::clone(known);
        }
        let entry = Arc::new(self.catalog.lookup(kind));
        self.entries.insert(kind.to_owned(), Arc::clone(&entry));
        entry
    }

    /// The entry of an object's type; of what is inside, where the type only wraps.
    fn look_up(&mut self, kind: &str, values: &Attributes<'_>) -> Arc<Entry> {
        let entry = self.remember(kind);
        self.catalog.inside(kind, &entry, values).map_or(entry, Arc::new)
    }

    /// The same for a change's object.
    fn of_change(&self, change: &ResourceChange<'_>) -> Arc<Entry> {
        let values = if change.before.is_null() { &change.after } else { &change.before };
        let known = self.entries.get(&*change.kind).map(Arc::clone);
        let entry = known.unwrap_or_else(|| Arc::new(self.catalog.lookup(&change.kind)));
        self.catalog.inside(&change.kind, &entry, values).map_or(entry, Arc::new)
    }

    fn entry(&self, node: NodeId) -> Option<&Entry> {
        self.of_nodes.get(node.place()).map(AsRef::as_ref)
    }
}

impl<'p, 'a> Facts<'p, 'a> {
    /// Gathers all facts. Takes time in proportion to what changes, and to what stands on it.
    #[must_use]
    pub fn gather(plans: &'p [Plan<'a>]) -> Self {
        Self::gather_with(plans, &Catalog::default())
    }

    /// The same by a catalogue that has a user's own rows.
    #[must_use]
    pub fn gather_with(plans: &'p [Plan<'a>], catalog: &Catalog) -> Self {
        let graph = Graph::build(plans);
        let kinds = Kinds::of(plans, catalog);
        let mut facts = Self {
            plans,
            graph,
            of_plans: Vec::new(),
            changes: Vec::new(),
            renames: Renames::default(),
            kinds,
            befores: HashMap::new(),
            destroyed: HashSet::new(),
        };
        let rows = surroundings::Rows::of(&facts);
        let names = surroundings::Names::default();
        facts.changes = facts.judged().flat_map(|(plan, _)| facts.of_plan(plan, &rows, &names)).collect();
        facts.befores = facts.changes.iter().filter_map(|c| Some((c.node?, c.change.before.clone()))).collect();
        facts.destroyed = facts.changes.iter().filter(|c| c.destroys()).filter_map(|c| c.node).collect();
        facts.of_plans = (0..plans.len()).map(|plan| PlanFacts::of(&facts, plan)).collect();
        surroundings::look_around(&mut facts, &rows);
        facts.renames = Renames::of(&facts);
        cause::trace(&mut facts);
        facts
    }

    /// The catalogue that says what each type is worth.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.kinds.catalog
    }

    /// The plans that are judged; the others only tell what exists elsewhere.
    pub fn judged(&self) -> impl Iterator<Item = (usize, &'p Plan<'a>)> + use<'p, 'a> {
        self.plans.iter().enumerate().filter(|(_, plan)| plan.role == Role::Judged)
    }

    /// The changes of one plan: they stand in the order of the plans.
    #[must_use]
    pub fn of_one(&self, plan: usize) -> &[ChangeFacts<'p, 'a>] {
        let first = self.changes.partition_point(|change| change.plan < plan);
        let rest = self.changes.get(first..).unwrap_or_default();
        rest.get(..rest.partition_point(|change| change.plan == plan)).unwrap_or_default()
    }

    /// What a plan's changes tell by themselves.
    fn of_plan(
        &self,
        plan: usize,
        rows: &surroundings::Rows<'_>,
        names: &surroundings::Names,
    ) -> Vec<ChangeFacts<'p, 'a>> {
        let Some(given) = self.plans.get(plan) else { return Vec::new() };
        let remade = stripped::Remade::of(given);
        given
            .changes
            .iter()
            .filter(|change| change.mode == Mode::Managed)
            .filter(|change| !matches!(change.action, Action::NoOp | Action::Read) || change.importing)
            .map(|change| self.of_change(plan, change, rows, &remade, names))
            .collect()
    }

    fn of_change(
        &self,
        plan: usize,
        change: &'p ResourceChange<'a>,
        rows: &surroundings::Rows<'_>,
        remade: &stripped::Remade<'_>,
        names: &surroundings::Names,
    ) -> ChangeFacts<'p, 'a> {
        let entry = self.kinds.of_change(change);
        let (before, after) = (change.before.view(), change.after.view());
        let (was, is) = (entry.values(&before), entry.values(&after));
        let kept_by = guards::kept_by(&entry, &was).filter(|_| change.action.destroys());
        let kept_by = change.disposal.as_ref().and_then(|disposal| disposal.kept_by.clone()).or(kept_by);
        let effect = Effect::of(change, kept_by.is_some());
        let updates = effect.updates();
        let node = rows.node(plan, &change.address, change.deposed.as_deref());
        let guard_of = entry
            .guards_what()
            .or_else(|| entry.expires_what())
            .filter(|_| effect.ends_guard() || updates || effect == Effect::Create);
        // What does not exist has no tags and stands on nothing that is known; what exists is looked at later.
        let elsewhere = self.plans.get(plan).filter(|_| node.is_none()).map(of_workspace).unwrap_or_default();
        let mut loosened = guards::loosened(&entry, effect, &was, &is);
        if updates {
            loosened.extend(guards::loosened_policies(&entry, change, &before));
        }
        let concerned = guard_of.map(|path| surroundings::named(self, names, plan, change, path)).unwrap_or_default();
        ChangeFacts {
            plan,
            change,
            node,
            way_back: guards::copied_by(&entry, change, &before).or_else(|| guards::way_back(&entry, &was)),
            hedges: guards::hedges(&entry, change, &was),
            loosened,
            expiring: guards::expiring(&entry, effect, &was, &is),
            stopped: if updates { guards::stopped(&entry, &was, &is) } else { Vec::new() },
            relabelled: if updates { self.relabelled(plan, change, &before, &after) } else { None },
            stripped: if updates { stripped::find(change, &before, &after, remade) } else { Vec::new() },
            names_elsewhere: concerned.elsewhere,
            guarded: concerned.nodes,
            reach: Reach::default(),
            left_standing: None,
            environment: elsewhere.clone(),
            environment_itself: elsewhere,
            live_is_made: change.deposed.is_some() && rows.is_made(plan, &change.address),
            cause: Cause::default(),
            kept_by,
            users_unseen: self.plans.get(plan).is_some_and(|plan| plan.estate.users_unseen),
            effect,
            entry: Arc::clone(&entry),
        }
    }

    /// The environment tag that becomes an ephemeral word: the object's own, or one that its tool puts on it.
    fn relabelled(
        &self,
        plan: usize,
        change: &ResourceChange<'_>,
        before: &Value<'_>,
        after: &Value<'_>,
    ) -> Option<String> {
        let (was, is) = (environment::of(before), environment::of(after));
        let plan = self.plans.get(plan).filter(|plan| !plan.tags_after.is_empty() || !plan.estate.tags.is_empty());
        let Some(plan) = plan else { return guards::relabelled(&was, &is) };
        let (now, then) = (given_to(&plan.estate.tags, &change.address), given_to(&plan.tags_after, &change.address));
        let was = environment::with_given(was, &change.before, now.into_iter());
        guards::relabelled(&was, &environment::with_given(is, &change.after, then.into_iter()))
    }

    /// A plan is a change set of a stack.
    #[must_use]
    pub fn is_stack(&self, plan: usize) -> bool {
        self.plans.get(plan).is_some_and(|plan| plan.header.document == Document::ChangeSet)
    }

    /// What people call what was planned: a plan, or a change set.
    #[must_use]
    pub fn called(&self, plan: usize) -> &'static str {
        if self.is_stack(plan) { "change set" } else { "plan" }
    }

    /// What keeps the objects of a plan, in a word: its state, or its stack.
    #[must_use]
    pub fn keeper(&self, plan: usize) -> &'static str {
        if self.is_stack(plan) { "stack" } else { "state" }
    }

    /// What the catalogue says of the object that a row is about.
    #[must_use]
    pub fn entry_of(&self, change: &ResourceChange<'_>) -> Arc<Entry> {
        self.kinds.of_change(change)
    }

    /// The addresses of what a change guards, or makes expire, as far as it is wanted and not destroyed itself.
    #[must_use]
    pub fn kept_guarded(&self, change: &ChangeFacts<'_, '_>, wanted: impl Fn(&Entry) -> bool) -> Vec<String> {
        let kept = change.guarded.iter().filter(|node| !self.destroyed.contains(node));
        kept.filter(|node| self.entry(**node).is_some_and(&wanted)).map(|node| self.address(*node)).collect()
    }

    /// What the catalogue says of a node's object.
    #[must_use]
    pub fn entry(&self, node: NodeId) -> Option<&Entry> {
        self.kinds.entry(node)
    }

    /// The name of the input that a node's object is in.
    #[must_use]
    pub fn unit(&self, node: NodeId) -> String {
        let plan = self.graph.object(node).and_then(|(plan, _)| self.plans.get(plan));
        plan.map(|plan| plan.unit.clone()).unwrap_or_default()
    }

    /// The address of a node's object, with its unit where that is not the one plan that is judged.
    #[must_use]
    pub fn address(&self, node: NodeId) -> String {
        let Some((plan, _)) = self.graph.object(node) else { return String::new() };
        let address = self.graph.instance(self.plans, node).map(|i| i.address.to_string()).unwrap_or_default();
        match self.plans.get(plan) {
            Some(given) if given.role == Role::Context || self.judged().nth(1).is_some() => {
                format!("{}: {address}", given.unit)
            }
            _ => address,
        }
    }
}
