//! An attribute that was edited: what to set it back to.

use super::{Language, Paste, Subject, Way, WayOut, hcl};
use crate::facts::{ChangeFacts, Effect, Origin};
use crate::plan::{Attributes, Value};

pub(super) const WAY: Way = Way { find };
pub(super) const ID: &str = "revert";

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let (change, cause) = (subject.change?, subject.cause()?);
    let (_, root) = subject.root?;
    let began = matches!(cause.origin, Origin::Edited | Origin::Drifted | Origin::Unsaid)
        && (root.change.action.replaces() || root.effect == Effect::Update);
    let first = cause.attribute.as_deref().filter(|_| began).map(|attribute| revert(subject, root, attribute));
    // What was edited here as well goes back with it, or it would still be forced.
    let own = cause.also_edited.as_deref().map(|attribute| plainly(subject, change, attribute));
    match (first, own) {
        (Some(first), Some(own)) => Some(WayOut {
            id: first.id,
            text: format!("{} {}", first.text, own.text),
            paste: joined(first.paste, own.paste),
        }),
        (first, own) => first.or(own),
    }
}

/// Two texts of one language as one. Where one is missing, there is nothing that would be enough to paste.
fn joined(first: Option<Paste>, second: Option<Paste>) -> Option<Paste> {
    let (first, second) = (first?, second?);
    let language = first.language;
    (language == second.language).then(|| Paste { language, text: format!("{}\n{}", first.text, second.text) })
}

/// Sets an attribute back where it began, by the variable that it comes from where it comes from one.
fn revert(subject: &Subject<'_, '_, '_>, root: &ChangeFacts<'_, '_>, attribute: &str) -> WayOut {
    let Some(cause) = subject.cause() else { return plainly(subject, root, attribute) };
    let plain = plainly(subject, root, attribute);
    match (cause.variables.as_slice(), &cause.comes_from) {
        ([], None) => plain,
        ([], Some(new)) => {
            WayOut { text: format!("{} It now comes from {new}, which is another object.", plain.text), ..plain }
        }
        ([variable], _) => by_variable(subject, root, variable, attribute, &plain),
        // With several variables nobody can say from here what each must be.
        (many, _) => {
            WayOut { text: format!("{} Its value comes from {}.", plain.text, many.join(", ")), paste: None, ..plain }
        }
    }
}

/// Sets an attribute back to the value before the change.
fn plainly(subject: &Subject<'_, '_, '_>, root: &ChangeFacts<'_, '_>, attribute: &str) -> WayOut {
    let path = steps(attribute);
    let address = &root.change.address;
    let before = former(root, &path);
    let value = before.as_ref().filter(|_| !is_free_text(&path)).and_then(hcl::value);
    let text = match (&before, &value) {
        (None | Some(Value::Null), _) => format!("Take {attribute} out of {address} again."),
        (_, Some(value)) if !value.contains('\n') => format!("Set {attribute} of {address} back to {value}."),
        _ => format!("Set {attribute} of {address} back to its former value."),
    };
    let value = value.filter(|value| value != "null" && is_the_same_for_all(subject, root, &path));
    let paste = value.and_then(|value| hcl::resource(&root.change.block, &hcl::assignment(&path, &value)));
    WayOut { id: ID, text, paste: paste.map(|text| Paste { language: Language::Hcl, text }) }
}

/// All instances of the block had one value, so that it can be written into the block.
fn is_the_same_for_all(subject: &Subject<'_, '_, '_>, change: &ChangeFacts<'_, '_>, path: &[&str]) -> bool {
    if change.change.address == change.change.block {
        return true;
    }
    let wanted = former(change, path);
    let instances =
        subject.facts.plans.get(change.plan).map(|plan| plan.estate.instances.as_slice()).unwrap_or_default();
    let of_block = instances.iter().filter(|i| i.block == change.change.block && i.deposed.is_none());
    of_block.take(INSTANCES).all(|instance| only_one(&instance.values, path) == wanted)
}

/// The value before the change, where there is exactly one at the path.
fn former<'a>(change: &ChangeFacts<'_, 'a>, path: &[&str]) -> Option<Value<'a>> {
    only_one(&change.change.before, path)
}

fn only_one<'a>(values: &Attributes<'a>, path: &[&str]) -> Option<Value<'a>> {
    let first = path.first()?;
    let values = values.pick(|name| name == *first);
    match values.at(path).as_slice() {
        [only] => Some((*only).clone()),
        _ => None,
    }
}

/// Attributes of free text, which people put secrets into.
const FREE_TEXT: [&str; 6] = ["custom_data", "definition", "environment", "metadata", "script", "user_data"];

fn is_free_text(path: &[&str]) -> bool {
    path.iter().any(|step| FREE_TEXT.iter().any(|word| step.contains(word)))
}

/// So many instances of a block are compared.
const INSTANCES: usize = 1_000;

/// The longest value that stands in a sentence.
const SHOWN: usize = 80;

/// An attribute's values before and after a change as they may be shown in a sentence; `None` where one of them must not
/// be seen, is not known, or is too long.
#[must_use]
pub fn shown(change: &ChangeFacts<'_, '_>, attribute: &str) -> Option<(String, String)> {
    let path = steps(attribute);
    let show = |values: &Attributes<'_>| {
        let text = hcl::value(&only_one(values, &path)?)?;
        (text.len() <= SHOWN && !text.contains('\n')).then_some(text)
    };
    if is_free_text(&path) {
        return None;
    }
    let (before, after) = (show(&change.change.before)?, show(&change.change.after)?);
    (before != after).then_some((before, after))
}

/// An attribute's path without the places in lists.
fn steps(attribute: &str) -> Vec<&str> {
    attribute.split('.').filter(|step| step.parse::<usize>().is_err()).collect()
}

/// The value comes from a variable of the root module; where it is the variable's own value, that can be set back.
fn by_variable(
    subject: &Subject<'_, '_, '_>,
    root: &ChangeFacts<'_, '_>,
    variable: &str,
    attribute: &str,
    plain: &WayOut,
) -> WayOut {
    let name = variable.strip_prefix("var.").unwrap_or(variable);
    let path = steps(attribute);
    let after = only_one(&root.change.after, &path);
    let is_whole = after.zip(subject.plan()).is_some_and(|(after, plan)| plan.variables.is(name, &after));
    let value = former(root, &path).filter(|_| is_whole && !is_free_text(&path)).and_then(|value| hcl::value(&value));
    let paste = value.map(|value| Paste { language: Language::Variables, text: format!("{name} = {value}") });
    let text = match &paste {
        Some(_) => format!("{} It is the value of variable {name}: set that back.", plain.text),
        None => format!("{} Its value comes from variable {name}.", plain.text),
    };
    WayOut { id: ID, text, paste }
}
