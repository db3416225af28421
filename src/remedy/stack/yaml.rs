//! Lines for a template in YAML, so that no string of a change set can be anything but a string in it.

use crate::output::is_unsafe;
use crate::plan::Value;
use crate::remedy::secret;

/// So long may a value be that is written out.
const LONGEST: usize = 400;

/// Lines under a logical id, as they stand under `Resources`; a nested stack's template is named before them.
pub(in crate::remedy) fn resource(address: &str, lines: &[String]) -> Option<String> {
    let (stack, logical) = address.rsplit_once('/')?;
    let comment = match stack.contains('/') {
        true if stack.split('/').all(is_name) => format!("# in the template of {stack}\n"),
        true => return None,
        false => String::new(),
    };
    let lines: Vec<String> = lines.iter().map(|line| format!("  {line}")).collect();
    is_logical(logical).then(|| format!("{comment}{logical}:\n{}", lines.join("\n")))
}

/// Lines that give a property a value; `None` where it must not be seen or is no plain value.
pub(in crate::remedy) fn property(name: &str, value: &Value<'_>) -> Option<Vec<String>> {
    let text = json(value).filter(|text| text.len() <= LONGEST)?;
    is_logical(name).then(|| vec!["Properties:".to_owned(), format!("  {name}: {text}")])
}

/// Lines for several resources as one text, each logical id once: properties of one stand together.
#[must_use]
pub fn join(texts: &[&str]) -> String {
    let mut parts: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for (head, body) in texts.iter().flat_map(|text| resources(text)) {
        let of_properties = |body: &[&str]| body.first() == Some(&"  Properties:");
        let known = parts.iter_mut().find(|(other, lines)| {
            *other == head && (*lines == body || (of_properties(lines) && of_properties(&body)))
        });
        match known {
            Some((_, lines)) => {
                let new: Vec<&str> = body.into_iter().filter(|line| !lines.contains(line)).collect();
                lines.extend(new);
            }
            None => parts.push((head, body)),
        }
    }
    let lines: Vec<&str> = parts.into_iter().flat_map(|(head, body)| head.into_iter().chain(body)).collect();
    lines.join("\n")
}

/// The resources of a text: the logical id with the comment before it, and the lines under it.
fn resources(text: &str) -> Vec<(Vec<&str>, Vec<&str>)> {
    let mut found: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        match found.last_mut() {
            Some((_, body)) if line.starts_with(' ') => body.push(line),
            Some((head, body)) if body.is_empty() && head.iter().all(|line| line.starts_with('#')) => head.push(line),
            _ => found.push((vec![line], Vec::new())),
        }
    }
    found
}

/// A value as JSON, which is YAML too. Nothing in it is a function or a reference that CloudFormation would look up.
fn json(value: &Value<'_>) -> Option<String> {
    Some(match value {
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) if number.abs() < 9e15 => number.to_string(),
        Value::Text(text) if !secret::looks_so(text) && !text.contains("{{") => quoted(text),
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(json).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Object(members) => {
            let members: Option<Vec<String>> = members.iter().map(|(name, member)| one(name, member)).collect();
            format!("{{{}}}", members?.join(", "))
        }
        Value::Null | Value::Number(_) | Value::Text(_) | Value::Unknown | Value::Sensitive(_) => return None,
    })
}

fn one(name: &str, member: &Value<'_>) -> Option<String> {
    let is_function = name == "Ref" || name == "Condition" || name.starts_with("Fn::");
    let hides = (secret::is_named(name) || secret::is_free_text(&[name])) && !matches!(member, Value::Bool(_));
    (!is_function && !hides).then(|| Some(format!("{}: {}", quoted(name), json(member)?)))?
}

/// A string of JSON, in which nothing hides.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other if is_unsafe(other) => {
                let mut units = [0; 2];
                quoted.extend(other.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Letters and digits alone, as a logical id has them. Words that YAML reads as something else are none.
pub(in crate::remedy) fn is_logical(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric()) && text.starts_with(|c: char| c.is_ascii_alphabetic());
    let word = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "Ref", "Condition"];
    plain && text.len() <= 255 && !word.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// The name of a stack.
pub(in crate::remedy) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::{join, property, resource};
    use crate::plan::Value;

    fn lines(json: &str) -> Option<String> {
        let value: Value<'_> = serde_json::from_str(json).unwrap();
        resource("shop/Db", &property("Setting", &value)?)
    }

    #[test]
    fn a_property_under_its_logical_id() {
        assert_eq!(lines(r#""a\"b""#).unwrap(), "Db:\n  Properties:\n    Setting: \"a\\\"b\"");
        assert_eq!(lines(r#"{"a":[1,true]}"#).unwrap(), "Db:\n  Properties:\n    Setting: {\"a\": [1, true]}");
        let policy = resource("shop/Data/Db", &["DeletionPolicy: Retain".to_owned()]).unwrap();
        assert_eq!(policy, "# in the template of shop/Data\nDb:\n  DeletionPolicy: Retain");
    }

    #[test]
    fn several_resources_are_one_text() {
        let (a, b) = ("A:\n  Properties:\n    X: 1", "# in the template of s/t\nA:\n  Properties:\n    X: 1");
        let both = "A:\n  Properties:\n    X: 1\nB:\n  DeletionPolicy: Retain";
        assert_eq!(join(&[a, both, "B:\n  DeletionPolicy: Retain"]), both);
        assert_eq!(join(&[a, b, "A:\n  Properties:\n    Y: 2"]), format!("{a}\n    Y: 2\n{b}"));
    }

    #[test]
    fn nothing_that_is_looked_up_or_hides() {
        for json in [
            r#""{{resolve:ssm:/a}}""#,
            r#"{"Ref":"A"}"#,
            r#"[{"Fn::Sub":"${A}"}]"#,
            r#"{"Password":"x"}"#,
            r#"{"UserData":"x"}"#,
            "null",
        ] {
            assert_eq!(lines(json), None, "{json}");
        }
        assert!(lines(r#""a\u001b]0;\u202e""#).unwrap().ends_with(r#""a\u001b]0;\u202e""#));
        for address in ["Db", "shop/D b", "shop/Db:\n  Type", "sh op/A/Db", "shop/Ref"] {
            assert_eq!(resource(address, &[]), None, "{address}");
        }
    }
}
