//! Collections that an update leaves empty: environment variables, alerts, rules, listeners.
//!
//! No delete and no replacement is in such a plan, and still a service stands there bare afterwards.

use std::collections::{HashMap, HashSet};

use crate::plan::{Action, BlockKind, Document, Plan, ResourceChange, Value, words};

/// Words in the names of collections that say nothing about how a thing works.
const ASIDE: [&str; 9] =
    ["annotation", "annotations", "keepers", "label", "labels", "tag", "tags", "timeouts", "triggers"];

fn is_aside(name: &str) -> bool {
    words(name).iter().any(|word| ASIDE.contains(&word.as_str()))
}

/// The paths of all collections that had entries and are known to have none afterwards.
pub(super) fn find(
    change: &ResourceChange<'_>,
    before: &Value<'_>,
    after: &Value<'_>,
    remade: &Remade<'_>,
) -> Vec<String> {
    let mut found = Vec::new();
    compare("", before, after, &mut found);
    found.retain(|path| !remade.stands_for(change, path));
    found
}

fn compare(path: &str, before: &Value<'_>, after: &Value<'_>, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(members), _) if path.is_empty() || !after.is_empty() => {
            let after = index(after);
            for (name, value) in members {
                if !is_aside(name) {
                    let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
                    compare(&path, value, after.get(name.as_ref()).copied().unwrap_or(&Value::Null), found);
                }
            }
        }
        (Value::List(old), Value::List(new)) if !new.is_empty() => {
            for (place, item) in old.iter().enumerate() {
                if let Some(partner) = partner(item, place, old, new) {
                    compare(path, item, partner, found);
                }
            }
        }
        (collection, gone)
            if had_entries(collection) && gone.is_empty() && !found.iter().any(|known| known == path) =>
        {
            found.push(path.to_owned());
        }
        _ => {}
    }
}

/// An object's members by name, since there may be very many.
fn index<'v, 'a>(value: &'v Value<'a>) -> HashMap<&'v str, &'v Value<'a>> {
    match value {
        Value::Object(members) => members.iter().map(|(name, member)| (name.as_ref(), member)).collect(),
        _ => HashMap::new(),
    }
}

fn had_entries(value: &Value<'_>) -> bool {
    match value {
        Value::List(items) => !items.is_empty(),
        // A map with values, not an object whose attributes are all null.
        Value::Object(members) => members.iter().any(|(_, member)| !member.is_empty()),
        Value::Sensitive(secret) => secret.is_collection() && !value.is_empty(),
        _ => false,
    }
}

/// The element of the new list that an element of the old one became: the one of the same name, else the one at the
/// same place where the lists are of one length.
fn partner<'v, 'a>(item: &Value<'a>, place: usize, old: &[Value<'a>], new: &'v [Value<'a>]) -> Option<&'v Value<'a>> {
    if !matches!(item, Value::Object(_)) {
        return None;
    }
    let named = ["name", "key", "id", "Name", "Key", "Id"].iter().find(|key| item.get(key).text().is_some());
    match named {
        Some(key) => new.iter().find(|other| other.get(key) == item.get(key)),
        None if old.len() == new.len() => new.get(place),
        None => None,
    }
}

/// What the plan makes as resources of their own: rules that move out of a group's own list, for example.
pub(super) struct Remade<'p> {
    kinds: HashMap<&'p str, HashSet<&'p str>>,
    plan: &'p Plan<'p>,
}

impl<'p> Remade<'p> {
    pub(super) fn of<'a: 'p>(plan: &'p Plan<'a>) -> Self {
        let mut kinds: HashMap<&str, HashSet<&str>> = HashMap::new();
        for change in plan.changes.iter().filter(|c| c.action == Action::Create) {
            kinds.entry(&change.kind).or_default().insert(&change.block);
        }
        Self { kinds, plan }
    }

    /// Whether the plan makes resources that take the place of a list of this object: their type is called after the
    /// object's type or after the list, or joins two things, and their configuration refers to the object.
    fn stands_for(&self, change: &ResourceChange<'_>, path: &str) -> bool {
        let list = words(path.rsplit('.').next().unwrap_or(path));
        let provider = change.kind.split('_').next().unwrap_or_default();
        let called: Vec<&str> = list.iter().map(|word| singular(word)).chain(["attachment", "association"]).collect();
        let called_after = |kind: &str| {
            let longer = kind.strip_prefix(change.kind.as_ref());
            let longer = longer.is_some_and(|rest| rest.starts_with(|c: char| c == '_' || c.is_ascii_uppercase()));
            // What stands before the last colon of a template's type is its service.
            let name = words(kind.rsplit("::").next().unwrap_or(kind));
            longer || name.iter().map(|word| singular(word)).any(|word| word != provider && called.contains(&word))
        };
        self.kinds
            .iter()
            .filter(|(kind, _)| **kind != change.kind && called_after(kind))
            .flat_map(|(_, blocks)| blocks)
            .any(|block| refers(self.plan, block, &change.block))
    }
}

fn singular(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}

/// Whether one block's configuration leads to another, through variables and the like but not through other resources.
fn refers(plan: &Plan<'_>, from: &str, to: &str) -> bool {
    let blocks = &plan.configuration.blocks;
    // What the new objects of a stack refer to, its change set does not say.
    if !plan.configuration.present || plan.header.document == Document::ChangeSet {
        return true;
    }
    let Some(start) = plan.configuration.place(from) else { return false };
    let (mut seen, mut open) = (HashSet::from([start]), vec![start]);
    while let Some(block) = open.pop().and_then(|place| blocks.get(place)) {
        for target in block.references.iter().map(|reference| reference.target) {
            let Some(next) = blocks.get(target) else { continue };
            if *next.address == *to {
                return true;
            }
            if next.kind == BlockKind::Carrier && seen.insert(target) {
                open.push(target);
            }
        }
    }
    false
}
