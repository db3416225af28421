//! A stack, with the stacks nested in it, as a plan.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use super::builder::Builder;
use super::change_set::Row;
use super::join::Set;
use super::response::{Detail, text};
use super::{action, policies, values};
use crate::plan::{
    Action, ActionReason, Attributes, BlockKind, Declarations, Document, Estate, Header, Inside, Mode, Plan,
    ResourceChange, Role,
};

/// The type of a nested stack.
const STACK: &str = "AWS::CloudFormation::Stack";

/// One change set in its place.
pub(super) struct Part {
    /// Its place among all change sets.
    pub(super) set: usize,
    /// What the addresses of its objects begin with.
    pub(super) prefix: String,
    /// The place of the part that it is nested in.
    pub(super) row: Option<usize>,
}

/// Makes the plan of a tree of change sets, its root first.
pub(super) fn plan(sets: &[Set<'_>], tree: &[Part]) -> Plan<'static> {
    let parts: Vec<(&Part, &Set<'_>)> = tree.iter().filter_map(|part| Some((part, sets.get(part.set)?))).collect();
    let shown: HashSet<&str> = tree.iter().skip(1).map(|part| part.prefix.as_str()).collect();
    let mut made = Making { builder: Builder::default(), shown, changes: Vec::new(), drift: Vec::new(), unchanged: 0 };
    for (part, set) in &parts {
        made.parameters(&part.prefix, set);
        if part.row.is_some() {
            made.builder.block(&outputs(&part.prefix), BlockKind::Carrier);
        }
        for row in &set.rows {
            made.row(&part.prefix, row);
        }
    }
    for (part, set) in &parts {
        made.connect(part, set);
    }
    let Making { builder, changes, drift, unchanged, .. } = made;
    let (estate, configuration) = builder.finish();
    let unit = parts.first().map(|(_, set)| set.unit.clone()).unwrap_or_default();
    Plan {
        unit,
        role: Role::Judged,
        header: Header { document: Document::ChangeSet, ..Header::default() },
        estate: Estate { changes_only: true, unchanged, ..estate },
        changes,
        drift,
        configuration,
        declared: Declarations { gaps: gaps(&parts), ..Declarations::default() },
        ..Plan::default()
    }
}

fn gaps(parts: &[(&Part, &Set<'_>)]) -> Vec<String> {
    let mut found = Vec::new();
    for (part, set) in parts {
        let within = part.row.map_or_else(String::new, |_| format!("{}: ", part.prefix));
        found.extend(set.gaps.iter().map(|gap| format!("{within}{gap}")));
        if part.row.is_none() && set.is_orphan() {
            let text = "It is the change set of a nested stack, and what else its root stack changes was not given.";
            found.push(text.to_owned());
        }
    }
    found
}

/// A plan while it is made.
struct Making<'s> {
    builder: Builder,
    /// The addresses of the nested stacks whose change sets are there.
    shown: HashSet<&'s str>,
    changes: Vec<ResourceChange<'static>>,
    drift: Vec<ResourceChange<'static>>,
    unchanged: usize,
}

/// The address of an object.
fn address(prefix: &str, id: &str) -> String {
    format!("{prefix}/{id}")
}

/// The address of a parameter: no object's, since a logical id has no blank.
fn parameter(prefix: &str, name: &str) -> String {
    format!("{prefix}/parameter {name}")
}

/// The address of everything together that a nested stack hands out.
fn outputs(prefix: &str) -> String {
    format!("{prefix}/all outputs")
}

impl Making<'_> {
    /// Declares the parameters. The value of one that is not changed is the one that is in use.
    fn parameters(&mut self, prefix: &str, set: &Set<'_>) {
        let details = || set.rows.iter().flat_map(|row| row.change.details.iter().flatten());
        let changed: HashSet<&str> = details()
            .filter(|detail| text(detail.0.change_source.as_ref()) == "ParameterReference")
            .map(|detail| text(detail.0.causing_entity.as_ref()))
            .filter(|name| !name.is_empty())
            .collect();
        for name in &changed {
            self.builder.block(&parameter(prefix, name), BlockKind::Carrier);
        }
        for (name, value) in set.parameters.iter().filter(|(name, _)| !changed.contains(name.as_str())) {
            let values =
                Attributes::made(Json::from(value.as_str()).to_string(), None, Some("true".to_owned()), Vec::new());
            self.builder.object(&parameter(prefix, name), "parameter", Mode::Data, values);
        }
    }

    /// Adds a row's object and its change.
    fn row(&mut self, prefix: &str, row: &Row<'_>) {
        let address = address(prefix, &row.id);
        let (planned, importing) = action::of(&row.change);
        let (before, after) = (&row.before, &row.after);
        let ids: Vec<String> = row.change.physical_resource_id.iter().map(|id| id.0.to_string()).collect();
        let (was, will) = values::sides(&row.change, (before, after), None, &ids);
        let (action, disposal) = policies::disposal(&row.change, planned, (before, after), None);
        self.builder.block(&address, BlockKind::Managed);
        if planned != Action::Create {
            // What is only imported is there, but what is planned for it says nothing of it.
            let values = if importing { values::of_properties(None, ids.clone()) } else { was.clone() };
            self.builder.object(&address, &row.kind, Mode::Managed, values);
        }
        if action::is_made_again(&row.change) {
            self.vanished(&address, row);
        }
        if planned == Action::NoOp && !importing {
            self.unchanged = self.unchanged.saturating_add(1);
            return;
        }
        let exists = !matches!(planned, Action::Create | Action::NoOp)
            && (planned != Action::Unknown || !ids.is_empty() || before.properties.is_some());
        let stays = match planned {
            Action::Delete => false,
            Action::Unknown => after.properties.is_some(),
            _ => true,
        };
        let replaces = matches!(planned, Action::CreateThenDelete | Action::MayReplace);
        self.changes.push(ResourceChange {
            previous_address: None,
            block: Cow::Owned(address.clone()),
            mode: Mode::Managed,
            kind: Cow::Owned(row.kind.clone()),
            deposed: None,
            reason: match planned {
                Action::Delete => Some(ActionReason::NoConfig),
                Action::CreateThenDelete => Some(ActionReason::CannotUpdate),
                _ => None,
            },
            before: if exists { was } else { Attributes::default() },
            after: if stays { will } else { Attributes::default() },
            replace_paths: if replaces { forcing(row) } else { Vec::new() },
            importing,
            inside: self.inside(&address, row, planned),
            action,
            disposal,
            address: Cow::Owned(address),
        });
    }

    /// Something was deleted outside of the tool: as it was when it was deployed.
    fn vanished(&mut self, address: &str, row: &Row<'_>) {
        let deployed = super::context::read(row.change.previous_deployment_context).unwrap_or_default().properties;
        let before = values::of_properties(deployed.as_ref().or(row.before.properties.as_ref()), Vec::new());
        self.drift.push(ResourceChange {
            address: Cow::Owned(address.to_owned()),
            previous_address: None,
            block: Cow::Owned(address.to_owned()),
            mode: Mode::Managed,
            kind: Cow::Owned(row.kind.clone()),
            deposed: None,
            action: Action::Delete,
            reason: None,
            before,
            after: Attributes::default(),
            replace_paths: Vec::new(),
            importing: false,
            disposal: None,
            inside: Inside::Unsaid,
        });
    }

    /// Whether what happens inside of a nested stack can be seen.
    fn inside(&self, address: &str, row: &Row<'_>, action: Action) -> Inside {
        let named = row.change.change_set_id.as_ref().is_some_and(|id| !id.0.is_empty());
        match (row.kind == STACK || named, self.shown.contains(address)) {
            (false, _) => Inside::Unsaid,
            (true, true) => Inside::Shown,
            // A stack that is made has nothing in it that could be lost.
            (true, false) if action == Action::Create && !named => Inside::Unsaid,
            (true, false) => Inside::Unseen,
        }
    }

    /// Adds the references that rows tell.
    fn connect(&mut self, part: &Part, set: &Set<'_>) {
        let prefix = part.prefix.as_str();
        for row in &set.rows {
            let from = address(prefix, &row.id);
            for detail in row.change.details.iter().flatten().map(|detail| &detail.0) {
                self.caused(prefix, &from, detail);
            }
            for side in [&row.before, &row.after] {
                for (attribute, value) in side.properties.iter().filter_map(Json::as_object).flatten() {
                    let names = |name: &str| vec![address(prefix, name), parameter(prefix, name)];
                    self.builder.connect(&from, attribute, value, &names);
                }
            }
        }
        if part.row.is_some() {
            self.nested(prefix, set);
        }
    }

    /// What caused a change is what the object refers to.
    fn caused(&mut self, prefix: &str, from: &str, detail: &Detail<'_>) {
        let entity = text(detail.causing_entity.as_ref());
        if entity.is_empty() {
            return;
        }
        let attribute = values::steps(detail).into_iter().next().unwrap_or_else(|| detail.property().to_owned());
        let (id, rest) = entity.split_once('.').unwrap_or((entity, ""));
        let object = address(prefix, id);
        self.builder.refer(from, &attribute, &object);
        if rest.starts_with("Outputs.") {
            self.builder.refer(from, &attribute, &outputs(&object));
        }
        self.builder.refer(from, &attribute, &parameter(prefix, entity));
    }

    /// A nested stack gets its parameters from its row in the parent, and hands out what its objects are.
    fn nested(&mut self, prefix: &str, set: &Set<'_>) {
        let outputs = outputs(prefix);
        for row in &set.rows {
            self.builder.refer(&outputs, "Outputs", &address(prefix, &row.id));
            let details = row.change.details.iter().flatten().map(|detail| text(detail.0.causing_entity.as_ref()));
            for name in details.map(|name| parameter(prefix, name)).collect::<Vec<_>>() {
                self.builder.refer(&name, "Parameters", prefix);
            }
        }
        for (name, _) in &set.parameters {
            self.builder.refer(&parameter(prefix, name), "Parameters", prefix);
        }
    }
}

/// The properties that force a replacement, or may.
fn forcing(row: &Row<'_>) -> Vec<Vec<String>> {
    let details =
        row.change.details.iter().flatten().map(|detail| &detail.0).filter(|detail| detail.changes_something());
    let forces = |detail: &&Detail<'_>| {
        let target = detail.target.as_ref().map(|target| &target.0);
        text(target.and_then(|target| target.requires_recreation.as_ref())) != "Never"
    };
    let mut seen = HashMap::new();
    let mut paths: Vec<Vec<String>> = Vec::new();
    for path in details.filter(forces).map(values::steps).filter(|path| !path.is_empty()) {
        if seen.insert(path.clone(), ()).is_none() {
            paths.push(path);
        }
    }
    paths
}
