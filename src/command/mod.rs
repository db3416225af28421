//! Shell text: which commands it would run, and what they deserve before they do. Hooks and provisioners ask it.
//!
//! Data flows one way: `shell` makes a tree of text, `line` makes of the tree what would run, `tools` and `guard` say what that
//! deserves. Nothing here runs, reads a file by itself, or fails: what cannot be read is judged at its worst.

use std::cell::LazyCell;
use std::path::{Path, PathBuf};

use serde_json::Value;

mod alone;
mod calls;
mod clouds;
mod guard;
mod line;
mod provisioner;
mod shell;
mod tools;
mod worst;

use line::{HOLE, Run, Step, Walk};
pub use provisioner::{Objection, objection};

/// The most of a command that a reason shows, in characters.
const SHOWN: usize = 160;

/// What a command line deserves before it runs; of several commands in it the gravest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// Nothing that is known in it changes anything: no opinion.
    Pass,
    /// It applies this saved plan and nothing else happens in the line: the plan decides.
    Judge(SavedPlanRun),
    /// A person should agree first.
    Ask(Reason),
    /// It must not run in this form.
    Deny(Reason),
}

/// Why a command line is held up. All of it is cleaned of control characters and bounded in length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What would happen.
    pub what: String,
    /// What to do instead, short, for an agent.
    pub instead: String,
    /// Which command of the line it is about, as far as that is known.
    pub command: String,
}

/// A run of a tool that applies one saved plan and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedPlanRun {
    /// The tool that the line names.
    pub tool: Tool,
    /// Where the tool runs, after `cd` and `-chdir`: absolute where [`Surroundings::directory`] is. `..` is taken out as a shell
    /// does it, by the text alone.
    pub directory: PathBuf,
    /// The file that is applied, joined to `directory`.
    pub plan: PathBuf,
}

/// The tools that apply saved plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// `terraform`.
    Terraform,
    /// `tofu`.
    Tofu,
    /// `terragrunt`.
    Terragrunt,
}

/// How files that a line names are read. What implements it does so within bounds of its own; nothing here does I/O.
pub trait Files {
    /// The first `most` bytes of a regular file; `None` where there is none that can be read.
    fn read(&self, path: &Path, most: usize) -> Option<Vec<u8>>;
    /// Whether there is anything under this path.
    fn exists(&self, path: &Path) -> bool;
}

/// No files at all: what a line names stays unread.
#[derive(Debug, Clone, Copy)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _path: &Path, _most: usize) -> Option<Vec<u8>> {
        None
    }

    fn exists(&self, _path: &Path) -> bool {
        false
    }
}

/// Where a line would run.
#[derive(Clone, Copy)]
pub struct Surroundings<'f> {
    /// The working directory of the agent's shell.
    pub directory: &'f Path,
    /// The files that can be read from there.
    pub files: &'f dyn Files,
}

/// What a line of shell text deserves. Text of any length and kind is answered, in time that is bounded.
///
/// ```
/// use blastgate::command::{Advice, NoFiles, Surroundings, advise};
///
/// let around = Surroundings { directory: "/work".as_ref(), files: &NoFiles };
/// assert!(matches!(advise("terraform plan -out=tfplan", &around), Advice::Pass));
/// assert!(matches!(advise("echo 'never run terraform destroy'", &around), Advice::Pass));
/// assert!(matches!(advise("cd app && terraform destroy -auto-approve", &around), Advice::Deny(_)));
/// ```
#[must_use]
pub fn advise(line: &str, around: &Surroundings<'_>) -> Advice {
    of_steps(&Walk::new(around).line(line), line, around)
}

/// What a command deserves that is run without a shell, from its words.
#[must_use]
pub fn advise_words(words: &[String], around: &Surroundings<'_>) -> Advice {
    of_steps(&Walk::new(around).words(words), &words.join(" "), around)
}

/// What a call of an MCP server's tool, or of an agent's own tool that is no shell, deserves, by its name (with or without the
/// server's, in any agent's spelling) and its arguments. Tools that run shell text or words under `command` or a like name are
/// read as such.
#[must_use]
pub fn advise_call(tool: &str, arguments: &Value, around: &Surroundings<'_>) -> Advice {
    calls::advise(tool, arguments, around)
}

/// What writing, moving or deleting this file deserves, or a directory with what is in it: settings of agents' hooks deny. A
/// relative path is one of [`Surroundings::directory`].
#[must_use]
pub fn advise_write(path: &Path, around: &Surroundings<'_>) -> Advice {
    guard::write(path, around).map_or(Advice::Pass, |reason| Advice::Deny(reason.tidy()))
}

/// The gravest advice of all steps.
fn of_steps(steps: &[Step], text: &str, around: &Surroundings<'_>) -> Advice {
    let mut gravest = Advice::Pass;
    // Of all commands that are only known when they run the line says the same.
    let named = LazyCell::new(|| worst::named(text));
    for (at, step) in steps.iter().enumerate() {
        let mut advice = of_step(step, text, around);
        if let Advice::Judge(plan) = &advice
            && let Some(reason) = alone::objection(steps, at, plan)
        {
            advice = Advice::Deny(reason);
        }
        gravest = gravest.or_graver(advice);
        if let Some(reason) = guard::piped(steps, at, around) {
            gravest = gravest.or_graver(Advice::Deny(reason));
        }
        if is_unknown(step) {
            gravest = gravest.or_graver(named.clone());
        }
    }
    gravest.tidy()
}

/// Whether it is only known when it runs which program a step is.
fn is_unknown(step: &Step) -> bool {
    match step {
        Step::Opaque(_) => true,
        Step::Run(run) => run.words.first().is_some_and(|program| program.text.chars().all(|c| c == HOLE)),
        _ => false,
    }
}

fn of_step(step: &Step, text: &str, around: &Surroundings<'_>) -> Advice {
    match step {
        Step::Run(run) => {
            guard::run(run, around).map_or_else(|| tools::judge(run).or_graver(clouds::request(run)), Advice::Deny)
        }
        Step::File(run) => guard::run(run, around).map_or(Advice::Pass, Advice::Deny),
        Step::Sets(name) => guard::variable(name).map_or(Advice::Pass, Advice::Deny),
        Step::Opaque(run) => Advice::Ask(opaque(run)),
        Step::Code(run, code) => {
            let judged = || worst::code(run, code).or_graver(clouds::code(run, code));
            guard::run(run, around).map_or_else(judged, Advice::Deny)
        }
        Step::Unread(part) => worst::text(part, text),
        Step::Moves | Step::Tests => Advice::Pass,
    }
}

fn opaque(run: &Run) -> Reason {
    Reason {
        what: "It runs program text that is not in the line, so nobody can say what it does.".to_owned(),
        instead: "Save the text to a file, read it, and run the file; or ask a person.".to_owned(),
        command: tools::shown(run),
    }
}

impl Advice {
    fn grade(&self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Judge(_) => 1,
            Self::Ask(_) => 2,
            Self::Deny(_) => 3,
        }
    }

    /// The graver of two; of two alike the first.
    fn or_graver(self, other: Self) -> Self {
        if other.grade() > self.grade() { other } else { self }
    }

    fn tidy(self) -> Self {
        match self {
            Self::Ask(reason) => Self::Ask(reason.tidy()),
            Self::Deny(reason) => Self::Deny(reason.tidy()),
            other => other,
        }
    }
}

impl Reason {
    /// On one line, without control characters, and not too long.
    fn tidy(self) -> Self {
        Self { what: tidied(&self.what), instead: self.instead, command: tidied(&self.command) }
    }
}

fn tidied(text: &str) -> String {
    let visible = |c: char| {
        let marks = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}');
        if c.is_control() || marks { ' ' } else { c }
    };
    let words: Vec<String> = text
        .chars()
        .take(SHOWN.saturating_mul(4))
        .map(visible)
        .collect::<String>()
        .split_whitespace()
        .map(ToOwned::to_owned)
        .collect();
    let line = words.join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}
