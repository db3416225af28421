//! The report for a person at a terminal: the verdict first, the worst next, 80 columns.
//!
//! Every string of a plan is hostile, so whatever could move the cursor, hide text or turn its direction is written as
//! an escape.

use std::collections::{BTreeMap, HashMap};

use super::clean::clean;
use crate::report::{Changes, Finding, Outcome, Report};

/// How to write for a terminal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Use colour.
    pub color: bool,
}

const WIDTH: usize = 80;
const LONGEST_WORD: usize = 200;
const INDENT: &str = "         ";
/// So many groups are told in full, so many more get a line each; the rest is counted.
const IN_FULL: usize = 6;
const IN_A_LINE: usize = 20;

pub(super) fn write(report: &Report, style: Style) -> String {
    let mut page =
        Page { text: String::new(), style, several: report.inputs.iter().filter(|i| i.role == "plan").count() > 1 };
    page.headline(report);
    let (open, lowered): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().partition(|finding| finding.verdict != Outcome::Allow);
    page.findings(&open);
    page.lowered(&lowered);
    page.tail(report);
    page.text
}

struct Page {
    text: String,
    style: Style,
    /// Several inputs were given, so a finding says which one it is in.
    several: bool,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// A verdict's word, padded, in its colour.
    fn word(&self, verdict: Outcome) -> String {
        let word = format!("{:<7}", verdict.word().to_uppercase());
        let code = match verdict {
            Outcome::Block | Outcome::Error => "1;31",
            Outcome::Review => "1;33",
            Outcome::Allow => "1;32",
        };
        if self.style.color { format!("\u{1b}[{code}m{word}\u{1b}[0m") } else { word }
    }

    fn headline(&mut self, report: &Report) {
        let summary = &report.summary;
        let counts: Vec<String> = [(summary.block, "block"), (summary.review, "review"), (summary.lowered, "lowered")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let counts = if counts.is_empty() { String::new() } else { format!("{} · ", counts.join(", ")) };
        let line = format!("{} {counts}{}", self.word(report.verdict), changes(&summary.changes));
        self.line(&line);
        for input in report.inputs.iter().filter(|input| input.error.is_some()) {
            self.paragraph("  error  ", input.error.as_deref().unwrap_or_default());
        }
    }

    /// Text behind a verdict's word.
    fn headed(&mut self, verdict: Outcome, text: &str) {
        let word = self.word(verdict);
        let start = self.text.len();
        self.paragraph("         ", text);
        // The word takes the place of the indent; in colour it is longer than it looks.
        self.text.replace_range(start..start.saturating_add(INDENT.len()), &format!("  {word}"));
    }

    fn title(&self, finding: &Finding) -> String {
        let what = match (&finding.deposed, finding.address.as_str()) {
            (_, "") => return format!("the plan {}", finding.input),
            (Some(key), address) => format!("{address} (deposed {key})"),
            (None, address) => address.to_owned(),
        };
        if self.several { format!("{what} in {}", finding.input) } else { what }
    }

    /// The findings by group, a group's worst told in full.
    fn findings(&mut self, findings: &[&Finding]) {
        let mut groups: Vec<Vec<&Finding>> = Vec::new();
        let mut places: HashMap<(&str, &str), usize> = HashMap::new();
        for finding in findings {
            let place = *places.entry((&finding.input, &finding.group)).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(finding),
                None => groups.push(vec![finding]),
            }
        }
        for group in groups.iter().take(IN_FULL) {
            self.group(group);
        }
        let mut lines = groups.iter().skip(IN_FULL);
        for (place, group) in lines.by_ref().take(IN_A_LINE).enumerate() {
            if place == 0 {
                self.line("");
            }
            self.one_line(group);
        }
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in lines.flatten() {
            let count = left.entry(&finding.rule).or_default();
            *count = count.saturating_add(1);
        }
        if !left.is_empty() {
            let counts: Vec<String> = left.iter().map(|(rule, count)| format!("{count} {rule}")).collect();
            self.line("");
            self.paragraph("  and more: ", &format!("{}; --format json lists them all.", counts.join(", ")));
        }
    }

    fn one_line(&mut self, group: &[&Finding]) {
        let Some((worst, rest)) = group.split_first() else { return };
        let more = if rest.is_empty() { String::new() } else { format!(", and {} from the same cause", rest.len()) };
        let line = format!("{}: {}{more}", worst.rule, self.title(worst));
        self.headed(worst.verdict, &line);
    }

    fn group(&mut self, group: &[&Finding]) {
        let Some((worst, rest)) = group.split_first() else { return };
        self.finding(worst);
        if rest.is_empty() {
            return;
        }
        let names: Vec<String> = rest.iter().take(4).map(|finding| self.title(finding)).collect();
        let more = rest.len().saturating_sub(names.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        self.paragraph(INDENT, &format!("From the same cause: {}{more}.", names.join(", ")));
    }

    fn finding(&mut self, finding: &Finding) {
        self.line("");
        let title = self.title(finding);
        self.headed(finding.verdict, &title);
        let mut facts = vec![finding.rule.clone()];
        facts.extend((!finding.action.is_empty()).then(|| finding.action.clone()));
        facts.extend(cause(finding));
        self.paragraph(INDENT, &facts.join(" · "));
        self.paragraph(INDENT, &finding.reason);
        self.dependents(finding);
        for fact in &finding.evidence {
            self.paragraph(INDENT, &format!("Known: {fact}."));
        }
        if let (Some(key), Some(value), Some(address)) =
            (&finding.environment.key, &finding.environment.value, &finding.environment.address)
        {
            self.paragraph(
                INDENT,
                &format!("Environment: {} ({key} = \"{value}\" of {address}).", finding.environment.is),
            );
        }
        self.paragraph(INDENT, &format!("Instead: {}", finding.remedy));
    }

    fn dependents(&mut self, finding: &Finding) {
        let dependents = &finding.dependents;
        if dependents.nearest.is_empty() {
            return;
        }
        let names: Vec<&str> = dependents.nearest.iter().map(|one| one.address.as_str()).collect();
        let more = (dependents.count as usize).saturating_sub(names.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let outside = match dependents.outside_plan {
            0 => String::new(),
            count => format!("; {count} of them not in the plan"),
        };
        self.paragraph(INDENT, &format!("On it stand: {}{more}{outside}.", names.join(", ")));
    }

    fn lowered(&mut self, lowered: &[&Finding]) {
        if let Some(first) = lowered.first() {
            self.line("");
            let sign = format!(
                "{} = \"{}\" of {}",
                first.environment.key.as_deref().unwrap_or("?"),
                first.environment.value.as_deref().unwrap_or("?"),
                first.environment.address.as_deref().unwrap_or("?")
            );
            let names: Vec<String> = lowered.iter().take(4).map(|finding| self.title(finding)).collect();
            let more = lowered.len().saturating_sub(names.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            self.paragraph(
                "  lowered  ",
                &format!("{}{more}: the environment is ephemeral ({sign}).", names.join(", ")),
            );
        }
    }

    /// Everything that no finding is about, in one line.
    fn routine(&mut self, report: &Report) {
        let changes = &report.summary.changes;
        let all = [changes.create, changes.update, changes.replace, changes.delete, changes.forget, changes.unknown];
        let all = all.into_iter().fold(0, usize::saturating_add);
        let found = report.findings.iter().filter(|finding| !finding.action.is_empty()).count();
        let (others, findings) = (all.saturating_sub(found), !report.findings.is_empty());
        if others > 0 && findings {
            self.line("");
            let what = if others == 1 { "1 other change needs" } else { &format!("{others} other changes need") };
            self.paragraph("  routine  ", &format!("{what} nobody's look."));
        }
    }

    fn tail(&mut self, report: &Report) {
        self.routine(report);
        if !report.notes.is_empty() || !report.gaps.is_empty() {
            self.line("");
        }
        for note in &report.notes {
            let address = if note.address.is_empty() { String::new() } else { format!("{}: ", note.address) };
            self.paragraph("  note     ", &format!("{address}{}", note.text));
        }
        for gap in &report.gaps {
            let is_plan = report.inputs.iter().any(|input| input.role == "plan" && input.name == gap.input);
            let input = if self.several || !is_plan { format!("{}: ", gap.input) } else { String::new() };
            self.paragraph("  not seen ", &format!("{input}{}", gap.text));
        }
    }

    /// Text with a prefix before its first line, wrapped; a word that is longer than a line stands alone.
    fn paragraph(&mut self, prefix: &str, text: &str) {
        let text = clean(text);
        let indent = " ".repeat(prefix.chars().count());
        let mut line = prefix.to_owned();
        let mut empty = true;
        for word in text.split_whitespace().flat_map(pieces) {
            let length = line.chars().count().saturating_add(word.chars().count()).saturating_add(1);
            if !empty && length > WIDTH {
                self.line(&line);
                line.clone_from(&indent);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(&word);
            empty = false;
        }
        self.line(&line);
    }
}

/// A word in pieces that fit a line. One that is only a little longer is left whole: an address that is copied must be.
fn pieces(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    if characters.len() <= LONGEST_WORD {
        return vec![word.to_owned()];
    }
    let shown = characters.chunks(WIDTH.saturating_sub(INDENT.len())).take(6).map(|piece| piece.iter().collect());
    shown.chain([format!("({} characters)", characters.len())]).collect()
}

/// What forces it, in a few words.
fn cause(finding: &Finding) -> Option<String> {
    let cause = finding.cause.as_ref()?;
    let forced = cause.forced_by.as_ref().map(|attribute| format!("{attribute} forces it"));
    match (forced, cause.address == finding.address, &cause.attribute) {
        (Some(forced), false, Some(attribute)) => Some(format!("{forced}, from {attribute} of {}", cause.address)),
        (Some(forced), false, None) => Some(format!("{forced}, from {}", cause.address)),
        (Some(forced), true, _) if cause.only_unknown => Some(format!("{forced}, only because it is not known yet")),
        (Some(forced), true, _) => Some(forced),
        (None, _, _) => cause.reason.clone(),
    }
}

/// The planned changes in one line.
fn changes(changes: &Changes) -> String {
    let counts = [
        (changes.delete, "to delete"),
        (changes.replace, "to replace"),
        (changes.unknown, "unknown"),
        (changes.forget, "to forget"),
        (changes.update, "to update"),
        (changes.create, "to create"),
        (changes.import, "to import"),
        (changes.moved, "moved"),
    ];
    let counts: Vec<String> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if counts.is_empty() { "no changes".to_owned() } else { counts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn a_word_that_never_ends_is_cut() {
        assert_eq!(pieces("short"), ["short"]);
        let long = pieces(&"x".repeat(100_000));
        assert!(long.len() == 7 && long.iter().all(|piece| piece.len() < 80), "{long:?}");
    }
}
