//! What tells of a stack beside its change set: its deployed template, its resources, the stack itself, its policy.
//!
//! The forms are those of `get-template`, `describe-stack-resources`, `list-stack-resources`, `describe-stacks` and
//! `get-stack-policy`, as their API reference gives them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::change_set::{parameters, tags};
use super::response::{self, Parameter, Tag, text};
use super::stack_policy::{self, StackPolicy};
use super::status;
use super::template::{self, Template};
use crate::input::terraform::{Object, keys_of_all, malformed};
use crate::input::{InputError, Limits, formats};
use crate::plan::Text;

/// What a file tells of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// The template that is deployed: `get-template`, or the template itself.
    Template,
    /// What there is: `describe-stack-resources`, `list-stack-resources`.
    Resources,
    /// Tags, parameters, termination protection: `describe-stacks`.
    Stack,
    /// What the stack refuses to change: `get-stack-policy`, or the policy itself.
    Policy,
}

/// Everything that was given about stacks, in the order given.
#[derive(Default)]
pub struct Stacks(pub(super) Vec<Given>);

impl std::fmt::Debug for Stacks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What it holds may be secret.
        write!(f, "({} files about stacks)", self.0.len())
    }
}

/// One file, or one stack of it.
pub(super) struct Given {
    /// What people call the file.
    pub(super) name: String,
    pub(super) about: About,
}

pub(super) enum About {
    Template(Template),
    Resources(Resources),
    Stack(Described),
    Policy(StackPolicy),
}

/// The resources of one stack.
#[derive(Default)]
pub(super) struct Resources {
    pub(super) stack: Named,
    /// By their logical ids.
    pub(super) list: BTreeMap<String, Listed>,
}

/// Which stack it is, as far as that is said.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: Option<String>,
    pub(super) id: Option<String>,
}

pub(super) struct Listed {
    pub(super) kind: String,
    pub(super) physical: Option<String>,
}

/// One stack as it is described.
pub(super) struct Described {
    pub(super) stack: Named,
    pub(super) tags: Vec<(String, String)>,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) termination_protection: bool,
    /// It was not made yet: a change set waits to make it.
    pub(super) is_new: bool,
}

impl Stacks {
    /// Reads one more file. `name` is what people call it.
    ///
    /// # Errors
    /// Where it does not tell what it was given for, or not all of it.
    pub fn read(&mut self, tells: Tells, name: &str, text: &str, limits: &Limits) -> Result<(), InputError> {
        if text.len() > limits.bytes {
            return Err(InputError::too_large(name, limits.bytes));
        }
        let found = match tells {
            Tells::Template => vec![About::Template(template::open(name, text, limits)?)],
            Tells::Resources => resources(name, text, limits)?.into_iter().map(About::Resources).collect(),
            Tells::Stack => stacks(name, text)?.into_iter().map(About::Stack).collect(),
            Tells::Policy => vec![About::Policy(policy(name, text)?)],
        };
        self.0.extend(found.into_iter().map(|about| Given { name: name.to_owned(), about }));
        Ok(())
    }

    /// Nothing was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResourceAnswer<'a> {
    #[serde(borrow, default)]
    stack_resources: Option<Vec<Object<ResourceRow<'a>>>>,
    #[serde(borrow, default)]
    stack_resource_summaries: Option<Vec<Object<ResourceRow<'a>>>>,
    #[serde(borrow, default)]
    next_token: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResourceRow<'a> {
    #[serde(borrow, default)]
    stack_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    stack_id: Option<Text<'a>>,
    #[serde(borrow)]
    logical_resource_id: Text<'a>,
    #[serde(borrow, default)]
    physical_resource_id: Option<Text<'a>>,
    #[serde(borrow)]
    resource_type: Text<'a>,
    #[serde(borrow, default)]
    resource_status: Option<Text<'a>>,
}

/// So many resources `describe-stack-resources` gives at most, and does not say whether there are more.
const MOST_DESCRIBED: usize = 100;

const LIST: &str = "give what `aws cloudformation list-stack-resources --stack-name STACK` prints, without --max-items and --no-paginate";

fn resources(name: &str, text: &str, limits: &Limits) -> Result<Vec<Resources>, InputError> {
    expect(name, text, &["StackResources", "StackResourceSummaries"], LIST)?;
    let answer: Result<Object<ResourceAnswer<'_>>, _> = serde_json::from_str(text);
    let Object(answer) = answer.map_err(|error| malformed(name, text, 0, &error, "list of resources").help(LIST))?;
    let is_described = answer.stack_resources.is_some();
    let rows = answer.stack_resources.or(answer.stack_resource_summaries).unwrap_or_default();
    if answer.next_token.is_some_and(|token| token.get() != "null") || (is_described && rows.len() >= MOST_DESCRIBED) {
        return Err(InputError::new(name, "this list of resources is not known to be whole").help(LIST));
    }
    if rows.len() > limits.rows {
        return Err(InputError::new(name, format!("it has more than {} resources", limits.rows)));
    }
    let mut found: Vec<Resources> = Vec::new();
    for Object(row) in rows {
        let stack = Named::of(row.stack_name.as_ref(), row.stack_id.as_ref());
        let place = found.iter().position(|known| known.stack == stack).unwrap_or(found.len());
        if place == found.len() {
            found.push(Resources { stack, list: BTreeMap::new() });
        }
        // What failed to be made, or is gone or kept elsewhere, is no part of the stack.
        let gone = matches!(text_of(&row), "DELETE_COMPLETE" | "DELETE_SKIPPED" | "CREATE_FAILED");
        if let Some(known) = found.get_mut(place).filter(|_| !gone) {
            let id = row.logical_resource_id.0.into_owned();
            let listed = Listed {
                kind: row.resource_type.0.into_owned(),
                physical: row.physical_resource_id.map(|id| id.0.into_owned()).filter(|id| !id.is_empty()),
            };
            if known.list.insert(id.clone(), listed).is_some() {
                let what = format!("it has {} twice", status::shown(&id));
                return Err(InputError::new(name, what).help(LIST));
            }
        }
    }
    if found.is_empty() {
        found.push(Resources::default());
    }
    Ok(found)
}

fn text_of<'r>(row: &'r ResourceRow<'_>) -> &'r str {
    text(row.resource_status.as_ref())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StackAnswer<'a> {
    #[serde(borrow)]
    stacks: Vec<Object<StackRow<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StackRow<'a> {
    #[serde(borrow, default)]
    stack_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    stack_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    tags: Option<Vec<Object<Tag<'a>>>>,
    #[serde(borrow, default)]
    parameters: Option<Vec<Object<Parameter<'a>>>>,
    #[serde(default)]
    enable_termination_protection: Option<bool>,
    #[serde(borrow, default)]
    stack_status: Option<Text<'a>>,
}

const DESCRIBE: &str = "give what `aws cloudformation describe-stacks --stack-name STACK` prints";

fn stacks(name: &str, text: &str) -> Result<Vec<Described>, InputError> {
    expect(name, text, &["Stacks"], DESCRIBE)?;
    let answer: Result<Object<StackAnswer<'_>>, _> = serde_json::from_str(text);
    let Object(answer) = answer.map_err(|error| malformed(name, text, 0, &error, "stack").help(DESCRIBE))?;
    let stack = |Object(row): Object<StackRow<'_>>| Described {
        stack: Named::of(row.stack_name.as_ref(), row.stack_id.as_ref()),
        tags: tags(row.tags.unwrap_or_default()),
        parameters: parameters(row.parameters.unwrap_or_default()),
        termination_protection: row.enable_termination_protection.unwrap_or(false),
        is_new: response::text(row.stack_status.as_ref()) == "REVIEW_IN_PROGRESS",
    };
    Ok(answer.stacks.into_iter().map(stack).collect())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyAnswer<'a> {
    #[serde(borrow)]
    stack_policy_body: Text<'a>,
}

const GET_POLICY: &str =
    "give what `aws cloudformation get-stack-policy --stack-name STACK` prints, or the policy itself";

fn policy(name: &str, text: &str) -> Result<StackPolicy, InputError> {
    let keys = keys_of_all(text);
    let refuse = |why: &str| InputError::new(name, format!("this stack policy cannot be read: {why}")).help(GET_POLICY);
    match keys {
        // A stack without a policy has nothing to print.
        None if text.trim().is_empty() => Ok(StackPolicy::default()),
        Some(keys) if keys.iter().any(|key| key == "StackPolicyBody") => {
            let answer: Result<Object<PolicyAnswer<'_>>, _> = serde_json::from_str(text);
            let Object(answer) = answer.map_err(|error| malformed(name, text, 0, &error, "stack policy"))?;
            stack_policy::read(&answer.stack_policy_body.0).map_err(refuse)
        }
        Some(keys) if keys.iter().any(|key| key == "Statement") => stack_policy::read(text).map_err(refuse),
        Some(keys) if keys.is_empty() => Ok(StackPolicy::default()),
        Some(keys) => Err(not_that(name, &keys, GET_POLICY)),
        None => Err(refuse("it is no JSON")),
    }
}

/// The document has one of these keys; else it is called by what it is.
fn expect(name: &str, text: &str, wanted: &[&str], help: &str) -> Result<(), InputError> {
    let Some(keys) = keys_of_all(text) else {
        return Err(InputError::new(name, "this is no JSON object").help(help));
    };
    if wanted.iter().any(|wanted| keys.iter().any(|key| key == wanted)) {
        return Ok(());
    }
    Err(not_that(name, &keys, help))
}

fn not_that(name: &str, keys: &[String], help: &str) -> InputError {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let what = formats::named(&keys).unwrap_or_else(|| "this is not what the option takes".to_owned());
    InputError::new(name, what).help(help)
}

impl Named {
    fn of(name: Option<&Text<'_>>, id: Option<&Text<'_>>) -> Self {
        let given = |field: Option<&Text<'_>>| Some(text(field).to_owned()).filter(|text| !text.is_empty());
        Self { name: given(name), id: given(id) }
    }
}
