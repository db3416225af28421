//! Rules that make contents expire: lifecycle configurations, retention policies, garbage collection.
//!
//! Every provider writes them in its own shape, as nested blocks or as JSON text. What they have in common is enough: a
//! rule may be switched off, a rule may only move or tidy, and what is left are periods and counts under names that say so.

use std::collections::BTreeMap;

use crate::plan::Value;

/// The periods and counts after which contents go, by their place in the tree.
pub(super) type Periods = BTreeMap<String, f64>;

/// Reduces rules to what makes contents expire.
pub(super) fn periods(rules: &Value<'_>) -> Periods {
    let mut found = Periods::new();
    collect("", "", rules, &mut found);
    found
}

/// Whether contents expire sooner afterwards: by one rule more, or by a smaller number.
pub(super) fn sooner(before: &Periods, after: &Periods) -> bool {
    let sorted = |periods: &Periods| {
        let mut values: Vec<u64> = periods.values().map(|value| value.to_bits()).collect();
        values.sort_unstable();
        values
    };
    // The same rules in another order.
    if sorted(before) == sorted(after) {
        return false;
    }
    after.iter().any(|(place, now)| before.get(place).is_none_or(|then| now < then))
}

fn collect(place: &str, name: &str, value: &Value<'_>, found: &mut Periods) {
    match value {
        Value::Object(members) if !is_off(value) && !only_moves(value) => {
            for (name, member) in members.iter().filter(|(name, _)| !is_aside(name)) {
                collect(&format!("{place}.{name}"), name, member, found);
            }
        }
        Value::List(items) => {
            for (at, item) in items.iter().enumerate() {
                // A rule that has a name keeps its place when others come and go.
                let called = ["id", "name", "rule_id", "rulePriority"].iter().find_map(|key| label(member(item, key)));
                let step = called.unwrap_or_else(|| at.to_string());
                collect(&format!("{place}.{step}"), name, item, found);
            }
        }
        Value::Text(text) if text.trim_start().starts_with(['{', '[']) => {
            if let Ok(inner) = serde_json::from_str::<Value<'_>>(text) {
                collect(place, name, &inner, found);
            }
        }
        leaf if says_period(name) => {
            found.extend(amount(leaf).filter(|amount| *amount > 0.0).map(|amount| (place.to_owned(), amount)));
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
    let name = name.to_ascii_lowercase();
    ["transition", "tier_", "abort", "filter", "tags", "timeouts", "auto_tier"].iter().any(|word| name.contains(word))
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
    use super::{periods, sooner};
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
            r#"{"Rules":[{"Id":"a","Status":"Enabled","ExpirationInDays":30}]}"#,
            r#"{"Rules":[{"Status":"Enabled","NoncurrentVersionExpiration":{"NoncurrentDays":1}}]}"#,
        ] {
            assert!(!of(json).is_empty(), "{json}");
        }
    }

    #[test]
    fn sooner_is_one_more_or_a_smaller_number() {
        let with = |days: u32| {
            of(&format!(r#"{{"rule":[{{"id":"a","status":"Enabled","expiration":[{{"days":{days}}}]}}]}}"#))
        };
        assert!(sooner(&with(90), &with(30)) && sooner(&of("{}"), &with(90)));
        assert!(!sooner(&with(30), &with(90)) && !sooner(&with(30), &with(30)) && !sooner(&with(30), &of("{}")));
    }
}
