//! One command: what it is, and what shells do themselves.

use std::rc::Rc;

use super::super::shell::Node;
use super::super::tools;
use super::scope::Value;
use super::{Arg, HOLE, Input, Run, Step, Walk, base, interpreters, scan, tasks, wrappers};

/// The most commands of one `find` that are read.
const EXECUTED: usize = 16;

/// Endings of scripts that are run by their name.
const SCRIPTS: [&str; 9] = [".bash", ".bat", ".cmd", ".js", ".pl", ".ps1", ".py", ".rb", ".sh"];

impl Walk<'_> {
    /// A command with its words: wrappers, functions, scripts and tasks are followed to what they run.
    pub(super) fn run(&mut self, words: Vec<Arg>, sets: Vec<String>, writes: Vec<Arg>) {
        self.deeper(|walk| walk.run_here(words, sets, writes));
    }

    fn run_here(&mut self, words: Vec<Arg>, sets: Vec<String>, writes: Vec<Arg>) {
        let Some(first) = words.first() else { return };
        if first.has_hole() || first.glob {
            self.any_function();
            self.leaf(words, sets, writes);
            return;
        }
        let text = first.text.clone();
        let name = base(&text).to_owned();
        for replacement in self.scope.aliases.get(&text).cloned().unwrap_or_default() {
            self.through_alias(&text, &replacement, &words);
        }
        let bodies = self.scope.functions.get(&text).cloned().unwrap_or_default();
        match bodies.as_slice() {
            // It may not be defined after all: the program of the same name is read too.
            [body] => self.call(body, &words),
            bodies => {
                for body in bodies {
                    self.perhaps(|walk| walk.call(body, &words));
                }
            }
        }
        if self.builtin(&text, &words) {
            self.note_writes(writes);
            return;
        }
        self.hidden(&words);
        if matches!(name.as_str(), "sed" | "gsed") {
            self.sed(&words);
        }
        if matches!(name.as_str(), "at" | "batch" | "crontab") {
            self.scheduled(&name, &words);
        }
        for (from, until) in executed(&name, &words) {
            self.find(&words, from, until);
        }
        let tasks = tasks::find(&words);
        if let Some(tasks) = tasks {
            self.tasks(tasks, &words);
        }
        if let Some(wrapper) = wrappers::find(&words) {
            self.wrapped(wrapper, &words, sets, writes);
        } else if tasks.is_some() {
            self.leaf(words, sets, writes);
        } else if interpreters::is_interpreter(&name) {
            self.interpreter(&words, sets, writes);
        } else if self.is_script(&text, &name) {
            self.script(&words, sets, writes, true);
            if let Some(behind) = scan::hands_on(&words) {
                self.as_if(|how| how.indirect = true, |walk| walk.scan(behind));
            }
        } else if let Some(behind) = scan::hands_on(&words) {
            self.as_if(|how| how.indirect = true, |walk| walk.scan(behind));
            self.leaf(words, sets, writes);
        } else {
            self.leaf(words, sets, writes);
        }
    }

    /// What the shell does itself; `false` for all else.
    fn builtin(&mut self, name: &str, words: &[Arg]) -> bool {
        match name {
            "." | "source" => self.source(words),
            "alias" => self.alias(words),
            "cd" | "chdir" | "popd" | "pushd" => self.change_directory(words),
            "declare" | "export" | "local" | "readonly" | "typeset" => self.declare(words),
            "getopts" | "let" | "mapfile" | "read" | "readarray" => self.reads(words),
            "set" => self.set_arguments(words),
            "shift" => self.shift(words),
            "trap" => self.trap(words),
            "unset" => self.unset(words),
            "printf" if words.iter().any(|word| word.text == "-v") => self.prints(words),
            _ => return false,
        }
        true
    }

    fn unset(&mut self, words: &[Arg]) {
        for word in words.iter().skip(1).filter(|word| !word.text.starts_with('-')) {
            self.push(Step::Sets(word.text.clone()));
            self.set(&word.text, Some(Vec::new()));
        }
    }

    /// A command that runs nothing else.
    pub(super) fn leaf(&mut self, words: Vec<Arg>, sets: Vec<String>, writes: Vec<Arg>) {
        self.push_run(Step::Run, words, sets, writes);
        if let Some(Step::Run(run)) = self.steps.last() {
            let run: Run = run.clone();
            self.note_files(&run);
        }
    }

    /// Redirections of something that is no command of its own.
    fn note_writes(&mut self, writes: Vec<Arg>) {
        if !writes.is_empty() {
            self.push_run(Step::Run, Vec::new(), Vec::new(), writes);
        }
    }

    /// A program by its path, but for known ones and those of the system.
    fn is_script(&self, text: &str, name: &str) -> bool {
        let known = tools::is_known(name);
        let system = ["/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/"];
        let by_path = text.contains('/') && !system.iter().any(|folder| text.starts_with(folder));
        let by_name = SCRIPTS.iter().any(|end| text.ends_with(end));
        (by_path && (!known || self.scope.path(text).is_some_and(|path| self.written.contains_key(&path)))) || by_name
    }

    /// A function is called. One that calls itself is read twice as it stands, once more with words that are not known, and that
    /// is all there is to see.
    fn call(&mut self, body: &Rc<Node>, words: &[Arg]) {
        let calls = self.calls.iter().filter(|other| Rc::ptr_eq(other, body)).count();
        if calls > 2 {
            return;
        }
        let unknown = [words.first().cloned().unwrap_or_default(), Arg::unknown("$@")];
        let words = if calls > 1 { &unknown } else { words };
        self.calls.push(Rc::clone(body));
        self.as_if(
            |how| how.indirect = true,
            |walk| walk.with_arguments(words, |walk| walk.in_function(|walk| walk.node(body))),
        );
        self.calls.pop();
    }

    /// A command that is only known when it runs may be any function: each is read so once, with words that are not known.
    fn any_function(&mut self) {
        let bodies: Vec<Rc<Node>> = self.scope.functions.values().flatten().cloned().collect();
        let words = [Arg::unknown("…"), Arg::unknown("$@")];
        for body in bodies {
            if !self.guessed.iter().any(|other| Rc::ptr_eq(other, &body)) {
                self.guessed.push(Rc::clone(&body));
                self.perhaps(|walk| walk.call(&body, &words));
            }
        }
    }

    fn through_alias(&mut self, name: &str, replacement: &str, words: &[Arg]) {
        self.as_if(
            |how| (how.indirect, how.perhaps) = (true, true),
            |walk| {
                let before = Rc::clone(&walk.scope);
                walk.scope_mut().aliases.remove(name);
                let rest: Vec<&str> = words.iter().skip(1).map(|word| word.text.as_str()).collect();
                let plain = replacement.chars().all(|c| c.is_alphanumeric() || " -_./=:,@".contains(c));
                if plain {
                    let own = replacement.split_whitespace().map(Arg::literal);
                    walk.run(own.chain(words.iter().skip(1).cloned()).collect(), Vec::new(), Vec::new());
                } else {
                    walk.shell_text(&format!("{replacement} {}", rest.join(" ")));
                }
                walk.scope = before;
            },
        );
    }

    fn alias(&mut self, words: &[Arg]) {
        for word in words.iter().skip(1) {
            if let Some((name, text)) = word.text.split_once('=') {
                self.scope_mut().aliases.insert(name.to_owned(), vec![text.to_owned()]);
            }
        }
        self.push_run(Step::Run, words.to_vec(), Vec::new(), Vec::new());
    }

    fn change_directory(&mut self, words: &[Arg]) {
        self.push(Step::Moves);
        let target = words.iter().skip(1).find(|word| !word.text.starts_with('-') || word.text == "-");
        let back = words.first().is_some_and(|word| word.text == "popd");
        let known = target.and_then(Arg::known).filter(|text| *text != "-" && !back);
        let dir = known.and_then(|text| self.scope.path(text));
        self.scope_mut().dir = dir;
    }

    fn declare(&mut self, words: &[Arg]) {
        let own = matches!(words.first().map(|word| word.text.as_str()), Some("local" | "declare" | "typeset"));
        // Of the options `-x`, `-g` and `-a` change nothing of what a variable holds.
        let options = words.iter().skip(1).filter(|word| word.text.starts_with('-'));
        let plain = options.clone().all(|word| word.text.trim_start_matches('-').chars().all(|c| "xgaA".contains(c)));
        let fixed = words.first().is_some_and(|word| word.text == "readonly")
            || options.into_iter().any(|word| word.text.contains('r'));
        for word in words.iter().skip(1) {
            if word.text.starts_with('-') {
                continue;
            }
            let (name, value) = match word.text.split_once('=') {
                Some((name, value)) => (name.trim_end_matches('+'), Some(value)),
                None => (word.text.as_str(), None),
            };
            if own {
                let before = self.scope.variables.get(name).cloned();
                if let Some(locals) = self.locals.last_mut() {
                    locals.push((name.to_owned(), before));
                }
            }
            if let Some(value) = value {
                self.variable_hides(name, &word.with_text(value));
                let appended = word.text.contains("+=");
                let known: Value = Some(vec![value.to_owned()]).filter(|_| !word.has_hole() && !appended);
                self.push(Step::Sets(name.to_owned()));
                self.set(name, known);
            }
            if fixed || !plain {
                self.scope_mut().strange.insert(name.to_owned());
            }
            if !plain && !fixed {
                self.set(name, None);
            }
        }
        self.push_run(Step::Run, words.to_vec(), Vec::new(), Vec::new());
    }

    /// What sets variables to what it reads, which is known where that is one line of the text.
    fn reads(&mut self, words: &[Arg]) {
        let (options, names): (Vec<&Arg>, Vec<&Arg>) =
            words.iter().skip(1).partition(|word| word.text.starts_with('-'));
        let plain =
            words.first().is_some_and(|word| word.text == "read") && options.iter().all(|word| word.text == "-r");
        let line = self.text_of(&self.input).filter(|text| plain && text.trim_end().lines().count() < 2);
        let mut line = line.as_deref().filter(|_| !self.scope.variables.contains_key("IFS")).map(str::trim);
        for (at, name) in names.iter().enumerate() {
            let last = at.saturating_add(1) == names.len();
            let (value, rest) = match line {
                Some(text) if last => (Some(text), None),
                Some(text) => text
                    .split_once(char::is_whitespace)
                    .map_or((Some(text), Some("")), |(one, rest)| (Some(one), Some(rest.trim()))),
                None => (None, None),
            };
            let value = value.filter(|value| !value.contains(HOLE)).map(|value| vec![value.to_owned()]);
            line = rest;
            self.set(name.text.split(['=', '[']).next().unwrap_or_default(), value);
        }
        self.set("REPLY", None);
        self.set("MAPFILE", None);
        self.push_run(Step::Run, words.to_vec(), Vec::new(), Vec::new());
    }

    /// `printf -v name` sets a variable.
    fn prints(&mut self, words: &[Arg]) {
        if let Some(at) = words.iter().position(|word| word.text == "-v")
            && let Some((name, rest)) = words.get(at.saturating_add(1)..).and_then(<[Arg]>::split_first)
        {
            let value = super::output::formatted(rest).filter(|text| !text.contains(HOLE));
            self.set(&name.text, value.map(|text| vec![text]));
        }
        self.leaf(words.to_vec(), Vec::new(), Vec::new());
    }

    /// `set -- word …`.
    fn set_arguments(&mut self, words: &[Arg]) {
        if let Some(at) = words.iter().position(|word| word.text == "--") {
            let values =
                words.iter().skip(at.saturating_add(1)).map(|word| word.known().map(ToOwned::to_owned)).collect();
            self.scope_mut().positional = values;
        } else if words.iter().skip(1).any(|word| !word.text.starts_with(['-', '+'])) {
            self.scope_mut().positional = None;
        }
        self.push_run(Step::Run, words.to_vec(), Vec::new(), Vec::new());
    }

    fn shift(&mut self, words: &[Arg]) {
        let count = words.get(1).map_or(Some(1), |word| word.text.parse::<usize>().ok());
        let scope = self.scope_mut();
        scope.positional = match (scope.positional.take(), count) {
            (Some(values), Some(count)) => Some(values.into_iter().skip(count).collect()),
            _ => None,
        };
    }

    /// `source file`: in this shell.
    fn source(&mut self, words: &[Arg]) {
        let rest = words.get(1..).unwrap_or_default().to_vec();
        self.script(&rest, Vec::new(), Vec::new(), false);
    }

    /// `trap 'commands' SIGNAL`.
    fn trap(&mut self, words: &[Arg]) {
        let text = words.iter().skip(1).find(|word| !word.text.starts_with('-')).cloned();
        if let Some(text) = text {
            self.perhaps(|walk| walk.as_if(|how| how.indirect = true, |walk| walk.text_argument(&text)));
        }
    }

    /// `at`, `crontab`: text that a shell runs later.
    fn scheduled(&mut self, name: &str, words: &[Arg]) {
        let mut rest = words.iter().skip(1);
        let file = match name {
            "crontab" => rest.find(|word| !word.text.starts_with('-')),
            _ => rest.skip_while(|word| word.text != "-f").nth(1),
        };
        let input = file.map_or_else(|| self.input.clone(), |file| Input::File(Box::new(file.clone())));
        // The time stands before the command.
        let fields =
            |line: &str| if name == "crontab" && !line.starts_with('@') { 5 } else { usize::from(name == "crontab") };
        let command = |line: &str| line.split_whitespace().skip(fields(line)).collect::<Vec<_>>().join(" ");
        match self.text_of(&input) {
            Some(text) if name == "crontab" => {
                for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
                    self.child(|walk| walk.shell_text(&command(line)));
                }
            }
            Some(text) => self.child(|walk| walk.shell_text(&text)),
            None if matches!(input, Input::Unknown) => self.run(vec![Arg::unknown("…")], Vec::new(), Vec::new()),
            None => {}
        }
    }

    /// `find … -exec command ;`
    fn find(&mut self, words: &[Arg], from: usize, until: usize) {
        let mut command: Vec<Arg> = words.get(from..until).unwrap_or_default().to_vec();
        for word in &mut command {
            if word.text.contains("{}") {
                word.text = word.text.replace("{}", &HOLE.to_string());
            }
        }
        self.as_if(
            |how| (how.perhaps, how.indirect) = (true, true),
            |walk| match command.as_slice() {
                [text] if text.text.contains(char::is_whitespace) => walk.apart(|walk| walk.shell_text(&text.text)),
                _ => walk.run(command, Vec::new(), Vec::new()),
            },
        );
    }
}

/// Where in the words of `find`, `fd` and `git` commands stand.
fn executed(name: &str, words: &[Arg]) -> Vec<(usize, usize)> {
    let marks: &[&str] = match name {
        "find" | "gfind" => &["-exec", "-execdir", "-ok", "-okdir"],
        "fd" | "fdfind" => &["-x", "--exec", "-X", "--exec-batch"],
        "git" if words.iter().any(|word| word.text == "bisect") => &["run"],
        "git" if words.iter().any(|word| word.text == "submodule") => &["foreach", "--recursive"],
        _ => return Vec::new(),
    };
    let begins = words.iter().enumerate().filter(|(_, word)| marks.contains(&word.text.as_str()));
    let begins: Vec<usize> = begins.map(|(at, _)| at.saturating_add(1)).take(EXECUTED).collect();
    let end = |from: usize| {
        let rest = words.get(from..).unwrap_or_default();
        rest.iter().position(|word| matches!(word.text.as_str(), ";" | "+")).unwrap_or(rest.len())
    };
    begins.into_iter().map(|from| (from, from.saturating_add(end(from)))).collect()
}
