//! Deletes and creates that are one thing under another address.
//!
//! Without a `moved` block a tool cannot tell a rename from a loss: it deletes the old address and makes the new one. The
//! two are matched by type, by the attributes that name a thing, by what it belongs to, and by everything else that is
//! known of both. A pair is made only where nothing known contradicts it and nothing else fits as well: a wrong `moved`
//! block would hand one thing's records to another, and a missing one only costs a sentence.

mod candidates;
mod likeness;
mod modules;
mod statements;
mod ties;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{ChangeFacts, Effect, Facts};
use crate::plan::{Key, Parts, Value, modules_of, words};
use candidates::Candidates;
use likeness::{Likeness, Seen, likeness};
use ties::Ties;

/// What belongs to something renamed is found after it, and what belongs to that in the next round.
const ROUNDS: usize = 6;

/// Which deleted objects are made again under another address.
#[derive(Debug, Default)]
pub struct Renames {
    to: BTreeMap<usize, usize>,
    from: BTreeMap<usize, usize>,
    addresses: HashMap<(usize, String), usize>,
    statements: BTreeMap<usize, (String, String)>,
    of_plans: BTreeMap<usize, BTreeSet<(String, String)>>,
}

/// One side of a possible rename: an object that is deleted, or one that is made.
struct Side<'f, 'a> {
    place: usize,
    address: &'f str,
    parts: Parts<'f>,
    modules: Vec<&'f str>,
    values: Value<'a>,
}

/// The objects of one type in one plan.
struct Kind<'f, 'a> {
    name: Cow<'f, str>,
    /// It holds records, which a wrong pair would hand to another: without a name in common nothing is paired.
    needs_a_name: bool,
    deleted: Vec<Side<'f, 'a>>,
    made: Vec<Side<'f, 'a>>,
}

impl Renames {
    /// Finds the pairs in all plans. Costs nothing where nothing is deleted or nothing is made.
    pub(super) fn of(facts: &Facts<'_, '_>) -> Self {
        let mut renames = Self::default();
        let kinds = kinds(facts);
        if kinds.is_empty() {
            return renames;
        }
        let ties = Ties::of(facts);
        for _ in 0..ROUNDS {
            let known = renames.to.len();
            for kind in &kinds {
                renames.pair(facts, &ties, kind);
            }
            renames.follow_modules(facts, &ties, &kinds);
            if renames.to.len() == known {
                break;
            }
        }
        renames.drop_torn(facts, &ties, &kinds);
        let created = |(from, to): (&usize, &usize)| {
            let change = facts.changes.get(*to)?;
            Some(((change.plan, change.change.address.to_string()), *from))
        };
        renames.addresses = renames.to.iter().filter_map(created).collect();
        renames.statements = statements::of(facts, &renames);
        for (place, statement) in &renames.statements {
            let plan = facts.changes.get(*place).map_or(0, |change| change.plan);
            renames.of_plans.entry(plan).or_default().insert(statement.clone());
        }
        renames
    }

    /// The place of the change that makes again what the change at `place` deletes.
    #[must_use]
    pub fn to(&self, place: usize) -> Option<usize> {
        self.to.get(&place).copied()
    }

    /// The place of the change that deletes what this change makes again.
    #[must_use]
    pub fn from(&self, made: &ChangeFacts<'_, '_>) -> Option<usize> {
        self.addresses.get(&(made.plan, made.change.address.to_string())).copied()
    }

    /// All pairs: the places of a delete and of a create.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.to.iter().map(|(from, to)| (*from, *to))
    }

    /// What was renamed where the change at `place` is the delete, as widely as it holds: a whole module, a block with all
    /// its instances, or one object; the old address and the new one.
    #[must_use]
    pub fn statement(&self, place: usize) -> Option<(&str, &str)> {
        self.statements.get(&place).map(|(from, to)| (from.as_str(), to.as_str()))
    }

    /// What else differs in all that the statement at `place` covers, and may be a reason to replace it under the new
    /// address: the places of the delete and of the create, and the attribute.
    #[must_use]
    pub fn differing(&self, facts: &Facts<'_, '_>, place: usize) -> Vec<(usize, usize, String)> {
        let wanted = self.statement(place);
        let plan = facts.changes.get(place).map(|change| change.plan);
        let mut found = Vec::new();
        for (from, to) in self.pairs().filter(|(from, _)| self.statement(*from) == wanted) {
            let Some((old, new)) = facts.changes.get(from).zip(facts.changes.get(to)) else { continue };
            if Some(old.plan) == plan {
                let (before, after) = (old.change.before.view(), new.change.after.view());
                let all = likeness::differing(&old.change.kind, &before, &after);
                found.extend(all.into_iter().map(|attribute| (from, to, attribute.to_owned())));
            }
        }
        found
    }

    /// Everything that was renamed in a plan, each statement once.
    #[must_use]
    pub fn statements(&self, plan: usize) -> impl ExactSizeIterator<Item = (&str, &str)> {
        static NONE: BTreeSet<(String, String)> = BTreeSet::new();
        let all = self.of_plans.get(&plan).unwrap_or(&NONE);
        all.iter().map(|(from, to)| (from.as_str(), to.as_str()))
    }

    fn add(&mut self, from: usize, to: usize) {
        self.to.insert(from, to);
        self.from.insert(to, from);
    }

    fn remove(&mut self, from: usize) {
        if let Some(to) = self.to.remove(&from) {
            self.from.remove(&to);
        }
    }

    /// Pairs what fits each other best, and nothing else as well.
    fn pair(&mut self, facts: &Facts<'_, '_>, ties: &Ties<'_>, kind: &Kind<'_, '_>) {
        let open = |sides: &mut dyn Iterator<Item = &Side<'_, '_>>, taken: &BTreeMap<usize, usize>| {
            sides.filter(|side| !taken.contains_key(&side.place)).count()
        };
        if open(&mut kind.deleted.iter(), &self.to) == 0 || open(&mut kind.made.iter(), &self.from) == 0 {
            return;
        }
        let alone = kind.deleted.len() == 1 && kind.made.len() == 1;
        let near = Candidates::of(kind);
        let mut found: Vec<(Likeness, usize, usize)> = Vec::new();
        for old in kind.deleted.iter().filter(|old| !self.to.contains_key(&old.place)) {
            for new in near.of_one(old).filter(|new| !self.from.contains_key(&new.place)) {
                let seen = Seen { kind: &kind.name, alone, needs_a_name: kind.needs_a_name, address: common(old, new) };
                let tie = |attribute: &str, value: &Value<'_>| ties.tie(facts, self, new.place, attribute, value);
                found.extend(likeness(&seen, &old.values, &new.values, &tie).map(|like| (like, old.place, new.place)));
            }
        }
        let (of_old, of_new) = (best(&found, |entry| entry.1), best(&found, |entry| entry.2));
        for (like, from, to) in &found {
            if of_old.get(from) == Some(&(*like, 1)) && of_new.get(to) == Some(&(*like, 1)) {
                self.add(*from, *to);
            }
        }
    }

    /// Nothing contradicts that two objects are one.
    fn may_be_one(
        &self,
        facts: &Facts<'_, '_>,
        ties: &Ties<'_>,
        kind: &Kind<'_, '_>,
        (old, new): (&Side<'_, '_>, &Side<'_, '_>),
    ) -> bool {
        let tie = |attribute: &str, value: &Value<'_>| ties.tie(facts, self, new.place, attribute, value);
        likeness::compare(&kind.name, &old.values, &new.values, &tie).is_some()
    }

    /// Takes pairs back whose new object belongs to something that is made anew: with a `moved` block it would be
    /// replaced all the same.
    fn drop_torn(&mut self, facts: &Facts<'_, '_>, ties: &Ties<'_>, kinds: &[Kind<'_, '_>]) {
        loop {
            let mut torn = Vec::new();
            for kind in kinds {
                let made: HashMap<usize, &Side<'_, '_>> = kind.made.iter().map(|new| (new.place, new)).collect();
                for old in &kind.deleted {
                    let Some(new) = self.to(old.place).and_then(|to| made.get(&to)) else { continue };
                    let belongs = |name: &str| likeness::is_place(&kind.name, name);
                    let lost = |name: &str, value: &Value<'_>| ties.is_torn(facts, self, new.place, name, value);
                    if open_members(&old.values, &new.values, belongs, lost) {
                        torn.push(old.place);
                    }
                }
            }
            if torn.is_empty() {
                return;
            }
            for from in torn {
                self.remove(from);
            }
        }
    }
}

/// Some wanted attribute that is known before and not known after fits.
fn open_members(
    before: &Value<'_>,
    after: &Value<'_>,
    wanted: impl Fn(&str) -> bool,
    fits: impl Fn(&str, &Value<'_>) -> bool,
) -> bool {
    let Value::Object(members) = after else { return false };
    members.iter().filter(|(name, value)| *value == Value::Unknown && wanted(name)).any(|(name, _)| {
        let was = before.get(name);
        matches!(was, Value::Text(_)) && fits(name, was)
    })
}

/// The places of what is deleted and of what is made, by plan and type.
type Places<'f> = BTreeMap<(usize, &'f str), (Vec<usize>, Vec<usize>)>;

/// What is deleted and what is made, by plan and type, where there are both.
fn kinds<'f, 'a>(facts: &'f Facts<'_, 'a>) -> Vec<Kind<'f, 'a>> {
    let mut places = Places::new();
    for (place, change) in facts.changes.iter().enumerate().filter(|(_, change)| !change.is_deposed()) {
        let kind = places.entry((change.plan, &change.change.kind)).or_default();
        match change.effect {
            Effect::Delete => kind.0.push(place),
            Effect::Create if !change.change.importing => kind.1.push(place),
            _ => {}
        }
    }
    let both = places.into_iter().filter(|(_, (deleted, made))| !deleted.is_empty() && !made.is_empty());
    let sides = |places: Vec<usize>, before: bool| {
        places.into_iter().filter_map(|place| side(facts, place, before)).collect::<Vec<_>>()
    };
    both.map(|((plan, name), (deleted, made))| {
        let in_stack = facts.is_stack(plan);
        let records = made.iter().filter_map(|at| facts.changes.get(*at)).any(|c| c.entry.holds_records());
        Kind {
            name: if in_stack { Cow::Owned(snake(name)) } else { Cow::Borrowed(name) },
            // Most names in a stack are made up from the logical id, so they can never tell that two are one.
            needs_a_name: records && !in_stack,
            deleted: sides(deleted, true),
            made: sides(made, false),
        }
    })
    .collect()
}

fn side<'f, 'a>(facts: &'f Facts<'_, 'a>, place: usize, before: bool) -> Option<Side<'f, 'a>> {
    let change = facts.changes.get(place)?.change;
    let address = change.address.as_ref();
    let values = if before { change.before.view() } else { change.after.view() };
    let values = if facts.is_stack(facts.changes.get(place)?.plan) { in_snake(values) } else { values };
    Some(Side { place, address, parts: Parts::parse(address), modules: modules_of(address), values })
}

/// Attributes spelled as Terraform's providers spell them, so that the same words tell the same of both.
fn in_snake(values: Value<'_>) -> Value<'_> {
    match values {
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (Cow::Owned(snake(&name)), value)).collect())
        }
        other => other,
    }
}

fn snake(name: &str) -> String {
    words(name).join("_")
}

impl Side<'_, '_> {
    /// The block's own name.
    fn name(&self) -> &str {
        self.parts.block.rsplit('.').next().unwrap_or_default()
    }

    /// The key of the object itself.
    fn key(&self) -> Option<&Key> {
        self.parts.keys.last()
    }
}

/// How much two addresses have in common: the same name, the same key, the same module.
fn common(old: &Side<'_, '_>, new: &Side<'_, '_>) -> usize {
    let name = usize::from(old.name() == new.name());
    let key = usize::from(old.key().is_some() && old.key() == new.key());
    name.saturating_add(key).saturating_add(usize::from(old.modules.last() == new.modules.last()))
}

/// For each object, the greatest likeness, and how many others have it.
fn best(
    found: &[(Likeness, usize, usize)],
    one: impl Fn(&(Likeness, usize, usize)) -> usize,
) -> HashMap<usize, (Likeness, usize)> {
    let mut best: HashMap<usize, (Likeness, usize)> = HashMap::new();
    for entry in found {
        let known = best.entry(one(entry)).or_insert((entry.0, 0));
        match entry.0.cmp(&known.0) {
            Ordering::Greater => *known = (entry.0, 1),
            Ordering::Equal => known.1 = known.1.saturating_add(1),
            Ordering::Less => {}
        }
    }
    best
}
