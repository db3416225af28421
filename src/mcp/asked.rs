//! What the tools take.

use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// So many findings an answer has where nobody says how many.
const FINDINGS: usize = 10;
/// So many objects an explanation has where nobody says how many.
const OBJECTS: usize = 3;
/// No name of a type is longer.
const LONGEST_TYPE: usize = 512;

/// One call of a tool, as it is handed on to where the work is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Judge a plan.
    CheckPlan(CheckPlan),
    /// Tell all about one change.
    ExplainChange(ExplainChange),
    /// Tell what a resource type is worth.
    LookupResourceType(LookupResourceType),
}

/// What `check_plan` takes: either a path or the plan itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckPlan {
    /// The file to judge: a saved plan, what `terraform show -json` or `tofu show -json` printed, or a change set as `aws
    /// cloudformation describe-change-set` prints it. Absolute, or from the server's root. Give this or `plan`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub path: Option<String>,
    /// The plan itself: the text that was printed as JSON, unchanged, or the JSON object. For one that is not in a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Value", extend("anyOf" = [{"type": "string"}, {"type": "object"}]))]
    pub plan: Option<Value>,
    /// How many findings to skip. An answer that leaves some out says what to give here.
    #[serde(default, deserialize_with = "count::<0, _>")]
    pub offset: usize,
    /// How many findings to tell at most.
    #[serde(default = "findings", deserialize_with = "count::<FINDINGS, _>")]
    #[schemars(range(min = 1))]
    pub limit: usize,
}

/// What `explain_change` takes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainChange {
    /// The file that the change is in, as for `check_plan`.
    pub path: String,
    /// The address of an object as the plan writes it, such as `module.app["cart"].aws_lb.this`, or of a block for all of
    /// its instances.
    pub address: String,
    /// How many objects to skip. An answer that leaves some out says what to give here.
    #[serde(default, deserialize_with = "count::<0, _>")]
    pub offset: usize,
    /// How many objects to tell of at most.
    #[serde(default = "objects", deserialize_with = "count::<OBJECTS, _>")]
    #[schemars(range(min = 1))]
    pub limit: usize,
}

/// What `lookup_resource_type` takes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LookupResourceType {
    /// A resource type of a Terraform provider, such as `aws_db_instance`, or of CloudFormation, such as
    /// `AWS::RDS::DBInstance`.
    #[serde(rename = "type")]
    pub kind: String,
}

fn findings() -> usize {
    FINDINGS
}

fn objects() -> usize {
    OBJECTS
}

/// A number; `NONE` where it is null, which is what clients write that must name every argument.
fn count<'de, const NONE: usize, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    let given = Value::deserialize(from)?;
    let number = if given.is_null() { Some(NONE) } else { whole(&given) };
    number.ok_or_else(|| D::Error::custom(format!("offset and limit are whole numbers, and {given} is none")))
}

/// To JSON Schema `2.0` is an integer too.
fn whole(number: &Value) -> Option<usize> {
    let fraction = number.as_f64()?;
    if number.is_f64() && fraction.fract() == 0.0 {
        return format!("{fraction:.0}").parse().ok();
    }
    number.as_u64().and_then(|number| usize::try_from(number).ok())
}

/// The arguments of `check_plan`; an error says what is wrong with them.
pub(super) fn check_plan(arguments: Map<String, Value>) -> Result<Asked, String> {
    let asked: CheckPlan = read(arguments)?;
    match (&asked.path, &asked.plan) {
        (None, None) => Err("give path, the plan's file, or plan, the plan itself".to_owned()),
        (Some(path), None) if path.is_empty() => Err("path is empty: give the plan's file".to_owned()),
        (Some(_), Some(_)) => Err("give path or plan, and not both: they may be two plans".to_owned()),
        (None, Some(plan)) if !plan.is_string() && !plan.is_object() => {
            Err("plan is the text of a plan, or its JSON object".to_owned())
        }
        _ if asked.limit == 0 => Err("limit is the number of findings to tell, one or more".to_owned()),
        _ => Ok(Asked::CheckPlan(asked)),
    }
}

/// The arguments of `explain_change`; an error says what is wrong with them.
pub(super) fn explain_change(arguments: Map<String, Value>) -> Result<Asked, String> {
    let asked: ExplainChange = read(arguments)?;
    match &asked {
        ExplainChange { path, .. } if path.is_empty() => Err("path is empty: give the plan's file".to_owned()),
        ExplainChange { address, .. } if address.is_empty() => {
            Err("address is empty: give that of an object as the plan writes it".to_owned())
        }
        ExplainChange { limit: 0, .. } => Err("limit is the number of objects to tell of, one or more".to_owned()),
        _ => Ok(Asked::ExplainChange(asked)),
    }
}

/// The arguments of `lookup_resource_type`; an error says what is wrong with them.
pub(super) fn lookup_resource_type(arguments: Map<String, Value>) -> Result<Asked, String> {
    let asked: LookupResourceType = read(arguments)?;
    match asked.kind.len() {
        0 => Err("type is empty: give a resource type".to_owned()),
        length if length > LONGEST_TYPE => {
            Err(format!("type is longer than {LONGEST_TYPE} bytes: give a resource type"))
        }
        _ => Ok(Asked::LookupResourceType(asked)),
    }
}

fn read<T: for<'de> Deserialize<'de>>(arguments: Map<String, Value>) -> Result<T, String> {
    serde_json::from_value(Value::Object(arguments)).map_err(|error| format!("the arguments do not fit: {error}"))
}
