//! A rename without `moved`: say that both addresses are one thing.

use std::collections::BTreeSet;

use super::{Language, Paste, Subject, Way, WayOut, hcl, shell};
use crate::facts::{ChangeFacts, Effect, Facts, prefixes, without_last_key};
use crate::plan::{Mode, Parts, modules_of};

pub(super) const WAY: Way = Way { find };

/// The tool knows `moved` blocks from this version on.
const MOVED_SINCE: (u32, u32) = (1, 1);

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let (place, old) = subject.root?;
    let new = subject.facts.changes.get(subject.facts.renames.to(place)?)?;
    let (from, to) = statement(subject.facts, old, new);
    let text = format!("{from} and {to} look like one thing under two addresses. Say so, and nothing is destroyed.");
    let paste = if subject.tool_is_at_least(MOVED_SINCE) {
        Some(Paste { language: Language::Hcl, text: block(&from, &to)? })
    } else {
        let (from, to) = (shell::quoted(&from)?, shell::quoted(&to)?);
        Some(Paste { language: Language::Shell, text: format!("terraform state mv {from} {to}") })
    };
    Some(WayOut { id: "moved", text, paste })
}

/// The `moved` blocks for everything in a plan that looks renamed, as one text; `None` where nothing does.
#[must_use]
pub fn all(facts: &Facts<'_, '_>, plan: usize) -> Option<String> {
    let of_plan = |place: usize| facts.changes.get(place).filter(|change| change.plan == plan);
    let pairs = facts.renames.pairs().filter_map(|(from, to)| Some(statement(facts, of_plan(from)?, of_plan(to)?)));
    let blocks: BTreeSet<(String, String)> = pairs.collect();
    let blocks: Vec<String> = blocks.iter().filter_map(|(from, to)| block(from, to)).collect();
    (!blocks.is_empty()).then(|| blocks.join("\n"))
}

fn block(from: &str, to: &str) -> Option<String> {
    let (from, to) = (hcl::address(from)?, hcl::address(to)?);
    Some(format!("moved {{\n  from = {from}\n  to   = {to}\n}}"))
}

/// What was renamed, as widely as it holds: a whole module, a block with all its instances, or one object.
fn statement(facts: &Facts<'_, '_>, old: &ChangeFacts<'_, '_>, new: &ChangeFacts<'_, '_>) -> (String, String) {
    let (from, to) = (old.change.address.as_ref(), new.change.address.as_ref());
    if let Some((from, to)) = prefixes(from, to) {
        let whole = (without_last_key(from), without_last_key(to));
        for (from, to) in [whole, (from, to)] {
            if covers(facts, old.plan, from, to) {
                return (from.to_owned(), to.to_owned());
            }
        }
    }
    let (old_keys, new_keys) = (Parts::parse(from).keys, Parts::parse(to).keys);
    let blocks = (without_key(from), without_key(to));
    if old_keys.last() == new_keys.last() && covers(facts, old.plan, blocks.0, blocks.1) {
        return (blocks.0.to_owned(), blocks.1.to_owned());
    }
    (from.to_owned(), to.to_owned())
}

/// An address without the last key.
fn without_key(address: &str) -> &str {
    let module = modules_of(address).last().map_or(0, |module| module.len());
    let own = address.get(module..).unwrap_or_default();
    let length = own.find('[').map_or(address.len(), |at| module.saturating_add(at));
    address.get(..length).unwrap_or(address)
}

/// Everything that exists under one prefix is deleted, and is the same thing as what is made under the other.
fn covers(facts: &Facts<'_, '_>, plan: usize, from: &str, to: &str) -> bool {
    let Some(given) = facts.plans.get(plan) else { return false };
    let under = |address: &str| {
        address.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with(['.', '['])).map(str::to_owned)
    };
    let mut renamed = BTreeSet::new();
    for (old, new) in facts.renames.pairs() {
        let pair = facts.changes.get(old).filter(|change| change.plan == plan).zip(facts.changes.get(new));
        let Some((old, new)) = pair else { continue };
        if let Some(rest) = under(&old.change.address) {
            if new.change.address != format!("{to}{rest}") {
                return false;
            }
            renamed.insert(old.change.address.as_ref());
        }
    }
    let deleted: BTreeSet<&str> = facts
        .of_one(plan)
        .iter()
        .filter(|change| change.effect == Effect::Delete)
        .map(|change| change.change.address.as_ref())
        .collect();
    let objects = given.estate.instances.iter().filter(|i| i.mode == Mode::Managed && i.deposed.is_none());
    // What holds nothing and has no double is made anew at the other address in any case.
    objects.filter(|object| under(&object.address).is_some()).all(|object| {
        let address = object.address.as_ref();
        renamed.contains(address) || (deleted.contains(address) && !is_wanted(facts, plan, address, from, to))
    })
}

/// Something is made at the address that a moved object would take, and it is not the same thing.
fn is_wanted(facts: &Facts<'_, '_>, plan: usize, address: &str, from: &str, to: &str) -> bool {
    let Some(rest) = address.strip_prefix(from) else { return true };
    let target = format!("{to}{rest}");
    facts.of_one(plan).iter().any(|change| change.effect == Effect::Create && change.change.address == target)
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
