//! What a value that is not known yet will come from: an object that was renamed, or one that is made anew.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use super::Renames;
use crate::facts::{Effect, Facts};
use crate::plan::{BlockKind, Key, Parts, Value};

/// So many made objects are looked at behind one reference.
const TARGETS: usize = 500;

/// A text of this length is found within others by more than chance.
const TELLING: usize = 8;

/// The places of what is made, with their keys, by plan and block.
type Made<'f> = HashMap<(usize, &'f str), Vec<(Box<[Key]>, usize)>>;

/// Follows references of what is made to what else is made.
pub(super) struct Ties<'f> {
    made: Made<'f>,
    /// The made objects behind an attribute, once they were asked for.
    known: RefCell<HashMap<(usize, String), Vec<usize>>>,
    /// The texts among a deleted object's own values, once they were asked for.
    texts: RefCell<HashMap<usize, HashSet<String>>>,
}

impl<'f> Ties<'f> {
    pub(super) fn of(facts: &'f Facts<'_, '_>) -> Self {
        let mut made = Made::new();
        for (place, change) in facts.changes.iter().enumerate().filter(|(_, c)| c.effect == Effect::Create) {
            let keys = Parts::parse(&change.change.address).keys;
            made.entry((change.plan, &change.change.block)).or_default().push((keys, place));
        }
        Self { made, known: RefCell::default(), texts: RefCell::default() }
    }

    /// Whether an attribute of what is made at `place` leads to the new address of what its former value came from.
    /// `None` where it leads to nothing that is made, or to something of which nobody knows whether it was renamed.
    pub(super) fn tie(
        &self,
        facts: &Facts<'_, '_>,
        renames: &Renames,
        place: usize,
        attribute: &str,
        was: &Value<'_>,
    ) -> Option<bool> {
        let texts = texts_of(was);
        let targets = self.targets(facts, place, attribute);
        if targets.is_empty() || texts.is_empty() {
            return None;
        }
        let origins: Vec<Option<usize>> = targets.iter().map(|to| renames.from.get(to).copied()).collect();
        if origins.iter().flatten().any(|from| self.has_any(facts, *from, &texts)) {
            return Some(true);
        }
        origins.iter().all(Option::is_some).then_some(false)
    }

    /// An attribute of what is made at `place` leads only to objects that are made anew: its value will be another one.
    pub(super) fn is_torn(
        &self,
        facts: &Facts<'_, '_>,
        renames: &Renames,
        place: usize,
        attribute: &str,
        was: &Value<'_>,
    ) -> bool {
        let made_anew = !self.targets(facts, place, attribute).is_empty();
        made_anew && self.tie(facts, renames, place, attribute, was) != Some(true)
    }

    /// One of the texts is among the deleted object's own values, or has one of them in it.
    fn has_any(&self, facts: &Facts<'_, '_>, from: usize, wanted: &[&str]) -> bool {
        let mut known = self.texts.borrow_mut();
        let texts = known.entry(from).or_insert_with(|| {
            let view = facts.changes.get(from).map_or(Value::Null, |change| change.change.before.view());
            match &view {
                Value::Object(members) => {
                    members.iter().filter_map(|(_, value)| value.text()).map(str::to_owned).collect()
                }
                _ => HashSet::new(),
            }
        });
        let within = |text: &str| texts.iter().any(|own| own.len() >= TELLING && text.contains(own.as_str()));
        wanted.iter().any(|text| texts.contains(*text) || within(text))
    }

    /// What is made and lies behind an attribute's references: of a block, the instance with the same key where there is
    /// one, else all.
    fn targets(&self, facts: &Facts<'_, '_>, place: usize, attribute: &str) -> Vec<usize> {
        let key = (place, attribute.to_owned());
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let found = self.follow(facts, place, attribute).unwrap_or_default();
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    fn follow(&self, facts: &Facts<'_, '_>, place: usize, attribute: &str) -> Option<Vec<usize>> {
        let change = facts.changes.get(place)?;
        let configuration = &facts.plans.get(change.plan)?.configuration;
        let start = configuration.block(&change.change.block)?;
        let keys = Parts::parse(&change.change.address).keys;
        let of_attribute = start.references.iter().filter(|one| one.attribute == attribute);
        let mut open: Vec<usize> = of_attribute.map(|one| one.target).collect();
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        while let Some(at) = open.pop().filter(|_| found.len() < TARGETS) {
            let Some(block) = configuration.blocks.get(at).filter(|_| seen.insert(at)) else { continue };
            match block.kind {
                BlockKind::Carrier => open.extend(block.references.iter().map(|one| one.target)),
                BlockKind::Data => {}
                BlockKind::Managed => {
                    let made = self.made.get(&(change.plan, &*block.address)).map(Vec::as_slice).unwrap_or_default();
                    let same = made.iter().find(|(own, _)| *own == keys);
                    let all = if same.is_some() { &[][..] } else { made };
                    found.extend(same.into_iter().chain(all.iter().take(TARGETS)).map(|(_, place)| *place));
                }
            }
        }
        Some(found)
    }
}

/// The texts of a value: itself, or those in a list.
fn texts_of<'v>(value: &'v Value<'_>) -> Vec<&'v str> {
    match value {
        Value::List(items) => items.iter().filter_map(Value::text).collect(),
        other => other.text().into_iter().collect(),
    }
}
