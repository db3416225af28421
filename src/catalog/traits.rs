//! Traits of a type: guards, switches, and what it hides. `data/README.md` describes how they are written.

use super::clause::{Clause, steps};
use crate::plan::Value;

/// One trait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trait {
    /// Carries what no plan lists, so it counts as having dependents.
    Carries,
    /// Hides what it holds.
    Opaque,
    /// An alarm or monitor.
    Alarm,
    /// A one-off job.
    Job,
    /// An encryption key.
    Key,
    /// A CloudFormation type whose `DeletionPolicy` may be Snapshot.
    Snapshot(SnapshotPolicy),
    /// The attribute that names what the object really is.
    Inside(Vec<&'static str>),
    /// The attribute that is set where the object is a member of another, whose contents it shares.
    Member(Clause),
    /// The attribute that names the object that this one guards.
    Guards(Clause),
    /// The attribute that names the object whose contents this one makes expire.
    Expires(Clause),
    /// An attribute with a meaning.
    Guard(Guard),
}

/// When a `DeletionPolicy` is Snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SnapshotPolicy {
    /// Only where the template says so.
    Allowed,
    /// Also where the template says nothing.
    Default,
    /// Also where the template says nothing, unless the object has this property.
    DefaultWithout(&'static str),
}

/// What it means that a guard is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuardKind {
    /// The delete is refused.
    Lock,
    /// Contents are kept from deletion.
    Hold,
    /// The destroy leaves a copy.
    Copy,
    /// Soft delete or a recovery window.
    Window,
    /// Backups, versions, point-in-time recovery.
    Backup,
    /// The destroy leaves the object running.
    Keep,
    /// The destroy empties the object first.
    Empty,
    /// Contents are made to expire.
    Expire,
    /// Capacity, or a switch.
    Stop,
}

impl GuardKind {
    const ALL: [Self; 9] = [
        Self::Lock,
        Self::Hold,
        Self::Copy,
        Self::Window,
        Self::Backup,
        Self::Keep,
        Self::Empty,
        Self::Expire,
        Self::Stop,
    ];

    /// The word that rows use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Hold => "hold",
            Self::Copy => "copy",
            Self::Window => "window",
            Self::Backup => "backup",
            Self::Keep => "keep",
            Self::Empty => "empty",
            Self::Expire => "expire",
            Self::Stop => "stop",
        }
    }

    /// It gives back what is lost.
    #[must_use]
    pub fn is_way_back(self) -> bool {
        matches!(self, Self::Copy | Self::Window)
    }
}

/// One guard: all of its clauses must hold for it to be on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// What it means.
    pub kind: GuardKind,
    /// The conditions.
    pub clauses: Vec<Clause>,
    /// It is known of any type that has such an attribute, and not of this one.
    pub common: bool,
}

impl Guard {
    /// On by what is written or by the provider's default; `None` where that cannot be told.
    #[must_use]
    pub fn on(&self, values: &Value<'_>) -> Option<bool> {
        let states: Vec<Option<bool>> = self.clauses.iter().map(|clause| clause.state(values).on).collect();
        if states.contains(&Some(false)) {
            Some(false)
        } else {
            states.iter().copied().collect::<Option<Vec<_>>>().map(|_| true)
        }
    }

    /// On by what is written alone: a default that is not written down promises nothing.
    #[must_use]
    pub fn written_on(&self, values: &Value<'_>) -> bool {
        self.clauses.iter().map(|clause| clause.state(values)).all(|state| state.on == Some(true) && state.written)
    }

    /// On where nothing is written at all.
    #[must_use]
    pub fn is_on_by_default(&self) -> bool {
        self.clauses.iter().all(Clause::is_on_by_default)
    }

    /// Its attributes, as people write them.
    #[must_use]
    pub fn attributes(&self) -> String {
        self.clauses.iter().map(Clause::attribute).collect::<Vec<_>>().join(" with ")
    }

    /// The same kind of guard by the same attribute.
    fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind && self.clauses.iter().any(|a| other.clauses.iter().any(|b| a.is_about_what(b)))
    }
}

/// The common traits.
pub(super) fn common() -> Vec<Trait> {
    let rows = super::files::COMMON.lines().filter(|line| !line.starts_with('#'));
    let read = rows.filter_map(|line| one(line.split('\t').next()?));
    read.map(|one| match one {
        Trait::Guard(guard) => Trait::Guard(Guard { common: true, ..guard }),
        other => other,
    })
    .collect()
}

/// The common traits of a type that nobody knows: none that says that nothing happens.
pub(super) fn of_unknown() -> Vec<Trait> {
    let keeps = |one: &Trait| matches!(one, Trait::Guard(guard) if guard.kind == GuardKind::Keep);
    common().into_iter().filter(|one| !keeps(one)).collect()
}

/// A type's own traits, and those common ones that it does not replace.
pub(super) fn with_common(own: Vec<Trait>) -> Vec<Trait> {
    let replaced = |common: &Trait| {
        own.iter().any(|mine| match (mine, common) {
            (Trait::Guard(mine), Trait::Guard(common)) => mine.is_like(common),
            _ => false,
        })
    };
    let common: Vec<Trait> = common().into_iter().filter(|common| !replaced(common)).collect();
    own.into_iter().chain(common).collect()
}

/// The same traits on values that spell their names in another way.
pub(super) fn in_any_spelling(traits: Vec<Trait>) -> Vec<Trait> {
    let respell =
        |guard: Guard| Guard { clauses: guard.clauses.into_iter().map(Clause::in_any_spelling).collect(), ..guard };
    let each = traits.into_iter().map(|one| match one {
        Trait::Guard(guard) => Trait::Guard(respell(guard)),
        Trait::Member(of) => Trait::Member(of.in_any_spelling()),
        Trait::Guards(named) => Trait::Guards(named.in_any_spelling()),
        Trait::Expires(named) => Trait::Expires(named.in_any_spelling()),
        other => other,
    });
    each.collect()
}

/// Reads a row's traits; `None` where one is not of the form.
pub(super) fn parse(text: &'static str) -> Option<Vec<Trait>> {
    match text {
        "-" => Some(Vec::new()),
        many => many.split(' ').map(one).collect(),
    }
}

/// The first of a row's traits that is not of the form.
pub(super) fn check(text: &'static str) -> Result<(), &'static str> {
    let wrong = text.split(' ').filter(|_| text != "-").find(|each| one(each).is_none());
    wrong.map_or(Ok(()), Err)
}

fn one(text: &'static str) -> Option<Trait> {
    let Some((kind, rest)) = text.split_once(':') else {
        return Some(match text {
            "carries" => Trait::Carries,
            "opaque" => Trait::Opaque,
            "alarm" => Trait::Alarm,
            "job" => Trait::Job,
            "key" => Trait::Key,
            "snapshot" => Trait::Snapshot(SnapshotPolicy::Allowed),
            _ => return None,
        });
    };
    match kind {
        "inside" => return steps(rest).map(Trait::Inside),
        "member" => return Clause::path(rest).map(Trait::Member),
        "guards" => return Clause::path(rest).map(Trait::Guards),
        "expires" => return Clause::path(rest).map(Trait::Expires),
        "snapshot" => return snapshot(rest).map(Trait::Snapshot),
        _ => {}
    }
    let kind = GuardKind::ALL.into_iter().find(|known| known.word() == kind)?;
    let clauses = rest.split('+').map(Clause::parse).collect::<Option<Vec<_>>>()?;
    Some(Trait::Guard(Guard { kind, clauses, common: false }))
}

fn snapshot(text: &'static str) -> Option<SnapshotPolicy> {
    match text.split_once('=') {
        None => (text == "default").then_some(SnapshotPolicy::Default),
        Some((how, property)) => (how == "without").then_some(SnapshotPolicy::DefaultWithout(property)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Guard, SnapshotPolicy, Trait, one};
    use crate::plan::{Attributes, Value};

    fn values(json: &str) -> Value<'_> {
        Attributes::new(Some(json), None, None).view()
    }

    fn guard(text: &'static str) -> Guard {
        match one(text) {
            Some(Trait::Guard(guard)) => guard,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_snapshot_needs_a_name_and_must_not_be_skipped() {
        let copy = guard("copy:skip_final_snapshot=false~false+final_snapshot_identifier=*");
        assert!(copy.written_on(&values(r#"{"skip_final_snapshot":false,"final_snapshot_identifier":"x"}"#)));
        assert!(!copy.written_on(&values(r#"{"skip_final_snapshot":null,"final_snapshot_identifier":"x"}"#)));
        assert!(!copy.written_on(&values(r#"{"skip_final_snapshot":false}"#)));
    }

    #[test]
    fn a_default_counts_as_on_but_not_as_written() {
        let window = guard("window:recovery_window_in_days~30");
        assert_eq!(window.on(&values("{}")), Some(true));
        assert!(window.is_on_by_default() && !window.written_on(&values("{}")));
        assert_eq!(window.on(&values(r#"{"recovery_window_in_days":0}"#)), Some(false));
    }

    #[test]
    fn a_deletion_policy_has_three_forms() {
        assert_eq!(one("snapshot"), Some(Trait::Snapshot(SnapshotPolicy::Allowed)));
        assert_eq!(one("snapshot:default"), Some(Trait::Snapshot(SnapshotPolicy::Default)));
        assert_eq!(one("snapshot:without=Parent"), Some(Trait::Snapshot(SnapshotPolicy::DefaultWithout("Parent"))));
        assert_eq!(one("snapshot:never"), None);
    }
}
