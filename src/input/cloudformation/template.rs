//! Templates: what a stack is made of, with who refers to whom.
//!
//! An object is a logical id with its type; its values are its properties as they are written, so ids that were copied
//! into them are found. Edges come from `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn`, and between templates from
//! `Fn::ImportValue` and `Export`. The anatomy is documented at
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>, the functions at
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html>.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::builder::{Builder, Scope};
use super::functions::{pieces, texts};
use super::policies::{Policies, policy};
use super::yaml;
use crate::input::terraform::{Named, Object, keys_of_all, malformed};
use crate::input::{InputError, Limits, formats};
use crate::plan::{Attributes, Document, Estate, Header, Mode, Plan, PolicySaid, Role, Text};

/// A template as it is written.
#[derive(Debug, Default)]
pub(super) struct Template {
    /// `AWSTemplateFormatVersion`.
    pub(super) version: String,
    /// The resources by their logical ids, in the order of the text.
    pub(super) resources: Vec<(String, Resource)>,
    /// The places of the resources in their list.
    places: HashMap<String, usize>,
    /// The outputs by their names.
    pub(super) outputs: Vec<(String, Output)>,
    /// Something transforms it before it is used, so its resources may not be those of the stack.
    pub(super) is_transformed: bool,
}

/// One resource.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) kind: String,
    pub(super) properties: Option<Json>,
    pub(super) depends_on: Vec<String>,
    pub(super) policies: Policies,
    /// Whether it exists depends on a condition.
    pub(super) is_conditional: bool,
}

/// One output.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) value: Json,
    /// The name under which it is exported.
    pub(super) export: Option<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written<'a> {
    #[serde(borrow, default, rename = "AWSTemplateFormatVersion")]
    version: Option<Text<'a>>,
    #[serde(borrow, default)]
    transform: Option<&'a RawValue>,
    #[serde(borrow, default)]
    resources: Named<'a, Object<WrittenResource<'a>>>,
    #[serde(borrow, default)]
    outputs: Named<'a, Object<WrittenOutput<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WrittenResource<'a> {
    #[serde(borrow, rename = "Type")]
    kind: Text<'a>,
    #[serde(borrow, default)]
    properties: Option<&'a RawValue>,
    #[serde(borrow, default)]
    depends_on: Option<&'a RawValue>,
    #[serde(borrow, default)]
    deletion_policy: Option<&'a RawValue>,
    #[serde(borrow, default)]
    update_replace_policy: Option<&'a RawValue>,
    #[serde(borrow, default)]
    condition: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WrittenOutput<'a> {
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
    #[serde(borrow, default)]
    export: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Got<'a> {
    #[serde(borrow)]
    template_body: &'a RawValue,
}

/// Reads a template from a text that is nothing else: bare or as `get-template` prints it, in JSON or in YAML.
pub(super) fn open(unit: &str, text: &str, limits: &Limits) -> Result<Template, InputError> {
    let Some(keys) = keys_of_all(text) else { return in_yaml(unit, text, limits) };
    let has = |key: &str| keys.iter().any(|known| known == key);
    if has("TemplateBody") {
        return body(unit, text, limits);
    }
    if has("Resources") {
        return read(unit, text, 0, text, limits);
    }
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let what = formats::named(&keys).unwrap_or_else(|| "this is no template".to_owned());
    Err(InputError::new(unit, what).help(GET_TEMPLATE))
}

const GET_TEMPLATE: &str =
    "give what `aws cloudformation get-template --stack-name STACK --template-stage Processed` prints";

/// The template in what `get-template` prints: an object where it was JSON, else a text.
fn body(unit: &str, text: &str, limits: &Limits) -> Result<Template, InputError> {
    let got: Result<Object<Got<'_>>, _> = serde_json::from_str(text);
    let Object(got) = got.map_err(|error| malformed(unit, text, 0, &error, "template"))?;
    let body = got.template_body.get();
    match serde_json::from_str::<String>(body) {
        Ok(inner) if inner.trim_start().starts_with('{') => read(unit, &inner, 0, &inner, limits),
        Ok(inner) => in_yaml(unit, &inner, limits),
        Err(_) => read(unit, text, 0, body, limits),
    }
}

/// Reads a template in YAML.
fn in_yaml(unit: &str, text: &str, limits: &Limits) -> Result<Template, InputError> {
    let refuse = |error: yaml::YamlError| InputError {
        place: Some(error.place),
        ..InputError::new(unit, format!("this template cannot be read: {}", error.what)).help(GET_TEMPLATE)
    };
    let tree = yaml::read(text).map_err(refuse)?;
    if tree.get("Resources").is_none() {
        return Err(InputError::new(unit, "this is no template: it has no Resources").help(GET_TEMPLATE));
    }
    let json = tree.to_string();
    // What is wrong with the JSON that was made of it has no place in the text.
    let help = || Some(GET_TEMPLATE.to_owned());
    read(unit, &json, 0, &json, limits).map_err(|error| InputError {
        place: None,
        help: error.help.clone().or_else(help),
        ..error
    })
}

/// A template in YAML as context; `None` for a text that does not look like one.
pub(in crate::input) fn yaml_template(
    unit: &str,
    text: &str,
    limits: &Limits,
) -> Option<Result<Plan<'static>, InputError>> {
    let is_template = ["AWSTemplateFormatVersion:", "Resources:"]
        .iter()
        .any(|key| text.lines().any(|line| line.trim_start_matches(['"', '\'']).starts_with(key)));
    let is_json = text.trim_start().starts_with(['{', '[']);
    (is_template && !is_json).then(|| in_yaml(unit, text, limits).map(|template| context(unit, &template)))
}

/// Reads the objects and edges of a template as context; `document` is the part of the text that begins at `start`.
pub(in crate::input) fn template<'a>(
    unit: &str,
    text: &str,
    start: usize,
    document: &'a str,
    limits: &Limits,
) -> Result<Plan<'a>, InputError> {
    let got = serde_json::from_str::<Object<Got<'_>>>(document).is_ok();
    let read = if got { body(unit, document, limits) } else { read(unit, text, start, document, limits) };
    read.map(|template| context(unit, &template))
}

/// Reads a template.
pub(super) fn read(
    unit: &str,
    text: &str,
    start: usize,
    document: &str,
    limits: &Limits,
) -> Result<Template, InputError> {
    let refuse = |error: serde_json::Error| malformed(unit, text, start, &error, "template").help(GET_TEMPLATE);
    let Object(written) = serde_json::from_str::<Object<Written<'_>>>(document).map_err(refuse)?;
    if written.resources.0.len() > limits.rows {
        return Err(InputError::new(unit, format!("it has more than {} resources", limits.rows)));
    }
    let resources = written.resources.0.into_iter().map(|(name, Object(resource))| {
        check(unit, &name.0, [resource.properties, resource.depends_on])?;
        Ok((name.0.into_owned(), Resource::of(&resource)))
    });
    let outputs = written.outputs.0.into_iter().map(|(name, Object(output))| {
        check(unit, &name.0, [output.value, output.export])?;
        let export = json(output.export).map(|export| export.get("Name").cloned().unwrap_or(Json::Null));
        Ok((name.0.into_owned(), Output { value: json(output.value).unwrap_or(Json::Null), export }))
    });
    let resources: Vec<(String, Resource)> = resources.collect::<Result<_, InputError>>()?;
    Ok(Template {
        places: resources.iter().enumerate().map(|(at, (name, _))| (name.clone(), at)).collect(),
        version: written.version.map(|text| text.0.into_owned()).unwrap_or_default(),
        resources,
        outputs: outputs.collect::<Result<_, InputError>>()?,
        is_transformed: json(written.transform).is_some(),
    })
}

impl Template {
    /// A resource by its logical id.
    pub(super) fn resource(&self, id: &str) -> Option<&Resource> {
        self.resources.get(*self.places.get(id)?).map(|(_, resource)| resource)
    }
}

impl Resource {
    fn of(written: &WrittenResource<'_>) -> Self {
        let said = |word: Option<&RawValue>| {
            Some(match json(word) {
                None => PolicySaid::TypeDefault,
                Some(word) => PolicySaid::Is(policy(word.as_str())),
            })
        };
        Self {
            kind: written.kind.0.to_string(),
            properties: json(written.properties),
            depends_on: json(written.depends_on).map(|names| texts(&names)).unwrap_or_default(),
            policies: Policies {
                deletion: said(written.deletion_policy),
                replacement: said(written.update_replace_policy),
            },
            is_conditional: json(written.condition).is_some(),
        }
    }

    /// The properties one by one; what is no object stands under one name.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &Json)> {
        let members = self.properties.as_ref().and_then(Json::as_object);
        let other = self.properties.as_ref().filter(|_| members.is_none());
        let members = members.into_iter().flatten().map(|(name, value)| (name.as_str(), value));
        members.chain(other.map(|value| ("Properties", value)))
    }
}

/// Logical ids are addresses as they are.
struct Itself;

impl Scope for Itself {
    fn stands_for(&self, name: &str) -> Vec<String> {
        vec![name.to_owned()]
    }
}

/// A template's objects and edges, under its logical ids alone.
fn context(unit: &str, template: &Template) -> Plan<'static> {
    let mut builder = Builder::default();
    for (name, resource) in &template.resources {
        let values = resource.properties.as_ref().filter(|properties| properties.is_object()).map(Json::to_string);
        let values = values.map(|text| Attributes::made(text, None, None, Vec::new())).unwrap_or_default();
        builder.object(name, &resource.kind, Mode::Managed, values);
    }
    for (name, resource) in &template.resources {
        for (attribute, value) in resource.attributes() {
            builder.connect(name, attribute, value, &Itself);
        }
        for target in &resource.depends_on {
            builder.refer(name, "DependsOn", target);
        }
    }
    for (name, output) in &template.outputs {
        let address = format!("output.{name}");
        builder.object(&address, "output", Mode::Data, Attributes::default());
        builder.connect(&address, "Value", &output.value, &Itself);
        if let Some(export) = &output.export {
            builder.export(&address, pieces(export));
        }
    }
    let (estate, configuration) = builder.finish();
    let header = Header { document: Document::Template, format_version: template.version.clone(), ..Header::default() };
    let estate = Estate { has_prior_state: true, ..estate };
    Plan { unit: unit.to_owned(), role: Role::Context, header, estate, configuration, ..Plan::default() }
}

/// Reads values once, so that nothing after that can fail.
fn check(unit: &str, name: &str, values: [Option<&RawValue>; 2]) -> Result<(), InputError> {
    for text in values.into_iter().flatten() {
        Attributes::new(Some(text.get()), None, None).check().map_err(|_| {
            InputError::new(
                unit,
                format!("what {name} holds cannot be read: a key that stands twice, or no valid text"),
            )
        })?;
    }
    Ok(())
}

/// A value that was checked; null counts as absent.
fn json(value: Option<&RawValue>) -> Option<Json> {
    value.and_then(|text| serde_json::from_str(text.get()).ok()).filter(|value: &Json| !value.is_null())
}
