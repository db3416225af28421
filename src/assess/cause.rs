//! Where a change comes from, in words.

use crate::facts::{Cause, ChangeFacts, Facts, Origin};
use crate::plan::parameter;
use crate::remedy::shown;
use crate::report;

/// The cause of a change as the report shows it.
pub(crate) fn of(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> report::Cause {
    let cause = &change.cause;
    report::Cause {
        origin: cause.origin.word().to_owned(),
        text: text(facts, change),
        address: cause.address.clone(),
        attribute: cause.attribute.clone(),
        forced_by: cause.forced_by.clone(),
        also_edited: cause.also_edited.clone(),
        path: cause.path.clone(),
        variables: cause.variables.clone(),
        reads: cause.reads.clone(),
        comes_from: cause.comes_from.clone(),
        renamed_to: renamed_to(facts, change),
        only_unknown: cause.only_unknown(),
    }
}

/// The change where it began; the change itself where that is the same.
fn root<'f, 'p, 'a>(facts: &'f Facts<'p, 'a>, change: &'f ChangeFacts<'p, 'a>) -> &'f ChangeFacts<'p, 'a> {
    change.cause.change.and_then(|place| facts.changes.get(place)).unwrap_or(change)
}

fn renamed_to(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<String> {
    let root = root(facts, change);
    let place = facts.changes.iter().position(|one| std::ptr::eq(one, root))?;
    let to = facts.renames.to(place)?;
    facts.changes.get(to).map(|change| change.change.address.to_string())
}

/// What began it, in a sentence.
pub(super) fn text(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> String {
    let cause = &change.cause;
    let root = root(facts, change);
    let address = &cause.address;
    let what = match cause.origin {
        Origin::Edited => edited(cause, root),
        Origin::Drifted => format!(
            "{} of {address} was changed outside of the tool, and the plan sets it back{}",
            attribute(cause),
            in_place(root)
        ),
        Origin::Read => format!(
            "{} of {address} comes from {}, which reads something else than before{}",
            attribute(cause),
            cause.reads.join(" and "),
            in_place(root)
        ),
        Origin::Requested => format!("somebody asked for the replacement of {address} with -replace"),
        Origin::Tainted => format!("{address} is marked as tainted"),
        Origin::Triggered => match &cause.comes_from {
            Some(object) => format!("replace_triggered_by of {address} names {object}, which changes"),
            None => format!("replace_triggered_by of {address} names something that changes"),
        },
        Origin::NotKnown => not_known(cause),
        Origin::BlockGone if facts.is_stack(root.plan) => {
            format!("{address} is no longer in the template, or its condition no longer holds")
        }
        Origin::BlockGone => format!("the block of {address} is no longer in the configuration"),
        Origin::ModuleGone => format!("{address} is no longer called"),
        Origin::KeyGone => format!("a key is no longer in for_each of {address}{}", fed_by(cause)),
        Origin::IndexGone => format!("count of {address} is smaller than before{}", fed_by(cause)),
        Origin::Repeated => format!("count or for_each of {address} came or went"),
        Origin::MovedNowhere => format!("a moved block points {address} at something that is not there"),
        Origin::Disabled => format!("{address} is switched off"),
        Origin::DestroyPlan => "the plan was made to destroy".to_owned(),
        Origin::Unsaid => format!("the {} does not say why {address} goes", facts.called(root.plan)),
    };
    let renamed = renamed_to(facts, change).map(|to| format!("; something alike is made as {to}")).unwrap_or_default();
    sentence(&format!("{what}{renamed}."))
}

fn attribute(cause: &Cause) -> &str {
    cause.attribute.as_deref().unwrap_or("an attribute")
}

/// Why a changed attribute is a replacement.
fn in_place(root: &ChangeFacts<'_, '_>) -> &'static str {
    if root.change.action.replaces() { ", which cannot be done in place" } else { "" }
}

fn edited(cause: &Cause, root: &ChangeFacts<'_, '_>) -> String {
    let (name, address) = (attribute(cause), &cause.address);
    let values = cause.attribute.as_deref().and_then(|path| shown(root, path));
    let change = match (&values, &cause.comes_from) {
        (Some((before, after)), _) => format!("{name} of {address} goes from {before} to {after}"),
        (None, Some(new)) => format!("{name} of {address} now comes from {new}"),
        (None, None) => format!("{name} of {address} changes"),
    };
    format!("{change}{}{}", in_place(root), fed_by(cause))
}

fn fed_by(cause: &Cause) -> String {
    match cause.variables.as_slice() {
        [] => String::new(),
        many => {
            let names: Vec<String> = many.iter().map(|name| variable(name)).collect();
            format!("; the value comes from {}", names.join(" and "))
        }
    }
}

/// A variable, or a parameter of a template, in words.
fn variable(address: &str) -> String {
    parameter(address).map_or_else(|| address.to_owned(), |(stack, name)| format!("parameter {name} of {stack}"))
}

fn not_known(cause: &Cause) -> String {
    let (name, address) = (attribute(cause), &cause.address);
    let from = match (&cause.comes_from, cause.reads.first()) {
        (Some(object), _) => format!(" (it comes from {object}, which changes)"),
        (None, Some(read)) => format!(" ({read} is read only during the apply)"),
        (None, None) => String::new(),
    };
    format!("the new value of {name} of {address} is not known yet{from}, and may well be the old one")
}

/// With a capital, where it begins with a word and not with a name of the plan's.
fn sentence(text: &str) -> String {
    let ours =
        ["a ", "the ", "somebody ", "count ", "replace_triggered_by "].iter().any(|start| text.starts_with(start));
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if ours && !text.starts_with("replace_") && !text.starts_with("count ") => {
            first.to_uppercase().collect::<String>() + characters.as_str()
        }
        _ => text.to_owned(),
    }
}
