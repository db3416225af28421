//! Values that units hand to each other: the outputs of the root module, and those that a `terraform_remote_state` read.
//!
//! Each becomes an object of its own that carries edges on. All of their values are masked: they are searched for
//! identities and compared, and nobody reads them.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::configuration::Named;
use super::rows::{Object, raw};
use crate::plan::{Attributes, Estate, Instance, Key, Mode, Output, Recorded, RemoteState};

/// The type of the data source that reads another unit's outputs; it is built into Terraform and OpenTofu.
pub(super) const REMOTE_STATE: &str = "terraform_remote_state";

/// `outputs` of a state: each with its value, its type, and whether it is sensitive.
pub(super) type RootOutputs<'a> = Named<'a, Object<OutputRow<'a>>>;

#[derive(Deserialize)]
pub(super) struct OutputRow<'a> {
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
}

/// How a value of any type is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As itself, by `terraform show -json`.
    Printed,
    /// As an object of its value and its type, in a raw state.
    Raw,
}

#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow, default)]
    config: Option<&'a RawValue>,
    #[serde(borrow, default)]
    outputs: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Typed<'a> {
    #[serde(borrow)]
    value: &'a RawValue,
}

impl Form {
    fn open<'a>(self, value: &'a RawValue) -> &'a str {
        match serde_json::from_str::<Object<Typed<'a>>>(value.get()) {
            Ok(Object(typed)) if self == Self::Raw => typed.value.get(),
            _ => value.get(),
        }
    }
}

/// Makes an object of each value that the unit hands out, or has taken from another.
pub(super) fn hand_on<'a>(estate: &mut Estate<'a>, outputs: RootOutputs<'a>, form: Form) {
    for (name, Object(row)) in outputs.0 {
        let address = format!("output.{}", name.0);
        let instance = push(estate, carrier(&address, address.clone(), Box::default(), "output", raw(row.value)));
        estate.outputs.push(Output { name: name.0, instance });
    }
    let sources: Vec<usize> = (0..estate.instances.len())
        .filter(|place| estate.instances.get(*place).is_some_and(|i| i.mode == Mode::Data && i.kind == REMOTE_STATE))
        .collect();
    for source in sources {
        take_apart(estate, source, form);
    }
}

fn take_apart(estate: &mut Estate<'_>, source: usize, form: Form) {
    let Some(instance) = estate.instances.get(source) else { return };
    let text = instance.values.in_input();
    let read = serde_json::from_str(text).map_or(Source { config: None, outputs: None }, |Object(read)| read);
    let (config, outputs) = (read.config.map(|value| form.open(value)), read.outputs.map(|value| form.open(value)));
    let (address, block) = (format!("{}.outputs", instance.address), format!("{}.outputs", instance.block));
    let steps = instance.block.split('.').count() / 2;
    let keys: Box<[Key]> =
        if instance.keys.is_empty() { vec![Key::None; steps.max(1)].into() } else { instance.keys.clone() };
    let named: Option<Named<'_, &RawValue>> = outputs.map_or(Some(Named::default()), |o| serde_json::from_str(o).ok());
    // What cannot be told apart is handed on together.
    let together = if named.is_some() { None } else { Some(text) };
    let whole = push(estate, carrier(&block, address.clone(), keys.clone(), REMOTE_STATE, together));
    let mut taken = Vec::new();
    for (name, value) in named.unwrap_or_default().0 {
        let (address, block) = (format!("{address}.{}", name.0), format!("{block}.{}", name.0));
        let instance = push(estate, carrier(&block, address, keys.clone(), REMOTE_STATE, raw(Some(value))));
        taken.push(Output { name: name.0, instance });
    }
    let config = Attributes::new(config, None, Some("true"));
    estate.remote_states.push(RemoteState { source, whole, outputs: taken, config });
}

fn push<'a>(estate: &mut Estate<'a>, instance: Instance<'a>) -> usize {
    estate.instances.push(instance);
    estate.instances.len().saturating_sub(1)
}

fn carrier<'a>(
    block: &str,
    address: String,
    keys: Box<[Key]>,
    kind: &'static str,
    value: Option<&'a str>,
) -> Instance<'a> {
    Instance {
        address: Cow::Owned(address),
        block: Cow::Owned(block.to_owned()),
        keys,
        mode: Mode::Data,
        kind: Cow::Borrowed(kind),
        deposed: None,
        values: Attributes::new(value, None, Some("true")),
        depends_on: Recorded::default(),
    }
}
