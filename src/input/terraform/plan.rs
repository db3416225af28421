//! The document's top level, and the checks that make a document a plan that can be judged.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::configuration::{ConfigurationPart, Module};
use super::references::Resolver;
use super::rows::{Object, Rows};
use super::sourced::Instances;
use super::state::StatePart;
use crate::input::{Beside, InputError, Limits};
use crate::plan::{
    self, Configuration, Deferred, Estate, Header, Invocation, Mode, Parts, Plan, PlanMode, ResourceChange, Role, Text,
    Variables,
};

/// Everything of the top level that is read, and the names of all keys.
#[derive(Default)]
pub(super) struct Document<'a> {
    pub(super) keys: Vec<Cow<'a, str>>,
    format_version: Option<Text<'a>>,
    terraform_version: Option<Text<'a>>,
    changes: Option<Rows<'a>>,
    drift: Option<Rows<'a>>,
    prior_state: Option<Object<StatePart<'a>>>,
    configuration: Option<Object<ConfigurationPart<'a>>>,
    planned: Option<Planned>,
    variables: Option<&'a RawValue>,
    deferred: Vec<Object<DeferredRow<'a>>>,
    invocations: Vec<Object<InvocationRow<'a>>>,
    deferred_invocations: Vec<IgnoredAny>,
    errored: Option<bool>,
    applyable: Option<bool>,
    complete: Option<bool>,
    /// When it was made.
    pub(super) timestamp: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct VariableRow<'a> {
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct DeferredRow<'a> {
    #[serde(borrow, default)]
    reason: Option<Text<'a>>,
    #[serde(borrow, default)]
    resource_change: Option<DeferredChange<'a>>,
}

#[derive(Deserialize)]
struct DeferredChange<'a> {
    #[serde(borrow, default)]
    address: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct InvocationRow<'a> {
    #[serde(borrow, default)]
    address: Option<Text<'a>>,
    #[serde(borrow, default)]
    lifecycle_action_trigger: Option<Trigger<'a>>,
}

#[derive(Deserialize)]
struct Trigger<'a> {
    #[serde(borrow, default)]
    triggering_resource_address: Option<Text<'a>>,
}

/// Whether `planned_values` names any resource; its values are passed over.
#[derive(Deserialize)]
struct Planned {
    #[serde(default)]
    root_module: Option<PlannedModule>,
}

#[derive(Deserialize)]
struct PlannedModule {
    #[serde(default)]
    resources: Vec<IgnoredAny>,
    #[serde(default)]
    child_modules: Vec<IgnoredAny>,
}

impl<'de> Deserialize<'de> for Document<'de> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_map(TopLevel)
    }
}

struct TopLevel;

impl<'de> Visitor<'de> for TopLevel {
    type Value = Document<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plan, one JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Document<'de>, A::Error> {
        let mut document = Document::default();
        while let Some(Text(key)) = members.next_key()? {
            if document.keys.contains(&key) {
                return Err(A::Error::custom(format_args!("the key {key:?} stands twice at the top level")));
            }
            match &*key {
                "format_version" => document.format_version = members.next_value()?,
                "terraform_version" => document.terraform_version = members.next_value()?,
                "resource_changes" => document.changes = members.next_value()?,
                "resource_drift" => document.drift = members.next_value()?,
                "prior_state" => document.prior_state = members.next_value()?,
                "configuration" => document.configuration = members.next_value()?,
                "variables" => document.variables = members.next_value()?,
                "planned_values" => document.planned = members.next_value()?,
                "deferred_changes" => document.deferred = list(members.next_value()?),
                "action_invocations" => document.invocations = list(members.next_value()?),
                "deferred_action_invocations" => document.deferred_invocations = list(members.next_value()?),
                "errored" => document.errored = members.next_value()?,
                "applyable" => document.applyable = members.next_value()?,
                "complete" => document.complete = members.next_value()?,
                "timestamp" => document.timestamp = members.next_value()?,
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
            document.keys.push(key);
        }
        Ok(document)
    }
}

fn list<T>(items: Option<Vec<T>>) -> Vec<T> {
    items.unwrap_or_default()
}

/// Makes the plan, or says why the document cannot be judged.
pub(super) fn finish<'a>(
    unit: &str,
    document: Document<'a>,
    limits: &Limits,
    beside: &Beside<'_>,
) -> Result<Plan<'a>, InputError> {
    let header = header(unit, &document, beside)?;
    trimmed(unit, &header, &document)?;
    if let Some(address) = document.configuration.as_ref().and_then(|part| part.0.declared_twice()) {
        return Err(InputError::new(unit, format!("its configuration declares {address} twice")).help(UNTOUCHED));
    }
    let mut rows = document.changes.unwrap_or_default();
    rows.share_masks();
    let Rows { mut changes, unchanged } = rows;
    let has_prior_state = document.prior_state.is_some();
    let (outputs, mut instances) = document.prior_state.map(|part| part.0.into_parts()).unwrap_or_default();
    if changes.len().saturating_add(unchanged.len()).max(instances.len()) > limits.rows {
        return Err(InputError::new(unit, format!("it has more than {} resource changes", limits.rows))
            .help("split the plan, for example by state"));
    }
    if let Some(address) = super::state::twice(&instances) {
        return Err(InputError::new(unit, format!("its prior state has {address} twice")).help(UNTOUCHED));
    }
    check(unit, &changes)?;
    changes.shrink_to_fit();
    super::state::take_masks(&mut instances, &changes, &unchanged);
    let without_row = super::state::without_row(&instances, &changes, &unchanged);
    // A refresh-only plan may still read something; nothing else has a row then.
    let any_row = !(changes.is_empty() && unchanged.is_empty()) && header.mode != Some(PlanMode::RefreshOnly);
    if header.complete == Some(true) && !header.errored && any_row && without_row > 0 {
        let what = format!("it says that it is complete, but has no row for {without_row} objects of its prior state");
        return Err(InputError::new(unit, what).help(UNTOUCHED));
    }
    super::state::add_missing(&mut instances, &changes, &unchanged);
    let unchanged = unchanged.iter().filter(|row| row.mode == Mode::Managed).count();
    let part = document.configuration.map(|part| part.0);
    let sources = Instances::of(beside.sources, part.as_ref(), &changes, &instances);
    let variables = variables(document.variables);
    let mut configuration = part.map_or_else(|| from_sources(&sources), |part| part.resolve(&sources));
    super::given::place(&mut configuration, beside.sources, &variables);
    let mut estate = Estate { instances, has_prior_state, unchanged, without_row, ..Estate::default() };
    super::outputs::hand_on(&mut estate, outputs, super::outputs::Form::Printed);
    Ok(Plan {
        unit: unit.to_owned(),
        role: Role::Judged,
        header,
        estate,
        changes,
        drift: document.drift.map(|rows| rows.changes).unwrap_or_default(),
        deferred: document.deferred.into_iter().map(|row| deferred(row.0)).collect(),
        invocations: invocations(document.invocations, document.deferred_invocations.len()),
        configuration,
        declared: sources.declared,
        variables,
        ..Plan::default()
    })
}

/// The configuration of a plan that carries none: what the sources say, which is nothing where they were not given.
fn from_sources<'a>(sources: &Instances<'_>) -> Configuration<'a> {
    let mut configuration = Resolver::run(Module::default(), BTreeMap::new(), sources);
    configuration.present = false;
    configuration
}

/// Makes context of what a plan says that exists. What is planned is passed over, so it need not be complete.
pub(super) fn existing<'a>(unit: &str, document: Document<'a>, limits: &Limits) -> Result<Plan<'a>, InputError> {
    // An errored plan is not refused for what it leaves out.
    let document = Document { errored: Some(true), ..document };
    finish(unit, document, limits, &Beside::default()).map(Plan::into_context)
}

/// What to do about a plan that somebody edited.
const UNTOUCHED: &str = "give the plan untouched, as `terraform show -json tfplan` prints it";

/// Reads the version. A minor one adds properties, a major one may mean anything: that is the format's own contract.
pub(super) fn format_version(unit: &str, written: Option<&Text<'_>>) -> Result<String, InputError> {
    let version = written.map(|text| text.0.to_string()).unwrap_or_default();
    let number = |part: &str| part.parse::<u32>().ok().filter(|number| number.to_string() == part);
    let known = matches!(
        version.split_once('.').map(|(major, minor)| (number(major), number(minor))),
        Some((Some(0), Some(1..)) | (Some(1), Some(_)))
    );
    if !known {
        let shown: String = version.escape_debug().take(20).collect();
        return Err(InputError::new(
            unit,
            format!("its format_version \"{shown}\" is none that this version can read"),
        )
        .help("known are 0.1 to 1.x; a newer blastgate may read it"));
    }
    Ok(version)
}

fn header(unit: &str, document: &Document<'_>, beside: &Beside<'_>) -> Result<Header, InputError> {
    Ok(Header {
        document: plan::Document::Plan,
        format_version: format_version(unit, document.format_version.as_ref())?,
        tool_version: document.terraform_version.as_ref().map(|text| text.0.to_string()),
        errored: document.errored.unwrap_or(false),
        applyable: document.applyable,
        complete: document.complete,
        workspace: beside.workspace.map(str::to_owned),
        file: beside.file.map(str::to_owned),
        claimed_workspace: beside.claimed_workspace.map(str::to_owned),
        mode: beside.mode,
        shown_by: beside.shown_by.map(str::to_owned),
        digest: None,
        sha256: beside.sha256.map(str::to_owned),
    })
}

/// Refuses a plan whose changes are missing though something says that there were some.
///
/// A plan that changes nothing leaves `resource_changes` out, and so does a refresh-only plan; no tool writes an empty
/// list. A plan that says `applyable: false` and is not errored does nothing, and neither does one that a saved plan calls
/// refresh-only: it writes down what changed. Anything else cannot be told from a destroy plan whose rows were cut out.
fn trimmed(unit: &str, header: &Header, document: &Document<'_>) -> Result<(), InputError> {
    let any_managed = document.changes.as_ref().is_some_and(Rows::any_managed);
    let refresh_only = header.mode == Some(PlanMode::RefreshOnly);
    if any_managed || header.errored || header.applyable == Some(false) || refresh_only {
        // An errored plan cannot be applied, and no rule lets it pass.
        return Ok(());
    }
    let refuse = |why: &str| {
        let what = format!("it lists no resource changes, but {why}: it was trimmed, or is refresh-only");
        Err(InputError::new(unit, what)
            .help(format!("{UNTOUCHED}, or the saved plan itself, which says whether it is refresh-only")))
    };
    if document.prior_state.as_ref().is_some_and(|part| part.0.has_managed()) {
        return refuse("its prior state holds resources");
    }
    if document.drift.as_ref().is_some_and(Rows::any_managed) {
        return refuse("things changed outside of the tool");
    }
    let planned = document.planned.as_ref().and_then(|planned| planned.root_module.as_ref());
    if planned.is_some_and(|root| !(root.resources.is_empty() && root.child_modules.is_empty())) {
        return refuse("its planned values hold resources");
    }
    if document.configuration.as_ref().is_some_and(|part| part.0.has_managed()) {
        return refuse("its configuration declares resources");
    }
    if document.configuration.is_none() {
        return refuse("it has no configuration either");
    }
    Ok(())
}

/// Reads the values of every row that does something once, so that nothing after this can fail.
fn check(unit: &str, changes: &[ResourceChange<'_>]) -> Result<(), InputError> {
    use crate::plan::Action;
    for change in changes.iter().filter(|c| !matches!(c.action, Action::NoOp | Action::Read)) {
        for attributes in [&change.before, &change.after] {
            attributes.check().map_err(|error| {
                InputError::new(
                    unit,
                    format!("the values of {} cannot be read: {}", change.address, super::scrub(&error.to_string())),
                )
                .help(UNTOUCHED)
            })?;
        }
    }
    Ok(())
}

/// The variables' values. Nothing is judged by them, so a section of an odd form is passed over.
fn variables(section: Option<&RawValue>) -> Variables<'_> {
    let rows: BTreeMap<String, VariableRow<'_>> =
        section.and_then(|section| serde_json::from_str(section.get()).ok()).unwrap_or_default();
    Variables::new(rows.into_iter().filter_map(|(name, row)| Some((name, row.value?.get()))).collect())
}

fn deferred(row: DeferredRow<'_>) -> Deferred {
    let text = |text: Option<Text<'_>>| text.map(|t| t.0.into_owned()).unwrap_or_default();
    // A reason is a word of the format; anything else is not repeated.
    let is_word = |reason: &String| reason.len() < 40 && reason.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    Deferred {
        address: text(row.resource_change.and_then(|change| change.address)),
        reason: Some(text(row.reason)).filter(is_word).unwrap_or_default(),
    }
}

fn invocations(rows: Vec<Object<InvocationRow<'_>>>, deferred: usize) -> Vec<Invocation> {
    let described = rows.into_iter().map(|Object(row)| Invocation {
        address: row.address.map(|text| text.0.into_owned()).unwrap_or_default(),
        trigger: row
            .lifecycle_action_trigger
            .and_then(|trigger| trigger.triggering_resource_address)
            .map(|text| text.0.into_owned()),
    });
    let unknown = || Invocation { address: "a deferred action".to_owned(), trigger: None };
    described.chain(std::iter::repeat_with(unknown).take(deferred)).collect()
}

/// The parts of an address, borrowed from the input where the address is.
pub(super) fn parts<'a>(address: &Cow<'a, str>) -> Parts<'a> {
    match address {
        Cow::Borrowed(text) => Parts::parse(text),
        Cow::Owned(text) => Parts::parse(text).into_owned(),
    }
}
