//! Text for a terminal: lines of 80 columns, paragraphs under a prefix, a verdict's word in its colour.
//!
//! Every string of a plan is hostile, so whatever could move the cursor, hide text or turn its direction is written as
//! an escape.

use super::Style;
use super::clean::{clean, defuse};
use crate::report::Outcome;

const WIDTH: usize = 80;
const LONGEST_WORD: usize = 200;

/// What stands before the lines of a finding.
pub(super) const INDENT: &str = "         ";

/// What is written so far.
pub(super) struct Page {
    pub(super) text: String,
    pub(super) style: Style,
    /// Several inputs were given, so a finding says which one it is in.
    pub(super) several: bool,
}

impl Page {
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(&defuse(line.trim_end()));
        self.text.push('\n');
    }

    /// A verdict's word, padded, in its colour.
    pub(super) fn word(&self, verdict: Outcome) -> String {
        let word = format!("{:<7}", verdict.word().to_uppercase());
        let code = match verdict {
            Outcome::Block | Outcome::Error => "1;31",
            Outcome::Review => "1;33",
            Outcome::Allow => "1;32",
        };
        if self.style.color { format!("\u{1b}[{code}m{word}\u{1b}[0m") } else { word }
    }

    /// Text behind a verdict's word.
    pub(super) fn headed(&mut self, verdict: Outcome, text: &str) {
        let word = self.word(verdict);
        let start = self.text.len();
        self.paragraph(INDENT, text);
        // The word takes the place of the indent, which is not there where there is no text; in colour it is longer than it
        // looks.
        let told = self.text.split_off(start);
        self.text.extend(["  ", &word, told.strip_prefix(INDENT).unwrap_or(&told)]);
    }

    /// Text with a prefix before its first line, wrapped; a word that is longer than a line stands alone.
    pub(super) fn paragraph(&mut self, prefix: &str, text: &str) {
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
