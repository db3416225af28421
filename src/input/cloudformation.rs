//! `CloudFormation` templates in JSON, for their objects and edges alone.
//!
//! An object is a logical id with its type; its values are its properties as they are written, so ids that were copied
//! into them are found. Edges come from `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn`, and between templates from
//! `Fn::ImportValue` and `Export`. The anatomy is documented at
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>, the functions at
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html>.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::terraform::{Named, Object, malformed};
use super::{InputError, Limits};
use crate::plan::{
    Attributes, Block, BlockKind, Configuration, Document, Estate, Header, Instance, Keys, Mode, Plan, Recorded,
    Reference, Role, Shared, Text, Value,
};

#[derive(Deserialize)]
struct Template<'a> {
    #[serde(borrow, default, rename = "AWSTemplateFormatVersion")]
    version: Option<Text<'a>>,
    #[serde(borrow, default, rename = "Resources")]
    resources: Named<'a, Object<Resource<'a>>>,
    #[serde(borrow, default, rename = "Outputs")]
    outputs: Named<'a, Object<Output<'a>>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow, rename = "Type")]
    kind: Text<'a>,
    #[serde(borrow, default, rename = "Properties")]
    properties: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "DependsOn")]
    depends_on: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Output<'a> {
    #[serde(borrow, default, rename = "Value")]
    value: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "Export")]
    export: Option<&'a RawValue>,
}

/// Reads the objects and edges of a template; `document` is the part of the text that begins at `start`.
pub(super) fn template<'a>(
    unit: &str,
    text: &str,
    start: usize,
    document: &'a str,
    limits: &Limits,
) -> Result<Plan<'a>, InputError> {
    let refuse = |error: serde_json::Error| malformed(unit, text, start, &error, "template");
    let Object(template) = serde_json::from_str::<Object<Template<'a>>>(document).map_err(refuse)?;
    if template.resources.0.len() > limits.rows {
        return Err(InputError::new(unit, format!("it has more than {} resources", limits.rows)));
    }
    let header = Header {
        document: Document::Template,
        format_version: template.version.as_ref().map(|text| text.0.to_string()).unwrap_or_default(),
        ..Header::default()
    };
    let mut stack = Stack::default();
    for (name, resource) in &template.resources.0 {
        stack.add(&name.0, &resource.0.kind.0, Mode::Managed, resource.0.properties.map(RawValue::get));
    }
    for (name, Object(resource)) in &template.resources.0 {
        check(unit, &name.0, [resource.properties, resource.depends_on])?;
        stack.resource(&name.0, resource);
    }
    for (name, Object(output)) in template.outputs.0 {
        check(unit, &name.0, [output.value, output.export])?;
        stack.output(&name.0, &output);
    }
    let estate = Estate {
        instances: stack.instances,
        has_prior_state: true,
        exports: stack.exports,
        imports: stack.imports,
        ..Estate::default()
    };
    Ok(Plan {
        unit: unit.to_owned(),
        role: Role::Context,
        header,
        estate,
        changes: Vec::new(),
        drift: Vec::new(),
        deferred: Vec::new(),
        invocations: Vec::new(),
        configuration: Configuration::new(stack.blocks, 0),
    })
}

/// A template's objects and blocks as they are found.
#[derive(Default)]
struct Stack<'a> {
    instances: Vec<Instance<'a>>,
    blocks: Vec<Block<'a>>,
    places: HashMap<String, usize>,
    imported: BTreeMap<Vec<String>, usize>,
    exports: Vec<Shared>,
    imports: Vec<Shared>,
}

impl<'a> Stack<'a> {
    /// Adds an object with its block, both at the same place of their lists.
    fn add(&mut self, address: &str, kind: &Cow<'a, str>, mode: Mode, values: Option<&'a str>) -> usize {
        let place = self.blocks.len();
        self.places.insert(address.to_owned(), place);
        self.blocks.push(Block {
            address: Arc::from(address),
            kind: if mode == Mode::Managed { BlockKind::Managed } else { BlockKind::Carrier },
            depth: 0,
            references: Vec::new(),
            provisioners: Box::default(),
            written: None,
        });
        self.instances.push(Instance {
            address: Cow::Owned(address.to_owned()),
            block: Cow::Owned(address.to_owned()),
            keys: Box::default(),
            mode,
            kind: kind.clone(),
            deposed: None,
            values: Attributes::new(values.filter(|text| text.starts_with('{')), None, None),
            depends_on: Recorded::default(),
        });
        place
    }

    fn resource(&mut self, name: &str, resource: &Resource<'a>) {
        let Some(place) = self.places.get(name).copied() else { return };
        match read(resource.properties) {
            Value::Object(members) => {
                for (attribute, value) in &members {
                    self.connect(place, attribute, value);
                }
            }
            other => self.connect(place, "Properties", &other),
        }
        for target in texts(&read(resource.depends_on)) {
            self.refer(place, "DependsOn", &target);
        }
    }

    fn output(&mut self, name: &str, output: &Output<'a>) {
        let place = self.add(&format!("output.{name}"), &"output".into(), Mode::Data, None);
        self.connect(place, "Value", &read(output.value));
        if output.export.is_some() {
            self.exports.push(Shared { name: pieces(read(output.export).get("Name")), instance: place });
        }
    }

    /// Adds the edges of everything that a value refers to.
    fn connect(&mut self, from: usize, attribute: &str, value: &Value<'_>) {
        let mut found = Found::default();
        found.look_into(value);
        for name in &found.names {
            self.refer(from, attribute, name);
        }
        for name in found.imports {
            let next = self.imported.len();
            let known = self.imported.get(&name).copied();
            let place =
                known.unwrap_or_else(|| self.add(&format!("import.{next}"), &"import".into(), Mode::Data, None));
            if known.is_none() {
                self.imported.insert(name.clone(), place);
                self.imports.push(Shared { name, instance: place });
            }
            self.push(from, attribute, place);
        }
    }

    fn refer(&mut self, from: usize, attribute: &str, name: &str) {
        if let Some(target) = self.places.get(name).copied() {
            self.push(from, attribute, target);
        }
    }

    fn push(&mut self, from: usize, attribute: &str, target: usize) {
        let reference = Reference { attribute: Cow::Owned(attribute.to_owned()), target, keys: Keys::default() };
        if let Some(block) = self.blocks.get_mut(from)
            && !block.references.contains(&reference)
        {
            block.references.push(reference);
        }
    }
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

/// A value that was checked.
fn read(value: Option<&RawValue>) -> Value<'_> {
    value.and_then(|text| serde_json::from_str(text.get()).ok()).unwrap_or(Value::Null)
}

/// What a value refers to.
#[derive(Default)]
struct Found {
    /// Logical ids and parameters.
    names: BTreeSet<String>,
    /// Names of exports, in their literal pieces.
    imports: BTreeSet<Vec<String>>,
}

impl Found {
    fn look_into(&mut self, value: &Value<'_>) {
        match value {
            Value::List(items) => items.iter().for_each(|item| self.look_into(item)),
            Value::Object(members) => members.iter().for_each(|(name, member)| self.member(name, member)),
            _ => {}
        }
    }

    fn member(&mut self, name: &str, value: &Value<'_>) {
        match (name, value) {
            ("Ref", Value::Text(name)) => {
                self.names.insert(name.to_string());
            }
            ("Fn::GetAtt", _) => self.names.extend(texts(value).first().map(|path| before_dot(path))),
            ("Fn::Sub", Value::Text(text)) => self.names.extend(variables(text)),
            ("Fn::Sub", Value::List(items)) => {
                let text = items.first().and_then(Value::text).unwrap_or_default();
                let own = items.get(1).unwrap_or(&Value::Null);
                self.names.extend(variables(text).into_iter().filter(|name| *own.get(name) == Value::Null));
                self.look_into(own);
            }
            ("Fn::ImportValue", name) => {
                self.imports.insert(pieces(name));
                self.look_into(name);
            }
            _ => self.look_into(value),
        }
    }
}

/// A text, or the texts of a list.
fn texts(value: &Value<'_>) -> Vec<String> {
    match value {
        Value::Text(text) => vec![text.to_string()],
        Value::List(items) => items.iter().filter_map(|item| item.text().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

fn before_dot(path: &str) -> String {
    path.split('.').next().unwrap_or_default().to_owned()
}

/// The names in the variables of a text for `Fn::Sub`; `${!name}` is no variable.
fn variables(text: &str) -> Vec<String> {
    let inside = text.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
    inside.filter(|(name, _)| !name.starts_with('!')).map(|(name, _)| before_dot(name.trim())).collect()
}

/// The literal pieces of a name that may hold variables; what is no text at all is known in no part.
fn pieces(name: &Value<'_>) -> Vec<String> {
    let literal = |text: &str| vec![text.to_owned()];
    let unknown = || vec![String::new(), String::new()];
    match name {
        Value::Text(text) => literal(text),
        Value::Object(members) => match members.as_slice() {
            [(function, Value::Text(text))] if function == "Fn::Sub" => substituted(text),
            [(function, Value::List(items))] if function == "Fn::Sub" => {
                items.first().and_then(Value::text).map_or_else(unknown, substituted)
            }
            [(function, Value::List(items))] if function == "Fn::Join" => joined(items).unwrap_or_else(unknown),
            _ => unknown(),
        },
        _ => unknown(),
    }
}

fn substituted(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (place, part) in text.split("${").enumerate() {
        found.push(if place == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) }.to_owned());
    }
    found
}

fn joined(items: &[Value<'_>]) -> Option<Vec<String>> {
    let [Value::Text(between), Value::List(parts)] = items else { return None };
    let mut found = vec![String::new()];
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            found.last_mut()?.push_str(between);
        }
        let pieces = pieces(part);
        let mut pieces = pieces.into_iter();
        found.last_mut()?.push_str(&pieces.next()?);
        found.extend(pieces);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::{pieces, variables};
    use crate::plan::Value;

    #[test]
    fn variables_of_a_text() {
        assert_eq!(variables("a-${Vpc}-${Db.Arn}-${!Not}-${AWS::Region}"), ["Vpc", "Db", "AWS::Region"]);
    }

    #[test]
    fn names_in_pieces() {
        for (json, expected) in [
            (r#""net-VpcId""#, &["net-VpcId"][..]),
            (r#"{"Fn::Sub":"${AWS::StackName}-VpcId"}"#, &["", "-VpcId"]),
            (r#"{"Fn::Join":["-",["net",{"Ref":"Stage"},"VpcId"]]}"#, &["net-", "-VpcId"]),
            (r#"{"Ref":"Name"}"#, &["", ""]),
        ] {
            let value: Value<'_> = serde_json::from_str(json).unwrap();
            assert_eq!(pieces(&value), expected, "{json}");
        }
    }
}
