//! Scripts of packages: npm and its like, Deno, Composer.

use serde_json::Value;

use super::super::super::tools::fits;
use super::{Arg, Call, Tasks, arguments};

/// Commands of npm and its like that are no scripts.
const OWN: [&str; 20] = [
    "add",
    "audit",
    "cache",
    "ci",
    "config",
    "create",
    "dlx",
    "exec",
    "i",
    "init",
    "install",
    "link",
    "ls",
    "outdated",
    "pkg",
    "publish",
    "uninstall",
    "view",
    "why",
    "x",
];

/// Commands of mise and Composer that are no tasks.
const OTHERS: [&str; 34] = [
    "activate",
    "alias",
    "cache",
    "completion",
    "config",
    "current",
    "deactivate",
    "dump-autoload",
    "doctor",
    "en",
    "env",
    "exec",
    "global",
    "implode",
    "install",
    "latest",
    "link",
    "ls",
    "local",
    "outdated",
    "plugins",
    "prune",
    "remove",
    "require",
    "set",
    "settings",
    "show",
    "tasks",
    "trust",
    "uninstall",
    "update",
    "upgrade",
    "use",
    "x",
];

/// Whether a runner's first word says that a task follows, or is one.
pub(super) fn is_task(runner: &str, first: &str) -> bool {
    match runner {
        "mise" | "rtx" | "composer" => !OTHERS.contains(&first),
        _ => !OWN.contains(&first),
    }
}

/// How many words stand before the target: `run`, `task`, `workspace name`.
pub(super) fn own_words(tasks: Tasks, words: &[Arg]) -> usize {
    let word = |at: usize| words.get(at).map(|word| word.text.as_str());
    let run = |at: usize| usize::from(matches!(word(at), Some("r" | "run" | "run-script" | "task")));
    match (tasks, word(0)) {
        (Tasks::Make | Tasks::Just | Tasks::Task, _) => 0,
        (Tasks::Package, Some("workspace")) => run(2).saturating_add(2),
        _ => run(0),
    }
}

/// What of a call is for the runners of packages alone.
pub(super) fn settle(tasks: Tasks, runner: &str, words: &[Arg], call: &mut Call) {
    if let Some("run" | "run-script") = call.targets.first().map(String::as_str)
        && tasks == Tasks::Package
    {
        // `npm --silent run build`.
        call.targets = call
            .rest
            .iter()
            .find(|word| !word.text.starts_with('-'))
            .map(|word| word.text.clone())
            .into_iter()
            .collect();
        call.program = call.rest.clone();
        let at = call
            .rest
            .iter()
            .position(|word| !word.text.starts_with('-'))
            .map_or(call.rest.len(), |at| at.saturating_add(1));
        call.rest.drain(..at);
    }
    match runner {
        "concurrently" => {
            let named = |word: &Arg| {
                ["npm:", "pnpm:", "yarn:", "bun:"]
                    .iter()
                    .find_map(|head| word.text.strip_prefix(head).map(ToOwned::to_owned))
            };
            call.targets = words.iter().filter_map(named).collect();
            call.texts = words.iter().filter(|word| named(word).is_none()).map(|word| word.text.clone()).collect();
            call.rest.clear();
        }
        "run-p" | "run-s" | "npm-run-all" | "npm-run-all2" => {
            call.targets =
                words.iter().filter(|word| !word.text.starts_with('-')).map(|word| word.text.clone()).collect();
            call.rest.clear();
        }
        _ => {}
    }
    if !matches!(tasks, Tasks::Package) || call.targets.len() != 1 {
        call.program.clear();
    }
}

/// The scripts that were called, with those that run before and after them.
pub(super) fn lines(text: &str, key: &str, call: &Call) -> Vec<String> {
    let parsed: Option<Value> = serde_json::from_str(text).ok();
    let Some(scripts) = parsed.as_ref().and_then(|parsed| parsed.get(key)).and_then(Value::as_object) else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    for target in &call.targets {
        let target = if target == "t" { "test" } else { target };
        let wanted = [format!("pre{target}"), target.to_owned(), format!("post{target}")];
        for (name, script) in scripts {
            if wanted.iter().any(|wanted| wanted == name || (wanted.contains('*') && fits(wanted, name))) {
                let behind = if name == target { arguments(call) } else { String::new() };
                lines.extend(commands(script).into_iter().map(|line| format!("{line}{behind}")));
            }
        }
    }
    lines
}

/// A script is text, a list of texts, or an object with the text under `command`.
fn commands(script: &Value) -> Vec<String> {
    match script {
        Value::String(text) => vec![text.clone()],
        Value::Array(several) => several.iter().flat_map(commands).collect(),
        Value::Object(members) => members.get("command").map(commands).unwrap_or_default(),
        _ => Vec::new(),
    }
}
