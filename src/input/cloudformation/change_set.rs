//! `aws cloudformation describe-change-set`: one document is a change set, or a page of one.

use std::collections::HashSet;
use std::fmt;

use serde_json::value::RawValue;

use super::context::{self, Context};
use super::response::{Parameter, ResourceChange, Response, Tag, text};
use super::{policies, status};
use crate::input::terraform::{Object, malformed};
use crate::input::{Beside, InputError, Limits, digest};

/// A change set that was read, or a page of one. Several are put together by their ids.
pub(in crate::input) struct Page<'a> {
    /// What people call the document.
    pub(super) unit: String,
    /// The change set's ARN, or what stands for it where it has none.
    pub(super) id: String,
    /// The ARN of the change set that it belongs to, where it is that of a nested stack.
    pub(super) parent: Option<String>,
    pub(super) stack: StackName,
    /// The token that asks for the next page, where there is one.
    pub(super) next: Option<String>,
    pub(super) rows: Vec<Row<'a>>,
    pub(super) parameters: Vec<(String, String)>,
    /// The tags that the stack will have.
    pub(super) tags: Vec<(String, String)>,
    /// What it says of itself that people should know.
    pub(super) gaps: Vec<String>,
    /// A digest of the document but for when it was made, where one was asked for.
    pub(super) digest: Option<String>,
}

/// Which stack it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct StackName {
    pub(super) name: String,
    pub(super) id: Option<String>,
}

impl fmt::Debug for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What it holds may be secret.
        f.debug_struct("Page").field("unit", &self.unit).finish_non_exhaustive()
    }
}

/// One row, with both sides of its change read.
pub(super) struct Row<'a> {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) change: Box<ResourceChange<'a>>,
    pub(super) before: Context,
    pub(super) after: Context,
}

/// Reads the document that begins at `start`.
pub(in crate::input) fn read<'a>(
    unit: &str,
    text: &'a str,
    start: usize,
    document: &'a str,
    (limits, beside): (&Limits, &Beside<'_>),
) -> Result<Page<'a>, InputError> {
    let response: Result<Object<Response<'a>>, _> = serde_json::from_str(document);
    let Object(response) =
        response.map_err(|error| malformed(unit, text, start, &error, "change set").help(UNTOUCHED))?;
    let when = response.creation_time.map(RawValue::get);
    let digest = beside.digest.then(|| digest::of(document, when));
    let page = page(unit, response, limits).map(|page| Page { digest, ..page });
    page.map_err(|error| if error.place.is_none() { error.at(text, start) } else { error })
}

/// What to do about a change set that somebody edited.
pub(super) const UNTOUCHED: &str =
    "give the change set exactly as `aws cloudformation describe-change-set --include-property-values` prints it";

fn page<'a>(unit: &str, response: Response<'a>, limits: &Limits) -> Result<Page<'a>, InputError> {
    let stack = stack(unit, &response)?;
    let gaps = status::check(unit, &response)?;
    let next = next_token(unit, &response)?;
    let id = response.change_set_id.as_ref().map(|id| id.0.to_string());
    let id = id.unwrap_or_else(|| format!("{} of {}", text(response.change_set_name.as_ref()), stack.name));
    let changes = response.changes.unwrap_or_default();
    if changes.len() > limits.rows {
        return Err(InputError::new(unit, format!("it has more than {} resource changes", limits.rows)));
    }
    let mut rows = Vec::with_capacity(changes.len());
    for (place, Object(change)) in changes.into_iter().enumerate() {
        let row = change.resource_change.map(|row| row.0);
        let kind = text(change.kind.as_ref());
        let Some(row) = row.filter(|_| matches!(kind, "" | "Resource")) else {
            let what = format!("the entry {} of its Changes is no change of a resource", place.saturating_add(1));
            return Err(InputError::new(unit, what).help("a newer blastgate may read it; else give it untouched"));
        };
        rows.push(self::row(unit, place, row)?);
    }
    no_repeats(unit, &rows)?;
    Ok(Page {
        unit: unit.to_owned(),
        id,
        parent: response.parent_change_set_id.map(|id| id.0.into_owned()).filter(|id| !id.is_empty()),
        stack,
        next,
        rows,
        parameters: parameters(response.parameters.unwrap_or_default()),
        tags: tags(response.tags.unwrap_or_default()),
        gaps,
        digest: None,
    })
}

/// Which stack the change set is for. Addresses begin with its name.
fn stack(unit: &str, response: &Response<'_>) -> Result<StackName, InputError> {
    let id = response.stack_id.as_ref().map(|id| id.0.to_string()).filter(|id| !id.is_empty());
    let written = text(response.stack_name.as_ref());
    let by_id = || id.as_deref().and_then(|id| id.split("stack/").nth(1)).and_then(|rest| rest.split('/').next());
    let name = if written.is_empty() { by_id().unwrap_or_default() } else { written };
    // Its form is not looked at closely: what matters is that it is one step of an address.
    let fits = |c: char| !c.is_control() && !c.is_whitespace() && !"/.[]\"'`".contains(c);
    if name.is_empty() || name.len() > 255 || !name.chars().all(fits) {
        let what = if name.is_empty() {
            "this change set does not say which stack it is for"
        } else {
            "the name of its stack is none that a stack can have"
        };
        return Err(InputError::new(unit, what).help(UNTOUCHED));
    }
    Ok(StackName { name: name.to_owned(), id })
}

fn next_token(unit: &str, response: &Response<'_>) -> Result<Option<String>, InputError> {
    let Some(raw) = response.next_token.filter(|raw| raw.get() != "null") else { return Ok(None) };
    let token: Result<String, _> = serde_json::from_str(raw.get());
    token.map(Some).map_err(|_| InputError::new(unit, "its NextToken is no text").help(UNTOUCHED))
}

fn row<'a>(unit: &str, place: usize, row: ResourceChange<'a>) -> Result<Row<'a>, InputError> {
    let id = text(row.logical_resource_id.as_ref()).to_owned();
    // Logical ids are alphanumeric; so none can be mistaken for another part of an address.
    if id.is_empty() || id.len() > 255 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let what =
            format!("the entry {} of its Changes has no logical id, or one that none can be", place.saturating_add(1));
        return Err(InputError::new(unit, what).help(UNTOUCHED));
    }
    let side = |name: &str, raw| {
        context::read(raw)
            .map_err(|why| InputError::new(unit, format!("the {name} of {id} cannot be read: {why}")).help(UNTOUCHED))
    };
    let (mut before, mut after) =
        (side("BeforeContext", row.before_context)?, side("AfterContext", row.after_context)?);
    for (side, is_before) in [(&mut before, true), (&mut after, false)] {
        if side.properties.is_none() {
            side.policies = policies::in_details(&row, is_before);
        }
    }
    let kind = text(row.resource_type.as_ref()).to_owned();
    Ok(Row { id, kind, change: Box::new(row), before, after })
}

fn no_repeats(unit: &str, rows: &[Row<'_>]) -> Result<(), InputError> {
    let mut seen = HashSet::new();
    let twice = rows.iter().find(|row| !seen.insert(row.id.as_str()));
    twice.map_or(Ok(()), |row| Err(InputError::new(unit, format!("it has {} twice", row.id)).help(UNTOUCHED)))
}

pub(super) fn parameters(list: Vec<Object<Parameter<'_>>>) -> Vec<(String, String)> {
    let pair = |Object(one): Object<Parameter<'_>>| {
        let value = one.resolved_value.or(one.parameter_value)?;
        Some((one.parameter_key?.0.into_owned(), value.0.into_owned()))
    };
    list.into_iter().filter_map(pair).collect()
}

pub(super) fn tags(list: Vec<Object<Tag<'_>>>) -> Vec<(String, String)> {
    let pair = |Object(one): Object<Tag<'_>>| Some((one.key?.0.into_owned(), one.value?.0.into_owned()));
    list.into_iter().filter_map(pair).collect()
}
