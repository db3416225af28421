//! Files to plans: what every command that looks at plans does first.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest as _, Sha256};

use super::catalog::Rows;
use super::show::{self, Shown};
use super::{complain, context, stacks};
use crate::given::{self, Read, keep};
use crate::input::{self, Beside, InputError, Limits, Opened, SavedPlan};
use crate::plan::Plan;
use crate::sources::{Sources, Tree};

/// The inputs that a command takes.
#[derive(Debug, clap::Args)]
pub(super) struct Inputs {
    /// Saved plans, what `terraform show -json PLAN` or `tofu show -json PLAN` printed, or change sets as
    /// `aws cloudformation describe-change-set` prints them: files, or `-` for standard input
    #[arg(required = true, value_name = "PLAN")]
    pub(super) plans: Vec<PathBuf>,

    /// The folder that the plans were made in: its `.tf` files show local values, dynamic blocks, guards and lines
    #[arg(long, value_name = "DIR")]
    pub(super) source: Option<PathBuf>,

    /// The repository's root: the report gives files from there. By default the nearest folder with `.git`, else the current
    #[arg(long, value_name = "DIR")]
    source_root: Option<PathBuf>,

    /// The most bytes that one plan may have
    #[arg(long, default_value_t = Limits::default().bytes, value_name = "BYTES")]
    pub(super) max_bytes: usize,

    /// The workspace that the plans were made in. It counts as little as a name does; a saved plan knows its own
    #[arg(long, value_name = "NAME")]
    pub(super) workspace: Option<String>,

    #[command(flatten)]
    stacks: stacks::Options,

    #[command(flatten)]
    context: context::Options,

    #[command(flatten)]
    rows: Rows,

    #[command(flatten)]
    show: show::Options,

    /// The one plan, where somebody has read it already. Its path, where it has one, is that in `plans`.
    #[arg(skip)]
    handed: RefCell<Option<Handed>>,
}

/// A plan that was read.
#[derive(Debug)]
pub(super) struct Handed {
    /// What it is called.
    pub(super) name: String,
    /// What it is.
    pub(super) bytes: Vec<u8>,
}

/// One input as it was found.
struct Given {
    name: String,
    path: PathBuf,
    bytes: Vec<u8>,
    /// What it tells by itself, and what a tool made of it, where it is a saved plan.
    saved: Option<(SavedPlan, Shown)>,
    /// The SHA-256 of the file, where it is a saved plan and digests are wanted.
    sha256: Option<String>,
}

impl Inputs {
    /// One saved plan, and nothing beside it.
    pub(super) fn saved(plan: PathBuf, max_bytes: usize, show: show::Options) -> Self {
        let (context, rows) = (context::Options::default(), Rows::default());
        let stacks = stacks::Options::default();
        Self {
            plans: vec![plan],
            source: None,
            source_root: None,
            max_bytes,
            workspace: None,
            context,
            stacks,
            rows,
            show,
            handed: RefCell::default(),
        }
    }

    /// The same for a plan that was read already, with what was given beside it.
    #[cfg(feature = "mcp")]
    pub(super) fn handed(self, handed: Handed, context: context::Options, rows: Rows) -> Self {
        Self { context, rows, handed: RefCell::new(Some(handed)), ..self }
    }

    /// Reads everything and hands it on; with digests where something is to be bound to what was read.
    pub(super) fn read<T>(&self, digests: bool, then: impl FnOnce(Read<'_, '_>) -> T) -> T {
        let limits = Limits { bytes: self.max_bytes, ..Limits::default() };
        let mut errors = Vec::new();
        let sources = self.source.iter().map(|folder| super::sources::load(folder, self.called(folder)?));
        let sources = keep(sources, &mut errors);
        let files = self.load(&limits, &mut errors);
        let files: Vec<Given> = keep(files.into_iter().map(|given| self.open(given, digests, &limits)), &mut errors);
        let texts: Vec<(&Given, Cow<'_, str>)> =
            keep(files.iter().map(|given| Ok((given, input::decode(&given.name, &given.bytes)?))), &mut errors);
        let opened: Vec<Opened<'_>> = keep(
            texts.iter().map(|(given, text)| self.interpret(given, text, (sources.first(), digests), &limits)),
            &mut errors,
        );
        let stacks = self.stacks.load(&limits, &mut errors);
        let read = keep(input::join(opened, &stacks).into_iter(), &mut errors);
        let given: Vec<&[u8]> = files.iter().map(|given| given.bytes.as_slice()).collect();
        let loaded = self.context.load(&limits, &given, &mut errors);
        let context = loaded.texts();
        let (units, mut gaps) = loaded.units(&context, &limits, &mut errors);
        let (plans, copies) = input::take_out_copies(read.into_iter().chain(units).collect());
        gaps.extend(given::tell_copies(copies));
        let catalog = self.rows.catalog().map_err(|error| errors.push(error)).unwrap_or_default();
        let result = then(Read { plans: &plans, errors: &errors, gaps, catalog: &catalog });
        // Giving memory back piece by piece would take longer than all of the above; the process ends soon.
        std::mem::forget(plans);
        result
    }

    fn load(&self, limits: &Limits, errors: &mut Vec<InputError>) -> Vec<Given> {
        let mut files: Vec<Given> = Vec::new();
        if let Some((Handed { name, bytes }, path)) = self.handed.take().zip(self.plans.first()) {
            return vec![Given { name, path: path.clone(), bytes, saved: None, sha256: None }];
        }
        for path in &self.plans {
            let name = path.to_string_lossy().into_owned();
            match load(path, &name, limits) {
                // One plan given twice is one plan; as two, its dependents would count double.
                Ok(bytes) if files.iter().any(|known| known.bytes == bytes) => {
                    complain(&format!("note: {name} was given already; it is judged once"));
                }
                Ok(bytes) => files.push(Given { name, path: path.clone(), bytes, saved: None, sha256: None }),
                Err(error) => errors.push(error),
            }
        }
        files
    }

    /// Shows a saved plan; leaves everything else as it is.
    fn open(&self, mut given: Given, digests: bool, limits: &Limits) -> Result<Given, InputError> {
        let Some(mut saved) = SavedPlan::read(&given.name, &given.bytes, limits)? else { return Ok(given) };
        let mut shown = show::show(&saved, (&given.name, &given.path, &given.bytes), &self.show, limits)?;
        complain(&format!("note: {}", shown.note));
        given.sha256 = digests.then(|| input::hex(&Sha256::digest(&given.bytes)));
        given.bytes = std::mem::take(&mut shown.bytes);
        self.lay(&mut saved.snapshot, &shown.folder)?;
        given.saved = Some((saved, shown));
        Ok(given)
    }

    /// A folder as it is called from the repository's root.
    fn called(&self, folder: &Path) -> Result<String, InputError> {
        super::root::name_of(folder, self.source_root.as_deref())
    }

    /// Lays a saved plan's own sources where they came from: the folder that the user names, else the one that the plan was
    /// shown in, if a file of its configuration is there.
    fn lay(&self, kept: &mut Tree, shown: &Path) -> Result<(), InputError> {
        let mut files = kept.files.keys().filter(|file| !file.contains('/'));
        let shown = files.any(|file| shown.join(file).is_file()).then_some(shown);
        if let Some(folder) = self.source.as_deref().or(shown) {
            kept.at = self.called(folder)?;
            super::sources::add_values(folder, kept);
        }
        Ok(())
    }

    fn interpret<'a>(
        &self,
        given: &Given,
        text: &'a str,
        (sources, digest): (Option<&Sources>, bool),
        limits: &Limits,
    ) -> Result<Opened<'a>, InputError> {
        let is_file = Some(&given.path).filter(|_| given.name != "-");
        let file = is_file.and_then(|path| super::root::name_of_file(path, self.source_root.as_deref()));
        let file = file.as_deref();
        let mut beside =
            Beside { sources, file, claimed_workspace: self.workspace.as_deref(), digest, ..Beside::default() };
        let Some((saved, shown)) = &given.saved else { return input::open(&given.name, text, limits, &beside) };
        // What a saved plan keeps of its configuration is what was planned; a folder may have changed since.
        let kept = Sources::read(&saved.snapshot);
        beside.sources = if kept.is_empty() { sources } else { Some(&kept) };
        beside.workspace = saved.workspace.as_deref();
        beside.mode = saved.mode;
        beside.shown_by = Some(&shown.by);
        beside.sha256 = given.sha256.as_deref();
        let refuse = |what: &str, help: Option<String>| {
            let what = format!("this is a saved plan, and what {} printed for it cannot be judged: {what}", shown.by);
            InputError { help, ..InputError::new(&given.name, what) }
        };
        let plans = input::read_with(&given.name, text, limits, &beside)
            .map_err(|error| refuse(&error.what, error.help.clone()))?;
        let same = |plan: &Plan<'_>| saved.tool_version.is_none() || plan.header.tool_version == saved.tool_version;
        match plans.as_slice() {
            [plan] if same(plan) => Ok(plans.into()),
            [_] => Err(refuse("it says that it is of another version than the one that made the plan", None)),
            _ => Err(refuse("there is more than one plan", None)),
        }
    }
}

/// Standard input was read: there is nothing more in it, and an input that seems empty must not be taken for one.
static STANDARD_INPUT: AtomicBool = AtomicBool::new(false);

/// Reads a file, or standard input where the name is `-`, which only one argument may be.
pub(super) fn load(path: &Path, name: &str, limits: &Limits) -> Result<Vec<u8>, InputError> {
    let failed = |error: io::Error| {
        InputError::new(name, format!("it cannot be read: {error}")).help("check the path and its permissions")
    };
    let most = u64::try_from(limits.bytes).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if name == "-" {
        if STANDARD_INPUT.swap(true, Ordering::Relaxed) {
            return Err(InputError::new(name, "standard input is given twice").help("give it once"));
        }
        io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        if size >= most {
            return Err(InputError::too_large(name, limits.bytes));
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        bytes.try_reserve_exact(size).map_err(|_| InputError::new(name, "there is not enough memory to read it"))?;
        file.take(most).read_to_end(&mut bytes).map_err(failed)?;
    }
    if bytes.len() > limits.bytes {
        return Err(InputError::too_large(name, limits.bytes));
    }
    Ok(bytes)
}
