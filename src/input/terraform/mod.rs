//! `terraform show -json PLAN` and `tofu show -json PLAN`, every `format_version` from 0.1 to 1.x.
//!
//! The format is documented at <https://developer.hashicorp.com/terraform/internals/json-format> and
//! <https://opentofu.org/docs/internals/json-format/>: a minor version adds properties, which are passed over; a major
//! one is refused. No value is read from `planned_values` and `variables`: they hold clear text and say nothing new.

mod configuration;
mod given;
mod lookup;
mod outputs;
mod plan;
mod references;
mod remote_states;
mod rows;
mod sourced;
mod state;
mod state_file;
mod written;

pub(super) use configuration::Named;
pub(super) use rows::Object;

use serde_json::value::RawValue;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{Beside, InputError, Limits, digest, formats};
use crate::plan::Plan;

/// Reads the document that begins at `start`; returns the plan and the offset behind it.
pub(super) fn read<'a>(
    unit: &str,
    text: &'a str,
    start: usize,
    limits: &Limits,
    beside: &Beside<'_>,
) -> Result<(Plan<'a>, usize), InputError> {
    let rest = text.get(start..).unwrap_or_default();
    let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<plan::Document<'a>>();
    let document = match stream.next() {
        Some(Ok(document)) => document,
        Some(Err(error)) => return Err(explain(unit, text, start, &error)),
        None => return Err(InputError::new(unit, "the document is empty")),
    };
    let end = start.saturating_add(stream.byte_offset());
    let refuse = |error: InputError| error.at(text, start);
    if let Some((what, help)) = formats::refusal(&document.keys.iter().map(AsRef::as_ref).collect::<Vec<_>>()) {
        return Err(refuse(InputError::new(unit, what).help(help)));
    }
    let timestamp = document.timestamp.map(RawValue::get);
    let mut plan = plan::finish(unit, document, limits, beside).map_err(refuse)?;
    let whole = beside.digest.then(|| text.get(start..end)).flatten();
    plan.header.digest = whole.map(|whole| digest::of(whole, timestamp));
    Ok((plan, end))
}

/// Says what is wrong with a document that could not be read, without ever quoting its values.
fn explain(unit: &str, text: &str, start: usize, error: &serde_json::Error) -> InputError {
    let rest = text.get(start..).unwrap_or_default();
    if error.is_eof() {
        return InputError::new(unit, "the file ends in the middle of a document: it is truncated")
            .help("write the plan again, and check that the disk and the upload were complete")
            .at(text, text.len());
    }
    if let Ok(Keys(keys)) = Keys::deserialize(&mut serde_json::Deserializer::from_str(rest))
        && let Some((what, help)) = formats::refusal(&keys.iter().map(String::as_str).collect::<Vec<_>>())
    {
        return InputError::new(unit, what).help(help).at(text, start);
    }
    malformed(unit, text, start, error, "plan").help("give the plan exactly as `terraform show -json tfplan` prints it")
}

/// The same for a document of a known kind.
pub(super) fn malformed(unit: &str, text: &str, start: usize, error: &serde_json::Error, kind: &str) -> InputError {
    let rest = text.get(start..).unwrap_or_default();
    let offset = start.saturating_add(offset_of(rest, error));
    let problem = match error.classify() {
        serde_json::error::Category::Data => format!("this {kind} is malformed: {}", scrub(&error.to_string())),
        serde_json::error::Category::Eof => "the file ends in the middle of a document: it is truncated".to_owned(),
        _ => format!("this is not valid JSON: {}", scrub(&error.to_string())),
    };
    InputError::new(unit, problem).at(text, offset)
}

/// Reads what exists, and who stands on whom, of a plan; `document` is the part of the text that begins at `start`.
pub(super) fn existing<'a>(unit: &str, text: &str, start: usize, document: &'a str, limits: &Limits) -> Read<'a> {
    let read = serde_json::from_str(document).map_err(|error| malformed(unit, text, start, &error, "plan"))?;
    plan::existing(unit, read, limits)
}

/// The same of a state as `show -json` prints it.
pub(super) fn state<'a>(unit: &str, text: &str, start: usize, document: &'a str, limits: &Limits) -> Read<'a> {
    let read: Result<Object<_>, _> = serde_json::from_str(document);
    let read = read.map_err(|error| malformed(unit, text, start, &error, "state"))?;
    state::context(unit, read.0, limits)
}

/// The same of a raw state.
pub(super) fn state_file<'a>(unit: &str, text: &str, start: usize, document: &'a str, limits: &Limits) -> Read<'a> {
    state_file::check_version(unit, document)?;
    let read: Result<Object<_>, _> = serde_json::from_str(document);
    let read = read.map_err(|error| malformed(unit, text, start, &error, "state"))?;
    state_file::context(unit, read.0, limits)
}

type Read<'a> = Result<Plan<'a>, InputError>;

/// The top-level keys of the document that begins at `start`, and the offset behind it.
pub(super) fn keys(unit: &str, text: &str, start: usize) -> Result<(Vec<String>, usize), InputError> {
    let rest = text.get(start..).unwrap_or_default();
    let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Keys>();
    match stream.next() {
        Some(Ok(Keys(keys))) => Ok((keys, start.saturating_add(stream.byte_offset()))),
        Some(Err(error)) => Err(malformed(unit, text, start, &error, "document")),
        None => Err(InputError::new(unit, "the document is empty")),
    }
}

/// Turns serde's line and column into an offset.
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let line_start = match error.line().checked_sub(2) {
        Some(newline) => text.match_indices('\n').nth(newline).map_or(0, |(at, _)| at.saturating_add(1)),
        None => 0,
    };
    line_start.saturating_add(error.column().saturating_sub(1))
}

/// Drops what serde quotes from the input, which may be a secret, and its position, which is relative.
fn scrub(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(text, _)| text);
    if message.starts_with("recursion limit") {
        return "it is nested more than 128 levels deep".to_owned();
    }
    let quoting = ["invalid type", "invalid value", "unknown variant", "invalid length"];
    if quoting.iter().any(|kind| message.starts_with(kind)) {
        let expected = message.rsplit_once("expected ").map_or("something else", |(_, expected)| expected);
        let expected = if expected == "a sequence" { "a list" } else { expected };
        return format!("expected {expected} here");
    }
    message.chars().take(200).collect()
}

/// The top-level keys of a text that is one JSON object and nothing else.
pub(super) fn keys_of_all(text: &str) -> Option<Vec<String>> {
    serde_json::from_str(text).map(|Keys(keys)| keys).ok()
}

/// The top-level keys of a document, and nothing else of it.
struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Keys;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, IgnoredAny)) = members.next_entry()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        reader.deserialize_map(Names)
    }
}
