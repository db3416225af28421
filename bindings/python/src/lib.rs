//! What `blastgate` for Python calls: bytes in, JSON out, and why inputs were refused. `python/blastgate` makes typed
//! objects of it. Nothing here reads a file, and Python goes on while a plan is judged.

#![allow(clippy::needless_pass_by_value, reason = "what comes from Python is made for the call")]

use std::collections::{BTreeMap, HashMap};
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

use blastgate::catalog::Catalog;
use blastgate::explain::{explain_with, nearest_addresses};
use blastgate::input::{self, InputError, Limits, Tells};
use blastgate::output::{self, FORMATS, Style};
use blastgate::report;
use blastgate::sources::Tree;
use blastgate::{File, Given, Read};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use serde_json::to_string;

/// So many nodes of a picture a report carries, as the program's JSON does.
const DRAWN: usize = 400;

/// An input's name and what is in it.
type Named = (String, PyBackedBytes);

/// An input's name, what is wrong, line and column, what to do; and all of it as the program prints it.
type Problem = (String, String, Option<(usize, usize)>, Option<String>, String);

/// An input that could not be had: its name, what is wrong, what to do.
type Missing = (String, String, Option<String>);

/// Everything that was given, as `python/blastgate/_inputs.py` collects it.
#[derive(FromPyObject)]
struct Collected {
    plans: Vec<Named>,
    context: Vec<Named>,
    stacks: Vec<(String, String, PyBackedBytes)>,
    sources: Option<BTreeMap<String, String>>,
    rows: Option<Named>,
    workspace: Option<String>,
    max_bytes: usize,
    /// Inputs that could not be had.
    missing: Vec<Missing>,
}

impl Collected {
    /// Reads everything and hands it on.
    fn read<T>(&self, then: impl FnOnce(Read<'_, '_>) -> T) -> T {
        let mut missing: Vec<InputError> = self.missing.iter().map(refused).collect();
        let catalog = self.catalog().map_err(|error| missing.push(error)).unwrap_or_default();
        let stacks = self.stacks.iter().filter_map(|(tells, name, bytes)| Some((told(tells)?, File { name, bytes })));
        let sources = self.sources.as_ref().map(|files| Tree { files: files.clone(), ..Tree::default() });
        let given = Given {
            plans: named(&self.plans),
            context: named(&self.context),
            stacks: stacks.collect(),
            sources: sources.as_ref(),
            workspace: self.workspace.as_deref(),
            catalog,
            limits: Limits { bytes: self.max_bytes, ..Limits::default() },
            drawn: DRAWN,
            digest: true,
            missing,
        };
        given.read(then)
    }

    fn catalog(&self) -> Result<Catalog, InputError> {
        self.rows
            .as_ref()
            .map_or_else(|| Ok(Catalog::default()), |(name, bytes)| with_rows(name, &input::decode(name, bytes)?))
    }
}

fn named(files: &[Named]) -> Vec<File<'_>> {
    files.iter().map(|(name, bytes)| File { name, bytes }).collect()
}

fn refused((input, what, help): &Missing) -> InputError {
    InputError { help: help.clone(), ..InputError::new(input, what) }
}

/// The names are those of the arguments in Python, which gives no others.
fn told(tells: &str) -> Option<Tells> {
    match tells {
        "template" => Some(Tells::Template),
        "resources" => Some(Tells::Resources),
        "stack" => Some(Tells::Stack),
        "policy" => Some(Tells::Policy),
        _ => None,
    }
}

/// A catalogue with a caller's rows. They are asked until the process ends, so each text is kept, once.
fn with_rows(name: &str, text: &str) -> Result<Catalog, InputError> {
    static KNOWN: Mutex<Option<HashMap<String, Catalog>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(catalog) = known.get(text) {
        return Ok(catalog.clone());
    }
    let catalog = Catalog::with_rows(text.to_owned().leak()).map_err(|error| {
        InputError::new(name, format!("these are no rows of the catalogue: {error}"))
            .help("docs/catalog.md says how rows are written")
    })?;
    known.insert(text.to_owned(), catalog.clone());
    Ok(catalog)
}

fn problems(errors: &[InputError]) -> Vec<Problem> {
    let parts = |error: &InputError| {
        let InputError { input, what, place, help } = error.clone();
        (input, what, place, help, output::clean(&error.to_string()))
    };
    errors.iter().map(parts).collect()
}

fn written(json: serde_json::Result<String>) -> PyResult<String> {
    json.map_err(|error| PyValueError::new_err(error.to_string()))
}

/// What the work may use of the stack, as the program's does. Threads of Python may have next to none, and a plan that is
/// nested on purpose must not end the process.
const STACK: usize = 8 << 20;

/// Reads everything and hands it on, while Python goes on.
fn read<T: Send>(py: Python<'_>, given: &Collected, then: impl Fn(Read<'_, '_>) -> T + Send) -> PyResult<T> {
    py.detach(|| {
        thread::scope(|scope| {
            let work = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || given.read(then))?;
            Ok(work.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
    })
}

/// A report as JSON, and why inputs were refused.
#[pyfunction]
fn check(py: Python<'_>, given: Collected) -> PyResult<(String, Vec<Problem>)> {
    let (report, problems) = read(py, &given, |read| (to_string(&read.report(DRAWN)), problems(read.errors)))?;
    Ok((written(report)?, problems))
}

/// All about what an address names as JSON; why inputs were refused; and addresses like it, where it names nothing.
#[pyfunction]
fn explain(py: Python<'_>, given: Collected, address: &str) -> PyResult<(String, Vec<Problem>, Vec<String>)> {
    let (explained, problems, near) = read(py, &given, |read| {
        let explanations = explain_with(read.plans, address, read.catalog);
        let near = match explanations.explained.as_slice() {
            [] => nearest_addresses(read.plans, address),
            _ => Vec::new(),
        };
        (to_string(&explanations), problems(read.errors), near)
    })?;
    Ok((written(explained)?, problems, near))
}

/// What the catalogue says of a type, as JSON.
#[pyfunction]
fn resource_type(kind: &str) -> PyResult<String> {
    written(to_string(&Catalog::default().answer(kind)))
}

/// A report, given as JSON, in one of the outputs.
#[pyfunction]
fn render(py: Python<'_>, report: &str, format: &str) -> PyResult<String> {
    let known = || FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
    let unknown = || PyValueError::new_err(format!("there is no format {format:?}; there are {}", known()));
    let format = output::format(format).ok_or_else(unknown)?;
    let read = report::read("report", report.as_bytes()).map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(py.detach(|| (format.write)(&read, Style::default())))
}

/// The catalogue's version.
#[pyfunction]
fn catalog_version() -> String {
    Catalog::default().version()
}

/// The part of `blastgate` that is written in Rust.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::{catalog_version, check, explain, render, resource_type};

    /// The version of what judges.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");

    /// The most bytes that one input may have, where nobody says another number.
    #[pymodule_export]
    const MAX_BYTES: usize = 2 << 30;
}
