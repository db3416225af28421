//! Taskfiles (<https://taskfile.dev/reference/schema>).

use granit_parser::{Event, Parser};
use serde_json::{Map, Value};

use super::{Call, filled, reached};

/// So deep may a file be nested.
const DEEPEST: usize = 64;

/// The commands of the tasks that were called and of those that they need.
pub(super) fn lines(text: &str, call: &Call) -> Vec<String> {
    let Some(file) = yaml(text) else { return vec![text.to_owned()] };
    let empty = Map::new();
    let object = |key: &str| file.get(key).and_then(Value::as_object).unwrap_or(&empty);
    let tasks = object("tasks");
    let mut variables: Vec<(String, String)> =
        object("vars").iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect();
    variables.extend(call.sets.iter().cloned());
    let wanted = if call.targets.is_empty() { vec!["default".to_owned()] } else { call.targets.clone() };
    let found = reached(wanted, |target| {
        let own = |(name, task): &(&String, &Value)| *name == target || has_alias(task, target);
        tasks.iter().filter(own).map(|(_, task)| steps(task)).collect()
    });
    found.iter().map(|line| filled(line, &variables)).collect()
}

fn has_alias(task: &Value, target: &str) -> bool {
    let aliases = task.get("aliases").and_then(Value::as_array);
    aliases.is_some_and(|aliases| aliases.iter().any(|alias| alias == target))
}

/// What a task needs, and what it runs.
fn steps(task: &Value) -> (Vec<String>, Vec<String>) {
    let (mut needs, mut lines) = (Vec::new(), Vec::new());
    match task {
        Value::Object(members) => {
            for (key, value) in members {
                match key.as_str() {
                    "deps" => parts(value, &mut needs, &mut Vec::new(), true),
                    // The last two run to see whether the task must.
                    "cmd" | "cmds" | "preconditions" | "status" => parts(value, &mut needs, &mut lines, false),
                    _ => {}
                }
            }
        }
        own => parts(own, &mut needs, &mut lines, false),
    }
    (needs, lines)
}

/// Commands and calls of other tasks: a text, a list of them, `{ task: … }`, `{ cmd: … }`, `{ defer: … }`, `{ sh: … }`.
fn parts(value: &Value, needs: &mut Vec<String>, lines: &mut Vec<String>, are_tasks: bool) {
    match value {
        Value::String(text) if are_tasks => needs.push(text.clone()),
        Value::String(text) => lines.push(text.clone()),
        Value::Array(several) => several.iter().for_each(|part| parts(part, needs, lines, are_tasks)),
        Value::Object(members) => {
            needs.extend(members.get("task").and_then(Value::as_str).map(ToOwned::to_owned));
            for key in ["cmd", "defer", "sh"] {
                members.get(key).into_iter().for_each(|part| parts(part, needs, lines, false));
            }
        }
        _ => {}
    }
}

/// A YAML file with all its scalars as text. `None` where it cannot be read.
fn yaml(text: &str) -> Option<Value> {
    let mut root = None;
    // Collections that are not closed yet, an object with the key whose value comes next.
    let mut open: Vec<(Value, Option<String>)> = Vec::new();
    for next in Parser::new_from_str(text) {
        let (event, _) = next.ok()?;
        let whole = match event {
            Event::Scalar(text, ..) => Value::String(text.into_owned()),
            Event::SequenceStart(..) => {
                open.push((Value::Array(Vec::new()), None));
                continue;
            }
            Event::MappingStart(..) => {
                open.push((Value::Object(Map::new()), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop()?.0,
            // What an alias stands for is not followed: nobody may read the file as if it were not there.
            Event::Alias(_) | Event::UnresolvedAlias(_) => return None,
            _ => continue,
        };
        if open.len() > DEEPEST {
            return None;
        }
        match open.last_mut() {
            Some((Value::Array(items), _)) => items.push(whole),
            Some((Value::Object(members), key)) => match key.take() {
                Some(key) => _ = members.insert(key, whole),
                None => *key = whole.as_str().map(ToOwned::to_owned),
            },
            _ => root = Some(whole),
        }
    }
    root
}
