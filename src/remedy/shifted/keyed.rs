//! A counted block as one with keys, and where its objects go.

use super::{Slot, is_free_text, text};
use crate::plan::{Key, Value, modules_of};
use crate::remedy::code::is_shared;
use crate::remedy::{Language, Paste, Subject, hcl};

/// What no argument is, though it may differ from instance to instance.
const COMPUTED: [&str; 4] = ["arn", "id", "tags_all", "terraform_labels"];

/// The block with `for_each`, and a `moved` block for each of its objects; `None` where it cannot be told what differs
/// from one object to the next, or where others share the code.
pub(super) fn paste(subject: &Subject<'_, '_, '_>, block: &str, slots: &[Slot<'_>], attribute: &str) -> Option<Paste> {
    let configuration = &subject.plan()?.configuration;
    let module = modules_of(block).last().copied();
    let is_repeated = |module: &str| module.contains('[') || is_shared(configuration, module, block);
    if !hcl::is_identifier(attribute) || module.is_some_and(is_repeated) {
        return None;
    }
    let wanted = slots.iter().filter(|slot| !slot.after.is_empty());
    let elements: Vec<Element<'_, '_>> =
        wanted.map(|slot| Element::of(slot, slots, attribute)).collect::<Option<_>>()?;
    let others = others(slots, attribute, &elements)?;
    let (each, rows) = for_each(&elements, &others)?;
    let mut lines = vec!["# In place of count, of count.index and of the list.".to_owned()];
    lines.push(format!("for_each = {each}"));
    lines.push(format!("{attribute} = each.key"));
    lines.extend(rows);
    let moves = slots.iter().filter(|slot| !slot.before.is_empty()).map(|slot| moved(block, slot, attribute));
    let parts: Option<Vec<String>> = [hcl::resource(block, &lines)].into_iter().chain(moves).collect();
    Some(Paste { language: Language::Hcl, text: parts?.join("\n") })
}

/// One element of the list as it shall be.
struct Element<'s, 'a> {
    key: String,
    /// Its values: those that it has, where it is there already.
    values: &'s Value<'a>,
}

impl<'s, 'a> Element<'s, 'a> {
    fn of(slot: &'s Slot<'a>, slots: &'s [Slot<'a>], attribute: &str) -> Option<Self> {
        let key = text(&slot.after, attribute)?;
        let there = slots.iter().find(|other| text(&other.before, attribute).as_ref() == Some(&key));
        Some(Self { key, values: there.map_or(&slot.after, |slot| &slot.before) })
    }
}

/// The other arguments that differ from element to element.
fn others<'s>(slots: &'s [Slot<'_>], attribute: &str, elements: &[Element<'_, '_>]) -> Option<Vec<&'s str>> {
    let made = slots.iter().find(|slot| slot.made);
    let model = made.or_else(|| slots.iter().find(|slot| !slot.after.is_empty()))?;
    let Value::Object(members) = &model.after else { return None };
    let names = members.iter().map(|(name, _)| name.as_ref());
    let names = names.filter(|name| *name != attribute && !COMPUTED.contains(name));
    // What is made and what is known of it was written by somebody; else only what goes along with the element.
    let written = |name: &&str| match made {
        Some(_) => slots.iter().filter(|slot| slot.made).all(|slot| *slot.after.get(name) != Value::Unknown),
        None => slots.iter().filter(|slot| !slot.after.is_empty()).all(|slot| {
            let key = text(&slot.after, attribute);
            let there = slots.iter().find(|other| text(&other.before, attribute) == key);
            there.is_none_or(|there| there.before.get(name) == slot.after.get(name))
        }),
    };
    let differs = |name: &&str| {
        elements.windows(2).any(|pair| match pair {
            [one, two] => one.values.get(name) != two.values.get(name),
            _ => false,
        })
    };
    let names: Vec<&str> = names.filter(written).filter(differs).collect();
    // Without one of its arguments the block would be another.
    (!names.iter().any(|name| is_free_text(name))).then_some(names)
}

/// The value of `for_each`, and the arguments that take from it.
fn for_each(elements: &[Element<'_, '_>], others: &[&str]) -> Option<(String, Vec<String>)> {
    let key = |element: &Element<'_, '_>| hcl::value(&Value::Text(element.key.as_str().into()));
    if others.is_empty() {
        let keys: Option<Vec<String>> = elements.iter().map(key).collect();
        return Some((format!("toset([{}])", keys?.join(", ")), Vec::new()));
    }
    let row = |element: &Element<'_, '_>| {
        let fields: Option<Vec<String>> = others
            .iter()
            .map(|name| {
                let value = hcl::argument(element.values.get(name))?.replace('\n', "\n    ");
                hcl::is_identifier(name).then(|| format!("    {name} = {value}"))
            })
            .collect();
        Some(format!("  {} = {{\n{}\n  }}", key(element)?, fields?.join("\n")))
    };
    let rows: Option<Vec<String>> = elements.iter().map(row).collect();
    let arguments = others.iter().map(|name| format!("{name} = each.value.{name}")).collect();
    Some((format!("{{\n{}\n}}", rows?.join("\n")), arguments))
}

fn moved(block: &str, slot: &Slot<'_>, attribute: &str) -> Option<String> {
    let key = text(&slot.before, attribute)?;
    hcl::value(&Value::Text(key.as_str().into()))?;
    let from = hcl::address(&hcl::with_key(block, &Key::Index(slot.index)))?;
    let to = hcl::address(&hcl::with_key(block, &Key::Text(key.into())))?;
    Some(format!("moved {{\n  from = {from}\n  to   = {to}\n}}"))
}
