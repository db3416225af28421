//! Saved plans: what `terraform plan -out=FILE` and `tofu plan -out=FILE` write.
//!
//! Such a file is a zip archive with the plan (`tfplan`, a protocol buffer), the states before and after refreshing, the
//! configuration and the locked providers; or, from HCP Terraform, a bookmark in JSON; or, from OpenTofu, the archive
//! encrypted and wrapped in JSON. None says by itself what changes, since the values' schemas are the providers': a tool
//! must show it. But the archive says what the tool's JSON leaves out: the workspace, the mode, and the sources.
//!
//! The parts are those that `internal/plans/planfile` of Terraform and OpenTofu writes and reads. Whatever is not as these
//! write it is refused: what is read here must be what the tool reads.

mod archive;
mod snapshot;
mod wire;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{InputError, Limits, terraform};
use crate::plan::PlanMode;
use crate::sources::Tree;
use archive::{Archive, malformed};
use wire::{Field, Odd};

/// What a saved plan tells by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedPlan {
    /// In which form it was saved.
    pub form: Form,
    /// The tool that made it, as far as that shows.
    pub made_by: MadeBy,
    /// The workspace that it was made in.
    pub workspace: Option<String>,
    /// What it was made for; versions before 1.0 do not say.
    pub mode: Option<PlanMode>,
    /// The version of the tool that made it; no other can show it.
    pub tool_version: Option<String>,
    /// The lineage of the state that it was made for.
    pub lineage: Option<String>,
    /// The configuration that it was made from.
    pub snapshot: Tree,
}

/// The forms that a plan is saved in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A zip archive, all of it in the file.
    Archive,
    /// A bookmark of a plan that HCP Terraform or Terraform Enterprise keeps.
    Bookmark,
    /// Encrypted by OpenTofu.
    Encrypted,
}

/// The tools that save plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MadeBy {
    /// Terraform itself, and whatever does not say otherwise.
    Terraform,
    /// OpenTofu.
    OpenTofu,
}

impl SavedPlan {
    /// Reads what a saved plan tells by itself; `None` where the bytes are no saved plan in any form. `name` is what
    /// people call the input.
    ///
    /// # Errors
    /// Where the bytes are a zip archive that is no saved plan, or one that is not as the tools write it.
    ///
    /// ```
    /// use blastgate::input::{Limits, SavedPlan};
    ///
    /// // JSON is read as it is; a saved plan must be shown by the tool that made it.
    /// assert!(SavedPlan::read("plan.json", b"{}", &Limits::default())?.is_none());
    /// assert!(SavedPlan::read("tfplan", b"PK\x03\x04 and nothing else", &Limits::default()).is_err());
    /// # Ok::<(), blastgate::input::InputError>(())
    /// ```
    pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Option<Self>, InputError> {
        if bytes.len() > limits.bytes {
            return Err(InputError::too_large(name, limits.bytes));
        }
        match bytes {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => archived(name, bytes, limits).map(Some),
            [b't', b'f', b'p', b'l', b'a', b'n', ..] => {
                Err(InputError::new(name, "this is a saved plan of Terraform 0.11 or older, which has no JSON form")
                    .help("plan with Terraform 0.12 or newer"))
            }
            _ => Ok(wrapped(bytes).map(Self::without_parts)),
        }
    }

    /// A plan of whose parts nothing can be read here.
    fn without_parts(form: Form) -> Self {
        let made_by = if form == Form::Encrypted { MadeBy::OpenTofu } else { MadeBy::Terraform };
        Self {
            form,
            made_by,
            workspace: None,
            mode: None,
            tool_version: None,
            lineage: None,
            snapshot: Tree::default(),
        }
    }
}

const PLAN: &str = "tfplan";
const STATE: &str = "tfstate";
const LOCKS: &str = ".terraform.lock.hcl";
/// Only OpenTofu keeps the providers' schemas, and has an ending of its own for sources.
const SCHEMAS: &str = "tfschemas";
const OWN_ENDING: &str = ".tofu";

fn archived(name: &str, bytes: &[u8], limits: &Limits) -> Result<SavedPlan, InputError> {
    let mut archive = Archive::open(name, bytes, limits)?;
    if !archive.has(PLAN) {
        return Err(InputError::new(name, "this is a zip archive, but not a saved plan: it has no part called tfplan")
            .help("a plan is saved by `terraform plan -out=tfplan` or `tofu plan -out=tfplan`"));
    }
    let wanted = [VERSION, BACKEND, TOOL_VERSION, MODE, STATE_STORE];
    let fields = archive.read(PLAN, |mut input| wire::read(&mut input, &wanted))?;
    let root = Root::of(fields).map_err(|odd| malformed(name, odd))?;
    let snapshot = snapshot::read(name, &mut archive)?;
    let lineage = if archive.has(STATE) { archive.read(STATE, |input| lineage(input))? } else { None };
    let locks = if archive.has(LOCKS) { archive.text(LOCKS, 16 << 20)? } else { String::new() };
    let tofu = archive.has(SCHEMAS)
        || locks.contains("\"tofu init\"")
        || locks.contains("\"registry.opentofu.org/")
        || snapshot.files.keys().any(|file| file.strip_suffix(".json").unwrap_or(file).ends_with(OWN_ENDING));
    Ok(SavedPlan {
        form: Form::Archive,
        made_by: if tofu { MadeBy::OpenTofu } else { MadeBy::Terraform },
        workspace: root.workspace,
        mode: root.mode,
        tool_version: root.tool_version,
        lineage,
        snapshot,
    })
}

/// The lineage of a state; nothing else of it is kept.
fn lineage(input: &mut dyn std::io::BufRead) -> Result<Option<String>, Odd> {
    #[derive(Deserialize)]
    struct State {
        #[serde(default)]
        lineage: String,
    }
    let state: State = serde_json::from_reader(input).map_err(|_| "it is no state")?;
    Ok(Some(state.lineage).filter(|lineage| !lineage.is_empty()))
}

/// Fields of the root message, in `planfile.proto`; Terraform and OpenTofu have the same, but for the state store.
const VERSION: u64 = 1;
const BACKEND: u64 = 13;
const TOOL_VERSION: u64 = 14;
const MODE: u64 = 17;
const STATE_STORE: u64 = 29;
/// The workspace, within a backend as within a state store.
const WORKSPACE: u64 = 3;

/// What is read of the root message.
struct Root {
    workspace: Option<String>,
    mode: Option<PlanMode>,
    tool_version: Option<String>,
}

impl Root {
    fn of(mut fields: BTreeMap<u64, Field>) -> Result<Self, Odd> {
        // A zero is not written.
        if number(fields.get(&VERSION))? != 3 {
            return Err("it is of another version than 3, the only one that tools write");
        }
        let tool_version = text(fields.remove(&TOOL_VERSION))?;
        let mode = match number(fields.get(&MODE))? {
            // Before 1.0 there was no such field, whatever a plan was made for.
            0 if tool_version.as_ref().is_none_or(|version| version.starts_with("0.")) => None,
            0 => Some(PlanMode::Normal),
            1 => Some(PlanMode::Destroy),
            2 => Some(PlanMode::RefreshOnly),
            _ => return Err("it was made in a mode that nobody knows"),
        };
        let places = (fields.remove(&BACKEND), fields.remove(&STATE_STORE));
        let ((Some(Field::Bytes(settings)), None) | (None, Some(Field::Bytes(settings)))) = places else {
            return Err("it does not name one place where its state is kept");
        };
        let mut settings = wire::read(&mut settings.as_slice(), &[WORKSPACE])?;
        Ok(Self { workspace: text(settings.remove(&WORKSPACE))?, mode, tool_version })
    }
}

fn number(field: Option<&Field>) -> Result<u64, Odd> {
    match field {
        None => Ok(0),
        Some(Field::Number(number)) => Ok(*number),
        Some(Field::Bytes(_)) => Err("a text stands where a number should be"),
    }
}

fn text(field: Option<Field>) -> Result<Option<String>, Odd> {
    match field {
        None => Ok(None),
        Some(Field::Bytes(bytes)) => {
            let text = String::from_utf8(bytes).map_err(|_| "a text in it is not UTF-8")?;
            Ok(Some(text).filter(|text| !text.is_empty()))
        }
        Some(Field::Number(_)) => Err("a number stands where a text should be"),
    }
}

/// Tells a bookmark and an encrypted plan by their keys: `internal/cloud/cloudplan/saved_plan.go` and
/// `internal/encryption/base.go`. A document with any other key is left to the reader of documents, which refuses it.
fn wrapped(bytes: &[u8]) -> Option<Form> {
    let forms = [
        (Form::Bookmark, "remote_plan_format", &["remote_plan_format", "run_id", "hostname"][..]),
        (Form::Encrypted, "encrypted_data", &["meta", "encrypted_data", "encryption_version", "serial", "lineage"]),
    ];
    // A plan can be very large, and its keys are not worth reading it twice.
    let head = bytes.get(..HEAD.min(bytes.len())).unwrap_or_default();
    let names = |key: &str| head.windows(key.len()).any(|part| part == key.as_bytes());
    let (form, sign, known) = forms.into_iter().find(|(_, key, _)| names(key))?;
    let keys = terraform::keys_of_all(std::str::from_utf8(bytes).ok()?)?;
    let fits = keys.iter().any(|key| key == sign) && keys.iter().all(|key| known.contains(&key.as_str()));
    fits.then_some(form)
}

/// The key of an encrypted plan stands behind what its key providers noted, which is short.
const HEAD: usize = 64 << 10;
