//! One stack of a tree: its change set, and what else is known of it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::builder::Scope;
use super::change_set::Row;
use super::ids::{self, Place};
use super::join::Set;
use super::matching::Beside;
use super::resolve::Names;
use super::response::text;
use super::stack_policy::Update;
use super::template::Resource;
use crate::plan::{Action, GuardOff};

/// The type of a nested stack.
pub(super) const STACK: &str = "AWS::CloudFormation::Stack";

/// One change set in its place.
pub(super) struct Part {
    /// Its place among all change sets.
    pub(super) set: usize,
    /// What the addresses of its objects begin with.
    pub(super) prefix: String,
    /// The place of the part that it is nested in.
    pub(super) row: Option<usize>,
}

/// Everything that is known of one stack of the tree.
pub(super) struct Whole<'s, 'a> {
    pub(super) part: &'s Part,
    pub(super) set: &'s Set<'a>,
    pub(super) beside: &'s Beside<'s>,
    place: Option<Place>,
    pub(super) names: Names,
}

/// The address of an object.
pub(super) fn address(prefix: &str, id: &str) -> String {
    format!("{prefix}/{id}")
}

/// The address of a parameter: no object's, since a logical id has no blank.
pub(super) fn parameter(prefix: &str, name: &str) -> String {
    format!("{prefix}/parameter {name}")
}

/// The address of everything together that a nested stack hands out.
pub(super) fn outputs(prefix: &str) -> String {
    format!("{prefix}/all outputs")
}

impl<'s, 'a> Whole<'s, 'a> {
    pub(super) fn of(part: &'s Part, sets: &'s [Set<'a>], beside: &'s [Beside<'s>]) -> Option<Self> {
        let (set, beside) = (sets.get(part.set)?, beside.get(part.set)?);
        let deployed = beside.described.first().map(|stack| stack.parameters.as_slice()).unwrap_or_default();
        let names = Names::of(&set.stack, deployed.iter());
        Some(Self { part, set, beside, place: set.stack.id.as_deref().and_then(Place::of), names })
    }

    pub(super) fn prefix(&self) -> &'s str {
        &self.part.prefix
    }

    pub(super) fn resource(&self, id: &str) -> Option<&'s Resource> {
        self.beside.template?.resource(id)
    }

    /// The properties of a resource as it is deployed, as far as they can be told.
    pub(super) fn deployed(&self, id: &str) -> Option<Json> {
        let properties = self.resource(id)?.properties.as_ref();
        Some(
            properties.map_or_else(|| Json::Object(serde_json::Map::new()), |properties| self.names.put_in(properties)),
        )
    }

    /// What others call an object.
    pub(super) fn ids(&self, id: &str, kind: &str, physical: Option<&str>) -> Vec<String> {
        let listed = || self.beside.resources?.list.get(id)?.physical.as_deref();
        let physical = physical.filter(|id| !id.is_empty()).or_else(listed);
        physical.map(|physical| ids::of(kind, physical, self.place.as_ref())).unwrap_or_default()
    }
}

impl Scope for Whole<'_, '_> {
    fn stands_for(&self, name: &str) -> Vec<String> {
        let object = address(self.prefix(), name);
        // What a nested stack hands out is asked for by its own name.
        let outputs = outputs(&object);
        vec![object, parameter(self.prefix(), name), outputs]
    }

    fn put_in(&self, value: &Json) -> Json {
        self.names.put_in(value)
    }
}

/// What the second of two states of a stack no longer guards.
pub(super) fn guards_off(whole: &Whole<'_, '_>) -> Vec<GuardOff> {
    let mut found = Vec::new();
    if let [before, after] = whole.beside.described.as_slice()
        && before.termination_protection
        && !after.termination_protection
    {
        let what = "Its termination protection goes off: the next deletion of the stack goes through.".to_owned();
        found.push(GuardOff { address: whole.prefix().to_owned(), kind: STACK.to_owned(), what });
    }
    let [before, after] = whole.beside.policies.as_slice() else { return found };
    for (id, kind) in whole.all() {
        let opened = |update| before.denies(update, id, kind) && !after.denies(update, id, kind);
        if let Some(update) = [Update::Delete, Update::Replace].into_iter().find(|update| opened(*update)) {
            let what =
                format!("The stack policy no longer denies {} for it: the next such update takes it.", update.word());
            found.push(GuardOff { address: address(whole.prefix(), id), kind: kind.to_owned(), what });
        }
    }
    found
}

impl<'s> Whole<'s, '_> {
    /// The logical ids and types of everything that is known to be in the stack.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'s str, &'s str)> {
        let rows = self.set.rows.iter().filter(|row| text(row.change.action.as_ref()) != "Add");
        let rows = rows.map(|row| (row.id.as_str(), row.kind.as_str()));
        let listed = self.beside.resources.iter().flat_map(|resources| &resources.list);
        let listed = listed.map(|(id, one)| (id.as_str(), one.kind.as_str()));
        let written = self.beside.template.iter().filter(|_| self.beside.resources.is_none());
        let written =
            written.flat_map(|template| &template.resources).map(|(id, one)| (id.as_str(), one.kind.as_str()));
        let mut all: BTreeMap<&str, &str> = BTreeMap::new();
        all.extend(listed.chain(written).chain(rows));
        all.into_iter()
    }
}

impl Whole<'_, '_> {
    /// What of the stack's policy refuses what a row does.
    pub(super) fn refuses(&self, row: &Row<'_>, action: Action) -> Option<String> {
        let update = match action {
            Action::Delete => Update::Delete,
            Action::CreateThenDelete | Action::MayReplace => Update::Replace,
            _ => return None,
        };
        let policy = self.beside.policies.last()?;
        policy.denies(update, &row.id, &row.kind).then(|| format!("the stack policy, which denies {}", update.word()))
    }
}
