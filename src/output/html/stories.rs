//! What was found, by cause: one story each, the worst first.

use super::finding;
use super::markup::Markup;
use super::places::{self, Found, Places};
use super::ways;
use crate::report::{Group, Report};

/// So many bytes of stories are told in full. What comes then is told in a paragraph each, and past the second number it is
/// counted: a page must load.
const IN_FULL: usize = 1_200_000;
const IN_ALL: usize = 7_000_000;

/// The list of stories.
pub(super) struct Stories<'r> {
    report: &'r Report,
    places: &'r Places<'r>,
    out: Markup,
    left_out: usize,
}

/// How fully a story is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    Full,
    Brief,
}

/// All stories, as far as a page takes them.
pub(super) fn stories<'r>(report: &'r Report, places: &'r Places<'r>) -> Markup {
    let mut stories = Stories { report, places, out: Markup::default(), left_out: 0 };
    stories.out.raw("<div id=\"list\">");
    // The worst is open; where that is a plan as a whole, so is what comes next, which tells of its cause.
    let is_plan = |group: &Group| places::of_group(report, group).first().is_some_and(|worst| worst.address.is_empty());
    let open = report.groups.iter().take_while(|group| is_plan(group)).count();
    for (place, group) in report.groups.iter().enumerate() {
        stories.story(place <= open, group);
    }
    stories.out.raw("</div>");
    if stories.left_out > 0 {
        stories.out.put(
            "<p class=\"left-out\">{} more findings are not on this page; <code>--format json</code> lists them all.</p>",
            &[&stories.left_out],
        );
    }
    stories.out
}

impl Stories<'_> {
    fn telling(&self) -> Option<Telling> {
        match self.out.len() {
            0..IN_FULL => Some(Telling::Full),
            IN_FULL..IN_ALL => Some(Telling::Brief),
            _ => None,
        }
    }

    fn story(&mut self, open: bool, group: &Group) {
        let findings = places::of_group(self.report, group);
        let Some((worst, rest)) = findings.split_first() else { return };
        let Some(telling) = self.telling() else {
            self.left_out = self.left_out.saturating_add(findings.len());
            return;
        };
        if rest.is_empty() && group.others == 0 {
            return self.finding(*worst, group, true, telling, open);
        }
        self.out.raw("<details class=\"story many\"");
        self.out.raw(if open { " open=\"open\">" } else { ">" });
        finding::summary(&mut self.out, worst, self.places, rest.len());
        self.out.put("<div class=\"body\"><p class=\"cause\"><b>Why</b> {}</p>", &[&group.cause]);
        ways::all(&mut self.out, &group.ways_out);
        self.out.raw("<h4>What it does</h4><div class=\"findings\">");
        for finding in &findings {
            match self.telling() {
                Some(telling) => self.finding(*finding, group, false, telling, false),
                None => self.left_out = self.left_out.saturating_add(1),
            }
        }
        self.out.raw("</div>");
        self.others(group);
        self.out.raw("</div></details>");
    }

    /// A finding, which is a story of its own or a part of one that has told the cause and the ways out.
    fn finding(&mut self, finding: Found<'_>, group: &Group, own: bool, telling: Telling, open: bool) {
        self.out.raw(if own { "<details class=\"story finding\"" } else { "<details class=\"finding\"" });
        finding::marks(&mut self.out, finding, self.places);
        self.out.raw(if open { " open=\"open\">" } else { ">" });
        finding::summary(&mut self.out, &finding, self.places, 0);
        if telling == Telling::Brief {
            self.out.put("<p class=\"body\">{}</p></details>", &[&finding::brief(&finding)]);
            return;
        }
        self.out.raw("<div class=\"body\">");
        let cause = finding.cause.as_ref().map(|cause| cause.text.as_str());
        let cause = if own { Some(group.cause.as_str()) } else { cause.filter(|cause| *cause != group.cause) };
        finding::facts(&mut self.out, &finding, self.places, cause);
        if !finding.names.is_empty() {
            self.names(&finding.names);
        }
        let told = if own { &[] } else { group.ways_out.as_slice() };
        let ways = if own { &group.ways_out } else { &finding.ways_out };
        let ways: Vec<_> = ways.iter().filter(|way| !told.contains(way)).cloned().collect();
        ways::all(&mut self.out, &ways);
        self.out.raw("</div></details>");
    }

    fn names(&mut self, names: &[String]) {
        self.out.raw("<p class=\"named\">It names ");
        for (place, name) in names.iter().take(20).enumerate() {
            self.out.raw(if place > 0 { ", " } else { "" });
            self.out.put("<code>{}</code>", &[name]);
        }
        let more = names.len().saturating_sub(20);
        if more > 0 {
            self.out.put(" and {} more", &[&more]);
        }
        self.out.raw(".</p>");
    }

    /// What else the cause takes along.
    fn others(&mut self, group: &Group) {
        if group.others == 0 {
            return;
        }
        let are = if group.others == 1 {
            "1 other is destroyed too, and breaks"
        } else {
            "others are destroyed too, and break"
        };
        let count = if group.others == 1 { String::new() } else { format!("{} ", group.others) };
        self.out.put("<p class=\"others\">{}{} no rule alone: ", &[&count, &are]);
        for (place, name) in group.other_names.iter().enumerate() {
            self.out.raw(if place > 0 { ", " } else { "" });
            self.out.put("<code>{}</code>", &[name]);
        }
        let more = group.others.saturating_sub(group.other_names.len());
        if more > 0 {
            self.out.put(" and {} more", &[&more]);
        }
        self.out.raw("</p>");
    }
}
