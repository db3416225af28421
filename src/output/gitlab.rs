//! The report for GitLab's Code Quality widget: a list of issues in code
//! (<https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>).
//!
//! An issue needs a place. A finding without one in code lies in the first line of its plan.

use std::collections::BTreeSet;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::clean::{clean, shorten};
use super::json::pretty;
use super::{Style, words};
use crate::report::{Finding, Input, Outcome, Report};

/// So many characters of a description are shown.
const DESCRIPTION: usize = 1_000;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

pub(super) fn write(report: &Report, _: Style) -> String {
    let failed = report.inputs.iter().filter_map(|input| unread(input, input.error.as_deref()?).into());
    let found = report.findings.iter().map(|finding| issue(report, finding));
    let mut issues: Vec<Issue> = failed.chain(found).collect();
    let mut known = BTreeSet::new();
    for issue in &mut issues {
        // Of several issues with one fingerprint GitLab shows one.
        while !known.insert(issue.fingerprint.clone()) {
            issue.fingerprint = digest(&[&issue.fingerprint, "again"]);
        }
    }
    pretty(&issues)
}

fn issue(report: &Report, finding: &Finding) -> Issue {
    let lowered = if finding.verdict == Outcome::Allow { " (lowered)" } else { "" };
    let verdict = finding.lowered.as_ref().map_or(finding.verdict, |lowered| lowered.from).word().to_uppercase();
    let description = format!("{verdict}{lowered}: {}: {}", words::object(finding), words::reason(finding));
    let severity = match finding.verdict {
        Outcome::Block | Outcome::Error => "blocker",
        Outcome::Review => "major",
        Outcome::Allow => "info",
    };
    // The same finding in two plans is two; in one plan it is the same however that is called.
    let input = if words::are_several(report) { finding.input.as_str() } else { "" };
    let plan = report.inputs.iter().find(|input| input.name == finding.input).and_then(|input| input.file.as_deref());
    let (path, line) = words::place(finding).unwrap_or((plan.unwrap_or(&finding.input), 1));
    Issue {
        description: shorten(&clean(&description), DESCRIPTION),
        check_name: clean(&finding.rule),
        fingerprint: digest(&[&finding.fingerprint, input]),
        severity,
        location: Location { path: file(path), lines: Lines { begin: line.max(1) } },
    }
}

fn unread(input: &Input, error: &str) -> Issue {
    Issue {
        description: shorten(&clean(&format!("ERROR: {error}")), DESCRIPTION),
        check_name: "input-error".to_owned(),
        fingerprint: digest(&["input-error", &input.name]),
        severity: "blocker",
        location: Location { path: file(&input.name), lines: Lines { begin: 1 } },
    }
}

/// A path as GitLab wants it: from the root of the repository, without a `./` before it.
fn file(path: &str) -> String {
    let path = path.trim_start_matches("./");
    if path.is_empty() || path == "-" { "plan.json".to_owned() } else { clean(path) }
}

fn digest(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\n").as_bytes());
    digest.iter().take(16).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
