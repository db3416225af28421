//! Deletes and creates that are one thing under another address.
//!
//! Without a `moved` block a tool cannot tell a rename from a loss: it deletes the old address and makes the new one. The
//! two are matched by type, by the attributes that name a thing, and by everything else that is known of both. A pair is
//! made only where nothing known contradicts it and nothing else fits as well: a wrong `moved` block would hand one
//! thing's records to another.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{ChangeFacts, Effect, Facts};
use crate::plan::{Parts, Value, modules_of};

/// So many candidates of one type are compared with one deleted object.
const CANDIDATES: usize = 200;

/// So many attributes must agree where no attribute names the thing.
const TELLING: usize = 2;

/// Which deleted objects are made again under another address.
#[derive(Debug, Default)]
pub struct Renames {
    to: BTreeMap<usize, usize>,
    from: BTreeMap<usize, usize>,
    addresses: HashMap<(usize, String), usize>,
}

/// The places of what is deleted and of what is made, by plan and type.
type Kinds<'f> = BTreeMap<(usize, &'f str), (Vec<usize>, Vec<usize>)>;

/// How much two objects are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Likeness {
    /// Attributes that name a thing and agree.
    names: usize,
    /// How much the addresses have in common.
    address: usize,
    /// Other attributes that agree.
    same: usize,
}

impl Renames {
    /// Finds the pairs in all plans. Costs nothing where nothing is deleted or nothing is made.
    pub(super) fn of(facts: &Facts<'_, '_>) -> Self {
        let mut renames = Self::default();
        let mut kinds = Kinds::new();
        for (place, change) in facts.changes.iter().enumerate().filter(|(_, change)| !change.is_deposed()) {
            let kind = kinds.entry((change.plan, &change.change.kind)).or_default();
            match change.effect {
                Effect::Delete => kind.0.push(place),
                Effect::Create if !change.change.importing => kind.1.push(place),
                _ => {}
            }
        }
        for (deleted, made) in kinds.values().filter(|(deleted, made)| !deleted.is_empty() && !made.is_empty()) {
            renames.pair(facts, deleted, made);
        }
        renames.follow_modules(facts, &kinds);
        let created = |(from, to): (&usize, &usize)| {
            let change = facts.changes.get(*to)?;
            Some(((change.plan, change.change.address.to_string()), *from))
        };
        renames.addresses = renames.to.iter().filter_map(created).collect();
        renames
    }

    /// The place of the change that makes again what the change at `place` deletes.
    #[must_use]
    pub fn to(&self, place: usize) -> Option<usize> {
        self.to.get(&place).copied()
    }

    /// The place of the change that deletes what this change makes again.
    #[must_use]
    pub fn from(&self, made: &ChangeFacts<'_, '_>) -> Option<usize> {
        self.addresses.get(&(made.plan, made.change.address.to_string())).copied()
    }

    /// All pairs: the places of a delete and of a create.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.to.iter().map(|(from, to)| (*from, *to))
    }

    fn add(&mut self, from: usize, to: usize) {
        self.to.insert(from, to);
        self.from.insert(to, from);
    }

    /// Pairs what fits each other best, and nothing else as well.
    fn pair(&mut self, facts: &Facts<'_, '_>, deleted: &[usize], made: &[usize]) {
        let (old, new) = (values(facts, deleted, true), values(facts, made, false));
        let alone = deleted.len() == 1 && made.len() == 1;
        let mut found: Vec<(Likeness, usize, usize)> = Vec::new();
        for (from, before) in deleted.iter().zip(&old) {
            let near = new.iter().zip(made).filter(|(after, _)| shares_name(before, after) || made.len() <= CANDIDATES);
            for (after, to) in near.take(CANDIDATES) {
                let address = likeness_of(facts, *from, *to);
                found.extend(likeness(before, after, address, alone).map(|like| (like, *from, *to)));
            }
        }
        let best = |one: &dyn Fn(&(Likeness, usize, usize)) -> usize| {
            let mut best: HashMap<usize, (Likeness, usize)> = HashMap::new();
            for entry in &found {
                let known = best.entry(one(entry)).or_insert((entry.0, 0));
                match entry.0.cmp(&known.0) {
                    std::cmp::Ordering::Greater => *known = (entry.0, 1),
                    std::cmp::Ordering::Equal => known.1 = known.1.saturating_add(1),
                    std::cmp::Ordering::Less => {}
                }
            }
            best
        };
        let (of_old, of_new) = (best(&|entry| entry.1), best(&|entry| entry.2));
        for (like, from, to) in &found {
            if of_old.get(from) == Some(&(*like, 1)) && of_new.get(to) == Some(&(*like, 1)) {
                self.add(*from, *to);
            }
        }
    }

    /// Where most of a module was renamed into another, the rest of it was too, unless something contradicts that.
    fn follow_modules(&mut self, facts: &Facts<'_, '_>, kinds: &Kinds<'_>) {
        let address = |place: &usize| facts.changes.get(*place).map(|change| change.change.address.as_ref());
        let moves: HashSet<(&str, &str)> = self
            .to
            .iter()
            .filter_map(|(from, to)| prefixes(address(from)?, address(to)?))
            .filter(|(from, to)| !from.is_empty() && !to.is_empty())
            .collect();
        let mut targets: HashMap<&str, Vec<&str>> = HashMap::new();
        for (from, to) in moves {
            targets.entry(from).or_default().push(to);
        }
        for (deleted, made) in kinds.values() {
            let made: HashMap<&str, usize> = made.iter().filter_map(|place| Some((address(place)?, *place))).collect();
            for from in deleted.iter().filter(|place| !self.to.contains_key(place)).copied().collect::<Vec<_>>() {
                let Some(old) = address(&from) else { continue };
                let wanted =
                    modules_of(old).into_iter().rev().find_map(|module| match targets.get(module)?.as_slice() {
                        [only] => Some(format!("{only}{}", old.get(module.len()..)?)),
                        _ => None,
                    });
                let to = wanted.and_then(|wanted| made.get(wanted.as_str()).copied());
                if let Some(to) = to.filter(|to| !self.from.contains_key(to) && !contradicts(facts, from, *to)) {
                    self.add(from, to);
                }
            }
        }
    }
}

/// The two prefixes that are left when two addresses drop the end that they share.
pub(crate) fn prefixes<'a>(from: &'a str, to: &'a str) -> Option<(&'a str, &'a str)> {
    let (old, new) = (modules_of(from), modules_of(to));
    let pairs = old.iter().rev().flat_map(|old| new.iter().rev().map(move |new| (*old, *new)));
    // The longest common end belongs to the shortest pair of modules.
    pairs
        .filter(|(old, new)| from.get(old.len()..) == to.get(new.len()..))
        .min_by_key(|(old, new)| old.len().min(new.len()))
}

fn values<'a>(facts: &Facts<'_, 'a>, places: &[usize], before: bool) -> Vec<Value<'a>> {
    let view =
        |change: &ChangeFacts<'_, 'a>| if before { change.change.before.view() } else { change.change.after.view() };
    places.iter().map(|place| facts.changes.get(*place).map_or(Value::Null, view)).collect()
}

fn contradicts(facts: &Facts<'_, '_>, from: usize, to: usize) -> bool {
    let (old, new) = (values(facts, &[from], true), values(facts, &[to], false));
    old.first().zip(new.first()).is_none_or(|(old, new)| compare(old, new).is_none())
}

/// How much two addresses have in common: the same name, the same key, the same place in another module.
fn likeness_of(facts: &Facts<'_, '_>, from: usize, to: usize) -> usize {
    let address = |place: usize| facts.changes.get(place).map_or("", |change| change.change.address.as_ref());
    let (from, to) = (address(from), address(to));
    let (old, new) = (Parts::parse(from), Parts::parse(to));
    let name = |parts: &Parts<'_>| parts.block.rsplit('.').next().map(str::to_owned);
    let same_name = usize::from(name(&old) == name(&new));
    let same_key = usize::from(!old.keys.is_empty() && old.keys.last() == new.keys.last());
    let module = |address: &str| modules_of(address).last().map(|module| (*module).to_owned());
    same_name.saturating_add(same_key).saturating_add(usize::from(module(from) == module(to)))
}

/// What may differ in one thing under two addresses, and tells nothing where it agrees.
const LABELS: [&str; 8] =
    ["tags", "tags_all", "labels", "effective_labels", "terraform_labels", "timeouts", "description", "user_labels"];

/// Attributes that name what a thing belongs to, not the thing.
const OWNERS: [&str; 9] = [
    "cluster_name",
    "database_name",
    "engine_name",
    "family_name",
    "namespace_name",
    "resource_group_name",
    "server_name",
    "storage_account_name",
    "virtual_network_name",
];

/// Attributes that name a thing without ending in `name` or `identifier`.
const NAMES: [&str; 14] = [
    "account_id",
    "address_prefixes",
    "address_space",
    "bucket",
    "cidr_block",
    "dataset_id",
    "email",
    "hostname",
    "ip_cidr_range",
    "key",
    "project_id",
    "repository_id",
    "secret_id",
    "table_id",
];

fn is_name(attribute: &str) -> bool {
    let ends = attribute == "name" || attribute.ends_with("_name") || attribute.ends_with("identifier");
    (ends || NAMES.contains(&attribute)) && !OWNERS.contains(&attribute)
}

/// What two objects' attributes say of each other: how many names agree, how many others, how many differ. `None` where
/// two names differ: they are two things.
fn compare(before: &Value<'_>, after: &Value<'_>) -> Option<(usize, usize, usize)> {
    let Value::Object(members) = after else { return None };
    let (mut names, mut same, mut differ) = (0_usize, 0_usize, 0_usize);
    let one_more = |count: &mut usize| *count = count.saturating_add(1);
    for (attribute, value) in members.iter().filter(|(name, _)| !LABELS.contains(&name.as_ref())) {
        if matches!(value, Value::Unknown | Value::Null) || value.is_empty() || holds_unknown(value) {
            continue;
        }
        let was = before.get(attribute);
        let agrees = was == value;
        match (is_name(attribute), agrees) {
            (true, true) => one_more(&mut names),
            (true, false) => return None,
            (false, true) => same = same.saturating_add(usize::from(!matches!(value, Value::Bool(_)))),
            (false, false) => one_more(&mut differ),
        }
    }
    // A Kubernetes object has its name inside `metadata`; a network mostly has one in a tag.
    for path in [&["metadata", "name"][..], &["metadata", "namespace"], &["tags", "Name"]] {
        match (before.at(path).first(), after.at(path).first()) {
            (Some(Value::Text(old)), Some(Value::Text(new))) if old == new => one_more(&mut names),
            (Some(Value::Text(_)), Some(Value::Text(_))) if path.first() == Some(&"metadata") => return None,
            _ => {}
        }
    }
    Some((names, same, differ))
}

fn holds_unknown(value: &Value<'_>) -> bool {
    match value {
        Value::Unknown => true,
        Value::List(items) => items.iter().any(holds_unknown),
        Value::Object(members) => members.iter().any(|(_, member)| holds_unknown(member)),
        _ => false,
    }
}

/// Some attribute that names a thing agrees.
fn shares_name(before: &Value<'_>, after: &Value<'_>) -> bool {
    compare(before, after).is_some_and(|(names, _, _)| names > 0)
}

/// Whether a deleted and a made object are one thing, and how sure that is.
fn likeness(before: &Value<'_>, after: &Value<'_>, address: usize, alone: bool) -> Option<Likeness> {
    let (names, same, differ) = compare(before, after)?;
    let by_name = names > 0 && differ <= names.saturating_add(same) / 2;
    // Without a name in common, everything known must agree, and the address or the lack of others must tell.
    let by_rest = names == 0 && differ == 0 && same >= TELLING && (alone || address > 1);
    (by_name || by_rest).then_some(Likeness { names, address, same })
}
