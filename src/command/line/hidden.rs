//! Commands that stand in the values of other programs' options, settings and variables, by a table.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::super::tools::fits;
use super::wrappers::rows;
use super::{Arg, HOLE, Walk, base};

const TABLE: &str = include_str!("../data/hidden.tsv");

/// The name under which the table has variables of the environment.
const VARIABLES: &str = "=";

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Shell,
    /// Shell text where it begins with `!`.
    Bang,
    /// Text in which a shell runs substitutions.
    Prompt,
    /// The name of a script.
    File,
    /// Program text in another language.
    Code,
}

/// A name whose value is run.
#[derive(Debug, Clone, Copy)]
struct Place {
    name: &'static str,
    kind: Kind,
}

/// The table by the names of programs.
static PLACES: LazyLock<BTreeMap<&'static str, Vec<Place>>> = LazyLock::new(|| {
    let mut places: BTreeMap<&'static str, Vec<Place>> = BTreeMap::new();
    for columns in rows(TABLE) {
        let [programs, names, kind] = columns.as_slice() else { continue };
        let Some(kind) = Kind::read(kind) else { continue };
        for program in programs.split(' ') {
            places.entry(program).or_default().extend(names.split(' ').map(|name| Place { name, kind }));
        }
    }
    places
});

impl Kind {
    fn read(word: &str) -> Option<Self> {
        match word {
            "shell" => Some(Self::Shell),
            "bang" => Some(Self::Bang),
            "prompt" => Some(Self::Prompt),
            "file" => Some(Self::File),
            "code" => Some(Self::Code),
            _ => None,
        }
    }
}

impl Place {
    /// Options are told apart by capitals, settings are not.
    fn is(&self, name: &str) -> bool {
        let any_case = !self.name.starts_with('-') && name.is_ascii();
        fits(self.name, name) || (any_case && fits(&self.name.to_lowercase(), &name.to_lowercase()))
    }
}

impl Walk<'_> {
    /// What a program runs that is named in its options and settings.
    pub(super) fn hidden(&mut self, words: &[Arg]) {
        let Some((program, rest)) = words.split_first() else { return };
        let Some(places) = PLACES.get(base(&program.text)) else { return };
        for (at, word) in rest.iter().enumerate() {
            for (name, value) in values(word, rest.get(at.saturating_add(1))) {
                if let Some(place) = places.iter().find(|place| place.is(name)) {
                    self.hides(place.kind, &value, words);
                }
            }
        }
    }

    /// What a variable has programs run that find it in their environment.
    pub(super) fn variable_hides(&mut self, name: &str, value: &Arg) {
        let places = PLACES.get(VARIABLES).into_iter().flatten();
        if let Some(place) = places.into_iter().find(|place| fits(place.name, name)) {
            self.hides(place.kind, value, &[]);
        }
    }

    fn hides(&mut self, kind: Kind, value: &Arg, words: &[Arg]) {
        let text = value.text.trim_start_matches(['!', '|', ' ']);
        let bang = value.text.starts_with('!');
        if text == HOLE.to_string() && kind != Kind::File {
            return;
        }
        let run = |walk: &mut Self| match kind {
            Kind::Bang if !bang => {}
            Kind::Shell | Kind::Bang => walk.shell_text(text),
            Kind::Prompt if text.contains(['$', '`']) => {
                walk.shell_text(&format!(": \"{}\"", text.replace('\\', "").replace('"', "'")));
            }
            Kind::Prompt => {}
            Kind::File => walk.script(std::slice::from_ref(value), Vec::new(), Vec::new(), true),
            Kind::Code => walk.code(words, &value.text),
        };
        self.perhaps(|walk| walk.as_if(|how| how.indirect = true, |walk| walk.child(run)));
    }
}

/// The names that a word may give a value to, with the value: `name=value`, `-nvalue`, and `name` before the next word.
fn values<'a>(word: &'a Arg, next: Option<&Arg>) -> Vec<(&'a str, Arg)> {
    let text = word.text.as_str();
    let marks = text.match_indices(['=', ':', ' ']).take(2);
    let mut found: Vec<(&str, Arg)> = marks
        .filter_map(|(at, mark)| Some((text.get(..at)?, Arg::literal(text.get(at.saturating_add(mark.len())..)?))))
        .collect();
    if !text.starts_with("--")
        && text.starts_with(['-', '+'])
        && let Some((name, value)) = text.split_at_checked(if text.starts_with('-') { 2 } else { 1 })
        && !value.is_empty()
    {
        found.push((name, Arg::literal(value)));
    }
    found.extend(next.map(|next| (text, next.clone())));
    found
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_row_is_well_formed() {
        for columns in super::rows(super::TABLE) {
            let [_, names, kind] = columns.as_slice() else { panic!("{columns:?}") };
            assert!(super::Kind::read(kind).is_some() && !names.is_empty(), "{columns:?}");
        }
    }
}
