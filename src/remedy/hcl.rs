//! Values and addresses as HCL, so that nothing in a string is anything but a string.

use crate::output::{clean, is_unsafe};
use crate::plan::{Key, Parts, Value, modules_of};

/// So long may a value be that is written out.
const LONGEST: usize = 400;

/// A value as HCL, `None` where it must not be seen, is not known, or is too long to be pasted.
pub(super) fn value(value: &Value<'_>) -> Option<String> {
    let text = written(value, 2)?;
    (text.len() <= LONGEST).then_some(text)
}

fn written(value: &Value<'_>, indent: usize) -> Option<String> {
    Some(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        // Larger numbers were rounded when they were read.
        Value::Number(number) if number.abs() < 9e15 => number.to_string(),
        Value::Text(text) if !looks_secret(text) => string(text),
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| written(item, indent)).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Object(members) => {
            let inner = indent.checked_add(2)?;
            let pad = " ".repeat(inner);
            let members: Option<Vec<String>> = members
                .iter()
                .map(|(name, member)| Some(format!("{pad}{} = {}", string(name), written(member, inner)?)))
                .collect();
            format!("{{\n{}\n{}}}", members?.join("\n"), " ".repeat(indent))
        }
        Value::Number(_) | Value::Text(_) | Value::Unknown | Value::Sensitive(_) => return None,
    })
}

/// A quoted string, in which neither quotes nor templates end it, and nothing hides.
pub(super) fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => quoted.extend([c, c]),
            other if is_unsafe(other) => quoted.extend(["\\U", &format!("{:08x}", u32::from(other))]),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Text that is a secret by its look, whatever the masks say: keys, and addresses with a password in them.
fn looks_secret(text: &str) -> bool {
    let credentials = text.split_once("://").and_then(|(_, rest)| rest.split(['/', '?']).next()?.split_once('@'));
    let lower = text.to_lowercase();
    text.contains("-----BEGIN")
        || ["passw", "secret", "token", "credential", "api_key", "apikey"].iter().any(|word| lower.contains(word))
        || ["AKIA", "ASIA", "ghp_", "github_pat_", "glpat-", "xoxb-", "sk_live_"]
            .iter()
            .any(|start| text.contains(start))
        || credentials.is_some_and(|(user, _)| user.contains(':'))
}

/// An address for a `moved` or `removed` block: only if it reads like one, and with nothing hidden in its keys.
pub(super) fn address(text: &str) -> Option<String> {
    let module = modules_of(text).last().copied() == Some(text);
    if !module && !Parts::parse(text).is_exact {
        return None;
    }
    // Template marks in a key would be read as templates.
    let plain = clean(text) == text && !text.contains("${") && !text.contains("%{") && is_made_of_names(text);
    plain.then(|| text.to_owned())
}

/// Outside of its keys, an address is made of names.
fn is_made_of_names(text: &str) -> bool {
    let steps = crate::plan::steps(text).unwrap_or_default();
    let is_name = |name: &str| name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    !steps.is_empty() && steps.iter().all(|step| is_name(step.name))
}

/// A key of `for_each` behind a block's address.
pub(super) fn with_key(block: &str, key: &Key) -> String {
    match key {
        Key::None => block.to_owned(),
        Key::Index(index) => format!("{block}[{index}]"),
        Key::Text(text) => format!("{block}[{}]", string(text)),
    }
}

/// A resource block around some lines, with a comment that says in which module it stands.
pub(super) fn resource(block: &str, lines: &[String]) -> Option<String> {
    let block = address(block)?;
    let steps = crate::plan::steps(&block)?;
    let (name, kind) = match steps.as_slice() {
        [.., kind, name] => (name.name, kind.name),
        _ => return None,
    };
    let module = modules_of(&block).last().map(|module| format!("# in {module}\n")).unwrap_or_default();
    let lines: Vec<String> = lines.iter().map(|line| format!("  {line}")).collect();
    Some(format!("{module}resource \"{kind}\" \"{name}\" {{\n{}\n}}", lines.join("\n")))
}

/// `path = value` inside as many nested blocks as the path has steps before the last.
pub(super) fn assignment(path: &[&str], value: &str) -> Vec<String> {
    match path {
        [] => Vec::new(),
        [name] => vec![format!("{name} = {value}")],
        [block, rest @ ..] => {
            let inner = assignment(rest, value).into_iter().map(|line| format!("  {line}"));
            [format!("{block} {{")].into_iter().chain(inner).chain(["}".to_owned()]).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{address, assignment, resource, string, value};
    use crate::plan::{Attributes, Value};

    #[test]
    fn a_string_stays_a_string() {
        assert_eq!(string("a\"b\\c\n${x} %{y} $z"), r#""a\"b\\c\n$${x} %%{y} $z""#);
        assert_eq!(string("a\u{202e}b\u{1b}"), r#""a\U0000202eb\U0000001b""#);
    }

    #[test]
    fn secrets_are_not_written() {
        let view = Attributes::new(Some(r#"{"k":"x","l":["y"]}"#), None, Some(r#"{"l":[true]}"#)).view();
        assert_eq!(value(view.get("k")).as_deref(), Some("\"x\""));
        assert_eq!(value(view.get("l")), None);
        for secret in ["postgres://u:p@h/db", "-----BEGIN RSA PRIVATE KEY-----", "AKIAIOSFODNN7EXAMPLE"] {
            assert_eq!(value(&Value::Text(secret.into())), None, "{secret}");
        }
    }

    #[test]
    fn an_odd_address_is_not_pasted() {
        assert!(address(r#"module.a["k"].aws_vpc.x[0]"#).is_some() && address("module.a").is_some());
        for odd in ["aws_vpc.x[\"${file(1)}\"]", "aws_vpc.x\n}", "aws_vpc", "aws vpc.x", "aws_vpc.x[\"\u{202e}\"]"] {
            assert_eq!(address(odd), None, "{odd}");
        }
    }

    #[test]
    fn nested_blocks_are_written_around() {
        let lines = assignment(&["recovery", "enabled"], "true");
        let block = resource("module.m.aws_x.y", &lines).unwrap();
        assert_eq!(block, "# in module.m\nresource \"aws_x\" \"y\" {\n  recovery {\n    enabled = true\n  }\n}");
    }
}
