//! Shell text as a tree: the grammar of POSIX shells and bash, and nothing of what commands do.
//!
//! It is written here, and not taken from a library, for what reading an agent's commands asks for: never to panic,
//! hang or overflow the stack on hostile text, and never to read a command as data. Of the libraries that were measured in
//! November 2026 none did all of it: tree-sitter-bash cannot read everyday here-documents (`cat <<'E' > f; next`),
//! brush-parser hangs on random text of a hundred characters and brings 65 crates, rable overflows the stack on a long
//! list, shuck-parser reads a command in nested backquotes as text. What the grammar here does not know, it refuses, and its callers take that
//! for the worst. `tests/shell.rs` holds it against a real bash: whatever that runs of random scripts was read.
//!
//! The grammar: POSIX.1-2024, Shell Command Language, section 2; for the rest, the manual of bash 5.3.

use std::cell::OnceCell;
use std::rc::Rc;

mod commands;
mod reader;
mod words;

pub(crate) use reader::read;

/// The longest text that is read, in bytes. A longer one is refused unread.
pub(crate) const LONGEST: usize = 256 * 1024;

/// How deep things may stand in one another: groups, substitutions, quotes within them. Each level costs stack.
const DEEPEST: usize = 40;

/// Text that is refused: it is no shell text, it is not known to be, or it is too long or too deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused;

/// What runs one after the other, joined by `;`, `&` or line ends.
pub(crate) type List = Vec<Node>;

/// One command, or several under one head.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// Words with assignments before them and redirections.
    Simple(Simple),
    /// `first && … || …`: `true` for `||`.
    Chain { first: Box<Node>, rest: Vec<(bool, Node)> },
    /// Commands joined by `|` or `|&`: two or more.
    Pipeline(Vec<Node>),
    /// `{ …; }`, and `( … )`, which keeps what it sets to itself: runs once, as if it stood alone.
    Group { body: List, redirects: Vec<Redirect>, own: bool },
    /// What runs perhaps, or more than once where it is a loop: `if`, `while`, `until`, `case`, `[[ … ]]`, `(( … ))`,
    /// `coproc`. `words` are what it looks at, `parts` its conditions and branches, each of which may be left out.
    Perhaps { words: Vec<Word>, parts: Vec<List>, redirects: Vec<Redirect>, again: bool },
    /// `for name in words` and `select`: `None` is the positional parameters.
    For { name: String, words: Option<Vec<Word>>, body: List, redirects: Vec<Redirect> },
    /// `name() …`.
    Function { name: String, body: Rc<Node> },
}

/// A simple command.
#[derive(Debug, Clone, Default)]
pub(crate) struct Simple {
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) words: Vec<Word>,
    pub(crate) redirects: Vec<Redirect>,
}

/// `name=value`, `name+=value`, `name[…]=value`, `name=(…)`.
#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    pub(crate) name: String,
    pub(crate) values: Vec<Word>,
    /// They are an array's, so that each may become several.
    pub(crate) array: bool,
    /// They are not the whole value: they are appended, or an element of an array.
    pub(crate) partly: bool,
}

/// What a redirection does with its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// `<`.
    In,
    /// `<&`: the target is another descriptor.
    Copy,
    /// `>`, `>>`, `>|`, `<>`, `&>`, `&>>`, and `>&`.
    Out,
    /// `<<`, `<<-` and `<<<`: the target is the text itself.
    Text,
}

/// A redirection.
#[derive(Debug, Clone)]
pub(crate) struct Redirect {
    /// The file descriptor, where it is another one than the direction's own.
    pub(crate) descriptor: Option<String>,
    pub(crate) direction: Direction,
    pub(crate) target: Target,
}

/// Where a redirection leads.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    Word(Word),
    /// The body of a here-document, which stands further down in the text. A here-document without one is refused.
    Here(Rc<OnceCell<Word>>),
}

/// A word, before anything in it is expanded.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Word {
    pub(crate) pieces: Vec<Piece>,
}

/// A part of a word.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    /// Text in which `*`, `?`, `[`, `{` and `~` mean something.
    Plain(String),
    /// Text that stands for itself.
    Quoted(String),
    /// `$name` and `${name…}`.
    Variable { name: String, operator: String, operand: Word, quoted: bool },
    /// `$( … )` and backquotes.
    Command { body: List, quoted: bool },
    /// `<( … )`, `>( … )`.
    Process { body: List, input: bool },
    /// Something whose value is not known: arithmetic, patterns. The word is what may run commands in it.
    Other { inner: Word },
}

impl PartialEq for Piece {
    /// Only text is compared.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Plain(one) | Self::Quoted(one), Self::Plain(two) | Self::Quoted(two)) => one == two,
            _ => false,
        }
    }
}

impl Word {
    /// Its text, where nothing in it is quoted or expanded: what a reserved word must be.
    pub(crate) fn plain(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Plain(text)] => Some(text),
            _ => None,
        }
    }
}
