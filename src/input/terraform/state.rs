//! `prior_state`: what existed when the plan was made; and what `terraform show -json` prints of a state.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde::de::{Deserializer, Error};
use serde_json::value::RawValue;

use super::outputs::{self, RootOutputs};
use super::plan::{format_version, parts};
use super::rows::{Identity, Object, Unchanged, deposed, exact, raw};
use crate::input::{InputError, Limits};
use crate::plan::{
    Attributes, Document, Estate, Header, Instance, Mode, Parts, Plan, Recorded, ResourceChange, Role, Text,
};

#[derive(Deserialize)]
pub(super) struct StatePart<'a> {
    #[serde(borrow, default)]
    format_version: Option<Text<'a>>,
    #[serde(borrow, default)]
    terraform_version: Option<Text<'a>>,
    #[serde(borrow, default)]
    values: Option<Object<Values<'a>>>,
}

#[derive(Deserialize)]
struct Values<'a> {
    #[serde(borrow, default)]
    outputs: RootOutputs<'a>,
    #[serde(borrow, default)]
    root_module: Option<Object<Module<'a>>>,
}

#[derive(Deserialize)]
struct Module<'a> {
    #[serde(borrow, default)]
    address: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "exact")]
    resources: Vec<Instance<'a>>,
    #[serde(borrow, default)]
    child_modules: Vec<Object<Module<'a>>>,
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    address: Text<'a>,
    #[serde(borrow, default)]
    mode: Option<Text<'a>>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    index: Option<&'a RawValue>,
    #[serde(borrow, default)]
    values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sensitive_values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    depends_on: Option<&'a RawValue>,
    #[serde(borrow, default)]
    deposed_key: Option<&'a RawValue>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Instance<'a> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        Object::<Row<'de>>::deserialize(reader).and_then(|row| convert(row.0).map_err(D::Error::custom))
    }
}

fn convert(mut row: Row<'_>) -> Result<Instance<'_>, &'static str> {
    // Terraform 0.12 leaves the index out of the address.
    if let Some(index) = raw(row.index).filter(|_| !row.address.0.ends_with(']')) {
        row.address = Text(format!("{}[{index}]", row.address.0).into());
    }
    let Identity { parts, mode, kind } = Identity::of(&row.address.0, row.mode.as_ref(), row.kind)?;
    let values = raw(row.values);
    if values.is_some_and(|text| !text.starts_with('{')) {
        return Err("the values of a resource must be an object");
    }
    let recorded = raw(row.depends_on).map_or(Some(Recorded::default()), Recorded::new);
    Ok(Instance {
        mode,
        kind,
        block: parts.block,
        keys: parts.keys,
        deposed: deposed(row.deposed_key)?,
        values: Attributes::new(values, None, raw(row.sensitive_values)),
        depends_on: recorded.ok_or("depends_on must be a list of addresses")?,
        address: row.address.0,
    })
}

impl<'a> StatePart<'a> {
    /// The state holds at least one managed object.
    pub(super) fn has_managed(&self) -> bool {
        fn any(module: &Module<'_>) -> bool {
            module.resources.iter().any(|r| r.mode == Mode::Managed)
                || module.child_modules.iter().any(|child| any(&child.0))
        }
        self.values.as_ref().and_then(|values| values.0.root_module.as_ref()).is_some_and(|root| any(&root.0))
    }

    /// The outputs, and all objects of all modules, in the order of the file.
    pub(super) fn into_parts(self) -> (RootOutputs<'a>, Vec<Instance<'a>>) {
        fn count(module: &Module<'_>) -> usize {
            module.child_modules.iter().map(|child| count(&child.0)).fold(module.resources.len(), usize::saturating_add)
        }
        let (outputs, root) = self.values.map(|values| (values.0.outputs, values.0.root_module)).unwrap_or_default();
        let root = root.map(|root| root.0);
        let mut found = Vec::with_capacity(root.as_ref().map_or(0, count));
        let mut open: Vec<Module<'a>> = root.into_iter().collect();
        while let Some(module) = open.pop() {
            let prefix = module.address.map(|address| format!("{}.", address.0)).unwrap_or_default();
            found.extend(module.resources.into_iter().map(|instance| instance.inside(&prefix)));
            open.extend(module.child_modules.into_iter().rev().map(|child| child.0));
        }
        (outputs, found)
    }
}

/// Makes context of a state as it is printed.
pub(super) fn context<'a>(unit: &str, state: StatePart<'a>, limits: &Limits) -> Result<Plan<'a>, InputError> {
    let format_version = format_version(unit, state.format_version.as_ref())?;
    let tool_version = state.terraform_version.as_ref().map(|text| text.0.to_string());
    let header = Header { document: Document::State, format_version, tool_version, ..Header::default() };
    let (outputs, instances) = state.into_parts();
    finish(unit, header, Estate { instances, ..Estate::default() }, (outputs, outputs::Form::Printed), limits)
}

/// The last steps, which are the same for printed and raw states.
pub(super) fn finish<'a>(
    unit: &str,
    header: Header,
    mut estate: Estate<'a>,
    (outputs, form): (RootOutputs<'a>, outputs::Form),
    limits: &Limits,
) -> Result<Plan<'a>, InputError> {
    if estate.instances.len() > limits.rows {
        return Err(InputError::new(unit, format!("it has more than {} objects", limits.rows)));
    }
    if let Some(address) = twice(&estate.instances) {
        return Err(InputError::new(unit, format!("this state has {address} twice"))
            .help("give the state untouched, as the tool writes it"));
    }
    estate.has_prior_state = true;
    outputs::hand_on(&mut estate, outputs, form);
    Ok(Plan { unit: unit.to_owned(), role: Role::Context, header, estate, ..Plan::default() })
}

impl Instance<'_> {
    /// The same with its module's prefix, which Terraform 0.12 leaves out of the address.
    fn inside(mut self, prefix: &str) -> Self {
        if !prefix.is_empty() && !self.address.starts_with(prefix) {
            self.address = Cow::Owned(format!("{prefix}{}", self.address));
            let Parts { block, keys, .. } = parts(&self.address);
            (self.block, self.keys) = (Cow::Owned(block.into_owned()), keys);
        }
        self
    }
}

/// An object that the state has twice, so that two readers may see two things.
pub(super) fn twice<'i>(instances: &'i [Instance<'_>]) -> Option<&'i str> {
    let mut seen = HashSet::with_capacity(instances.len());
    let twice = instances.iter().find(|i| !seen.insert((i.address.as_ref(), i.deposed.as_deref())));
    twice.map(|instance| instance.address.as_ref())
}

/// Lays the rows' masks over the state's values: older versions mask sensitive values in the rows alone, and what a
/// change makes a secret is one in the state as well.
pub(super) fn take_masks<'a>(
    instances: &mut [Instance<'a>],
    changes: &[ResourceChange<'a>],
    unchanged: &[Unchanged<'a>],
) {
    let hiding = changes.iter().filter(|row| row.before.hides_more());
    let hiding: HashMap<&str, &Attributes<'a>> = hiding.map(|row| (row.address.as_ref(), &row.before)).collect();
    if !hiding.is_empty() {
        for instance in instances.iter_mut().filter(|i| i.values.has_mask()) {
            if let Some(row) = hiding.get(instance.address.as_ref()) {
                instance.values = instance.values.hidden_as_well(row);
            }
        }
    }
    if instances.iter().all(|instance| instance.values.has_mask()) {
        return;
    }
    let rows = changes.iter().map(|row| (row.address.as_ref(), row.before.clone()));
    let rows = rows.chain(unchanged.iter().map(|row| (row.address.as_ref(), row.values())));
    let masks: HashMap<&str, Attributes<'a>> = rows.filter(|(_, values)| values.has_mask()).collect();
    for instance in instances.iter_mut().filter(|i| !i.values.has_mask()) {
        if let Some(row) = masks.get(instance.address.as_ref()) {
            instance.values = instance.values.masked_like(row);
        }
    }
}

/// Adds what only the rows show: an object that has values before the change exists, whether the state was given or not.
pub(super) fn add_missing<'a>(
    instances: &mut Vec<Instance<'a>>,
    changes: &[ResourceChange<'a>],
    unchanged: &[Unchanged<'a>],
) {
    let known: HashSet<(&str, Option<&str>)> =
        instances.iter().map(|i| (i.address.as_ref(), i.deposed.as_deref())).collect();
    let touched = changes
        .iter()
        .filter(|change| !change.before.is_null() || change.action.destroys())
        .filter(|change| !known.contains(&(change.address.as_ref(), change.deposed.as_deref())))
        .map(|change| {
            instance(&change.address, &change.kind, change.mode, change.deposed.clone(), change.before.clone())
        });
    let left = unchanged
        .iter()
        .filter(|row| !row.values().is_null() && !known.contains(&(row.address.as_ref(), None)))
        .map(|row| instance(&row.address, &row.kind, row.mode, None, row.values()));
    let missing: Vec<Instance<'a>> = touched.chain(left).collect();
    instances.extend(missing);
}

fn instance<'a>(
    address: &Cow<'a, str>,
    kind: &Cow<'a, str>,
    mode: Mode,
    deposed: Option<Cow<'a, str>>,
    values: Attributes<'a>,
) -> Instance<'a> {
    let Parts { block, keys, .. } = parts(address);
    let (address, kind) = (address.clone(), kind.clone());
    Instance { address, block, keys, mode, kind, deposed, values, depends_on: Recorded::default() }
}

/// How many managed objects no row is about.
pub(super) fn without_row(
    instances: &[Instance<'_>],
    changes: &[ResourceChange<'_>],
    unchanged: &[Unchanged<'_>],
) -> usize {
    let rows: HashSet<&str> = changes
        .iter()
        .map(|row| row.address.as_ref())
        .chain(unchanged.iter().map(|row| row.address.as_ref()))
        .collect();
    let managed = instances.iter().filter(|i| i.mode == Mode::Managed && i.deposed.is_none());
    managed.filter(|instance| !rows.contains(instance.address.as_ref())).count()
}
