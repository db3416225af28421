//! Words to what commands get: variables, substitutions, braces.

use super::super::shell::{List, Piece, Word};
use super::{Arg, HOLE, Input, Step, Walk};

/// The most words that braces in one word are expanded to.
const MOST: usize = 32;

/// What a variable or a substitution stands for.
struct Found {
    /// `None` is not known.
    values: Option<Vec<String>>,
    shown: String,
    said_by: Option<Vec<String>>,
    process: Option<Box<Input>>,
}

/// Words in the making.
#[derive(Default)]
struct Fields {
    done: Vec<Arg>,
    open: Option<Arg>,
    /// So many pieces went into the open one.
    pieces: usize,
}

impl Fields {
    fn push(&mut self, text: &str, shown: &str) {
        let open = self.open.get_or_insert_default();
        open.text.push_str(text);
        open.shown.push_str(shown);
        self.pieces = self.pieces.saturating_add(usize::from(!text.is_empty()));
    }

    fn end(&mut self) {
        self.done.extend(self.open.take());
        self.pieces = 0;
    }

    /// `between` parts words where they are split.
    fn push_found(&mut self, found: Found, split: bool, between: &str) {
        let Found { values, shown, said_by, process } = found;
        match values {
            None => self.push(&HOLE.to_string(), &shown),
            // `"$@"` of nothing is no word at all.
            Some(values) if values.is_empty() => {
                self.open = self.open.take().filter(|open| !open.text.is_empty());
            }
            Some(values) if split => {
                let parts = values.iter().flat_map(|value| value.split(|c: char| between.contains(c)));
                for (at, part) in parts.filter(|part| !part.is_empty()).enumerate() {
                    if at > 0 {
                        self.end();
                    }
                    self.push(part, part);
                    if let Some(open) = &mut self.open {
                        open.glob |= part.contains(['*', '?', '[']);
                    }
                }
            }
            Some(values) => {
                for (at, value) in values.iter().enumerate() {
                    if at > 0 {
                        self.end();
                    }
                    self.push(value, value);
                }
            }
        }
        // Whoever said it is only told of where the word is nothing else.
        let alone = self.pieces == 1;
        if let Some(open) = &mut self.open {
            open.said_by = said_by.filter(|_| alone);
            open.process = process.filter(|_| alone);
        }
    }
}

impl Walk<'_> {
    /// A word as the words that a command gets.
    pub(super) fn expand(&mut self, word: &Word) -> Vec<Arg> {
        let mut fields = Fields::default();
        for (at, word) in braces(word).iter().enumerate() {
            if at > 0 {
                fields.end();
            }
            self.pieces(&word.pieces, true, &mut fields);
        }
        fields.end();
        fields.done
    }

    /// A word that stays one: a value, a target, a text.
    pub(super) fn expand_whole(&mut self, word: &Word) -> Arg {
        let mut fields = Fields::default();
        self.pieces(&word.pieces, false, &mut fields);
        fields.end();
        let mut parts = fields.done.into_iter();
        let mut whole = parts.next().unwrap_or_default();
        for part in parts {
            whole.text.push(' ');
            whole.text.push_str(&part.text);
            whole.shown.push(' ');
            whole.shown.push_str(&part.shown);
        }
        whole
    }

    fn pieces(&mut self, pieces: &[Piece], split: bool, fields: &mut Fields) {
        let mut rest = pieces.iter().peekable();
        while let Some(piece) = rest.next() {
            // In text that is run a hole may be more of the name.
            let longer = rest.peek().is_some_and(|next| matches!(next, Piece::Plain(text) if text.starts_with(HOLE)));
            match piece {
                Piece::Variable { name, operator, .. } if longer && operator.is_empty() => {
                    fields.push(&HOLE.to_string(), &format!("${name}…"));
                }
                Piece::Plain(text) => {
                    fields.push(text, text);
                    if let Some(open) = &mut fields.open {
                        open.glob |= split && text.contains(['*', '?', '[']);
                    }
                }
                Piece::Quoted(text) => fields.push(text, text),
                Piece::Variable { name, operator, operand, quoted } => {
                    let found = self.variable(name, operator, operand, *quoted);
                    let between = self.between();
                    fields.push_found(found, split && !quoted, &between);
                }
                Piece::Command { body, quoted } => {
                    let found = self.substitution(body);
                    let between = self.between();
                    fields.push_found(found, split && !quoted, &between);
                }
                Piece::Process { body, input } => {
                    let found = self.process(body, *input);
                    fields.push_found(found, false, "");
                }
                Piece::Other { inner } => {
                    self.arithmetic(inner);
                    fields.push(&HOLE.to_string(), "…");
                }
            }
        }
    }

    /// What parts words in values: blanks, unless the line says otherwise. If it does and not what, then anything that may.
    fn between(&self) -> String {
        match self.scope.variables.get("IFS") {
            None => " \t\n".to_owned(),
            Some(Some(value)) => value.concat(),
            Some(None) => " \t\n,;:|/-_.".to_owned(),
        }
    }

    /// Arithmetic may set the variables that it names, to numbers.
    pub(super) fn arithmetic(&mut self, inner: &Word) {
        let text = self.expand_whole(inner).text;
        if !text.contains('=') && !text.contains("++") && !text.contains("--") {
            return;
        }
        for name in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if self.scope.variables.contains_key(name) {
                self.set(name, None);
            }
        }
    }

    fn variable(&mut self, name: &str, operator: &str, operand: &Word, quoted: bool) -> Found {
        let all = matches!(operand.pieces.first(), Some(Piece::Other { inner }) if is_all(inner));
        // What runs in the operand may run.
        let mut other = None;
        if !operand.pieces.is_empty() {
            self.perhaps(|walk| other = Some(walk.expand_whole(operand)));
        }
        let value = match name {
            "@" | "*" => self.scope.positional.clone(),
            "PWD" if !self.scope.variables.contains_key(name) => {
                self.scope.dir.as_ref().map(|dir| vec![dir.display().to_string()])
            }
            _ if name.starts_with(|c: char| c.is_ascii_digit()) => self.positional(name),
            _ => self.scope.variables.get(name).cloned().flatten(),
        };
        let set = self.scope.variables.contains_key(name);
        let values = match operator {
            "" if matches!(name, "@" | "*") => value,
            // Of an array bash takes the first, and zsh all of them where it is not quoted.
            "" => match value {
                Some(values) if values.len() > 1 && !quoted => {
                    let shown = values.join(" ");
                    return Found { values: None, shown, said_by: None, process: None };
                }
                Some(values) => Some(values.into_iter().take(1).collect()),
                None => None,
            },
            "[" if all => value,
            // The one word that a variable without a value stands for, or the value.
            ":-" | "-" => value.filter(|value| set && !value.iter().all(String::is_empty)),
            ":=" | "=" if set => value.filter(|value| !value.iter().all(String::is_empty)),
            ":=" | "=" => {
                self.set(name, None);
                None
            }
            _ => None,
        };
        let default = other.filter(|other| !other.text.is_empty()).map(|other| format!("{operator}{}", other.shown));
        let shown = match default {
            Some(default) => format!("${{{name}{default}}}"),
            None => format!("${name}"),
        };
        Found { values, shown, said_by: None, process: None }
    }

    /// `$1` and its like; `$0` is not known.
    fn positional(&self, name: &str) -> Option<Vec<String>> {
        let at = name.parse::<usize>().ok()?.checked_sub(1)?;
        let positional = self.scope.positional.as_ref()?;
        Some(positional.get(at).cloned().into_iter().collect())
    }

    fn substitution(&mut self, body: &List) -> Found {
        let from = self.steps.len();
        let mut said = Input::Unknown;
        self.fed(Input::Own, |walk| {
            walk.apart(|walk| {
                walk.list(body);
                said = walk.said(from);
            });
        });
        let said_by = match self.steps.get(from..) {
            Some([Step::Run(run)]) => Some(run.words.iter().map(|word| word.text.clone()).collect()),
            _ => None,
        };
        let text = self.text_of(&said).filter(|text| !text.contains(HOLE));
        let values = text.map(|text| vec![text.trim_end_matches('\n').to_owned()]);
        let program = said_by.as_ref().map(|words: &Vec<String>| words.join(" ")).unwrap_or_default();
        Found { values, shown: format!("$({})", program.replace(HOLE, "…")), said_by, process: None }
    }

    fn process(&mut self, body: &List, input: bool) -> Found {
        let from = self.steps.len();
        let mut said = Input::Unknown;
        let feed = if input { Input::Own } else { Input::Unknown };
        self.fed(feed, |walk| {
            walk.apart(|walk| {
                walk.list(body);
                said = walk.said(from);
            });
        });
        let said_by = match self.steps.get(from..) {
            Some([Step::Run(run)]) => Some(run.words.iter().map(|word| word.text.clone()).collect()),
            _ => None,
        };
        Found { values: None, shown: "<(…)".to_owned(), said_by, process: Some(Box::new(said)) }
    }
}

/// The index that means all of an array.
fn is_all(index: &Word) -> bool {
    matches!(index.pieces.as_slice(), [Piece::Quoted(text)] if text == "@" || text == "*")
}

/// The words that braces make of one. Braces over quoted parts make a word that is not known.
fn braces(word: &Word) -> Vec<Word> {
    if has_many_braces(word) {
        return vec![holed(word)];
    }
    let mut waiting = vec![word.clone()];
    let mut done = Vec::new();
    while let Some(word) = waiting.pop() {
        if done.len().saturating_add(waiting.len()) > MOST {
            return vec![holed(&word)];
        }
        match one_brace(&word) {
            Some(mut words) => {
                words.reverse();
                waiting.append(&mut words);
            }
            None if has_open_brace(&word) => done.push(holed(&word)),
            None => done.push(word),
        }
    }
    done
}

/// A word of which nobody knows how it is read, with what runs in it.
fn holed(word: &Word) -> Word {
    Word { pieces: vec![Piece::Other { inner: word.clone() }] }
}

/// More braces than anybody writes: each is looked at up to the end of the word.
fn has_many_braces(word: &Word) -> bool {
    const MANY: usize = 200;
    let plain = word.pieces.iter().filter_map(|piece| match piece {
        Piece::Plain(text) => Some(text.matches('{').count()),
        _ => None,
    });
    plain.sum::<usize>() > MANY
}

/// Braces that begin in one unquoted part and may end in another.
fn has_open_brace(word: &Word) -> bool {
    let mut plain = word.pieces.iter().filter_map(|piece| match piece {
        Piece::Plain(text) => Some(text.as_str()),
        _ => None,
    });
    let open =
        plain.any(|text| text.rfind('{').is_some_and(|at| text.get(at..).is_some_and(|rest| !rest.contains('}'))));
    open && plain.any(|text| text.contains('}'))
}

/// The words of the first `{a,b}` or `{1..3}` in a word.
fn one_brace(word: &Word) -> Option<Vec<Word>> {
    word.pieces.iter().enumerate().find_map(|(at, piece)| {
        let Piece::Plain(text) = piece else { return None };
        let parts = text.match_indices('{').find_map(|(open, _)| brace_parts(text, open))?;
        Some(parts.into_iter().map(|part| with_piece(word, at, part)).collect())
    })
}

fn with_piece(word: &Word, at: usize, text: String) -> Word {
    let mut word = word.clone();
    // `$x{a,b}` is `$xa $xb`: other variables.
    let longer = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    if let Some(before) = at.checked_sub(1).and_then(|before| word.pieces.get_mut(before))
        && matches!(before, Piece::Variable { operator, .. } if operator.is_empty())
        && longer
    {
        *before = Piece::Other { inner: Word::default() };
    }
    if let Some(piece) = word.pieces.get_mut(at) {
        *piece = Piece::Plain(text);
    }
    word
}

/// The texts that the brace at this place makes.
fn brace_parts(text: &str, open: usize) -> Option<Vec<String>> {
    let inside = text.get(open.saturating_add(1)..)?;
    let mut depth = 0_usize;
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth = depth.saturating_add(1),
            ',' if depth == 0 => {
                parts.push(inside.get(start..at)?);
                start = at.saturating_add(1);
            }
            '}' if depth == 0 => {
                parts.push(inside.get(start..at)?);
                let rest = inside.get(at.saturating_add(1)..)?;
                let before = text.get(..open)?;
                return match parts.as_slice() {
                    [range] if range.contains("..") => {
                        let parts = range_parts(range);
                        Some(parts.iter().map(|part| format!("{before}{part}{rest}")).collect())
                    }
                    [_] => None,
                    _ => Some(parts.iter().map(|part| format!("{before}{part}{rest}")).collect()),
                };
            }
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The texts of `1..3`: where they are many, or something else, some that are not known.
fn range_parts(range: &str) -> Vec<String> {
    let ends = range.split_once("..").and_then(|(from, to)| from.parse::<i64>().ok().zip(to.parse::<i64>().ok()));
    match ends {
        Some((from, to)) if from <= to && to.saturating_sub(from) < 24 => {
            (from..=to).map(|number| number.to_string()).collect()
        }
        _ => vec![HOLE.to_string(), HOLE.to_string()],
    }
}
