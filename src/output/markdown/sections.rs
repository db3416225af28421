//! The stories: by plan where there are several, the worst in full, further ones folded, then a line each.

use super::super::words;
use super::picture;
use super::room::{Left, Room};
use super::story::{Story, Told, fold};
use super::text::code;
use crate::report::{Finding, Group, Report};

/// So many stories are open, so many at most are told in full, and so many more get a line each.
const OPEN: usize = 3;
const IN_FULL: usize = 24;
const IN_A_LINE: usize = 1_000;
/// More lines than these are behind a click, and so much it takes to say so.
const LINES: usize = 5;
const FOLD: usize = 120;

/// The stories as far as they are written.
pub(super) struct Sections<'s> {
    room: &'s mut Room,
    left: &'s mut Left,
    several: bool,
    /// One for each plan that has a story, in the order of the worst ones.
    sections: Vec<Section>,
    /// Where something was added last.
    last: Option<usize>,
}

/// One plan with its stories.
struct Section {
    input: String,
    told: String,
    lines: Vec<String>,
}

/// As much of the stories as there is room for; the rest is counted.
pub(super) fn written(report: &Report, open: &[(&Group, Vec<&Finding>)], room: &mut Room, left: &mut Left) -> String {
    let several = words::are_several(report);
    let mut sections = Sections { room, left, several, sections: Vec::new(), last: None };
    let stories: Vec<Story<'_>> = open.iter().filter_map(|(group, findings)| Story::of(group, findings)).collect();
    let in_full = sections.in_full(report, &stories);
    sections.in_lines(stories.get(in_full..).unwrap_or_default());
    sections.joined()
}

impl Sections<'_> {
    /// Tells the worst stories in full, with the picture behind the open ones, and returns how many. Past the first one they
    /// leave half of the room to the lines of the others.
    fn in_full(&mut self, report: &Report, stories: &[Story<'_>]) -> usize {
        let mut picture = String::new();
        let mut kept = 0;
        for (place, story) in stories.iter().enumerate().take(IN_FULL) {
            if place == OPEN {
                self.show(&std::mem::take(&mut picture));
            }
            let text = story.in_full(self.how(report, story, place), if self.several { "####" } else { "###" });
            let is_last = place.saturating_add(1) == stories.len();
            let fits = is_last || self.room.left().saturating_sub(text.len()) >= kept;
            if !fits || !self.tell(&story.worst.input, &text) {
                self.show(&picture);
                return place;
            }
            if place == 0 {
                picture = self.picture(report);
                kept = self.room.left() / 2;
            }
        }
        self.show(&picture);
        stories.len().min(IN_FULL)
    }

    /// The page's first line is about the worst finding, unless something could not be read.
    fn how(&self, report: &Report, story: &Story<'_>, place: usize) -> Told {
        match place {
            0 if !self.several && story.worst.verdict == report.verdict => Told::First,
            place if place < OPEN => Told::Open,
            _ => Told::Folded,
        }
    }

    /// Tells the others in a line each, as long as there is room, and counts what that leaves out.
    fn in_lines(&mut self, stories: &[Story<'_>]) {
        let told =
            stories.iter().take(IN_A_LINE).take_while(|story| self.line(&story.worst.input, story.line())).count();
        self.left.in_a_line = told;
        let (_, rest) = stories.split_at_checked(told).unwrap_or_default();
        self.left.causes = rest.len();
        self.left.findings = rest.iter().map(Story::findings).fold(0, usize::saturating_add);
        self.left.ways_out = stories.iter().map(Story::ways_out).fold(0, usize::saturating_add);
    }

    fn tell(&mut self, input: &str, text: &str) -> bool {
        let fits = self.room.take(text.len().saturating_add(self.heading(input)));
        if fits {
            self.section(input, |section| section.told.push_str(text));
        }
        fits
    }

    fn line(&mut self, input: &str, line: String) -> bool {
        let is_first = !self.sections.iter().any(|section| section.input == input && !section.lines.is_empty());
        let fold = if is_first { FOLD } else { 0 };
        let fits = self.room.take(line.len().saturating_add(fold).saturating_add(self.heading(input)));
        if fits {
            self.section(input, |section| section.lines.push(line));
        }
        fits
    }

    /// The picture, with room taken for it.
    fn picture(&mut self, report: &Report) -> String {
        let picture = picture::drawn(report, self.room.left() / 3).filter(|picture| self.room.take(picture.len()));
        self.left.picture = picture.is_none() && picture::is_there(report);
        picture.unwrap_or_default()
    }

    /// Puts the picture behind the story that was told last.
    fn show(&mut self, picture: &str) {
        if let Some(section) = self.last.and_then(|at| self.sections.get_mut(at)) {
            section.told.push_str(picture);
        }
    }

    /// How much room a plan's heading takes where it is not there yet.
    fn heading(&self, input: &str) -> usize {
        let is_there = !self.several || self.sections.iter().any(|section| section.input == input);
        if is_there { 0 } else { heading(input).len() }
    }

    /// Adds to a plan's section, which is made where it is not there yet.
    fn section(&mut self, input: &str, add: impl FnOnce(&mut Section)) {
        // Where there is one plan there is one section, whatever inputs a report names.
        let at = self.sections.iter().position(|section| !self.several || section.input == input);
        let at = at.unwrap_or(self.sections.len());
        if at == self.sections.len() {
            self.sections.push(Section { input: input.to_owned(), told: String::new(), lines: Vec::new() });
        }
        self.sections.get_mut(at).map(add);
        self.last = Some(at);
    }

    fn joined(&self) -> String {
        let mut text = String::new();
        for section in &self.sections {
            if self.several {
                text += &heading(&section.input);
            }
            text += &section.told;
            text += &section.lines();
        }
        text
    }
}

fn heading(input: &str) -> String {
    format!("### In {}\n\n", code(input))
}

impl Section {
    fn lines(&self) -> String {
        match self.lines.len() {
            0 => String::new(),
            few if few <= LINES => format!("{}\n", self.lines.concat()),
            many => fold(&format!("{many} more causes, a line each"), &self.lines.concat()),
        }
    }
}
