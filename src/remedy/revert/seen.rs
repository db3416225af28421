//! Values of one attribute before and after a change, and which of them may be shown.

use crate::facts::ChangeFacts;
use crate::plan::{Attributes, Value};
use crate::remedy::{hcl, secret};

/// The longest value that stands in a sentence.
const SHOWN: usize = 80;

/// An attribute's path without the places in lists.
pub(super) fn steps(attribute: &str) -> Vec<&str> {
    attribute.split('.').filter(|step| step.parse::<usize>().is_err()).collect()
}

/// The value at a path, where there is exactly one.
pub(super) fn only_one<'a>(values: &Attributes<'a>, path: &[&str]) -> Option<Value<'a>> {
    let first = path.first()?;
    let values = values.pick(|name| name == *first);
    match values.at(path).as_slice() {
        [only] => Some((*only).clone()),
        _ => None,
    }
}

/// The attribute has another value afterwards, and that is known: somebody wrote it.
pub(super) fn is_edited(change: &ChangeFacts<'_, '_>, attribute: &str) -> bool {
    let path = steps(attribute);
    let (before, after) = (only_one(&change.change.before, &path), only_one(&change.change.after, &path));
    !after.as_ref().is_some_and(holds_unknown) && before != after
}

fn holds_unknown(value: &Value<'_>) -> bool {
    match value {
        Value::Unknown => true,
        Value::List(items) => items.iter().any(holds_unknown),
        Value::Object(members) => members.iter().any(|(_, member)| holds_unknown(member)),
        _ => false,
    }
}

/// Neither side of the change is a secret: what is one now may have been written down in clear before.
pub(super) fn may_be_seen(change: &ChangeFacts<'_, '_>, path: &[&str]) -> bool {
    let hidden = |values: &Attributes<'_>| {
        let first = path.first().copied().unwrap_or_default();
        values.pick(|name| name == first).at(path).iter().any(|value| holds_secret(value))
    };
    let named = path.len() > 1 && path.last().is_some_and(|step| secret::is_named(step));
    !named && !secret::is_free_text(path) && !hidden(&change.change.before) && !hidden(&change.change.after)
}

/// A value of what is deleted, as it may be shown beside what is made in its place.
pub(in crate::remedy) fn former(
    old: &ChangeFacts<'_, '_>,
    new: &ChangeFacts<'_, '_>,
    attribute: &str,
) -> Option<String> {
    let path = [attribute];
    if secret::is_named(attribute) || !may_be_seen(old, &path) || !may_be_seen(new, &path) {
        return None;
    }
    let text = hcl::argument(&only_one(&old.change.before, &path)?)?;
    (text.len() <= SHOWN && !text.contains('\n')).then_some(text)
}

fn holds_secret(value: &Value<'_>) -> bool {
    match value {
        Value::Sensitive(_) => true,
        Value::List(items) => items.iter().any(holds_secret),
        Value::Object(members) => members.iter().any(|(_, member)| holds_secret(member)),
        _ => false,
    }
}

/// An attribute's values before and after a change as they may be shown in a sentence; `None` where one of them must not
/// be seen, is not known, or is too long.
#[must_use]
pub fn shown(change: &ChangeFacts<'_, '_>, attribute: &str) -> Option<(String, String)> {
    let path = steps(attribute);
    let show = |values: &Attributes<'_>| {
        let text = hcl::value(&only_one(values, &path)?)?;
        (text.len() <= SHOWN && !text.contains('\n')).then_some(text)
    };
    if !may_be_seen(change, &path) {
        return None;
    }
    let (before, after) = (show(&change.change.before)?, show(&change.change.after)?);
    (before != after).then_some((before, after))
}
