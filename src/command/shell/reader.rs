//! The text and a place in it, here-documents, and how deep we are.

use std::cell::OnceCell;
use std::rc::Rc;

use super::words::Quotes;
use super::{DEEPEST, LONGEST, List, Piece, Refused, Word};

/// Reads a text as shell commands.
pub(crate) fn read(text: &str) -> Result<List, Refused> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    read_at_depth(&text, 0)
}

/// The same within something else: `depth` counts on.
pub(super) fn read_at_depth(text: &str, depth: usize) -> Result<List, Refused> {
    let mut reader = Reader::new(text, depth)?;
    let list = reader.list(&[])?;
    reader.skip_lines()?;
    if !reader.rest().is_empty() || !reader.waiting.is_empty() {
        return Err(Refused);
    }
    Ok(list)
}

/// A here-document whose body comes after the line's end.
pub(super) struct Waiting {
    mark: String,
    /// Leading tabs are taken off.
    tabs: bool,
    /// The mark was quoted: nothing in the body is expanded.
    literal: bool,
    body: Rc<OnceCell<Word>>,
}

/// A place in a text.
pub(super) struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    waiting: Vec<Waiting>,
    /// Within `$( … )` and `<( … )`: whether a here-document was read there.
    enclosed: Option<bool>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, depth: usize) -> Result<Self, Refused> {
        // A shell drops or stops at a NUL; no honest text has one.
        if text.len() > LONGEST || depth > DEEPEST || text.contains('\0') {
            return Err(Refused);
        }
        Ok(Self { text, at: 0, depth, waiting: Vec::new(), enclosed: None })
    }

    /// What is not read yet.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character after the next.
    pub(super) fn second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at = self.at.saturating_add(c.len_utf8());
        Some(c)
    }

    /// Whether this text comes next.
    pub(super) fn sees(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    /// Takes this text if it comes next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let seen = self.sees(text);
        if seen {
            self.at = self.at.saturating_add(text.len());
        }
        seen
    }

    /// Takes this text, which must come next.
    pub(super) fn must(&mut self, text: &str) -> Result<(), Refused> {
        if self.take(text) { Ok(()) } else { Err(Refused) }
    }

    /// Takes as many characters as fit, and gives them.
    pub(super) fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(end);
        rest.get(..end).unwrap_or_default()
    }

    pub(super) fn place(&self) -> usize {
        self.at
    }

    pub(super) fn go_back(&mut self, place: usize) {
        self.at = place;
    }

    /// Does something one level deeper.
    pub(super) fn deeper<T>(&mut self, what: impl FnOnce(&mut Self) -> Result<T, Refused>) -> Result<T, Refused> {
        if self.depth >= DEEPEST {
            return Err(Refused);
        }
        self.depth = self.depth.saturating_add(1);
        let done = what(self);
        self.depth = self.depth.saturating_sub(1);
        done
    }

    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Blanks, joined lines and a comment, but no line ends.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            let place = self.at;
            self.take_while(|c| c == ' ' || c == '\t');
            self.take("\\\n");
            if self.at == place {
                break;
            }
        }
        if self.peek() == Some('#') {
            self.take_while(|c| c != '\n');
        }
    }

    /// Blanks, comments and line ends.
    pub(super) fn skip_lines(&mut self) -> Result<(), Refused> {
        loop {
            self.skip_blanks();
            if self.peek() != Some('\n') {
                return Ok(());
            }
            self.line_end()?;
        }
    }

    /// A line's end, and the bodies of the here-documents that began on the line.
    pub(super) fn line_end(&mut self) -> Result<(), Refused> {
        self.must("\n")?;
        for waiting in std::mem::take(&mut self.waiting) {
            let body = self.here_document(&waiting)?;
            self.enclosed = self.enclosed.map(|_| true);
            // Nobody else sets it.
            let _ = waiting.body.set(body);
        }
        Ok(())
    }

    /// A here-document is announced; its body is given when it was read.
    pub(super) fn announce(&mut self, mark: &Word, tabs: bool) -> Result<Rc<OnceCell<Word>>, Refused> {
        let mut text = String::new();
        let mut literal = false;
        for piece in &mark.pieces {
            match piece {
                Piece::Plain(part) => text.push_str(part),
                Piece::Quoted(part) => {
                    literal = true;
                    text.push_str(part);
                }
                // A mark is not expanded, but then it would have to be compared as it was written.
                _ => return Err(Refused),
            }
        }
        if text.contains('\n') {
            return Err(Refused);
        }
        let body = Rc::new(OnceCell::new());
        self.waiting.push(Waiting { mark: text, tabs, literal, body: Rc::clone(&body) });
        Ok(body)
    }

    /// Whether a `;` is what it seems. Behind a here-document in `$( … )` bash 5.2 loses it, and joins two commands to one.
    pub(super) fn parts(&self) -> bool {
        self.enclosed != Some(true)
    }

    /// Begins or ends a substitution; gives what was before.
    pub(super) fn set_enclosed(&mut self, enclosed: Option<bool>) -> Option<bool> {
        std::mem::replace(&mut self.enclosed, enclosed)
    }

    /// Has these here-documents wait for their bodies in place of those that did, which it gives.
    pub(super) fn set_aside(&mut self, others: Vec<Waiting>) -> Vec<Waiting> {
        std::mem::replace(&mut self.waiting, others)
    }

    /// The lines up to the mark. Without its mark it would swallow what a shell may run: refused.
    fn here_document(&mut self, waiting: &Waiting) -> Result<Word, Refused> {
        let mut text = String::new();
        loop {
            if self.rest().is_empty() {
                return Err(Refused);
            }
            let line = self.take_while(|c| c != '\n');
            let line = if waiting.tabs { line.trim_start_matches('\t') } else { line };
            // The last line may end with the text.
            self.take("\n");
            if line == waiting.mark {
                break;
            }
            // Inside of `$( … )` some shells also take this for the end.
            if line.strip_prefix(waiting.mark.as_str()).is_some_and(|rest| rest.starts_with(')')) {
                return Err(Refused);
            }
            text.push_str(line);
            text.push('\n');
        }
        // The line's end belongs to the list that is being read.
        if waiting.literal {
            return Ok(Word { pieces: vec![Piece::Quoted(text)] });
        }
        let mut inner = Reader::new(&text, self.depth.saturating_add(1))?;
        inner.expanding("", Quotes::Literal)
    }
}
