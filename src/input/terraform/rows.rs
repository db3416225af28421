//! `resource_changes` and `resource_drift`: one row an object.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::plan::parts;
use crate::plan::{Action, ActionReason, Attributes, Inside, Mode, Parts, ResourceChange, Text, Value};

/// Something that must be a JSON object. What serde derives would take a list for a struct, by position.
#[derive(Default)]
pub(in crate::input) struct Object<T>(pub(in crate::input) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Object<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(Object)
            }
        }
        reader.deserialize_map(Members(PhantomData))
    }
}

/// A list without room for more: a great many short ones, each with room for as much again, add up.
pub(super) fn exact<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Vec<T>, D::Error> {
    let mut list = Vec::deserialize(reader)?;
    list.shrink_to_fit();
    Ok(list)
}

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
    texts: (Option<&'a str>, Option<&'a str>),
}

impl<'a> Unchanged<'a> {
    /// Its values under their mask.
    pub(super) fn values(&self) -> Attributes<'a> {
        Attributes::new(self.texts.0, None, self.texts.1)
    }
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
    /// Lays over what goes what the other instances of its block will hide: only what stays has a mask of what comes.
    pub(super) fn share_masks(&mut self) {
        let stays = self.changes.iter().filter(|row| row.after.hides_any());
        let masks: HashMap<String, Attributes<'a>> =
            stays.map(|row| (row.block.to_string(), row.after.clone())).collect();
        if masks.is_empty() {
            return;
        }
        for row in self.changes.iter_mut().filter(|row| row.after.search().is_empty()) {
            if let Some(like) = masks.get(row.block.as_ref()) {
                row.before = row.before.hidden_like(like);
            }
        }
    }

    fn sort(&mut self, row: ResourceChange<'a>) {
        if row.does_anything() {
            self.changes.push(row);
        } else {
            let ResourceChange { address, kind, mode, before, .. } = row;
            self.unchanged.push(Unchanged { address, kind, mode, texts: before.texts() });
        }
    }

    /// At least one row is about a managed object.
    pub(super) fn any_managed(&self) -> bool {
        self.changes.iter().any(|row| row.mode == Mode::Managed)
            || self.unchanged.iter().any(|row| row.mode == Mode::Managed)
    }
}

#[derive(Deserialize)]
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
    change: Object<Change<'a>>,
    #[serde(borrow, default)]
    action_reason: Option<Text<'a>>,
}

#[derive(Deserialize)]
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
        Object::<Row<'de>>::deserialize(reader).and_then(|row| convert(row.0).map_err(D::Error::custom))
    }
}

fn convert(row: Row<'_>) -> Result<ResourceChange<'_>, &'static str> {
    let Identity { parts, mode, kind } = Identity::of(&row.address.0, row.mode.as_ref(), row.kind)?;
    let change = row.change.0;
    let before = Attributes::new(raw(change.before), None, raw(change.before_sensitive));
    let after = Attributes::new(raw(change.after), raw(change.after_unknown), raw(change.after_sensitive));
    let action = Action::from_words(change.actions.iter().map(|word| &*word.0));
    let keeps = matches!(action, Action::NoOp | Action::Read | Action::Update);
    let goes = keeps && mode == Mode::Managed && !before.is_null() && after.is_null();
    let was_there = action == Action::Create && !before.is_null();
    Ok(ResourceChange {
        mode,
        kind,
        block: parts.block,
        deposed: deposed(row.deposed)?,
        // What is kept is there afterwards, and what is made was not there before: any other row says two things, and
        // nobody knows what it does.
        action: if goes || was_there { Action::Unknown } else { action },
        reason: row.action_reason.map(|word| ActionReason::from_word(&word.0)),
        // What either side hides, both hide: the former value of what is a secret now is one.
        before: before.hidden_like(&after),
        after: after.hidden_like(&before),
        replace_paths: paths(change.replace_paths),
        importing: raw(change.importing).is_some(),
        disposal: None,
        inside: Inside::Unsaid,
        inside_plan: None,
        previous_address: row.previous_address.map(|text| text.0),
        address: row.address.0,
    })
}

/// What a row is about, by its address and by what it says besides. The two must agree.
pub(super) struct Identity<'a> {
    pub(super) parts: Parts<'a>,
    pub(super) mode: Mode,
    pub(super) kind: Cow<'a, str>,
}

impl<'a> Identity<'a> {
    pub(super) fn of(
        address: &Cow<'a, str>,
        written_mode: Option<&Text<'_>>,
        written_kind: Option<Text<'a>>,
    ) -> Result<Self, &'static str> {
        let parts = parts(address);
        let mode = mode(written_mode, parts.mode);
        let kind = written_kind.map_or_else(|| parts.kind.clone(), |text| text.0);
        // An address that does not read like one is at least no data source.
        let odd = !parts.is_exact && mode != Mode::Managed;
        if odd || (parts.is_exact && (mode != parts.mode || kind != parts.kind)) {
            return Err("a resource's type or mode contradicts its address");
        }
        Ok(Self { parts, mode, kind })
    }
}

/// The mode as written; plans of the oldest versions leave it out, and what is not known counts as managed.
fn mode(written: Option<&Text<'_>>, by_address: Mode) -> Mode {
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
pub(super) fn deposed(value: Option<&RawValue>) -> Result<Option<Cow<'_, str>>, &'static str> {
    let Some(text) = raw(value) else { return Ok(None) };
    match serde_json::from_str::<Value<'_>>(text) {
        Ok(Value::Bool(false)) => Ok(None),
        Ok(Value::Bool(true)) => Ok(Some(Cow::Borrowed("true"))),
        Ok(Value::Text(key)) => Ok(Some(key).filter(|key| !key.is_empty())),
        _ => Err("a deposed key must be a text"),
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
