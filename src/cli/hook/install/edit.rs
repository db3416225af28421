//! The text of a settings file with the hook, and without it. Everything else in it stays as it was written.

use std::collections::HashSet;

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstArray, CstInputValue, CstNode, CstObject, CstRootNode};
use serde::de::IgnoredAny;
use serde_json::Value;

use super::own::ours;
use crate::hook::Place;

/// A hook of ours in a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// The last of the keys to the list that it stands in.
    pub(super) list: &'static str,
    /// Its place in that list, and in the list inside of that where there is one.
    pub(super) at: (usize, usize),
    /// What stands in the list.
    pub(super) entry: Value,
    /// The command that it runs.
    pub(super) command: String,
}

/// A settings file as it can be edited.
pub(super) struct Document {
    root: CstRootNode,
    object: CstObject,
    place: &'static Place,
    /// The file's mark of its encoding.
    mark: &'static str,
    /// All of it stands on one line, and stays there.
    one_line: bool,
}

impl Document {
    /// Reads a file; none, or one without a word, is begun.
    pub(super) fn read(text: &str, place: &'static Place) -> Result<Self, String> {
        let (mark, text) = text.strip_prefix('\u{feff}').map_or(("", text), |rest| ("\u{feff}", rest));
        let begun = text.trim().is_empty();
        let options = options(place.comments);
        let text = if begun { "{}\n" } else { text };
        let refuse = |error: &dyn std::fmt::Display| format!("it is not the JSON that the agent reads: {error}");
        if !place.comments {
            serde_json::from_str::<IgnoredAny>(text).map_err(|error| refuse(&error))?;
        }
        let root = CstRootNode::parse(text, &options).map_err(|error| refuse(&error))?;
        let object = root.object_value().ok_or("it is JSON, but not an object")?;
        let one_line = !begun && !text.trim_end().contains('\n') && !text.contains("//") && !text.contains("/*");
        let document = Self { root, object, place, mark, one_line };
        if begun {
            document.begin();
        }
        document.lists().map(|_| document)
    }

    /// What every such file has.
    fn begin(&self) {
        for (key, value) in self.place.begins {
            let value = match value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                Some(text) => CstInputValue::String(text.to_owned()),
                None => CstInputValue::Number((*value).to_owned()),
            };
            self.object.append(key, value);
        }
    }

    fn text(&self) -> String {
        let text = self.root.to_string();
        if !self.one_line {
            return format!("{}{text}", self.mark);
        }
        // No string of JSON goes over a line's end.
        let body = text.trim_end();
        let end = text.get(body.len()..).unwrap_or_default();
        let line: String = body.lines().map(str::trim_start).collect();
        format!("{}{line}{end}", self.mark)
    }

    /// The lists that are there, with the last of the keys to each. What stands in their way is told.
    fn lists(&self) -> Result<Vec<(&'static str, CstArray)>, String> {
        let mut found = Vec::new();
        for keys in self.place.lists {
            let Some((name, folders)) = keys.split_last() else { continue };
            let mut object = Some(self.object.clone());
            for key in folders {
                object = match object {
                    Some(object) => member(&object, key, CstNode::as_object, "an object")?,
                    None => None,
                };
            }
            if let Some(object) = object {
                found.extend(member(&object, name, CstNode::as_array, "a list")?.map(|list| (*name, list)));
            }
        }
        Ok(found)
    }

    /// The hooks of ours that are there.
    pub(super) fn hooks(&self, agent: &str) -> Result<Vec<Found>, String> {
        let mut found = Vec::new();
        for (list, array) in self.lists()? {
            for (place, element) in array.elements().iter().enumerate() {
                let Some(entry) = element.to_serde_value() else { continue };
                for (inner, command) in ours(&entry, agent) {
                    found.push(Found { list, at: (place, inner), entry: entry.clone(), command });
                }
            }
        }
        Ok(found)
    }

    /// The hook is in each of its lists, once and as it should be.
    fn has(&self, agent: &str, entry: &CstInputValue) -> Result<bool, String> {
        let (hooks, wanted) = (self.hooks(agent)?, value(entry));
        let mut lists: Vec<&str> = hooks.iter().map(|hook| hook.list).collect();
        lists.dedup();
        let all = hooks.len() == self.place.lists.len() && lists.len() == hooks.len();
        Ok(all && hooks.iter().all(|hook| Some(&hook.entry) == wanted.as_ref()))
    }

    /// Puts the hook into each of its lists.
    fn add(&self, entry: &CstInputValue) -> Result<(), String> {
        for keys in self.place.lists {
            let Some((name, folders)) = keys.split_last() else { continue };
            let mut object = self.object.clone();
            for key in folders {
                object = object.object_value_or_create(key).ok_or_else(|| wrong(key, "an object"))?;
            }
            object.array_value_or_create(name).ok_or_else(|| wrong(name, "a list"))?.append(entry.clone());
        }
        Ok(())
    }

    /// Takes the hook out, and what was made to hold it. `narrow` leaves no space behind what is the last then.
    fn remove(&self, agent: &str, narrow: bool) {
        for keys in self.place.lists {
            let Some((name, folders)) = keys.split_last() else { continue };
            let mut way = vec![self.object.clone()];
            for key in folders {
                way.extend(way.last().and_then(|object| object.object_value(key)));
            }
            let Some(object) = way.last().filter(|_| way.len() == keys.len()) else { continue };
            let Some(list) = object.array_value(name) else { continue };
            if !take_out(&list, agent) {
                continue;
            }
            if !list.elements().is_empty() {
                if narrow {
                    close(&list);
                }
                continue;
            }
            // What somebody wrote between the brackets is not ours to take.
            if list.children().iter().any(CstNode::is_comment) {
                close(&list);
                continue;
            }
            drop_member(object, name);
            for (outer, (inner, key)) in way.iter().zip(way.iter().skip(1).zip(*keys)).rev() {
                if inner.properties().is_empty() && !inner.children().iter().any(CstNode::is_comment) {
                    drop_member(outer, key);
                }
            }
        }
    }

    /// It has something beside what every such file begins with.
    fn has_more(&self) -> bool {
        let begun: Vec<&str> = self.place.begins.iter().map(|(key, _)| *key).collect();
        let names = self.object.properties().into_iter().map(|one| one.decoded_name());
        names.into_iter().any(|name| name.is_none_or(|name| !begun.contains(&name.as_str())))
    }
}

/// A text with the hook. One that has it already stays as it is; another version's is taken out first.
pub(super) fn with(text: &str, place: &'static Place, agent: &str, entry: &CstInputValue) -> Result<String, String> {
    if Document::read(text, place)?.has(agent, entry)? {
        return Ok(text.to_owned());
    }
    added(&without(text, place, agent)?.0, place, entry)
}

fn added(text: &str, place: &'static Place, entry: &CstInputValue) -> Result<String, String> {
    let document = Document::read(text, place)?;
    document.add(entry)?;
    Ok(document.text())
}

/// A text without the hook, and whether anything is left in it. Of two ways to close the gap it takes the one from which the
/// text came.
pub(super) fn without(text: &str, place: &'static Place, agent: &str) -> Result<(String, bool), String> {
    let document = Document::read(text, place)?;
    let Some(hook) = document.hooks(agent)?.into_iter().next() else { return Ok((text.to_owned(), true)) };
    let powershell = hook.entry.get("powershell").and_then(Value::as_str).unwrap_or_default();
    let entry = (place.entry)(&hook.command, powershell);
    document.remove(agent, false);
    let wide = document.text();
    if added(&wide, place, &entry).as_deref() == Ok(text) {
        return Ok((wide, document.has_more()));
    }
    let narrow = Document::read(text, place)?;
    narrow.remove(agent, true);
    let came_from = added(&narrow.text(), place, &entry).as_deref() == Ok(text);
    Ok((if came_from { narrow.text() } else { wide }, document.has_more()))
}

/// Takes away what stands between a list's last element and its end.
fn close(list: &CstArray) {
    for node in list.children().into_iter().rev().skip(1) {
        let blank = node.is_newline() || node.is_whitespace();
        if !blank {
            break;
        }
        node.remove();
    }
}

fn options(comments: bool) -> ParseOptions {
    ParseOptions {
        allow_comments: comments,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn wrong(key: &str, form: &str) -> String {
    format!("what stands under {key:?} is not {form}")
}

/// A member of this form; none where it is not there. A key that comes twice could be read in two ways.
fn member<T>(
    object: &CstObject,
    key: &str,
    form: impl Fn(&CstNode) -> Option<T>,
    name: &str,
) -> Result<Option<T>, String> {
    let mut seen = HashSet::new();
    for one in object.properties() {
        if !seen.insert(one.decoded_name()) {
            return Err("an object in it has a key twice".to_owned());
        }
    }
    let Some(value) = object.get(key).and_then(|one| one.value()) else { return Ok(None) };
    form(&value).map(Some).ok_or_else(|| wrong(key, name))
}

fn drop_member(object: &CstObject, key: &str) {
    if let Some(one) = object.get(key) {
        one.remove();
    }
}

/// Takes our hooks out of a list, and no hook of others that stands in a group with ours. Tells whether there were any.
fn take_out(list: &CstArray, agent: &str) -> bool {
    let mut any = false;
    for element in list.elements() {
        let Some(entry) = element.to_serde_value() else { continue };
        let places: Vec<usize> = ours(&entry, agent).into_iter().map(|(place, _)| place).collect();
        if places.is_empty() {
            continue;
        }
        any = true;
        let group = element.as_object().and_then(|object| object.array_value("hooks"));
        match group.filter(|group| group.elements().len() > places.len()) {
            Some(group) => {
                let all = group.elements();
                places.iter().filter_map(|place| all.get(*place).cloned()).for_each(CstNode::remove);
            }
            None => element.remove(),
        }
    }
    any
}

/// What is to be written, as it will be read.
pub(super) fn value(entry: &CstInputValue) -> Option<Value> {
    Some(match entry {
        CstInputValue::Null => Value::Null,
        CstInputValue::Bool(truth) => Value::Bool(*truth),
        CstInputValue::Number(number) => serde_json::from_str(number).ok()?,
        CstInputValue::String(text) => Value::String(text.clone()),
        CstInputValue::Array(list) => Value::Array(list.iter().map(value).collect::<Option<_>>()?),
        CstInputValue::Object(members) => {
            Value::Object(members.iter().map(|(key, inner)| Some((key.clone(), value(inner)?))).collect::<Option<_>>()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Place, with, without};
    use crate::hook::{DIALECTS, Dialect, Scope};

    fn place(dialect: &Dialect) -> &'static Place {
        &dialect.settings.places(Scope::Project)[0]
    }

    fn installed(text: &str, dialect: &Dialect, program: &str) -> Result<String, String> {
        let command = format!("{program} hook {}", dialect.name);
        with(text, place(dialect), dialect.name, &(place(dialect).entry)(&command, &command))
    }

    fn removed(text: &str, dialect: &Dialect) -> (String, bool) {
        without(text, place(dialect), dialect.name).unwrap()
    }

    /// Files with something of others in them, in several forms of writing.
    fn files(dialect: &Dialect) -> Vec<String> {
        let other = r#"{"command": "other.sh", "hooks": [{"type": "command", "command": "lint.sh"}]}"#;
        let keys = place(dialect).lists[0];
        let nest = |inner: String| keys.iter().rev().fold(inner, |inner, key| format!("{{\n  \"{key}\": {inner}\n}}"));
        vec![
            "{\n  \"zebra\": [1,   2],\n  \"apple\": {\"b\": 1, \"a\": 1.50}\n}\n".to_owned(),
            "{\n\t\"tabs\": true\n}".to_owned(),
            "{\r\n  \"model\": \"x\"\r\n}\r\n".to_owned(),
            "\u{feff}{\n    \"four\": {}\n}\n".to_owned(),
            nest(format!("[\n    {other}\n  ]")) + "\n",
            nest(format!("[{other}]")),
            nest(format!("[{other}]")).replace("\n  ", "").replace('\n', ""),
            nest(format!("[{other}, {other}]")).replace("\n  ", "").replace('\n', "") + "\n",
            r#"{"name": "x"}"#.to_owned(),
            "{\"name\":\"x\",\"tools\":[\"*\"]}\n".to_owned(),
            nest(format!("[\n    {other},\n    {other}\n  ]")),
        ]
    }

    #[test]
    fn what_was_put_in_comes_out_to_the_byte() {
        for dialect in DIALECTS {
            for text in files(dialect) {
                let with = installed(&text, dialect, "/usr/bin/blastgate").unwrap();
                assert_eq!(installed(&with, dialect, "/usr/bin/blastgate").unwrap(), with, "{}", dialect.name);
                assert_eq!(removed(&with, dialect), (text.clone(), true), "{}: {with}", dialect.name);
                assert_eq!(removed(&text, dialect).0, text, "{}", dialect.name);
                // Another version's entry is replaced where it stands.
                let old = installed(&text, dialect, "'/old place/blastgate-0.0'").unwrap();
                assert_eq!(installed(&old, dialect, "/usr/bin/blastgate").unwrap(), with, "{}", dialect.name);
            }
            let new = installed("", dialect, "/usr/bin/blastgate").unwrap();
            assert!(!removed(&new, dialect).1, "{}: {new}", dialect.name);
        }
    }

    #[test]
    fn a_group_with_hooks_of_others_keeps_them() {
        let claude = crate::hook::dialect("claude").unwrap();
        let ours = r#"{"type":"command","command":"/x/blastgate hook claude"}"#;
        let text =
            format!(r#"{{"hooks":{{"PreToolUse":[{{"hooks":[{{"command":"a"}},{ours},{{"command":"b"}}]}}]}}}}"#);
        let left: serde_json::Value = serde_json::from_str(&removed(&text, claude).0).unwrap();
        assert_eq!(left["hooks"]["PreToolUse"][0]["hooks"], serde_json::json!([{"command":"a"},{"command":"b"}]));
    }

    #[test]
    fn what_cannot_be_edited_is_refused() {
        let claude = crate::hook::dialect("claude").unwrap();
        for text in [
            "[]",
            "{",
            "{\"a\": 1,}",
            "// why\n{}",
            r#"{"hooks": []}"#,
            r#"{"hooks": {"PreToolUse": {}}}"#,
            r#"{"hooks": {}, "hooks": {}}"#,
            "not json",
        ] {
            assert!(installed(text, claude, "/x/blastgate").is_err(), "{text}");
        }
        let gemini = crate::hook::dialect("gemini").unwrap();
        let commented = "{\n  // why\n  \"a\": 1 // here\n}\n";
        let with = installed(commented, gemini, "/x/blastgate").unwrap();
        assert!(with.contains("// why") && with.contains("// here"), "{with}");
        assert_eq!(removed(&with, gemini).0, commented);
    }
}
