//! Edges from identities: the id, ARN or self link of a destroyed object, found among other objects' values.
//!
//! This sees what no reference shows: ids copied by hand, passed through local values, or used in another stack. Only
//! whole strings count, and only those of destroyed objects and of their siblings in the same block, which tell which
//! instance is meant.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Edges, Evidence, NodeId};
use crate::plan::{Instance, Mode, Plan, Value};

/// Who holds whose identity.
#[derive(Debug, Default)]
pub(super) struct Identities {
    held: HashSet<(NodeId, NodeId)>,
    /// The same, in order, for the destroyed objects alone.
    edges: Vec<(NodeId, NodeId)>,
}

/// Attributes that say what an object is called by others.
const NAMES: [&str; 3] = ["id", "arn", "self_link"];

/// Looks for the identities of everything that is destroyed. Costs nothing where nothing is.
pub(super) fn search(plans: &[Plan<'_>], offsets: &[usize]) -> Identities {
    let owners = owners(plans, offsets);
    if owners.is_empty() {
        return Identities::default();
    }
    let mut identities = Identities::default();
    for (plan, offset) in plans.iter().zip(offsets) {
        for (place, instance) in plan.estate.instances.iter().enumerate() {
            let node = NodeId::new(offset.saturating_add(place));
            if instance.deposed.is_none() {
                identities.look_into(node, instance, &owners);
            }
        }
    }
    identities
}

impl Identities {
    /// An object's values hold the identity of another.
    pub(super) fn holds(&self, holder: NodeId, owner: NodeId) -> bool {
        self.held.contains(&(holder, owner))
    }

    /// Adds the edges.
    pub(super) fn connect(&self, edges: &mut Edges) {
        for (owner, holder) in &self.edges {
            edges.add(*owner, *holder, Evidence::Identity);
        }
    }

    fn look_into(&mut self, holder: NodeId, instance: &Instance<'_>, owners: &BTreeMap<String, Vec<Owner>>) {
        let mut own: Option<Vec<String>> = None;
        for text in strings(instance.values.search()) {
            let Some((name, all)) = owners.get_key_value(text) else { continue };
            // Where two objects go by one name (a bucket and its policy), neither is told to stand on the other by it.
            // A data source that has the name as its own has read that very object.
            let own = own.get_or_insert_with(|| names(instance));
            if instance.mode == Mode::Managed && own.contains(name) {
                continue;
            }
            for owner in all.iter().filter(|owner| owner.node != holder) {
                if self.held.insert((holder, owner.node)) && owner.destroyed {
                    self.edges.push((owner.node, holder));
                }
            }
        }
    }
}

struct Owner {
    node: NodeId,
    destroyed: bool,
}

/// The identities to look for, as they stand in JSON.
fn owners(plans: &[Plan<'_>], offsets: &[usize]) -> BTreeMap<String, Vec<Owner>> {
    let mut found: BTreeMap<String, Vec<Owner>> = BTreeMap::new();
    for (plan, offset) in plans.iter().zip(offsets) {
        let destroyed: HashSet<&str> = plan
            .changes
            .iter()
            .filter(|c| c.mode == Mode::Managed && c.deposed.is_none() && c.action.destroys())
            .map(|c| c.address.as_ref())
            .collect();
        if destroyed.is_empty() {
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
            if instance.deposed.is_some() || instance.mode == Mode::Data || !(gone || sibling) {
                continue;
            }
            for name in names(instance) {
                let node = NodeId::new(offset.saturating_add(place));
                found.entry(name).or_default().push(Owner { node, destroyed: gone });
            }
        }
    }
    found
}

/// An object's identities, escaped as in JSON, without the quotes.
fn names(instance: &Instance<'_>) -> Vec<String> {
    let picked = instance.values.pick(|name| NAMES.contains(&name));
    let mut found: Vec<String> = NAMES
        .iter()
        .filter_map(|name| match picked.get(name) {
            Value::Text(text) if is_telling(text) => serde_json::to_string(text).ok(),
            _ => None,
        })
        .map(|quoted| quoted.trim_matches('"').to_owned())
        .collect();
    found.dedup();
    found
}

/// Long and odd enough not to stand somewhere by chance.
fn is_telling(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let marks = text.bytes().filter(|b| b"-/:._".contains(b)).count();
    text.len() >= 6 && (digits > 0 || marks > 0) && (digits < text.len() || digits >= 9)
}

/// The contents of every string in a JSON text, escapes as they stand.
fn strings(json: &str) -> impl Iterator<Item = &str> {
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
