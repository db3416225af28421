//! Patterns of the table, and a command's words as they are held against them.

use super::super::line::{Arg, HOLE};

/// A pattern: words in order, and options.
pub(super) struct Pattern {
    words: Vec<&'static str>,
    options: Vec<&'static str>,
}

/// A command's words and options.
pub(super) struct Given<'a> {
    words: Vec<Word<'a>>,
    pub(super) options: Vec<Choice<'a>>,
    /// Options that are not in the table, with the word that comes next: it may be the value.
    loose: Vec<(&'a str, &'a str)>,
    /// A hole stands among them: it may be any option.
    holes: bool,
}

/// An option.
#[derive(Clone, Copy)]
pub(super) struct Choice<'a> {
    pub(super) name: &'a str,
    /// Its value, where that is known.
    pub(super) value: Option<&'a str>,
    /// It may be the value of an option before it that is not in the table.
    perhaps: bool,
}

/// A word that is no option.
#[derive(Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    /// It may be the value of an option that is not in the table.
    perhaps: bool,
    /// It is a hole, and what follows looks as if it held options.
    skipped: bool,
}

impl<'a> Given<'a> {
    /// `valued` are the options that take the next word, `single` some that do not; `passes_on` that options behind `--` are those of
    /// another tool; `vocabulary` says whether a word is one of the tool's commands.
    pub(super) fn read(
        arguments: &'a [Arg],
        valued: &[&str],
        single: &[&str],
        passes_on: bool,
        vocabulary: impl Fn(&str) -> bool,
    ) -> Self {
        let mut given = Self { words: Vec::new(), options: Vec::new(), loose: Vec::new(), holes: false };
        let mut rest = arguments.iter().peekable();
        let mut perhaps = false;
        let mut only_words = false;
        while let Some(word) = rest.next() {
            let text = word.text.as_str();
            if text == "--" {
                only_words = !passes_on;
                continue;
            }
            if only_words || !text.starts_with('-') || text.len() < 2 {
                let hole = text.starts_with(HOLE);
                given.holes |= hole && !only_words;
                let followed = rest.peek().is_some_and(|next| vocabulary(&next.text));
                given.words.push(Word { text, perhaps, skipped: hole && followed });
                perhaps = false;
                continue;
            }
            let before = std::mem::take(&mut perhaps);
            if let Some((name, value)) = text.split_once('=') {
                given.options.push(Choice { name, value: Some(value), perhaps: before });
            } else if valued.iter().any(|option| same_option(option, text)) {
                let value = rest.next().map(|value| value.text.as_str());
                given.options.push(Choice { name: text, value, perhaps: before });
            } else {
                given.options.push(Choice { name: text, value: None, perhaps: before });
                perhaps = !single.iter().any(|option| same_option(option, text));
                given.loose.extend(rest.peek().filter(|_| perhaps).map(|next| (text, next.text.as_str())));
            }
        }
        given
    }

    /// The words behind so many.
    pub(super) fn operands(&self, count: usize) -> &[Word<'a>] {
        self.words.get(count..).unwrap_or_default()
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &'a str> {
        self.words.iter().map(|word| word.text)
    }

    pub(super) fn has_holes(&self) -> bool {
        self.holes
    }
}

impl Pattern {
    pub(super) fn read(text: &'static str) -> Self {
        let (options, words) = text.split(' ').partition(|token| token.starts_with('-'));
        Self { words, options }
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().chain(&self.options).all(|token| token.is_empty())
    }

    /// The options that it names without a value.
    pub(super) fn single(&self) -> impl Iterator<Item = &'static str> {
        self.options.iter().filter(|option| !option.contains('=')).flat_map(|option| option.split(','))
    }

    /// Whether commands that fit begin with this very word.
    pub(super) fn begins_with(&self, word: &str) -> bool {
        self.words.first().is_some_and(|token| !token.contains('*') && token.split(',').any(|one| one == word))
    }

    /// Whether it fits whatever the holes are.
    pub(super) fn surely_fits(&self, given: &Given<'_>) -> bool {
        let words: Vec<Word<'_>> = given.words.iter().filter(|word| !word.skipped).copied().collect();
        fit(&self.words, &words, false) && self.options.iter().all(|option| has_option(given, option, true))
    }

    /// Whether it fits for something that the holes may be.
    pub(super) fn may_fit(&self, given: &Given<'_>) -> bool {
        let words: Vec<Word<'_>> = given.words.iter().filter(|word| !word.skipped).copied().collect();
        let options =
            self.options.iter().all(|option| has_option(given, option, false) || (given.holes && words.is_empty()));
        options && fit(&self.words, &words, true)
    }
}

/// Whether words fit tokens, each in its turn. More words may follow.
fn fit(tokens: &[&str], words: &[Word<'_>], worst: bool) -> bool {
    let Some((token, more)) = tokens.split_first() else { return true };
    let Some((word, rest)) = words.split_first() else { return *token == "**" && more.is_empty() };
    if *token == "**" {
        return fit(more, words, worst) || fit(tokens, rest, worst);
    }
    let hole = word.text.contains(HOLE);
    if hole {
        // The last word may stand for several.
        return worst && may_be(token, word.text) && (rest.is_empty() || fit(more, rest, worst));
    }
    let same = token.split(',').any(|one| fits(one, word.text)) && (worst || !word.perhaps);
    (same && fit(more, rest, worst)) || (word.perhaps && worst && fit(tokens, rest, worst))
}

/// Whether a word with a hole may be one of the token's.
fn may_be(token: &str, word: &str) -> bool {
    let pattern = collapsed(&word.replace(HOLE, "*"));
    // Trying many holes out takes long, and tells nothing.
    pattern.matches('*').count() > 4 || token.split(',').any(|one| one.contains('*') || fits(&pattern, one))
}

/// With one `*` for several beside each other.
fn collapsed(pattern: &str) -> String {
    let mut simple = String::new();
    for c in pattern.chars() {
        if c != '*' || !simple.ends_with('*') {
            simple.push(c);
        }
    }
    simple
}

/// `-o` is there, and not switched off; `-o=value` with that value. Terraform takes two dashes for one. `sure` leaves out what may be
/// something else.
fn has_option(given: &Given<'_>, option: &str, sure: bool) -> bool {
    let (name, wanted) = match option.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (option, None),
    };
    let named = |own: &str| name.split(',').any(|name| same_option(name, own));
    let loose = !sure
        && given
            .loose
            .iter()
            .any(|(own, next)| wanted.is_some_and(|wanted| next.eq_ignore_ascii_case(wanted)) && named(own));
    let given = given.options.iter().filter(|choice| !(sure && choice.perhaps));
    loose
        || given.into_iter().any(|choice| match (wanted, choice.value) {
            (Some(wanted), Some(value)) => {
                named(choice.name)
                    && (value.eq_ignore_ascii_case(wanted) || (wanted.contains('*') && fits(wanted, value)))
            }
            (Some(_), None) => false,
            (None, Some(value)) => {
                let off = ["false", "0", "none", "no", "f"].iter().any(|off| value.eq_ignore_ascii_case(off));
                named(choice.name) && !off
            }
            (None, None) => named(choice.name) || is_joined(name, choice.name),
        })
}

fn same_option(one: &str, other: &str) -> bool {
    let (short, long) = (one.trim_start_matches('-'), other.trim_start_matches('-'));
    short == long && (one.len() > 2 || one == other || one.starts_with("--"))
}

/// `-r` in `-rf`.
fn is_joined(one: &str, given: &str) -> bool {
    let letter = one.strip_prefix('-').filter(|letter| letter.len() == 1);
    let letters =
        given.strip_prefix('-').filter(|letters| letters.len() < 5 && letters.chars().all(|c| c.is_ascii_alphabetic()));
    letter.zip(letters).is_some_and(|(letter, letters)| letters.contains(letter))
}

/// Whether a text fits a pattern in which `*` is any run of characters.
pub(in super::super) fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(tail) = text.strip_prefix(head) else { return false };
    if !rest.contains('*') {
        return tail.ends_with(rest);
    }
    tail.char_indices().map(|(at, _)| at).chain([tail.len()]).any(|at| tail.get(at..).is_some_and(|t| fits(rest, t)))
}

/// Whether a name fits a pattern of files: `?` is any character, and `[…]` too.
pub(in super::super) fn file_fits(pattern: &str, name: &str) -> bool {
    let mut simple = String::new();
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        match c {
            '[' => {
                characters.by_ref().find(|c| *c == ']');
                simple.push('*');
            }
            '?' => simple.push('*'),
            c => simple.push(c),
        }
    }
    let simple = collapsed(&simple);
    simple.chars().any(|c| c != '*') && (simple.matches('*').count() > 4 || fits(&simple, name))
}
