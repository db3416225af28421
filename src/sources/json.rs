//! The JSON syntax, brought into the form of the native one.
//!
//! After <https://developer.hashicorp.com/terraform/language/syntax/json>: every string of an expression is a template,
//! labels are keys, and a list stands for several blocks. Which key of a body is a block and which an attribute only a
//! provider's schema tells; for references that makes no difference, so all but Terraform's own blocks are attributes.

use std::borrow::Cow;
use std::fmt;

use hcl_edit::expr::{Array, Expression, Object, ObjectKey, ObjectValue};
use hcl_edit::template::{Element, StringTemplate, Template};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::syntax::{Entry, Lines, Value};
use crate::plan::{Place, Text};

/// Deeper nesting is refused; so does the native syntax's parser.
const DEEPEST: usize = 64;

/// Reads the JSON syntax.
///
/// # Errors
/// Where the text is not JSON, or has a template that is none: the place.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Entry>, Place> {
    let (lines, raw) = raw(file, text)?;
    let reader = Reader { first: text.as_ptr().addr(), lines: &lines };
    let mut entries = Vec::new();
    for (key, at, value) in members(&reader.node(raw, 0)?) {
        let labels = match key {
            "resource" | "data" | "ephemeral" => 2,
            "module" | "output" | "variable" | "provider" | "check" => 1,
            "locals" | "moved" | "removed" => 0,
            _ => continue,
        };
        reader.blocks(key, at, labels, &mut Vec::new(), value, &mut entries)?;
    }
    Ok(entries)
}

/// Reads one object whose members are plain values: a file with values of variables. Nothing in it is a template.
///
/// # Errors
/// Where the text is not JSON: the place.
pub(super) fn plain(file: &str, text: &str) -> Result<Vec<Entry>, Place> {
    let (lines, raw) = raw(file, text)?;
    let reader = Reader { first: text.as_ptr().addr(), lines: &lines };
    let one = |(name, at, value): (&str, usize, &Node<'_>)| {
        let value = match &value.json {
            Json::Text(text) => Expression::from(&**text),
            Json::Bool(flag) => Expression::from(*flag),
            Json::Number(number) => Expression::from(*number),
            Json::Null | Json::List(_) | Json::Object(_) => Expression::null(),
        };
        Entry::made(name, Vec::new(), lines.place(at), Value::Expression(value))
    };
    Ok(members(&reader.node(raw, 0)?).into_iter().map(one).collect())
}

fn raw<'t>(file: &str, text: &'t str) -> Result<(Lines, &'t RawValue), Place> {
    let lines = Lines::of(file, text);
    let raw = serde_json::from_str(text).map_err(|error| Place {
        file: lines.place(0).file,
        line: u32::try_from(error.line()).unwrap_or(u32::MAX).max(1),
    })?;
    Ok((lines, raw))
}

/// A value with the place of its first byte.
struct Node<'t> {
    at: usize,
    json: Json<'t>,
}

enum Json<'t> {
    Text(Cow<'t, str>),
    Bool(bool),
    Number(f64),
    Null,
    List(Vec<Node<'t>>),
    Object(Vec<(Cow<'t, str>, usize, Node<'t>)>),
}

struct Reader<'l> {
    first: usize,
    lines: &'l Lines,
}

impl Reader<'_> {
    /// Where a part of the text begins: it borrows from the text, so its address tells.
    fn at(&self, part: &str) -> usize {
        part.as_ptr().addr().saturating_sub(self.first)
    }

    fn node<'t>(&self, raw: &'t RawValue, depth: usize) -> Result<Node<'t>, Place> {
        let (text, at) = (raw.get(), self.at(raw.get()));
        let refused = || self.lines.place(at);
        if depth > DEEPEST {
            return Err(refused());
        }
        let inner = |raw: &'t RawValue| self.node(raw, depth.saturating_add(1));
        let json = match text.bytes().next() {
            Some(b'{') => {
                let members: Members<'t> = serde_json::from_str(text).map_err(|_| refused())?;
                let one = |(key, raw): (Text<'t>, &'t RawValue)| {
                    let node = inner(raw)?;
                    let at = if let Cow::Borrowed(key) = key.0 { self.at(key) } else { node.at };
                    Ok((key.0, at, node))
                };
                Json::Object(members.0.into_iter().map(one).collect::<Result<_, Place>>()?)
            }
            Some(b'[') => {
                let items: Vec<&'t RawValue> = serde_json::from_str(text).map_err(|_| refused())?;
                Json::List(items.into_iter().map(inner).collect::<Result<_, Place>>()?)
            }
            Some(b'"') => Json::Text(serde_json::from_str::<Text<'t>>(text).map_err(|_| refused())?.0),
            Some(b't' | b'f') => Json::Bool(text == "true"),
            Some(b'n') => Json::Null,
            _ => Json::Number(text.parse().map_err(|_| refused())?),
        };
        Ok(Node { at, json })
    }

    /// The blocks of one name: keys are labels as long as there are any to come.
    fn blocks(
        &self,
        name: &str,
        at: usize,
        labels_left: usize,
        labels: &mut Vec<String>,
        node: &Node<'_>,
        into: &mut Vec<Entry>,
    ) -> Result<(), Place> {
        if let Json::List(items) = &node.json {
            return items.iter().try_for_each(|item| self.blocks(name, item.at, labels_left, labels, item, into));
        }
        if !matches!(node.json, Json::Object(_)) {
            return Ok(());
        }
        let Some(left) = labels_left.checked_sub(1) else {
            let value = Value::Body(self.body(name, node)?);
            into.push(Entry::made(name, labels.clone(), self.lines.place(at), value));
            return Ok(());
        };
        for (label, at, inner) in members(node) {
            labels.push(label.to_owned());
            self.blocks(name, at, left, labels, inner, into)?;
            labels.pop();
        }
        Ok(())
    }

    fn body(&self, of: &str, node: &Node<'_>) -> Result<Vec<Entry>, Place> {
        let mut entries = Vec::new();
        for (key, at, value) in members(node) {
            let labels = match key {
                _ if of == "locals" => None,
                "lifecycle" | "connection" | "precondition" | "postcondition" => Some(0),
                "content" if of == "dynamic" => Some(0),
                "provisioner" | "dynamic" => Some(1),
                "data" if of == "check" => Some(2),
                _ => None,
            };
            let nested = matches!(value.json, Json::Object(_) | Json::List(_));
            if let Some(labels) = labels.filter(|_| nested) {
                self.blocks(key, at, labels, &mut Vec::new(), value, &mut entries)?;
            } else {
                let (place, value) = (self.lines.place(at), Value::Expression(self.expression(value)?));
                entries.push(Entry::made(key, Vec::new(), place, value));
            }
        }
        Ok(entries)
    }

    fn expression(&self, node: &Node<'_>) -> Result<Expression, Place> {
        Ok(match &node.json {
            Json::Text(text) => template(text).ok_or_else(|| self.lines.place(node.at))?,
            Json::Bool(flag) => Expression::from(*flag),
            Json::Number(number) => Expression::from(*number),
            Json::Null => Expression::null(),
            Json::List(items) => {
                let mut array = Array::new();
                for item in items {
                    array.push(self.expression(item)?);
                }
                array.into()
            }
            Json::Object(members) => {
                let mut object = Object::new();
                for (key, at, value) in members {
                    let key = template(key).ok_or_else(|| self.lines.place(*at))?;
                    object.insert(ObjectKey::Expression(key), ObjectValue::new(self.expression(value)?));
                }
                object.into()
            }
        })
    }
}

/// The members of an object, or of all objects in a list. Comments are left out.
fn members<'n>(node: &'n Node<'_>) -> Vec<(&'n str, usize, &'n Node<'n>)> {
    match &node.json {
        Json::Object(members) => {
            members.iter().filter(|(key, _, _)| key != "//").map(|(key, at, node)| (&**key, *at, node)).collect()
        }
        Json::List(items) => items.iter().flat_map(|item| members(item)).collect(),
        _ => Vec::new(),
    }
}

/// A string as the template that it is; one that is nothing but an interpolation is that expression.
fn template(text: &str) -> Option<Expression> {
    if !text.contains("${") && !text.contains("%{") {
        return Some(Expression::from(text));
    }
    let template: Template = hcl_edit::parser::parse_template(text).ok()?;
    let only = match template.get(0) {
        Some(Element::Interpolation(only)) if template.len() == 1 => Some(only.expr.clone()),
        _ => None,
    };
    Some(only.unwrap_or_else(|| Expression::StringTemplate(StringTemplate::from(template))))
}

/// The members of an object, unparsed and in the order of the file.
struct Members<'t>(Vec<(Text<'t>, &'t RawValue)>);

impl<'de: 't, 't> Deserialize<'de> for Members<'t> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Vec<(Text<'de>, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(member) = members.next_entry()? {
                    all.push(member);
                }
                Ok(all)
            }
        }
        reader.deserialize_map(All).map(Members)
    }
}
