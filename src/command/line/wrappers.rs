//! Programs that run another command, by a table.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;

use super::super::guard;
use super::scan::{escaped, image_tool};
use super::{Arg, HOLE, How, Walk, base};

const TABLE: &str = include_str!("../data/wrappers.tsv");
const SPEAKERS: &str = include_str!("../data/speakers.tsv");

/// The most words that are handed on from one wrapper to the next.
const CARRIED: usize = 10_000;

/// What of a wrapper's words is a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Follows {
    Command,
    Text,
    After,
    Scan,
    /// Only what begins with a mark of programs that have a way out to a shell.
    Escape,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wrapper {
    words: &'static str,
    follows: Follows,
    place: &'static str,
    options: &'static str,
    operands: usize,
    assigns: bool,
}

/// The table by the names of wrappers.
static WRAPPERS: LazyLock<BTreeMap<&'static str, Vec<Wrapper>>> = LazyLock::new(|| {
    let mut wrappers: BTreeMap<&'static str, Vec<Wrapper>> = BTreeMap::new();
    for columns in rows(TABLE) {
        if let (Some(name), Some(wrapper)) = (columns.first(), Wrapper::from_columns(&columns)) {
            wrappers.entry(name).or_default().push(wrapper);
        }
    }
    wrappers
});

/// The wrapper that a command begins with.
pub(super) fn find(words: &[Arg]) -> Option<Wrapper> {
    let (program, rest) = words.split_first()?;
    let wrappers = WRAPPERS.get(base(&program.text))?;
    wrappers.iter().find(|wrapper| wrapper.begins(rest)).copied()
}

/// A table's rows, as columns.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

/// Whether the output of this command is meant to be run by a shell.
pub(super) fn speaks_shell(words: &[String]) -> bool {
    let Some((program, rest)) = words.split_first() else { return false };
    rows(SPEAKERS).any(|columns| match columns.as_slice() {
        [name, word] => {
            (*name == base(program) || rest.iter().any(|given| given == name && *name == "completion"))
                && (*word == "-" || rest.iter().any(|given| given == word))
        }
        _ => false,
    })
}

impl Wrapper {
    fn from_columns(columns: &[&'static str]) -> Option<Self> {
        let [_, words, follows, place, options, operands] = columns else { return None };
        let follows = match *follows {
            "command" => Follows::Command,
            "text" => Follows::Text,
            "after" => Follows::After,
            "scan" => Follows::Scan,
            "escape" => Follows::Escape,
            _ => return None,
        };
        let operands_number = operands.trim_end_matches('=').parse().ok()?;
        let assigns = operands.ends_with('=');
        Some(Self { words, follows, place, options, operands: operands_number, assigns })
    }

    /// Whether a wrapper's own words come first, options and their values aside.
    fn begins(&self, words: &[Arg]) -> bool {
        let mut own = self.words.split(' ').filter(|word| *word != "-").peekable();
        let mut words = words.iter();
        while let Some(wanted) = own.peek() {
            let Some(word) = words.next() else { return false };
            if word.text == *wanted {
                own.next();
            } else if !word.text.starts_with('-') {
                return false;
            } else if self.value_of(&word.text).is_some() {
                words.next();
            }
        }
        true
    }

    /// What an option takes for its value: `Some(true)` is shell text.
    fn value_of(&self, option: &str) -> Option<bool> {
        self.options.split(' ').find_map(|known| {
            let text = known.ends_with('!');
            (known.trim_end_matches('!') == option).then_some(text)
        })
    }

    /// The words without so many that are no options: the wrapper's own.
    fn after_words(&self, words: &[Arg], count: usize) -> Vec<Arg> {
        let mut left = count;
        let mut rest = Vec::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if left == 0 {
                rest.push(word.clone());
            } else if !word.text.starts_with('-') {
                left = left.saturating_sub(1);
            } else {
                rest.push(word.clone());
                if self.value_of(&word.text).is_some() {
                    rest.extend(words.next().cloned());
                }
            }
        }
        rest
    }

    fn change(&self, how: &mut How) {
        how.indirect |= self.place != "here";
        how.elsewhere |= self.place == "elsewhere";
    }
}

/// Where the words of a wrapper were read to.
#[derive(Default)]
pub(super) struct Read {
    pub(super) command: Vec<Arg>,
    texts: Vec<Arg>,
    sets: Vec<(String, Arg)>,
    /// An option was met that is not in the table: where the command begins is a guess.
    doubt: bool,
    /// What `xargs` and its like put another word in place of.
    pub(super) replaced: Option<String>,
    /// What comes in has its own ends, and blanks do not part it.
    pub(super) whole: bool,
}

impl Walk<'_> {
    /// A command that begins with a wrapper.
    pub(super) fn wrapped(&mut self, wrapper: Wrapper, words: &[Arg], mut sets: Vec<String>, writes: Vec<Arg>) {
        if words.len() > CARRIED {
            self.push(super::Step::Unread(String::new()));
            return;
        }
        let program = words.first().map(|word| base(&word.text).to_owned()).unwrap_or_default();
        let own = wrapper.words.split(' ').filter(|word| *word != "-").count();
        let rest = wrapper.after_words(words.get(1..).unwrap_or_default(), own);
        let read = read(&wrapper, &rest);
        let feeds = matches!(program.as_str(), "xargs" | "parallel");
        let commands = if feeds { self.handed_in(&program, &read) } else { vec![read.command.clone()] };
        let mut text = None;
        if wrapper.follows == Follows::Text && !read.command.is_empty() {
            let parts: Vec<&str> = read.command.iter().map(|word| word.text.as_str()).collect();
            text = Some(parts.join(" "));
        }
        let before = Rc::clone(&self.scope);
        for (name, value) in &read.sets {
            self.variable_hides(name, value);
            self.set(name, None);
        }
        let given = !read.sets.is_empty();
        sets.extend(read.sets.into_iter().map(|(name, _)| name));
        self.as_if(
            |how| {
                wrapper.change(how);
                how.perhaps |= feeds;
            },
            |walk| {
                for text in read.texts {
                    walk.child(|walk| walk.text_argument(&text));
                }
                match wrapper.follows {
                    Follows::Command | Follows::After => {
                        let looks = read.command.first().is_some_and(|word| guard::is_looking(base(&word.text)));
                        if read.doubt && !looks {
                            walk.scan(read.command.get(1..).unwrap_or_default());
                        }
                        walk.entered(&wrapper, &rest, &read.command);
                        if read.command.is_empty() {
                            walk.leaf(words.to_vec(), sets.clone(), writes.clone());
                        }
                        for command in commands.into_iter().filter(|command| !command.is_empty()) {
                            walk.command_or_text(command, sets.clone(), writes.clone());
                        }
                    }
                    Follows::Text => {
                        let remote = wrapper.place == "elsewhere";
                        match text {
                            Some(text) if program == "eval" => walk.evaluate(&read.command, &text),
                            Some(text) if text == HOLE.to_string() => walk.opaque(words),
                            Some(text) => walk.child(|walk| walk.shell_text(&text)),
                            // `ssh host < script`
                            None if remote => walk.fed_program(&walk.input.clone(), words, true),
                            None => {}
                        }
                        if !writes.is_empty() {
                            walk.leaf(words.to_vec(), sets, writes);
                        }
                    }
                    Follows::Escape => {
                        let typed = walk.text_of(&walk.input).unwrap_or_default();
                        let typed = typed.lines().map(Arg::literal).collect::<Vec<_>>();
                        for text in rest.iter().chain(&typed).filter_map(escaped) {
                            walk.apart(|walk| walk.shell_text(text));
                        }
                        walk.leaf(words.to_vec(), sets, writes);
                    }
                    Follows::Scan => {
                        walk.scan(&rest);
                        walk.shell_at_end(&rest);
                        walk.leaf(words.to_vec(), sets, writes);
                    }
                }
            },
        );
        if given {
            self.scope = before;
        }
    }

    /// `docker exec -i name sh`.
    fn shell_at_end(&mut self, words: &[Arg]) {
        if reads_program(words) {
            self.fed_program(&self.input.clone(), words, true);
        }
    }

    /// `eval`: in this shell. What a program says that is made for it is left alone.
    fn evaluate(&mut self, words: &[Arg], text: &str) {
        if let [word] = words
            && word.text == HOLE.to_string()
        {
            match &word.said_by {
                Some(speaker) if speaks_shell(speaker) => {}
                // Scripts do this all the time, with text that they put together themselves.
                _ if self.scripts > 0 => {}
                _ => {
                    let words = vec![Arg::literal("eval"), word.clone()];
                    self.push_run(super::Step::Opaque, words, Vec::new(), Vec::new());
                }
            }
            return;
        }
        self.shell_text(text);
    }

    /// An option's value that is shell text.
    pub(super) fn text_argument(&mut self, text: &Arg) {
        if text.text == HOLE.to_string() {
            self.push_run(super::Step::Opaque, vec![text.clone()], Vec::new(), Vec::new());
        } else {
            self.apart(|walk| walk.shell_text(&text.text));
        }
    }

    /// A command as words, or as one text: no program has blanks in its name.
    fn command_or_text(&mut self, command: Vec<Arg>, sets: Vec<String>, writes: Vec<Arg>) {
        if !command.first().is_some_and(|program| program.text.trim().contains(char::is_whitespace)) {
            self.run(command, sets, writes);
            return;
        }
        // What `parallel` puts in comes after that.
        let words = command.iter().map(|word| word.text.as_str()).take_while(|word| !word.starts_with(":::"));
        let text = words.collect::<Vec<_>>().join(" ");
        self.apart(|walk| walk.shell_text(&text));
        if !writes.is_empty() {
            self.leaf(command, sets, writes);
        }
    }

    /// A command of an image, or of a package, whose tool is its entry point.
    fn entered(&mut self, wrapper: &Wrapper, rest: &[Arg], command: &[Arg]) {
        if wrapper.follows != Follows::After || command.is_empty() {
            return;
        }
        let mut own = rest.iter().take_while(|word| word.text != "--");
        let image = own.find_map(|word| image_tool(word.text.trim_start_matches("--image=")));
        if let Some(tool) = image {
            let words = std::iter::once(Arg::literal(tool)).chain(command.iter().cloned()).collect();
            self.run(words, Vec::new(), Vec::new());
        }
    }
}

/// A shell that is the last of some words, or that is told to read: it runs what comes in.
fn reads_program(words: &[Arg]) -> bool {
    let mut last = words.iter().rev().skip_while(|word| matches!(word.text.as_str(), "-" | "-s"));
    last.next().is_some_and(|word| super::interpreters::is_shell(base(&word.text)))
}

fn read(wrapper: &Wrapper, words: &[Arg]) -> Read {
    let mut read = Read::default();
    let mut operands = wrapper.operands;
    let mut words = words.iter();
    let dashes = words.clone().position(|word| word.text == "--");
    while let Some(word) = words.next() {
        let text = word.text.as_str();
        if text == "--" {
            if let (Follows::After, _) | (_, 0) = (wrapper.follows, operands) {
                read.command = words.cloned().collect();
                break;
            }
            continue;
        }
        if text.starts_with('-') && text.len() > 1 {
            option(wrapper, word, &mut words, &mut read);
            continue;
        }
        if wrapper.assigns && is_assignment(text) {
            read.sets.extend(text.split_once('=').map(|(name, value)| (name.to_owned(), word.with_text(value))));
            continue;
        }
        // What stands before `--` is the wrapper's own.
        if wrapper.follows == Follows::After && dashes.is_some() {
            continue;
        }
        let host = wrapper.follows == Follows::After && operands == 0 && read.command.is_empty() && dashes.is_none();
        if operands > 0 {
            operands = operands.saturating_sub(1);
            continue;
        }
        // Without `--` the command is somewhere behind the wrapper's own words.
        read.doubt |= host;
        read.command = std::iter::once(word).chain(words).cloned().collect();
        break;
    }
    read
}

/// An option, with its value.
fn option<'w>(wrapper: &Wrapper, word: &Arg, words: &mut impl Iterator<Item = &'w Arg>, read: &mut Read) {
    let text = word.text.as_str();
    let (name, attached) = match text.split_once('=').filter(|_| text.starts_with("--")) {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (text, None),
    };
    // `-n5`, and of options that are joined the last one: `-it`.
    let joined = wrapper.value_of(name).is_none() && attached.is_none() && !text.starts_with("--");
    let at = text.char_indices().nth(2).map(|(at, _)| at).filter(|_| joined);
    let last = text
        .chars()
        .next_back()
        .map(|last| format!("-{last}"))
        .filter(|last| joined && wrapper.value_of(last).is_some());
    let (name, attached) = match at.and_then(|at| text.split_at_checked(at)) {
        Some((short, value)) if wrapper.value_of(short).is_some() => (short, Some(value.to_owned())),
        _ => (last.as_deref().unwrap_or(name), attached),
    };
    read.whole |= matches!(name, "-0" | "--null" | "-d" | "--delimiter");
    // It runs in another directory: nobody says in which.
    let moves = ["-D", "-R", "--chdir", "--chroot", "--cwd", "--directory", "-i", "--login"].contains(&name);
    if moves || (name == "-C" && wrapper.assigns) {
        read.sets.push(("PWD".to_owned(), Arg::unknown("…")));
    }
    let Some(is_text) = wrapper.value_of(name) else {
        read.doubt = true;
        return;
    };
    let value = match attached {
        Some(value) => Some(Arg { text: value.clone(), shown: value, ..Arg::default() }),
        None => words.next().cloned(),
    };
    if is_text {
        read.texts.extend(value);
    } else if matches!(name, "-I" | "--replace") {
        read.replaced = value.map(|value| value.text);
    }
}

fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_row_is_well_formed() {
        let count = super::rows(super::TABLE).count();
        assert_eq!(super::WRAPPERS.values().map(Vec::len).sum::<usize>(), count);
        let mut lines: Vec<&str> = super::TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        lines.dedup();
        assert_eq!(lines.len(), count);
        assert!(super::rows(super::SPEAKERS).all(|columns| columns.len() == 2));
    }
}
