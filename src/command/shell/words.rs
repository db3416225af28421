//! Words: quotes and expansions.

use super::commands::is_meta;
use super::reader::{Reader, read_at_depth};
use super::{List, Piece, Refused, Word};

/// What quotes are in a text in which `$` expands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// They quote.
    Mean,
    /// Double ones quote, single ones are text: in `"${x:-…}"`.
    Double,
    /// They are text: in a here-document.
    Literal,
    /// Double ones quote, and shells differ about single ones, which are refused: in arithmetic.
    None,
}

impl Reader<'_> {
    /// A word, if one comes next.
    pub(super) fn word(&mut self) -> Result<Option<Word>, Refused> {
        let mut word = Word::default();
        while let Some(c) = self.peek() {
            match c {
                '<' | '>' if self.second() == Some('(') => {
                    let piece = self.deeper(Self::process)?;
                    word.pieces.push(piece);
                }
                '?' | '*' | '+' | '@' | '!' if self.second() == Some('(') => {
                    self.next();
                    self.must("(")?;
                    let inner = self.deeper(|reader| reader.expanding(")", Quotes::Mean))?;
                    self.must(")")?;
                    word.pieces.push(Piece::Other { inner });
                }
                c if is_meta(c) => break,
                '\\' => self.escape(&mut word),
                '\'' => {
                    let text = self.single()?;
                    word.pieces.push(Piece::Quoted(text));
                }
                '"' => self.double(&mut word)?,
                '$' => self.dollar(&mut word, false)?,
                '`' => self.backquote(&mut word, false)?,
                c => {
                    self.next();
                    word.push_plain(c);
                }
            }
        }
        Ok((!word.pieces.is_empty()).then_some(word))
    }

    /// A backslash outside of quotes.
    fn escape(&mut self, word: &mut Word) {
        self.next();
        match self.next() {
            // The line goes on.
            Some('\n') => {}
            Some(c) => word.push_quoted(c),
            None => word.push_quoted('\\'),
        }
    }

    /// `'…'`.
    fn single(&mut self) -> Result<String, Refused> {
        self.must("'")?;
        let text = self.take_while(|c| c != '\'').to_owned();
        self.must("'")?;
        Ok(text)
    }

    /// `"…"`.
    fn double(&mut self, word: &mut Word) -> Result<(), Refused> {
        self.must("\"")?;
        word.pieces.push(Piece::Quoted(String::new()));
        loop {
            match self.peek().ok_or(Refused)? {
                '"' => {
                    self.next();
                    return Ok(());
                }
                '\\' => self.escape_in_double(word, &['$', '`', '"', '\\']),
                '$' => self.dollar(word, true)?,
                '`' => self.backquote(word, true)?,
                c => {
                    self.next();
                    word.push_quoted(c);
                }
            }
        }
    }

    /// A backslash where it is text unless one of these follows, or a line's end.
    fn escape_in_double(&mut self, word: &mut Word, escaped: &[char]) {
        self.next();
        match self.peek() {
            Some('\n') => _ = self.next(),
            Some(c) if escaped.contains(&c) => {
                self.next();
                word.push_quoted(c);
            }
            _ => word.push_quoted('\\'),
        }
    }

    /// Text in which `$` and backquotes expand, up to an end that stands in no brackets of its own kind, which is not
    /// taken; an empty end is the end of the text.
    pub(super) fn expanding(&mut self, end: &str, quotes: Quotes) -> Result<Word, Refused> {
        let mut word = Word::default();
        let mut open = 0_usize;
        loop {
            if open == 0 && !end.is_empty() && self.sees(end) {
                return Ok(word);
            }
            let Some(c) = self.peek() else {
                return if end.is_empty() { Ok(word) } else { Err(Refused) };
            };
            match c {
                '$' => self.dollar(&mut word, quotes != Quotes::Mean)?,
                '`' => self.backquote(&mut word, quotes != Quotes::Mean)?,
                '\\' if quotes == Quotes::Literal => self.escape_in_double(&mut word, &['$', '`', '\\']),
                '\\' => self.escape(&mut word),
                '"' if quotes != Quotes::Literal => self.double(&mut word)?,
                '\'' if quotes == Quotes::Mean => {
                    let text = self.single()?;
                    word.pieces.push(Piece::Quoted(text));
                }
                '\'' if quotes == Quotes::None => return Err(Refused),
                '<' | '>' if quotes == Quotes::Mean && self.second() == Some('(') => {
                    let piece = self.deeper(Self::process)?;
                    word.pieces.push(piece);
                }
                c => {
                    self.next();
                    open = match (end, c) {
                        ("))" | ")", '(') | ("]", '[') => open.saturating_add(1),
                        ("))" | ")", ')') | ("]", ']') => open.saturating_sub(1),
                        _ => open,
                    };
                    word.push_quoted(c);
                }
            }
        }
    }

    /// What begins with a `$`.
    fn dollar(&mut self, word: &mut Word, quoted: bool) -> Result<(), Refused> {
        match self.second() {
            Some('\'') if !quoted => {
                self.next();
                let text = self.ansi()?;
                word.pieces.push(Piece::Quoted(text));
            }
            Some('"') if !quoted => {
                self.next();
                self.double(word)?;
            }
            Some('(' | '{' | '[') => {
                let piece = self.deeper(|reader| reader.bracketed(quoted))?;
                word.pieces.push(piece);
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                self.next();
                let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_').to_owned();
                word.pieces.push(variable(name, quoted));
            }
            Some(c) if c.is_ascii_digit() || is_special(c) => {
                self.next();
                self.next();
                word.pieces.push(variable(c.to_string(), quoted));
            }
            _ => {
                self.next();
                word.push_quoted('$');
            }
        }
        Ok(())
    }

    /// `$( … )`, `$(( … ))`, `$[ … ]`, `${ … }`.
    fn bracketed(&mut self, quoted: bool) -> Result<Piece, Refused> {
        let arithmetic = self.sees("$(") && self.is_arithmetic("$(")?;
        if arithmetic || self.sees("$[") {
            let (open, close) = if arithmetic { ("$((", "))") } else { ("$[", "]") };
            self.must(open)?;
            let inner = self.expanding(close, Quotes::None)?;
            self.must(close)?;
            return Ok(Piece::Other { inner });
        }
        if self.take("$(") {
            return Ok(Piece::Command { body: self.enclosed()?, quoted });
        }
        self.must("${")?;
        // Commands in the shell itself: bash 5.3.
        if self.peek().is_some_and(|c| matches!(c, ' ' | '\t' | '\n' | '|')) {
            self.next();
            let body = self.list(&["}"])?;
            self.must("}")?;
            return Ok(Piece::Command { body, quoted });
        }
        self.parameter(quoted)
    }

    /// The inside of `${ … }`, and its end.
    fn parameter(&mut self, quoted: bool) -> Result<Piece, Refused> {
        let mut operator = String::new();
        let prefixed = self.peek().is_some_and(|c| c == '!' || c == '#');
        if prefixed && self.second().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '@' || c == '*') {
            operator.extend(self.next());
        }
        let mut name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_').to_owned();
        if name.is_empty() {
            name.extend(self.next().filter(|c| is_special(*c)));
        }
        if name.is_empty() {
            return Err(Refused);
        }
        let mut word = Word::default();
        if self.take("[") {
            word.pieces.push(Piece::Other { inner: self.expanding("]", Quotes::Mean)? });
            self.must("]")?;
            operator.push('[');
        }
        let prefix = operator.len();
        operator.push_str(self.take_while(|c| ":-=+?#%/^,@~!*".contains(c)));
        let replaces = operator.get(prefix..).is_some_and(|own| own.starts_with([':', '-', '=', '+', '?']));
        let marks = if quoted && replaces { Quotes::Double } else { Quotes::Mean };
        word.pieces.append(&mut self.expanding("}", marks)?.pieces);
        self.must("}")?;
        Ok(Piece::Variable { name, operator, operand: word, quoted })
    }

    /// `<( … )`, `>( … )`.
    fn process(&mut self) -> Result<Piece, Refused> {
        let input = self.next() == Some('<');
        self.must("(")?;
        Ok(Piece::Process { body: self.enclosed()?, input })
    }

    /// Commands up to a bracket that ends a substitution. A here-document that began within must have ended there: where
    /// its body is otherwise, shells do not agree.
    fn enclosed(&mut self) -> Result<List, Refused> {
        let outer = self.set_aside(Vec::new());
        let outside = self.set_enclosed(Some(false));
        let body = self.list(&[")"])?;
        self.must(")")?;
        self.set_enclosed(outside);
        if self.set_aside(outer).is_empty() { Ok(body) } else { Err(Refused) }
    }

    /// Commands in backquotes. Within, a backslash before a backquote, a `$` or another one is taken off first.
    fn backquote(&mut self, word: &mut Word, quoted: bool) -> Result<(), Refused> {
        self.must("`")?;
        let mut inner = String::new();
        loop {
            match self.next().ok_or(Refused)? {
                '`' => break,
                '\\' => match self.next().ok_or(Refused)? {
                    c if matches!(c, '`' | '$' | '\\') || (quoted && c == '"') => inner.push(c),
                    c => inner.extend(['\\', c]),
                },
                c => inner.push(c),
            }
        }
        let body = read_at_depth(&inner, self.depth().saturating_add(1))?;
        word.pieces.push(Piece::Command { body, quoted });
        Ok(())
    }

    /// `$'…'`, without its `$`.
    fn ansi(&mut self) -> Result<String, Refused> {
        self.must("'")?;
        let mut text = String::new();
        loop {
            match self.next().ok_or(Refused)? {
                '\'' => return Ok(text),
                '\\' => match self.next().ok_or(Refused)? {
                    'a' => text.push('\u{7}'),
                    'b' => text.push('\u{8}'),
                    'e' | 'E' => text.push('\u{1b}'),
                    'f' => text.push('\u{c}'),
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    'v' => text.push('\u{b}'),
                    c @ ('\\' | '\'' | '"' | '?') => text.push(c),
                    'x' => text.push(self.code("", 16, 2)?),
                    'u' => text.push(self.code("", 16, 4)?),
                    'U' => text.push(self.code("", 16, 8)?),
                    c @ '0'..='7' => text.push(self.code(&c.to_string(), 8, 3)?),
                    // A control character, whose name shells read differently.
                    'c' => return Err(Refused),
                    c => text.extend(['\\', c]),
                },
                c => text.push(c),
            }
        }
    }

    /// The character of a number with so many digits at most. Bytes that are no characters alone, and NUL, are refused.
    fn code(&mut self, begun: &str, radix: u32, most: usize) -> Result<char, Refused> {
        let mut digits = begun.to_owned();
        while digits.len() < most
            && let Some(c) = self.peek().filter(|c| c.is_digit(radix))
        {
            self.next();
            digits.push(c);
        }
        let number = u32::from_str_radix(&digits, radix).map_err(|_| Refused)?;
        let byte_only = most < 4 && number > 0x7f;
        char::from_u32(number).filter(|c| *c != '\0' && !byte_only).ok_or(Refused)
    }

    /// Whether the two brackets that come next are arithmetic's: the second one's end is followed at once by the first
    /// one's. So bash decides it too; where that depends on how it skips what is quoted, this is refused.
    pub(super) fn is_arithmetic(&self, open: &str) -> Result<bool, Refused> {
        let Some(inside) = self.rest().strip_prefix(open).and_then(|rest| rest.strip_prefix('(')) else {
            return Ok(false);
        };
        let mut depth = 1_usize;
        let mut characters = inside.char_indices();
        while let Some((at, c)) = characters.next() {
            match c {
                '\\' => _ = characters.next(),
                '\'' | '"' | '`' => _ = characters.by_ref().find(|(_, inner)| *inner == c),
                '(' => depth = depth.saturating_add(1),
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                let arithmetic = inside.get(at.saturating_add(1)..).is_some_and(|rest| rest.starts_with(')'));
                let within = inside.get(..at).unwrap_or_default();
                let doubtful = ["$'", "\\", "`", " #", "case "].iter().any(|mark| within.contains(mark))
                    || (within.contains("$(") && within.contains("<<"));
                return if arithmetic && doubtful { Err(Refused) } else { Ok(arithmetic) };
            }
        }
        Ok(false)
    }
}

impl Word {
    fn push_plain(&mut self, c: char) {
        match self.pieces.last_mut() {
            Some(Piece::Plain(text)) => text.push(c),
            _ => self.pieces.push(Piece::Plain(c.to_string())),
        }
    }

    fn push_quoted(&mut self, c: char) {
        match self.pieces.last_mut() {
            Some(Piece::Quoted(text)) => text.push(c),
            _ => self.pieces.push(Piece::Quoted(c.to_string())),
        }
    }
}

fn variable(name: String, quoted: bool) -> Piece {
    Piece::Variable { name, operator: String::new(), operand: Word::default(), quoted }
}

/// Parameters that are no names.
fn is_special(c: char) -> bool {
    matches!(c, '@' | '*' | '#' | '?' | '-' | '$' | '!')
}
