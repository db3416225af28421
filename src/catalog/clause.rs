//! One condition on an attribute, and what an object's values say to it.

use crate::plan::Value;

/// One condition on an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The path through nested blocks. A step `list[key]` is the `Value` of the list's entry whose `Key` is that.
    pub path: Vec<&'static str>,
    /// The provider's default, where the attribute is absent.
    pub default: Option<&'static str>,
    on: On,
    spelling: Spelling,
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

/// How names must agree with the values'.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// To the letter.
    Exact,
    /// Without case and underscores: `DeletionProtection`, `deletionProtection` and `deletion_protection` are one.
    Any,
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
    /// Reads a clause as the rows write it; `None` where it is not of the form.
    pub(super) fn parse(text: &'static str) -> Option<Self> {
        let (text, default) = match text.split_once('~') {
            Some((text, default)) => (text, Some(default)),
            None => (text, None),
        };
        let (path, on) = match text.split_once('=') {
            None => (text, On::True),
            Some((path, "*")) => (path, On::Set),
            Some((path, value)) => (path, On::Is(value)),
        };
        let path = steps(path)?;
        Some(Self { path, default, on, spelling: Spelling::Exact })
    }

    /// An attribute alone, whatever its value; `None` where it is not of the form.
    pub(super) fn path(text: &'static str) -> Option<Self> {
        Some(Self { path: steps(text)?, default: None, on: On::Set, spelling: Spelling::Exact })
    }

    /// The same clause on values that spell their names in another way.
    pub(super) fn in_any_spelling(mut self) -> Self {
        self.spelling = Spelling::Any;
        self
    }

    /// Its path begins at this attribute, however that is spelled.
    #[must_use]
    pub fn begins_at(&self, attribute: &str) -> bool {
        self.path.first().is_some_and(|first| match self.spelling {
            Spelling::Exact => *first == attribute,
            Spelling::Any => alike(first, attribute),
        })
    }

    /// It is about the same attribute, however that is spelled.
    pub(super) fn is_about_what(&self, other: &Self) -> bool {
        self.path == other.path
            || (self.path.len() == other.path.len() && self.path.iter().zip(&other.path).all(|(a, b)| alike(a, b)))
    }

    /// The path as people write it.
    #[must_use]
    pub fn attribute(&self) -> String {
        self.path.join(".")
    }

    /// The value that switches it on: `true`, `*` for any, or the word.
    #[must_use]
    pub fn on_value(&self) -> &'static str {
        match self.on {
            On::True => "true",
            On::Set => "*",
            On::Is(value) => value,
        }
    }

    /// It is on where the attribute is absent.
    #[must_use]
    pub fn is_on_by_default(&self) -> bool {
        self.state(&Value::Null).on == Some(true)
    }

    /// The values that the clause is about: at its path, or, where there is no such block, in the flat form that other
    /// versions of a provider give it (`ttl.enabled` as `ttl_enabled`, `a.b.retention_days` as `retention_days`).
    #[must_use]
    pub fn values<'v, 'a>(&self, values: &'v Value<'a>) -> Vec<&'v Value<'a>> {
        let mut found = Vec::new();
        find(values, &self.path, self.spelling, &mut found);
        found.retain(|value| **value != Value::Null);
        let ([first, .., last], true) = (self.path.as_slice(), found.is_empty()) else { return found };
        if *values.get(first) != Value::Null {
            return found;
        }
        let near = self.path.get(self.path.len().saturating_sub(2)..).unwrap_or_default().join("_");
        let alone = if last.len() > 4 && !GENERIC.contains(last) { *last } else { "" };
        let flat = [self.path.join("_"), near, alone.to_owned()];
        flat.iter().map(|name| values.get(name)).find(|value| **value != Value::Null).into_iter().collect()
    }

    /// The path at which the values have the attribute, as people write it: the flat form where they have that.
    #[must_use]
    pub fn attribute_of(&self, values: &Value<'_>) -> Option<String> {
        let found = self.values(values);
        let first = self.path.first()?;
        let only = found.first()?;
        if self.path.len() < 2 || *values.get(first) != Value::Null || self.spelling != Spelling::Exact {
            return Some(self.attribute());
        }
        let Value::Object(members) = values else { return None };
        let near = |name: &str| self.path.last().is_some_and(|last| name.ends_with(last));
        let flat = members.iter().find(|(name, value)| near(name) && std::ptr::eq(value, *only));
        Some(flat.map_or_else(|| self.attribute(), |(name, _)| name.to_string()))
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

    /// All numbers and lengths at its path, the greatest first; in a block without one it is the provider's default, where
    /// there is such a default.
    #[must_use]
    pub fn amounts(&self, values: &Value<'_>) -> Vec<f64> {
        let default = self.default.and_then(|text| text.parse().ok());
        let mut blocks = Vec::new();
        find(values, &self.path, self.spelling, &mut blocks);
        let mut amounts: Vec<f64> = if blocks.iter().any(|value| **value != Value::Null) {
            blocks.iter().filter_map(|value| amount(value).or(default.filter(|_| **value == Value::Null))).collect()
        } else {
            self.values(values).into_iter().filter_map(amount).collect()
        };
        if amounts.is_empty() {
            amounts.extend(default);
        }
        amounts.sort_by(|a, b| b.total_cmp(a));
        amounts
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

/// A path's steps: parted by dots, but for those in brackets. `None` where one is empty.
pub(super) fn steps(path: &'static str) -> Option<Vec<&'static str>> {
    let mut inside = false;
    let parted = path.split(|c: char| {
        inside = (inside || c == '[') && c != ']';
        c == '.' && !inside
    });
    let steps: Vec<&str> = parted.collect();
    (!steps.iter().any(|step| step.is_empty())).then_some(steps)
}

/// Every value at a path; a list on the way means any of its elements.
fn find<'v, 'a>(value: &'v Value<'a>, path: &[&str], spelling: Spelling, found: &mut Vec<&'v Value<'a>>) {
    let Some((step, rest)) = path.split_first() else {
        found.push(value);
        return;
    };
    match value {
        Value::List(items) => items.iter().for_each(|item| find(item, path, spelling, found)),
        Value::Unknown | Value::Sensitive(_) => found.push(value),
        Value::Object(_) => match step.split_once('[') {
            None => find(member(value, step, spelling), rest, spelling, found),
            Some((list, key)) => {
                let entries = member(value, list, spelling);
                keyed(entries, key.trim_end_matches(']'), |value| find(value, rest, spelling, found));
            }
        },
        _ => {}
    }
}

/// The `Value` of each entry of a list whose `Key` is `key`.
fn keyed<'v, 'a>(entries: &'v Value<'a>, key: &str, mut each: impl FnMut(&'v Value<'a>)) {
    match entries {
        Value::List(items) => {
            let fitting = items.iter().filter(|item| member(item, "Key", Spelling::Any).text() == Some(key));
            fitting.map(|item| member(item, "Value", Spelling::Any)).for_each(each);
        }
        Value::Unknown | Value::Sensitive(_) => each(entries),
        _ => {}
    }
}

fn member<'v, 'a>(value: &'v Value<'a>, name: &str, spelling: Spelling) -> &'v Value<'a> {
    match (value, spelling) {
        (Value::Object(members), Spelling::Any) => {
            members.iter().find(|(known, _)| alike(known, name)).map_or(&Value::Null, |(_, value)| value)
        }
        _ => value.get(name),
    }
}

/// Two names are one but for case and underscores.
fn alike(a: &str, b: &str) -> bool {
    let letters =
        |name: &str| name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()).collect();
    let (a, b): (Vec<u8>, Vec<u8>) = (letters(a), letters(b));
    a == b
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

#[cfg(test)]
mod tests {
    use super::{Clause, period};
    use crate::plan::{Attributes, Value};

    fn values(json: &str) -> Value<'_> {
        Attributes::new(Some(json), None, None).view()
    }

    fn on(clause: &'static str, json: &str) -> Option<bool> {
        Clause::parse(clause).unwrap().state(&values(json)).on
    }

    #[test]
    fn nested_blocks_and_texts_are_read() {
        let enabled = r#"{"versioning_configuration":[{"status":"Enabled"}]}"#;
        assert_eq!(on("versioning_configuration.status=Enabled", enabled), Some(true));
        assert_eq!(on("spec.replicas", r#"{"spec":[{"replicas":"0"}]}"#), Some(false));
    }

    #[test]
    fn periods_come_with_units() {
        let compare = |a: &str, b: &str| period(a).unwrap() < period(b).unwrap();
        assert!(compare("1h", "7d") && compare("P1W", "P4W") && compare("PT12H", "P1D") && compare("59", "60"));
        assert!(compare("0s", "3600s") && period("soon").is_none());
    }

    #[test]
    fn a_flat_form_is_read_where_there_is_no_block() {
        let days = r#"{"retention_duration_seconds":600}"#;
        assert_eq!(on("soft_delete_policy.retention_duration_seconds", days), Some(true));
        assert_eq!(on("versioning.enabled", r#"{"enabled":true}"#), Some(false));
        assert_eq!(on("ttl.enabled", r#"{"ttl_enabled":true}"#), Some(true));
    }

    #[test]
    fn what_is_unknown_is_neither_on_nor_off() {
        let after = Attributes::new(Some("{}"), Some(r#"{"deletion_protection":true}"#), None).view();
        assert_eq!(Clause::parse("deletion_protection").unwrap().state(&after).on, None);
    }

    #[test]
    fn a_list_of_keys_and_values_is_read_by_its_keys() {
        let attributes = r#"{"Attributes":[{"Key":"idle.timeout","Value":"4"},{"Key":"guard.on","Value":"true"}]}"#;
        assert_eq!(on("Attributes[guard.on]", attributes), Some(true));
        assert_eq!(on("Attributes[guard.off]", attributes), Some(false));
    }

    #[test]
    fn names_agree_in_any_spelling_only_where_that_is_asked_for() {
        let clause = Clause::parse("PointInTime.RecoveryEnabled").unwrap();
        let snake = r#"{"point_in_time":{"recovery_enabled":true}}"#;
        assert_eq!(clause.state(&values(snake)).on, Some(false));
        assert_eq!(clause.clone().in_any_spelling().state(&values(snake)).on, Some(true));
        assert_eq!(
            clause.in_any_spelling().state(&values(r#"{"pointInTime":{"recoveryEnabled":true}}"#)).on,
            Some(true)
        );
    }

    #[test]
    fn a_step_that_is_empty_is_no_path() {
        assert!(Clause::parse("a..b").is_none() && Clause::parse("").is_none());
    }
}
