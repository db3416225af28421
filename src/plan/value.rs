//! Attribute values with their masks: what is unknown, and what nobody may see.
//!
//! A plan holds secrets in clear text beside a mask that says so. [`Attributes`] never hands out a masked value: it is
//! turned into a [`Secret`], which can be compared and asked whether it is empty, and nothing else. Values are parsed
//! only when somebody asks, so a row that no rule looks into costs nothing.

use std::borrow::Cow;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// One attribute value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Absent or null: the provider's default.
    Null,
    /// A flag.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// A list, a set or a tuple; nested blocks are lists of objects.
    List(Vec<Value<'a>>),
    /// A map or an object, in the order of the file.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
    /// Known only after the apply.
    Unknown,
    /// Known and not to be seen.
    Sensitive(Secret),
}

impl<'a> Value<'a> {
    /// The member of an object, [`Value::Null`] where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &Value<'a> {
        match self {
            Self::Object(members) => members.iter().find(|(k, _)| k == name).map_or(&Value::Null, |(_, v)| v),
            _ => &Value::Null,
        }
    }

    /// Every value at a path through objects; a list on the way means any of its elements (nested blocks).
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Vec<&Value<'a>> {
        let Some((first, rest)) = path.split_first() else { return vec![self] };
        match self {
            Self::List(items) => items.iter().flat_map(|item| item.at(path)).collect(),
            Self::Object(_) => self.get(first).at(rest),
            Self::Unknown | Self::Sensitive(_) => vec![self],
            _ => Vec::new(),
        }
    }

    /// Null, or nothing in it: an empty text, list or object, or an object of nulls alone.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Object(members) => members.is_empty(),
            Self::Sensitive(secret) => secret.empty,
            Self::Bool(_) | Self::Number(_) | Self::Unknown => false,
        }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A value that must not be seen. It compares with another, and says whether it is empty or a collection.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    digest: u64,
    empty: bool,
    collection: bool,
}

impl Secret {
    fn of(value: &Value<'_>) -> Self {
        let mut hasher = DefaultHasher::new();
        digest(value, &mut hasher);
        Self {
            digest: hasher.finish(),
            empty: value.is_empty(),
            collection: matches!(value, Value::List(_) | Value::Object(_)),
        }
    }

    /// It is a list, set or map.
    #[must_use]
    pub fn is_collection(&self) -> bool {
        self.collection
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive)")
    }
}

fn digest(value: &Value<'_>, into: &mut DefaultHasher) {
    std::mem::discriminant(value).hash(into);
    match value {
        Value::Bool(b) => b.hash(into),
        Value::Number(n) => n.to_bits().hash(into),
        Value::Text(text) => text.hash(into),
        Value::List(items) => items.iter().for_each(|item| digest(item, into)),
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            name.hash(into);
            digest(member, into);
        }),
        Value::Sensitive(secret) => secret.digest.hash(into),
        Value::Null | Value::Unknown => {}
    }
}

/// One object's attribute values with their masks, unparsed. The texts are JSON; `None` is null or absent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Attributes<'a> {
    raw: Option<&'a str>,
    unknown: Option<&'a str>,
    sensitive: Option<&'a str>,
}

/// An object in the values has the same key twice, so two readers may see two things.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DuplicateKey(String);

impl<'a> Attributes<'a> {
    /// Takes JSON texts: the values, the mask of what is unknown, the mask of what is sensitive.
    #[must_use]
    pub fn new(raw: Option<&'a str>, unknown: Option<&'a str>, sensitive: Option<&'a str>) -> Self {
        Self { raw, unknown, sensitive }
    }

    /// There is no object on this side of the change.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.raw.is_none() && !self.unknown.is_some_and(|mask| mask.contains("true"))
    }

    /// Reads all values once, so that later readings cannot fail.
    ///
    /// # Errors
    /// Where a value is nested too deeply, or an object has the same key twice.
    pub fn check(&self) -> Result<(), DuplicateKey> {
        for text in [self.raw, self.unknown, self.sensitive].into_iter().flatten() {
            serde_json::from_str::<Checked>(text).map_err(|error| DuplicateKey(error.to_string()))?;
        }
        Ok(())
    }

    /// All values, with what is unknown and what is sensitive in its place.
    #[must_use]
    pub fn view(&self) -> Value<'a> {
        self.pick(|_| true)
    }

    /// The values of the attributes that `wanted` names, in the order of the file, the rest skipped unread.
    #[must_use]
    pub fn pick(&self, wanted: impl Fn(&str) -> bool + Copy) -> Value<'a> {
        let raw = self.raw.and_then(|text| parse_some(text, wanted)).unwrap_or(Value::Null);
        let unknown = self.unknown.and_then(|text| parse_some(text, wanted)).unwrap_or(Value::Null);
        let sensitive = self.sensitive.and_then(|text| parse_some(text, wanted)).unwrap_or(Value::Null);
        mask("", raw, &unknown, &sensitive)
    }

    /// Whether a byte text stands among the values: for finding known identities, sensitive or not.
    pub(crate) fn search(&self) -> &'a str {
        self.raw.unwrap_or_default()
    }
}

/// An attribute whose name says that it is a secret is one, whatever the schema says.
fn says_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let one = words.iter().any(|word| {
        matches!(
            *word,
            "password" | "passwd" | "passphrase" | "secret" | "secrets" | "token" | "credentials" | "credential"
        )
    });
    let two =
        words.windows(2).any(|pair| matches!(pair, ["private" | "api" | "access", "key"] | ["connection", "string"]));
    one || two
}

/// Lays the masks over the values.
fn mask<'a>(name: &str, value: Value<'a>, unknown: &Value<'_>, sensitive: &Value<'_>) -> Value<'a> {
    if *unknown == Value::Bool(true) {
        return Value::Unknown;
    }
    if *sensitive == Value::Bool(true) || (says_secret(name) && matches!(value, Value::Text(_))) {
        return if value == Value::Null { value } else { Value::Sensitive(Secret::of(&value)) };
    }
    match value {
        Value::Object(members) => mask_object(members, unknown, sensitive),
        Value::List(items) => Value::List(
            items
                .into_iter()
                .enumerate()
                .map(|(at, item)| mask(name, item, element(unknown, at), element(sensitive, at)))
                .collect(),
        ),
        // An object that is wholly unknown is absent in the values; its mask tells its shape.
        Value::Null if matches!(unknown, Value::Object(_)) => mask_object(Vec::new(), unknown, sensitive),
        Value::Null if matches!(unknown, Value::List(items) if !items.is_empty()) => Value::Unknown,
        other => other,
    }
}

fn mask_object<'a>(members: Vec<(Cow<'a, str>, Value<'a>)>, unknown: &Value<'_>, sensitive: &Value<'_>) -> Value<'a> {
    let mut masked: Vec<_> = members
        .into_iter()
        .map(|(name, value)| {
            let value = mask(&name, value, unknown.get(&name), sensitive.get(&name));
            (name, value)
        })
        .collect();
    let Value::Object(hidden) = unknown else { return Value::Object(masked) };
    for (name, flag) in hidden {
        if !masked.iter().any(|(known, _)| known == name) {
            let value = mask(name, Value::Null, flag, sensitive.get(name));
            if value != Value::Null && value != Value::Object(Vec::new()) {
                masked.push((Cow::Owned(name.to_string()), value));
            }
        }
    }
    Value::Object(masked)
}

fn element<'v, 'a>(mask: &'v Value<'a>, at: usize) -> &'v Value<'a> {
    match mask {
        Value::List(items) => items.get(at).unwrap_or(&Value::Null),
        _ => &Value::Null,
    }
}

/// Parses an object's wanted members, or anything else whole. `None` only for text that was never checked.
fn parse_some(text: &str, wanted: impl Fn(&str) -> bool + Copy) -> Option<Value<'_>> {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.deserialize_any(Build { wanted, strict: false }).ok()
}

/// Reads a value and keeps nothing: only duplicate keys and depth are looked at.
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(Build { wanted: |_: &str| true, strict: true }).map(|_| Self)
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(Build { wanted: |_: &str| true, strict: false })
    }
}

/// Builds a [`Value`]; at the top, only the wanted members. With `strict`, a key that comes twice is an error.
struct Build<F> {
    wanted: F,
    strict: bool,
}

struct Nested {
    strict: bool,
}

impl<'de> serde::de::DeserializeSeed<'de> for Nested {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value<'de>, D::Error> {
        reader.deserialize_any(Build { wanted: |_: &str| true, strict: self.strict })
    }
}

impl<'de, F: Fn(&str) -> bool> Visitor<'de> for Build<F> {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(flag))
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "counts and days are far below 2^53; larger numbers are only compared"
    )]
    fn visit_i64<E>(self, number: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number as f64))
    }

    #[allow(clippy::cast_precision_loss, reason = "as above")]
    fn visit_u64<E>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Nested { strict: self.strict })? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value<'de>, A::Error> {
        let mut object = Vec::new();
        let mut seen = std::collections::HashSet::new();
        while let Some(Name(name)) = members.next_key()? {
            if self.strict && !seen.insert(name.clone()) {
                return Err(A::Error::custom(format_args!("the key {name:?} stands twice in one object")));
            }
            if (self.wanted)(&name) {
                let value = members.next_value_seed(Nested { strict: self.strict })?;
                object.push((name, value));
            } else {
                members.next_value::<serde::de::IgnoredAny>()?;
            }
        }
        Ok(Value::Object(object))
    }
}

/// A key, borrowed from the input where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        reader.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Attributes, Value};

    #[test]
    fn a_masked_value_is_never_handed_out() {
        let secret = Attributes::new(Some(r#"{"user":"root","key":"hunter2"}"#), None, Some(r#"{"key":true}"#));
        let view = format!("{:?}", secret.view());
        assert!(view.contains("root") && !view.contains("hunter2"), "{view}");
    }

    #[test]
    fn a_name_that_says_secret_hides_the_value() {
        let view = Attributes::new(Some(r#"{"master_password":"hunter2","api_key":"k"}"#), None, None).view();
        assert!(!format!("{view:?}").contains("hunter2"));
        assert!(matches!(view.get("api_key"), Value::Sensitive(_)));
    }

    #[test]
    fn secrets_compare_and_tell_emptiness() {
        let with = |raw| Attributes::new(Some(raw), None, Some(r#"{"env":true}"#)).view();
        assert_eq!(with(r#"{"env":["a"]}"#), with(r#"{"env":["a"]}"#));
        assert_ne!(with(r#"{"env":["a"]}"#), with(r#"{"env":["b"]}"#));
        assert!(with(r#"{"env":[]}"#).get("env").is_empty());
    }

    #[test]
    fn unknown_leaves_come_from_the_mask() {
        let after = Attributes::new(Some(r#"{"a":1,"l":[null,"x"]}"#), Some(r#"{"id":true,"l":[true,false]}"#), None);
        let view = after.view();
        assert_eq!(*view.get("id"), Value::Unknown);
        assert_eq!(*view.get("l"), Value::List(vec![Value::Unknown, Value::Text("x".into())]));
    }

    #[test]
    fn a_key_that_comes_twice_is_an_error() {
        let twice = Attributes::new(Some(r#"{"tags":{"env":"prod","env":"dev"}}"#), None, None);
        assert!(twice.check().unwrap_err().to_string().contains("env"));
    }

    #[test]
    fn a_path_goes_through_nested_blocks() {
        let view = Attributes::new(Some(r#"{"b":[{"on":true},{"on":false}]}"#), None, None).view();
        assert_eq!(view.at(&["b", "on"]), [&Value::Bool(true), &Value::Bool(false)]);
    }
}
