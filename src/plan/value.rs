//! One attribute value, and what is left of one that nobody may see.

use std::borrow::Cow;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

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

    /// The same with nothing borrowed.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(flag),
            Self::Number(number) => Value::Number(number),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::List(items) => Value::List(items.into_iter().map(Value::into_owned).collect()),
            Self::Object(members) => {
                let owned =
                    |(name, value): (Cow<'_, str>, Value<'_>)| (Cow::Owned(name.into_owned()), value.into_owned());
                Value::Object(members.into_iter().map(owned).collect())
            }
            Self::Unknown => Value::Unknown,
            Self::Sensitive(secret) => Value::Sensitive(secret),
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
    /// Keeps of a value what may be known of it.
    pub(super) fn of(value: &Value<'_>) -> Self {
        let mut hasher = DefaultHasher::new();
        digest(value, &mut hasher);
        Self {
            digest: hasher.finish(),
            empty: value.is_empty(),
            collection: matches!(value, Value::List(_) | Value::Object(_)),
        }
    }

    /// What it compares by.
    pub(super) fn digest(&self) -> u64 {
        self.digest
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
