//! `configuration`: the blocks, before their references are resolved.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::references::Resolver;
use super::rows::{Object, exact};
use super::sourced::Instances;
use crate::plan::{Attributes, Configuration, Provisioner, Text, Value};

#[derive(Deserialize)]
pub(super) struct ConfigurationPart<'a> {
    #[serde(borrow, default)]
    provider_config: Named<'a, ProviderSettings<'a>>,
    #[serde(borrow, default)]
    root_module: Option<Object<Module<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct ProviderSettings<'a> {
    #[serde(borrow, default)]
    pub(super) module_address: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) expressions: Expressions<'a>,
}

#[derive(Deserialize, Default)]
pub(super) struct Module<'a> {
    #[serde(borrow, default)]
    pub(super) outputs: Named<'a, Output<'a>>,
    #[serde(borrow, default, deserialize_with = "exact")]
    pub(super) resources: Vec<Object<Resource<'a>>>,
    #[serde(borrow, default)]
    pub(super) module_calls: Named<'a, Call<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Output<'a> {
    #[serde(borrow, default)]
    pub(super) expression: Expressions<'a>,
    #[serde(borrow, default)]
    pub(super) depends_on: Box<[Text<'a>]>,
}

#[derive(Deserialize)]
pub(super) struct Call<'a> {
    #[serde(borrow, default, rename = "expressions")]
    pub(super) arguments: Arguments<'a>,
    #[serde(borrow, default)]
    pub(super) count_expression: Expressions<'a>,
    #[serde(borrow, default)]
    pub(super) for_each_expression: Expressions<'a>,
    #[serde(borrow, default)]
    pub(super) depends_on: Box<[Text<'a>]>,
    #[serde(borrow, default)]
    pub(super) module: Object<Module<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Resource<'a> {
    #[serde(borrow)]
    pub(super) address: Text<'a>,
    #[serde(default)]
    mode: Kind,
    #[serde(borrow, default)]
    pub(super) provider_config_key: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) expressions: Expressions<'a>,
    #[serde(borrow, default)]
    pub(super) count_expression: Expressions<'a>,
    #[serde(borrow, default)]
    pub(super) for_each_expression: Expressions<'a>,
    #[serde(borrow, default)]
    pub(super) depends_on: Box<[Text<'a>]>,
    #[serde(borrow, default)]
    provisioners: Box<[Object<ProvisionerRow<'a>>]>,
}

/// A block's mode. What is not known counts as managed.
#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Data,
    Ephemeral,
    #[default]
    #[serde(other)]
    Managed,
}

impl Resource<'_> {
    pub(super) fn is_managed(&self) -> bool {
        self.mode == Kind::Managed && !self.address.0.starts_with("data.")
    }

    pub(super) fn provisioners(&self) -> Vec<Provisioner> {
        self.provisioners.iter().map(|row| row.0.read()).collect()
    }
}

#[derive(Deserialize)]
struct ProvisionerRow<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    expressions: Option<&'a RawValue>,
}

impl ProvisionerRow<'_> {
    /// `local-exec` has `command`; `remote-exec` has `inline`, `script` or `scripts`.
    fn read(&self) -> Provisioner {
        let text = self.expressions.map_or("null", RawValue::get);
        // What cannot be read without doubt is no literal.
        let is_plain = Attributes::new(Some(text), None, None).check().is_ok();
        let expressions = serde_json::from_str(text).ok().filter(|_| is_plain).unwrap_or(Value::Unknown);
        let kind = self.kind.as_ref().map(|kind| kind.0.to_string()).unwrap_or_default();
        let commands = match kind.as_str() {
            "local-exec" => literals(expressions.get("command").get("constant_value")),
            "remote-exec" => literals(expressions.get("inline").get("constant_value")),
            _ => None,
        };
        let runs_file = ["script", "scripts"].iter().any(|name| *expressions.get(name) != Value::Null);
        let interpreter = literals(expressions.get("interpreter").get("constant_value"));
        Provisioner { kind, commands, interpreter: interpreter.unwrap_or_default(), runs_file }
    }
}

fn literals(value: &Value<'_>) -> Option<Vec<String>> {
    match value {
        Value::Text(command) => Some(vec![command.to_string()]),
        Value::List(lines) => lines.iter().map(|line| line.text().map(str::to_owned)).collect(),
        _ => None,
    }
}

impl<'a> ConfigurationPart<'a> {
    /// The configuration declares at least one managed resource.
    pub(super) fn has_managed(&self) -> bool {
        fn any(module: &Module<'_>) -> bool {
            module.resources.iter().any(|resource| resource.0.is_managed())
                || module.module_calls.0.values().any(|call| any(&call.module.0))
        }
        self.root_module.as_ref().is_some_and(|root| any(&root.0))
    }

    /// An address that is declared twice, so that two readers may see two things.
    pub(super) fn declared_twice(&self) -> Option<String> {
        fn twice(module: &Module<'_>) -> Option<String> {
            let mut seen = HashSet::new();
            let own =
                module.resources.iter().map(|resource| &*resource.0.address.0).find(|address| !seen.insert(*address));
            own.map(str::to_owned).or_else(|| module.module_calls.0.values().find_map(|call| twice(&call.module.0)))
        }
        self.root_module.as_ref().and_then(|root| twice(&root.0))
    }

    /// The root module.
    pub(super) fn root(&self) -> Option<&Module<'a>> {
        self.root_module.as_ref().map(|root| &root.0)
    }

    /// Resolves every reference to the block that it means.
    pub(super) fn resolve(self, sources: &Instances<'_>) -> Configuration<'a> {
        Resolver::run(self.root_module.map(|root| root.0).unwrap_or_default(), self.provider_config.0, sources)
    }
}

/// An object of named things. A name that comes twice is an error: two readers may see two things.
pub(in crate::input) struct Named<'a, T>(pub(in crate::input) BTreeMap<Text<'a>, T>);

impl<T> Default for Named<'_, T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Named<'a, T> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Entries<'a, T>(std::marker::PhantomData<(&'a (), T)>);
        impl<'de: 'a, 'a, T: Deserialize<'de>> Visitor<'de> for Entries<'a, T> {
            type Value = Named<'a, T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Named::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
                let mut entries = BTreeMap::new();
                while let Some((name, value)) = members.next_entry::<Text<'a>, T>()? {
                    if entries.contains_key(&name) {
                        return Err(A::Error::custom("a key stands twice in one object"));
                    }
                    entries.insert(name, value);
                }
                Ok(Named(entries))
            }
        }
        reader.deserialize_any(Entries(std::marker::PhantomData))
    }
}

/// What a block's expressions refer to: for each attribute, one list of references for each expression in it.
#[derive(Default)]
pub(super) struct Expressions<'a>(pub(super) Box<[Expression<'a>]>);

impl Expressions<'_> {
    /// The expression of an argument that the format keeps apart, under that argument's name.
    pub(super) fn called(mut self, name: &'static str) -> Self {
        for expression in self.0.iter_mut().filter(|expression| expression.attribute.0.is_empty()) {
            expression.attribute = Text(name.into());
        }
        self
    }
}

/// The arguments of a module: what they refer to, and those that are constants, as JSON texts.
#[derive(Default)]
pub(super) struct Arguments<'a> {
    pub(super) expressions: Expressions<'a>,
    pub(super) constants: Vec<(Text<'a>, &'a str)>,
}

/// One expression's references proper.
pub(super) struct Expression<'a> {
    pub(super) attribute: Text<'a>,
    pub(super) references: Box<[Text<'a>]>,
}

/// The longest constant that is kept.
const LONGEST: usize = 400;

/// Drops what is implied: the format lists each reference followed by its own prefixes, which say nothing new.
fn proper(references: Vec<Text<'_>>) -> Box<[Text<'_>]> {
    let mut kept: Vec<Text<'_>> = Vec::new();
    let mut last = Text("".into());
    for reference in references {
        let implied = last.0.len() > reference.0.len() && last.0.starts_with(&*reference.0);
        if !implied && !kept.contains(&reference) {
            kept.push(reference.clone());
        }
        last = reference;
    }
    kept.into()
}

impl<'de: 'a, 'a> Deserialize<'de> for Expressions<'a> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let mut found = Vec::new();
        reader.deserialize_any(Walk { attribute: None, found: &mut found, constants: None })?;
        Ok(Self(found.into()))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Arguments<'a> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let (mut found, mut constants) = (Vec::new(), Vec::new());
        reader.deserialize_any(Walk { attribute: None, found: &mut found, constants: Some(&mut constants) })?;
        Ok(Self { expressions: Expressions(found.into()), constants })
    }
}

/// Walks an expression tree. A leaf has `references` or `constant_value`; everything between is nested blocks.
struct Walk<'f, 'a> {
    attribute: Option<Text<'a>>,
    found: &'f mut Vec<Expression<'a>>,
    /// Where constants go, where somebody asks for them.
    constants: Option<&'f mut Vec<(Text<'a>, &'a str)>>,
}

impl<'a> Walk<'_, 'a> {
    /// The same walk, one step deeper.
    fn inside(&mut self, attribute: Option<Text<'a>>) -> Walk<'_, 'a> {
        Walk { attribute, found: &mut *self.found, constants: self.constants.as_deref_mut() }
    }

    /// Notes a constant: it refers to nothing, but the argument is there.
    fn constant(&mut self, text: &'a str) {
        let Some((attribute, constants)) = self.attribute.clone().zip(self.constants.as_deref_mut()) else { return };
        if text.len() <= LONGEST {
            constants.push((attribute.clone(), text));
        }
        self.found.push(Expression { attribute, references: Box::default() });
    }
}

impl<'de: 'a, 'a> serde::de::DeserializeSeed<'de> for Walk<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Walk<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an expression")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    /// A list is of nested blocks, or, under `references`, of the references themselves.
    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(self.inside(self.attribute.clone()))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<Text<'a>>()? {
            match &*name.0 {
                "constant_value" => self.constant(members.next_value::<&'de RawValue>()?.get()),
                "references" => {
                    if let Leaf::References(references) = members.next_value()? {
                        let attribute = self.attribute.clone().unwrap_or(Text("".into()));
                        self.found.push(Expression { attribute, references: proper(references) });
                    }
                }
                _ => {
                    let attribute = self.attribute.clone().unwrap_or(name);
                    members.next_value_seed(self.inside(Some(attribute)))?;
                }
            }
        }
        Ok(())
    }
}

/// What stands under `references`: an expression's list; anything else is a block of that name, which has none of its own.
enum Leaf<'a> {
    References(Vec<Text<'a>>),
    Other,
}

impl<'de: 'a, 'a> Deserialize<'de> for Leaf<'a> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(reader)?;
        Ok(serde_json::from_str(raw.get()).map_or(Self::Other, Self::References))
    }
}

#[cfg(test)]
mod tests {
    use super::{Text, proper};

    #[test]
    fn prefixes_of_the_reference_before_are_implied() {
        let list = ["a.b[0].id", "a.b[0]", "a.b", "a.b", "each.key", "module.m.out.x", "module.m.out", "module.m"];
        let texts = list.iter().map(|text| Text((*text).into())).collect();
        let kept: Vec<String> = proper(texts).iter().map(|text| text.0.to_string()).collect();
        assert_eq!(kept, ["a.b[0].id", "a.b", "each.key", "module.m.out.x"]);
    }
}
