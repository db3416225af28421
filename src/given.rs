//! From bytes to a report in one call: the pipeline for callers who have everything in memory.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fmt;

use crate::assess::{Settings, assess_with};
use crate::catalog::Catalog;
use crate::input::{self, Beside, Copy, InputError, Limits, Stacks, Tells};
use crate::plan::Plan;
use crate::report::{Gap, Report};
use crate::sources::{self, Sources, Tree};

/// What is judged, and what is known beside it. Everything is in memory: nothing is opened, run or asked for.
///
/// Plans hold secrets; so `{:?}` shows names and sizes, and nothing of what is in them.
#[derive(Clone, Default)]
pub struct Given<'g> {
    /// What is judged, as one change: plans as `terraform show -json` or `tofu show -json` prints them, and change sets as
    /// `aws cloudformation describe-change-set` does. A saved plan must be shown first; its bytes are refused.
    pub plans: Vec<File<'g>>,
    /// What exists elsewhere and may stand on what the plans change: states, plans, templates. It is never judged.
    pub context: Vec<File<'g>>,
    /// What tells of the stacks that change sets are about, each with what it is.
    pub stacks: Vec<(Tells, File<'g>)>,
    /// The configuration that the plans were made from.
    pub sources: Option<&'g Tree>,
    /// The workspace that the plans were made in, as the caller says. It counts as little as a name does.
    pub workspace: Option<&'g str>,
    /// What types are worth, with rows of the caller's own where there are any.
    pub catalog: Catalog,
    /// What is accepted at most.
    pub limits: Limits,
    /// So many nodes of what is affected the report draws at most; 0: it has no picture.
    pub drawn: usize,
    /// The report gets a digest of everything that was judged, which takes time with the size of the plans.
    pub digest: bool,
    /// Inputs that the caller was to give and could not get hold of: the report names them too, and is an error.
    pub missing: Vec<InputError>,
}

/// Some bytes, and what people call them.
#[derive(Clone, Copy)]
pub struct File<'g> {
    /// A path, or whatever else tells it from the others: the report calls it so.
    pub name: &'g str,
    /// All of it: UTF-8 or UTF-16.
    pub bytes: &'g [u8],
}

/// What was read of everything that was given.
#[derive(Debug)]
pub struct Read<'r, 'a> {
    /// The plans that could be read, with their context behind them.
    pub plans: &'r [Plan<'a>],
    /// Why others could not.
    pub errors: &'r [InputError],
    /// What of the context was not seen.
    pub gaps: Vec<Gap>,
    /// What types are worth.
    pub catalog: &'r Catalog,
}

/// Judges what is given as one change. Pure and deterministic, and it cannot fail: where anything that was given cannot be
/// read, the report's verdict is [`Outcome::Error`](crate::report::Outcome::Error), and its `inputs` say which and why. What
/// could be read is in the report all the same.
///
/// [`Given::read`] has the errors in parts, and the plans, for whoever wants more than a report.
///
/// ```
/// use blastgate::report::Outcome;
/// use blastgate::{File, Given, check};
///
/// let plan = r#"{"format_version":"1.2","resource_changes":[{"address":"aws_s3_bucket.receipts",
///     "mode":"managed","type":"aws_s3_bucket","name":"receipts","change":{
///     "actions":["delete","create"],"before":{"id":"acme-receipts"},"after":{"bucket":"new"}}}]}"#;
///
/// let report = check(&Given::plan("plan.json", plan));
/// assert_eq!(report.verdict, Outcome::Block);
/// assert_eq!(report.findings[0].rule, "data-loss");
///
/// // Half a plan is no verdict.
/// let report = check(&Given::plan("plan.json", &plan[..100]));
/// assert_eq!(report.verdict, Outcome::Error);
///
/// // Two plans are one change, and nothing is left out because one of them cannot be read.
/// let plans = vec![File::new("storage.json", plan), File::new("network.json", "{}")];
/// let report = check(&Given { plans, workspace: Some("prod"), ..Given::default() });
/// assert_eq!((report.verdict, report.findings.len()), (Outcome::Error, 1));
/// ```
#[must_use]
pub fn check(given: &Given<'_>) -> Report {
    given.read(|read| read.report(given.drawn))
}

impl<'g> File<'g> {
    /// Bytes or text with a name.
    #[must_use]
    pub fn new(name: &'g str, bytes: &'g (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { name, bytes: bytes.as_ref() }
    }
}

impl<'g> Given<'g> {
    /// One plan, and nothing beside it.
    #[must_use]
    pub fn plan(name: &'g str, bytes: &'g (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self { plans: vec![File::new(name, bytes)], ..Self::default() }
    }

    /// Reads everything and hands it on, since plans borrow from texts that live as long as the call. Bytes that are given
    /// twice count once.
    ///
    /// ```
    /// use blastgate::{Given, explain};
    ///
    /// let plan = r#"{"format_version":"1.2","resource_changes":[{"address":"aws_vpc.main","mode":"managed",
    ///     "type":"aws_vpc","name":"main","change":{"actions":["delete"],"before":{},"after":null}}]}"#;
    /// let explained = Given::plan("plan.json", plan).read(|read| match read.errors {
    ///     [] => Ok(explain::explain_with(read.plans, "aws_vpc.main", read.catalog)),
    ///     [error, ..] => Err(error.clone()),
    /// })?;
    /// assert_eq!(explained.explained[0].kind, "aws_vpc");
    ///
    /// let error = Given::plan("plan.json", "{").read(|read| read.errors[0].clone());
    /// assert_eq!((error.input.as_str(), error.place), ("plan.json", Some((1, 2))));
    /// # Ok::<(), blastgate::input::InputError>(())
    /// ```
    pub fn read<T>(&self, then: impl FnOnce(Read<'_, '_>) -> T) -> T {
        let mut errors = self.missing.clone();
        errors.extend(self.nothing());
        let sources = keep(self.sources().into_iter(), &mut errors);
        let beside = Beside {
            sources: sources.first(),
            claimed_workspace: self.workspace,
            digest: self.digest,
            ..Beside::default()
        };
        let mut seen = Seen::default();
        let texts = self.texts(&self.plans, &mut seen, &mut errors);
        let opened = texts.iter().map(|(name, text)| input::open(name, text, &self.limits, &beside));
        let opened = keep(opened, &mut errors);
        let stacks = self.stacks(&mut errors);
        let read = keep(input::join(opened, &stacks).into_iter(), &mut errors);
        let texts = self.texts(&self.context, &mut seen, &mut errors);
        let units = texts.iter().map(|(name, text)| input::read_context(name, text, &self.limits));
        let units = keep(units, &mut errors).into_iter().flatten();
        let (plans, copies) = input::take_out_copies(read.into_iter().chain(units).collect());
        let gaps = tell_copies(copies).collect();
        then(Read { plans: &plans, errors: &errors, gaps, catalog: &self.catalog })
    }

    /// To judge nothing is to allow it, and nobody asks for that.
    fn nothing(&self) -> Option<InputError> {
        let nothing = self.plans.is_empty() && self.missing.is_empty();
        nothing.then(|| InputError::new("-", "no plan was given").help("give at least one plan to be judged"))
    }

    fn sources(&self) -> Option<Result<Sources, InputError>> {
        let tree = self.sources?;
        let is_any = tree.files.keys().any(|path| sources::is_source(path.rsplit('/').next().unwrap_or(path)));
        let none = || {
            // They may lie at the repository's root, which has no name.
            let name = if tree.at.is_empty() { "sources" } else { &tree.at };
            InputError::new(name, "there is no .tf file among them").help("give the files of the root module")
        };
        Some(is_any.then(|| Sources::read(tree)).ok_or_else(none))
    }

    /// Decodes files, without those whose bytes were seen before.
    fn texts(
        &self,
        files: &[File<'g>],
        seen: &mut Seen<'g>,
        errors: &mut Vec<InputError>,
    ) -> Vec<(&'g str, Cow<'g, str>)> {
        let new: Vec<&File<'g>> = files.iter().filter(|file| seen.bytes.insert(file.bytes)).collect();
        let named = new.into_iter().map(|file| seen.name(file).map(|()| file));
        keep(named.map(|file| file.and_then(|file| Ok((file.name, self.text(file)?)))), errors)
    }

    fn text(&self, file: &File<'g>) -> Result<Cow<'g, str>, InputError> {
        if file.bytes.len() > self.limits.bytes {
            return Err(InputError::too_large(file.name, self.limits.bytes));
        }
        input::decode(file.name, file.bytes)
    }

    fn stacks(&self, errors: &mut Vec<InputError>) -> Stacks {
        let mut stacks = Stacks::default();
        for (tells, file) in &self.stacks {
            let read = self.text(file).and_then(|text| stacks.read(*tells, file.name, &text, &self.limits));
            errors.extend(read.err());
        }
        stacks
    }
}

/// What was given so far.
#[derive(Default)]
struct Seen<'g> {
    bytes: HashSet<&'g [u8]>,
    names: HashSet<&'g str>,
}

impl<'g> Seen<'g> {
    /// Findings name their input; so two of them must not share a name.
    fn name(&mut self, file: &File<'g>) -> Result<(), InputError> {
        let twice =
            || InputError::new(file.name, "another input has the same name").help("give each a name of its own");
        self.names.insert(file.name).then_some(()).ok_or_else(twice)
    }
}

impl Read<'_, '_> {
    /// The report, with a picture of so many nodes at most.
    #[must_use]
    pub fn report(&self, drawn: usize) -> Report {
        let (errors, gaps) = (self.errors, self.gaps.as_slice());
        assess_with(self.plans, &Settings { errors, gaps, catalog: self.catalog.clone(), drawn })
    }
}

impl fmt::Debug for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sources: Option<Vec<&String>> = self.sources.map(|tree| tree.files.keys().collect());
        f.debug_struct("Given")
            .field("plans", &self.plans)
            .field("context", &self.context)
            .field("stacks", &self.stacks)
            .field("sources", &sources)
            .field("workspace", &self.workspace)
            .field("limits", &self.limits)
            .field("drawn", &self.drawn)
            .field("digest", &self.digest)
            .field("missing", &self.missing)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for File<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ({} bytes)", self.name, self.bytes.len())
    }
}

/// Sorts results from errors.
pub(crate) fn keep<T>(results: impl Iterator<Item = Result<T, InputError>>, errors: &mut Vec<InputError>) -> Vec<T> {
    results.filter_map(|result| result.map_err(|error| errors.push(error)).ok()).collect()
}

/// What was left out because something else has its objects.
pub(crate) fn tell_copies(copies: Vec<Copy>) -> impl Iterator<Item = Gap> {
    let mut of: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for copy in copies {
        of.entry(copy.of).or_default().push(copy.unit);
    }
    of.into_iter().map(|(input, units)| {
        let (hold, are) = if units.len() == 1 { ("holds", "is") } else { ("hold", "are") };
        let text =
            format!("{} {hold} the objects of {input} and {are} left out: nothing is counted twice.", some(units));
        Gap { input, text }
    })
}

/// The first few names, and how many more there are.
pub(crate) fn some(names: Vec<String>) -> String {
    const SHOWN: usize = 5;
    let more = names.len().saturating_sub(SHOWN);
    let first: Vec<String> = names.into_iter().take(SHOWN).collect();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    first.join(", ") + &more
}
