//! An index that shifted: an element left or entered the list behind `count`, and everything behind it moved.

use std::collections::HashSet;

use super::{Language, Paste, Subject, Way, WayOut, hcl};
use crate::facts::ChangeFacts;
use crate::plan::{Key, Parts, Value};

pub(super) const WAY: Way = Way { find };

/// So many instances are looked at.
const MOST: usize = 50;

/// One instance of the block: its index, and its values before and after.
struct Slot<'a> {
    index: u64,
    before: Value<'a>,
    after: Value<'a>,
}

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let change = subject.root?.1;
    let parts = Parts::parse(&change.change.address);
    if !matches!(parts.keys.last(), Some(Key::Index(_))) {
        return None;
    }
    let slots = slots(subject, change)?;
    let (attribute, shift) = naming(&slots).into_iter().find_map(|name| Some((name, shift(&slots, name)?)))?;
    let text = |value: &Value<'_>| value.get(attribute).text().map(str::to_owned);
    let address = change.change.address.as_ref();
    let block = address.get(..address.rfind('[')?)?;
    let what = match shift {
        Shift::Up => {
            let stays = |slot: &&Slot<'_>| slots.iter().any(|other| text(&other.after) == text(&slot.before));
            let index = slots.iter().find(|slot| !slot.before.is_empty() && !stays(slot)).or(slots.first())?.index;
            format!("Element {index} left the list behind `count`, and those behind it moved up")
        }
        Shift::Down => "An element came into the list behind `count`, and those behind it moved down".to_owned(),
        Shift::Other => "The list behind `count` was put into another order".to_owned(),
    };
    let keys: Vec<(u64, String)> = slots.iter().filter_map(|slot| Some((slot.index, text(&slot.before)?))).collect();
    let moves: Option<Vec<String>> = keys
        .iter()
        .map(|(index, key)| {
            let from = hcl::with_key(block, &Key::Index(*index));
            let to = hcl::with_key(block, &Key::Text(key.as_str().into()));
            Some(format!("moved {{\n  from = {}\n  to   = {}\n}}", hcl::address(&from)?, hcl::address(&to)?))
        })
        .collect();
    let wanted: Vec<String> = slots.iter().filter_map(|slot| text(&slot.after)).map(|key| hcl::string(&key)).collect();
    let head = format!(
        "# In {block}: for_each = toset([{}]) in place of count,\n# and each.key in place of the list's element, here {attribute}.",
        wanted.join(", ")
    );
    Some(WayOut {
        id: "shifted-index",
        text: format!(
            "{what}, so objects are rebuilt that nobody meant. Put the list back, or key the block by {attribute} with `for_each`: then each object keeps its own key, whatever the order."
        ),
        paste: moves.map(|moves| Paste { language: Language::Hcl, text: format!("{head}\n{}", moves.join("\n")) }),
    })
}

/// All instances of a counted block, changed or not, by their index.
fn slots<'a>(subject: &Subject<'_, '_, 'a>, change: &ChangeFacts<'_, 'a>) -> Option<Vec<Slot<'a>>> {
    let plan = subject.plan()?;
    let module = crate::plan::modules_of(&change.change.address).last().map(|module| (*module).to_owned());
    let of_module = |address: &str| crate::plan::modules_of(address).last().map(|m| (*m).to_owned()) == module;
    let index_of = |address: &str| match Parts::parse(address).keys.last() {
        Some(Key::Index(index)) => Some(*index),
        _ => None,
    };
    let rows = subject.facts.of_one(subject.found.plan).iter().map(|one| one.change);
    let rows = rows.filter(|row| row.block == change.change.block && of_module(&row.address) && row.deposed.is_none());
    let mut slots: Vec<Slot<'a>> = rows
        .filter_map(|row| {
            Some(Slot { index: index_of(&row.address)?, before: row.before.view(), after: row.after.view() })
        })
        .take(MOST)
        .collect();
    // What is left as it is keeps its index.
    let known: Vec<u64> = slots.iter().map(|slot| slot.index).collect();
    let kept = plan
        .estate
        .instances
        .iter()
        .filter(|i| i.block == change.change.block && of_module(&i.address) && i.deposed.is_none());
    slots.extend(kept.filter_map(|instance| {
        let index = index_of(&instance.address).filter(|index| !known.contains(index))?;
        Some(Slot { index, before: instance.values.view(), after: instance.values.view() })
    }));
    slots.sort_by_key(|slot| slot.index);
    (slots.len() > 1 && slots.len() <= MOST).then_some(slots)
}

/// The attributes that tell the instances apart: text, known before and after, and different for each. Names come first.
fn naming<'s>(slots: &'s [Slot<'_>]) -> Vec<&'s str> {
    let Some(Value::Object(members)) = slots.iter().map(|slot| &slot.before).find(|before| !before.is_empty()) else {
        return Vec::new();
    };
    let tells = |side: &dyn Fn(&Slot<'_>) -> Option<Option<String>>| {
        let values: Option<Vec<String>> = slots.iter().filter_map(side).collect();
        values.is_some_and(|values| {
            let different: HashSet<&String> = values.iter().collect();
            different.len() == values.len() && values.len() > 1
        })
    };
    let text = |value: &Value<'_>, name: &str| {
        let text = value.get(name).text().filter(|text| !text.is_empty()).map(str::to_owned);
        (!value.is_empty()).then_some(text)
    };
    let fits = |name: &&str| tells(&|slot| text(&slot.before, name)) && tells(&|slot| text(&slot.after, name));
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_ref()).filter(fits).collect();
    names.sort_by_key(|name| (!name.ends_with("name"), name.len()));
    names
}

/// How the instances changed places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shift {
    Up,
    Down,
    Other,
}

/// Whether instances take the places of others, by an attribute that tells them apart.
fn shift(slots: &[Slot<'_>], attribute: &str) -> Option<Shift> {
    let text = |value: &Value<'_>| value.get(attribute).text().map(str::to_owned);
    let from = |slot: &Slot<'_>| {
        let wanted = text(&slot.after)?;
        let other = slots.iter().find(|other| text(&other.before).as_ref() == Some(&wanted))?;
        (other.index != slot.index).then_some((slot.index, other.index))
    };
    let moves: Vec<(u64, u64)> = slots.iter().filter_map(from).collect();
    if moves.is_empty() {
        return None;
    }
    if moves.iter().all(|(to, from)| to.checked_add(1) == Some(*from)) {
        return Some(Shift::Up);
    }
    Some(if moves.iter().all(|(to, from)| from.checked_add(1) == Some(*to)) { Shift::Down } else { Shift::Other })
}
