//! What `xargs` and `parallel` hand to a command: words of the line, of its input, or words that nobody knows.

use super::wrappers::Read;
use super::{Arg, HOLE, Walk};

/// The most words that are handed on one by one.
const MOST: usize = 32;

impl Walk<'_> {
    /// The commands that come of one, with what is handed to it. Without a command of its own what comes in are commands.
    pub(super) fn handed_in(&mut self, program: &str, read: &Read) -> Vec<Vec<Arg>> {
        let at = read.command.iter().position(|word| word.text.starts_with(":::")).unwrap_or(read.command.len());
        let (command, named) = read.command.split_at_checked(at).unwrap_or_default();
        let by_line = program != "xargs" || read.replaced.is_some() || read.whole;
        let words = if named.is_empty() { self.words_of_input(by_line) } else { words_of_line(named) };
        if program != "xargs" && command.is_empty() {
            self.run_handed(words, named.is_empty());
            return Vec::new();
        }
        let mark = read.replaced.as_deref().unwrap_or("{}");
        let replaces = program != "xargs" || read.replaced.is_some();
        let marked = !mark.is_empty() && command.iter().any(|word| word.text.contains(mark));
        match words {
            Some(words) if replaces && marked => words.iter().map(|word| replaced(command, mark, &word.text)).collect(),
            Some(words) if by_line => words.iter().map(|word| [command, std::slice::from_ref(word)].concat()).collect(),
            Some(words) => vec![[command, &words].concat()],
            None if read.replaced.is_some() => vec![replaced(command, mark, &HOLE.to_string())],
            None => vec![[&replaced(command, mark, &HOLE.to_string())[..], &[Arg::unknown("…")]].concat()],
        }
    }

    /// Each of them is a command of its own.
    fn run_handed(&mut self, words: Option<Vec<Arg>>, from_input: bool) {
        match words {
            Some(words) => words.iter().for_each(|word| self.apart(|walk| walk.shell_text(&word.text))),
            None if from_input => self.fed_program(&self.input.clone(), &[Arg::literal("parallel")], true),
            None => self.opaque(&[Arg::literal("parallel")]),
        }
    }

    /// The words of what comes in, if they are known and not too many.
    fn words_of_input(&self, by_line: bool) -> Option<Vec<Arg>> {
        let text = self.text_of(&self.input).filter(|text| !text.contains(HOLE))?;
        let words: Vec<Arg> = if by_line {
            text.lines().map(Arg::literal).collect()
        } else {
            text.split_whitespace().map(Arg::literal).collect()
        };
        (!words.is_empty() && words.len() <= MOST).then_some(words)
    }
}

/// The words behind `:::`. Those of a file are not known.
fn words_of_line(named: &[Arg]) -> Option<Vec<Arg>> {
    let known = !named.iter().any(|word| word.text.starts_with("::::")) && named.len() <= MOST;
    known.then(|| named.iter().filter(|word| !word.text.starts_with(":::")).cloned().collect())
}

/// A command with a text in place of each mark.
fn replaced(command: &[Arg], mark: &str, text: &str) -> Vec<Arg> {
    let marked = |word: &Arg| !mark.is_empty() && word.text.contains(mark);
    command
        .iter()
        .map(|word| if marked(word) { word.with_text(&word.text.replace(mark, text)) } else { word.clone() })
        .collect()
}
