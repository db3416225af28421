//! A stack, with the stacks nested in it, as a plan.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use serde_json::Value as Json;

use super::builder::{Builder, Scope};
use super::change_set::Row;
use super::functions::pieces;
use super::ids::Place;
use super::join::Set;
use super::matching::Beside;
use super::resolve::Names;
use super::response::{Detail, text};
use super::stack_policy::Update;
use super::template::Resource;
use super::{action, ids, policies, values};
use crate::plan::{
    Action, ActionReason, Attributes, BlockKind, Declarations, Document, Estate, GivenTag, GuardOff, Header, Inside,
    Mode, Plan, ResourceChange, Role,
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

/// Everything that is known of one stack of the tree.
struct Whole<'s, 'a> {
    part: &'s Part,
    set: &'s Set<'a>,
    beside: &'s Beside<'s>,
    place: Option<Place>,
    names: Names,
}

/// Makes the plan of a tree of change sets, its root first, with what else is known of each.
pub(super) fn plan(sets: &[Set<'_>], beside: &[Beside<'_>], tree: &[Part]) -> Plan<'static> {
    let whole = |part| Whole::of(part, sets, beside);
    let parts: Vec<Whole<'_, '_>> = tree.iter().filter_map(whole).collect();
    let shown: HashSet<&str> = tree.iter().skip(1).map(|part| part.prefix.as_str()).collect();
    let mut made = Making { shown, ..Making::default() };
    for part in &parts {
        made.parameters(part);
        if part.part.row.is_some() {
            made.builder.block(&outputs(part.prefix()), BlockKind::Carrier);
        }
        for row in &part.set.rows {
            made.row(part, row);
        }
        made.others(part);
    }
    for part in &parts {
        made.connect(part);
        made.handed(part, part.part.row.and_then(|parent| parts.get(parent)));
    }
    let is_whole = parts.iter().all(|part| part.beside.is_whole());
    let users_unseen = !parts.iter().all(|part| part.beside.shows_references());
    let tags_after = parts.iter().filter(|part| !part.beside.described.is_empty());
    let tags_after = tags_after.flat_map(|part| given(part.prefix(), &part.set.tags)).collect();
    let tags = parts.iter().filter_map(|part| Some((part.prefix(), part.beside.described.first()?)));
    let tags = tags.flat_map(|(prefix, stack)| given(prefix, &stack.tags)).collect();
    let Making { builder, changes, drift, unchanged, perhaps, .. } = made;
    let (estate, configuration) = builder.finish();
    Plan {
        unit: parts.first().map(|part| part.set.unit.clone()).unwrap_or_default(),
        role: Role::Judged,
        header: Header { document: Document::ChangeSet, ..Header::default() },
        estate: Estate {
            has_prior_state: is_whole,
            changes_only: !is_whole,
            users_unseen,
            unchanged,
            perhaps,
            tags,
            ..estate
        },
        changes,
        drift,
        configuration,
        declared: Declarations { gaps: gaps(&parts), ..Declarations::default() },
        tags_after,
        guards_off: parts.iter().flat_map(guards_off).collect(),
        ..Plan::default()
    }
}

fn given<'t>(prefix: &'t str, tags: &'t [(String, String)]) -> impl Iterator<Item = GivenTag> + use<'t> {
    let tag = move |(key, value): &(String, String)| GivenTag {
        within: prefix.to_owned(),
        key: key.clone(),
        value: value.clone(),
    };
    tags.iter().map(tag)
}

impl<'s, 'a> Whole<'s, 'a> {
    fn of(part: &'s Part, sets: &'s [Set<'a>], beside: &'s [Beside<'s>]) -> Option<Self> {
        let (set, beside) = (sets.get(part.set)?, beside.get(part.set)?);
        let deployed = beside.described.first().map(|stack| stack.parameters.as_slice()).unwrap_or_default();
        let names = Names::of(&set.stack, deployed.iter());
        Some(Self { part, set, beside, place: set.stack.id.as_deref().and_then(Place::of), names })
    }

    fn prefix(&self) -> &'s str {
        &self.part.prefix
    }

    fn resource(&self, id: &str) -> Option<&'s Resource> {
        self.beside.template?.resource(id)
    }

    /// The properties of a resource as it is deployed, as far as they can be told.
    fn deployed(&self, id: &str) -> Option<Json> {
        let properties = self.resource(id)?.properties.as_ref();
        Some(
            properties.map_or_else(|| Json::Object(serde_json::Map::new()), |properties| self.names.put_in(properties)),
        )
    }

    /// What others call an object.
    fn ids(&self, id: &str, kind: &str, physical: Option<&str>) -> Vec<String> {
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
fn guards_off(whole: &Whole<'_, '_>) -> Vec<GuardOff> {
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
    fn all(&self) -> impl Iterator<Item = (&'s str, &'s str)> {
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

fn gaps(parts: &[Whole<'_, '_>]) -> Vec<String> {
    let mut found = Vec::new();
    for whole in parts {
        let (part, set) = (whole.part, whole.set);
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
#[derive(Default)]
struct Making<'s> {
    builder: Builder,
    /// The addresses of the nested stacks whose change sets are there.
    shown: HashSet<&'s str>,
    changes: Vec<ResourceChange<'static>>,
    drift: Vec<ResourceChange<'static>>,
    unchanged: usize,
    perhaps: usize,
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
    fn parameters(&mut self, whole: &Whole<'_, '_>) {
        let (prefix, set) = (whole.prefix(), whole.set);
        let details = set.rows.iter().flat_map(|row| row.change.details.iter().flatten());
        let changed: HashSet<&str> = details
            .filter(|detail| text(detail.0.change_source.as_ref()) == "ParameterReference")
            .map(|detail| text(detail.0.causing_entity.as_ref()))
            .filter(|name| !name.is_empty())
            .collect();
        let deployed = whole.beside.described.first().map(|stack| stack.parameters.as_slice()).unwrap_or_default();
        let same = set.parameters.iter().filter(|(name, _)| !changed.contains(name.as_str()));
        for (name, value) in deployed.iter().chain(same) {
            let value = Json::from(value.as_str()).to_string();
            let values = Attributes::made(value, None, Some("true".to_owned()), Vec::new());
            self.builder.object(&parameter(prefix, name), "parameter", Mode::Data, values);
        }
        for name in &changed {
            self.builder.block(&parameter(prefix, name), BlockKind::Carrier);
        }
    }

    /// Adds a row's object and its change.
    fn row(&mut self, whole: &Whole<'_, '_>, row: &Row<'_>) {
        let address = address(whole.prefix(), &row.id);
        let (planned, importing) = action::of(&row.change);
        let (before, after) = (&row.before, &row.after);
        let ids = whole.ids(&row.id, &row.kind, row.change.physical_resource_id.as_ref().map(|id| &*id.0));
        let deployed = whole.deployed(&row.id);
        let (was, will) = values::sides(&row.change, (before, after), deployed.as_ref(), &ids);
        let written = whole.resource(&row.id).map(|resource| resource.policies);
        let (action, mut disposal) = policies::disposal(&row.change, planned, (before, after), written);
        if let Some(disposal) = &mut disposal {
            disposal.refused_by = whole.refuses(row, action);
        }
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

    /// Adds what the stack has besides the rows' objects: what nothing happens to.
    fn others(&mut self, whole: &Whole<'_, '_>) {
        let rows: HashSet<&str> = whole.set.rows.iter().map(|row| row.id.as_str()).collect();
        let quiet: Vec<(&str, &str)> = whole.all().filter(|(id, _)| !rows.contains(id)).collect();
        for (id, kind) in quiet {
            let values = values::of_properties(whole.deployed(id).as_ref(), whole.ids(id, kind, None));
            self.builder.object(&address(whole.prefix(), id), kind, Mode::Managed, values);
            self.unchanged = self.unchanged.saturating_add(1);
            let listed = whole.beside.resources.is_some();
            let perhaps = !listed && whole.resource(id).is_some_and(|resource| resource.is_conditional);
            self.perhaps = self.perhaps.saturating_add(usize::from(perhaps));
        }
    }

    /// Adds the references that rows and the template tell.
    fn connect(&mut self, whole: &Whole<'_, '_>) {
        let prefix = whole.prefix();
        for row in &whole.set.rows {
            let from = address(prefix, &row.id);
            for detail in row.change.details.iter().flatten().map(|detail| &detail.0) {
                self.caused(prefix, &from, detail);
            }
            for side in [&row.before, &row.after] {
                for (attribute, value) in side.properties.iter().filter_map(Json::as_object).flatten() {
                    self.builder.connect(&from, attribute, value, whole);
                }
            }
        }
        for (id, resource) in whole.beside.template.iter().flat_map(|template| &template.resources) {
            let from = address(prefix, id);
            for (attribute, value) in resource.attributes() {
                self.builder.connect(&from, attribute, value, whole);
            }
            for target in &resource.depends_on {
                self.builder.refer(&from, "DependsOn", &address(prefix, target));
            }
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

    /// Adds what a stack hands out and, where it is nested, what it is handed by its parent.
    fn handed(&mut self, whole: &Whole<'_, '_>, parent: Option<&Whole<'_, '_>>) {
        let prefix = whole.prefix();
        for (name, output) in whole.beside.template.iter().flat_map(|template| &template.outputs) {
            let out = format!("{prefix}/output {name}");
            self.builder.object(&out, "output", Mode::Data, Attributes::default());
            self.builder.connect(&out, "Value", &output.value, whole);
            self.builder.refer(&outputs(prefix), "Outputs", &out);
            if let Some(export) = &output.export {
                self.builder.export(&out, pieces(&whole.names.put_in(export)));
            }
        }
        let Some(parent) = parent else { return };
        if whole.beside.template.is_none() {
            for row in &whole.set.rows {
                self.builder.refer(&outputs(prefix), "Outputs", &address(prefix, &row.id));
            }
        }
        let id = prefix.rsplit('/').next().unwrap_or_default();
        let given = parent.resource(id).and_then(|resource| resource.properties.as_ref()?.get("Parameters"));
        for name in self.builder.within(&parameter(prefix, "")) {
            let own = name.rsplit(' ').next().unwrap_or_default();
            match given {
                Some(given) => {
                    let value = given.get(own).unwrap_or(&Json::Null);
                    self.builder.connect(&name, "Parameters", value, parent);
                }
                None => self.builder.refer(&name, "Parameters", prefix),
            }
        }
    }
}

impl Whole<'_, '_> {
    /// What of the stack's policy refuses what a row does.
    fn refuses(&self, row: &Row<'_>, action: Action) -> Option<String> {
        let update = match action {
            Action::Delete => Update::Delete,
            Action::CreateThenDelete | Action::MayReplace => Update::Replace,
            _ => return None,
        };
        let policy = self.beside.policies.last()?;
        policy.denies(update, &row.id, &row.kind).then(|| format!("the stack policy, which denies {}", update.word()))
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
    let mut seen = HashSet::new();
    let mut paths: Vec<Vec<String>> = Vec::new();
    for path in details.filter(forces).map(values::steps).filter(|path| !path.is_empty()) {
        if seen.insert(path.clone()) {
            paths.push(path);
        }
    }
    paths
}
