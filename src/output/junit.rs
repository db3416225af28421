//! The report as test results in the XML of `JUnit`: a suite for each plan, a case for each finding, so that whatever shows test
//! results shows them.
//!
//! The form has no standard; this stays within what Jenkins' schema allows
//! (<https://github.com/jenkinsci/xunit-plugin/tree/master/src/main/resources/org/jenkinsci/plugins/xunit/types>) and
//! what GitLab and Azure Pipelines read (<https://docs.gitlab.com/ci/testing/unit_test_reports/>). GitLab shows one case of
//! each name in a class, so names are unique.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Style;
use super::clean::{clean, defuse, shorten};
use super::words::{self, number};
use crate::report::{Finding, Outcome, Report};

/// So many characters of a name or a text are written.
const LONGEST: usize = 4_000;

/// What became of a case.
enum Result<'r> {
    Passed,
    Failed(&'r Finding),
    Skipped(&'r Finding),
    Error(&'r str),
}

struct Case<'r> {
    name: String,
    result: Result<'r>,
}

pub(super) fn write(report: &Report, _: Style) -> String {
    let suites: Vec<(&str, Vec<Case<'_>>)> =
        names(report).into_iter().map(|name| (name, cases(report, name))).collect();
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let _ = writeln!(text, "<testsuites name=\"blastgate\" {}>", counts(suites.iter().flat_map(|(_, cases)| cases)));
    for (name, cases) in &suites {
        let name = escape(name);
        let _ = writeln!(text, "  <testsuite name=\"{name}\" {} skipped=\"{}\">", counts(cases), skipped(cases));
        for case in cases {
            text += &written(&name, case);
        }
        text += "  </testsuite>\n";
    }
    text + "</testsuites>\n"
}

/// The plans, whatever else could not be read, and whatever else findings are in.
fn names(report: &Report) -> Vec<&str> {
    let judged = report.inputs.iter().filter(|input| input.role == "plan" || input.error.is_some());
    let inputs = judged.map(|input| input.name.as_str());
    let found = report.findings.iter().map(|finding| finding.input.as_str());
    let mut known = BTreeSet::new();
    inputs.chain(found).filter(|name| known.insert(*name)).collect()
}

/// The cases of a plan. One is always there: a plan without any would look as if nobody had looked at it.
fn cases<'r>(report: &'r Report, input: &str) -> Vec<Case<'r>> {
    let errors = report.inputs.iter().filter(|one| one.name == input).filter_map(|one| one.error.as_deref());
    let errors = errors.map(|error| ("it can be read".to_owned(), Result::Error(error)));
    let found = report.findings.iter().filter(|finding| finding.input == input).map(|finding| {
        let result = if finding.verdict == Outcome::Allow { Result::Skipped(finding) } else { Result::Failed(finding) };
        // The class says which plan it is.
        let is_plan = finding.address.is_empty();
        let about = if is_plan { "all of it".to_owned() } else { words::object(finding) };
        (format!("{}: {about}", finding.rule), result)
    });
    let mut names = BTreeSet::new();
    let mut cases: Vec<Case<'_>> = Vec::new();
    for (name, result) in errors.chain(found) {
        let again = (2..).map(|count| format!("{name} ({count})"));
        let unique = std::iter::once(name.clone()).chain(again).find(|name| names.insert(name.clone()));
        cases.push(Case { name: unique.unwrap_or(name), result });
    }
    if cases.iter().all(|case| matches!(case.result, Result::Skipped(_))) {
        cases.push(Case { name: "nothing needs a second pair of eyes".to_owned(), result: Result::Passed });
    }
    cases
}

fn counts<'c>(cases: impl IntoIterator<Item = &'c Case<'c>>) -> String {
    let (mut tests, mut failures, mut errors) = (0_usize, 0_usize, 0_usize);
    for case in cases {
        tests = tests.saturating_add(1);
        failures = failures.saturating_add(usize::from(matches!(case.result, Result::Failed(_))));
        errors = errors.saturating_add(usize::from(matches!(case.result, Result::Error(_))));
    }
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
}

fn skipped(cases: &[Case<'_>]) -> usize {
    cases.iter().filter(|case| matches!(case.result, Result::Skipped(_))).count()
}

fn written(class: &str, case: &Case<'_>) -> String {
    let head = format!("    <testcase classname=\"{class}\" name=\"{}\"", escape(&case.name));
    let inside = match &case.result {
        Result::Passed => return format!("{head}/>\n"),
        Result::Failed(finding) => {
            let (kind, message) = (finding.verdict.word(), escape(&words::reason(finding)));
            format!("<failure type=\"{kind}\" message=\"{message}\">{}</failure>", escape_lines(&told(finding)))
        }
        Result::Skipped(finding) => {
            let message = escape(&format!("lowered: {}", words::lowered_by(finding)));
            format!("<skipped message=\"{message}\">{message}</skipped>")
        }
        Result::Error(error) => {
            let error = escape(error);
            format!("<error type=\"error\" message=\"{error}\">{error}</error>")
        }
    };
    format!("{head}>\n      {inside}\n    </testcase>\n")
}

/// All that a person needs who sees no more than this.
fn told(finding: &Finding) -> String {
    let mut lines = vec![format!("{} {}", finding.verdict.word().to_uppercase(), words::reason(finding))];
    lines.extend(finding.cause.as_ref().map(|cause| format!("Why: {}", cause.text)));
    let source = finding.source.as_ref();
    lines.extend(source.map(|source| format!("Written at: {}", words::written_at(source, finding.cause.as_ref()))));
    let on_it = number(finding.dependents.count as usize, "dependent");
    lines.extend(words::nearest(finding).map(|names| format!("On it stand {on_it}: {names}.")));
    lines.extend(words::environment(finding));
    lines.push(format!("Check: {}", finding.check));
    lines.extend(finding.ways_out.iter().map(words::way_out));
    lines.join("\n")
}

/// A job that prints the file must not take a line of it for a command.
fn escape_lines(text: &str) -> String {
    text.lines().map(|line| escape(&defuse(line))).collect::<Vec<_>>().join("\n")
}

/// A text in an attribute or an element. Characters that XML does not know at all are gone with the controls, but for two
/// (<https://www.w3.org/TR/xml/#charsets>).
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in shorten(&clean(text), LONGEST).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => safe.extend(c.escape_unicode()),
            other => safe.push(other),
        }
    }
    safe
}
