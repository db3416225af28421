//! Which made objects are worth comparing with a deleted one.
//!
//! Of a few, all are. Of many, only those that share a name, or the end of the address: thousands of objects of one type
//! would else be compared with thousands of others.

use std::collections::{BTreeSet, HashMap};

use super::likeness::is_name;
use super::{Kind, Side};
use crate::plan::Value;

/// So many comparisons of one type are made without asking what is worth it.
const ALL: usize = 10_000;

/// A value that more objects share than this tells nothing.
const SHARED: usize = 50;

/// Finds the made objects of one type that are near a deleted one.
pub(super) struct Candidates<'k, 'f, 'a> {
    kind: &'k Kind<'f, 'a>,
    /// The places in the list of what is made, by what it has in common with others; none where all are near.
    by_mark: Option<HashMap<Mark<'k>, Vec<usize>>>,
}

/// What two sides of a rename may have in common.
#[derive(PartialEq, Eq, Hash)]
enum Mark<'k> {
    /// An attribute that names the object.
    Name(&'k str, &'k str),
    /// The block's name, and the object's key.
    End(&'k str, String),
}

impl<'k, 'f, 'a> Candidates<'k, 'f, 'a> {
    pub(super) fn of(kind: &'k Kind<'f, 'a>) -> Self {
        if kind.deleted.len().saturating_mul(kind.made.len()) <= ALL {
            return Self { kind, by_mark: None };
        }
        let mut by_mark: HashMap<Mark<'k>, Vec<usize>> = HashMap::new();
        for (place, made) in kind.made.iter().enumerate() {
            for mark in marks(&kind.name, made) {
                by_mark.entry(mark).or_default().push(place);
            }
        }
        Self { kind, by_mark: Some(by_mark) }
    }

    pub(super) fn of_one(&self, old: &'k Side<'f, 'a>) -> Box<dyn Iterator<Item = &'k Side<'f, 'a>> + '_> {
        let Some(by_mark) = &self.by_mark else { return Box::new(self.kind.made.iter()) };
        let known = marks(&self.kind.name, old).into_iter().filter_map(|mark| by_mark.get(&mark));
        let places: BTreeSet<usize> = known.filter(|places| places.len() <= SHARED).flatten().copied().collect();
        Box::new(places.into_iter().filter_map(|place| self.kind.made.get(place)))
    }
}

fn marks<'k>(kind: &str, side: &'k Side<'_, '_>) -> Vec<Mark<'k>> {
    let mut marks = vec![Mark::End(side.name(), format!("{:?}", side.key()))];
    if let Value::Object(members) = &side.values {
        let named = members.iter().filter(|(name, _)| is_name(kind, name));
        marks.extend(named.filter_map(|(name, value)| Some(Mark::Name(name, value.text()?))));
    }
    for path in [&["metadata", "name"][..], &["tags", "Name"]] {
        let text = side.values.at(path).first().and_then(|value| value.text());
        marks.extend(text.map(|text| Mark::Name("Name", text)));
    }
    marks
}
