//! What changes no verdict: lowered findings, notes, and what was not seen.

use super::super::words::{self, number};
use super::story::{fold, object};
use super::text::{code, prose};
use crate::report::{Finding, Gap, Note, Report};

/// So many of each kind are listed.
const MOST: usize = 20;

/// All of it behind a click; nothing where there is nothing.
pub(super) fn folded(report: &Report) -> String {
    let lowered = words::lowered(report);
    let summary: Vec<String> = [
        (lowered.len(), format!("{} lowered", lowered.len())),
        (report.notes.len(), number(report.notes.len(), "note")),
        (report.gaps.len(), format!("{} not seen", number(report.gaps.len(), "thing"))),
    ]
    .into_iter()
    .filter_map(|(count, text)| (count > 0).then_some(text))
    .collect();
    if summary.is_empty() {
        return String::new();
    }
    let mut list = items(&lowered, |finding| self::lowered(finding, words::are_several(report)));
    list += &items(&report.notes, note);
    list += &items(&report.gaps, |gap| not_seen(report, gap));
    fold(&summary.join(", "), &list)
}

/// How many there are.
pub(super) fn count(report: &Report) -> usize {
    [words::lowered(report).len(), report.notes.len(), report.gaps.len()].into_iter().fold(0, usize::saturating_add)
}

fn items<T>(all: &[T], write: impl Fn(&T) -> String) -> String {
    let more = all.len().saturating_sub(MOST);
    let more = (more > 0).then(|| format!("and {more} more of that kind"));
    let lines = all.iter().take(MOST).map(write).chain(more);
    lines.fold(String::new(), |list, line| list + "- " + &line + "\n")
}

fn lowered(finding: &Finding, several: bool) -> String {
    let from = finding.lowered.as_ref().map_or("?", |lowered| lowered.from.word());
    let input =
        if several && !finding.address.is_empty() { format!(" in {}", code(&finding.input)) } else { String::new() };
    let why = prose(&words::lowered_by(finding), &[]);
    format!("Lowered from {from}: {}{input} · {}: {why}", object(finding), code(&finding.rule))
}

fn note(note: &Note) -> String {
    let address = if note.address.is_empty() { String::new() } else { format!("{}: ", code(&note.address)) };
    format!("Note: {address}{}", prose(&note.text, &[]))
}

fn not_seen(report: &Report, gap: &Gap) -> String {
    let input = words::gap_input(report, gap).map(|input| format!("{}: ", code(input))).unwrap_or_default();
    format!("Not seen: {input}{}", prose(&gap.text, &[]))
}
