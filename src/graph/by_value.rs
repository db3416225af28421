//! What an output stands on where nothing but its value tells it.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::value::RawValue;

use super::identity::{is_telling, names, strings};
use super::{Edges, Evidence, NodeId};
use crate::plan::{Mode, Plan, Text};

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
pub(super) fn by_value(plan: &Plan<'_>, node: &impl Fn(usize) -> NodeId, edges: &mut Edges) {
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
pub(super) fn own_strings(values: &str) -> Vec<&str> {
    match serde_json::from_str::<BTreeMap<Text<'_>, &RawValue>>(values) {
        Ok(members) => {
            let own = members.into_iter().filter(|(name, _)| !COMMON.contains(&name.0.as_ref()));
            own.flat_map(|(_, value)| strings(value.get())).collect()
        }
        Err(_) => strings(values).collect(),
    }
}
