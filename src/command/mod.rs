//! Shell text: which commands it would run, and what they deserve before they do. Hooks and provisioners ask it.

use std::path::{Path, PathBuf};

use serde_json::Value;

mod provisioner;

pub use provisioner::{Objection, objection};

/// What a command line deserves before it runs; of several commands in it the gravest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// Nothing that is known in it changes anything: no opinion.
    Pass,
    /// A person should agree first.
    Ask(Reason),
    /// It must not run in this form.
    Deny(Reason),
    /// It applies this saved plan and nothing else happens in the line: the plan decides.
    Judge(SavedPlanRun),
}

/// Why a command line is held up. All of it is cleaned of control characters and bounded in length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What would happen.
    pub what: String,
    /// What to do instead, short, for an agent.
    pub instead: String,
    /// Which command of the line it is about.
    pub command: String,
}

/// A run of a tool that applies one saved plan and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedPlanRun {
    /// The tool that the line names.
    pub tool: Tool,
    /// Where the tool runs, after `cd` and `-chdir`: absolute where [`Surroundings::directory`] is.
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

/// Where a line would run.
#[derive(Clone, Copy)]
pub struct Surroundings<'f> {
    /// The working directory of the agent's shell.
    pub directory: &'f Path,
    /// The files that can be read from there.
    pub files: &'f dyn Files,
}

/// What a line of shell text deserves.
#[must_use]
pub fn advise(line: &str, around: &Surroundings<'_>) -> Advice {
    let words: Vec<String> = line.split_whitespace().map(ToOwned::to_owned).collect();
    advise_words(&words, around)
}

/// What a command deserves that is run without a shell, from its words.
#[must_use]
pub fn advise_words(words: &[String], around: &Surroundings<'_>) -> Advice {
    let reason = |what: &str| Reason {
        what: what.to_owned(),
        instead: "Make a saved plan with `terraform plan -out=tfplan`, then apply that file in a command of its own."
            .to_owned(),
        command: words.join(" "),
    };
    let tool = match words.first().map(String::as_str) {
        Some("terraform") => Tool::Terraform,
        Some("tofu") => Tool::Tofu,
        Some("terragrunt") => Tool::Terragrunt,
        _ => return Advice::Pass,
    };
    match words.get(1..).unwrap_or_default() {
        [verb, plan] if verb == "apply" && !plan.starts_with('-') => Advice::Judge(SavedPlanRun {
            tool,
            directory: around.directory.to_path_buf(),
            plan: around.directory.join(plan),
        }),
        [verb, ..] if verb == "apply" => Advice::Deny(reason("It applies what nobody has seen.")),
        [verb, ..] if verb == "destroy" => Advice::Deny(reason("It destroys what the state holds.")),
        [verb, ..] if verb == "import" || verb == "taint" => Advice::Ask(reason("It changes the state.")),
        _ => Advice::Pass,
    }
}

/// What a call of an agent's own tool or of an MCP server's tool deserves, by the tool's name and arguments. Tools that
/// run shell text or words are read as such by the caller, with [`advise`] and [`advise_words`].
#[must_use]
pub fn advise_call(_tool: &str, _arguments: &Value, _around: &Surroundings<'_>) -> Advice {
    Advice::Pass
}

/// What writing, moving or deleting this file deserves: settings of agents' hooks deny.
#[must_use]
pub fn advise_write(_path: &Path, _around: &Surroundings<'_>) -> Advice {
    Advice::Pass
}
