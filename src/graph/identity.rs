//! Edges from identities: the id, ARN or self link of an object, found among other objects' values.
//!
//! This sees what no reference shows: ids copied by hand, passed through local values, or used in another unit. Only
//! whole strings count. Inside a unit the search is for destroyed objects alone, and for their siblings in the same
//! block, which tell which instance is meant: for the rest there are references and records. Between units there are
//! neither, so every object is looked for there, and in the outputs that units hand to each other.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Edges, Evidence, NodeId};
use crate::plan::{Instance, Mode, Plan, Value};

/// Who holds whose identity.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// By holder, whose identities it holds.
    held: HashMap<NodeId, BTreeSet<NodeId>>,
    /// Edges as they were found: what is stood on, and what stands on it.
    edges: Vec<(NodeId, NodeId)>,
    /// For a name that many objects have, a node that stands for them together.
    together: HashMap<String, NodeId>,
    owners: HashMap<String, Vec<Owner>>,
}

/// Attributes that say what an object is called by others.
const NAMES: [&str; 3] = ["id", "arn", "self_link"];

/// Looks for the identities of everything that is destroyed, and between units for all. Costs nothing where nothing is
/// destroyed.
pub(super) fn search(plans: &[Plan<'_>], offsets: &[usize], edges: &mut Edges) -> Identities {
    let mut identities = Identities::default();
    if !plans.iter().any(|plan| destroyed(plan).next().is_some()) {
        return identities;
    }
    let owners = owners(plans, offsets);
    for (unit, (plan, offset)) in plans.iter().zip(offsets).enumerate() {
        // The outputs that a remote state has read are objects of their own: of the data source, only its settings count.
        let sources: HashMap<usize, &str> =
            plan.estate.remote_states.iter().map(|state| (state.source, state.config.search())).collect();
        let handed = handed(plan);
        for (place, instance) in plan.estate.instances.iter().enumerate() {
            if instance.deposed.is_none() {
                let node = NodeId::new(offset.saturating_add(place));
                let text = sources.get(&place).copied().unwrap_or_else(|| instance.values.search());
                let holder = Holder { node, unit, anywhere: handed.contains(&place), instance };
                identities.look_into(&holder, text, &owners, edges);
            }
        }
    }
    identities.owners = owners;
    identities
}

/// An object among whose values identities are looked for.
struct Holder<'p, 'a> {
    node: NodeId,
    unit: usize,
    /// It is a value that is handed on, for which nobody keeps references or records.
    anywhere: bool,
    instance: &'p Instance<'a>,
}

/// The places of the values that a unit hands out or has taken.
pub(super) fn handed(plan: &Plan<'_>) -> HashSet<usize> {
    let estate = &plan.estate;
    let taken =
        estate.remote_states.iter().flat_map(|state| state.outputs.iter().map(|o| o.instance).chain([state.whole]));
    estate.outputs.iter().map(|output| output.instance).chain(taken).collect()
}

impl Identities {
    /// The objects of which an object's values hold the identity, in their order.
    pub(super) fn held(&self, holder: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.held.get(&holder).into_iter().flatten().copied()
    }

    /// A text is the identity of some object that was looked for.
    pub(super) fn is_known(&self, text: &str) -> bool {
        self.owners.contains_key(text)
    }

    /// Adds the edges.
    pub(super) fn connect(&self, edges: &mut Edges) {
        for (owner, holder) in &self.edges {
            edges.add(*owner, *holder, Evidence::Identity);
        }
    }

    fn look_into(
        &mut self,
        holder: &Holder<'_, '_>,
        text: &str,
        owners: &HashMap<String, Vec<Owner>>,
        edges: &mut Edges,
    ) {
        let mut own: Option<Vec<String>> = None;
        for text in strings(text) {
            let Some((name, all)) = owners.get_key_value(text) else { continue };
            if all.iter().all(|owner| owner.node == holder.node) {
                continue;
            }
            // Where two objects go by one name (a bucket and its policy), neither is told to stand on the other by it.
            // A data source that has the name as its own has read that very object.
            let own = own.get_or_insert_with(|| names(holder.instance));
            if holder.instance.mode == Mode::Managed && own.contains(name) {
                continue;
            }
            self.note(holder, name, all, edges);
        }
    }

    fn note(&mut self, holder: &Holder<'_, '_>, name: &str, owners: &[Owner], edges: &mut Edges) {
        for owner in owners.iter().filter(|owner| owner.searched && owner.node != holder.node) {
            if self.held.entry(holder.node).or_default().insert(owner.node) && owner.destroyed {
                self.edges.push((owner.node, holder.node));
            }
        }
        // A name that an object of the holder's own unit has means that one.
        if !holder.anywhere && owners.iter().any(|owner| owner.unit == holder.unit) {
            return;
        }
        let mut others = owners.iter().filter(|owner| !owner.destroyed && owner.node != holder.node);
        match (others.next(), others.next()) {
            (None, _) => {}
            (Some(only), None) => self.edges.push((only.node, holder.node)),
            // N objects of one name and M that hold it cost N + M edges.
            (Some(_), Some(_)) => {
                let node = *self.together.entry(name.to_owned()).or_insert_with(|| {
                    let node = edges.node();
                    for owner in owners.iter().filter(|owner| !owner.destroyed) {
                        edges.add(owner.node, node, Evidence::Identity);
                    }
                    node
                });
                self.edges.push((node, holder.node));
            }
        }
    }
}

#[derive(Debug)]
struct Owner {
    unit: usize,
    node: NodeId,
    destroyed: bool,
    /// It is destroyed, or tells which instance of a destroyed object's block is meant.
    searched: bool,
}

fn destroyed<'p>(plan: &'p Plan<'_>) -> impl Iterator<Item = &'p str> {
    let changes = plan.changes.iter().filter(|c| c.mode == Mode::Managed && c.deposed.is_none());
    changes.filter(|change| change.action.may_destroy()).map(|change| change.address.as_ref())
}

/// The identities to look for, as they stand in JSON.
fn owners(plans: &[Plan<'_>], offsets: &[usize]) -> HashMap<String, Vec<Owner>> {
    let mut found: HashMap<String, Vec<Owner>> = HashMap::new();
    for (unit, (plan, offset)) in plans.iter().zip(offsets).enumerate() {
        let destroyed: HashSet<&str> = destroyed(plan).collect();
        if destroyed.is_empty() && plans.len() == 1 {
            continue;
        }
        let mut size: HashMap<&str, (usize, bool)> = HashMap::new();
        for instance in &plan.estate.instances {
            let entry = size.entry(&instance.block).or_default();
            *entry = (entry.0.saturating_add(1), entry.1 || destroyed.contains(instance.address.as_ref()));
        }
        for (place, instance) in plan.estate.instances.iter().enumerate() {
            let gone = destroyed.contains(instance.address.as_ref());
            let sibling = size.get(instance.block.as_ref()).is_some_and(|(count, any)| *any && *count > 1);
            let wanted = gone || sibling || plans.len() > 1;
            if instance.deposed.is_some() || instance.mode == Mode::Data || !wanted {
                continue;
            }
            for name in names(instance) {
                let node = NodeId::new(offset.saturating_add(place));
                let owner = Owner { unit, node, destroyed: gone, searched: gone || sibling };
                found.entry(name).or_default().push(owner);
            }
        }
    }
    found
}

/// An object's identities, escaped as in JSON, without the quotes.
pub(super) fn names(instance: &Instance<'_>) -> Vec<String> {
    let picked = instance.values.pick(|name| NAMES.contains(&name));
    let mut found: Vec<String> = NAMES
        .iter()
        .filter_map(|name| match picked.get(name) {
            Value::Text(text) if is_telling(text) => serde_json::to_string(text).ok(),
            _ => None,
        })
        .map(|quoted| quoted.trim_matches('"').to_owned())
        .collect();
    let given = instance.values.ids().iter().filter(|id| is_telling(id));
    found.extend(
        given.filter_map(|id| serde_json::to_string(id).ok()).map(|quoted| quoted.trim_matches('"').to_owned()),
    );
    found.sort_unstable();
    found.dedup();
    found
}

/// Long and odd enough not to stand somewhere by chance.
pub(super) fn is_telling(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let marks = text.bytes().filter(|b| b"-/:._".contains(b)).count();
    text.len() >= 6 && (digits > 0 || marks > 0) && (digits < text.len() || digits >= 9)
}

/// The contents of every string in a JSON text, escapes as they stand.
pub(super) fn strings(json: &str) -> impl Iterator<Item = &str> {
    let mut rest = json;
    std::iter::from_fn(move || {
        let (_, inside) = rest.split_once('"')?;
        let mut end = 0_usize;
        loop {
            let found = inside.get(end..)?.find(['"', '\\'])?;
            end = end.saturating_add(found);
            if inside.as_bytes().get(end) == Some(&b'"') {
                break;
            }
            end = end.saturating_add(2);
        }
        let (string, tail) = inside.split_at_checked(end)?;
        rest = tail.get(1..)?;
        Some(string)
    })
}

#[cfg(test)]
mod tests {
    use super::{is_telling, strings};

    #[test]
    fn strings_are_found_whole() {
        let json = r#"{"a":"x","b\"c":["d\\","e"],"n":1}"#;
        assert_eq!(strings(json).collect::<Vec<_>>(), ["a", "x", r#"b\"c"#, r"d\\", "e", "n"]);
    }

    #[test]
    fn short_and_common_strings_tell_nothing() {
        for common in ["main", "default", "true", "production", "12345", "1.2"] {
            assert!(!is_telling(common), "{common}");
        }
        for telling in ["vpc-0a1b", "arn:aws:s3:::acme", "111122223333", "acme-receipts"] {
            assert!(is_telling(telling), "{telling}");
        }
    }
}
