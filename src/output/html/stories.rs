//! What was found, by cause: one story each, the worst first.
//!
//! A browser takes its time for every element. So only the first stories stand on the page as such, and what follows stands
//! in `noscript` elements: without a script that is markup like any other, and with one it is a text, which costs nothing until
//! the script unfolds it while nobody waits.

use super::finding;
use super::markup::Markup;
use super::places::{self, Found, Places};
use super::ways;
use crate::report::{Group, Report};

/// So many bytes of stories stand on the page as such; what is folded is parted into pieces of so many.
const AT_ONCE: usize = 150_000;
const PIECE: usize = 60_000;
/// So many bytes are told in full. What comes then is told in a paragraph each, and past the second number it is counted: a
/// page must load.
const IN_FULL: usize = 1_200_000;
const IN_ALL: usize = 7_000_000;
/// A story of more findings is parted itself.
const LARGE: usize = 40;

/// The list of stories while it is written.
struct Stories<'r> {
    report: &'r Report,
    places: &'r Places<'r>,
    /// What stands there.
    out: Markup,
    /// What will be folded next.
    folded: Markup,
    is_folded: bool,
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
    let mut stories =
        Stories { report, places, out: Markup::default(), folded: Markup::default(), is_folded: false, left_out: 0 };
    stories.out.raw("<div id=\"list\">");
    // The worst is open; where that is a plan as a whole, so is what comes next, which tells of its cause.
    let is_plan = |group: &Group| places::of_group(report, group).first().is_some_and(|worst| worst.address.is_empty());
    let open = report.groups.iter().take_while(|group| is_plan(group)).count();
    for (place, group) in report.groups.iter().enumerate() {
        stories.story(place <= open, group);
    }
    stories.fold();
    stories.out.raw("</div>");
    if stories.is_folded {
        stories.out.raw(
            "<p class=\"script-missing\">Not all findings are shown: something on the way to you keeps this page's script \
             from running. The JSON report has them all.</p>",
        );
    }
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
        match self.out.len().saturating_add(self.folded.len()) {
            0..IN_FULL => Some(Telling::Full),
            IN_FULL..IN_ALL => Some(Telling::Brief),
            _ => None,
        }
    }

    /// Takes a part of the list, as it is or folded.
    fn take(&mut self, part: &Markup) {
        if self.out.len() < AT_ONCE {
            self.out.add(part);
            return;
        }
        self.folded.add(part);
        if self.folded.len() > PIECE {
            self.fold();
        }
    }

    fn fold(&mut self) {
        let folded = std::mem::take(&mut self.folded);
        if !folded.is_empty() {
            self.is_folded = true;
            self.out.raw("<noscript class=\"folded\">");
            self.out.add(&folded);
            self.out.raw("</noscript>");
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
            let story = self.finding(*worst, group, Part::Story { open }, telling);
            self.take(&story);
        } else if findings.len() > LARGE {
            self.large(open, group, &findings);
        } else {
            let mut story = self.head(open, group, *worst, rest.len());
            for finding in &findings {
                story.add(&self.finding(*finding, group, Part::OfStory, telling));
            }
            end(&mut story, group);
            self.take(&story);
        }
    }

    /// A story that is parted itself: its head stands there, and its findings as far as there is room.
    fn large(&mut self, open: bool, group: &Group, findings: &[Found<'_>]) {
        self.fold();
        if let Some((worst, rest)) = findings.split_first() {
            let head = self.head(open, group, *worst, rest.len());
            self.out.add(&head);
        }
        for finding in findings {
            match self.telling() {
                Some(telling) => {
                    let finding = self.finding(*finding, group, Part::OfStory, telling);
                    self.take(&finding);
                }
                None => self.left_out = self.left_out.saturating_add(1),
            }
        }
        self.fold();
        end(&mut self.out, group);
    }

    /// A story up to its findings: what it is about, its cause, and what to do instead of all of it.
    fn head(&self, open: bool, group: &Group, worst: Found<'_>, more: usize) -> Markup {
        let mut out = Markup::of("<details class=\"story many\"", &[]);
        out.raw(if open { " open=\"open\">" } else { ">" });
        finding::summary(&mut out, &worst, self.places, more);
        out.put("<div class=\"body\"><p class=\"cause\"><b>Why</b> {}</p>", &[&group.cause]);
        ways::all(&mut out, &group.ways_out);
        out.raw("<h4>What it does</h4><div class=\"findings\">");
        out
    }

    fn finding(&self, finding: Found<'_>, group: &Group, part: Part, telling: Telling) -> Markup {
        let mut out = Markup::default();
        out.raw(if part == Part::OfStory { "<details class=\"finding\"" } else { "<details class=\"story finding\"" });
        finding::marks(&mut out, finding, self.places);
        out.raw(if part == (Part::Story { open: true }) { " open=\"open\">" } else { ">" });
        finding::summary(&mut out, &finding, self.places, 0);
        if telling == Telling::Brief {
            out.put("<p class=\"body\">{}</p></details>", &[&finding::brief(&finding)]);
            return out;
        }
        out.raw("<div class=\"body\">");
        let cause = finding.cause.as_ref().map(|cause| cause.text.as_str());
        // A story tells its cause and its ways out once.
        let (cause, told) = match part {
            Part::Story { .. } => (Some(group.cause.as_str()), &[] as &[_]),
            Part::OfStory => (cause.filter(|cause| *cause != group.cause), group.ways_out.as_slice()),
        };
        finding::facts(&mut out, &finding, self.places, cause);
        names(&mut out, &finding.names);
        let ways = if part == Part::OfStory { &finding.ways_out } else { &group.ways_out };
        ways::all(&mut out, &ways.iter().filter(|way| !told.contains(way)).cloned().collect::<Vec<_>>());
        out.raw("</div></details>");
        out
    }
}

/// What a finding is in the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A story of its own.
    Story { open: bool },
    /// One of several with one cause.
    OfStory,
}

/// What a finding on a whole plan names.
fn names(out: &mut Markup, names: &[String]) {
    const MOST: usize = 20;
    if names.is_empty() {
        return;
    }
    out.raw("<p class=\"named\">It names ");
    list(out, names.iter().take(MOST));
    let more = names.len().saturating_sub(MOST);
    if more > 0 {
        out.put(" and {} more", &[&more]);
    }
    out.raw(".</p>");
}

fn list<'n>(out: &mut Markup, names: impl Iterator<Item = &'n String>) {
    for (place, name) in names.enumerate() {
        out.raw(if place > 0 { ", " } else { "" });
        out.put("<code>{}</code>", &[name]);
    }
}

/// What else the cause takes along, and the end of the story.
fn end(out: &mut Markup, group: &Group) {
    out.raw("</div>");
    if group.others > 0 {
        match group.others {
            1 => out.raw("<p class=\"others\">1 other is destroyed too, and breaks no rule alone: "),
            count => out.put("<p class=\"others\">{} others are destroyed too, and break no rule alone: ", &[&count]),
        }
        list(out, group.other_names.iter());
        let more = group.others.saturating_sub(group.other_names.len());
        if more > 0 {
            out.put(" and {} more", &[&more]);
        }
        out.raw("</p>");
    }
    out.raw("</div></details>");
}
