//! Annotations in a GitHub workflow: commands on standard output that the runner turns into marks on lines of code
//! (<https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>).
//!
//! Of each kind it takes ten from a step, in their order, and 4,096 characters of each (`_maxIssueMessageLength` in
//! <https://github.com/actions/runner/blob/main/src/Runner.Worker/ExecutionContext.cs>). So every cause comes before
//! further findings of another one, and the rest is counted. What is escaped, and how, is
//! <https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>.

use std::collections::BTreeSet;

use super::Style;
use super::clean::{clean, shorten};
use super::words::{self, number};
use crate::report::{Finding, Group, Outcome, Report, WayOut};

/// So many annotations of a kind are shown.
const OF_A_KIND: usize = 10;
/// So many characters of a message; the runner cuts what is longer.
const MESSAGE: usize = 3_000;
const TITLE: usize = 200;

pub(super) fn write(report: &Report, _: Style) -> String {
    let mut lines: Vec<String> = Vec::new();
    let failed: Vec<String> = report.inputs.iter().filter_map(|input| input.error.clone()).collect();
    lines.extend(failed.iter().take(OF_A_KIND).map(|error| command("error", None, "ERROR", error)));
    let errors = OF_A_KIND.saturating_sub(lines.len());
    let mut left = failed.len().saturating_sub(OF_A_KIND);
    for (verdict, kind, most) in [(Outcome::Block, "error", errors), (Outcome::Review, "warning", OF_A_KIND)] {
        let (shown, others) = choose(report, verdict, most);
        lines.extend(shown.into_iter().map(|(group, finding)| annotation(report, kind, group, finding)));
        left = left.saturating_add(others);
    }
    lines.extend(notices(report));
    // Our own words alone, for whoever reads the log.
    let summary = &report.summary;
    let counts = words::counts(summary).map(|counts| format!("{counts}, ")).unwrap_or_default();
    let word = report.verdict.word().to_uppercase();
    let left = if left > 0 { format!("; {} without an annotation", number(left, "finding")) } else { String::new() };
    lines.push(format!("blastgate: {word}: {counts}{}{left}", words::changes(&summary.changes)));
    lines.join("\n") + "\n"
}

/// So many findings of a verdict, the worst of each cause before the others, in the order of the report; and how many are
/// left.
fn choose(report: &Report, verdict: Outcome, most: usize) -> (Vec<(&Group, &Finding)>, usize) {
    let open = words::open(report);
    let heads: BTreeSet<usize> = report.groups.iter().filter_map(|group| first_open(report, group)).collect();
    let mut found: Vec<(usize, &Group)> = Vec::new();
    for (group, _) in &open {
        let of_verdict = |place: &&usize| report.findings.get(**place).is_some_and(|one| one.verdict == verdict);
        found.extend(group.findings.iter().filter(of_verdict).map(|place| (*place, *group)));
    }
    found.sort_by_key(|(place, _)| (!heads.contains(place), *place));
    let left = found.len().saturating_sub(most);
    found.truncate(most);
    found.sort_by_key(|(place, _)| *place);
    (found.into_iter().filter_map(|(place, group)| Some((group, report.findings.get(place)?))).collect(), left)
}

/// The place of a group's worst finding.
fn first_open(report: &Report, group: &Group) -> Option<usize> {
    let is_open = |place: &usize| report.findings.get(*place).is_some_and(|one| one.verdict != Outcome::Allow);
    group.findings.iter().copied().find(is_open)
}

fn annotation(report: &Report, kind: &str, group: &Group, finding: &Finding) -> String {
    let is_head = words::open_of(report, group).first().is_some_and(|head| std::ptr::eq(*head, finding));
    let mut text = vec![format!("{}: {}", object(report, finding), words::reason(finding))];
    let why = finding.cause.as_ref().map(|cause| if is_head { &group.cause } else { &cause.text });
    text.extend(why.map(|why| format!("Why: {why}")));
    text.extend(words::nearest(finding).map(|names| format!("On it stand: {names}.")));
    if is_head && group.findings.len() > 1 {
        let others = number(group.findings.len().saturating_sub(1), "further finding");
        text.push(format!("The same cause has {others}."));
    }
    text.push(format!("Check: {}", finding.check));
    let ways: &[WayOut] = if is_head { &group.ways_out } else { &finding.ways_out };
    text.extend(ways.first().map(words::way_out));
    let title = format!("{} {}", finding.verdict.word().to_uppercase(), finding.rule);
    command(kind, words::place(finding), &title, &text.join("\n"))
}

fn object(report: &Report, finding: &Finding) -> String {
    let several = words::are_several(report) && !finding.address.is_empty();
    let input = if several { format!(" in {}", finding.input) } else { String::new() };
    format!("{}{input}", words::object(finding))
}

/// One for everything that was lowered, and one for each note: neither is a reason to stop.
fn notices(report: &Report) -> Vec<String> {
    let lowered = words::lowered(report);
    let one = lowered.first().map(|first| {
        let text = format!(
            "{} lowered, the first is {}: {}.",
            number(lowered.len(), "finding"),
            object(report, first),
            words::lowered_by(first)
        );
        command("notice", words::place(first), "lowered", &text)
    });
    let notes = report.notes.iter().map(|note| {
        let address = if note.address.is_empty() { String::new() } else { format!("{}: ", note.address) };
        command("notice", None, "note", &format!("{address}{}", note.text))
    });
    one.into_iter().chain(notes).take(OF_A_KIND).collect()
}

/// One command in one line.
fn command(kind: &str, place: Option<(&str, u32)>, title: &str, text: &str) -> String {
    let place = place.map(|(file, line)| format!("file={},line={line},", property(&clean(file)))).unwrap_or_default();
    let title = property(&shorten(&clean(&format!("blastgate: {title}")), TITLE));
    let lines: Vec<String> = text.lines().map(clean).collect();
    format!("::{kind} {place}title={title}::{}", data(&shorten(&lines.join("\n"), MESSAGE)))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn a_text_stays_in_its_command() {
        let is = command("error", Some(("a,b:c%.tf", 3)), "x::y", "1\n::stop-commands::z\r50% ##[error]");
        assert_eq!(
            is,
            r"::error file=a%2Cb%3Ac%25.tf,line=3,title=blastgate%3A x%3A%3Ay::1%0A::stop-commands::z\u{d}50%25 \u{23}#[error]"
        );
    }
}
