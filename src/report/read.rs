//! A report that was written as JSON, read back.

use serde::Deserialize;

use super::{Outcome, Report, SCHEMA_VERSION};
use crate::input::{self, InputError};

/// What every version of the form has.
#[derive(Deserialize)]
struct Header {
    schema_version: u32,
    tool: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// Reads a report as the output `json` writes it. `name` is what people call the file.
///
/// The verdict is never below that of a finding in it, and an input that could not be read makes it an error, whatever
/// the text says. Nor is its digest another than that of its verdict and its inputs. Who agreed to it is not read: whoever can
/// write the file could say so, and whose word counts is asked anew where that matters.
///
/// # Errors
/// Where the bytes are no report, or one of another version of the form.
///
/// ```
/// use blastgate::{Given, check, output, report};
///
/// let written = (output::format("json").unwrap().write)(&check(&Given::plan("plan.json", "{")), output::Style::default());
/// assert_eq!(report::read("report.json", written.as_bytes())?.verdict, report::Outcome::Error);
/// # Ok::<(), blastgate::input::InputError>(())
/// ```
pub fn read(name: &str, bytes: &[u8]) -> Result<Report, InputError> {
    let text = input::decode(name, bytes)?;
    let no_report = || {
        InputError::new(name, "this is no report of blastgate")
            .help("give what `blastgate check --format json PLAN` prints; a plan itself goes to `blastgate check`")
    };
    let header: Header = serde_json::from_str(&text).map_err(|_| no_report())?;
    if header.tool.name != "blastgate" {
        return Err(no_report());
    }
    if header.schema_version != SCHEMA_VERSION {
        let version = header.schema_version;
        let what = format!("this report is of version {version}, and only version {SCHEMA_VERSION} is read here");
        return Err(InputError::new(name, what).help("make the reports and put them together with one version"));
    }
    // What serde says quotes the text, which may be anything.
    let damaged = |_| InputError::new(name, "this report is damaged: a field is missing or of another kind");
    let report: Report = serde_json::from_str(&text).map_err(|error| damaged(error).help("make it again"))?;
    let verdict = at_least(&report);
    // What may follow is told anew: it must agree with the verdict, whoever wrote the file.
    Ok(Report { verdict, digest: super::digest(verdict, &report.inputs), ..report }.approved(None))
}

/// The verdict that a report must have by what is in it.
fn at_least(report: &Report) -> Outcome {
    let unread = report.inputs.iter().any(|input| input.error.is_some()).then_some(Outcome::Error);
    let found = report.findings.iter().map(|finding| finding.verdict);
    found.chain(unread).max().unwrap_or(Outcome::Allow).max(report.verdict)
}
