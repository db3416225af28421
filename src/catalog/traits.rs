//! Traits of a type: guards, switches, and what it hides. `data/README.md` describes how they are written.

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
    /// The attribute that names what the object really is.
    Inside(Vec<&'static str>),
    /// The attribute that names the object that this one guards.
    Guards(Vec<&'static str>),
    /// The attribute that names the object whose contents this one makes expire.
    Expires(Vec<&'static str>),
    /// An attribute with a meaning.
    Guard(Guard),
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

/// One guard: all of its clauses must hold for it to be on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// What it means.
    pub kind: GuardKind,
    /// The conditions.
    pub clauses: Vec<Clause>,
}

/// One condition on an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The path through nested blocks.
    pub path: Vec<&'static str>,
    on: On,
    default: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    /// A flag that is true, a number above zero, a list with entries.
    True,
    /// This value.
    Is(&'static str),
    /// Any value at all.
    Set,
}

/// What a clause finds in an object's values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    /// It is on; `None` where that cannot be told: unknown, or sensitive.
    pub on: Option<bool>,
    /// The attribute is there, rather than the provider's default being taken.
    pub written: bool,
    /// The number or the length, where it is one; the smallest, where the block is there several times.
    pub amount: Option<f64>,
}

/// Names that mean something else when they stand alone.
const GENERIC: [&str; 6] = ["enabled", "status", "state", "type", "value", "name"];

impl Clause {
    /// The path as people write it.
    #[must_use]
    pub fn attribute(&self) -> String {
        self.path.join(".")
    }

    /// The values that the clause is about: at its path, or, where there is no such block, in the flat form that other
    /// versions of a provider give it (`ttl.enabled` as `ttl_enabled`, `a.b.retention_days` as `retention_days`).
    #[must_use]
    pub fn values<'v, 'a>(&self, values: &'v Value<'a>) -> Vec<&'v Value<'a>> {
        let found: Vec<&Value<'a>> = values.at(&self.path).into_iter().filter(|value| **value != Value::Null).collect();
        let ([first, .., last], true) = (self.path.as_slice(), found.is_empty()) else { return found };
        if *values.get(first) != Value::Null {
            return found;
        }
        let near = self.path.get(self.path.len().saturating_sub(2)..).unwrap_or_default().join("_");
        let alone = if last.len() > 4 && !GENERIC.contains(last) { *last } else { "" };
        let flat = [self.path.join("_"), near, alone.to_owned()];
        flat.iter().map(|name| values.get(name)).find(|value| **value != Value::Null).into_iter().collect()
    }

    /// Reads the clause's attribute from an object's values.
    #[must_use]
    pub fn state(&self, values: &Value<'_>) -> State {
        let found = self.values(values);
        if found.is_empty() {
            let default = self.default.map_or(Value::Null, |text| Value::Text(text.into()));
            return State {
                on: self.fits(&default),
                written: false,
                amount: self.default.map(|d| d.parse().unwrap_or(0.0)),
            };
        }
        // Nested blocks: it is on where any of them has it on.
        let states: Vec<Option<bool>> = found.iter().map(|value| self.fits(value)).collect();
        let on = if states.contains(&Some(true)) {
            Some(true)
        } else if states.contains(&None) {
            None
        } else {
            Some(false)
        };
        State { on, written: true, amount: found.iter().filter_map(|value| amount(value)).reduce(f64::min) }
    }

    fn fits(&self, value: &Value<'_>) -> Option<bool> {
        Some(match (value, self.on) {
            (Value::Unknown | Value::Sensitive(_), _) => return None,
            (value, On::Set) => !value.is_empty(),
            (value, On::Is(wanted)) => text(value).is_some_and(|text| text.eq_ignore_ascii_case(wanted)),
            (Value::Bool(flag), On::True) => *flag,
            (Value::Text(text), On::True) => period(text).map_or_else(
                || matches!(text.to_ascii_lowercase().as_str(), "true" | "enabled" | "on" | "yes"),
                |period| period > 0.0,
            ),
            (value, On::True) => amount(value).is_some_and(|amount| amount > 0.0),
        })
    }
}

/// A number, a number written as text, or how many entries there are.
#[allow(clippy::cast_precision_loss, reason = "a list of 2^53 entries does not fit into memory")]
fn amount(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => period(text),
        Value::List(items) => Some(items.len() as f64),
        Value::Object(members) => Some(members.len() as f64),
        _ => None,
    }
}

/// A number written as text, with or without a unit: `10`, `3600s`, `72h`, `7d`, `P4W`, `PT12H`, in seconds where there
/// is a unit. Periods of one attribute are only ever compared with each other.
#[must_use]
pub(crate) fn period(text: &str) -> Option<f64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let lower = text.trim().to_ascii_lowercase();
    let is_iso = lower.starts_with('p');
    let body = lower.trim_start_matches('p');
    let (digits, unit) =
        body.trim_start_matches('t').split_once(|c: char| c.is_ascii_alphabetic()).map(|(digits, rest)| {
            let unit = body.trim_start_matches('t').chars().find(char::is_ascii_alphabetic);
            (digits, unit.filter(|_| rest.is_empty()))
        })?;
    let seconds = match unit? {
        's' => 1.0,
        'm' if is_iso && !body.starts_with('t') => 2_592_000.0,
        'm' => 60.0,
        'h' => 3_600.0,
        'd' => 86_400.0,
        'w' => 604_800.0,
        'y' => 31_536_000.0,
        _ => return None,
    };
    digits.parse::<f64>().ok().map(|number| number * seconds)
}

fn text(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
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
}

/// The common traits.
pub(super) fn common() -> Vec<Trait> {
    super::files::COMMON
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| one(line.split('\t').next()?))
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
            (Trait::Guard(mine), Trait::Guard(common)) => {
                mine.kind == common.kind && mine.clauses.iter().any(|a| common.clauses.iter().any(|b| a.path == b.path))
            }
            _ => false,
        })
    };
    let common: Vec<Trait> = common().into_iter().filter(|common| !replaced(common)).collect();
    own.into_iter().chain(common).collect()
}

/// Reads a row's traits; `None` where one is not of the form.
pub(super) fn parse(text: &'static str) -> Option<Vec<Trait>> {
    match text {
        "-" => Some(Vec::new()),
        many => many.split(' ').map(one).collect(),
    }
}

fn one(text: &'static str) -> Option<Trait> {
    let Some((kind, rest)) = text.split_once(':') else {
        return Some(match text {
            "carries" => Trait::Carries,
            "opaque" => Trait::Opaque,
            "alarm" => Trait::Alarm,
            "job" => Trait::Job,
            "key" => Trait::Key,
            _ => return None,
        });
    };
    let path = || rest.split('.').collect();
    let kind = match kind {
        "inside" => return Some(Trait::Inside(path())),
        "guards" => return Some(Trait::Guards(path())),
        "expires" => return Some(Trait::Expires(path())),
        "lock" => GuardKind::Lock,
        "hold" => GuardKind::Hold,
        "copy" => GuardKind::Copy,
        "window" => GuardKind::Window,
        "backup" => GuardKind::Backup,
        "keep" => GuardKind::Keep,
        "empty" => GuardKind::Empty,
        "expire" => GuardKind::Expire,
        "stop" => GuardKind::Stop,
        _ => return None,
    };
    let clauses = rest.split('+').map(clause).collect::<Option<Vec<_>>>()?;
    Some(Trait::Guard(Guard { kind, clauses }))
}

fn clause(text: &'static str) -> Option<Clause> {
    let (text, default) = match text.split_once('~') {
        Some((text, default)) => (text, Some(default)),
        None => (text, None),
    };
    let (path, on) = match text.split_once('=') {
        None => (text, On::True),
        Some((path, "*")) => (path, On::Set),
        Some((path, value)) => (path, On::Is(value)),
    };
    let path: Vec<&str> = path.split('.').collect();
    (!path.iter().any(|step| step.is_empty())).then_some(Clause { path, on, default })
}

#[cfg(test)]
mod tests {
    use super::{Trait, one};
    use crate::plan::{Attributes, Value};

    fn values(json: &str) -> Value<'_> {
        Attributes::new(Some(json), None, None).view()
    }

    fn guard(text: &'static str) -> super::Guard {
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
        assert!(!window.written_on(&values("{}")));
        assert_eq!(window.on(&values(r#"{"recovery_window_in_days":0}"#)), Some(false));
    }

    #[test]
    fn nested_blocks_and_texts_are_read() {
        let versioning = guard("backup:versioning_configuration.status=Enabled");
        assert_eq!(versioning.on(&values(r#"{"versioning_configuration":[{"status":"Enabled"}]}"#)), Some(true));
        assert_eq!(guard("stop:spec.replicas").on(&values(r#"{"spec":[{"replicas":"0"}]}"#)), Some(false));
    }

    #[test]
    fn periods_come_with_units() {
        let compare = |a: &str, b: &str| super::period(a).unwrap() < super::period(b).unwrap();
        assert!(compare("1h", "7d") && compare("P1W", "P4W") && compare("PT12H", "P1D") && compare("59", "60"));
        assert!(compare("0s", "3600s") && super::period("soon").is_none());
    }

    #[test]
    fn a_flat_form_is_read_where_there_is_no_block() {
        let days = guard("window:soft_delete_policy.retention_duration_seconds");
        assert_eq!(days.on(&values(r#"{"retention_duration_seconds":600}"#)), Some(true));
        assert_eq!(guard("backup:versioning.enabled").on(&values(r#"{"enabled":true}"#)), Some(false));
        assert_eq!(guard("expire:ttl.enabled").on(&values(r#"{"ttl_enabled":true}"#)), Some(true));
    }

    #[test]
    fn what_is_unknown_is_neither_on_nor_off() {
        let after = Attributes::new(Some("{}"), Some(r#"{"deletion_protection":true}"#), None).view();
        assert_eq!(guard("lock:deletion_protection").on(&after), None);
    }
}
