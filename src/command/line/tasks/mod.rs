//! Runners of tasks: make, just, npm and its like, task, mise. What a target runs is read from the project's files, one file a
//! runner.

use std::collections::BTreeSet;

use super::files::Content;
use super::{Arg, Input, Walk, base};

mod just;
mod make;
mod package;
mod taskfile;
mod toml;

/// The kind of a runner, by what its files are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tasks {
    Make,
    Just,
    Package,
    Deno,
    Composer,
    Task,
    Mise,
    Python,
}

/// How many targets of one call are followed.
const MOST: usize = 64;

/// How many files one file may include, one by one.
const INCLUDED: usize = 8;

/// The runner that a command is.
pub(super) fn find(words: &[Arg]) -> Option<Tasks> {
    let (program, rest) = words.split_first()?;
    let name = base(&program.text);
    let first = rest.iter().find(|word| !word.text.starts_with('-')).map(|word| word.text.as_str());
    match name {
        "make" | "gmake" | "bmake" | "remake" => Some(Tasks::Make),
        "just" => Some(Tasks::Just),
        "task" | "go-task" => Some(Tasks::Task),
        "mise" | "rtx" => package::is_task(name, first?).then_some(Tasks::Mise),
        "deno" => (first? == "task").then_some(Tasks::Deno),
        "composer" => package::is_task(name, first?).then_some(Tasks::Composer),
        "poe" => Some(Tasks::Python),
        "pdm" | "hatch" => (first? == "run").then_some(Tasks::Python),
        "npm" | "yarn" | "pnpm" | "bun" | "node-run" => {
            // `bun file.ts` is no task.
            let file = first?.contains('.') || rest.first().is_some_and(|word| word.text.starts_with("-e"));
            (package::is_task(name, first?) && !file).then_some(Tasks::Package)
        }
        "run-p" | "run-s" | "npm-run-all" | "npm-run-all2" | "concurrently" => Some(Tasks::Package),
        _ => None,
    }
}

impl Tasks {
    /// The names of its files, of which the first that is there counts.
    fn files(self) -> &'static [&'static str] {
        match self {
            Self::Make => &["GNUmakefile", "makefile", "Makefile"],
            Self::Just => &["justfile", "Justfile", ".justfile"],
            Self::Package => &["package.json"],
            Self::Deno => &["deno.json", "deno.jsonc", "package.json"],
            Self::Composer => &["composer.json"],
            Self::Task => &[
                "Taskfile.yml",
                "taskfile.yml",
                "Taskfile.yaml",
                "taskfile.yaml",
                "Taskfile.dist.yml",
                "Taskfile.dist.yaml",
            ],
            Self::Mise => &["mise.toml", ".mise.toml", "mise/config.toml", ".mise/config.toml", ".config/mise.toml"],
            Self::Python => &["pyproject.toml", "poe_tasks.toml"],
        }
    }

    /// The options with which it only says what there is or what it would do.
    fn only_shows(self) -> &'static [&'static str] {
        match self {
            Self::Make => {
                &["-n", "--dry-run", "--just-print", "--recon", "-q", "--question", "-v", "--version", "-h", "--help"]
            }
            Self::Just => &[
                "--choose",
                "-l",
                "--list",
                "-n",
                "--dry-run",
                "-s",
                "--show",
                "--summary",
                "--dump",
                "--evaluate",
                "--fmt",
                "--groups",
                "--variables",
                "--usage",
                "-V",
                "--version",
                "-h",
                "--help",
            ],
            Self::Task => &[
                "-n",
                "--dry",
                "-l",
                "--list",
                "-a",
                "--list-all",
                "--summary",
                "--status",
                "--version",
                "-h",
                "--help",
            ],
            Self::Mise => &["-n", "--dry-run", "-h", "--help"],
            Self::Package | Self::Deno | Self::Composer | Self::Python => &["-h", "--help", "--version"],
        }
    }

    /// Whether options behind the first target are those of the target.
    fn keeps_options(self) -> bool {
        !matches!(self, Self::Make | Self::Task)
    }

    /// The lines of shell text that a call runs, by the text of its file.
    fn lines(self, text: &str, call: &Call) -> Vec<String> {
        match self {
            Self::Make => make::lines(text, call),
            Self::Just => just::lines(text, call),
            Self::Deno => package::lines(text, "tasks", call),
            Self::Package | Self::Composer => package::lines(text, "scripts", call),
            Self::Task => taskfile::lines(text, call),
            Self::Mise | Self::Python => toml::lines(text, call),
        }
    }
}

impl Walk<'_> {
    pub(super) fn tasks(&mut self, tasks: Tasks, words: &[Arg]) {
        let call = Call::read(tasks, words);
        if call.only_shows {
            return;
        }
        let before = std::rc::Rc::clone(&self.scope);
        if let Some(dir) = &call.dir {
            let dir = self.scope.path(dir);
            self.scope_mut().dir = dir;
        }
        let text = self.task_file(tasks, &call);
        let all = format!("{}\n{}", call.added, text.as_deref().unwrap_or_default());
        let lines = if self.scripts < 3 { tasks.lines(&all, &call) } else { Vec::new() };
        let unknown = lines.is_empty();
        if text.is_none() && call.file.as_ref().is_some_and(|file| self.streamed(file).is_some()) {
            self.opaque(words);
        }
        self.scripts = self.scripts.saturating_add(1);
        self.as_if(
            |how| how.indirect = true,
            |walk| {
                for line in lines.into_iter().chain(call.texts.iter().cloned()) {
                    walk.apart(|walk| walk.shell_text(&line));
                }
                // What is no script is a program of the packages.
                if unknown && !call.program.is_empty() {
                    walk.run(call.program, Vec::new(), Vec::new());
                }
            },
        );
        self.scripts = self.scripts.saturating_sub(1);
        self.scope = before;
    }

    /// Where the file comes from that says what targets run, if that is another program or what the runner reads.
    fn streamed(&self, file: &Arg) -> Option<Input> {
        file.process.as_deref().cloned().or_else(|| self.stream(&file.text))
    }

    /// The text of the file that says what targets run, with those that it includes.
    fn task_file(&self, tasks: Tasks, call: &Call) -> Option<String> {
        let content = match &call.file {
            Some(file) => match self.streamed(file) {
                Some(input) => return self.text_of(&input),
                None => self.file(file.known()?),
            },
            None => tasks
                .files()
                .iter()
                .map(|file| self.file(file))
                .find(|content| !matches!(content, Content::Missing))
                .unwrap_or(Content::Missing),
        };
        let Content::Text(mut text) = content else { return None };
        let included: Vec<String> = match tasks {
            Tasks::Make => make::includes(&text),
            Tasks::Just => just::includes(&text),
            _ => Vec::new(),
        };
        for file in included.iter().take(INCLUDED) {
            if let Content::Text(more) = self.file(file) {
                text.push('\n');
                text.push_str(&more);
            }
        }
        Some(text)
    }
}

/// What a runner was called with.
#[derive(Default)]
struct Call {
    file: Option<Arg>,
    /// Text that is added to the file.
    added: String,
    dir: Option<String>,
    targets: Vec<String>,
    sets: Vec<(String, String)>,
    /// The words behind the target.
    rest: Vec<Arg>,
    /// The words from the target on, where that may be a program.
    program: Vec<Arg>,
    /// Shell text that is among the words.
    texts: Vec<String>,
    only_shows: bool,
}

impl Call {
    fn read(tasks: Tasks, words: &[Arg]) -> Self {
        let mut call = Self::default();
        let runner = words.first().map(|word| base(&word.text).to_owned()).unwrap_or_default();
        let own = words.get(1..).unwrap_or_default();
        let own = own.get(package::own_words(tasks, own)..).unwrap_or_default();
        let mut rest = own.iter();
        while let Some(word) = rest.next() {
            let text = word.text.as_str();
            if text == "--" {
                break;
            }
            if text.starts_with('-') {
                call.option(tasks, text, &mut rest);
            } else if let Some((name, value)) = text.split_once('=').filter(|_| !text.contains(char::is_whitespace)) {
                call.sets.push((name.to_owned(), value.to_owned()));
            } else {
                call.targets.push(text.to_owned());
                if tasks.keeps_options() && call.rest.is_empty() {
                    let at = own.len().saturating_sub(rest.len());
                    call.program = own.get(at.saturating_sub(1)..).unwrap_or_default().to_vec();
                    call.rest = own.get(at..).unwrap_or_default().to_vec();
                    if tasks != Tasks::Just {
                        break;
                    }
                }
            }
        }
        package::settle(tasks, &runner, own, &mut call);
        call
    }

    /// An option, with its value.
    fn option(&mut self, tasks: Tasks, text: &str, rest: &mut std::slice::Iter<'_, Arg>) {
        let behind_target = tasks.keeps_options() && !self.targets.is_empty();
        if behind_target {
            return;
        }
        let (name, attached) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
        // `-Cdir`, `-ffile`.
        let (name, attached) = match text.split_at_checked(2) {
            Some((short @ ("-C" | "-f"), value)) if tasks == Tasks::Make && !value.is_empty() => {
                (short, Some(value.to_owned()))
            }
            _ => (name, attached),
        };
        let mut value = || attached.as_deref().map(Arg::literal).or_else(|| rest.next().cloned());
        match name {
            "-f" | "--file" | "--makefile" | "--justfile" | "-t" | "--taskfile" => self.file = value(),
            "-C" | "--directory" | "-d" | "--dir" | "--prefix" | "--cwd" | "--cd" | "--working-directory" => {
                self.dir = value().map(|dir| dir.text);
            }
            "--eval" | "-E" if tasks == Tasks::Make => self.added.extend(value().map(|text| text.text + "\n")),
            "--command" | "-c" if tasks == Tasks::Just => {
                self.texts.push(rest.by_ref().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "));
            }
            "-w" | "--workspace" | "-F" | "--filter" if tasks == Tasks::Package => _ = value(),
            _ => self.only_shows |= tasks.only_shows().contains(&name),
        }
    }
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

/// The words behind a target, as shell text.
fn arguments(call: &Call) -> String {
    let words = call.rest.iter().filter(|word| word.text != "--");
    words.map(|word| [" '", &word.text.replace('\'', r"'\''"), "'"].concat()).collect()
}

/// A variable of the shell for a name that a runner knows and we do not.
fn as_variable(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("${{{plain}}}")
}

/// `{{name}}`: what is not known becomes a variable of the shell.
fn filled(text: &str, variables: &[(String, String)]) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        done.push_str(before);
        let Some((name, tail)) = after.split_once("}}") else { break };
        let name = name.trim().trim_start_matches('.');
        match variables.iter().rev().find(|(known, _)| known == name) {
            Some((_, value)) => done.push_str(value),
            None => done.push_str(&as_variable(name)),
        }
        rest = tail;
    }
    done.push_str(rest);
    done
}
