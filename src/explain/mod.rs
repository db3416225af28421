//! All about one change: what forces it, what stands on it and how that is known, what would make it pass.
//!
//! An explanation is plain data like the report: outputs write it. Its JSON Schema is in `schemas/explanation.json`.

mod nearby;

use serde::Serialize;

use crate::assess;
use crate::catalog::{Catalog, Clause};
use crate::facts::{ChangeFacts, Environment, Facts};
use crate::gate;
use crate::graph::NodeId;
use crate::plan::{Mode, Parts, Plan, Value};
use crate::report::{Cause, Finding, Outcome, Tool};
use crate::rules;

pub use nearby::nearest_addresses;

/// The version of this form.
pub const SCHEMA_VERSION: u32 = 1;

/// So many objects are explained where an address names a block with more of them.
const MOST: usize = 10;

/// So many dependents are listed with their ways.
const LISTED: usize = 40;

/// Everything that an address names.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Explanations {
    /// The version of this form.
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// What was asked for.
    pub asked: String,
    /// One for each object; a block's address names all of its instances.
    pub explained: Vec<Explanation>,
    /// How many more objects the address names.
    pub left_out: usize,
}

/// All about one object and what the plan does to it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Explanation {
    /// Its address.
    pub address: String,
    /// The input that it is in.
    pub input: String,
    /// The key of a deposed object.
    pub deposed: Option<String>,
    /// The resource type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is planned; `no-op` where nothing is.
    pub action: String,
    /// What happens to the object, in a sentence.
    pub happens: String,
    /// The verdict on this object alone; `allow` where no rule found anything.
    pub verdict: Outcome,
    /// The finding, where there is one.
    pub finding: Option<Finding>,
    /// Where the change comes from, where it destroys or sets something that matters.
    pub cause: Option<Cause>,
    /// The way from where it began to this object: what each step is forced by.
    pub way: Vec<Step>,
    /// Other objects that the same cause destroys or changes.
    pub same_cause: Vec<String>,
    /// How many dependents count: foundations, services and stores of records.
    pub counted: usize,
    /// How many of them the plan leaves as they are.
    pub outside_plan: usize,
    /// What stands on it, the nearest first, counted or not.
    pub dependents: Vec<Dependent>,
    /// How many more there are.
    pub more_dependents: usize,
    /// Why the type counts as what it does.
    pub counts_as: String,
    /// In which environment it is judged, and by what.
    pub environment: crate::report::Environment,
    /// Where it is written, where the sources were given and have its block.
    pub source: Option<crate::report::Source>,
    /// What is known of its settings: a way back, locks, backups.
    pub settings: Vec<String>,
    /// Attributes of the type that would be a way back, if they were set before.
    pub ways_back: Vec<String>,
    /// The rules, and what each says of this change.
    pub rules: Vec<Asked>,
    /// What would make it pass, the best first.
    pub ways_out: Vec<crate::report::WayOut>,
}

/// One step on the way of a cause.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// The object.
    pub address: String,
    /// The attribute that forces it there, or that was edited.
    pub attribute: Option<String>,
}

/// What stands on an object.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dependent {
    /// Its address.
    pub address: String,
    /// It counts: it is a foundation, a service, or holds records.
    pub counts: bool,
    /// What the plan does to it; `no-op` where nothing.
    pub action: String,
    /// The way to it, each step with how it is known: configuration, state, identity.
    pub way: Vec<Known>,
}

/// One step of a way, and how it is known.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Known {
    /// The object.
    pub address: String,
    /// Which source knows that it stands on the one before: configuration, state, identity.
    pub known_by: String,
}

/// One rule, and what it says.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Asked {
    /// The rule.
    pub rule: String,
    /// Its verdict, before anything lowers it.
    pub verdict: Outcome,
    /// What it found.
    pub reason: String,
}

/// Explains everything that an address names: an object, or all instances of a block. Nothing is explained where no plan
/// has such an address; [`nearest_addresses`] tells what may have been meant.
///
/// ```
/// use blastgate::{explain, input};
///
/// # let json = r#"{"format_version":"1.2","resource_changes":[{"address":"aws_vpc.main","mode":"managed",
/// #     "type":"aws_vpc","name":"main","change":{"actions":["delete"],"before":{"id":"vpc-1"},"after":null}}]}"#;
/// let plans = input::read("plan.json", json, &input::Limits::default())?;
/// let explained = explain::explain(&plans, "aws_vpc.main").explained;
/// assert_eq!(explained[0].rules[0].rule, "foundation-unused");
/// assert_eq!(explain::nearest_addresses(&plans, "aws_vpc.mian"), ["aws_vpc.main"]);
/// # Ok::<(), blastgate::input::InputError>(())
/// ```
#[must_use]
pub fn explain(plans: &[Plan<'_>], address: &str) -> Explanations {
    explain_with(plans, address, &Catalog::default())
}

/// The same by a catalogue that has a user's own rows.
#[must_use]
pub fn explain_with(plans: &[Plan<'_>], address: &str, catalog: &Catalog) -> Explanations {
    explain_from(plans, address, catalog, 0)
}

/// The same without the first few objects.
pub(crate) fn explain_from(plans: &[Plan<'_>], address: &str, catalog: &Catalog, skipped: usize) -> Explanations {
    let facts = Facts::gather_with(plans, catalog);
    let found = Named::all(&facts, address);
    let found = found.get(skipped..).unwrap_or_default();
    let left_out = found.len().saturating_sub(MOST);
    let teller = Teller::new(&facts);
    Explanations {
        schema_version: SCHEMA_VERSION,
        tool: assess::tool(catalog),
        asked: address.to_owned(),
        explained: found.iter().take(MOST).map(|named| teller.explain(named)).collect(),
        left_out,
    }
}

/// One object that an address names.
struct Named {
    plan: usize,
    address: String,
    kind: String,
    node: Option<NodeId>,
    /// The place of its change in [`Facts::changes`].
    change: Option<usize>,
}

impl Named {
    /// The objects of this address; where there is none, the instances of the block of this address.
    fn all(facts: &Facts<'_, '_>, wanted: &str) -> Vec<Self> {
        let exact = Self::find(facts, |address| address == wanted);
        if !exact.is_empty() {
            return exact;
        }
        Self::find(facts, |address| Parts::parse(address).block == wanted)
    }

    fn find(facts: &Facts<'_, '_>, fits: impl Fn(&str) -> bool) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for (place, change) in facts.changes.iter().enumerate().filter(|(_, change)| fits(&change.change.address)) {
            let (address, kind) = (change.change.address.to_string(), change.change.kind.to_string());
            found.push(Self { plan: change.plan, address, kind, node: change.node, change: Some(place) });
        }
        for (plan, given) in facts.plans.iter().enumerate() {
            let instances = given.estate.instances.iter().enumerate();
            for (at, instance) in instances.filter(|(_, i)| i.mode == Mode::Managed && fits(&i.address)) {
                let node = facts.graph.node(plan, at);
                if !found.iter().any(|known| known.node == Some(node)) {
                    let (address, kind) = (instance.address.to_string(), instance.kind.to_string());
                    found.push(Self { plan, address, kind, node: Some(node), change: None });
                }
            }
        }
        found
    }
}

/// What stands on an object.
#[derive(Default)]
struct Around {
    dependents: Vec<Dependent>,
    more: usize,
    counted: usize,
    outside_plan: usize,
}

/// Tells of objects.
struct Teller<'f, 'p, 'a> {
    facts: &'f Facts<'p, 'a>,
    found: Vec<rules::Found>,
    judged: Vec<gate::Judged>,
    actions: std::collections::HashMap<NodeId, &'static str>,
}

impl<'f, 'p, 'a> Teller<'f, 'p, 'a> {
    fn new(facts: &'f Facts<'p, 'a>) -> Self {
        let actions = facts.changes.iter().filter_map(|change| Some((change.node?, change.change.action.word())));
        Self {
            facts,
            found: rules::run(facts),
            judged: gate::judge(facts, rules::run(facts)),
            actions: actions.collect(),
        }
    }

    fn explain(&self, named: &Named) -> Explanation {
        let change = named.change.and_then(|place| self.facts.changes.get(place));
        let judged = self.judged.iter().find(|one| one.main.change.is_some() && one.main.change == named.change);
        let finding = judged.map(|judged| assess::describe(self.facts, judged));
        let action = change.map_or("no-op", |change| change.change.action.word());
        let around = named.node.map(|node| self.around(node)).unwrap_or_default();
        Explanation {
            address: named.address.clone(),
            input: self.facts.plans.get(named.plan).map(|plan| plan.unit.clone()).unwrap_or_default(),
            deposed: change.and_then(|change| change.change.deposed.as_ref()).map(ToString::to_string),
            kind: named.kind.clone(),
            action: action.to_owned(),
            happens: happens(change, self.facts.is_stack(named.plan)),
            verdict: finding.as_ref().map_or(Outcome::Allow, |finding| finding.verdict),
            cause: change
                .filter(|c| c.destroys() || c.cause.attribute.is_some())
                .map(|c| assess::cause_of(self.facts, c)),
            way: change.map(|change| self.way(change)).unwrap_or_default(),
            same_cause: named.change.map(|place| self.same_cause(place)).unwrap_or_default(),
            counted: around.counted,
            outside_plan: around.outside_plan,
            dependents: around.dependents,
            more_dependents: around.more,
            counts_as: match change {
                Some(change) => assess::counts_as(&change.change.kind, &change.entry),
                None => named
                    .node
                    .and_then(|node| self.facts.entry(node))
                    .map(|e| assess::counts_as(&named.kind, e))
                    .unwrap_or_default(),
            },
            environment: assess::environment(&self.environment(named, change)),
            source: change.and_then(|change| assess::source(self.facts, change)),
            settings: change.map(settings).unwrap_or_default(),
            ways_back: change.map(ways_back).unwrap_or_default(),
            rules: self.asked(named.change),
            ways_out: finding.as_ref().map(|finding| finding.ways_out.clone()).unwrap_or_default(),
            finding,
        }
    }

    /// Where it is judged; what nothing looked around is judged by its own words.
    fn environment(&self, named: &Named, change: Option<&ChangeFacts<'_, '_>>) -> Environment {
        let judged = change.map(|change| change.environment.clone()).filter(|known| known.evidence.is_some());
        judged.or_else(|| named.node.map(|node| self.facts.environment_at(node))).unwrap_or_default()
    }

    /// From where it began to here.
    fn way(&self, change: &ChangeFacts<'_, '_>) -> Vec<Step> {
        let attribute_of = |address: &str| {
            let changes = self.facts.of_one(change.plan);
            let change = changes.iter().find(|one| one.change.address == address)?;
            change.cause.forced_by.clone().or_else(|| change.cause.attribute.clone())
        };
        let above = change.cause.path.iter().rev();
        let steps = above.map(|address| Step { address: address.clone(), attribute: attribute_of(address) });
        let own = Step { address: change.change.address.to_string(), attribute: change.cause.forced_by.clone() };
        if change.cause.path.is_empty() { Vec::new() } else { steps.chain([own]).collect() }
    }

    fn same_cause(&self, place: usize) -> Vec<String> {
        let Some(change) = self.facts.changes.get(place).filter(|c| !c.cause.group.is_empty()) else {
            return Vec::new();
        };
        let others = self.facts.changes.iter().enumerate().filter(|(other, c)| {
            *other != place && c.plan == change.plan && c.cause.group == change.cause.group && c.destroys()
        });
        others.take(LISTED).map(|(_, change)| change.change.address.to_string()).collect()
    }

    fn around(&self, node: NodeId) -> Around {
        let all: Vec<NodeId> = self.facts.graph.nearest(node).map(|(node, _, _)| node).collect();
        let counts = |node: &NodeId| self.facts.entry(*node).is_some_and(crate::catalog::Entry::counts);
        let listed = all.iter().take(LISTED).map(|dependent| Dependent {
            address: self.facts.address(*dependent),
            counts: counts(dependent),
            action: self.actions.get(dependent).copied().unwrap_or("no-op").to_owned(),
            way: self.facts.graph.witness(node, *dependent).iter().map(|step| self.known(*step)).collect(),
        });
        Around {
            dependents: listed.collect(),
            more: all.len().saturating_sub(LISTED),
            counted: all.iter().filter(|node| counts(node)).count(),
            outside_plan: all.iter().filter(|node| counts(node) && !self.actions.contains_key(node)).count(),
        }
    }

    fn known(&self, step: crate::graph::Step) -> Known {
        Known { address: self.facts.address(step.node), known_by: step.evidence.word().to_owned() }
    }

    fn asked(&self, place: Option<usize>) -> Vec<Asked> {
        let found = self.found.iter().filter(|found| place.is_some() && found.change == place);
        let asked = |found: &rules::Found| Asked {
            rule: found.rule.id.to_owned(),
            verdict: assess::outcome(found.rule.verdict),
            reason: found.found.hit.reason.clone(),
        };
        found.map(asked).collect()
    }
}

/// What happens to the object, in a sentence.
fn happens(change: Option<&ChangeFacts<'_, '_>>, in_stack: bool) -> String {
    use crate::facts::Effect;
    let Some(change) = change else {
        return if in_stack { "It is left as it is." } else { "The plan leaves it as it is." }.to_owned();
    };
    let mut text = match change.effect {
        Effect::Nothing => "Nothing happens to the object itself.",
        Effect::Create => "It is made: there was none before.",
        Effect::Update => "It is changed in place.",
        Effect::Delete => "It is destroyed, and nothing takes its place.",
        Effect::DeleteThenCreate => "It is destroyed, and then another is made in its place.",
        Effect::CreateThenDelete => "Another is made in its place, and then it is destroyed.",
        Effect::MayReplace => "It is changed in place or replaced: only the update of the stack will show which.",
        Effect::Forget if in_stack => "It leaves the stack and goes on living.",
        Effect::Forget => "It leaves the state and goes on living.",
        Effect::Unknown => "Nobody can say what happens to it.",
    }
    .to_owned();
    if let Some(from) = &change.change.previous_address {
        text.extend([" It moves here from ", from, "."]);
    }
    if change.change.importing {
        text.push_str(" It is imported.");
    }
    text
}

fn settings(change: &ChangeFacts<'_, '_>) -> Vec<String> {
    let kept = change.kept_by.iter().map(|by| format!("{by} keeps the object running"));
    let back = change.way_back.iter().map(|by| format!("{by} is a way back"));
    kept.chain(back).chain(change.hedges.iter().cloned()).collect()
}

/// What the object has for a way back and does not use, each attribute with what it is to be set to.
fn ways_back(change: &ChangeFacts<'_, '_>) -> Vec<String> {
    if change.way_back.is_some() || !change.entry.holds_records() {
        return Vec::new();
    }
    let view = change.change.before.view();
    let Value::Object(members) = &view else { return Vec::new() };
    let has = |clause: &Clause| {
        let attribute = clause.attribute();
        let (first, flat) = (attribute.split('.').next().unwrap_or_default(), attribute.replace('.', "_"));
        members.iter().find_map(|(name, _)| match &**name {
            name if name == first => Some(attribute.clone()),
            name if name == flat => Some(flat.clone()),
            _ => None,
        })
    };
    let set = |clause: &Clause| {
        let attribute = has(clause)?;
        // A flag is on; how much it must be of a number, nobody can say for its owner.
        let is_flag = clause.values(&view).iter().any(|value| matches!(value, Value::Bool(_)));
        Some(match clause.on_value() {
            "*" => attribute,
            "true" if !is_flag => attribute,
            value => format!("{attribute} = {value}"),
        })
    };
    let guards = change.entry.guards().filter(|guard| guard.kind.is_way_back());
    let all = guards.filter_map(|guard| guard.clauses.iter().map(set).collect::<Option<Vec<_>>>());
    let mut attributes: Vec<String> = Vec::new();
    for attribute in all.map(|parts| parts.join(" with ")) {
        if !attributes.contains(&attribute) {
            attributes.push(attribute);
        }
    }
    attributes
}
