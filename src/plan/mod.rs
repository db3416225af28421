//! The common model of a planned change: what exists, what is planned, and who refers to whom.
//!
//! It knows nothing of blastgate's judgement and nothing of a file format. A reader fills it, everything after it
//! reads it. Text is borrowed from the input wherever that is possible, so a plan of 80 MB costs little more than itself.

mod action;
mod address;
mod attributes;
mod configuration;
mod disposal;
mod handed;
mod parse;
mod paths;
mod secret_name;
mod text;
mod value;

pub use action::{Action, ActionReason};
pub use address::{Key, Mode, Parts, modules_of, parameter};
pub(crate) use address::{Step, steps};
pub use attributes::{Attributes, DuplicateKey};
pub(crate) use configuration::CALL;
pub use configuration::{
    Block, BlockKind, Configuration, Declarations, Guarded, KeyMatch, Keys, Lifecycle, Moved, Place, Provisioner,
    Reference, Written,
};
pub use disposal::{Disposal, Policy, PolicyChange, PolicySaid, Statement};
pub use handed::{Lineage, Output, RemoteState, Shared};
pub(crate) use secret_name::words;
pub(crate) use text::Text;
pub use value::{Secret, Value};

use std::borrow::Cow;
use std::collections::BTreeMap;

/// One plan as it was read: a unit of state with its estate, its changes and its configuration.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    /// The name of the input that it came from, for people: a path, `-`, or `path#2` for the second document in a file.
    pub unit: String,
    /// Whether it is judged, or only tells what exists elsewhere.
    pub role: Role,
    /// What the plan says of itself.
    pub header: Header,
    /// What exists, and how completely that is known.
    pub estate: Estate<'a>,
    /// What is planned: a change for each object that anything happens to, moves and imports included.
    pub changes: Vec<ResourceChange<'a>>,
    /// What changed outside of the tool since the last run. Not planned work.
    pub drift: Vec<ResourceChange<'a>>,
    /// Changes that were put off to a later plan: address and reason.
    pub deferred: Vec<Deferred>,
    /// Side effects that the plan triggers and does not describe.
    pub invocations: Vec<Invocation>,
    /// Who refers to whom, by block.
    pub configuration: Configuration<'a>,
    /// The values of the root module's variables, which can be compared and not be seen.
    pub variables: Variables<'a>,
    /// What the sources say of it, where they were given.
    pub declared: Declarations,
    /// Tags that the tool will put on all objects whose addresses begin so, where those are known that it puts there now.
    pub tags_after: Vec<GivenTag>,
    /// Guards that are taken off beside what is planned for the objects themselves.
    pub guards_off: Vec<GuardOff>,
}

/// A guard that is taken off an object from outside of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardOff {
    /// The object's address.
    pub address: String,
    /// Its type.
    pub kind: String,
    /// What goes, as a sentence.
    pub what: String,
}

/// The values of the root module's variables. They hold clear text whether they are sensitive or not, so all that they
/// can be asked is whether one equals a value that is known already.
#[derive(Default)]
pub struct Variables<'a>(BTreeMap<String, &'a str>);

impl<'a> Variables<'a> {
    /// Takes the JSON text of each variable's value.
    #[must_use]
    pub fn new(values: BTreeMap<String, &'a str>) -> Self {
        Self(values)
    }

    /// The variable has this value.
    #[must_use]
    pub fn is(&self, name: &str, value: &Value<'_>) -> bool {
        self.0.get(name).is_some_and(|text| Attributes::new(Some(text), None, None).view() == *value)
    }
}

impl Variables<'_> {
    /// The variable's value stands somewhere in a text that is known already.
    #[must_use]
    pub fn stands_in(&self, name: &str, text: &str) -> bool {
        let value = self.0.get(name).map(|text| Attributes::new(Some(text), None, None).view());
        value.as_ref().and_then(Value::text).is_some_and(|value| !value.is_empty() && text.contains(value))
    }
}

impl std::fmt::Debug for Variables<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({} variables)", self.0.len())
    }
}

impl Plan<'_> {
    /// The same as context: what exists and who stands on whom, and nothing of what is planned.
    #[must_use]
    pub fn into_context(self) -> Self {
        let header = Header { errored: false, ..self.header };
        let estate = Estate { unchanged: 0, without_row: 0, ..self.estate };
        let (unit, configuration) = (self.unit, self.configuration);
        Self { unit, role: Role::Context, header, estate, configuration, ..Self::default() }
    }
}

/// Why a plan was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// To be judged.
    #[default]
    Judged,
    /// For what exists elsewhere and may stand on what is judged. It has objects and edges, and no changes.
    Context,
}

impl Role {
    /// The word that reports use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Judged => "plan",
            Self::Context => "context",
        }
    }
}

/// What a plan says of itself. `None` is "does not say", which is not the same as `false`.
#[derive(Debug, Default, Clone)]
pub struct Header {
    /// What kind of document it was.
    pub document: Document,
    /// `format_version` as written; a raw state's `version`, a template's `AWSTemplateFormatVersion`.
    pub format_version: String,
    /// `terraform_version` as written; OpenTofu uses the same key.
    pub tool_version: Option<String>,
    /// The plan stopped at an error and cannot be applied.
    pub errored: bool,
    /// Applying it would do something.
    pub applyable: Option<bool>,
    /// It covers the whole configuration.
    pub complete: Option<bool>,
    /// The workspace, as a saved plan records it; the JSON does not say it.
    pub workspace: Option<String>,
    /// The workspace that the caller claims.
    pub claimed_workspace: Option<String>,
    /// What the plan was made for, as a saved plan records it; the JSON does not say it.
    pub mode: Option<PlanMode>,
    /// The program that showed the saved plan.
    pub shown_by: Option<String>,
    /// A digest of its text but for when it was made, where one was asked for: SHA-256 in hexadecimal.
    pub digest: Option<String>,
    /// The SHA-256 of the saved plan's file, in hexadecimal.
    pub sha256: Option<String>,
}

/// What kind of document a unit was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Document {
    /// A plan.
    #[default]
    Plan,
    /// A state, printed or raw.
    State,
    /// A CloudFormation template.
    Template,
    /// A CloudFormation change set.
    ChangeSet,
}

impl Document {
    /// The word that reports use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Plan => "terraform-plan",
            Self::State => "terraform-state",
            Self::Template => "cloudformation-template",
            Self::ChangeSet => "cloudformation-change-set",
        }
    }
}

/// What a plan was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanMode {
    /// To make what exists match the configuration.
    Normal,
    /// To destroy everything: `terraform plan -destroy`.
    Destroy,
    /// To write down what changed outside of the tool: `terraform plan -refresh-only`.
    RefreshOnly,
}

impl Header {
    /// The format's major and minor version; a version that a reader accepted is always of that form.
    #[must_use]
    pub fn format(&self) -> (u32, u32) {
        let mut parts = self.format_version.split('.').map(|part| part.parse().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
    }
}

/// What exists before the change.
#[derive(Debug, Default)]
pub struct Estate<'a> {
    /// Every object that is known to exist, data sources included, and the values that `outputs` and the like name.
    pub instances: Vec<Instance<'a>>,
    /// Whether the plan carried its prior state, the only full list of what exists.
    pub has_prior_state: bool,
    /// Nothing is known of what the plan leaves as it is, so no share of what exists can be told.
    pub changes_only: bool,
    /// Of some objects that change, the plan gives no values.
    pub values_unseen: bool,
    /// What stands on what changes is known only as far as the changes tell.
    pub users_unseen: bool,
    /// Tags that the tool puts on all objects whose addresses begin so, beside their own.
    pub tags: Vec<GivenTag>,
    /// Managed objects that the plan says it leaves as they are.
    pub unchanged: usize,
    /// Managed objects that the plan says nothing about: it covers only a part.
    pub without_row: usize,
    /// The places of objects that exist only under a condition that was not looked into, in order.
    pub perhaps: Vec<usize>,
    /// The outputs of the root module.
    pub outputs: Vec<Output<'a>>,
    /// The outputs of other units that it has read.
    pub remote_states: Vec<RemoteState<'a>>,
    /// What it exports to other templates.
    pub exports: Vec<Shared>,
    /// What it imports from other templates.
    pub imports: Vec<Shared>,
    /// Which state it is, where that is said.
    pub lineage: Option<Lineage>,
}

/// Those of some tags that the tool puts on the object of an address. Of two of one key the one for fewer objects is meant.
#[must_use]
pub fn given_to<'t>(tags: &'t [GivenTag], address: &str) -> Vec<&'t GivenTag> {
    let mut fitting: Vec<&GivenTag> = tags.iter().filter(|tag| tag.fits(address)).collect();
    fitting.sort_by_key(|tag| std::cmp::Reverse(tag.within.len()));
    let mut keys: Vec<&str> = Vec::new();
    fitting.retain(|tag| {
        let is_new = !keys.contains(&tag.key.as_str());
        keys.push(&tag.key);
        is_new
    });
    fitting
}

impl GivenTag {
    /// The object of this address gets it.
    fn fits(&self, address: &str) -> bool {
        address.strip_prefix(&self.within).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// A tag that the tool puts on many objects at once. An object's own tag of the same key stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenTag {
    /// What the addresses of the objects begin with.
    pub within: String,
    /// The tag's key.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// One object that exists.
#[derive(Debug)]
pub struct Instance<'a> {
    /// Its address, instance keys included.
    pub address: Cow<'a, str>,
    /// The address of its block: the same without instance keys.
    pub block: Cow<'a, str>,
    /// The instance keys, one for each module step and a last one for the resource itself; empty where there is none.
    pub keys: Box<[Key]>,
    /// Managed or data.
    pub mode: Mode,
    /// Resource type, such as `aws_vpc`.
    pub kind: Cow<'a, str>,
    /// The key of a deposed object: what an unfinished replacement left over.
    pub deposed: Option<Cow<'a, str>>,
    /// Attribute values before the change.
    pub values: Attributes<'a>,
    /// Block addresses of all ancestors, as the last apply recorded them.
    pub depends_on: Recorded<'a>,
}

/// The block addresses that an object's state lists, unparsed: most plans never ask for most of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Recorded<'a>(Option<&'a str>);

impl<'a> Recorded<'a> {
    /// Takes the JSON text of the list; `None` where it is no list of texts.
    #[must_use]
    pub fn new(list: &'a str) -> Option<Self> {
        serde_json::from_str::<Vec<Cow<'_, str>>>(list).ok().map(|_| Self(Some(list)))
    }

    /// The addresses.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        self.0.and_then(|list| serde_json::from_str(list).ok()).unwrap_or_default()
    }
}

/// One object's planned change.
#[derive(Debug)]
pub struct ResourceChange<'a> {
    /// Address, instance keys included.
    pub address: Cow<'a, str>,
    /// The address before a move.
    pub previous_address: Option<Cow<'a, str>>,
    /// The address of its block.
    pub block: Cow<'a, str>,
    /// Managed or data.
    pub mode: Mode,
    /// Resource type.
    pub kind: Cow<'a, str>,
    /// The key of a deposed object.
    pub deposed: Option<Cow<'a, str>>,
    /// What is planned.
    pub action: Action,
    /// Why, where the plan says so.
    pub reason: Option<ActionReason>,
    /// Attribute values before the change.
    pub before: Attributes<'a>,
    /// Attribute values after it, as far as they are known.
    pub after: Attributes<'a>,
    /// The attribute paths that force a replacement, each as its steps.
    pub replace_paths: Vec<Vec<String>>,
    /// An import goes with the action.
    pub importing: bool,
    /// What the plan says of the old object beside the action, where its format has words for that.
    pub disposal: Option<Box<Disposal>>,
    /// Whether what happens inside of it can be seen.
    pub inside: Inside,
    /// What the plan of what is inside is called, where the format names it: the ARN of a nested stack's change set.
    pub inside_plan: Option<Box<str>>,
}

/// Whether what happens inside of an object can be seen, where its type holds others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Inside {
    /// The plan does not say.
    #[default]
    Unsaid,
    /// It is planned elsewhere, and that was given.
    Shown,
    /// It is planned elsewhere, and that was not given.
    Unseen,
}

impl ResourceChange<'_> {
    /// Something happens to the object, or to its place in the state.
    #[must_use]
    pub fn does_anything(&self) -> bool {
        !matches!(self.action, Action::NoOp | Action::Read) || self.importing || self.previous_address.is_some()
    }
}

/// A change that the tool put off.
#[derive(Debug, Clone)]
pub struct Deferred {
    /// The address, where the plan gives one.
    pub address: String,
    /// The reason as written, such as `resource_config_unknown`.
    pub reason: String,
}

/// An action that the plan will invoke: a side effect outside of the resource changes.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The action's address.
    pub address: String,
    /// The address of the resource that triggers it, if one does.
    pub trigger: Option<String>,
}
