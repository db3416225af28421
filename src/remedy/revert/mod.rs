//! Attributes that were edited: what to set them back to.

mod edit;

mod seen;

use std::collections::HashSet;

use super::stack::yaml;
use super::{Paste, Subject, Way, WayOut, code, hcl};
use crate::facts::{ChangeFacts, Effect, Origin};
use crate::plan::{Value, parameter};
use edit::Edit;

pub(super) use seen::former;
pub use seen::shown;

pub(super) const WAY: Way = Way { find };
pub(super) const ID: &str = "revert";

/// So many attributes are spelled out.
const MOST: usize = 3;

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let (change, cause) = (subject.change?, subject.cause()?);
    let (_, root) = subject.root?;
    let began = matches!(cause.origin, Origin::Edited | Origin::Drifted | Origin::Unsaid)
        && (root.change.action.replaces() || root.effect == Effect::Update);
    let mut edits = Vec::new();
    if let Some(attribute) = cause.attribute.as_deref().filter(|_| began) {
        edits.push(Edit::of(subject, root, attribute));
        edits.extend(others(subject, root, attribute).iter().map(|attribute| Edit::of(subject, root, attribute)));
    }
    // What was edited here as well goes back with it, or it would still be forced.
    if cause.also_edited.is_some() {
        edits.extend(others(subject, change, "").iter().map(|attribute| Edit::of(subject, change, attribute)));
    }
    // A setting has several spellings, of which a type has one.
    if edits.iter().any(Edit::is_there) {
        edits.retain(Edit::is_there);
    }
    follow_the_first(subject, &mut edits);
    let first = edits.first()?;
    let mut text: Vec<String> = edits.iter().take(MOST).map(|edit| sentence(edit)).collect();
    if edits.len() > MOST {
        text.push(format!("{} other attributes go back too.", edits.len().saturating_sub(MOST)));
    }
    if first.named_by.is_empty()
        && let Some(new) = cause.comes_from.as_deref().filter(|_| began)
    {
        text.push(format!("It now comes from {new}, which is another object."));
    }
    Some(WayOut { id: ID, text: text.join(" "), paste: paste(&edits) })
}

/// Takes out what is made of the value that goes back first, such as ranges that are cut out of one: it follows that.
fn follow_the_first(subject: &Subject<'_, '_, '_>, edits: &mut Vec<Edit<'_>>) {
    let Some(carrier) = edits.first().and_then(|first| first.target.as_ref()?.carrier()) else { return };
    let Some(plan) = subject.plan() else { return };
    let wanted = HashSet::from([carrier.as_str()]);
    let mut first = true;
    edits.retain(|edit| {
        let own = std::mem::take(&mut first);
        let follows = || code::leads_to(&plan.configuration, &edit.block, &edit.attribute, &wanted);
        own || edit.target.is_some() || !follows()
    });
}

/// What else was edited and is found for itself, so that nothing is won while it stays: what forces the replacement too,
/// guards that are taken off, what is emptied or switched off.
fn others(subject: &Subject<'_, '_, '_>, change: &ChangeFacts<'_, '_>, but: &str) -> Vec<String> {
    let Some(plan) = subject.facts.plans.get(change.plan) else { return Vec::new() };
    let changes = subject.facts.of_one(change.plan);
    let changing: HashSet<&str> = changes.iter().map(|change| change.change.block.as_ref()).collect();
    let forced = change.change.replace_paths.iter().map(|path| path.join("."));
    let switched = change.expiring.iter().chain(&change.stopped).map(|one| one.attribute.clone());
    let loosened = change.loosened.iter().map(|lost| lost.attribute.clone());
    let more = loosened.chain(switched).chain(change.stripped.iter().cloned()).chain(change.relabelled.clone());
    let all = forced.chain(more.filter(|_| change.effect == Effect::Update));
    let mut found: Vec<String> = Vec::new();
    for attribute in all.filter(|attribute| attribute != but) {
        let is_new = !found.contains(&attribute);
        // What follows from another object that changes goes back with that.
        let follows = || code::leads_to(&plan.configuration, &change.change.block, &attribute, &changing);
        if is_new && seen::is_edited(change, &attribute) && !follows() {
            found.push(attribute);
        }
    }
    found
}

/// What to do with one attribute, in words.
fn sentence(edit: &Edit) -> String {
    let Edit { attribute, address, .. } = edit;
    let what = match (&edit.before, &edit.shown) {
        (None | Some(Value::Null), _) if !edit.is_there() => {
            format!("Set {attribute} of {address} back to what was there before.")
        }
        (None | Some(Value::Null), _) => format!("Take {attribute} out of {address} again."),
        (_, Some(value)) if !value.contains('\n') => format!("Set {attribute} of {address} back to {value}."),
        _ => format!("Set {attribute} of {address} back to its former value."),
    };
    match (edit.named_by.as_slice(), &edit.target) {
        (_, Some(edit::Target::Variable(name))) => {
            format!("{what} It is the value of variable {name}: set that back.")
        }
        (_, Some(edit::Target::Call(module))) => format!("{what} It is an argument of {module}."),
        ([], _) => what,
        (many, _) if many.iter().any(|name| parameter(name).is_some()) => {
            format!("{what} {}", of_parameters(many))
        }
        ([variable], _) => format!("{what} Its value comes from variable {}.", variable.trim_start_matches("var.")),
        // With several variables nobody can say from here what each must be.
        (many, _) => format!("{what} Its value comes from {}.", many.join(", ")),
    }
}

/// What gives parameters of a stack their values back: whoever makes the change set may ask for the former ones.
fn of_parameters(names: &[String]) -> String {
    if let Some(names) = names.iter().map(|name| of_root(name)).collect::<Option<Vec<String>>>() {
        return format!("Its value comes from outside of the template: give {}.", names.join(" and "));
    }
    let all = names.iter().filter_map(|name| parameter(name));
    let all: Vec<String> = all.map(|(stack, name)| format!("parameter {name} of {stack}")).collect();
    format!("Its value comes from {}.", all.join(" and "))
}

/// How the parameter of a stack that is nested in no other gets its former value.
fn of_root(address: &str) -> Option<String> {
    let (_, name) = parameter(address).filter(|(stack, name)| !stack.contains('/') && yaml::is_logical(name))?;
    Some(format!("`ParameterKey={name},UsePreviousValue=true`"))
}

/// All edits as one text. Where one is missing, there is nothing that would be enough to paste.
fn paste(edits: &[Edit<'_>]) -> Option<Paste> {
    let mut targets: Vec<(&edit::Target, Vec<String>)> = Vec::new();
    for edit in edits {
        let (target, lines) = (edit.target.as_ref()?, edit.lines.as_ref()?);
        match targets.iter_mut().find(|(known, _)| *known == target) {
            Some((_, all)) => all.extend(lines.iter().filter(|line| !all.contains(line)).cloned().collect::<Vec<_>>()),
            None => targets.push((target, lines.clone())),
        }
    }
    let language = targets.first()?.0.language();
    if targets.iter().any(|(target, _)| target.language() != language) {
        return None;
    }
    let parts: Option<Vec<String>> = targets.iter().map(|(target, lines)| target.around(lines)).collect();
    Some(Paste { language, text: parts?.join("\n") })
}

/// A value as it stands in a sentence or in a block.
fn written(value: &Value<'_>) -> Option<String> {
    hcl::value(value)
}
