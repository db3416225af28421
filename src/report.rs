//! The report: the only types that are serialized.
//!
//! Their JSON Schema is in `schemas/report.json`; `schema_version` goes up when a field changes its meaning or goes.
//! Nothing in here is a value of a plan but addresses, types, attribute names and the tags that tell an environment.

use serde::Serialize;

/// The version of this form.
pub const SCHEMA_VERSION: u32 = 1;

/// Everything that the gate has to say.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// The version of the report's form.
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// What must happen before the change may go on.
    pub verdict: Outcome,
    /// How bad it is, 0 to 100; 0 as long as nothing is scored.
    pub score: u32,
    /// The change in a few numbers.
    pub summary: Summary,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// What deserves a look all the same, and changes no verdict.
    pub notes: Vec<Note>,
    /// What could not be seen, and what follows from that.
    pub gaps: Vec<Gap>,
    /// What was read.
    pub inputs: Vec<Input>,
}

/// What made the report.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tool {
    /// `blastgate`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The catalogue's version, which moves verdicts.
    pub catalog: String,
}

/// The verdict of a whole report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
}

/// The change in a few numbers.
#[derive(Debug, Clone, Default, Serialize)]
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
#[derive(Debug, Clone, Default, Serialize)]
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

/// One object, and what is wrong with its change.
#[derive(Debug, Clone, Serialize)]
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
    /// A way out.
    pub remedy: String,
    /// The same for the same finding in every run.
    pub fingerprint: String,
}

/// What lowered a finding.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lowered {
    /// The verdict before.
    pub from: Outcome,
    /// What did it: `environment`.
    pub by: String,
}

/// Where a change comes from.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cause {
    /// The address of the object where it began.
    pub address: String,
    /// The attribute there.
    pub attribute: Option<String>,
    /// The attribute of this object that forces its replacement.
    pub forced_by: Option<String>,
    /// The addresses on the way there.
    pub path: Vec<String>,
    /// The reason, where the plan says one.
    pub reason: Option<String>,
    /// Only a value that is not known yet forces it.
    pub only_unknown: bool,
}

/// Who stands on an object.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dependents {
    /// How many foundations, services and stores of records.
    pub count: u32,
    /// The nearest few.
    pub nearest: Vec<Dependent>,
    /// How many of them the plan leaves as they are.
    pub outside_plan: u32,
    /// It carries things that no plan lists.
    pub carries_unlisted: bool,
}

/// One dependent.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dependent {
    /// Its address.
    pub address: String,
    /// How many steps away it is.
    pub steps: u32,
    /// How the last step is known: configuration, state, identity.
    pub known_by: String,
}

/// What the catalogue says of a type.
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Environment {
    /// production, ephemeral, weakly ephemeral, or unsaid, which counts as production.
    pub is: String,
    /// The object that says so.
    pub address: Option<String>,
    /// Its tag, or the attribute that holds its name.
    pub key: Option<String>,
    /// What that says.
    pub value: Option<String>,
}

/// What deserves a look.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// The address that it is about; empty for the plan as a whole.
    pub address: String,
    /// What to know.
    pub text: String,
}

/// What could not be seen.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Gap {
    /// The input that it is about.
    pub input: String,
    /// What was not seen, and what follows.
    pub text: String,
}

/// One input.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Input {
    /// Its name: a path, `-`, or `path#2` for the second document in a file.
    pub name: String,
    /// What it was given for: `plan` to be judged, `context` for what exists elsewhere.
    pub role: String,
    /// What it is: `terraform-plan`, `terraform-state`, `cloudformation-template`.
    pub format: Option<String>,
    /// The format's version.
    pub format_version: Option<String>,
    /// The version of the tool that made it.
    pub tool_version: Option<String>,
    /// How many objects exist before the change.
    pub objects: usize,
    /// Why it could not be read.
    pub error: Option<String>,
}
