//! What was renamed, as widely as it holds: so many pairs are one statement where a module or a block moved whole.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Renames;
use crate::facts::{ChangeFacts, Effect, Facts, without_last_key};
use crate::plan::{Configuration, Mode, Parts, modules_of};

/// The two prefixes that are left when two addresses drop the end that they share.
pub(super) fn prefixes<'a>(from: &'a str, to: &'a str) -> Option<(&'a str, &'a str)> {
    let (old, new) = (modules_of(from), modules_of(to));
    let pairs = old.iter().rev().flat_map(|old| new.iter().rev().map(move |new| (*old, *new)));
    // The longest common end belongs to the shortest pair of modules.
    pairs
        .filter(|(old, new)| from.get(old.len()..) == to.get(new.len()..))
        .min_by_key(|(old, new)| old.len().min(new.len()))
}

/// The statement of each pair, by the place of the delete.
pub(super) fn of(facts: &Facts<'_, '_>, renames: &Renames) -> BTreeMap<usize, (String, String)> {
    let mut found = BTreeMap::new();
    for plan in 0..facts.plans.len() {
        let Some(map) = Map::of(facts, renames, plan) else { continue };
        let mut known: HashMap<(String, String), bool> = HashMap::new();
        for (from, to) in renames.pairs() {
            let Some((old, new)) = facts.changes.get(from).zip(facts.changes.get(to)) else { continue };
            if old.plan == plan {
                found.insert(from, map.statement(&old.change.address, &new.change.address, &mut known));
            }
        }
    }
    found
}

/// The addresses of one plan.
struct Map<'f> {
    /// Everything managed that exists.
    exists: BTreeSet<&'f str>,
    deleted: BTreeSet<&'f str>,
    made: BTreeSet<&'f str>,
    pairs: HashMap<&'f str, &'f str>,
    configuration: &'f Configuration<'f>,
}

impl<'f> Map<'f> {
    fn of(facts: &'f Facts<'_, '_>, renames: &Renames, plan: usize) -> Option<Self> {
        let given = facts.plans.get(plan)?;
        let instances = given.estate.instances.iter();
        let exists = instances.filter(|i| i.mode == Mode::Managed && i.deposed.is_none()).map(|i| i.address.as_ref());
        let changes = facts.of_one(plan);
        let with = |effect: Effect| {
            let wanted = changes.iter().filter(move |change| change.effect == effect && !change.is_deposed());
            wanted.map(|change| change.change.address.as_ref()).collect::<BTreeSet<&str>>()
        };
        let address = |place: usize| -> Option<&'f ChangeFacts<'_, '_>> { facts.changes.get(place) };
        let pairs = renames.pairs().filter_map(|(from, to)| {
            let (old, new) = (address(from).filter(|old| old.plan == plan)?, address(to)?);
            Some((old.change.address.as_ref(), new.change.address.as_ref()))
        });
        Some(Self {
            exists: exists.collect(),
            deleted: with(Effect::Delete),
            made: with(Effect::Create),
            pairs: pairs.collect(),
            configuration: &given.configuration,
        })
    }

    fn statement(&self, from: &str, to: &str, known: &mut HashMap<(String, String), bool>) -> (String, String) {
        let mut wider: Vec<(&str, &str)> = Vec::new();
        if let Some((from, to)) = prefixes(from, to) {
            wider.extend([(without_last_key(from), without_last_key(to)), (from, to)]);
        }
        if Parts::parse(from).keys.last() == Parts::parse(to).keys.last() {
            wider.push((without_key(from), without_key(to)));
        }
        let found = wider.into_iter().find(|(from, to)| {
            let pair = ((*from).to_owned(), (*to).to_owned());
            *known.entry(pair).or_insert_with(|| self.covers(from, to))
        });
        let (from, to) = found.unwrap_or((from, to));
        (from.to_owned(), to.to_owned())
    }

    /// Everything that exists under one prefix is deleted, and is the same thing as what is made under the other; nothing is
    /// wanted under the old one any more. What holds nothing and has no double goes with it, and is deleted there.
    fn covers(&self, from: &str, to: &str) -> bool {
        if from == to || self.is_declared(from) || under(&self.made, from).next().is_some() {
            return false;
        }
        under(&self.exists, from).chain(under(&self.deleted, from)).all(|address| {
            let target = format!("{to}{}", address.get(from.len()..).unwrap_or_default());
            match self.pairs.get(address) {
                Some(renamed) => **renamed == *target,
                None => self.deleted.contains(address) && !self.made.contains(target.as_str()),
            }
        })
    }

    /// The configuration still has the block, or calls the module: then only instances of it can be moved away.
    fn is_declared(&self, address: &str) -> bool {
        if address.ends_with(']') {
            return false;
        }
        let is_module = modules_of(address).last() == Some(&address);
        let inside = if is_module { format!("{address}.a.b") } else { address.to_owned() };
        let block = Parts::parse(&inside).block.into_owned();
        let name = block.strip_suffix("a.b").filter(|_| is_module).map(|prefix| format!("{prefix}(call)"));
        self.configuration.place(&name.unwrap_or(block)).is_some()
    }
}

/// The addresses that are a prefix itself, or lie under it.
fn under<'s>(all: &'s BTreeSet<&'s str>, prefix: &'s str) -> impl Iterator<Item = &'s str> + 's {
    let near = all.range(prefix..).take_while(move |address| address.starts_with(prefix)).copied();
    near.filter(move |address| {
        address.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

/// An address without the last key.
fn without_key(address: &str) -> &str {
    let module = modules_of(address).last().map_or(0, |module| module.len());
    let own = address.get(module..).unwrap_or_default();
    let length = own.find('[').map_or(address.len(), |at| module.saturating_add(at));
    address.get(..length).unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::without_key;

    #[test]
    fn only_the_last_key_goes() {
        assert_eq!(without_key(r#"module.a["x"].aws_lb.y["z"]"#), r#"module.a["x"].aws_lb.y"#);
        assert_eq!(without_key("aws_lb.y"), "aws_lb.y");
    }
}
