//! Edges of values that units hand to each other: outputs read as a remote state, exports imported by other templates.
//!
//! Each value is a node that only carries edges on. What it stands on is known by the producing unit's configuration, or
//! by the identities in it; here it is led to those who take it. Whose outputs a remote state has read is told by its
//! backend's settings, where they name a file that was given, and by the outputs themselves; where that leaves several,
//! all of them are meant.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::value::RawValue;

use super::identity::{Identities, is_telling, names, strings};
use super::{Edges, Evidence, NodeId};
use crate::plan::{Mode, Output, Plan, RemoteState, Text, Value};

/// The remote states of one unit, by the place of their data source.
pub(super) struct RemoteStates<'p, 'a> {
    first: usize,
    plan: &'p Plan<'a>,
    by_source: HashMap<NodeId, &'p RemoteState<'a>>,
}

impl<'p, 'a> RemoteStates<'p, 'a> {
    pub(super) fn of(plan: &'p Plan<'a>, first: usize) -> Self {
        let node = |place: usize| NodeId::new(first.saturating_add(place));
        let by_source = plan.estate.remote_states.iter().map(|state| (node(state.source), state)).collect();
        Self { first, plan, by_source }
    }

    /// There are none.
    pub(super) fn is_empty(&self) -> bool {
        self.by_source.is_empty()
    }

    /// A node is a remote state's data source.
    pub(super) fn is_source(&self, node: NodeId) -> bool {
        self.by_source.contains_key(&node)
    }

    /// The node that stands for all outputs of a remote state.
    pub(super) fn whole(&self, source: NodeId) -> NodeId {
        self.by_source.get(&source).map_or(source, |state| self.node(state.whole))
    }

    /// The outputs of a remote state whose values stand among an object's, and whether one of them is sure to be meant.
    /// An identity needs no such edge: the object that has it is known.
    pub(super) fn used(&self, source: NodeId, values: &str, identities: &Identities) -> (Vec<NodeId>, bool) {
        let Some(state) = self.by_source.get(&source) else { return (Vec::new(), false) };
        let held: HashSet<&str> = strings(values).collect();
        let own: HashSet<&str> = own_strings(values).into_iter().collect();
        let (mut used, mut sure) = (Vec::new(), false);
        for output in &state.outputs {
            let value = self.plan.estate.instances.get(output.instance).map_or("", |i| i.values.search());
            for text in strings(value).filter(|text| text.len() > 1 && held.contains(text)) {
                // A region or a tag that happens to be the same does not show that nothing else was used.
                sure = sure || (is_telling(text) && own.contains(text));
                if !identities.is_known(text) {
                    used.push(self.node(output.instance));
                }
            }
        }
        (used, sure)
    }

    fn node(&self, place: usize) -> NodeId {
        NodeId::new(self.first.saturating_add(place))
    }
}

/// Adds the edges of everything that is handed on.
pub(super) fn connect(plans: &[Plan<'_>], offsets: &[usize], edges: &mut Edges) {
    let nodes = |unit: usize| {
        let first = offsets.get(unit).copied().unwrap_or_default();
        move |place: usize| NodeId::new(first.saturating_add(place))
    };
    let producers = Producers::of(plans);
    for (unit, plan) in plans.iter().enumerate() {
        let node = nodes(unit);
        for state in &plan.estate.remote_states {
            inside(state, &node, edges);
            for producer in producers.of_state(plans, unit, state) {
                let other = nodes(producer);
                let outputs = plans.get(producer).map(|plan| plan.estate.outputs.as_slice()).unwrap_or_default();
                hand_over((outputs, &other), (state, &node), edges);
            }
        }
        if plans.len() > 1 && !plan.configuration.present {
            by_value(plan, &node, edges);
        }
        for import in &plan.estate.imports {
            for (other, exporter) in plans.iter().enumerate() {
                for export in exporter.estate.exports.iter().filter(|export| export.fits(import)) {
                    edges.add(nodes(other)(export.instance), node(import.instance), Evidence::Reference);
                }
            }
        }
    }
}

/// Each output stands on the data source's own settings, and all of them together on each.
fn inside(state: &RemoteState<'_>, node: &impl Fn(usize) -> NodeId, edges: &mut Edges) {
    let (source, whole) = (node(state.source), node(state.whole));
    edges.add(source, whole, Evidence::Reference);
    for output in &state.outputs {
        edges.add(source, node(output.instance), Evidence::Reference);
        edges.add(node(output.instance), whole, Evidence::Reference);
    }
}

/// Leads the outputs of one unit to the same outputs as another has read them.
fn hand_over(
    (outputs, from): (&[Output<'_>], &impl Fn(usize) -> NodeId),
    (state, to): (&RemoteState<'_>, &impl Fn(usize) -> NodeId),
    edges: &mut Edges,
) {
    let read: HashMap<&str, usize> = state.outputs.iter().map(|o| (o.name.as_ref(), o.instance)).collect();
    for output in outputs {
        // An output that was not there yet when it was read is used by nobody but who uses them all.
        let taken = read.get(output.name.as_ref()).copied().unwrap_or(state.whole);
        edges.add(from(output.instance), to(taken), Evidence::Reference);
    }
}

/// The units that hand something out, with what tells them apart.
struct Producers {
    units: Vec<(usize, Vec<String>)>,
    by_outputs: HashMap<Values, Vec<usize>>,
}

impl Producers {
    fn of(plans: &[Plan<'_>]) -> Self {
        let mut found = Self { units: Vec::new(), by_outputs: HashMap::new() };
        if plans.iter().all(|plan| plan.estate.remote_states.is_empty()) {
            return found;
        }
        for (unit, plan) in plans.iter().enumerate().filter(|(_, plan)| !plan.estate.outputs.is_empty()) {
            found.units.push((unit, place_of(&plan.unit)));
            found.by_outputs.entry(values(plan, &plan.estate.outputs)).or_default().push(unit);
        }
        found
    }

    /// The units that a remote state may have read.
    fn of_state(&self, plans: &[Plan<'_>], own: usize, state: &RemoteState<'_>) -> BTreeSet<usize> {
        let Some(plan) = plans.get(own) else { return BTreeSet::new() };
        let places = kept_at(&serde_json::from_str(state.config.search()).unwrap_or(Value::Null));
        let fits = |at: &[String]| places.iter().any(|place| !place.is_empty() && at.ends_with(place));
        let named: BTreeSet<usize> =
            self.units.iter().filter(|(unit, at)| *unit != own && fits(at)).map(|(unit, _)| *unit).collect();
        let equal = self.by_outputs.get(&values(plan, &state.outputs)).into_iter().flatten().copied();
        let equal: BTreeSet<usize> = equal.filter(|unit| *unit != own && !state.outputs.is_empty()).collect();
        let both: BTreeSet<usize> = named.intersection(&equal).copied().collect();
        if !both.is_empty() {
            return both;
        }
        let either: BTreeSet<usize> = named.union(&equal).copied().collect();
        if either.is_empty() { self.like(plans, own, &values(plan, &state.outputs)) } else { either }
    }

    /// The units that hand out at least half of what was read, the same values under the same names: one side is older.
    fn like(&self, plans: &[Plan<'_>], own: usize, read: &Values) -> BTreeSet<usize> {
        let shared = |unit: usize| {
            let outputs = plans.get(unit).map(|plan| values(plan, &plan.estate.outputs)).unwrap_or_default();
            read.iter().filter(|(name, value)| outputs.get(*name) == Some(value)).count()
        };
        let units = self.units.iter().map(|(unit, _)| *unit).filter(|unit| *unit != own);
        units.filter(|unit| shared(*unit).saturating_mul(2) >= read.len().max(1)).collect()
    }
}

/// What outputs are called and what they are, without saying it.
type Values = BTreeMap<String, Option<u64>>;

fn values(plan: &Plan<'_>, outputs: &[Output<'_>]) -> Values {
    let digest = |output: &Output<'_>| plan.estate.instances.get(output.instance).and_then(|i| i.values.digest());
    outputs.iter().map(|output| (output.name.to_string(), digest(output))).collect()
}

/// The steps of a path that tell one unit from another: without what every state is called.
fn place_of(path: &str) -> Vec<String> {
    let path = path.split('#').next().unwrap_or_default();
    let steps = path.split(['/', '\\']).filter(|step| !matches!(*step, "" | "." | ".."));
    let mut steps: Vec<String> = steps.map(str::to_owned).collect();
    if let Some(last) = steps.pop() {
        let stem = ["tfstate", "json", "tfplan"].iter().find_map(|ending| last.strip_suffix(&format!(".{ending}")));
        let stem = stem.unwrap_or(&last);
        if steps.is_empty() || !matches!(stem, "terraform" | "default" | "state" | "plan") {
            steps.push(stem.to_owned());
        }
    }
    steps
}

/// Where a backend's settings say that a state is kept: a path, a key, a prefix, an address, a workspace.
fn kept_at(config: &Value<'_>) -> Vec<Vec<String>> {
    let single = ["path", "key", "prefix", "address"].iter().filter_map(|name| config.get(name).text());
    let workspaces = config.at(&["workspaces", "name"]);
    single.chain(workspaces.into_iter().filter_map(Value::text)).map(place_of).collect()
}

/// Attributes that say where something is or what it is labelled with, and not what it is.
const COMMON: [&str; 12] = [
    "account_id",
    "availability_zone",
    "labels",
    "location",
    "owner_id",
    "project",
    "region",
    "tags",
    "tags_all",
    "tenant_id",
    "timeouts",
    "zone",
];

/// Where nothing says what an output refers to, it stands on the objects of its unit that hold its value: an endpoint, a
/// name. Of two that hold it, one may have it from the other, and then that one is meant.
fn by_value(plan: &Plan<'_>, node: &impl Fn(usize) -> NodeId, edges: &mut Edges) {
    let mut wanted: HashMap<&str, Vec<usize>> = HashMap::new();
    for output in &plan.estate.outputs {
        let value = plan.estate.instances.get(output.instance).map_or("", |i| i.values.search());
        for text in strings(value).filter(|text| text.len() > 1) {
            wanted.entry(text).or_default().push(output.instance);
        }
    }
    if wanted.is_empty() {
        return;
    }
    let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, instance) in plan.estate.instances.iter().enumerate() {
        if instance.mode == Mode::Managed && instance.deposed.is_none() {
            for text in own_strings(instance.values.search()) {
                if let Some((text, _)) = wanted.get_key_value(text) {
                    let places = holders.entry(text).or_default();
                    if places.last() != Some(&place) {
                        places.push(place);
                    }
                }
            }
        }
    }
    for (text, places) in holders {
        let first = meant(plan, text, places);
        for output in wanted.get(text).into_iter().flatten() {
            for place in &first {
                edges.add(node(*place), node(*output), Evidence::Identity);
            }
        }
    }
}

/// Of the objects that hold a text: those whose identity it is, else those that have it from none of the others.
fn meant(plan: &Plan<'_>, text: &str, places: Vec<usize>) -> Vec<usize> {
    if !is_telling(text) {
        return places;
    }
    let instance = |place: &usize| plan.estate.instances.get(*place);
    let is_own = |place: &usize| instance(place).is_some_and(|i| names(i).iter().any(|name| name == text));
    let own: Vec<usize> = places.iter().copied().filter(is_own).collect();
    if own.is_empty() { origins(plan, places) } else { own }
}

/// Those of some objects that have recorded none of the others as an ancestor.
fn origins(plan: &Plan<'_>, places: Vec<usize>) -> Vec<usize> {
    let block = |place: &usize| plan.estate.instances.get(*place).map_or("", |instance| instance.block.as_ref());
    let blocks: HashSet<&str> = places.iter().map(block).collect();
    let first = places.iter().copied().filter(|place| {
        let recorded = plan.estate.instances.get(*place).map(|i| i.depends_on.addresses()).unwrap_or_default();
        !recorded.iter().any(|ancestor| ancestor != block(place) && blocks.contains(ancestor.as_str()))
    });
    let first: Vec<usize> = first.collect();
    if first.is_empty() { places } else { first }
}

/// The strings among an object's values, without those that many objects have in common.
fn own_strings(values: &str) -> Vec<&str> {
    match serde_json::from_str::<BTreeMap<Text<'_>, &RawValue>>(values) {
        Ok(members) => {
            let own = members.into_iter().filter(|(name, _)| !COMMON.contains(&name.0.as_ref()));
            own.flat_map(|(_, value)| strings(value.get())).collect()
        }
        Err(_) => strings(values).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{kept_at, place_of};
    use crate::plan::Value;

    #[test]
    fn a_unit_is_told_by_where_it_is_kept() {
        for (path, place) in [
            ("ctx/network/terraform.tfstate", &["ctx", "network"][..]),
            ("./network.json", &["network"]),
            ("../network/default.tfstate", &["network"]),
            ("terraform.tfstate", &["terraform"]),
            ("states.json#2", &["states"]),
        ] {
            assert_eq!(place_of(path), place, "{path}");
        }
    }

    #[test]
    fn backends_say_it_in_many_ways() {
        for config in [
            r#"{"path":"../network/terraform.tfstate"}"#,
            r#"{"bucket":"acme-states","key":"network/terraform.tfstate","region":"eu-west-1"}"#,
            r#"{"bucket":"acme-states","prefix":"network"}"#,
            r#"{"organization":"acme","workspaces":[{"name":"network"}]}"#,
            r#"{"organization":"acme","workspaces":{"name":"network"}}"#,
        ] {
            let value: Value<'_> = serde_json::from_str(config).unwrap();
            assert_eq!(kept_at(&value), [["network"]], "{config}");
        }
    }
}
