//! `resource_changes` and `resource_drift`: one row an object.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::plan::parts;
use crate::plan::{Action, ActionReason, Attributes, Mode, ResourceChange, Text, Value};

/// The rows of one section: those that do something, and what is left of the others.
#[derive(Default)]
pub(super) struct Rows<'a> {
    pub(super) changes: Vec<ResourceChange<'a>>,
    pub(super) unchanged: Vec<Unchanged<'a>>,
}

/// An object that the plan leaves as it is. There may be a great many of them.
pub(super) struct Unchanged<'a> {
    pub(super) address: Cow<'a, str>,
    pub(super) kind: Cow<'a, str>,
    pub(super) mode: Mode,
    pub(super) values: Attributes<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Rows<'a> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Rows<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of resource changes")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Rows<'de>, A::Error> {
                let mut rows = Rows::default();
                while let Some(row) = items.next_element::<ResourceChange<'de>>()? {
                    rows.sort(row);
                }
                Ok(rows)
            }
        }
        reader.deserialize_seq(Each)
    }
}

impl<'a> Rows<'a> {
    fn sort(&mut self, row: ResourceChange<'a>) {
        if row.does_anything() {
            self.changes.push(row);
        } else {
            let ResourceChange { address, kind, mode, before: values, .. } = row;
            self.unchanged.push(Unchanged { address, kind, mode, values });
        }
    }

    /// At least one row is about a managed object.
    pub(super) fn any_managed(&self) -> bool {
        self.changes.iter().any(|row| row.mode == Mode::Managed)
            || self.unchanged.iter().any(|row| row.mode == Mode::Managed)
    }
}

#[derive(Deserialize)]
#[serde(expecting = "a resource change, one object")]
struct Row<'a> {
    #[serde(borrow)]
    address: Text<'a>,
    #[serde(borrow, default)]
    previous_address: Option<Text<'a>>,
    #[serde(borrow, default)]
    mode: Option<Text<'a>>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    deposed: Option<&'a RawValue>,
    #[serde(borrow)]
    change: Change<'a>,
    #[serde(borrow, default)]
    action_reason: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a change, one object with its actions")]
struct Change<'a> {
    #[serde(borrow)]
    actions: Vec<Text<'a>>,
    #[serde(borrow, default)]
    before: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after_unknown: Option<&'a RawValue>,
    #[serde(borrow, default)]
    before_sensitive: Option<&'a RawValue>,
    #[serde(borrow, default)]
    after_sensitive: Option<&'a RawValue>,
    #[serde(borrow, default)]
    replace_paths: Option<&'a RawValue>,
    #[serde(borrow, default)]
    importing: Option<&'a RawValue>,
}

impl<'de: 'a, 'a> Deserialize<'de> for ResourceChange<'a> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        Row::deserialize(reader).map(convert)
    }
}

fn convert(row: Row<'_>) -> ResourceChange<'_> {
    let parts = parts(&row.address.0);
    let change = row.change;
    ResourceChange {
        mode: mode(row.mode.as_ref(), parts.mode),
        kind: row.kind.map_or(parts.kind, |text| text.0),
        block: parts.block,
        deposed: deposed(row.deposed),
        action: Action::from_words(change.actions.iter().map(|word| &*word.0)),
        reason: row.action_reason.map(|word| ActionReason::from_word(&word.0)),
        before: Attributes::new(raw(change.before), None, raw(change.before_sensitive)),
        after: Attributes::new(raw(change.after), raw(change.after_unknown), raw(change.after_sensitive)),
        replace_paths: paths(change.replace_paths),
        importing: raw(change.importing).is_some(),
        previous_address: row.previous_address.map(|text| text.0),
        address: row.address.0,
    }
}

/// The mode as written; plans of the oldest versions leave it out, and what is not known counts as managed.
pub(super) fn mode(written: Option<&Text<'_>>, by_address: Mode) -> Mode {
    match written.map(|word| &*word.0) {
        None => by_address,
        Some("data" | "ephemeral") => Mode::Data,
        Some(_) => Mode::Managed,
    }
}

/// A value's text; null counts as absent.
pub(super) fn raw(value: Option<&RawValue>) -> Option<&str> {
    value.map(RawValue::get).filter(|text| *text != "null")
}

/// A deposed object's key; the oldest versions write `true`.
pub(super) fn deposed(value: Option<&RawValue>) -> Option<Cow<'_, str>> {
    let text = raw(value)?;
    match serde_json::from_str::<Value<'_>>(text) {
        Ok(Value::Bool(false)) => None,
        Ok(Value::Text(key)) if key.is_empty() => None,
        Ok(Value::Text(key)) => Some(key),
        _ => Some(Cow::Borrowed("true")),
    }
}

/// `replace_paths`: a list of lists of names and indexes.
fn paths(value: Option<&RawValue>) -> Vec<Vec<String>> {
    let Some(Value::List(paths)) = raw(value).and_then(|text| serde_json::from_str(text).ok()) else {
        return Vec::new();
    };
    paths
        .into_iter()
        .map(|path| match path {
            Value::List(steps) => steps.iter().map(step).collect(),
            other => vec![step(&other)],
        })
        .collect()
}

fn step(step: &Value<'_>) -> String {
    match step {
        Value::Text(name) => name.to_string(),
        Value::Number(index) => index.to_string(),
        _ => "?".to_owned(),
    }
}
