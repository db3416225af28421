//! Values and addresses as HCL, so that nothing in a string is anything but a string.

use super::secret;
use crate::output::{clean, is_unsafe};
use crate::plan::{Key, Parts, Value, modules_of};

/// So long may a value be that is written out.
const LONGEST: usize = 400;

/// A value as HCL, `None` where it must not be seen, is not known, or is too long to be pasted.
pub(super) fn value(value: &Value<'_>) -> Option<String> {
    let text = written(value, 0)?;
    (text.len() <= LONGEST).then_some(text)
}

/// The same for an argument of a block. A list of objects may be nested blocks, which are no values; so it is left out.
pub(super) fn argument(given: &Value<'_>) -> Option<String> {
    match given {
        Value::List(items) if items.iter().any(|item| matches!(item, Value::Object(_) | Value::List(_))) => None,
        other => value(other),
    }
}

fn written(value: &Value<'_>, indent: usize) -> Option<String> {
    Some(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        // Larger numbers were rounded when they were read.
        Value::Number(number) if number.abs() < 9e15 => number.to_string(),
        Value::Text(text) if !secret::looks_so(text) => string(text),
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| written(item, indent)).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let inner = indent.checked_add(2)?;
            let pad = " ".repeat(inner);
            let members: Option<Vec<String>> = members
                .iter()
                .map(|(name, member)| {
                    let is_plain = !secret::is_named(name) || matches!(member, Value::Null | Value::Bool(_));
                    Some(format!("{pad}{} = {}", string(name), written(member, inner).filter(|_| is_plain)?))
                })
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

/// An address for a `moved` or `removed` block: only if it reads like one, and with nothing hidden in its keys.
pub(super) fn address(text: &str) -> Option<String> {
    let module = modules_of(text).last().copied() == Some(text);
    if !module && !Parts::parse(text).is_exact {
        return None;
    }
    let plain = clean(text) == text && !opens_template(text) && is_made_of_names(text);
    plain.then(|| text.to_owned())
}

/// A `${` or `%{` that is not doubled, as it is where it stands for itself.
fn opens_template(text: &str) -> bool {
    let mut run = 0_usize;
    let mut before = ' ';
    for c in text.chars() {
        if c == '{' && matches!(before, '$' | '%') && run != 2 {
            return true;
        }
        run = if c == before { run.saturating_add(1) } else { 1 };
        before = c;
    }
    false
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
    Some(around(modules_of(&block).last().copied(), &format!("resource \"{kind}\" \"{name}\""), lines))
}

/// A module's call around some lines.
pub(super) fn call(module: &str, lines: &[String]) -> Option<String> {
    let module = address(module)?;
    let modules = modules_of(&module);
    let name = crate::plan::steps(&module)?.last()?.name.to_owned();
    Some(around(modules.iter().rev().nth(1).copied(), &format!("module \"{name}\""), lines))
}

fn around(module: Option<&str>, head: &str, lines: &[String]) -> String {
    let module = module.map(|module| format!("# in {module}\n")).unwrap_or_default();
    let lines: Vec<&str> = lines.iter().flat_map(|line| line.split('\n')).collect();
    let lines: Vec<String> = aligned(&lines).into_iter().map(|line| format!("  {line}")).collect();
    format!("{module}{head} {{\n{}\n}}", lines.join("\n"))
}

/// The equals signs of neighbouring arguments under each other, as the tools' formatters put them. A string never goes
/// over a line's end.
fn aligned(lines: &[&str]) -> Vec<String> {
    let argument = |line: &str| {
        let inside = line.trim_start();
        let indent = line.len().saturating_sub(inside.len());
        let (name, rest) = line.split_at_checked(indent.saturating_add(name_length(inside)?))?;
        let value = rest.strip_prefix(" = ").filter(|value| !value.ends_with(['{', '[']))?;
        Some((indent, name.to_owned(), value.to_owned()))
    };
    let arguments: Vec<_> = lines.iter().map(|line| argument(line)).collect();
    let together = |one: &Option<(usize, String, String)>, two: &Option<(usize, String, String)>| {
        one.as_ref().zip(two.as_ref()).is_some_and(|((one, ..), (two, ..))| one == two)
    };
    let mut written = Vec::new();
    for (run, lines) in arguments.chunk_by(together).scan(lines, |rest, run| {
        let (lines, tail) = rest.split_at_checked(run.len())?;
        *rest = tail;
        Some((run, lines))
    }) {
        let width = run.iter().flatten().map(|(_, name, _)| name.chars().count()).max().unwrap_or(0);
        written.extend(run.iter().zip(lines).map(|(argument, line)| match argument {
            Some((_, name, value)) => format!("{name:<width$} = {value}"),
            None => (*line).to_owned(),
        }));
    }
    written
}

/// How long the name or the quoted key is that a line begins with.
fn name_length(line: &str) -> Option<usize> {
    if !line.starts_with('"') {
        return line.find(' ').filter(|end| line.get(..*end).is_some_and(is_identifier));
    }
    let mut escaped = false;
    for (at, c) in line.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at.checked_add(1),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// A name that an argument can have.
pub(super) fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// `path = value` inside as many nested blocks as the path has steps before the last; `None` where a step is no name.
pub(super) fn assignment(path: &[&str], value: &str) -> Option<Vec<String>> {
    match path {
        [name] if is_identifier(name) => Some(format!("{name} = {value}").split('\n').map(str::to_owned).collect()),
        [block, rest @ ..] if is_identifier(block) => {
            let inner = assignment(rest, value)?.into_iter().map(|line| format!("  {line}"));
            Some([format!("{block} {{")].into_iter().chain(inner).chain(["}".to_owned()]).collect())
        }
        _ => None,
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
        for plain in
            [r#"module.a["k"].aws_vpc.x[0]"#, "module.a", r#"aws_vpc.x["a$${b}%%{c}"]"#, r#"aws_vpc.x["a\"b"]"#]
        {
            assert_eq!(address(plain).as_deref(), Some(plain));
        }
        for odd in [
            r#"aws_vpc.x["$$${a}"]"#,
            r#"aws_vpc.x["%{if true}"]"#,
            r#"aws_vpc.x["a"] } resource "b" "c" {"#,
            r#"aws_vpc.x["a\\"]}"]"#,
            "aws_vpc.x[0] # y",
            "aws_vpc./*x*/y",
            "aws_vpc.x[<<EOT]",
            "aws_vpc.x[\"${file(1)}\"]",
            "aws_vpc.x\n}",
            "aws_vpc",
            "aws vpc.x",
            "aws_vpc.x[\"\u{202e}\"]",
        ] {
            assert_eq!(address(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_key_is_not_touched_where_arguments_are_lined_up() {
        let view = Attributes::new(Some(r#"{"m":{"a = b":"c = d","e\" = ":"f","gggggggg":"h"}}"#), None, None).view();
        let block = resource("aws_x.y", &assignment(&["m"], &value(view.get("m")).unwrap()).unwrap()).unwrap();
        let lines: Vec<&str> = block.lines().skip(2).take(3).collect();
        let wanted = [r#"    "a = b"    = "c = d""#, r#"    "e\" = "   = "f""#, r#"    "gggggggg" = "h""#];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn nested_blocks_are_written_around() {
        assert_eq!(assignment(&["tags", "a b"], "1"), None);
        let lines = assignment(&["recovery", "enabled"], "true").unwrap();
        let block = resource("module.m.aws_x.y", &lines).unwrap();
        assert_eq!(block, "# in module.m\nresource \"aws_x\" \"y\" {\n  recovery {\n    enabled = true\n  }\n}");
    }
}
