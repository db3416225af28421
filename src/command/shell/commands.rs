//! Commands: lists, pipelines, compound commands, simple commands.

use std::rc::Rc;

use super::reader::Reader;
use super::words::Quotes;
use super::{Assignment, Direction, List, Node, Piece, Redirect, Refused, Simple, Target, Word};

/// The longest index of an array that an assignment is expected to have, in characters.
const INDEX: usize = 256;

/// Words that end a list where a command could begin.
const CLOSING: [&str; 8] = ["then", "else", "elif", "fi", "do", "done", "esac", "}"];

impl Reader<'_> {
    /// Commands up to one of the words or characters of `ends`, which is not taken, or to the end of the text.
    pub(super) fn list(&mut self, ends: &[&str]) -> Result<List, Refused> {
        let mut nodes = Vec::new();
        loop {
            self.skip_lines()?;
            if self.rest().is_empty() || self.ends(ends) {
                return Ok(nodes);
            }
            nodes.push(self.chain()?);
            self.skip_blanks();
            match self.peek() {
                // `;;` ends a branch of `case`: whoever reads one looks for it.
                Some(';') if self.second() != Some(';') && self.second() != Some('&') && self.parts() => {
                    _ = self.next();
                }
                Some('&') if self.second() != Some('&') => _ = self.next(),
                Some('\n') | None => {}
                _ if self.ends(ends) => return Ok(nodes),
                _ => return Err(Refused),
            }
        }
    }

    /// Whether one of these comes next: a character, or a word that stands alone.
    fn ends(&self, ends: &[&str]) -> bool {
        ends.iter().any(|end| {
            let word = end.starts_with(|c: char| c.is_ascii_alphabetic() || c == '}');
            self.sees(end) && (!word || self.stands_alone(end))
        })
    }

    /// Whether a word that comes next ends there.
    fn stands_alone(&self, word: &str) -> bool {
        let after = self.rest().get(word.len()..).unwrap_or_default();
        after.is_empty() || after.starts_with(is_meta) || after.starts_with("\\\n")
    }

    /// Takes a reserved word if it comes next.
    fn take_word(&mut self, word: &str) -> bool {
        self.sees(word) && self.stands_alone(word) && self.take(word)
    }

    fn must_word(&mut self, word: &str) -> Result<(), Refused> {
        self.skip_lines()?;
        if self.take_word(word) { Ok(()) } else { Err(Refused) }
    }

    /// Pipelines joined by `&&` and `||`.
    fn chain(&mut self) -> Result<Node, Refused> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.skip_blanks();
            let or = self.sees("||");
            if !self.take("&&") && !self.take("||") {
                break;
            }
            self.skip_lines()?;
            rest.push((or, self.pipeline()?));
        }
        Ok(if rest.is_empty() { first } else { Node::Chain { first: Box::new(first), rest } })
    }

    fn pipeline(&mut self) -> Result<Node, Refused> {
        let mut commands = Vec::new();
        loop {
            while self.take_word("!") {
                self.skip_blanks();
            }
            commands.push(self.deeper(Self::command)?);
            self.skip_blanks();
            let piped = self.sees("|") && !self.sees("||") && (self.take("|&") || self.take("|"));
            if !piped {
                break;
            }
            self.skip_lines()?;
        }
        if commands.len() > 1 {
            return Ok(Node::Pipeline(commands));
        }
        commands.pop().ok_or(Refused)
    }

    fn command(&mut self) -> Result<Node, Refused> {
        self.skip_blanks();
        if CLOSING.iter().any(|word| self.sees(word) && self.stands_alone(word)) {
            return Err(Refused);
        }
        match self.peek() {
            Some('(') => return self.parenthesis(),
            Some('{') if self.take_word("{") => {
                let body = self.list(&["}"])?;
                self.must_word("}")?;
                return Ok(Node::Group { body, redirects: self.redirects()?, own: false });
            }
            _ => {}
        }
        for (word, read) in COMPOUND {
            if self.take_word(word) {
                return read(self);
            }
        }
        self.simple()
    }

    /// `(( … ))` or `( … )`.
    fn parenthesis(&mut self) -> Result<Node, Refused> {
        if self.is_arithmetic("(")? {
            self.must("((")?;
            let inner = self.expanding("))", Quotes::None)?;
            self.must("))")?;
            return Ok(Node::Perhaps {
                words: vec![inner],
                parts: Vec::new(),
                redirects: self.redirects()?,
                again: false,
            });
        }
        self.must("(")?;
        let body = self.list(&[")"])?;
        self.must(")")?;
        Ok(Node::Group { body, redirects: self.redirects()?, own: true })
    }

    fn redirects(&mut self) -> Result<Vec<Redirect>, Refused> {
        let mut found = Vec::new();
        loop {
            self.skip_blanks();
            match self.redirect()? {
                Some(redirect) => found.push(redirect),
                None => return Ok(found),
            }
        }
    }

    /// A redirection, if one comes next.
    fn redirect(&mut self) -> Result<Option<Redirect>, Refused> {
        let place = self.place();
        let descriptor = self.descriptor();
        // A process is a word, not a redirection.
        let process = self.sees("<(") || self.sees(">(");
        let marks = ["<<<", "<<-", "<<", "<>", "<&", "<", "&>>", "&>", ">>", ">|", ">&", ">"];
        let mark = marks.into_iter().find(|mark| !process && self.sees(mark));
        let Some(mark) = mark.filter(|mark| !(descriptor.is_some() && mark.starts_with('&'))) else {
            self.go_back(place);
            return Ok(None);
        };
        self.must(mark)?;
        self.skip_blanks();
        let word = self.word()?.ok_or(Refused)?;
        let (direction, own) = match mark {
            "<<<" | "<<-" | "<<" => (Direction::Text, "0"),
            "<" => (Direction::In, "0"),
            "<&" => (Direction::Copy, "0"),
            _ => (Direction::Out, "1"),
        };
        let target = match mark {
            "<<" | "<<-" => Target::Here(self.announce(&word, mark == "<<-")?),
            _ => Target::Word(word),
        };
        Ok(Some(Redirect { descriptor: descriptor.filter(|number| number != own), direction, target }))
    }

    /// The number or `{name}` right before a redirection.
    fn descriptor(&mut self) -> Option<String> {
        if self.peek() == Some('{') {
            self.next();
            let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
            return (is_name(name) && self.take("}") && self.peek().is_some_and(|c| c == '<' || c == '>'))
                .then(|| name.to_owned());
        }
        let number = self.take_while(|c| c.is_ascii_digit());
        (!number.is_empty()).then(|| number.to_owned())
    }

    fn simple(&mut self) -> Result<Node, Refused> {
        let mut simple = Simple::default();
        loop {
            self.skip_blanks();
            if let Some(redirect) = self.redirect()? {
                simple.redirects.push(redirect);
                continue;
            }
            if simple.words.is_empty()
                && let Some(assignment) = self.assignment()?
            {
                simple.assignments.push(assignment);
                continue;
            }
            // `export a=(…)`: an array stands among the words of these alone.
            if !simple.words.is_empty()
                && let Some(array) = self.array_word()?
            {
                simple.words.push(array);
                continue;
            }
            let Some(word) = self.word()? else { break };
            if simple.words.is_empty() && simple.assignments.is_empty() && self.is_function() {
                return self.function_body(word.plain().ok_or(Refused)?.to_owned());
            }
            simple.words.push(word);
        }
        let empty = simple.words.is_empty() && simple.assignments.is_empty() && simple.redirects.is_empty();
        if empty { Err(Refused) } else { Ok(Node::Simple(simple)) }
    }

    /// `()` after a name.
    fn is_function(&mut self) -> bool {
        let place = self.place();
        self.skip_blanks();
        let opened = self.take("(");
        self.skip_blanks();
        let found = opened && self.take(")");
        if !found {
            self.go_back(place);
        }
        found
    }

    fn function_body(&mut self, name: String) -> Result<Node, Refused> {
        self.skip_lines()?;
        let body = self.deeper(Self::command)?;
        if matches!(body, Node::Simple(_) | Node::Function { .. }) {
            return Err(Refused);
        }
        Ok(Node::Function { name, body: Rc::new(body) })
    }

    /// `name=`, `name+=`, `name[…]=` with the value that follows.
    fn assignment(&mut self) -> Result<Option<Assignment>, Refused> {
        let place = self.place();
        let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_').to_owned();
        let mut partly = false;
        let mut values = Vec::new();
        // `a[` may be a file's name with a pattern: then this is tried in vain, so it is only tried on something short.
        let near = self.rest().chars().take(INDEX).any(|c| c == ']');
        if is_name(&name) && near && self.take("[") {
            partly = true;
            let index = self.expanding("]", Quotes::Mean);
            if let (Ok(index), true) = (index, self.take("]")) {
                values.push(index);
            }
        }
        let appended = self.take("+=");
        if !is_name(&name) || (partly && values.is_empty()) || !(appended || self.take("=")) {
            self.go_back(place);
            return Ok(None);
        }
        if self.peek() == Some('(') {
            values.append(&mut self.array()?);
            return Ok(Some(Assignment { name, values, array: true, partly: partly || appended }));
        }
        values.push(self.word()?.unwrap_or_default());
        Ok(Some(Assignment { name, values, array: false, partly: partly || appended }))
    }

    /// `( … )` after `name=`.
    fn array(&mut self) -> Result<Vec<Word>, Refused> {
        self.must("(")?;
        let mut words = Vec::new();
        loop {
            self.skip_lines()?;
            if self.take(")") {
                return Ok(words);
            }
            words.push(self.deeper(Self::word)?.ok_or(Refused)?);
        }
    }

    /// `name=( … )` as a word.
    fn array_word(&mut self) -> Result<Option<Word>, Refused> {
        let place = self.place();
        let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name(name) || !(self.take("=") || self.take("+=")) || self.peek() != Some('(') {
            self.go_back(place);
            return Ok(None);
        }
        let mut pieces = vec![Piece::Plain(format!("{name}="))];
        pieces.extend(self.array()?.into_iter().map(|inner| Piece::Other { inner }));
        Ok(Some(Word { pieces }))
    }

    fn if_clause(&mut self) -> Result<Node, Refused> {
        let mut parts = vec![self.list(&["then"])?];
        self.must_word("then")?;
        parts.push(self.list(&["elif", "else", "fi"])?);
        while self.take_word("elif") {
            parts.push(self.list(&["then"])?);
            self.must_word("then")?;
            parts.push(self.list(&["elif", "else", "fi"])?);
        }
        if self.take_word("else") {
            parts.push(self.list(&["fi"])?);
        }
        self.must_word("fi")?;
        Ok(Node::Perhaps { words: Vec::new(), parts, redirects: self.redirects()?, again: false })
    }

    /// `while` and `until`.
    fn while_clause(&mut self) -> Result<Node, Refused> {
        let parts = vec![self.list(&["do"])?, self.do_group()?];
        Ok(Node::Perhaps { words: Vec::new(), parts, redirects: self.redirects()?, again: true })
    }

    fn do_group(&mut self) -> Result<List, Refused> {
        self.must_word("do")?;
        let body = self.list(&["done"])?;
        self.must_word("done")?;
        Ok(body)
    }

    fn for_clause(&mut self) -> Result<Node, Refused> {
        self.skip_blanks();
        if self.take("((") {
            let inner = self.expanding("))", Quotes::None)?;
            self.must("))")?;
            self.skip_blanks();
            self.take(";");
            let body = self.loop_body()?;
            return Ok(Node::Perhaps {
                words: vec![inner],
                parts: vec![body],
                redirects: self.redirects()?,
                again: true,
            });
        }
        let name = self.word()?.and_then(|word| word.plain().map(ToOwned::to_owned)).ok_or(Refused)?;
        let words = self.in_words()?;
        let body = self.loop_body()?;
        Ok(Node::For { name, words, body, redirects: self.redirects()? })
    }

    /// `in word …` up to its `;` or line end.
    fn in_words(&mut self) -> Result<Option<Vec<Word>>, Refused> {
        self.skip_lines()?;
        let mut words = None;
        if self.take_word("in") {
            let found = words.get_or_insert_with(Vec::new);
            loop {
                self.skip_blanks();
                match self.word()? {
                    Some(word) => found.push(word),
                    None => break,
                }
            }
        }
        self.skip_blanks();
        self.take(";");
        Ok(words)
    }

    /// `do … done`, or braces in its place.
    fn loop_body(&mut self) -> Result<List, Refused> {
        self.skip_lines()?;
        if !self.take_word("{") {
            return self.do_group();
        }
        let body = self.list(&["}"])?;
        self.must_word("}")?;
        Ok(body)
    }

    fn case_clause(&mut self) -> Result<Node, Refused> {
        self.skip_blanks();
        let mut words = vec![self.word()?.ok_or(Refused)?];
        let mut parts = Vec::new();
        self.must_word("in")?;
        loop {
            self.skip_lines()?;
            if self.take_word("esac") {
                return Ok(Node::Perhaps { words, parts, redirects: self.redirects()?, again: false });
            }
            self.take("(");
            loop {
                self.skip_blanks();
                words.push(self.word()?.ok_or(Refused)?);
                self.skip_blanks();
                if !self.take("|") {
                    break;
                }
            }
            self.must(")")?;
            parts.push(self.list(&[";;", ";&", "esac"])?);
            let ended = [";;&", ";;", ";&"].into_iter().any(|end| self.take(end));
            if !ended && !self.ends(&["esac"]) {
                return Err(Refused);
            }
        }
    }

    fn function_clause(&mut self) -> Result<Node, Refused> {
        self.skip_blanks();
        let name = self.word()?.and_then(|word| word.plain().map(ToOwned::to_owned)).ok_or(Refused)?;
        self.is_function();
        self.function_body(name)
    }

    /// `[[ … ]]`: words with operators between them.
    fn condition(&mut self) -> Result<Node, Refused> {
        let mut words = Vec::new();
        loop {
            self.skip_lines()?;
            if self.take_word("]]") {
                return Ok(Node::Perhaps { words, parts: Vec::new(), redirects: self.redirects()?, again: false });
            }
            // A pattern of `=~` may hold these unquoted.
            let process = self.sees("<(") || self.sees(">(");
            if !process && self.peek().is_some_and(|c| matches!(c, '&' | '|' | '(' | ')' | '<' | '>')) {
                self.next();
                continue;
            }
            words.push(self.word()?.ok_or(Refused)?);
        }
    }

    /// `coproc [NAME] command`.
    fn coprocess(&mut self) -> Result<Node, Refused> {
        self.skip_blanks();
        let place = self.place();
        let named = self.word()?.is_some_and(|word| word.plain().is_some_and(is_name));
        self.skip_blanks();
        // A name stands before a compound command only.
        if !named || !matches!(self.peek(), Some('{' | '(')) {
            self.go_back(place);
        }
        let body = vec![self.deeper(Self::command)?];
        Ok(Node::Perhaps { words: Vec::new(), parts: vec![body], redirects: Vec::new(), again: false })
    }

    /// `time [-p] [--] pipeline`.
    fn time(&mut self) -> Result<Node, Refused> {
        self.skip_blanks();
        while self.take_word("-p") || self.take_word("--") {
            self.skip_blanks();
        }
        if self.rest().is_empty() || self.rest().starts_with(['\n', ';', '&', '|', ')']) {
            return Ok(Node::Group { body: Vec::new(), redirects: Vec::new(), own: false });
        }
        let body = vec![self.pipeline()?];
        Ok(Node::Group { body, redirects: Vec::new(), own: false })
    }
}

/// Reads what follows a reserved word.
type ReadClause = for<'r, 't> fn(&'r mut Reader<'t>) -> Result<Node, Refused>;

const COMPOUND: [(&str, ReadClause); 10] = [
    ("if", |reader| reader.if_clause()),
    ("while", |reader| reader.while_clause()),
    ("until", |reader| reader.while_clause()),
    ("for", |reader| reader.for_clause()),
    ("select", |reader| reader.for_clause()),
    ("case", |reader| reader.case_clause()),
    ("function", |reader| reader.function_clause()),
    ("[[", |reader| reader.condition()),
    ("coproc", |reader| reader.coprocess()),
    ("time", |reader| reader.time()),
];

/// What ends a word.
pub(super) fn is_meta(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')')
}

/// A variable's name.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
