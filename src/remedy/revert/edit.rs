//! One attribute that goes back, and where that is written.

use super::seen::{may_be_seen, only_one, steps};
use std::collections::HashSet;

use crate::facts::{ChangeFacts, Effect};
use crate::plan::{Mode, Value};
use crate::remedy::code::{Given, giving, leads_to};
use crate::remedy::stack::yaml;
use crate::remedy::{Language, Subject, hcl, secret};

/// So many instances of a block are compared.
const INSTANCES: usize = 1_000;

/// The arguments that hold tags; others of that kind are filled by providers.
const TAGS: [&str; 4] = ["tags", "labels", "user_labels", "freeform_tags"];

/// The property that holds tags as a list of keys and values.
const STACK_TAGS: &str = "Tags";

/// Where an edit is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// In a resource's block.
    Resource(String),
    /// In a module's call.
    Call(String),
    /// In the values of the root's variables.
    Variable(String),
    /// In a template, under the logical id at this address.
    Template(String),
}

impl Target {
    pub(super) fn language(&self) -> Language {
        match self {
            Self::Resource(_) | Self::Call(_) => Language::Hcl,
            Self::Variable(_) => Language::Variables,
            Self::Template(_) => Language::Yaml,
        }
    }

    /// The block that carries the value on, where one does.
    pub(super) fn carrier(&self) -> Option<String> {
        match self {
            Self::Variable(name) => Some(format!("var.{name}")),
            Self::Resource(_) | Self::Call(_) | Self::Template(_) => None,
        }
    }

    /// The lines inside of what they belong to.
    pub(super) fn around(&self, lines: &[String]) -> Option<String> {
        match self {
            Self::Resource(block) => hcl::resource(block, lines),
            Self::Call(module) => hcl::call(module, lines),
            Self::Variable(_) => Some(lines.join("\n")),
            Self::Template(address) => yaml::resource(address, lines),
        }
    }
}

/// One attribute that goes back.
pub(super) struct Edit<'a> {
    pub(super) address: String,
    pub(super) block: String,
    pub(super) attribute: String,
    /// The value before the change, where there is exactly one.
    pub(super) before: Option<Value<'a>>,
    /// It has a value afterwards.
    pub(super) is_set: bool,
    /// The same as text, where it may be seen.
    pub(super) shown: Option<String>,
    /// The variables of the root module that it comes from.
    pub(super) named_by: Vec<String>,
    /// Where it is written, where that is known and it can be written there.
    pub(super) target: Option<Target>,
    pub(super) lines: Option<Vec<String>>,
}

impl<'a> Edit<'a> {
    pub(super) fn of(subject: &Subject<'_, '_, 'a>, change: &ChangeFacts<'_, 'a>, attribute: &str) -> Self {
        let full = in_tags(change, attribute);
        let path = steps(full.as_deref().unwrap_or(attribute));
        let before = only_one(&change.change.before, &path);
        let seen = may_be_seen(change, &path);
        let shown = before.as_ref().filter(|_| seen).and_then(super::written);
        let cause = subject.cause().filter(|cause| cause.attribute.as_deref() == Some(attribute));
        let mut edit = Self {
            address: change.change.address.to_string(),
            block: change.change.block.to_string(),
            attribute: full.as_deref().unwrap_or(attribute).to_owned(),
            before: before.clone(),
            is_set: is_set(change, &path),
            shown,
            named_by: cause.map(|cause| cause.variables.clone()).unwrap_or_default(),
            target: None,
            lines: None,
        };
        if seen && edit.is_there() && is_the_same_for_all(subject, change, &path) {
            edit.place(subject, change, &path, &before.unwrap_or(Value::Null));
        }
        edit
    }

    /// The attribute has a value before or afterwards, so it is one.
    pub(super) fn is_there(&self) -> bool {
        self.is_set || self.before.as_ref().is_some_and(|value| *value != Value::Null)
    }

    /// Finds where the value is written, and how.
    fn place(
        &mut self,
        subject: &Subject<'_, '_, '_>,
        change: &ChangeFacts<'_, '_>,
        path: &[&str],
        before: &Value<'_>,
    ) {
        if subject.is_stack() {
            // What comes from a parameter is no literal in the template.
            self.target = self.named_by.is_empty().then(|| Target::Template(change.change.address.to_string()));
            self.lines = in_template(change, path);
            return;
        }
        let Some(plan) = subject.facts.plans.get(change.plan) else { return };
        let after = only_one(&change.change.after, path);
        let line = |name: &str| hcl::assignment(&[name], &hcl::value(before)?);
        (self.target, self.lines) = match giving(plan, &change.change.block, path, after.as_ref()) {
            Given::ByCall(module, name) => (Some(Target::Call(module)), line(&name)),
            Given::ByVariable(name) if !secret::is_named(&name) => (Some(Target::Variable(name.clone())), line(&name)),
            Given::Here => (Some(Target::Resource(change.change.block.to_string())), in_resource(change, path, before)),
            Given::ByVariable(_) | Given::Elsewhere => (None, None),
        };
        let carrier = self.target.as_ref().and_then(Target::carrier);
        if let Some((carrier, after)) = carrier.as_deref().zip(after.as_ref())
            && is_used_as_it_is(subject, change, carrier, after)
        {
            (self.target, self.lines) = (None, None);
        }
    }
}

/// Something that does not change has the new value from the same variable: setting that back would change it.
fn is_used_as_it_is(
    subject: &Subject<'_, '_, '_>,
    change: &ChangeFacts<'_, '_>,
    carrier: &str,
    value: &Value<'_>,
) -> bool {
    let Some(plan) = subject.facts.plans.get(change.plan) else { return false };
    let changes = subject.facts.of_one(change.plan).iter().filter(|change| change.effect != Effect::Nothing);
    let changing: HashSet<&str> = changes.map(|change| change.change.address.as_ref()).collect();
    let wanted = HashSet::from([carrier]);
    let instances = plan.estate.instances.iter().filter(|one| one.mode == Mode::Managed && one.deposed.is_none());
    instances.filter(|one| !changing.contains(&*one.address)).take(INSTANCES).any(|one| {
        let references = plan.configuration.block(&one.block).map(|block| block.references.as_slice());
        references.unwrap_or_default().iter().any(|reference| {
            let attribute: &str = &reference.attribute;
            *one.values.pick(|name| name == attribute).get(attribute) == *value
                && leads_to(&plan.configuration, &one.block, attribute, &wanted)
        })
    })
}

/// Something stands at the path after the change.
fn is_set(change: &ChangeFacts<'_, '_>, path: &[&str]) -> bool {
    let first = path.first().copied().unwrap_or_default();
    change.change.after.pick(|name| name == first).at(path).iter().any(|value| **value != Value::Null)
}

/// An environment's tag is known by its key alone; its path, where it is one.
fn in_tags(change: &ChangeFacts<'_, '_>, attribute: &str) -> Option<String> {
    if change.relabelled.as_deref() != Some(attribute) {
        return None;
    }
    if matches!(change.change.before.pick(|name| name == STACK_TAGS).get(STACK_TAGS), Value::List(_)) {
        return Some(STACK_TAGS.to_owned());
    }
    let after = change.change.after.pick(|name| TAGS.contains(&name));
    let found = TAGS.iter().find(|tags| *after.at(&[tags, attribute]).first().unwrap_or(&&Value::Null) != &Value::Null);
    found.map(|tags| format!("{tags}.{attribute}"))
}

/// The whole property as it was, on one line; a part of it would not say what becomes of the rest.
fn in_template(change: &ChangeFacts<'_, '_>, path: &[&str]) -> Option<Vec<String>> {
    let first = path.first()?;
    yaml::property(first, change.change.before.pick(|name| name == *first).get(first))
}

/// The former value inside of the resource's block. What stands in a map goes back with the whole map.
fn in_resource(change: &ChangeFacts<'_, '_>, path: &[&str], before: &Value<'_>) -> Option<Vec<String>> {
    let first = path.first()?;
    let of = |values: &crate::plan::Attributes<'_>| values.pick(|name| name == *first).get(first).is_empty();
    let whole = change.change.before.pick(|name| name == *first).get(first).clone();
    // A list of one is a block, in which a map may stand.
    let map = (1..path.len()).filter_map(|steps| path.get(..steps)).find_map(|steps| {
        let values = change.change.before.pick(|name| name == *first);
        match values.at(steps).as_slice() {
            [object @ Value::Object(_)] => Some((steps, (*object).clone())),
            _ => None,
        }
    });
    match (&whole, path) {
        (Value::Object(_), _) => hcl::assignment(&[first], &hcl::argument(&whole)?),
        (Value::List(_), _) if map.as_ref().is_some_and(|(steps, _)| steps.len() > 1) => {
            let (steps, object) = map?;
            hcl::assignment(steps, &hcl::argument(&object)?)
        }
        // Without the block that it stood in, it is not known what else that needs.
        (_, [_, _, ..]) if of(&change.change.after) || *before == Value::Null => None,
        // Nothing is what an argument is that is left out.
        _ => hcl::assignment(path, &hcl::argument(before)?),
    }
}

/// All instances of the block had one value, so that it can be written into the block.
fn is_the_same_for_all(subject: &Subject<'_, '_, '_>, change: &ChangeFacts<'_, '_>, path: &[&str]) -> bool {
    if change.change.address == change.change.block {
        return true;
    }
    let wanted = only_one(&change.change.before, path);
    let instances =
        subject.facts.plans.get(change.plan).map(|plan| plan.estate.instances.as_slice()).unwrap_or_default();
    let of_block = instances.iter().filter(|i| i.block == change.change.block && i.deposed.is_none());
    of_block.take(INSTANCES).all(|instance| only_one(&instance.values, path) == wanted)
}
