//! The report as a comment on a pull request, for GitHub, GitLab and Azure DevOps; it reads as plain text too.
//!
//! The first line has the verdict and its reason: a notification shows no more. Then the worst stories in full, a
//! picture, further stories folded, the rest a line each. A comment that is too long is refused, and one that was cut anywhere
//! would show nonsense: so pieces that are whole in themselves are taken, the worst first, until there is no more room,
//! and what is left out is counted. Room is counted in bytes, which no way of counting characters exceeds.

mod asides;
mod picture;
mod room;
mod sections;
mod story;
mod text;

use std::fmt::Write as _;

use self::room::{Left, Room};
use self::story::{object, sign};
use self::text::{code, prose};
use super::Style;
use super::clean::{clean, shorten};
use super::words;
use crate::report::{Finding, Input, Outcome, Report};

pub(super) use self::picture::NODES;

/// So many characters of the reason stand in the first line.
const REASON: usize = 1_000;
/// So many inputs are named.
const INPUTS: usize = 20;

pub(super) fn write(report: &Report, style: Style) -> String {
    within(report, style.max_chars)
}

/// The report in so many bytes at most. Where not even the verdict's word has room, nothing is written.
pub(super) fn within(report: &Report, most: usize) -> String {
    let open = words::open(report);
    let mut room = Room::of(most);
    let mut left = Left::default();
    let mut page = first_line(report, &mut room);
    page += &room.fit(counts(report, open.len()));
    page += &room.fit(people(report));
    page += &room.fit(inputs(report));
    page += &sections::written(report, &open, &mut room, &mut left);
    let asides = asides::folded(report);
    if room.take(asides.len()) {
        page += &asides;
    } else {
        left.asides = asides::count(report);
    }
    page += &room.tell(&left);
    let end = page.trim_end().len();
    if end < page.len() {
        page.truncate(end);
        page.push('\n');
    }
    page
}

/// The verdict and its reason, or as much of that as there is room for.
fn first_line(report: &Report, room: &mut Room) -> String {
    let word = report.verdict.word().to_uppercase();
    let start = format!("{} **blastgate: {word}.**", sign(report.verdict));
    let worst = report.findings.first();
    let name: Vec<String> =
        worst.map(|worst| clean(&worst.address)).filter(|name| !name.is_empty()).into_iter().collect();
    let reason = prose(&shorten(&report.summary.text, REASON), &name);
    let is_about = |worst: &&Finding| worst.verdict == report.verdict && worst.verdict != Outcome::Allow;
    let about = worst.filter(is_about).map(|worst| format!(" {}", object(worst))).unwrap_or_default();
    let lines =
        [format!("{start} {reason}{}\n\n", quiet(report)), format!("{start}{about}\n\n"), format!("{start}\n\n"), word];
    lines.into_iter().find(|line| room.take(line.len())).unwrap_or_default()
}

/// Of a change in which nothing was found there is nothing more to say than what it is, and that in the first line.
fn quiet(report: &Report) -> String {
    if report.verdict != Outcome::Allow || !report.findings.is_empty() {
        return String::new();
    }
    let plans = report.inputs.iter().filter(|input| input.role == "plan").count();
    let plans = if plans > 1 { format!(" in {plans} plans") } else { String::new() };
    let changes = words::changes(&report.summary.changes);
    let mut characters = changes.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!(" {first}{}{plans}.", characters.as_str())
}

fn counts(report: &Report, causes: usize) -> String {
    if report.findings.is_empty() {
        return String::new();
    }
    let mut parts: Vec<String> = Vec::new();
    let causes = if causes > 1 { format!(" from {causes} causes") } else { String::new() };
    parts.extend(words::counts(&report.summary).map(|counts| format!("{counts}{causes}")));
    parts.push(words::changes(&report.summary.changes));
    parts.extend((report.score > 0).then(|| format!("score {} of 100", report.score)));
    let routine = words::routine(report).map(|routine| format!(" · {routine}")).unwrap_or_default();
    format!("{}{routine}\n\n", parts.join(" · "))
}

/// Who agreed to it, and which agents took part.
fn people(report: &Report) -> String {
    let agreed = words::agreed(report, code).map(|who| format!("**Agreed to** {who}.\n\n"));
    let agents = words::agents(report, code).map(|who| format!("Agents took part in this change: {who}.\n\n"));
    agreed.into_iter().chain(agents).collect()
}

/// Which inputs there are, where there are several, and why some could not be read; these first.
fn inputs(report: &Report) -> String {
    let plans: Vec<&Input> =
        report.inputs.iter().filter(|input| input.role == "plan" || input.error.is_some()).collect();
    let (failed, read): (Vec<&Input>, Vec<&Input>) = plans.into_iter().partition(|input| input.error.is_some());
    if failed.is_empty() && (read.len() < 2 || report.findings.is_empty()) {
        return String::new();
    }
    let mut list = String::new();
    for input in failed.iter().take(INPUTS) {
        let error = prose(input.error.as_deref().unwrap_or_default(), &[clean(&input.name)]);
        let _ = writeln!(list, "- {} {error}", sign(Outcome::Error));
    }
    list += &more(failed.len().saturating_sub(INPUTS), "could not be read");
    list + &judged(report, &read) + "\n"
}

/// The plans that could be read, by their verdict.
fn judged(report: &Report, read: &[&Input]) -> String {
    let found =
        |input: &Input| report.findings.iter().filter(|finding| finding.input == input.name).collect::<Vec<_>>();
    let worst = |findings: &[&Finding]| findings.iter().map(|finding| finding.verdict).max();
    let mut plans: Vec<(&Input, Vec<&Finding>)> = read.iter().map(|input| (*input, found(input))).collect();
    plans.sort_by_key(|(_, findings)| std::cmp::Reverse(worst(findings)));
    let (loud, still): (Vec<_>, Vec<_>) = plans.into_iter().partition(|(_, findings)| !findings.is_empty());
    let mut list = String::new();
    for (input, findings) in loud.iter().take(INPUTS) {
        let of = |verdict: Outcome| findings.iter().filter(|finding| finding.verdict == verdict).count();
        let counts = [(of(Outcome::Block), "block"), (of(Outcome::Review), "review"), (of(Outcome::Allow), "lowered")];
        let sign = sign(worst(findings).unwrap_or(Outcome::Allow));
        let _ = writeln!(list, "- {sign} {}: {}", code(&input.name), words::list(&counts, " ").unwrap_or_default());
    }
    list += &more(loud.len().saturating_sub(INPUTS), "have findings");
    let names: Vec<String> = still.iter().take(3).map(|(input, _)| code(&input.name)).collect();
    let others = still.len().saturating_sub(names.len());
    let others = if others > 0 { format!(" and {others} more") } else { String::new() };
    if !names.is_empty() {
        let _ = writeln!(list, "- {} {}{others}: nothing found", sign(Outcome::Allow), names.join(", "));
    }
    list
}

fn more(count: usize, what: &str) -> String {
    if count > 0 { format!("- {count} more {what}\n") } else { String::new() }
}
