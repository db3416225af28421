//! Files that a line names: what was in them, what the line puts in, and what runs from them.

use std::path::{Path, PathBuf};

use super::output::printed;
use super::{Arg, Input, Run, Step, Walk, base};

/// The most that is read of a file, in bytes.
pub(super) const MOST: usize = 1024 * 1024;

/// How many scripts may call each other.
const LEVELS: usize = 3;

/// Commands that write files of which nobody knows what is in them.
const BRINGING: [&str; 14] = [
    "aria2c", "aws", "base64", "curl", "gcloud", "gpg", "gsutil", "openssl", "rclone", "rsync", "scp", "sftp", "wget",
    "xxd",
];

/// Commands that put one file in another's place.
const COPYING: [&str; 4] = ["cp", "install", "ln", "mv"];

/// What is in a file.
pub(super) enum Content {
    Text(String),
    /// A program that is no text.
    Binary,
    /// There is none: nothing runs from it.
    Missing,
    /// It is made by the line, and from what is not known.
    Unknown,
}

impl Walk<'_> {
    /// What is in the file at this path, as the line would find it.
    pub(super) fn file(&self, path: &str) -> Content {
        let Some(path) = self.scope.path(path) else { return Content::Missing };
        self.file_at(&path)
    }

    pub(super) fn file_at(&self, path: &Path) -> Content {
        let own = self.written.get(path);
        if own.is_some_and(Option::is_none) || self.touched.contains(path) {
            return Content::Unknown;
        }
        let there = self.around.files.read(path, MOST);
        let own = own.and_then(Option::as_deref);
        match (there, own) {
            (None, None) => Content::Missing,
            // Whether the line adds to it or writes it anew: both are read.
            (there, own) => {
                let there = there.unwrap_or_default();
                if own.is_none() && there.iter().take(4096).any(|byte| *byte == 0) {
                    return Content::Binary;
                }
                let text = String::from_utf8_lossy(&there);
                Content::Text(format!("{text}{}{}", if text.is_empty() { "" } else { "\n" }, own.unwrap_or_default()))
            }
        }
    }

    /// Remembers what a command writes to which files.
    pub(super) fn note_files(&mut self, run: &Run) {
        let program = run.words.first().map(|word| base(&word.text).to_owned()).unwrap_or_default();
        let mut targets: Vec<PathBuf> = run.writes.iter().filter_map(|arg| self.scope.path(arg.known()?)).collect();
        let mut content = match printed(&Run { writes: Vec::new(), ..run.clone() }) {
            Input::Text(text) => Some(text),
            other => self.text_of(&other),
        };
        if program == "tee" {
            content = self.text_of(&run.input);
            let named = run.words.iter().skip(1).filter(|word| !word.text.starts_with('-'));
            targets.extend(named.filter_map(|word| self.scope.path(word.known()?)));
        }
        for target in targets {
            let before = self.written.remove(&target);
            let joined = match (before, content.clone()) {
                (None, content) => content,
                (Some(Some(before)), Some(content)) => Some(format!("{before}\n{content}")),
                _ => None,
            };
            self.written.insert(target, joined);
        }
        if BRINGING.contains(&program.as_str()) {
            let named: Vec<PathBuf> = run.words.iter().skip(1).filter_map(|word| self.made(word)).collect();
            self.touched.extend(named);
        } else if COPYING.contains(&program.as_str()) {
            self.note_copies(run);
        }
    }

    /// What `cp a b` and its like put where.
    fn note_copies(&mut self, run: &Run) {
        let named = run.words.iter().skip(1).filter(|word| !word.text.starts_with('-'));
        let paths: Vec<PathBuf> = named.filter_map(|word| self.made(word)).collect();
        let Some((target, sources)) = paths.split_last() else { return };
        for source in sources {
            let content = match self.file_at(source) {
                Content::Text(text) => Some(text),
                Content::Unknown => None,
                Content::Binary | Content::Missing => continue,
            };
            let inside = source.file_name().map(|name| target.join(name));
            for target in inside.into_iter().chain([target.clone()]) {
                self.written.insert(target, content.clone());
            }
        }
    }

    /// A path that a command may write to: a word, or an option's value.
    fn made(&self, word: &Arg) -> Option<PathBuf> {
        let text = word.known()?;
        let text = if text.starts_with('-') { text.split_once('=')?.1 } else { text };
        // Remembering every word of every command would cost more than it tells.
        (!text.is_empty() && text.len() < 512 && self.touched.len() < 512).then(|| self.scope.path(text))?
    }

    /// What is read where a file's name stands for a descriptor.
    pub(super) fn stream(&self, name: &str) -> Option<Input> {
        let number = match name {
            "-" | "/dev/stdin" => "0",
            _ => ["/dev/fd/", "/proc/self/fd/"].iter().find_map(|folder| name.strip_prefix(folder))?,
        };
        Some(self.descriptor(number))
    }

    /// Whether a file cannot be read: it is not there, or only for others.
    pub(super) fn is_closed(&self, file: &Arg) -> bool {
        let path = file.known().filter(|path| !path.starts_with("/dev/") && !path.starts_with("/proc/"));
        path.is_some_and(|path| matches!(self.file(path), Content::Missing))
    }

    /// A file is run by the shell or by itself: `words` are its name and its arguments.
    pub(super) fn script(&mut self, words: &[Arg], sets: Vec<String>, writes: Vec<Arg>, own: bool) {
        let Some(name) = words.first() else { return };
        self.push_run(Step::File, words.to_vec(), sets, writes);
        if let Some(process) = &name.process {
            let process = (**process).clone();
            self.fed_program(&process, words, own);
            return;
        }
        if let Some(input) = self.stream(&name.text) {
            self.fed_program(&input, words, own);
            return;
        }
        let Some(path) = name.known().map(ToOwned::to_owned) else {
            // Some script: one that the line itself looked for is as likely as not one of the project's.
            if own && self.is_from_outside(name) {
                self.opaque(words);
            }
            return;
        };
        match self.file(&path) {
            Content::Text(text) => self.script_text(&text, words, own),
            Content::Unknown => self.opaque(words),
            Content::Missing if self.is_made(&path) => self.opaque(words),
            Content::Binary | Content::Missing => {}
        }
    }

    /// Whether a word is nothing but a variable that the line says nothing of.
    fn is_from_outside(&self, word: &Arg) -> bool {
        let name = word.shown.trim_matches(['$', '{', '}']);
        let whole = word.text == super::HOLE.to_string() && word.shown.starts_with('$');
        whole && self.scripts == 0 && self.calls.is_empty() && !self.scope.variables.contains_key(name)
    }

    /// Whether program text of the line names a file that is not there: it may be what makes it.
    fn is_made(&self, path: &str) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Code(_, code) if code.contains(path)))
    }

    /// The text of a script, by the interpreter that its first line names.
    pub(super) fn script_text(&mut self, text: &str, words: &[Arg], own: bool) {
        if self.scripts >= LEVELS {
            return;
        }
        self.scripts = self.scripts.saturating_add(1);
        let first = text.lines().next().and_then(|line| line.strip_prefix("#!")).unwrap_or_default();
        let named = first.split_whitespace().map(base).find(|word| *word != "env" && !word.starts_with('-'));
        let by_name = words.first().and_then(|word| word.text.rsplit_once('.')).map(|(_, end)| end.to_owned());
        let other = named.map_or_else(
            || matches!(by_name.as_deref(), Some("py" | "js" | "mjs" | "ts" | "rb" | "pl" | "php" | "lua" | "ps1")),
            |named| !super::interpreters::is_shell(named),
        );
        self.as_if(
            |how| how.indirect = true,
            |walk| {
                if other {
                    walk.push_run(|run| Step::Code(run, String::new()), words.to_vec(), Vec::new(), Vec::new());
                    if let Some(Step::Code(_, code)) = walk.steps.last_mut() {
                        text.clone_into(code);
                    }
                } else if own {
                    walk.child(|walk| walk.with_arguments(words, |walk| walk.shell_text(text)));
                } else if words.len() > 1 {
                    walk.with_arguments(words, |walk| walk.shell_text(text));
                } else {
                    // Without words of its own it has those of the shell that reads it.
                    walk.shell_text(text);
                }
            },
        );
        self.scripts = self.scripts.saturating_sub(1);
    }

    /// Does something with `$1`, `$2` and so on from these words, of which the first is `$0`.
    pub(super) fn with_arguments(&mut self, words: &[Arg], what: impl FnOnce(&mut Self)) {
        let values = words.iter().skip(1).map(|word| word.known().map(ToOwned::to_owned)).collect();
        let before = std::mem::replace(&mut self.scope_mut().positional, values);
        what(self);
        self.scope_mut().positional = before;
    }
}
