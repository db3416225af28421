//! Runners of tasks: make, just, npm and its like, task. What a target runs is read from the project's files.

use std::collections::BTreeSet;

use serde_json::Value;

use super::files::Content;
use super::{Arg, Walk, base};

/// The kind of a runner, by what its files are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tasks {
    Make,
    Just,
    Package,
    Task,
}

/// How many targets of one call are followed.
const MOST: usize = 64;

/// The runner that a command is.
pub(super) fn find(words: &[Arg]) -> Option<Tasks> {
    let (program, rest) = words.split_first()?;
    match base(&program.text) {
        "make" | "gmake" | "bmake" | "remake" => Some(Tasks::Make),
        "just" => Some(Tasks::Just),
        "task" | "go-task" => Some(Tasks::Task),
        "npm" | "yarn" | "pnpm" | "bun" | "node-run" => {
            let own = ["exec", "x", "dlx", "add", "install", "i", "ci", "init", "create", "why", "config", "cache"];
            let first = rest.iter().find(|word| !word.text.starts_with('-'))?;
            // `bun file.ts` is no task.
            let file = first.text.contains('.') || rest.first().is_some_and(|word| word.text.starts_with("-e"));
            (!own.contains(&first.text.as_str()) && !file).then_some(Tasks::Package)
        }
        _ => None,
    }
}

impl Walk<'_> {
    pub(super) fn tasks(&mut self, tasks: Tasks, words: &[Arg]) {
        let rest = words.get(1..).unwrap_or_default();
        let files: &[&str] = match tasks {
            Tasks::Make => &["GNUmakefile", "makefile", "Makefile"],
            Tasks::Just => &["justfile", "Justfile", ".justfile"],
            Tasks::Package => &["package.json"],
            Tasks::Task => &["Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "Taskfile.dist.yml"],
        };
        let call = Call::read(tasks, rest);
        let before = std::rc::Rc::clone(&self.scope);
        if let Some(dir) = &call.dir {
            let dir = self.scope.path(dir);
            self.scope_mut().dir = dir;
        }
        let text = match &call.file {
            Some(file) if file == "-" => self.text_of(&self.input).map_or(Content::Missing, Content::Text),
            Some(file) => self.file(file),
            None => files
                .iter()
                .map(|file| self.file(file))
                .find(|content| !matches!(content, Content::Missing))
                .unwrap_or(Content::Missing),
        };
        if let Content::Text(text) = text
            && self.scripts < 3
        {
            let lines = match tasks {
                Tasks::Make => make(&text, &call),
                Tasks::Just => just(&text, &call),
                Tasks::Package => package(&text, &call),
                Tasks::Task => task(&text, &call),
            };
            self.scripts = self.scripts.saturating_add(1);
            self.as_if(
                |how| how.indirect = true,
                |walk| {
                    for line in lines {
                        walk.apart(|walk| walk.shell_text(&line));
                    }
                },
            );
            self.scripts = self.scripts.saturating_sub(1);
        }
        self.scope = before;
    }
}

/// What a runner was called with.
struct Call {
    file: Option<String>,
    dir: Option<String>,
    targets: Vec<String>,
    sets: Vec<(String, String)>,
}

impl Call {
    fn read(tasks: Tasks, words: &[Arg]) -> Self {
        let mut call = Self { file: None, dir: None, targets: Vec::new(), sets: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let text = word.text.as_str();
            let value = |attached: Option<&str>, words: &mut std::slice::Iter<'_, Arg>| {
                attached.map(ToOwned::to_owned).or_else(|| words.next().map(|word| word.text.clone()))
            };
            let (name, attached) = match text.split_once('=') {
                Some((name, value)) if text.starts_with('-') => (name, Some(value)),
                _ => (text, None),
            };
            match name {
                "-f" | "--file" | "--makefile" | "--justfile" | "-t" | "--taskfile" => {
                    call.file = value(attached, &mut words);
                }
                "-C" | "--directory" | "-d" | "--dir" | "--prefix" | "--cwd" | "--working-directory" => {
                    call.dir = value(attached, &mut words);
                }
                "--" => break,
                _ if text.starts_with('-') => {}
                _ => match text.split_once('=') {
                    Some((name, value)) => call.sets.push((name.to_owned(), value.to_owned())),
                    None => call.targets.push(text.to_owned()),
                },
            }
        }
        if tasks == Tasks::Package {
            call.targets.retain(|target| !matches!(target.as_str(), "run" | "run-script"));
            call.targets.truncate(1);
        }
        call
    }
}

/// The recipe lines of the targets and of what they need.
fn make(text: &str, call: &Call) -> Vec<String> {
    let text = text.replace("\\\n", " ");
    let mut variables = vec![("MAKE".to_owned(), "make".to_owned())];
    let mut rules: Vec<(Vec<String>, Vec<String>, Vec<String>)> = Vec::new();
    for line in text.lines() {
        if let Some(recipe) = line.strip_prefix('\t') {
            if let Some((_, _, recipes)) = rules.last_mut() {
                recipes.push(recipe.to_owned());
            }
            continue;
        }
        let line = line.split('#').next().unwrap_or_default();
        let assigned = line.find('=').filter(|at| {
            line.get(..*at).is_some_and(|name| !name.trim_end_matches([':', '?', '+', '!']).contains(':'))
        });
        if let Some(at) = assigned {
            let name = line.get(..at).unwrap_or_default().trim_end_matches([':', '?', '+', '!']).trim();
            let name = name.strip_prefix("export ").unwrap_or(name).trim();
            let value = line.get(at.saturating_add(1)..).unwrap_or_default().trim();
            variables.push((name.to_owned(), value.to_owned()));
        } else if let Some((targets, needs)) = line.split_once(':') {
            let (needs, recipe) = needs.split_once(';').map_or((needs, None), |(needs, recipe)| (needs, Some(recipe)));
            let words = |text: &str| text.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
            rules.push((
                words(targets),
                words(needs.trim_start_matches(':')),
                recipe.map(ToOwned::to_owned).into_iter().collect(),
            ));
        }
    }
    variables.extend(call.sets.iter().cloned());
    let first = || rules.iter().flat_map(|(targets, ..)| targets).find(|target| !target.starts_with('.')).cloned();
    let wanted = if call.targets.is_empty() { first().into_iter().collect() } else { call.targets.clone() };
    let found = reached(wanted, |target| {
        rules
            .iter()
            .filter(|(targets, ..)| targets.iter().any(|own| own == target || pattern_fits(own, target)))
            .map(|(_, needs, recipes)| (needs.clone(), recipes.clone()))
            .collect()
    });
    found.iter().map(|line| make_line(line, &variables)).collect()
}

/// `%.o` and the like.
fn pattern_fits(pattern: &str, target: &str) -> bool {
    pattern
        .split_once('%')
        .is_some_and(|(head, tail)| target.strip_prefix(head).is_some_and(|rest| rest.ends_with(tail)))
}

/// A recipe's line with make's variables put in: those that are not known become the shell's.
fn make_line(line: &str, variables: &[(String, String)]) -> String {
    let mut text = line.trim_start().trim_start_matches(['@', '-', '+']).to_owned();
    for _ in 0..8 {
        let replaced = make_variables(&text, variables);
        if replaced == text || replaced.len() > 64 * 1024 {
            break;
        }
        text = replaced;
    }
    text.replace("$$", "$")
}

fn make_variables(text: &str, variables: &[(String, String)]) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        done.push_str(rest.get(..at).unwrap_or_default());
        let after = rest.get(at.saturating_add(1)..).unwrap_or_default();
        let close = match after.chars().next() {
            Some('(') => after.find(')'),
            Some('{') => after.find('}'),
            _ => None,
        };
        let name = close.and_then(|close| after.get(1..close));
        let (Some(name), Some(close)) = (name, close) else {
            // `$$` stays for the shell.
            let taken = usize::from(after.starts_with('$'));
            done.push_str(rest.get(at..at.saturating_add(1).saturating_add(taken)).unwrap_or_default());
            rest = after.get(taken..).unwrap_or_default();
            continue;
        };
        match variables.iter().rev().find(|(known, _)| known == name) {
            Some((_, value)) => done.push_str(value),
            None => done.extend(["$", &as_variable(name)]),
        }
        rest = after.get(close.saturating_add(1)..).unwrap_or_default();
    }
    done.push_str(rest);
    done
}

/// The lines of the wanted targets, what they need first.
fn reached(wanted: Vec<String>, rules: impl Fn(&str) -> Vec<(Vec<String>, Vec<String>)>) -> Vec<String> {
    let mut waiting = wanted;
    let mut seen = BTreeSet::new();
    let mut lines = Vec::new();
    while let Some(target) = waiting.pop() {
        if seen.len() >= MOST || !seen.insert(target.clone()) {
            continue;
        }
        for (needs, recipes) in rules(&target) {
            waiting.extend(needs);
            lines.extend(recipes);
        }
    }
    lines
}

/// The lines of recipes, and of those that they depend on.
fn just(text: &str, call: &Call) -> Vec<String> {
    let mut rules: Vec<(String, Vec<String>, String)> = Vec::new();
    let mut variables: Vec<(String, String)> = Vec::new();
    for line in text.replace("\\\n", " ").lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, _, body)) = rules.last_mut() {
                let line = line.trim_start();
                body.push_str(line.trim_start_matches(['@', '-']));
                body.push('\n');
            }
        } else if let Some((name, value)) = line.split_once(":=") {
            let name = name.trim().trim_start_matches("export ").trim();
            variables.push((name.to_owned(), value.trim().trim_matches(['"', '\'']).to_owned()));
        } else if let Some((head, needs)) = line.split_once(':')
            && !line.starts_with('#')
        {
            let name = head.split_whitespace().next().unwrap_or_default().trim_start_matches('@').to_owned();
            let needs = needs.split_whitespace().map(|need| need.trim_matches(['(', ')']).to_owned()).collect();
            rules.push((name, needs, String::new()));
        }
    }
    variables.extend(call.sets.iter().cloned());
    let wanted = match call.targets.as_slice() {
        [] => rules.first().map(|(name, ..)| name.clone()).into_iter().collect(),
        targets => targets.to_vec(),
    };
    let found = reached(wanted, |target| {
        rules
            .iter()
            .filter(|(name, ..)| name == target)
            .map(|(_, needs, body)| (needs.clone(), vec![body.clone()]))
            .collect()
    });
    found.iter().map(|body| just_variables(body, &variables)).collect()
}

/// A variable of the shell for a name that a runner knows and we do not.
fn as_variable(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("${{{plain}}}")
}

/// `{{name}}`: what is not known becomes a variable of the shell.
fn just_variables(text: &str, variables: &[(String, String)]) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        done.push_str(before);
        let Some((name, tail)) = after.split_once("}}") else { break };
        let name = name.trim();
        match variables.iter().rev().find(|(known, _)| known == name) {
            Some((_, value)) => done.push_str(value),
            None => done.push_str(&as_variable(name)),
        }
        rest = tail;
    }
    done.push_str(rest);
    done
}

/// The script of a package, with those that run before and after it.
fn package(text: &str, call: &Call) -> Vec<String> {
    let parsed: Option<Value> = serde_json::from_str(text).ok();
    let Some(name) = call.targets.first() else { return Vec::new() };
    let script = |name: &str| parsed.as_ref()?.get("scripts")?.get(name)?.as_str().map(ToOwned::to_owned);
    let name = if name == "t" { "test" } else { name };
    [format!("pre{name}"), name.to_owned(), format!("post{name}")].iter().filter_map(|name| script(name)).collect()
}

/// A task of a Taskfile: its name, what it needs, its commands.
type Task = (String, Vec<String>, Vec<String>);

/// The commands of a task, by their indentation: what stands under `cmds`.
fn task(text: &str, call: &Call) -> Vec<String> {
    let tasks = taskfile(text);
    let wanted = if call.targets.is_empty() { vec!["default".to_owned()] } else { call.targets.clone() };
    let found = reached(wanted, |target| {
        tasks
            .iter()
            .filter(|(name, ..)| name == target)
            .map(|(_, needs, lines)| (needs.clone(), lines.clone()))
            .collect()
    });
    found.iter().map(|line| just_variables(&line.replace("{{.", "{{"), &[])).collect()
}

fn taskfile(text: &str) -> Vec<Task> {
    let mut tasks: Vec<Task> = Vec::new();
    let mut within = false;
    // The indentation of the tasks' names and of their keys.
    let (mut names, mut keys) = (None, None);
    let mut key = String::new();
    for line in text.lines() {
        let content = line.trim_start();
        let indent = line.len().saturating_sub(content.len());
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if indent == 0 {
            within = content.starts_with("tasks:");
        } else if within && indent == *names.get_or_insert(indent) {
            let (name, command) = content
                .strip_suffix(':')
                .map_or_else(|| content.split_once(": ").unwrap_or((content, "")), |name| (name, ""));
            let command = Some(unquoted(command)).filter(|command| !command.is_empty());
            tasks.push((name.trim_matches(['"', '\'']).to_owned(), Vec::new(), command.into_iter().collect()));
            (keys, key) = (None, "cmds".to_owned());
        } else if let Some(task) = tasks.last_mut().filter(|_| within) {
            if indent == *keys.get_or_insert(indent)
                && let Some((name, value)) = content.split_once(':').filter(|_| !content.starts_with('-'))
            {
                name.clone_into(&mut key);
                task_line(task, &key, value.trim());
            } else {
                task_line(task, &key, content);
            }
        }
    }
    tasks
}

/// What a line says under a key.
fn task_line(task: &mut Task, key: &str, content: &str) {
    let item = content.strip_prefix("- ").unwrap_or(content);
    let (_, needs, lines) = task;
    match (key, item.strip_prefix("task:")) {
        ("cmds" | "cmd" | "deps", Some(other)) => needs.push(unquoted(other)),
        ("deps", None) => {
            let names = item.trim_matches(['[', ']']).split(',').map(|name| unquoted(name.trim()));
            needs.extend(names.filter(|name| !name.is_empty()));
        }
        ("cmds" | "cmd", None) => {
            let command = ["cmd:", "defer:", "sh:"].iter().find_map(|key| item.strip_prefix(key)).unwrap_or(item);
            lines.push(unquoted(command));
        }
        _ => {}
    }
}

fn unquoted(text: &str) -> String {
    let text = text.trim();
    let inner =
        [('"', '"'), ('\'', '\'')].iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    inner.unwrap_or(text).trim_start_matches("| ").to_owned()
}
