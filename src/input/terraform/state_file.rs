//! Raw states, version 4: what `terraform.tfstate` holds and `terraform state pull` prints.
//!
//! The format is that of `internal/states/statefile/version4.go` of Terraform and OpenTofu. It is documented as subject
//! to change, so any other version is refused; `terraform show -json` prints all of them in one stable form.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::outputs::{Form, RootOutputs};
use super::plan::parts;
use super::rows::{Object, deposed, raw};
use crate::input::{InputError, Limits};
use crate::plan::{Attributes, Document, Estate, Header, Instance, Lineage, Mode, Parts, Plan, Recorded, Text};

#[derive(Deserialize)]
pub(super) struct StateFile<'a> {
    #[serde(borrow, default)]
    terraform_version: Option<Text<'a>>,
    #[serde(default)]
    serial: Option<u64>,
    #[serde(borrow, default)]
    lineage: Option<Text<'a>>,
    #[serde(borrow, default)]
    outputs: RootOutputs<'a>,
    #[serde(borrow, default)]
    resources: Option<Vec<Object<ResourceRow<'a>>>>,
}

#[derive(Deserialize)]
struct ResourceRow<'a> {
    #[serde(borrow, default)]
    module: Option<Text<'a>>,
    #[serde(borrow, default)]
    mode: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow, default)]
    instances: Option<Vec<Object<InstanceRow<'a>>>>,
}

#[derive(Deserialize)]
struct InstanceRow<'a> {
    #[serde(borrow, default)]
    index_key: Option<&'a RawValue>,
    #[serde(borrow, default)]
    deposed: Option<&'a RawValue>,
    #[serde(borrow, default)]
    attributes: Option<&'a RawValue>,
    #[serde(borrow, default)]
    attributes_flat: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sensitive_attributes: Option<&'a RawValue>,
    #[serde(borrow, default)]
    dependencies: Option<&'a RawValue>,
    #[serde(borrow, default)]
    depends_on: Option<&'a RawValue>,
}

/// Refuses every version but the fourth, which is looked at before anything else is read.
pub(super) fn check_version(unit: &str, document: &str) -> Result<(), InputError> {
    #[derive(Deserialize)]
    struct Version {
        #[serde(default)]
        version: serde_json::Value,
    }
    let version = serde_json::from_str::<Object<Version>>(document).map(|read| read.0.version).unwrap_or_default();
    if version == 4 {
        return Ok(());
    }
    let shown = version.as_u64().map_or_else(|| "an unknown version".to_owned(), |number| format!("version {number}"));
    Err(InputError::new(unit, format!("this is a raw state of {shown}, and only version 4 is known"))
        .help("give what `terraform show -json` prints of it, with the Terraform that wrote it"))
}

/// Makes context of a raw state.
pub(super) fn context<'a>(unit: &str, state: StateFile<'a>, limits: &Limits) -> Result<Plan<'a>, InputError> {
    let mut instances = Vec::new();
    for Object(resource) in state.resources.unwrap_or_default() {
        let ResourceRow { module, mode, kind, name, instances: rows } = resource;
        // What is not known counts as managed.
        let mode = if mode.is_some_and(|mode| mode.0 == "data") { Mode::Data } else { Mode::Managed };
        let module = module.filter(|module| !module.0.is_empty());
        let prefix = module.as_ref().map(|module| format!("{}.", module.0)).unwrap_or_default();
        let data = if mode == Mode::Data { "data." } else { "" };
        let block = format!("{prefix}{data}{}.{}", kind.0, name.0);
        for Object(row) in rows.unwrap_or_default() {
            let read = instance((&block, mode, &kind.0), &row, module.is_none());
            instances.push(read.map_err(|what| InputError::new(unit, what))?);
        }
    }
    let header = Header {
        document: Document::State,
        format_version: "4".to_owned(),
        tool_version: state.terraform_version.map(|text| text.0.into_owned()),
        ..Header::default()
    };
    let lineage = state.lineage.map(|id| Lineage { id: id.0.into_owned(), serial: state.serial.unwrap_or(0) });
    let estate = Estate { instances, lineage, ..Estate::default() };
    super::state::finish(unit, header, estate, (state.outputs, Form::Raw), limits)
}

fn instance<'a>(
    (block, mode, kind): (&str, Mode, &Cow<'a, str>),
    row: &InstanceRow<'a>,
    in_root: bool,
) -> Result<Instance<'a>, &'static str> {
    let index = raw(row.index_key).map(|index| format!("[{index}]")).unwrap_or_default();
    let address: Cow<'a, str> = Cow::Owned(format!("{block}{index}"));
    let Parts { block, keys, .. } = parts(&address);
    let (block, keys) = (Cow::Owned(block.into_owned()), keys);
    // States that were made before version 4 and never touched since have flat attributes, all texts.
    let values = raw(row.attributes).or(raw(row.attributes_flat));
    if values.is_some_and(|text| !text.starts_with('{')) {
        return Err("the attributes of a resource must be an object");
    }
    // Terraform 0.12 wrote `depends_on`, with addresses that are relative to the module.
    let recorded = raw(row.dependencies).or(raw(row.depends_on).filter(|_| in_root));
    let recorded = recorded.map_or(Some(Recorded::default()), Recorded::new);
    Ok(Instance {
        address,
        block,
        keys,
        mode,
        kind: kind.clone(),
        deposed: deposed(row.deposed)?,
        values: Attributes::with_paths(values, raw(row.sensitive_attributes)),
        depends_on: recorded.ok_or("the dependencies of a resource must be a list of addresses")?,
    })
}
