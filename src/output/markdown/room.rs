//! How much of a page there is room for, and what was left out.

use super::super::words::{list, number};

/// So much is kept for telling what was left out.
const KEPT: usize = 320;

/// The bytes that are left.
pub(super) struct Room {
    left: usize,
    kept: usize,
}

/// What a page does not tell, or not in full.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// Causes of which only a line is told.
    pub(super) in_a_line: usize,
    /// Causes of which nothing is told, and their findings.
    pub(super) causes: usize,
    pub(super) findings: usize,
    /// Ways out of both.
    pub(super) ways_out: usize,
    /// Lowered findings, notes and gaps.
    pub(super) asides: usize,
    /// The picture.
    pub(super) picture: bool,
}

impl Room {
    pub(super) fn of(most: usize) -> Self {
        let kept = KEPT.min(most / 4);
        Self { left: most.saturating_sub(kept), kept }
    }

    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Takes so many bytes, where there are so many.
    pub(super) fn take(&mut self, bytes: usize) -> bool {
        let rest = self.left.checked_sub(bytes);
        self.left = rest.unwrap_or(self.left);
        rest.is_some()
    }

    /// The text where there is room for it, else nothing.
    pub(super) fn fit(&mut self, text: String) -> String {
        if self.take(text.len()) { text } else { String::new() }
    }

    /// What was left out, for which some room was kept, in as many words as there is room for.
    pub(super) fn tell(&mut self, left: &Left) -> String {
        self.left = self.left.saturating_add(std::mem::take(&mut self.kept));
        let texts = [left.in_full(), left.in_short()].into_iter().flatten();
        texts.map(|text| format!("*{text}*\n")).find(|text| self.take(text.len())).unwrap_or_default()
    }
}

impl Left {
    fn in_full(&self) -> Option<String> {
        let causes = number(self.causes, "cause");
        let findings = (self.findings > 0).then(|| format!("{} of {causes}", number(self.findings, "finding")));
        let asides = (self.asides > 0).then(|| format!("{} (lowered, noted or not seen)", self.asides));
        let picture = self.picture.then(|| "the picture".to_owned());
        let in_a_line = (self.in_a_line > 0).then(|| format!("all but a line of {}", number(self.in_a_line, "cause")));
        let ways_out = list(&[(self.ways_out, if self.ways_out == 1 { "way out" } else { "ways out" })], " ");
        let all: Vec<String> = [findings, in_a_line, ways_out, picture, asides].into_iter().flatten().collect();
        (!all.is_empty())
            .then(|| format!("Left out for want of room: {}. The report as JSON has it all.", all.join(", ")))
    }

    fn in_short(&self) -> Option<String> {
        let text = || format!("Left out: {}.", number(self.findings, "finding"));
        (self.findings > 0).then(text)
    }
}
