//! A stack, with the stacks nested in it, as a plan.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::Value as Json;

use super::builder::Builder;
use super::change_set::Row;
use super::join::Set;
use super::matching::Beside;
use super::response::{Detail, text};
use super::whole::{Part, STACK, Whole, address, guards_off, outputs, parameter};
use super::{action, edges, policies, values};
use crate::input::digest;
use crate::plan::{
    Action, ActionReason, Attributes, BlockKind, Declarations, Document, Estate, GivenTag, Header, Inside, Mode, Plan,
    ResourceChange, Role,
};

/// Makes the plan of a tree of change sets, its root first, with what else is known of each.
pub(super) fn plan(sets: &[Set<'_>], beside: &[Beside<'_>], tree: &[Part]) -> Plan<'static> {
    let parts: Vec<Whole<'_, '_>> = tree.iter().filter_map(|part| Whole::of(part, sets, beside)).collect();
    let made = make(&parts);
    let (estate, configuration) = made.builder.finish();
    Plan {
        unit: parts.first().map(|part| part.set.unit.clone()).unwrap_or_default(),
        role: Role::Judged,
        header: Header { document: Document::ChangeSet, digest: digest(&parts), ..Header::default() },
        estate: Estate { unchanged: made.unchanged, perhaps: made.perhaps, ..known(&parts, estate) },
        changes: made.changes,
        drift: made.drift,
        configuration,
        declared: Declarations { gaps: gaps(&parts), ..Declarations::default() },
        tags_after: parts.iter().flat_map(tags_after).collect(),
        guards_off: parts.iter().flat_map(guards_off).collect(),
        ..Plan::default()
    }
}

/// Everything that is declared, planned and referred to in all stacks of a tree.
fn make<'s>(parts: &'s [Whole<'s, '_>]) -> Making<'s> {
    let shown = parts.iter().skip(1).map(Whole::prefix).collect();
    let mut made = Making { shown, ..Making::default() };
    for part in parts {
        made.parameters(part);
        if part.part.row.is_some() {
            made.builder.block(&outputs(part.prefix()), BlockKind::Carrier);
        }
        for row in &part.set.rows {
            made.row(part, row);
        }
        made.others(part);
    }
    for part in parts {
        edges::connect(&mut made.builder, part);
        edges::hand_over(&mut made.builder, part, part.part.row.and_then(|parent| parts.get(parent)));
    }
    made
}

/// The estate with how completely it is known.
fn known(parts: &[Whole<'_, '_>], estate: Estate<'static>) -> Estate<'static> {
    let is_whole = parts.iter().all(|part| part.beside.is_whole());
    let users_unseen = !parts.iter().all(|part| part.beside.shows_references());
    let without_template = parts.iter().filter(|part| part.beside.template.is_none());
    let values_unseen = without_template.flat_map(|part| &part.set.rows).any(shows_no_values);
    let tags = parts.iter().flat_map(|part| {
        let stack = part.beside.described.first();
        stack.into_iter().flat_map(|stack| given(part.prefix(), &stack.tags))
    });
    let tags = tags.collect();
    Estate { has_prior_state: is_whole, changes_only: !is_whole, users_unseen, values_unseen, tags, ..estate }
}

/// The tags that a stack will have, where it is known which ones it has.
fn tags_after(whole: &Whole<'_, '_>) -> Vec<GivenTag> {
    let is_known = !whole.beside.described.is_empty();
    given(whole.prefix(), &whole.set.tags).filter(|_| is_known).collect()
}

fn given<'t>(prefix: &'t str, tags: &'t [(String, String)]) -> impl Iterator<Item = GivenTag> + use<'t> {
    let tag = move |(key, value): &(String, String)| GivenTag {
        within: prefix.to_owned(),
        key: key.clone(),
        value: value.clone(),
    };
    tags.iter().map(tag)
}

/// An object that is there changes, and what it is was not asked for.
fn shows_no_values(row: &Row<'_>) -> bool {
    row.before.properties.is_none() && matches!(text(row.change.action.as_ref()), "Modify" | "Remove" | "Dynamic")
}

/// What binds a word to all of it: the digest of its one document, or of all of them together in any order.
fn digest(parts: &[Whole<'_, '_>]) -> Option<String> {
    let mut digests: Vec<&str> = parts.iter().flat_map(|part| &part.set.digests).map(String::as_str).collect();
    digests.sort_unstable();
    match digests.as_slice() {
        [] => None,
        [only] => Some((*only).to_owned()),
        many => Some(digest::of(&many.join("\n"), None)),
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
    perhaps: Vec<usize>,
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
        let (exists, stays) = sides_of(row, planned, !ids.is_empty());
        let replaces = matches!(planned, Action::CreateThenDelete | Action::MayReplace);
        self.changes.push(ResourceChange {
            reason: match planned {
                Action::Delete => Some(ActionReason::NoConfig),
                Action::CreateThenDelete => Some(ActionReason::CannotUpdate),
                _ => None,
            },
            before: if exists { was } else { Attributes::default() },
            after: if stays { will } else { Attributes::default() },
            replace_paths: if replaces { forcing(row) } else { Vec::new() },
            importing,
            inside: self.inside(&address, row),
            inside_plan: row.change.change_set_id.as_ref().map(|id| Box::from(&*id.0)),
            disposal,
            ..change(&address, &row.kind, action)
        });
    }

    /// Something was deleted outside of the tool: as it was when it was deployed.
    fn vanished(&mut self, address: &str, row: &Row<'_>) {
        let deployed = super::context::read(row.change.previous_deployment_context).unwrap_or_default().properties;
        let before = values::of_properties(deployed.as_ref().or(row.before.properties.as_ref()), Vec::new());
        self.drift.push(ResourceChange { before, ..change(address, &row.kind, Action::Delete) });
    }

    /// Whether what happens inside of a nested stack can be seen.
    fn inside(&self, address: &str, row: &Row<'_>) -> Inside {
        let named = row.change.change_set_id.as_ref().is_some_and(|id| !id.0.is_empty());
        match (row.kind == STACK || named, self.shown.contains(address)) {
            (false, _) => Inside::Unsaid,
            (true, true) => Inside::Shown,
            (true, false) => Inside::Unseen,
        }
    }

    /// Adds what the stack has besides the rows' objects: what nothing happens to.
    fn others(&mut self, whole: &Whole<'_, '_>) {
        let rows: HashSet<&str> = whole.set.rows.iter().map(|row| row.id.as_str()).collect();
        let quiet: Vec<(&str, &str)> = whole.all().filter(|(id, _)| !rows.contains(id)).collect();
        for (id, kind) in quiet {
            let values = values::of_properties(whole.deployed(id).as_ref(), whole.ids(id, kind, None));
            let place = self.builder.object(&address(whole.prefix(), id), kind, Mode::Managed, values);
            self.unchanged = self.unchanged.saturating_add(1);
            let is_listed = whole.beside.resources.is_some();
            if !is_listed && whole.resource(id).is_some_and(|resource| resource.is_conditional) {
                self.perhaps.push(place);
            }
        }
    }
}

/// Whether there is an object before a change, and one after it.
fn sides_of(row: &Row<'_>, planned: Action, is_named: bool) -> (bool, bool) {
    match planned {
        Action::Create | Action::NoOp => (false, true),
        Action::Delete => (true, false),
        // Nobody knows the word: what is there and is not said to stay may go.
        Action::Unknown => (is_named || row.before.properties.is_some(), row.after.properties.is_some()),
        _ => (true, true),
    }
}

/// A change of which nothing but the action is known.
fn change(address: &str, kind: &str, action: Action) -> ResourceChange<'static> {
    ResourceChange {
        address: Cow::Owned(address.to_owned()),
        previous_address: None,
        block: Cow::Owned(address.to_owned()),
        mode: Mode::Managed,
        kind: Cow::Owned(kind.to_owned()),
        deposed: None,
        action,
        reason: None,
        before: Attributes::default(),
        after: Attributes::default(),
        replace_paths: Vec::new(),
        importing: false,
        disposal: None,
        inside: Inside::Unsaid,
        inside_plan: None,
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
