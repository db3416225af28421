//! What a change goes back to: the attribute that was edited, here or in an object that it stands on.

use std::collections::{HashMap, HashSet};

use super::{ChangeFacts, Facts};
use crate::plan::{Action, ActionReason, BlockKind, Configuration, Key, Parts, Value};

/// Where a change comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cause {
    /// The address of the object where it began.
    pub address: String,
    /// The attribute there.
    pub attribute: Option<String>,
    /// The attribute of this object that forces its replacement.
    pub forced_by: Option<String>,
    /// The addresses on the way, from this object to where it began; empty where it began here.
    pub path: Vec<String>,
    /// What the plan says of the reason.
    pub reason: Option<ActionReason>,
    /// The replacement is only due to a value that is not known yet, and nothing that changes explains it.
    pub only_unknown: bool,
}

/// How far a chain of causes is followed.
const LONGEST: usize = 64;

/// Finds the cause of every destroying change.
pub(super) fn trace(facts: &mut Facts<'_, '_>) {
    if !facts.changes.iter().any(ChangeFacts::destroys) {
        return;
    }
    let causes: Vec<Cause> = (0..facts.plans.len())
        .flat_map(|plan| {
            let tracer = Tracer::of(facts, plan);
            facts.of_one(plan).iter().map(move |change| tracer.cause(change)).collect::<Vec<_>>()
        })
        .collect();
    for (change, cause) in facts.changes.iter_mut().zip(causes) {
        change.cause = cause;
    }
}

/// A change with the keys of its instance.
type Keyed<'f, 'p, 'a> = (Box<[Key]>, &'f ChangeFacts<'p, 'a>);

/// Finds causes in one plan.
struct Tracer<'f, 'p, 'a> {
    configuration: Option<&'p Configuration<'a>>,
    changing: HashMap<&'p str, Vec<Keyed<'f, 'p, 'a>>>,
}

impl<'f, 'p, 'a> Tracer<'f, 'p, 'a> {
    fn of(facts: &'f Facts<'p, 'a>, place: usize) -> Self {
        let configuration = facts.plans.get(place).map(|plan| &plan.configuration);
        let mut changing: HashMap<&str, Vec<Keyed<'f, 'p, 'a>>> = HashMap::new();
        for change in facts.of_one(place).iter().filter(|change| !change.is_deposed()) {
            if !matches!(change.change.action, Action::NoOp | Action::Read) {
                let keys = Parts::parse(&change.change.address).keys;
                changing.entry(&change.change.block).or_default().push((keys, change));
            }
        }
        for changes in changing.values_mut() {
            changes.sort_by(|a, b| a.0.cmp(&b.0));
        }
        Self { configuration, changing }
    }

    fn cause(&self, change: &ChangeFacts<'_, '_>) -> Cause {
        let own = own_cause(change);
        let mut cause = own.clone();
        let mut seen = HashSet::from([change.change.address.to_string()]);
        let mut at = own.clone().leads(change);
        while let Some((block, attribute, known)) = at.take() {
            let keys = Parts::parse(cause.address()).keys;
            let Some(next) = self.changed_by(&block, &attribute, &keys) else { break };
            // A value that is known already follows from another object only where that is made anew.
            let explains = !known || next.destroys();
            if !explains || !seen.insert(next.change.address.to_string()) || seen.len() > LONGEST {
                break;
            }
            let above = own_cause(next);
            cause.path.push(next.change.address.to_string());
            cause.attribute.clone_from(&above.attribute);
            cause.reason = above.reason;
            at = above.leads(next);
        }
        cause.finish(own)
    }

    /// The changing object that an attribute's expression leads to.
    fn changed_by(&self, block: &str, attribute: &str, keys: &[Key]) -> Option<&ChangeFacts<'p, 'a>> {
        let configuration = self.configuration?;
        let blocks = &configuration.blocks;
        let start = configuration.block(block)?;
        let mut open: Vec<usize> = start
            .all_references()
            .filter(|reference| reference.attribute == attribute)
            .map(|reference| reference.target)
            .rev()
            .collect();
        let mut seen = HashSet::new();
        while let Some(place) = open.pop() {
            let Some(target) = blocks.get(place).filter(|_| seen.insert(place)) else { continue };
            if let Some(changes) = self.changing.get(&*target.address) {
                let found = changes.binary_search_by(|(own, _)| own.as_ref().cmp(keys)).ok();
                let same = found.and_then(|place| changes.get(place));
                let any = || changes.iter().find(|(_, change)| change.destroys()).or(changes.first());
                return same.or_else(any).map(|(_, change)| *change);
            }
            if target.kind != BlockKind::Managed {
                open.extend(target.all_references().map(|reference| reference.target));
            }
        }
        None
    }
}

/// What a change says of its cause by itself.
#[derive(Debug, Clone)]
struct Own {
    address: String,
    attribute: Option<String>,
    unknown: Option<String>,
    reason: Option<ActionReason>,
    path: Vec<String>,
}

impl Own {
    fn address(&self) -> &str {
        self.path.last().unwrap_or(&self.address)
    }

    /// The block, the attribute that may follow from another object, and whether its value is known already.
    fn leads(self, change: &ChangeFacts<'_, '_>) -> Option<(String, String, bool)> {
        let known = self.unknown.is_none();
        let edited = || self.attribute.as_ref().and_then(|path| path.split('.').next().map(str::to_owned));
        Some((change.change.block.to_string(), self.unknown.clone().or_else(edited)?, known))
    }

    fn finish(self, own: Self) -> Cause {
        Cause {
            address: self.address().to_owned(),
            only_unknown: own.unknown.is_some() && self.path.is_empty(),
            forced_by: own.attribute,
            attribute: self.attribute,
            reason: self.reason,
            path: self.path,
        }
    }
}

fn own_cause(change: &ChangeFacts<'_, '_>) -> Own {
    let paths = &change.change.replace_paths;
    let after =
        change.change.after.pick(|name| paths.iter().any(|path| path.first().is_some_and(|first| first == name)));
    let is_unknown = |path: &&Vec<String>| {
        let steps: Vec<&str> = path.iter().map(String::as_str).filter(|step| step.parse::<usize>().is_err()).collect();
        after.at(&steps).iter().any(|value| holds_unknown(value))
    };
    // An attribute that was edited explains more than one that only follows from something else.
    let edited = paths.iter().find(|path| !is_unknown(path));
    let unknown =
        if edited.is_some() { None } else { paths.iter().find(is_unknown).and_then(|path| path.first().cloned()) };
    let attribute = edited.or(paths.first()).map(|path| path.join("."));
    let address = change.change.address.to_string();
    Own { address, attribute, unknown, reason: change.change.reason, path: Vec::new() }
}

fn holds_unknown(value: &Value<'_>) -> bool {
    match value {
        Value::Unknown => true,
        Value::List(items) => items.iter().any(holds_unknown),
        Value::Object(members) => members.iter().any(|(_, member)| holds_unknown(member)),
        _ => false,
    }
}
