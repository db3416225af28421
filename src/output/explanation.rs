//! An explanation for a person at a terminal.

use super::Style;
use super::page::Page;
use crate::explain::{Dependent, Explanation, Explanations};
use crate::report::Points;

const INDENT: &str = "  ";
/// So many names stand in one sentence.
const NAMES: usize = 8;

/// Writes an explanation as text of 80 columns.
#[must_use]
pub fn write(explanations: &Explanations, style: Style) -> String {
    let mut page = Page { text: String::new(), style, several: false };
    for (place, one) in explanations.explained.iter().enumerate() {
        if place > 0 {
            page.line("");
        }
        page.explanation(one);
    }
    if explanations.left_out > 0 {
        page.line("");
        page.paragraph("", &format!("{} more objects have this address' block.", explanations.left_out));
    }
    page.text
}

impl Page {
    fn explanation(&mut self, one: &Explanation) {
        let deposed = one.deposed.as_ref().map(|key| format!(" (deposed {key})")).unwrap_or_default();
        let word = self.word(one.verdict);
        self.line(&format!("{word} {}{deposed}", super::clean(&one.address)));
        self.paragraph(INDENT, &format!("{} In {}.", one.happens, one.input));
        if let Some(source) = &one.source {
            self.paragraph(INDENT, &super::human::written_at(source, one.cause.as_ref()));
        }
        self.part("Why");
        self.why(one);
        self.part("What stands on it");
        self.dependents_of(one);
        self.part("What it counts as");
        self.paragraph(INDENT, &one.counts_as);
        self.environment(one);
        for setting in &one.settings {
            self.paragraph(INDENT, &format!("Known: {setting}."));
        }
        self.part("What the rules say");
        self.rules(one);
        self.part("What would make it pass");
        self.passes(one);
    }

    fn part(&mut self, title: &str) {
        self.line("");
        self.line(title);
    }

    fn why(&mut self, one: &Explanation) {
        match &one.cause {
            Some(cause) => self.paragraph(INDENT, &cause.text),
            None => self.paragraph(INDENT, "Nothing forces it: it is an ordinary change, or none."),
        }
        for (place, step) in one.way.iter().enumerate() {
            let attribute = step.attribute.as_ref().map(|attribute| format!(" ({attribute})")).unwrap_or_default();
            let then = if place == 0 { "first" } else { "then " };
            self.paragraph("    ", &format!("{then} {}{attribute}", step.address));
        }
        let cause = one.cause.as_ref();
        if let Some(cause) = cause.filter(|cause| cause.only_unknown) {
            let attribute = cause.attribute.as_deref().unwrap_or("the attribute");
            self.paragraph(
                INDENT,
                &format!("It happens only because {attribute} is not known yet; it may not be needed."),
            );
        }
        if !one.same_cause.is_empty() {
            self.paragraph(INDENT, &format!("The same cause destroys {}.", some(&one.same_cause)));
        }
    }

    fn dependents_of(&mut self, one: &Explanation) {
        if one.dependents.is_empty() {
            self.paragraph(INDENT, "Nothing that is known of.");
            return;
        }
        if one.counted > 0 {
            let outside = match one.outside_plan {
                0 => String::new(),
                count => format!("; {count} of them are not in the plan"),
            };
            self.paragraph(
                INDENT,
                &format!("{} that count: foundations, services, stores of records{outside}.", one.counted),
            );
        }
        for dependent in &one.dependents {
            self.dependent(dependent);
        }
        if one.more_dependents > 0 {
            self.paragraph("    ", &format!("and {} more; --format json lists ways too", one.more_dependents));
        }
    }

    fn dependent(&mut self, dependent: &Dependent) {
        let aside = if dependent.counts { "" } else { ", which does not count" };
        let action = if dependent.action == "no-op" { "left as it is" } else { &dependent.action };
        let through: Vec<String> = match dependent.way.as_slice() {
            [between @ .., _] => between.iter().map(|step| step.address.clone()).collect(),
            [] => Vec::new(),
        };
        let through = if through.is_empty() { String::new() } else { format!(" by way of {}", through.join(", ")) };
        let known = match dependent.way.last().map(|step| step.known_by.as_str()) {
            Some("configuration") => "the configuration refers to it",
            Some("state") => "the state records it",
            _ => "the id stands among its values",
        };
        self.paragraph("    ", &format!("{} ({action}{aside}){through}: {known}", dependent.address));
    }

    fn environment(&mut self, one: &Explanation) {
        let environment = &one.environment;
        let sign = match (&environment.key, &environment.value, &environment.address) {
            (Some(key), Some(value), Some(address)) => format!("{key} = \"{value}\" of {address} says so"),
            _ => "no tag or label says anything, which counts as production".to_owned(),
        };
        self.paragraph(INDENT, &format!("Environment: {}; {sign}.", environment.is));
    }

    fn rules(&mut self, one: &Explanation) {
        if one.rules.is_empty() {
            self.paragraph(INDENT, "No rule finds anything in it.");
        }
        for asked in &one.rules {
            self.paragraph(INDENT, &format!("{} {}: {}", asked.verdict.word(), asked.rule, asked.reason));
        }
        if let Some(lowered) = one.finding.as_ref().and_then(|finding| finding.lowered.as_ref()) {
            let is = one.verdict.word();
            self.paragraph(INDENT, &format!("Lowered from {} to {is} by the {}.", lowered.from.word(), lowered.by));
        }
        if let Some(finding) = &one.finding {
            let points = |one: &Points| format!("{} for {}", one.points, one.reason);
            let points: Vec<String> = finding.points.iter().map(points).collect();
            self.paragraph(INDENT, &format!("Score {}: {}.", finding.score, points.join(", ")));
        }
    }

    fn passes(&mut self, one: &Explanation) {
        match &one.finding {
            None => self.paragraph(INDENT, "It passes as it is."),
            Some(finding) => self.paragraph(INDENT, &format!("Check first: {}", finding.check)),
        }
        for (place, way) in one.ways_out.iter().enumerate() {
            self.paragraph(INDENT, &format!("{}. {}", place.saturating_add(1), way.text));
            for line in way.paste.iter().flat_map(|paste| paste.text.lines()) {
                self.line(&format!("         {}", super::clean(line)));
            }
        }
        if !one.ways_back.is_empty() {
            let attributes = one.ways_back.join("; ");
            self.paragraph(INDENT, &format!("A way back would make it review: {attributes}, set and applied before."));
        }
    }
}

/// `a, b and 3 more`.
fn some(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMES).map(String::as_str).collect();
    match names.len().saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
