//! Tasks in TOML: mise's own, and those that Python's runners keep in `pyproject.toml`.

use toml::{Table, Value};

use super::{Call, arguments, reached};

/// Where tasks stand in a file, key by key.
const PLACES: [&[&str]; 4] = [
    &["tasks"],
    &["tool", "poe", "tasks"],
    &["tool", "pdm", "scripts"],
    &["tool", "hatch", "envs", "default", "scripts"],
];

/// The lines of the tasks that were called and of those that they need.
pub(super) fn lines(text: &str, call: &Call) -> Vec<String> {
    let Ok(file) = text.parse::<Table>() else { return Vec::new() };
    let tasks: Vec<&Table> = PLACES.iter().filter_map(|place| table(&file, place)).collect();
    let behind = arguments(call);
    let first = call.targets.first().cloned().into_iter().collect();
    let found = reached(first, |target| {
        let named = tasks.iter().filter_map(|tasks| tasks.get(target));
        named
            .map(|task| (texts(task, &["depends", "depends_post", "deps", "sequence", "composite"]), commands(task)))
            .collect()
    });
    found.into_iter().map(|line| format!("{line}{behind}")).collect()
}

fn table<'t>(file: &'t Table, place: &[&str]) -> Option<&'t Table> {
    place.iter().try_fold(file, |table, key| table.get(*key)?.as_table())
}

/// What a task runs: its own text, or that under a key.
fn commands(task: &Value) -> Vec<String> {
    match task {
        Value::Table(_) => texts(task, &["run", "cmd", "shell"]),
        own => plain(own),
    }
}

fn texts(task: &Value, keys: &[&str]) -> Vec<String> {
    keys.iter().filter_map(|key| task.get(key)).flat_map(plain).collect()
}

fn plain(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(several) => several.iter().flat_map(plain).collect(),
        // `{ task = "name" }`, `{ cmd = "text" }`.
        Value::Table(members) => members.values().flat_map(plain).collect(),
        _ => Vec::new(),
    }
}
