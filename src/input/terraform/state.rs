//! `prior_state`: what existed when the plan was made.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Deserialize;
use serde::de::{Deserializer, Error};
use serde_json::value::RawValue;

use super::plan::parts;
use super::rows::{Unchanged, deposed, mode, raw};
use crate::plan::{Attributes, Instance, Mode, Parts, Recorded, ResourceChange, Text};

#[derive(Deserialize)]
#[serde(expecting = "a state, one object")]
pub(super) struct StatePart<'a> {
    #[serde(borrow, default)]
    values: Option<Values<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a state's values, one object")]
struct Values<'a> {
    #[serde(borrow, default)]
    root_module: Option<Module<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a module, one object")]
struct Module<'a> {
    #[serde(borrow, default)]
    resources: Vec<Instance<'a>>,
    #[serde(borrow, default)]
    child_modules: Vec<Module<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a resource of the state, one object")]
struct Row<'a> {
    #[serde(borrow)]
    address: Text<'a>,
    #[serde(borrow, default)]
    mode: Option<Text<'a>>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Text<'a>>,
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
        convert(Row::deserialize(reader)?).ok_or_else(|| D::Error::custom("depends_on must be a list of addresses"))
    }
}

fn convert(row: Row<'_>) -> Option<Instance<'_>> {
    let depends_on = raw(row.depends_on).map_or(Some(Recorded::default()), Recorded::new)?;
    let parts = parts(&row.address.0);
    Some(Instance {
        mode: mode(row.mode.as_ref(), parts.mode),
        kind: row.kind.map_or(parts.kind, |text| text.0),
        block: parts.block,
        keys: parts.keys,
        deposed: deposed(row.deposed_key),
        values: Attributes::new(raw(row.values), None, raw(row.sensitive_values)),
        depends_on,
        address: row.address.0,
    })
}

impl<'a> StatePart<'a> {
    /// The state holds at least one managed object.
    pub(super) fn has_managed(&self) -> bool {
        fn any(module: &Module<'_>) -> bool {
            module.resources.iter().any(|r| r.mode == Mode::Managed) || module.child_modules.iter().any(any)
        }
        self.values.as_ref().and_then(|values| values.root_module.as_ref()).is_some_and(any)
    }

    /// All objects of all modules, in the order of the file.
    pub(super) fn into_instances(self) -> Vec<Instance<'a>> {
        fn count(module: &Module<'_>) -> usize {
            module.child_modules.iter().map(count).fold(module.resources.len(), usize::saturating_add)
        }
        let root = self.values.and_then(|values| values.root_module);
        let mut found = Vec::with_capacity(root.as_ref().map_or(0, count));
        let mut open: Vec<Module<'a>> = root.into_iter().collect();
        while let Some(module) = open.pop() {
            found.extend(module.resources);
            open.extend(module.child_modules.into_iter().rev());
        }
        found
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
        .map(|change| instance(&change.address, &change.kind, change.mode, change.deposed.clone(), change.before));
    let left = unchanged
        .iter()
        .filter(|row| !row.values.is_null() && !known.contains(&(row.address.as_ref(), None)))
        .map(|row| instance(&row.address, &row.kind, row.mode, None, row.values));
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
