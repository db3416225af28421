//! An index that shifted: an element left or entered the list behind `count`, and everything behind it moved.

mod keyed;

use std::collections::HashSet;

use super::code::{Given, giving};
use super::{Language, Paste, Subject, Way, WayOut, hcl, secret};
use crate::facts::{ChangeFacts, Effect};
use crate::plan::{Key, Parts, Value, modules_of};

pub(super) const WAY: Way = Way { find };
pub(super) const LIST: Way = Way { find: list_back };
pub(super) const ID: &str = "shifted-index";

/// So many instances are looked at.
const MOST: usize = 50;

/// One instance of the block: its index, and its values before and after.
struct Slot<'a> {
    index: u64,
    before: Value<'a>,
    after: Value<'a>,
    /// It is made, or made again, so what is known of it afterwards was written by somebody.
    made: bool,
}

/// Values of one attribute at all indexes, as texts.
fn text(value: &Value<'_>, attribute: &str) -> Option<String> {
    value.get(attribute).text().map(str::to_owned)
}

/// What shifted: the instances, the attribute that tells them apart, and how it went.
fn shifted<'a>(subject: &Subject<'_, '_, 'a>) -> Option<(Vec<Slot<'a>>, String, Shift)> {
    let change = subject.root?.1;
    let parts = Parts::parse(&change.change.address);
    if !matches!(parts.keys.last(), Some(Key::Index(_))) {
        return None;
    }
    let slots = slots(subject, change)?;
    let found = naming(&slots).into_iter().find_map(|name| Some((name.to_owned(), shift(&slots, name)?)));
    let (attribute, shift) = found?;
    Some((slots, attribute, shift))
}

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let (slots, attribute, shift) = shifted(subject)?;
    let attribute = attribute.as_str();
    let change = subject.root?.1;
    let what = match shift {
        Shift::Up => {
            let gone = |slot: &&Slot<'_>| {
                let own = text(&slot.before, attribute);
                own.is_some() && !slots.iter().any(|other| text(&other.after, attribute) == own)
            };
            let index = slots.iter().find(gone).or(slots.first())?.index;
            format!("Element {index} left the list behind `count`, and those behind it moved up")
        }
        Shift::Down => "An element came into the list behind `count`, and those behind it moved down".to_owned(),
        Shift::Other => "The list behind `count` was put into another order".to_owned(),
    };
    let address = change.change.address.as_ref();
    let block = address.get(..address.rfind('[')?)?;
    Some(WayOut {
        id: ID,
        text: format!(
            "{what}, so objects are rebuilt that nobody meant. Key the block by {attribute} with `for_each`: then each object keeps its own key, whatever the order. What refers to the block by an index takes the key. Or put the list back."
        ),
        paste: keyed::paste(subject, block, &slots, attribute),
    })
}

/// The list as it was, where it is known where that is written.
fn list_back(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let (slots, attribute, _) = shifted(subject)?;
    let list = |of: &dyn Fn(&Slot<'_>) -> Option<String>| -> Value<'static> {
        Value::List(slots.iter().filter_map(of).map(|text| Value::Text(text.into())).collect())
    };
    let before = list(&|slot| text(&slot.before, &attribute));
    let after = list(&|slot| text(&slot.after, &attribute));
    let (language, text) = match giving(subject.plan()?, &subject.root?.1.change.block, &[&attribute], Some(&after)) {
        Given::ByVariable(name) => (Language::Variables, hcl::assignment(&[&name], &hcl::value(&before)?)?.join("\n")),
        Given::ByCall(module, name) => {
            (Language::Hcl, hcl::call(&module, &hcl::assignment(&[&name], &hcl::value(&before)?)?)?)
        }
        Given::Here | Given::Elsewhere => return None,
    };
    let sentence = "The list as it was, where it is given: nothing is rebuilt, and what was edited is not done.";
    Some(WayOut { id: "list-back", text: sentence.to_owned(), paste: Some(Paste { language, text }) })
}

/// Scripts and the like may hold secrets: they are no key, and are not written down.
fn is_free_text(name: &str) -> bool {
    name != "description" && secret::is_free_text(&[name])
}

/// All instances of a counted block, changed or not, by their index.
fn slots<'a>(subject: &Subject<'_, '_, 'a>, change: &ChangeFacts<'_, 'a>) -> Option<Vec<Slot<'a>>> {
    let plan = subject.plan()?;
    let module = modules_of(&change.change.address).last().map(|module| (*module).to_owned());
    let of_module = |address: &str| modules_of(address).last().map(|m| (*m).to_owned()) == module;
    let index_of = |address: &str| match Parts::parse(address).keys.last() {
        Some(Key::Index(index)) => Some(*index),
        _ => None,
    };
    let kept = || plan.estate.instances.iter().filter(|i| i.block == change.change.block && i.deposed.is_none());
    // A block may have thousands, each finding asks anew, and reading values is dear.
    if kept().filter(|i| of_module(&i.address)).nth(MOST).is_some() {
        return None;
    }
    let rows = subject.facts.of_one(subject.found.plan).iter();
    let rows = rows.filter(|row| row.change.block == change.change.block && !row.is_deposed());
    let rows = rows.filter(|row| of_module(&row.change.address));
    let mut slots: Vec<Slot<'a>> = rows
        .filter_map(|row| {
            let made = row.effect == Effect::Create || row.change.action.replaces();
            let (before, after) = (row.change.before.view(), row.change.after.view());
            Some(Slot { index: index_of(&row.change.address)?, before, after, made })
        })
        .take(MOST)
        .collect();
    // What is left as it is keeps its index.
    let known: HashSet<u64> = slots.iter().map(|slot| slot.index).collect();
    slots.extend(kept().filter(|i| of_module(&i.address)).filter_map(|instance| {
        let index = index_of(&instance.address).filter(|index| !known.contains(index))?;
        Some(Slot { index, before: instance.values.view(), after: instance.values.view(), made: false })
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
            different.len() == values.len() && !values.is_empty()
        })
    };
    let text = |value: &Value<'_>, name: &str| {
        let text = value.get(name).text().filter(|text| !text.is_empty()).map(str::to_owned);
        (!value.is_empty()).then_some(text)
    };
    let fits = |name: &&str| {
        !is_free_text(name) && tells(&|slot| text(&slot.before, name)) && tells(&|slot| text(&slot.after, name))
    };
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
    let from = |slot: &Slot<'_>| {
        let wanted = text(&slot.after, attribute)?;
        let other = slots.iter().find(|other| text(&other.before, attribute).as_ref() == Some(&wanted))?;
        (other.index != slot.index).then_some((slot.index, other.index))
    };
    let moves: Vec<(u64, u64)> = slots.iter().filter_map(from).collect();
    if moves.is_empty() {
        return None;
    }
    if moves.iter().all(|(to, from)| to < from) {
        return Some(Shift::Up);
    }
    Some(if moves.iter().all(|(to, from)| from < to) { Shift::Down } else { Shift::Other })
}
