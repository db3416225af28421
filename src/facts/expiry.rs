//! Rules that make contents expire: lifecycle configurations, retention policies, garbage collection.
//!
//! Every provider writes them in its own shape, as nested blocks or as JSON text. What they have in common is enough: a
//! rule may be switched off, a rule may only move or tidy, and what is left are periods and counts under names that say so.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::Value;

/// The periods and counts after which contents go, by their place in the tree.
pub(super) type Periods = BTreeMap<String, Period>;

/// One period or count, and which contents it is about.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Period {
    amount: f64,
    /// The words that choose the contents; none for all of them.
    scope: BTreeSet<String>,
}

/// Reduces rules to what makes contents expire.
pub(super) fn periods(rules: &Value<'_>) -> Periods {
    let mut found = Periods::new();
    collect("", "", rules, &BTreeSet::new(), &mut found);
    found
}

/// What rules do to contents that they did not do before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Worse {
    /// By one rule more, or a smaller number.
    Sooner,
    /// By another choice of contents.
    Others,
}

impl Worse {
    /// As the end of a sentence about rules.
    pub(super) fn they(self) -> &'static str {
        match self {
            Self::Sooner => "make contents expire sooner",
            Self::Others => "make other contents expire than before",
        }
    }

    /// As the end of a sentence about an attribute.
    pub(super) fn it(self) -> &'static str {
        match self {
            Self::Sooner => "makes contents expire sooner",
            Self::Others => "makes other contents expire than before",
        }
    }
}

/// How rules are worse for contents afterwards, where they are.
pub(super) fn worse(before: &Periods, after: &Periods) -> Option<Worse> {
    let sorted = |periods: &Periods| {
        let mut values: Vec<(u64, BTreeSet<String>)> =
            periods.values().map(|period| (period.amount.to_bits(), period.scope.clone())).collect();
        values.sort_unstable();
        values
    };
    // The same rules in another order.
    if sorted(before) == sorted(after) {
        return None;
    }
    let pairs = || after.iter().map(|(place, now)| (now, before.get(place)));
    if pairs().any(|(now, then)| then.is_none_or(|then| now.amount < then.amount)) {
        return Some(Worse::Sooner);
    }
    let others = pairs().any(|(now, then)| then.is_some_and(|then| !is_within(&now.scope, &then.scope)));
    others.then_some(Worse::Others)
}

/// All that one scope chooses is surely in the other one too: that is the same, or everything, or a beginning of this one.
fn is_within(inner: &BTreeSet<String>, outer: &BTreeSet<String>) -> bool {
    let begins =
        || outer.len() == 1 && inner.len() == 1 && inner.iter().zip(outer).all(|(i, o)| i.starts_with(o.as_str()));
    outer.is_empty() || inner == outer || begins()
}

/// The words of what chooses the contents of a rule: a prefix, a tag, a condition beside the period.
fn scope(rule: &Value<'_>) -> BTreeSet<String> {
    let Value::Object(members) = rule else { return BTreeSet::new() };
    let chooses =
        |name: &str| ["filter", "prefix", "condition", "selection", "match"].iter().any(|word| name.contains(word));
    let mut words = BTreeSet::new();
    members.iter().filter(|(name, _)| chooses(name)).for_each(|(_, value)| gather(value, &mut words));
    words
}

fn gather(value: &Value<'_>, words: &mut BTreeSet<String>) {
    match value {
        Value::Text(text) if !text.is_empty() && amount(value).is_none() => {
            words.insert(text.to_string());
        }
        Value::List(items) => items.iter().for_each(|item| gather(item, words)),
        Value::Object(members) => members.iter().for_each(|(_, member)| gather(member, words)),
        _ => {}
    }
}

fn collect(place: &str, name: &str, value: &Value<'_>, within: &BTreeSet<String>, found: &mut Periods) {
    match value {
        Value::Object(members) if !is_off(value) && !only_moves(value) => {
            let scope: BTreeSet<String> = within.union(&scope(value)).cloned().collect();
            for (name, member) in members.iter().filter(|(name, _)| !is_aside(name)) {
                collect(&format!("{place}.{name}"), name, member, &scope, found);
            }
        }
        Value::List(items) => {
            for (at, item) in items.iter().enumerate() {
                // A rule that has a name keeps its place when others come and go.
                let called = ["id", "name", "rule_id", "rulePriority"].iter().find_map(|key| label(member(item, key)));
                let step = called.unwrap_or_else(|| at.to_string());
                collect(&format!("{place}.{step}"), name, item, within, found);
            }
        }
        Value::Text(text) if text.trim_start().starts_with(['{', '[']) => {
            if let Ok(inner) = serde_json::from_str::<Value<'_>>(text) {
                collect(place, name, &inner, within, found);
            }
        }
        leaf if says_period(name) => {
            let amount = amount(leaf).filter(|amount| *amount > 0.0);
            found.extend(amount.map(|amount| (place.to_owned(), Period { amount, scope: within.clone() })));
        }
        _ => {}
    }
}

fn label(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A rule that is there and switched off.
fn is_off(rule: &Value<'_>) -> bool {
    let disabled = |name| member(rule, name).text().is_some_and(|text| text.eq_ignore_ascii_case("disabled"));
    ["status", "rule_status"].iter().any(|name| disabled(name))
        || ["enabled", "is_enabled"].iter().any(|name| *member(rule, name) == Value::Bool(false))
}

/// A member of a rule; CloudFormation writes its names with capitals.
fn member<'v, 'a>(rule: &'v Value<'a>, name: &str) -> &'v Value<'a> {
    match rule {
        Value::Object(members) => {
            let found = members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map_or(&Value::Null, |(_, value)| value)
        }
        _ => &Value::Null,
    }
}

/// A rule whose action moves contents to another class, or ends uploads that were never finished.
fn only_moves(rule: &Value<'_>) -> bool {
    let actions = rule.at(&["action", "type"]);
    let moves =
        |action: &&Value<'_>| action.text().is_some_and(|text| text == "SetStorageClass" || text.starts_with("Abort"));
    !actions.is_empty() && actions.iter().all(moves)
}

/// Parts of a rule that delete nothing.
fn is_aside(name: &str) -> bool {
    // `delete_objects_transition` of R2 is what it says first.
    let name = name.to_ascii_lowercase();
    !name.starts_with("delete")
        && ["transition", "tier_", "tierto", "abort", "filter", "tags", "timeouts", "auto_tier"]
            .iter()
            .any(|word| name.contains(word))
}

/// A name that says period or count: `days`, `max_age`, `delete_after_days…`, `num_newer_versions`, `countNumber`.
fn says_period(name: &str) -> bool {
    const WORDS: [&str; 20] = [
        "age",
        "after",
        "count",
        "date",
        "day",
        "days",
        "duration",
        "expiration",
        "expiry",
        "hours",
        "lifetime",
        "newer",
        "number",
        "older",
        "period",
        "retention",
        "seconds",
        "ttl",
        "versions",
        "years",
    ];
    let mut spaced = String::new();
    for c in name.chars() {
        if c.is_uppercase() {
            spaced.push('_');
        }
        spaced.extend(c.to_lowercase());
    }
    spaced.split('_').any(|word| WORDS.contains(&word))
}

/// A number, a period written as text in whatever unit, or a date as a number that grows with it.
fn amount(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => crate::catalog::period(text).or_else(|| {
            let is_date = text.len() >= 10 && text.bytes().filter(|b| *b == b'-').count() >= 2;
            let digits: String = text.chars().filter(char::is_ascii_digit).take(14).collect();
            is_date.then(|| digits.parse().ok()).flatten()
        }),
        _ => None,
    }
}

/// The object has rules at all, in nested blocks or as JSON text, whether they make contents expire or not.
pub(super) fn has_rules(values: &Value<'_>) -> bool {
    let Value::Object(members) = values else { return false };
    members.iter().any(|(_, value)| match value {
        Value::List(items) => items.iter().any(|item| matches!(item, Value::Object(_))),
        Value::Text(text) => text.trim_start().starts_with(['{', '[']),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::{periods, worse};
    use crate::plan::Attributes;

    fn of(json: &str) -> super::Periods {
        periods(&Attributes::new(Some(json), None, None).view())
    }

    #[test]
    fn moving_and_tidying_delete_nothing() {
        for json in [
            r#"{"rule":[{"status":"Enabled","transition":[{"days":30,"storage_class":"GLACIER"}]}]}"#,
            r#"{"rule":[{"status":"Enabled","abort_incomplete_multipart_upload":[{"days_after_initiation":7}]}]}"#,
            r#"{"rule":[{"status":"Disabled","expiration":[{"days":30}]}]}"#,
            r#"{"lifecycle_rule":[{"action":[{"type":"SetStorageClass"}],"condition":[{"age":30}]}]}"#,
            r#"{"Rules":[{"Status":"Enabled","Transitions":[{"TransitionInDays":30,"StorageClass":"GLACIER"}]}]}"#,
            r#"{"Rules":[{"Status":"Enabled","AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7}}]}"#,
            r#"{"Rules":[{"Status":"Disabled","ExpirationInDays":30}]}"#,
            r#"{"rule":[{"enabled":true,"actions":[{"base_blob":[{"tier_to_cool_after_days_since_modification_greater_than":30}]}]}]}"#,
        ] {
            assert!(of(json).is_empty(), "{json}: {:?}", of(json));
        }
    }

    #[test]
    fn deleting_is_found_in_every_shape() {
        for json in [
            r#"{"rule":[{"status":"Enabled","expiration":[{"days":30}]}]}"#,
            r#"{"lifecycle_rule":[{"action":[{"type":"Delete"}],"condition":[{"num_newer_versions":3}]}]}"#,
            r#"{"rule":[{"enabled":true,"actions":[{"base_blob":[{"delete_after_days_since_modification_greater_than":9}]}]}]}"#,
            r#"{"policy":"{\"rules\":[{\"selection\":{\"countNumber\":5},\"action\":{\"type\":\"expire\"}}]}"}"#,
            r#"{"max_age":[{"duration":"168h"}]}"#,
            r#"{"rules":[{"id":"a","enabled":true,"delete_objects_transition":{"condition":{"max_age":100,"type":"Age"}}}]}"#,
            r#"{"Rules":[{"Id":"a","Status":"Enabled","ExpirationInDays":30}]}"#,
            r#"{"Rules":[{"Status":"Enabled","NoncurrentVersionExpiration":{"NoncurrentDays":1}}]}"#,
        ] {
            assert!(!of(json).is_empty(), "{json}");
        }
    }

    fn is_sooner(before: &super::Periods, after: &super::Periods) -> bool {
        worse(before, after).is_some()
    }

    #[test]
    fn sooner_is_one_more_or_a_smaller_number() {
        let with = |days: u32| {
            of(&format!(r#"{{"rule":[{{"id":"a","status":"Enabled","expiration":[{{"days":{days}}}]}}]}}"#))
        };
        assert!(is_sooner(&with(90), &with(30)) && is_sooner(&of("{}"), &with(90)));
        assert!(
            !is_sooner(&with(30), &with(90)) && !is_sooner(&with(30), &with(30)) && !is_sooner(&with(30), &of("{}"))
        );
    }
    #[test]
    fn other_contents_than_before_expire_too() {
        let with = |filter: &str| {
            of(&format!(
                r#"{{"rule":[{{"id":"a","status":"Enabled","expiration":[{{"days":30}}],"filter":[{filter}]}}]}}"#
            ))
        };
        let prefix = |text: &str| with(&format!(r#"{{"prefix":"{text}"}}"#));
        assert!(is_sooner(&prefix("tmp/"), &prefix("")) && is_sooner(&prefix("tmp/"), &prefix("data/")));
        assert!(is_sooner(&with(r#"{"prefix":"a","tag":[{"key":"keep","value":"no"}]}"#), &prefix("a")));
        assert!(!is_sooner(&prefix(""), &prefix("tmp/")) && !is_sooner(&prefix("tmp/"), &prefix("tmp/old/")));
        assert!(!is_sooner(&prefix("tmp/"), &prefix("tmp/")));
        let images = |chosen: &str| {
            let policy = format!(
                r#"{{"rules":[{{"rulePriority":1,"selection":{{{chosen},"countType":"imageCountMoreThan","countNumber":5}}}}]}}"#
            );
            of(&serde_json::json!({ "policy": policy }).to_string())
        };
        assert!(is_sooner(&images(r#""tagStatus":"untagged""#), &images(r#""tagStatus":"any""#)));
        let cells = |matches: &str| {
            of(&format!(
                r#"{{"lifecycle_rule":[{{"action":[{{"type":"Delete"}}],"condition":[{{"age":30{matches}}}]}}]}}"#
            ))
        };
        assert!(is_sooner(&cells(r#","matches_prefix":["tmp/"]"#), &cells("")));
    }
}
