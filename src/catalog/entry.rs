//! One answer of the catalogue.

use std::borrow::Cow;

use super::clause::Clause;
use super::traits::{self, Guard, SnapshotPolicy, Trait};
use crate::plan::Value;

/// What is lost with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// What cannot be made again from code.
    Records,
    /// Messages, logs, metrics.
    Transient,
    /// Nothing.
    Nothing,
    /// Nobody knows the type.
    Unknown,
}

/// What others do with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Others are built in it or on it.
    Foundation,
    /// It serves, runs, stores for others or grants access.
    Service,
    /// Alone it interrupts little.
    Support,
    /// Replaced by design.
    Routine,
    /// Nobody knows the type.
    Unknown,
}

/// On what an answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// A row of this name.
    Exact,
    /// A pattern.
    Pattern(&'static str),
    /// Nothing.
    Unknown,
}

/// What the catalogue says of one type.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it holds.
    pub holds: Holds,
    /// Its standing.
    pub standing: Standing,
    /// Its traits, the common ones of its attributes included.
    pub traits: Vec<Trait>,
    /// A sentence for the reader, where there is one.
    pub note: Option<&'static str>,
    /// On what the answer stands.
    pub basis: Basis,
    /// Where the values lie that its traits are about, where its type is only inside of another.
    pub(super) values: Option<&'static str>,
}

impl Holds {
    /// From the worst to the least.
    pub(super) const KNOWN: [Self; 3] = [Self::Records, Self::Transient, Self::Nothing];

    /// The word that reports and rows use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Transient => "transient",
            Self::Nothing => "nothing",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::KNOWN.into_iter().find(|holds| holds.word() == word)
    }
}

impl Standing {
    /// From what most stands on to what least does.
    pub(super) const KNOWN: [Self; 4] = [Self::Foundation, Self::Service, Self::Support, Self::Routine];

    /// The word that reports and rows use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Foundation => "foundation",
            Self::Service => "service",
            Self::Support => "support",
            Self::Routine => "routine",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::KNOWN.into_iter().find(|standing| standing.word() == word)
    }
}

impl Basis {
    /// A pattern as it is written, or the word for the other two.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Pattern(pattern) => pattern,
            Self::Unknown => "unknown",
        }
    }
}

impl Entry {
    pub(super) fn unknown() -> Self {
        let (holds, standing, basis) = (Holds::Unknown, Standing::Unknown, Basis::Unknown);
        Self { holds, standing, traits: traits::of_unknown(), note: None, basis, values: None }
    }

    /// Reads a row; its own traits alone. `None` where it is not of the form.
    pub(super) fn parse(row: &'static str) -> Option<Self> {
        let mut columns = row.split('\t');
        let kind = columns.next().filter(|kind| !kind.is_empty())?;
        let holds = Holds::from_word(columns.next()?)?;
        let standing = Standing::from_word(columns.next()?)?;
        let traits = traits::parse(columns.next()?)?;
        let note = columns.next().filter(|note| !matches!(*note, "" | "-"));
        let basis = if kind.contains('*') { Basis::Pattern(kind) } else { Basis::Exact };
        Some(Self { holds, standing, traits, note, basis, values: None })
    }

    /// With the common traits, as for every type of a Terraform provider.
    pub(super) fn with_common(mut self) -> Self {
        self.traits = traits::with_common(self.traits);
        self
    }

    /// It holds records.
    #[must_use]
    pub fn holds_records(&self) -> bool {
        self.holds == Holds::Records
    }

    /// It is a foundation.
    #[must_use]
    pub fn is_foundation(&self) -> bool {
        self.standing == Standing::Foundation
    }

    /// It counts as a dependent: a foundation, a service, or what holds records. A type that nobody knows counts too.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.holds_records() || matches!(self.standing, Standing::Foundation | Standing::Service | Standing::Unknown)
    }

    /// It has a trait that takes no attribute.
    #[must_use]
    pub fn is(&self, wanted: &Trait) -> bool {
        self.traits.contains(wanted)
    }

    /// The attribute that names what the object really is, where its type only wraps another.
    #[must_use]
    pub fn wraps(&self) -> Option<&[&'static str]> {
        self.traits.iter().find_map(|one| if let Trait::Inside(path) = one { Some(path.as_slice()) } else { None })
    }

    /// What is true of the object that has these values where it is a member of another: the contents are the other's.
    pub(super) fn as_member(&self, values: &Value<'_>) -> Option<Self> {
        let of = self.traits.iter().find_map(|one| if let Trait::Member(of) = one { Some(of) } else { None })?;
        (of.state(values).on == Some(true)).then(|| Self { holds: Holds::Nothing, ..self.clone() })
    }

    /// The attribute that names the object that this one guards.
    #[must_use]
    pub fn guards_what(&self) -> Option<&Clause> {
        self.traits.iter().find_map(|one| if let Trait::Guards(named) = one { Some(named) } else { None })
    }

    /// The attribute that names the object whose contents this one makes expire.
    #[must_use]
    pub fn expires_what(&self) -> Option<&Clause> {
        self.traits.iter().find_map(|one| if let Trait::Expires(named) = one { Some(named) } else { None })
    }

    /// Its guards, the common ones included.
    pub fn guards(&self) -> impl Iterator<Item = &Guard> {
        self.traits.iter().filter_map(|one| match one {
            Trait::Guard(guard) => Some(guard),
            _ => None,
        })
    }

    /// When its `DeletionPolicy` is Snapshot; `None` for types that cannot have that one.
    /// Rows follow the reference of the `DeletionPolicy` attribute.
    #[must_use]
    pub fn snapshot_policy(&self) -> Option<SnapshotPolicy> {
        self.traits.iter().find_map(|one| if let Trait::Snapshot(policy) = one { Some(*policy) } else { None })
    }

    /// A template that gives this object no `DeletionPolicy` has it snapshotted all the same.
    /// `properties` are the object's own, as the template writes them.
    #[must_use]
    pub fn is_snapshotted_by_default(&self, properties: &Value<'_>) -> bool {
        match self.snapshot_policy() {
            Some(SnapshotPolicy::Default) => true,
            Some(SnapshotPolicy::DefaultWithout(property)) => *properties.get(property) == Value::Null,
            Some(SnapshotPolicy::Allowed) | None => false,
        }
    }

    /// The values that its guards are about: the object's own; where its type only wraps another, those of what is inside, and
    /// beside them the plain ones of the object.
    #[must_use]
    pub fn values<'v, 'a: 'v>(&self, object: &'v Value<'a>) -> Cow<'v, Value<'v>> {
        let Some(within) = self.values else { return Cow::Borrowed(object) };
        let inner = match object.get(within) {
            Value::Null => Value::Object(Vec::new()),
            Value::Text(text) => super::inside::json(text).unwrap_or(Value::Unknown),
            other => other.clone(),
        };
        let (mut members, beside) = match (inner, object) {
            (Value::Object(members), Value::Object(beside)) => (members, beside),
            (hidden, _) => return Cow::Owned(hidden),
        };
        let plain = beside.iter().filter(|(name, value)| {
            name != within && matches!(value, Value::Text(_) | Value::Number(_) | Value::Bool(_))
        });
        members.extend(plain.cloned());
        Cow::Owned(Value::Object(members))
    }

    /// The attribute under which those values lie, where its type only wraps another.
    #[must_use]
    pub fn within(&self) -> Option<&'static str> {
        self.values
    }
}
