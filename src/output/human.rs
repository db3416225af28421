//! The report for a person at a terminal: the verdict first, the worst next, 80 columns.
//!
//! Every string of a plan is hostile, so whatever could move the cursor, hide text or turn its direction is written as
//! an escape.

use std::collections::BTreeMap;

use super::Style;
use super::clean::clean;
use super::page::{INDENT, Page};
use crate::report::{Cause, Changes, Finding, Group, Outcome, Place, Report, Source};

/// So many groups are told in full, so many more get a line each; the rest is counted.
const IN_FULL: usize = 6;
const IN_A_LINE: usize = 20;
/// So many further findings of one cause are named.
const IN_A_GROUP: usize = 8;

pub(super) fn write(report: &Report, style: Style) -> String {
    let stacks = report.inputs.iter().filter(|input| input.is_change_set());
    let mut page = Page {
        text: String::new(),
        style,
        several: report.inputs.iter().filter(|i| i.role == "plan").count() > 1,
        stacks: stacks.map(|input| input.name.clone()).collect(),
    };
    page.headline(report);
    let lowered: Vec<&Finding> = report.findings.iter().filter(|finding| finding.verdict == Outcome::Allow).collect();
    page.groups(report);
    page.lowered(&lowered);
    page.tail(report);
    page.text
}

impl Page {
    fn headline(&mut self, report: &Report) {
        let summary = &report.summary;
        let counts: Vec<String> = [(summary.block, "block"), (summary.review, "review"), (summary.lowered, "lowered")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let counts = if counts.is_empty() { String::new() } else { format!("{} · ", counts.join(", ")) };
        let score = if report.score > 0 { format!("score {} · ", report.score) } else { String::new() };
        let line = format!("{} {score}{counts}{}", self.word(report.verdict), changes(&summary.changes));
        self.line(&line);
        for input in report.inputs.iter().filter(|input| input.error.is_some()) {
            self.paragraph("  error  ", input.error.as_deref().unwrap_or_default());
        }
    }

    /// What people call what a finding is in.
    fn called(&self, finding: &Finding) -> &'static str {
        if self.stacks.contains(&finding.input) { "change set" } else { "plan" }
    }

    fn title(&self, finding: &Finding) -> String {
        let what = match (&finding.deposed, finding.address.as_str()) {
            (_, "") => return format!("the {} {}", self.called(finding), finding.input),
            (Some(key), address) => format!("{address} (deposed {key})"),
            (None, address) => address.to_owned(),
        };
        if self.several { format!("{what} in {}", finding.input) } else { what }
    }

    /// The findings by group, a group's worst told in full.
    fn groups(&mut self, report: &Report) {
        let open: Vec<(&Group, Vec<&Finding>)> =
            report.groups.iter().map(|group| (group, open_of(report, group))).filter(|(_, f)| !f.is_empty()).collect();
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
        if group.others > 0 {
            let some = if group.others > group.other_names.len() { ", such as " } else { ": " };
            let count = group.others;
            let count = if count == 1 {
                "1 other is destroyed too, and breaks"
            } else {
                &format!("{count} others are destroyed too, and break")
            };
            let names = group.other_names.join(", ");
            self.paragraph("           ", &format!("{count} no rule alone{some}{names}"));
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
        // A note tells what goes with such an object: nothing does where one is only looked into.
        let goes = finding.loss != "unseen" || finding.action != "update";
        let note = finding.catalog.as_ref().filter(|_| goes).and_then(|catalog| catalog.note.as_deref());
        let note = note.unwrap_or_default();
        self.paragraph(INDENT, &format!("{} {note}", finding.reason));
        if let Some(cause) = &finding.cause {
            self.paragraph(INDENT, &format!("Why: {}", group.cause));
            self.way_there(finding, &cause.path);
        }
        self.dependents(finding);
        self.written(finding);
        for fact in &finding.evidence {
            self.paragraph(INDENT, &format!("Known: {fact}."));
        }
        if let Some(counts_as) = &finding.counts_as {
            self.paragraph(INDENT, &format!("Counts as: {counts_as}"));
        }
        if let (Some(key), Some(value), Some(address)) =
            (&finding.environment.key, &finding.environment.value, &finding.environment.address)
        {
            self.paragraph(
                INDENT,
                &format!("Environment: {} ({key} = \"{value}\" of {address}).", finding.environment.is),
            );
        } else if finding.catalog.is_some() {
            self.paragraph(INDENT, "Environment: nothing says which, so it counts as production.");
        }
    }

    /// How the cause comes from where it began to here, where it goes through others.
    fn way_there(&mut self, finding: &Finding, path: &[String]) {
        if path.is_empty() {
            return;
        }
        let names: Vec<&str> = path.iter().rev().map(String::as_str).collect();
        let attribute = finding.cause.as_ref().and_then(|cause| cause.forced_by.as_deref());
        let here = attribute.map_or_else(|| "this".to_owned(), |attribute| format!("{attribute} of this"));
        let also = finding.cause.as_ref().and_then(|cause| cause.also_edited.as_deref());
        let also = also.map(|also| format!(" {also} of this was edited too.")).unwrap_or_default();
        self.paragraph(
            INDENT,
            &format!("From there: {} is made anew, and with it {here}.{also}", names.join(", then ")),
        );
    }

    fn written(&mut self, finding: &Finding) {
        if let Some(source) = &finding.source {
            self.paragraph(INDENT, &written_at(source, finding.cause.as_ref()));
        }
    }

    fn dependents(&mut self, finding: &Finding) {
        let dependents = &finding.dependents;
        if dependents.nearest.is_empty() {
            let carries = if dependents.carries_unlisted { "; it carries what no plan lists" } else { "" };
            if finding.catalog.is_some() && finding.loss != "protection" {
                self.paragraph(INDENT, &format!("On it stands nothing that is seen here{carries}."));
            }
            return;
        }
        let names: Vec<&str> = dependents.nearest.iter().map(|one| one.address.as_str()).collect();
        let more = (dependents.count as usize).saturating_sub(names.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        self.paragraph(INDENT, &format!("On it stand: {}{more}.", names.join(", ")));
        if dependents.outside_plan > 0 {
            let more = (dependents.outside_plan as usize).saturating_sub(dependents.outside.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            self.paragraph(
                INDENT,
                &format!("Of them not in the {}: {}{more}.", self.called(finding), dependents.outside.join(", ")),
            );
        }
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
        let (told, open) = ([changes.create, changes.update, changes.replace], [changes.may_replace, changes.unknown]);
        let all = told.into_iter().chain(open).chain([changes.delete, changes.forget]);
        let all = all.fold(0, usize::saturating_add);
        let found = report.findings.iter().filter(|finding| !finding.action.is_empty()).count();
        let (others, findings) = (all.saturating_sub(found), !report.findings.is_empty());
        if others > 0 && findings {
            self.line("");
            let what =
                if others == 1 { "1 other change is found" } else { &format!("{others} other changes are found") };
            self.paragraph("  routine  ", &format!("{what} by no rule."));
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
}

/// A group's findings that were not lowered to nothing.
fn open_of<'r>(report: &'r Report, group: &Group) -> Vec<&'r Finding> {
    let findings = group.findings.iter().filter_map(|place| report.findings.get(*place));
    findings.filter(|finding| finding.verdict != Outcome::Allow).collect()
}

/// Where an object is written, how its module is called, and where what forces its change is set.
pub(super) fn written_at(source: &Source, cause: Option<&Cause>) -> String {
    let place = |place: &Place| format!("{}:{}", place.file, place.line);
    let called: Vec<String> = source.called_from.iter().rev().map(place).collect();
    let called = if called.is_empty() { String::new() } else { format!(", called from {}", called.join(", ")) };
    let set = source.set_at.as_ref().zip(cause.and_then(|cause| cause.attribute.as_deref()));
    let set = set.map(|(at, attribute)| format!("; {attribute} is set at {}", place(at))).unwrap_or_default();
    format!("Written at: {}:{}{called}{set}.", source.file, source.line)
}

/// The planned changes in one line.
fn changes(changes: &Changes) -> String {
    let counts = [
        (changes.delete, "to delete"),
        (changes.replace, "to replace"),
        (changes.may_replace, "that may be replaced"),
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
