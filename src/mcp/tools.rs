//! The tools. None of them approves, waives or applies.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

use super::answer::{Checked, Explained, LookedUp};
use super::asked::{self, Asked, CheckPlan, ExplainChange, LookupResourceType};

/// One tool. A new one is one line in [`TOOLS`], what it takes and what it answers.
#[derive(Debug)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// The JSON Schema of what it takes.
    pub input: fn() -> Map<String, Value>,
    /// The JSON Schema of what it answers.
    pub output: fn() -> Map<String, Value>,
    /// Reads a call's arguments; an error says what is wrong with them.
    pub read: fn(Map<String, Value>) -> Result<Asked, String>,
}

/// All tools.
pub static TOOLS: &[Tool] = &[
    Tool {
        name: "check_plan",
        title: "Check a plan",
        about: "Judges a Terraform or OpenTofu plan, or a CloudFormation change set, before it is applied: says allow, review \
                or block, what is lost, who stands on it, and what to do instead. Reads only. A saved plan is shown with \
                terraform or tofu.",
        input: taken::<CheckPlan>,
        output: answered::<Checked>,
        read: asked::check_plan,
    },
    Tool {
        name: "explain_change",
        title: "Explain a change",
        about: "Tells all about one change of a plan: what forces it, what stands on it and how that is known, and what would \
                make it pass. That is no verdict on the plan. Reads only.",
        input: taken::<ExplainChange>,
        output: answered::<Explained>,
        read: asked::explain_change,
    },
    Tool {
        name: "lookup_resource_type",
        title: "Look up a resource type",
        about: "Tells what a resource type is worth: whether it holds records that no code makes again, what stands on it, \
                and which settings guard it. Reads only.",
        input: taken::<LookupResourceType>,
        output: answered::<LookedUp>,
        read: asked::lookup_resource_type,
    },
];

/// The tool of a name.
#[must_use]
pub fn tool(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

fn taken<T: JsonSchema>() -> Map<String, Value> {
    schema::<T>(SchemaSettings::draft2020_12())
}

fn answered<T: JsonSchema>() -> Map<String, Value> {
    schema::<T>(SchemaSettings::draft2020_12().for_serialize())
}

/// A schema as every client's validator knows it: `uint` and the like are formats of nobody else's. Its words are sentences
/// without the lines of their source.
fn schema<T: JsonSchema>(settings: SchemaSettings) -> Map<String, Value> {
    let plain = RecursiveTransform(|schema: &mut Schema| {
        schema.remove("format");
        if let Some(Value::String(text)) = schema.get_mut("description") {
            *text = text.replace('\n', " ");
        }
    });
    let settings = settings.with(|settings| settings.transforms.push(Box::new(plain)));
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    let mut map = std::mem::take(schema.ensure_object());
    map.remove("title");
    map.remove("description");
    map
}
