//! What the graph tells of a change: who stands on it, and what says which environment it is in.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::{ChangeFacts, Effect, Environment, Facts, place};
use crate::catalog::{Clause, Entry, Standing};
use crate::environment::{self, Signs};
use crate::graph::{Above, Evidence, Mark, NodeId, Reach};
use crate::plan::{Action, Attributes, BlockKind, Mode, Plan, ResourceChange, Value, given_to};

/// One of the nearest dependents of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependent {
    /// The object.
    pub node: NodeId,
    /// How many steps away it is.
    pub steps: u32,
    /// How the last step is known.
    pub evidence: Evidence,
}

/// Which object each row is about, and what the rows do to each object.
pub(super) struct Rows<'p> {
    nodes: HashMap<(usize, &'p str, Option<&'p str>), NodeId>,
    made: HashSet<(usize, &'p str)>,
    touched: HashSet<NodeId>,
}

impl<'p> Rows<'p> {
    pub(super) fn of<'a: 'p>(facts: &Facts<'p, 'a>) -> Self {
        let mut rows = Self { nodes: HashMap::new(), made: HashSet::new(), touched: HashSet::new() };
        let plans: &'p [Plan<'a>] = facts.plans;
        for (plan, given) in plans.iter().enumerate() {
            for (at, instance) in given.estate.instances.iter().enumerate() {
                let key = (plan, &*instance.address, instance.deposed.as_deref());
                rows.nodes.insert(key, facts.graph.node(plan, at));
            }
            for change in given.changes.iter().filter(|c| !matches!(c.action, Action::NoOp | Action::Read)) {
                rows.note(plan, change);
            }
        }
        rows
    }

    fn note(&mut self, plan: usize, change: &'p ResourceChange<'_>) {
        if change.action.creates() {
            self.made.insert((plan, &*change.address));
        }
        if let Some(node) = self.node(plan, &change.address, change.deposed.as_deref()) {
            self.touched.insert(node);
        }
    }

    /// The object that a row is about.
    pub(super) fn node(&self, plan: usize, address: &str, deposed: Option<&str>) -> Option<NodeId> {
        self.nodes.get(&(plan, address, deposed)).copied()
    }

    /// The plan makes an object at this address.
    pub(super) fn is_made(&self, plan: usize, address: &str) -> bool {
        self.made.contains(&(plan, address))
    }
}

/// Asks the graph about every change that may become a finding.
pub(super) fn look_around(facts: &mut Facts<'_, '_>, rows: &Rows<'_>) {
    let anchors: Vec<Vec<NodeId>> = facts.changes.iter().map(|change| anchors(change, rows)).collect();
    let sources: Vec<NodeId> = anchors.iter().flatten().copied().collect::<HashSet<_>>().into_iter().collect();
    if sources.is_empty() {
        return;
    }
    let order = facts.graph.order();
    let near = order.around(&sources);
    let deleted: HashSet<NodeId> =
        facts.changes.iter().filter(|c| c.effect == Effect::Delete).filter_map(|c| c.node).collect();
    let mark = |(at, near): (usize, &bool)| mark(facts, rows, &deleted, at, *near);
    let marks: Vec<Mark> = near.iter().enumerate().map(mark).collect();
    let mut sorted = sources;
    sorted.sort_unstable();
    let mut reach: BTreeMap<NodeId, Reach> = sorted.iter().copied().zip(order.reach(&sorted, &marks)).collect();
    let mut above = order.above(&marks);
    if let Some(plain) = facts.graph.without_sources() {
        let order = plain.order();
        let known = order.reach(&sorted, &marks);
        let known_above = order.above(&marks);
        let known_reach = reach.values_mut().zip(&known).map(|(all, known)| (&mut all.signs, &known.signs));
        known_reach.chain(above.iter_mut().zip(&known_above)).for_each(|(all, known)| place::never_lower(all, known));
    }
    let found: Vec<_> = facts
        .changes
        .iter()
        .zip(&anchors)
        .map(|(change, anchors)| around_one(facts, rows, (change, anchors), &marks, &reach, &above))
        .collect();
    for (change, around) in facts.changes.iter_mut().zip(found) {
        change.reach = around.reach;
        change.left_standing = around.left_standing;
        change.environment = around.environment;
        change.environment_itself = around.environment_itself;
    }
}

/// The objects whose surroundings a change is judged by: its own, the live one for a deposed object, what a guard guards.
fn anchors(change: &ChangeFacts<'_, '_>, rows: &Rows<'_>) -> Vec<NodeId> {
    let quiet = matches!(change.effect, Effect::Nothing | Effect::Update | Effect::Create)
        && change.loosened.is_empty()
        && change.expiring.is_empty()
        && change.stopped.is_empty()
        && change.stripped.is_empty()
        && change.relabelled.is_none()
        && !change.change.importing;
    if quiet {
        return Vec::new();
    }
    let live = rows.node(change.plan, &change.change.address, None).filter(|_| change.is_deposed());
    let own = change.node.into_iter().chain(live);
    if change.guarded.is_empty() { own.collect() } else { own.chain(change.guarded.iter().copied()).collect() }
}

/// What is found around one change.
struct Surroundings {
    reach: Reach,
    left_standing: Option<NodeId>,
    environment: Environment,
    environment_itself: Environment,
}

fn around_one(
    facts: &Facts<'_, '_>,
    rows: &Rows<'_>,
    (change, anchors): (&ChangeFacts<'_, '_>, &[NodeId]),
    marks: &[Mark],
    reach: &BTreeMap<NodeId, Reach>,
    above: &[Above],
) -> Surroundings {
    // A guard takes the environment of what it guards.
    let judged: &[NodeId] = if change.guarded.is_empty() { anchors } else { &change.guarded };
    let reaches: Vec<&Reach> = judged.iter().filter_map(|node| reach.get(node)).collect();
    let foundations: Vec<Above> = judged.iter().filter_map(|node| above.get(node.place()).copied()).collect();
    let shows = |node: NodeId, place: usize| {
        marks.get(node.place()).and_then(|mark| mark.signs.get(place)).copied().unwrap_or(false)
    };
    let weigh = |reaches: &[&Reach]| {
        let elsewhere = || facts.plans.get(change.plan).map(place::of_workspace).unwrap_or_default();
        if judged.is_empty() { elsewhere() } else { place::weigh(facts, shows, judged, reaches, &foundations) }
    };
    let (environment, environment_itself) = (weigh(&reaches), weigh(&[]));
    let reach = change.node.and_then(|node| reach.get(&node)).cloned().unwrap_or_default();
    let replaced = matches!(change.effect, Effect::CreateThenDelete | Effect::DeleteThenCreate);
    let left_standing = change.node.filter(|_| replaced).and_then(|node| {
        facts.graph.direct(node).map(|(node, _)| node).find(|node| {
            !rows.touched.contains(node) && facts.entry(*node).is_some_and(|e| e.standing != Standing::Routine)
        })
    });
    Surroundings { reach, left_standing, environment, environment_itself }
}

fn mark(facts: &Facts<'_, '_>, rows: &Rows<'_>, deleted: &HashSet<NodeId>, at: usize, near: bool) -> Mark {
    let Some(node) = facts.graph.node_at(at).filter(|node| near && !facts.graph.carries(*node)) else {
        return Mark::default();
    };
    let entry = facts.entry(node);
    Mark {
        counted: entry.is_some_and(Entry::counts),
        records: entry.is_some_and(Entry::holds_records),
        stays: !deleted.contains(&node),
        untouched: !rows.touched.contains(&node),
        foundation: entry.is_some_and(Entry::is_foundation),
        signs: place::shown(&facts.signs(node)),
    }
}

/// What the object says that is inside of one whose type only wraps it.
fn inside(entry: &Entry, values: &Attributes<'_>) -> Option<Signs> {
    let within = entry.within()?;
    Some(environment::of(&entry.values(&values.pick(|name| name == within))))
}

impl Facts<'_, '_> {
    /// What an object says of its environment, and what its plan's workspace says of it.
    #[must_use]
    pub fn signs(&self, node: NodeId) -> Signs {
        let plan = self.graph.object(node).and_then(|(plan, _)| self.plans.get(plan));
        let instance = self.graph.instance(self.plans, node);
        let mut signs = self.own_signs(node);
        if let Some((plan, instance)) = plan.zip(instance).filter(|(plan, _)| !plan.estate.tags.is_empty()) {
            let given = given_to(&plan.estate.tags, &instance.address);
            signs = environment::with_given(signs, &instance.values, given.into_iter());
        }
        if let Some(of_plan) = plan.map(|plan| Signs::of_plan(&plan.header)) {
            signs.workspace = of_plan.workspace;
            signs.names.extend(of_plan.names);
        }
        signs
    }

    /// What an object says itself of its environment.
    pub(super) fn own_signs(&self, node: NodeId) -> Signs {
        // State and row should say the same; where they do not, both count.
        let of_state = self.graph.instance(self.plans, node).map(|instance| &instance.values);
        let mut signs = Signs::default();
        for values in of_state.into_iter().chain(self.befores.get(&node)) {
            let of_one = environment::signs(values);
            let inside = self.entry(node).and_then(|entry| inside(entry, values)).unwrap_or_default();
            signs.tags.extend(of_one.tags.into_iter().chain(inside.tags));
            signs.names.extend(of_one.names);
        }
        signs
    }

    /// The counted dependents, the nearest first. They are looked for as they are asked for.
    pub fn nearest(&self, node: NodeId) -> impl Iterator<Item = Dependent> + '_ {
        self.graph
            .nearest(node)
            .filter(|(node, _, _)| self.entry(*node).is_some_and(Entry::counts))
            .map(|(node, steps, evidence)| Dependent { node, steps, evidence })
    }
}

/// What a change names by one of its attributes.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Existing objects.
    pub(super) nodes: Vec<NodeId>,
    /// It is named by a known value, and nothing here has or makes anything of that name.
    pub(super) elsewhere: bool,
}

/// Objects by the names that others call them by. Made only where something names another.
#[derive(Default)]
pub(super) struct Names {
    existing: OnceCell<HashMap<String, Vec<NodeId>>>,
    made: OnceCell<HashMap<String, HashSet<String>>>,
}

const NAMES: [&str; 6] = ["arn", "bucket", "id", "name", "self_link", "url"];

/// Finds what an attribute of a change names: by identity where the value is known, else by what the configuration refers to.
pub(super) fn named(
    facts: &Facts<'_, '_>,
    names: &Names,
    plan: usize,
    (change, entry): (&ResourceChange<'_>, &Entry),
    attribute: &Clause,
) -> Named {
    let values = if change.before.is_null() { &change.after } else { &change.before };
    let view = values.view();
    let mut texts = Vec::new();
    attribute.values(&entry.values(&view)).into_iter().for_each(|value| texts_in(value, &mut texts));
    let existing = names.existing.get_or_init(|| existing(facts));
    let mut seen = HashSet::new();
    let found = texts.iter().filter_map(|text| existing.get(text)).flatten().copied();
    let mut nodes: Vec<NodeId> = found.filter(|node| seen.insert(*node)).collect();
    if nodes.is_empty() {
        nodes = by_reference(facts, plan, change, |name| attribute.begins_at(name) || entry.within() == Some(name));
    }
    let made = names.made.get_or_init(|| made(facts));
    let here = |text: &String| made.get(text).is_some_and(|by| by.iter().any(|address| *address != change.address));
    Named { elsewhere: !texts.is_empty() && !texts.iter().any(here), nodes }
}

fn texts_in(value: &Value<'_>, texts: &mut Vec<String>) {
    match value {
        Value::Text(text) => texts.push(text.to_string()),
        Value::List(items) => items.iter().for_each(|item| texts_in(item, texts)),
        _ => {}
    }
}

/// The names of everything that exists: of what holds records or is a foundation any, of the rest those that no two objects
/// have. A guard may bear the name of what it guards, so its own says nothing.
fn existing(facts: &Facts<'_, '_>) -> HashMap<String, Vec<NodeId>> {
    let mut found: HashMap<String, Vec<NodeId>> = HashMap::new();
    for (plan, given) in facts.plans.iter().enumerate() {
        for (at, instance) in given.estate.instances.iter().enumerate() {
            let node = facts.graph.node(plan, at);
            let Some(entry) = facts.entry(node).filter(|_| instance.mode != Mode::Data && instance.deposed.is_none())
            else {
                continue;
            };
            let precious = entry.holds_records() || entry.is_foundation();
            let is_guard = entry.guards_what().is_some();
            let picked = instance.values.pick(|name| NAMES.contains(&name));
            let ids = instance.values.ids().iter().map(String::as_str);
            let names = NAMES.iter().filter_map(|name| picked.get(name).text()).chain(ids);
            let only_one = |text: &&str| precious || !is_guard && (text.starts_with('/') || text.starts_with("arn:"));
            for text in names.filter(only_one) {
                let nodes = found.entry(text.to_owned()).or_default();
                if nodes.last() != Some(&node) {
                    nodes.push(node);
                }
            }
        }
    }
    found
}

/// The names of everything that the plans make, with the addresses.
fn made(facts: &Facts<'_, '_>) -> HashMap<String, HashSet<String>> {
    let creates = facts.plans.iter().flat_map(|plan| &plan.changes).filter(|change| change.action == Action::Create);
    let names = creates.flat_map(|change| {
        let after = change.after.pick(|name| NAMES.contains(&name));
        let texts: Vec<String> = NAMES.iter().filter_map(|name| after.get(name).text().map(str::to_owned)).collect();
        texts.into_iter().map(|text| (text, change.address.to_string()))
    });
    let mut found: HashMap<String, HashSet<String>> = HashMap::new();
    for (text, address) in names {
        found.entry(text).or_default().insert(address);
    }
    found
}

/// The objects of the blocks that an attribute's expression leads to.
fn by_reference(
    facts: &Facts<'_, '_>,
    plan: usize,
    change: &ResourceChange<'_>,
    attribute: impl Fn(&str) -> bool,
) -> Vec<NodeId> {
    let Some(given) = facts.plans.get(plan) else { return Vec::new() };
    let blocks = &given.configuration.blocks;
    let start = given.configuration.block(&change.block);
    let mut open: Vec<usize> = start
        .into_iter()
        .flat_map(|block| &block.references)
        .filter(|reference| attribute(&reference.attribute))
        .map(|reference| reference.target)
        .collect();
    let (mut seen, mut found) = (HashSet::new(), HashSet::new());
    while let Some(place) = open.pop() {
        let Some(block) = blocks.get(place).filter(|_| seen.insert(place)) else { continue };
        match block.kind {
            BlockKind::Managed => {
                found.insert(&*block.address);
            }
            BlockKind::Carrier | BlockKind::Data => {
                open.extend(block.references.iter().map(|reference| reference.target));
            }
        }
    }
    let keys = crate::plan::Parts::parse(&change.address).keys;
    let mut nodes: Vec<(bool, NodeId)> = given
        .estate
        .instances
        .iter()
        .enumerate()
        .filter(|(_, instance)| found.contains(&*instance.block) && instance.deposed.is_none())
        .map(|(at, instance)| (instance.keys == keys, facts.graph.node(plan, at)))
        .collect();
    if nodes.iter().any(|(same, _)| *same) {
        nodes.retain(|(same, _)| *same);
    }
    nodes.into_iter().map(|(_, node)| node).collect()
}
