//! JSON text to values, as much of it as is wanted.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::text::Text;
use super::value::Value;

/// Parses an object's wanted members, or anything else whole. `None` only for text that was never checked.
pub(super) fn parse_some(text: &str, wanted: impl Fn(&str) -> bool + Copy) -> Option<Value<'_>> {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.deserialize_any(Build { wanted, strict: false }).ok()
}

/// Reads a value and keeps nothing: only duplicate keys and depth are looked at.
pub(super) struct Checked;

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
        let mut seen = HashSet::new();
        while let Some(Text(name)) = members.next_key()? {
            if self.strict && !seen.insert(name.clone()) {
                return Err(A::Error::custom("a key stands twice in one object"));
            }
            if (self.wanted)(&name) {
                let value = members.next_value_seed(Nested { strict: self.strict })?;
                object.push((name, value));
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Value::Object(object))
    }
}
