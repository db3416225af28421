//! The paths of sensitive values in a raw state, turned into a mask of the shape of the values.
//!
//! Each path is a list of steps: `{"type": "get_attr", "value": "name"}`, or `{"type": "index", "value": …}` with a key
//! that is written as `{"value": 0, "type": "number"}`. That is the form of `sensitive_attributes` in the state file of
//! version 4, as `internal/states/statefile/version4.go` of Terraform and OpenTofu writes it.

use std::borrow::Cow;

use super::value::Value;

/// A list that is longer than this is hidden as a whole.
const LONGEST: usize = 1_000;

/// The mask of a list of paths. What cannot be read hides everything that it might mean.
pub(super) fn mask(list: &str) -> Value<'_> {
    let Ok(Value::List(paths)) = serde_json::from_str::<Value<'_>>(list) else { return Value::Bool(true) };
    let mut mask = Value::Null;
    for path in paths {
        let Value::List(steps) = path else { return Value::Bool(true) };
        hide(&mut mask, steps.into_iter());
    }
    mask
}

/// One step: into a member, into an element, or into something that a mask cannot name, such as an element of a set.
enum Step<'a> {
    Member(Cow<'a, str>),
    Element(usize),
    Unclear,
}

fn hide<'a>(mask: &mut Value<'a>, mut steps: impl Iterator<Item = Value<'a>>) {
    if *mask == Value::Bool(true) {
        return;
    }
    let next = steps.next().map(step);
    match (next, &mut *mask) {
        (Some(Step::Member(name)), Value::Null) => {
            let mut inner = Value::Null;
            hide(&mut inner, steps);
            *mask = Value::Object(vec![(name, inner)]);
        }
        (Some(Step::Member(name)), Value::Object(members)) => {
            if let Some((_, inner)) = members.iter_mut().find(|(known, _)| *known == name) {
                hide(inner, steps);
            } else {
                let mut inner = Value::Null;
                hide(&mut inner, steps);
                members.push((name, inner));
            }
        }
        (Some(Step::Element(place)), Value::Null | Value::List(_)) if place < LONGEST => {
            let mut items = match std::mem::replace(mask, Value::Null) {
                Value::List(items) => items,
                _ => Vec::new(),
            };
            let length = items.len().max(place.saturating_add(1));
            items.resize(length, Value::Null);
            if let Some(inner) = items.get_mut(place) {
                hide(inner, steps);
            }
            *mask = Value::List(items);
        }
        _ => *mask = Value::Bool(true),
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number that is no place in a list of the longest length is unclear"
)]
fn step(step: Value<'_>) -> Step<'_> {
    let Value::Object(members) = step else { return Step::Unclear };
    let kind = members.iter().find(|(name, _)| name == "type").and_then(|(_, value)| value.text().map(str::to_owned));
    let value = members.into_iter().find(|(name, _)| name == "value").map_or(Value::Null, |(_, value)| value);
    let key = match (kind.as_deref(), value) {
        (Some("get_attr"), name @ Value::Text(_)) => name,
        (Some("index"), Value::Object(key)) => {
            key.into_iter().find(|(name, _)| name == "value").map_or(Value::Null, |(_, value)| value)
        }
        (Some("index"), key) => key,
        _ => Value::Null,
    };
    match key {
        Value::Text(name) => Step::Member(name),
        Value::Number(place) if (0.0..1e6).contains(&place) => Step::Element(place as usize),
        _ => Step::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::Attributes;

    fn shown(values: &str, paths: &str) -> String {
        format!("{:?}", Attributes::with_paths(Some(values), Some(paths)).view())
    }

    #[test]
    fn what_a_path_names_is_hidden_and_the_rest_is_not() {
        let values = r#"{"a":"seen","b":"hidden-1","c":[{"d":"seen too"},{"d":"hidden-2"}],"m":{"x":"hidden-3"}}"#;
        let paths = r#"[[{"type":"get_attr","value":"b"}],
            [{"type":"get_attr","value":"c"},{"type":"index","value":{"value":1,"type":"number"}},{"type":"get_attr","value":"d"}],
            [{"type":"get_attr","value":"m"},{"type":"index","value":{"value":"x","type":"string"}}]]"#;
        let shown = shown(values, paths);
        assert!(shown.contains("seen") && shown.contains("seen too") && !shown.contains("hidden"), "{shown}");
    }

    #[test]
    fn what_cannot_be_read_hides_everything() {
        let values = r#"{"a":"hidden","s":["hidden"]}"#;
        for paths in ["7", "{}", "[7]", "[[]]", r#"[["a"]]"#, r#"[[{"type":"other","value":"a"}]]"#, "[[{}]]", "["] {
            assert!(!shown(values, paths).contains("hidden"), "{paths}");
        }
        let set =
            r#"[[{"type":"get_attr","value":"s"},{"type":"index","value":{"value":["x"],"type":["list","string"]}}]]"#;
        assert!(!shown(r#"{"s":["hidden"]}"#, set).contains("hidden"));
        let far = r#"[[{"type":"get_attr","value":"s"},{"type":"index","value":{"value":999999,"type":"number"}}]]"#;
        assert!(!shown(r#"{"s":["hidden"]}"#, far).contains("hidden"));
    }
}
