//! Guards: which are on before the change, and which the change takes off.

use std::collections::HashSet;

use super::{Effect, expiry};
use crate::catalog::{Clause, Entry, Guard, GuardKind, Trait};
use crate::environment::{Says, Sign, Signs};
use crate::plan::{Policy, PolicyChange, PolicySaid, ResourceChange, Value};

/// A guard that a change takes off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loosened {
    /// What kind of guard it is.
    pub kind: GuardKind,
    /// The attribute.
    pub attribute: String,
    /// What happens to it, as the end of a sentence.
    pub how: &'static str,
}

/// An attribute that the change switches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switched {
    /// The attribute.
    pub attribute: String,
    /// What happens to it, as the end of a sentence.
    pub how: &'static str,
}

fn of_kind(entry: &Entry, kind: GuardKind) -> impl Iterator<Item = &Guard> {
    entry.guards().filter(move |guard| guard.kind == kind)
}

/// The setting that leaves the old object running, from its values before the change.
pub(super) fn kept_by(entry: &Entry, before: &Value<'_>) -> Option<String> {
    of_kind(entry, GuardKind::Keep).find(|guard| guard.written_on(before)).map(Guard::attributes)
}

/// The setting that gives back what is lost. A default that is not written down promises nothing.
pub(super) fn way_back(entry: &Entry, before: &Value<'_>) -> Option<String> {
    let found = |kind| of_kind(entry, kind).find(|guard| guard.written_on(before)).map(Guard::attributes);
    found(GuardKind::Copy).or_else(|| found(GuardKind::Window))
}

/// What would make the apply fail, and what may help afterwards: notes, which change no verdict.
pub(super) fn hedges(entry: &Entry, change: &ResourceChange<'_>, before: &Value<'_>) -> Vec<String> {
    let found = |kind, text: fn(&str) -> String| {
        of_kind(entry, kind)
            .filter(|guard| guard.written_on(before))
            .map(move |guard| text(&guard.attributes()))
            .collect::<Vec<_>>()
    };
    let disposal = change.disposal.as_ref();
    let refused = disposal.and_then(|disposal| disposal.refused_by.as_ref());
    let mut hedges: Vec<String> = refused
        .map(|by| format!("{by}, refuses it, so the update would fail there and roll back: do not count on it"))
        .into_iter()
        .chain(copied_in_vain(entry, change))
        .collect();
    let locked: fn(&str) -> String = match disposal {
        Some(_) => |a| format!("{a} is on, so its deletion would fail with the rest done: do not count on it"),
        None => |a| format!("{a} is on, so the apply would stop here with the rest done: do not count on it"),
    };
    hedges.extend(found(GuardKind::Lock, locked));
    hedges.extend(found(GuardKind::Hold, |a| format!("{a} is on and may keep contents from deletion")));
    hedges.extend(found(GuardKind::Backup, |a| {
        format!("{a} is on; most such backups go with the object: check whether they stay")
    }));
    // A block and its flat form are one setting.
    let mut seen = HashSet::new();
    hedges.retain(|hedge| seen.insert(hedge.replace('.', "_")));
    hedges
}

/// The guards that the change takes off: of the object itself in an update, and all of a guard that goes.
pub(super) fn loosened(entry: &Entry, effect: Effect, before: &Value<'_>, after: &Value<'_>) -> Vec<Loosened> {
    if effect.updates() {
        let clauses = entry.guards().flat_map(|guard| guard.clauses.iter().map(move |clause| (guard.kind, clause)));
        let off = clauses.filter_map(|(kind, clause)| taken_off(kind, clause, before, after));
        let mut seen = HashSet::new();
        let once = off.filter(|lost| seen.insert(lost.attribute.replace('.', "_")));
        return once.chain(no_longer_named(entry, before, after)).collect();
    }
    if entry.guards_what().is_none() || !effect.ends_guard() {
        return Vec::new();
    }
    let on: Vec<&Guard> = entry.guards().filter(|guard| guarding(guard) && guard.on(before) == Some(true)).collect();
    let has_switch =
        entry.guards().any(|guard| guarding(guard) && guard.clauses.iter().any(|c| c.state(before).written));
    let replaced = effect.destroys() && effect != Effect::Delete;
    if let Some(fewer) = no_longer_named(entry, before, after).filter(|_| replaced) {
        return vec![fewer];
    }
    match on.first() {
        // One as strong takes its place.
        Some(guard) if replaced && guard.on(after) == Some(true) => Vec::new(),
        Some(guard) => {
            vec![Loosened { kind: guard.kind, attribute: guard.attributes(), how: "goes with the object that sets it" }]
        }
        // It has a switch of its own, which was off: nothing is lost.
        None if has_switch || replaced => Vec::new(),
        None => vec![Loosened { kind: GuardKind::Hold, attribute: "the guard itself".to_owned(), how: "is removed" }],
    }
}

/// The policies that the change sets to something less safe: what is done with the object when nobody needs it any more.
pub(super) fn loosened_policies(entry: &Entry, change: &ResourceChange<'_>, before: &Value<'_>) -> Vec<Loosened> {
    let policies = change.disposal.as_ref().map(|disposal| disposal.policies.as_slice()).unwrap_or_default();
    let value = |policy: &PolicyChange, said: Option<PolicySaid>| match said? {
        PolicySaid::TypeDefault if !policy.on_removal => Some(Policy::Delete),
        said => Some(effective(entry, said, before)),
    };
    let loosened = policies.iter().filter_map(|policy| {
        let how = match (value(policy, policy.before), value(policy, policy.after)) {
            (Some(Policy::Delete), _) | (_, Some(Policy::Retain)) => return None,
            (Some(before), Some(after)) if after >= before => return None,
            (_, Some(Policy::Delete)) => "becomes Delete",
            (_, Some(_)) => "becomes Snapshot",
            _ => "changes, and nothing shows from what to what",
        };
        Some(Loosened { kind: GuardKind::Keep, attribute: policy.attribute.to_owned(), how })
    });
    loosened.collect()
}

/// What a policy means for an object of this type: only some types can be copied.
fn effective(entry: &Entry, said: PolicySaid, before: &Value<'_>) -> Policy {
    match said {
        PolicySaid::Is(Policy::Snapshot) if entry.snapshot_policy().is_none() => Policy::Delete,
        PolicySaid::Is(policy) => policy,
        PolicySaid::TypeDefault if entry.is_snapshotted_by_default(before) => Policy::Snapshot,
        PolicySaid::TypeDefault => Policy::Delete,
    }
}

/// What says that a last copy is taken of the old object, where nothing says otherwise.
pub(super) fn copied_by(entry: &Entry, change: &ResourceChange<'_>, before: &Value<'_>) -> Option<String> {
    let said = &change.disposal.as_ref()?.said;
    let worst = said.iter().min_by_key(|statement| effective(entry, statement.policy, before))?;
    (effective(entry, worst.policy, before) == Policy::Snapshot).then(|| worst.what.clone())
}

/// What says that a copy is taken of something that cannot be copied: a note.
fn copied_in_vain(entry: &Entry, change: &ResourceChange<'_>) -> Option<String> {
    let said = &change.disposal.as_ref()?.said;
    let vain = said.iter().find(|one| one.policy == PolicySaid::Is(Policy::Snapshot))?;
    entry.snapshot_policy().is_none().then(|| format!("{} does nothing here: this type has no snapshots", vain.what))
}

/// A guard that names objects names fewer of them, or others.
fn no_longer_named(entry: &Entry, before: &Value<'_>, after: &Value<'_>) -> Option<Loosened> {
    let path = entry.guards_what()?;
    let items = |values: &Value<'_>| -> Option<Vec<String>> {
        match values.at(path).as_slice() {
            [Value::List(items)] => Some(items.iter().filter_map(|item| item.text().map(str::to_owned)).collect()),
            [Value::Text(name)] => Some(vec![name.to_string()]),
            _ => None,
        }
    };
    let (was, is) = (items(before)?, items(after)?);
    let fewer = was.iter().any(|name| !is.contains(name));
    fewer.then(|| Loosened {
        kind: GuardKind::Hold,
        attribute: path.join("."),
        how: "no longer names all that it named",
    })
}

fn guarding(guard: &Guard) -> bool {
    matches!(guard.kind, GuardKind::Lock | GuardKind::Hold | GuardKind::Copy | GuardKind::Window | GuardKind::Backup)
}

/// Whether an update takes one condition of a guard off. Null is the provider's default; what becomes unknown is off.
fn taken_off(kind: GuardKind, clause: &Clause, before: &Value<'_>, after: &Value<'_>) -> Option<Loosened> {
    let (was, is) = (clause.state(before), clause.state(after));
    let path = clause.attribute_of(before).or_else(|| clause.attribute_of(after));
    let lost = |how| Some(Loosened { kind, attribute: path.clone().unwrap_or_else(|| clause.attribute()), how });
    if was == is && clause.values(before) == clause.values(after) {
        return None;
    }
    match kind {
        GuardKind::Empty => (was.on != Some(true) && is.on != Some(false)).then(|| lost("is switched on"))?,
        GuardKind::Keep | GuardKind::Expire | GuardKind::Stop => None,
        _ if was.on == Some(false) => None,
        _ if is.on == Some(false) => lost("is switched off"),
        _ if is.on.is_none() => lost("becomes unknown"),
        GuardKind::Backup => match (was.amount, is.amount) {
            (Some(was), Some(is)) if is < was / 2.0 => lost("is cut to less than half"),
            _ => None,
        },
        GuardKind::Window | GuardKind::Hold => match (was.amount, is.amount) {
            (Some(was), Some(is)) if is < was => lost("is shortened"),
            _ => None,
        },
        GuardKind::Lock | GuardKind::Copy => None,
    }
}

/// The attributes that make contents expire and that the change creates, switches on or shortens.
pub(super) fn expiring(entry: &Entry, effect: Effect, before: &Value<'_>, after: &Value<'_>) -> Vec<Switched> {
    let rules_of_others = entry.expires_what().is_some();
    let found = |how| vec![Switched { attribute: "rules".to_owned(), how }];
    match effect {
        Effect::Create if rules_of_others => {
            // Rules that only move or tidy are none; where there are no rules to read, contents may expire at once.
            let periods = expiry::periods(after);
            if periods.is_empty() && expiry::has_rules(after) { Vec::new() } else { found("make contents expire") }
        }
        // Made anew, the rules are compared all the same.
        Effect::Update | Effect::MayReplace | Effect::DeleteThenCreate | Effect::CreateThenDelete | Effect::Forget
            if rules_of_others =>
        {
            if expiry::sooner(&expiry::periods(before), &expiry::periods(after)) {
                found("make contents expire sooner")
            } else {
                Vec::new()
            }
        }
        Effect::Update | Effect::MayReplace => {
            let clauses = of_kind(entry, GuardKind::Expire).flat_map(|guard| &guard.clauses);
            let own = clauses.filter_map(|clause| Some((clause.attribute(), sooner(clause, before, after)?)));
            let own = own.map(|(attribute, how)| Switched { attribute, how });
            let off = || stopped(entry, before, after).into_iter();
            let how = "is disabled, and what it encrypts cannot be read";
            let key = entry.is(&Trait::Key).then(off).into_iter().flatten().map(|switch| Switched { how, ..switch });
            own.chain(key).collect()
        }
        _ => Vec::new(),
    }
}

/// How an update makes contents expire sooner, if it does.
fn sooner(clause: &Clause, before: &Value<'_>, after: &Value<'_>) -> Option<&'static str> {
    let (was, is) = (clause.state(before), clause.state(after));
    let (old, new) = (clause.values(before), clause.values(after));
    if old == new || is.on == Some(false) {
        return None;
    }
    let is_tree = |value: &&Value<'_>| {
        matches!(value, Value::List(_) | Value::Object(_)) || value.text().is_some_and(|t| t.starts_with(['{', '[']))
    };
    if new.iter().any(is_tree) {
        let periods = |values: &[&Value<'_>]| values.iter().flat_map(|value| expiry::periods(value)).collect();
        return expiry::sooner(&periods(&old), &periods(&new)).then_some("makes contents expire sooner");
    }
    if was.on == Some(false) {
        return Some("is switched on");
    }
    was.amount.zip(is.amount).is_some_and(|(was, is)| is < was).then_some("is shortened")
}

/// The switches and capacities that an update takes to zero.
pub(super) fn stopped(entry: &Entry, before: &Value<'_>, after: &Value<'_>) -> Vec<Switched> {
    of_kind(entry, GuardKind::Stop)
        .flat_map(|guard| &guard.clauses)
        .filter(|clause| {
            let (was, is) = (clause.state(before), clause.state(after));
            // An absent switch is on, whatever its default; one that is only absent afterwards is not known to be off.
            let ran = was.on != Some(false) || !was.written || was.amount.is_some_and(|amount| amount < 0.0);
            ran && is.written && is.on == Some(false) && is.amount.is_none_or(|amount| amount == 0.0)
        })
        .map(|clause| Switched { attribute: clause.attribute(), how: "goes to zero or off" })
        .collect()
}

/// The environment tag that an update sets to an ephemeral word where it was absent or not ephemeral.
pub(super) fn relabelled(was: &Signs, is: &Signs) -> Option<String> {
    if was.tag(Says::Ephemeral).is_some() && was.tag(Says::Production).is_none() {
        return None;
    }
    let same =
        |sign: &&Sign| was.tags.iter().any(|old| old.says == sign.says && old.key.eq_ignore_ascii_case(&sign.key));
    let new = is.tags.iter().find(|sign| sign.says == Says::Ephemeral && !same(sign))?;
    Some(new.key.clone())
}
