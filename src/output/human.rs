//! The report for a person at a terminal: the verdict first, the worst next, 80 columns.
//!
//! Every string of a plan is hostile, so whatever could move the cursor, hide text or turn its direction is written as
//! an escape.

use std::collections::BTreeMap;

use super::Style;
use super::clean::clean;
use super::page::{INDENT, Page};
use super::words::{self, IN_A_GROUP};
use crate::report::{Cause, Finding, Group, Report, Source};

/// So many groups are told in full, so many more get a line each; the rest is counted.
const IN_FULL: usize = 6;
const IN_A_LINE: usize = 20;

pub(super) fn write(report: &Report, style: Style) -> String {
    let mut page = Page { text: String::new(), style, several: words::are_several(report) };
    page.headline(report);
    page.groups(report);
    page.lowered(&words::lowered(report));
    page.tail(report);
    page.text
}

impl Page {
    fn headline(&mut self, report: &Report) {
        let summary = &report.summary;
        let counts = words::counts(summary).map(|counts| format!("{counts} · ")).unwrap_or_default();
        let score = if report.score > 0 { format!("score {} · ", report.score) } else { String::new() };
        let line = format!("{} {score}{counts}{}", self.word(report.verdict), words::changes(&summary.changes));
        self.line(&line);
        for input in report.inputs.iter().filter(|input| input.error.is_some()) {
            self.paragraph("  error  ", input.error.as_deref().unwrap_or_default());
        }
        for (word, who) in [
            ("  agreed   ", words::agreed(report, str::to_owned)),
            ("  agents   ", words::agents(report, str::to_owned)),
        ] {
            if let Some(who) = who {
                self.paragraph(word, &who);
            }
        }
    }

    fn title(&self, finding: &Finding) -> String {
        let what = words::object(finding);
        if self.several && !finding.address.is_empty() { format!("{what} in {}", finding.input) } else { what }
    }

    /// The findings by group, a group's worst told in full.
    fn groups(&mut self, report: &Report) {
        let open = words::open(report);
        for (group, findings) in open.iter().take(IN_FULL) {
            self.group(group, findings);
        }
        let mut lines = open.iter().skip(IN_FULL);
        for (place, (_, findings)) in lines.by_ref().take(IN_A_LINE).enumerate() {
            if place == 0 {
                self.line("");
            }
            self.one_line(findings);
        }
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in lines.flat_map(|(_, findings)| findings) {
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

    fn group(&mut self, group: &Group, findings: &[&Finding]) {
        let Some((worst, rest)) = findings.split_first() else { return };
        self.finding(group, worst);
        self.same_cause(group, rest);
        self.paragraph(INDENT, &format!("Check: {}", worst.check));
        for (place, way) in group.ways_out.iter().enumerate() {
            self.paragraph(INDENT, &format!("{}: {}", if place == 0 { "Instead" } else { "Or" }, way.text));
            for line in way.paste.iter().flat_map(|paste| paste.text.lines()) {
                self.line(&format!("{INDENT}    {}", clean(line)));
            }
        }
    }

    /// The other findings of a cause, a line each, and what else it takes along.
    fn same_cause(&mut self, group: &Group, rest: &[&Finding]) {
        if rest.is_empty() && group.others == 0 {
            return;
        }
        self.paragraph(INDENT, "From the same cause:");
        for finding in rest.iter().take(IN_A_GROUP) {
            let also = if finding.loss == "data" { ": its records are lost" } else { "" };
            let line = format!("{} {} · {}{also}", finding.verdict.word(), self.title(finding), finding.rule);
            self.paragraph("           ", &line);
        }
        let more = rest.len().saturating_sub(IN_A_GROUP);
        if more > 0 {
            self.paragraph("           ", &format!("and {more} more findings"));
        }
        if let Some(others) = words::others(group) {
            self.paragraph("           ", &others);
        }
    }

    fn finding(&mut self, group: &Group, finding: &Finding) {
        self.line("");
        let title = self.title(finding);
        self.headed(finding.verdict, &title);
        let mut facts = vec![finding.rule.clone()];
        facts.extend((!finding.action.is_empty()).then(|| finding.action.clone()));
        let forced = finding.cause.as_ref().and_then(|cause| cause.forced_by.as_ref());
        facts.extend(forced.map(|attribute| format!("{attribute} forces it")));
        self.paragraph(INDENT, &facts.join(" · "));
        self.paragraph(INDENT, &words::reason(finding));
        if finding.cause.is_some() {
            self.paragraph(INDENT, &format!("Why: {}", group.cause));
        }
        let way_there = words::way_there(finding).map(|way| format!("From there: {way}"));
        let written = finding.source.as_ref().map(|source| written_at(source, finding.cause.as_ref()));
        let nearest = words::nearest(finding).map(|names| format!("On it stand: {names}."));
        let nothing = words::nothing_seen(finding).map(|nothing| format!("On it stands {nothing}"));
        for sentence in [way_there, nearest, nothing, words::outside(finding), written].into_iter().flatten() {
            self.paragraph(INDENT, &sentence);
        }
        for fact in &finding.evidence {
            self.paragraph(INDENT, &format!("Known: {fact}."));
        }
        if let Some(counts_as) = &finding.counts_as {
            self.paragraph(INDENT, &format!("Counts as: {counts_as}"));
        }
        if let Some(environment) = words::environment(finding) {
            self.paragraph(INDENT, &environment);
        }
    }

    fn lowered(&mut self, lowered: &[&Finding]) {
        if let Some(first) = lowered.first() {
            self.line("");
            let names: Vec<String> = lowered.iter().take(4).map(|finding| self.title(finding)).collect();
            let more = lowered.len().saturating_sub(names.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let why = words::lowered_by(first);
            self.paragraph("  lowered  ", &format!("{}{more}: {why}.", names.join(", ")));
        }
    }

    fn tail(&mut self, report: &Report) {
        if let Some(routine) = words::routine(report) {
            self.line("");
            self.paragraph("  routine  ", &routine);
        }
        if !report.notes.is_empty() || !report.gaps.is_empty() {
            self.line("");
        }
        for note in &report.notes {
            let address = if note.address.is_empty() { String::new() } else { format!("{}: ", note.address) };
            self.paragraph("  note     ", &format!("{address}{}", note.text));
        }
        for gap in &report.gaps {
            let input = words::gap_input(report, gap).map(|input| format!("{input}: ")).unwrap_or_default();
            self.paragraph("  not seen ", &format!("{input}{}", gap.text));
        }
    }
}

/// Where an object is written.
pub(super) fn written_at(source: &Source, cause: Option<&Cause>) -> String {
    format!("Written at: {}", words::written_at(source, cause))
}
