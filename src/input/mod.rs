//! Bytes to the model. The one place where an input is refused.
//!
//! A file is decoded (`text`), cut into JSON documents with nothing left over (`document`), each document is told by
//! its keys (`formats`) and read into a [`Plan`] by its format's reader. What is not fully understood is an
//! [`InputError`] that says what, where, and what to do; no part of a file is skipped.
//!
//! A saved plan is no text: [`SavedPlan`] reads what it tells by itself, a tool must show the rest, and [`read_with`] puts
//! both together.

mod cloudformation;
mod context;
mod copies;
mod digest;
mod document;
mod error;
mod formats;
mod saved;
mod terraform;
mod text;

pub use cloudformation::{Stacks, Tells};
pub use context::read_context;
pub use copies::{Copy, take_out_copies};
pub use error::InputError;
pub use saved::{Form, MadeBy, SavedPlan};
pub use text::decode;

use cloudformation::Page;
pub(crate) use digest::hex;

use crate::plan::{Plan, PlanMode};
use crate::sources::Sources;

/// What a reader accepts at most. The defaults are far above what tools write.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one file.
    pub bytes: usize,
    /// Resource changes, or objects of the prior state, in one document.
    pub rows: usize,
    /// Documents in one file.
    pub documents: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 2 << 30, rows: 5_000_000, documents: 10_000 }
    }
}

/// What is known of a plan beside its text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'s> {
    /// The files of the configuration that was planned. They add to what the plan says and take nothing away.
    pub sources: Option<&'s Sources>,
    /// The workspace, as the saved plan records it whose text this is.
    pub workspace: Option<&'s str>,
    /// The workspace that the caller claims.
    pub claimed_workspace: Option<&'s str>,
    /// What the plan was made for, as the saved plan records it.
    pub mode: Option<PlanMode>,
    /// The file that the plan was read from, seen from the root of its repository, where it lies in one.
    pub file: Option<&'s str>,
    /// The program that showed the saved plan.
    pub shown_by: Option<&'s str>,
    /// Take a digest of the plan's text, which takes time with its size.
    pub digest: bool,
    /// The SHA-256 of the saved plan's file, in hexadecimal.
    pub sha256: Option<&'s str>,
}

/// Reads all plans of one input. `name` is what people call it: a path, or `-`.
///
/// # Errors
/// Where any part of the text is not a plan: the whole input is refused then, and the error says what to do.
///
/// ```
/// use blastgate::input::{self, Limits};
///
/// # let json = r#"{"format_version":"1.2","resource_changes":[{"address":"aws_vpc.main","mode":"managed",
/// #     "type":"aws_vpc","name":"main","change":{"actions":["delete"],"before":{"id":"vpc-1"},"after":null}}]}"#;
/// let plans = input::read("plan.json", json, &Limits::default())?;
/// assert_eq!((plans.len(), plans[0].changes[0].address.as_ref()), (1, "aws_vpc.main"));
///
/// let error = input::read("plan.json", "{\n  ]", &Limits::default()).unwrap_err();
/// assert_eq!((error.input.as_str(), error.place), ("plan.json", Some((2, 3))));
/// # Ok::<(), blastgate::input::InputError>(())
/// ```
pub fn read<'a>(name: &str, text: &'a str, limits: &Limits) -> Result<Vec<Plan<'a>>, InputError> {
    read_with(name, text, limits, &Beside::default())
}

/// The same, with what is known beside the text. Sources that do not fit a plan add nothing to it but a gap that says so.
///
/// # Errors
/// As [`read`]; but a plan that is known to be refresh-only need not list resource changes.
///
/// ```
/// use blastgate::input::{self, Beside, Limits};
///
/// # let json = r#"{"format_version":"1.2","resource_changes":[{"address":"aws_vpc.main","mode":"managed",
/// #     "type":"aws_vpc","name":"main","change":{"actions":["delete"],"before":{"id":"vpc-1"},"after":null}}]}"#;
/// let beside = Beside { workspace: Some("preview-17"), ..Beside::default() };
/// let plans = input::read_with("plan.json", json, &Limits::default(), &beside)?;
/// assert_eq!(plans[0].header.workspace.as_deref(), Some("preview-17"));
/// # Ok::<(), blastgate::input::InputError>(())
/// ```
pub fn read_with<'a>(
    name: &str,
    text: &'a str,
    limits: &Limits,
    beside: &Beside<'_>,
) -> Result<Vec<Plan<'a>>, InputError> {
    join(vec![open(name, text, limits, beside)?], &Stacks::default()).into_iter().collect()
}

/// What one input holds: plans, and change sets or pages of them, which other inputs may complete.
#[derive(Debug, Default)]
pub struct Opened<'a>(Vec<Document<'a>>);

impl<'a> From<Vec<Plan<'a>>> for Opened<'a> {
    fn from(plans: Vec<Plan<'a>>) -> Self {
        Self(plans.into_iter().map(|plan| Document::Plan(Box::new(plan))).collect())
    }
}

#[derive(Debug)]
enum Document<'a> {
    Plan(Box<Plan<'a>>),
    Page(Box<Page<'a>>),
}

/// Opens one input. What it holds becomes plans by [`join`].
///
/// # Errors
/// As [`read_with`].
pub fn open<'a>(name: &str, text: &'a str, limits: &Limits, beside: &Beside<'_>) -> Result<Opened<'a>, InputError> {
    if text.len() > limits.bytes {
        return Err(InputError::too_large(name, limits.bytes));
    }
    let mut opened = Vec::new();
    let mut documents = document::Documents::new(name, text);
    while let Some(start) = documents.next_start()? {
        if opened.len() >= limits.documents {
            return Err(InputError::new(name, format!("more than {} documents in one file", limits.documents))
                .help("split the file"));
        }
        let unit =
            if opened.is_empty() { name.to_owned() } else { format!("{name}#{}", opened.len().saturating_add(1)) };
        let (document, end) = open_one(&unit, text, start, limits, beside)?;
        documents.advance_to(end);
        opened.push(document);
    }
    if opened.is_empty() {
        return Err(InputError::new(name, "there is no plan in it: the input is empty")
            .help("make one with `terraform plan -out=tfplan` and `terraform show -json tfplan`"));
    }
    Ok(Opened(opened))
}

/// The documents of Terraform have keys in small letters, those of CloudFormation in capitals; so most are told by their
/// first key, and a large plan is read once.
fn open_one<'a>(
    unit: &str,
    text: &'a str,
    start: usize,
    limits: &Limits,
    beside: &Beside<'_>,
) -> Result<(Document<'a>, usize), InputError> {
    if document::first_key_is_capital(text, start)
        && let Some(read) = open_change_set(unit, text, start, (limits, beside))
    {
        return read;
    }
    match terraform::read(unit, text, start, limits, beside) {
        Ok((plan, end)) => Ok((Document::Plan(Box::new(plan)), end)),
        Err(error) => open_change_set(unit, text, start, (limits, beside)).unwrap_or(Err(error)),
    }
}

/// Reads a document that is a change set by its keys; `None` for another one.
fn open_change_set<'a>(
    unit: &str,
    text: &'a str,
    start: usize,
    (limits, beside): (&Limits, &Beside<'_>),
) -> Option<Result<(Document<'a>, usize), InputError>> {
    let (keys, end) = terraform::keys(unit, text, start).ok()?;
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let document = text.get(start..end).filter(|_| formats::is_change_set(&keys))?;
    let page = cloudformation::read(unit, text, start, document, (limits, beside));
    Some(page.map(|page| (Document::Page(Box::new(page)), end)))
}

/// Makes plans of everything that was opened, in the order of the inputs: pages of a change set are put together, and
/// the change sets of nested stacks go under those of their parents. `stacks` completes them. What is wrong with one says
/// nothing of the others.
///
/// ```
/// use blastgate::input::{self, Beside, Limits, Stacks};
///
/// let set = r#"{"ChangeSetName":"release","StackName":"orders","StackId":"arn:aws:cloudformation:eu-west-1:1:stack/orders/1",
///     "ChangeSetId":"arn:aws:cloudformation:eu-west-1:1:changeSet/release/1","Status":"CREATE_COMPLETE",
///     "ExecutionStatus":"AVAILABLE","Changes":[{"Type":"Resource","ResourceChange":{"Action":"Remove",
///     "PolicyAction":"Delete","LogicalResourceId":"Orders","PhysicalResourceId":"orders-1",
///     "ResourceType":"AWS::DynamoDB::Table","Scope":[],"Details":[]}}]}"#;
/// let opened = input::open("release.json", set, &Limits::default(), &Beside::default())?;
/// let plans: Vec<_> = input::join(vec![opened], &Stacks::default()).into_iter().collect::<Result<_, _>>()?;
/// assert_eq!(plans[0].changes[0].kind, "AWS::DynamoDB::Table");
/// # Ok::<(), blastgate::input::InputError>(())
/// ```
#[must_use]
pub fn join<'a>(opened: Vec<Opened<'a>>, stacks: &Stacks) -> Vec<Result<Plan<'a>, InputError>> {
    let (mut made, mut pages) = (Vec::new(), Vec::new());
    for (at, document) in opened.into_iter().flat_map(|opened| opened.0).enumerate() {
        match document {
            Document::Plan(plan) => made.push((at, Ok(*plan))),
            Document::Page(page) => pages.push((at, *page)),
        }
    }
    made.extend(cloudformation::join(pages, stacks));
    made.sort_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, plan)| plan).collect()
}
