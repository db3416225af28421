//! SARIF 2.1.0, as code scanning services read it.
//!
//! The form is <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>; which part of it GitHub shows, and how
//! much it takes, is told at
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.
//! Each plan is a run of its own, so that what is uploaded for one plan does not take the place of what was for another.

mod fingerprint;
mod limits;
mod message;
mod notification;
mod part;
mod place;
mod result;
mod rules;

use serde_json::{Value, json};

use super::{Style, json};
use crate::report::{Finding, Report};
use limits::{GITHUB, Limits};
use part::Part;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn write(report: &Report, _: Style) -> String {
    within(report, &GITHUB)
}

/// Writes what the limits have room for, the worst first.
fn within(report: &Report, limits: &Limits) -> String {
    let parts = part::parts(report, limits.runs);
    let fingerprints = fingerprint::of(report, &parts);
    let mut most = report.findings.len();
    loop {
        let log = Log { report, fingerprints: &fingerprints, most, limits };
        let text = json::pretty(&log.write(&parts));
        let Some(fewer) = limits.fewer(&text, most) else { return text };
        most = fewer;
    }
}

/// One file.
struct Log<'r> {
    report: &'r Report,
    /// One for each finding.
    fingerprints: &'r [String],
    /// So many of the findings are shown at most, the worst.
    most: usize,
    limits: &'r Limits,
}

impl Log<'_> {
    fn write(&self, parts: &[Part<'_>]) -> Value {
        let runs: Vec<Value> = parts.iter().enumerate().map(|(at, part)| self.run(part, at == 0)).collect();
        json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": runs,
            "properties": {"verdict": self.report.verdict.word(), "score": self.report.score},
        })
    }

    /// A part's findings, or, where nobody knows whose something is, those of everything: that stands in the first.
    fn run(&self, part: &Part<'_>, is_first: bool) -> Value {
        let fits = part.findings.iter().filter(|at| **at < self.most).take(self.limits.results).count();
        let (shown, left_out) = part.findings.split_at_checked(fits).unwrap_or((&part.findings, &[]));
        let finding = |at: &usize| self.report.findings.get(*at);
        let shown = shown.iter().filter_map(|at| Some((finding(at)?, self.fingerprints.get(*at)?)));
        let results: Vec<Value> =
            shown.map(|(finding, fingerprint)| result::write(self.report, finding, fingerprint)).collect();
        let left_out: Vec<&Finding> = left_out.iter().filter_map(finding).collect();
        json!({
            "tool": {"driver": rules::driver(&self.report.tool)},
            "automationDetails": {"id": part.id, "description": message::of(&[part.about()])},
            "originalUriBaseIds": {
                place::ROOT: {"description": message::of(&["The root of the repository.".to_owned()])},
            },
            "columnKind": "utf16CodeUnits",
            "invocations": [notification::invocation(self.report, part, is_first, &left_out)],
            "results": results,
        })
    }
}

#[cfg(test)]
mod tests;
