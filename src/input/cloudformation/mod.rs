//! CloudFormation templates in JSON, for their objects and edges alone.
//!
//! An object is a logical id with its type; its values are its properties as they are written, so ids that were copied
//! into them are found. Edges come from `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn`, and between templates from
//! `Fn::ImportValue` and `Export`. The anatomy is documented at
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>, the functions at
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html>.

mod functions;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use functions::{Found, pieces, texts};

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
        stack.add(&name.0, resource.0.kind.0.clone(), Mode::Managed, resource.0.properties.map(RawValue::get));
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
        configuration: Configuration::new(stack.blocks, 0),
        ..Plan::default()
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
    fn add(&mut self, address: &str, kind: Cow<'a, str>, mode: Mode, values: Option<&'a str>) -> usize {
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
            kind,
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
        let place = self.add(&format!("output.{name}"), "output".into(), Mode::Data, None);
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
            let place = known.unwrap_or_else(|| self.add(&format!("import.{next}"), "import".into(), Mode::Data, None));
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
