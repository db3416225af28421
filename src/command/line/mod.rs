//! A line of shell text as the commands that it would run: wrappers taken off, variables, functions and scripts followed.
//!
//! It is a reading, not a run: where it does not know, it says so. Of two ways that a line may go both are read. A value that
//! is not known is a hole in the text, and whoever looks at a hole takes the worst that could stand there.

use std::path::PathBuf;

mod builtins;
mod expand;
mod files;
mod handed;
mod hidden;
mod interpreters;
mod output;
mod scan;
mod scope;
mod sed;
mod tasks;
mod walk;
mod wrappers;

pub(crate) use scope::joined;
pub(crate) use walk::Walk;

/// Stands in a text for a part that is only known when it runs.
pub(crate) const HOLE: char = '\u{fffc}';

/// A word as a command gets it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Arg {
    /// Its text, with holes.
    pub(crate) text: String,
    /// The same for people: with `$name` in place of a hole.
    pub(crate) shown: String,
    /// It holds a pattern that the shell expands to names of files.
    pub(crate) glob: bool,
    /// It is `<( … )`: what can be read from it.
    pub(crate) process: Option<Box<Input>>,
    /// It is the output of this command and nothing else.
    pub(crate) said_by: Option<Vec<String>>,
}

impl Arg {
    /// A word that is known as it is.
    pub(crate) fn literal(text: &str) -> Self {
        Self { text: text.to_owned(), shown: text.to_owned(), ..Self::default() }
    }

    /// A word that nobody knows.
    pub(crate) fn unknown(shown: &str) -> Self {
        Self { text: HOLE.to_string(), shown: shown.to_owned(), ..Self::default() }
    }

    /// Its text, if all of it is known.
    pub(crate) fn known(&self) -> Option<&str> {
        (!self.has_hole() && !self.glob).then_some(self.text.as_str())
    }

    /// A part of it.
    pub(crate) fn with_text(&self, text: &str) -> Self {
        Self { text: text.to_owned(), ..self.clone() }
    }

    /// Its text as far as it is known: names of files that fit a pattern are not known, but what they may be is.
    pub(crate) fn known_or_pattern(&self) -> Option<String> {
        let hole = if self.glob { HOLE.to_string() } else { String::new() };
        (!self.has_hole()).then(|| hole + &self.text)
    }

    pub(crate) fn has_hole(&self) -> bool {
        self.text.contains(HOLE)
    }
}

/// What a command reads from its standard input.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    /// What the whole line reads: nothing that it brings with it.
    Own,
    /// This text, with holes.
    Text(String),
    /// This file.
    File(Box<Arg>),
    /// Something whose text is not in the line.
    Unknown,
}

/// How a command comes to run.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct How {
    /// It runs perhaps, or more than once.
    pub(crate) perhaps: bool,
    /// It comes out of a script, a task, a function or an alias, or through a program that may change it.
    pub(crate) indirect: bool,
    /// It runs on another machine or in a container.
    pub(crate) elsewhere: bool,
}

/// A command as it would run.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// Its program and arguments; none where there are only redirections.
    pub(crate) words: Vec<Arg>,
    /// The variables that are set for it alone.
    pub(crate) sets: Vec<String>,
    /// What its output is written to.
    pub(crate) writes: Vec<Arg>,
    pub(crate) input: Input,
    /// Where it runs, if that is known.
    pub(crate) dir: Option<PathBuf>,
    pub(crate) how: How,
    /// Its pipeline's number, and its place in that.
    pub(crate) pipeline: Option<(usize, usize)>,
}

/// What a line does, in its order.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// It runs a command.
    Run(Run),
    /// It goes to another directory.
    Moves,
    /// It sets or unsets a variable for what comes after.
    Sets(String),
    /// It asks or tells the shell alone something: `[[ … ]]`, a loop, a function.
    Tests,
    /// This interpreter runs program text that is not in the line.
    Opaque(Run),
    /// This interpreter runs text in a language that is no shell's.
    Code(Run, String),
    /// It runs a file. What is in it follows, if it could be read.
    File(Run),
    /// Shell text that cannot be read, or that is too much to read.
    Unread(String),
}

/// The name of a program without its folder, its version and the endings that Windows gives it.
pub(crate) fn base(word: &str) -> &str {
    // In zsh `=name` is the path of a program.
    let word = word.strip_prefix('=').unwrap_or(word);
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    // `npx cdk@2`.
    let name = name.split_once('@').map_or(name, |(name, _)| if name.is_empty() { word } else { name });
    let ends = [".exe", ".EXE", ".cmd", ".bat", ".com"];
    let name = ends.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let stem = stem.strip_suffix('v').filter(|short| short.ends_with(['-', '_'])).unwrap_or(stem);
    let versioned = stem.len() < name.len();
    if !versioned {
        return name;
    }
    match stem.strip_suffix(['-', '_']) {
        Some(short) if !short.is_empty() => short,
        _ if matches!(
            stem,
            "python"
                | "pip"
                | "ruby"
                | "perl"
                | "php"
                | "node"
                | "terraform"
                | "tofu"
                | "terragrunt"
                | "kubectl"
                | "helm"
                | "aws"
        ) =>
        {
            stem
        }
        _ => name,
    }
}
