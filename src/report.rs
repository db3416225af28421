//! The report: the only types that are serialized, and how reports are read back and put together.
//!
//! Their JSON Schema is in `schemas/report.json`; `schema_version` goes up when a field changes its meaning or goes.
//! Nothing in here is a value of a plan but addresses, types, attribute names, the tags that tell an environment, and, in
//! causes and ways out, the value of the one attribute that was edited, where nobody has to hide it.

mod digest;
mod merge;
mod next;
mod read;

#[cfg(feature = "github")]
pub(crate) use digest::content;
pub(crate) use digest::digest;
pub use merge::merge;
pub(crate) use merge::text;
pub use next::{NextAction, NextActions};
pub use read::read;

use serde::{Deserialize, Serialize};

use crate::picture::Picture;

/// The version of this form.
pub const SCHEMA_VERSION: u32 = 1;

/// Everything that the gate has to say.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// The version of the report's form.
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// What must happen before the change may go on.
    pub verdict: Outcome,
    /// How bad it is, 0 to 100, for ranking; it knows nothing of environments and approvals.
    pub score: u32,
    /// What the score is made of.
    pub points: Vec<Points>,
    /// The change in a few numbers.
    pub summary: Summary,
    /// What was found, by cause: one story each, the worst first.
    pub groups: Vec<Group>,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// What an agent may do now, what it must not do, and what needs a person.
    #[serde(default)]
    pub next_actions: NextActions,
    /// What deserves a look all the same, and changes no verdict.
    pub notes: Vec<Note>,
    /// What could not be seen, and what follows from that.
    pub gaps: Vec<Gap>,
    /// A digest of everything that was judged, in any order, with the verdict: what a word about this report is bound to.
    /// SHA-256 in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Who agreed to it, where somebody's word counts. It changes the exit code and not the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// The agents that took part in the change, where its commits were looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<AgentCommits>,
    /// What was read.
    pub inputs: Vec<Input>,
    /// What is affected, drawn as far as somebody asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// What made the report.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tool {
    /// `blastgate`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The catalogue's version, which moves verdicts.
    pub catalog: String,
}

/// The verdict of a whole report, in the order of precedence: with several inputs the last beats the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Nothing here needs a second pair of eyes.
    Allow,
    /// A person other than the author must agree first.
    Review,
    /// This loses data or takes down what others stand on.
    Block,
    /// Not everything could be read, so there is no verdict.
    Error,
}

impl Outcome {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Review => "review",
            Self::Block => "block",
            Self::Error => "error",
        }
    }

    /// What it means, in a sentence.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Allow => "Nothing here needs a second pair of eyes.",
            Self::Review => "A person other than the author must agree first.",
            Self::Block => "This loses data or takes down what others stand on.",
            Self::Error => "Not everything could be read, so there is no verdict.",
        }
    }
}

/// The change in a few numbers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// The verdict's reason in one line.
    pub text: String,
    /// Findings that block.
    pub block: usize,
    /// Findings that ask for review.
    pub review: usize,
    /// Findings that were lowered to allow.
    pub lowered: usize,
    /// Managed objects by what is planned for them.
    pub changes: Changes,
}

/// Managed objects by what is planned for them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Changes {
    /// Made.
    pub create: usize,
    /// Changed in place.
    pub update: usize,
    /// Replaced, in either order.
    pub replace: usize,
    /// Deleted.
    pub delete: usize,
    /// Changed in place or replaced: only the apply will show which.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub may_replace: usize,
    /// Left running and dropped from the state.
    pub forget: usize,
    /// Moved to another address, whatever else happens to them.
    pub moved: usize,
    /// Imported, whatever else happens to them.
    pub import: usize,
    /// With an action that nobody knows.
    pub unknown: usize,
    /// Left as they are.
    pub unchanged: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// A part of a score.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Points {
    /// How much.
    pub points: u32,
    /// What for.
    pub reason: String,
}

/// Findings that one cause explains.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Group {
    /// Its name: what the findings give as their group. It is unique within an input.
    pub id: String,
    /// The input that it is in.
    pub input: String,
    /// The highest verdict of its findings.
    pub verdict: Outcome,
    /// What happened, in a sentence.
    pub cause: String,
    /// The places of its findings in the list of all findings, the worst first.
    pub findings: Vec<usize>,
    /// How many further objects are destroyed by the same cause, without a finding of their own.
    pub others: usize,
    /// A few of those.
    pub other_names: Vec<String>,
    /// What to do instead, for all of it, the best first.
    pub ways_out: Vec<WayOut>,
}

/// What to do instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WayOut {
    /// Which way it is: moved, revert, removed, snapshot and so on.
    pub id: String,
    /// What to do, in a sentence or two.
    pub text: String,
    /// What to paste.
    pub paste: Option<Paste>,
}

/// Text to paste.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Paste {
    /// What it is: hcl, tfvars, sh, yaml.
    pub language: String,
    /// The text.
    pub text: String,
}

/// One object, and what is wrong with its change.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// The rule that names it.
    pub rule: String,
    /// The other rules that it meets.
    pub also: Vec<String>,
    /// The verdict, after lowering.
    pub verdict: Outcome,
    /// What lowered it.
    pub lowered: Option<Lowered>,
    /// The object's address; empty for the plan as a whole.
    pub address: String,
    /// The input that it is in.
    pub input: String,
    /// The key of a deposed object.
    pub deposed: Option<String>,
    /// The resource type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is planned.
    pub action: String,
    /// What is lost or interrupted: data, contents, service, protection, control, unseen.
    pub loss: String,
    /// What happens and why it matters.
    pub reason: String,
    /// The addresses that a finding on a whole plan names.
    pub names: Vec<String>,
    /// Where it comes from.
    pub cause: Option<Cause>,
    /// Where it is written, where the sources were given and have its block.
    pub source: Option<Source>,
    /// Who stands on it.
    pub dependents: Dependents,
    /// What the catalogue says of the type.
    pub catalog: Option<Catalog>,
    /// Where it is.
    pub environment: Environment,
    /// Facts that the finding stands on.
    pub evidence: Vec<String>,
    /// Findings with one cause have one group.
    pub group: String,
    /// How bad it is, 0 to 100.
    pub score: u32,
    /// What the score is made of.
    pub points: Vec<Points>,
    /// Why the type counts as what it does, in a sentence.
    pub counts_as: Option<String>,
    /// What a reviewer should check, as a question.
    pub check: String,
    /// What to do instead, the best first. There is always one.
    pub ways_out: Vec<WayOut>,
    /// The same for the same finding in every run.
    pub fingerprint: String,
}

/// What lowered a finding.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lowered {
    /// The verdict before.
    pub from: Outcome,
    /// What did it: `environment`.
    pub by: String,
}

/// Where a change comes from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cause {
    /// What began it: edited, drifted, read anew, requested, tainted, triggered, not known yet, block removed, module removed, key
    /// removed, index removed, repetition changed, moved nowhere, switched off, destroy plan, unsaid.
    pub origin: String,
    /// The same in a sentence.
    pub text: String,
    /// Where it began: the address of an object, a block or a module.
    pub address: String,
    /// The attribute there.
    pub attribute: Option<String>,
    /// The attribute of this object that forces its replacement.
    pub forced_by: Option<String>,
    /// An attribute of this object that was edited as well, where it began elsewhere.
    pub also_edited: Option<String>,
    /// The addresses on the way there, from this object on.
    pub path: Vec<String>,
    /// The variables of the root module, or the parameters of a stack, that the value comes from.
    pub variables: Vec<String>,
    /// The data sources that the value comes from.
    pub reads: Vec<String>,
    /// The changing object that the value comes from: what it waits for, or what it newly refers to.
    pub comes_from: Option<String>,
    /// Where something alike is made.
    pub renamed_to: Option<String>,
    /// Only a value that is not known yet forces it; it may not be needed at all.
    pub only_unknown: bool,
}

/// Where an object is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Source {
    /// The file of its block, seen from the root of its repository, with `/` between folders.
    pub file: String,
    /// The line of its block, counted from one.
    pub line: u32,
    /// The attribute in that block that forces the replacement, or for which the change is found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute_at: Option<Place>,
    /// Where that is set, or what it follows from: perhaps in another block or file, in a module's call, or among the
    /// variables' values.
    pub set_at: Option<Place>,
    /// The calls of the modules that it stands in, the outermost first.
    pub called_from: Vec<Place>,
    /// What is written there, where the object's own block is gone: something alike, or a `removed` block. A few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}

/// A place in a source file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Place {
    /// The file, seen from the root of its repository, with `/` between folders.
    pub file: String,
    /// The line, counted from one.
    pub line: u32,
}

/// Who stands on an object.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dependents {
    /// How many foundations, services and stores of records.
    pub count: u32,
    /// The nearest few.
    pub nearest: Vec<Dependent>,
    /// How many of them the plan leaves as they are.
    pub outside_plan: u32,
    /// The nearest few of those.
    pub outside: Vec<String>,
    /// It carries things that no plan lists.
    pub carries_unlisted: bool,
}

/// One dependent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dependent {
    /// Its address.
    pub address: String,
    /// How many steps away it is.
    pub steps: u32,
    /// How the last step is known: configuration, state, identity, sources.
    pub known_by: String,
}

/// What the catalogue says of a type.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Catalog {
    /// records, transient, nothing, unknown.
    pub holds: String,
    /// foundation, service, support, routine, unknown.
    pub standing: String,
    /// On what the answer stands: `exact`, the pattern, or `unknown`.
    pub basis: String,
    /// A sentence for the reader.
    pub note: Option<String>,
}

/// Where a change happens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Environment {
    /// production, ephemeral, weakly ephemeral, or unsaid, which counts as production.
    pub is: String,
    /// The object that says so; for a workspace, the input.
    pub address: Option<String>,
    /// Its tag, or the attribute that holds its name.
    pub key: Option<String>,
    /// What that says.
    pub value: Option<String>,
}

/// What deserves a look.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// The address that it is about; empty for the plan as a whole.
    pub address: String,
    /// What to know.
    pub text: String,
}

/// What could not be seen.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Gap {
    /// The input that it is about.
    pub input: String,
    /// What was not seen, and what follows.
    pub text: String,
}

/// Who agreed to a change that must be agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Approval {
    /// The account.
    pub by: String,
    /// When, as the platform writes it.
    pub at: String,
    /// Where that can be read.
    pub url: String,
}

/// An agent that took part in a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgentCommits {
    /// Its name; of a bot that is not known, its account.
    pub name: String,
    /// How many commits it has a part in.
    pub commits: usize,
}

/// One input.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Input {
    /// Its name: a path, `-`, or `path#2` for the second document in a file.
    pub name: String,
    /// What it was given for: `plan` to be judged, `context` for what exists elsewhere.
    pub role: String,
    /// What it is: `terraform-plan`, `terraform-state`, `cloudformation-change-set`, `cloudformation-template`.
    pub format: Option<String>,
    /// The format's version, where it has one.
    pub format_version: Option<String>,
    /// The version of the tool that made it.
    pub tool_version: Option<String>,
    /// The workspace, as a saved plan records it.
    pub workspace: Option<String>,
    /// The file that it is, seen from the root of its repository, where it lies in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The program that showed it, where it is a saved plan.
    pub shown_by: Option<String>,
    /// A digest of what was judged, but for when it was made: the same plan made again has the same one. SHA-256 in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The SHA-256 of the file as it was given, in hexadecimal, where it is a saved plan: what is applied must have the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// How many objects exist before the change.
    pub objects: usize,
    /// Why it could not be read.
    pub error: Option<String>,
}

impl Input {
    /// It is a change set of a stack.
    #[must_use]
    pub fn is_change_set(&self) -> bool {
        self.format.as_deref() == Some(crate::plan::Document::ChangeSet.word())
    }
}
