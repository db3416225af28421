//! Finds the block that a reference means, seen from where it is written.

use super::outputs::REMOTE_STATE;
use super::references::Resolver;
use super::remote_states::remote_output;
use crate::plan::{BlockKind, Key, KeyMatch, Keys, Step, Text};

/// The carrier of all resources of a module, for `depends_on = [module.m]`.
pub(super) const RESOURCES: &str = "(resources)";
/// The carrier of all outputs of a module, for a reference to the module as a whole.
pub(super) const OUTPUTS: &str = "(outputs)";

/// Where a reference is written: in which module, and which of the block's keys `each.key` means.
#[derive(Clone)]
pub(super) struct Scope<'s> {
    /// The module's prefix: empty, or `module.a.module.b.`.
    pub(super) prefix: &'s str,
    /// How many module steps the prefix has.
    pub(super) depth: usize,
    /// The place of the key that `each.key` and `count.index` stand for.
    pub(super) own_key: Option<usize>,
    /// Through how many variables and outputs an index was followed to get here.
    pub(super) followed: usize,
}

impl<'s> Scope<'s> {
    pub(super) fn of(prefix: &'s str, depth: usize) -> Self {
        Self { prefix, depth, own_key: None, followed: 0 }
    }
}

/// What a reference means.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) target: usize,
    pub(super) keys: Keys,
    /// Only the sources know of it: the way leads through a local value.
    pub(super) by_sources: bool,
}

/// An index is followed through so many variables and outputs. Past it the list as a whole is meant.
const FARTHEST: usize = 64;

/// A carrier whose expression is one name and nothing else: an index into it is an index into what it names.
pub(super) struct Whole<'a> {
    pub(super) head: Text<'a>,
    pub(super) prefix: String,
    pub(super) depth: usize,
}

/// What an expression tells of the key that a bare name in it was indexed with.
#[derive(Clone, Copy)]
pub(super) enum Indexed<'k> {
    /// Nothing.
    No,
    /// The referring block's own key at this place.
    ByOwnKey(usize),
    /// A constant.
    By(&'k Key),
}

impl Resolver<'_> {
    /// The block that a reference means. An index that is an expression is cut off in the format, so a bare name that
    /// stands beside `each.key` was most likely indexed by it.
    pub(super) fn find(&self, reference: &str, scope: &Scope<'_>, indexed: Indexed<'_>, whole: &str) -> Option<Found> {
        let steps = crate::plan::steps(reference)?;
        let (local, step, rest) = match steps.as_slice() {
            [first, name, rest @ ..] if first.name == "var" => {
                return self.through(
                    &format!("var.{}", name.name),
                    Keys::shared(scope.depth),
                    &name.key,
                    scope,
                    (indexed, rest.is_empty()),
                );
            }
            [first, name, rest @ ..] if first.name == "local" => return self.local(name, rest, scope, indexed),
            [first, call, output, rest @ ..] if first.name == "module" => {
                let keys = Keys::then(scope.depth, key(call, Indexed::No));
                let local = format!("module.{}.output.{}", call.name, output.name);
                return self.through(&local, keys, &output.key, scope, (indexed, rest.is_empty()));
            }
            [first, call] if first.name == "module" => (format!("module.{}.{whole}", call.name), call, &[][..]),
            [first, kind, name, rest @ ..] if first.name == "data" && kind.name == REMOTE_STATE => {
                let source = format!("data.{REMOTE_STATE}.{}", name.name);
                let output = remote_output(&steps).map(|(_, output)| format!("{source}.outputs.{output}"));
                let known =
                    output.filter(|local| self.places.contains_key(format!("{}{local}", scope.prefix).as_str()));
                (known.unwrap_or_else(|| format!("{source}.outputs")), name, rest)
            }
            [first, kind, name, rest @ ..] if first.name == "data" || first.name == "ephemeral" => {
                (format!("{}.{}.{}", first.name, kind.name, name.name), name, rest)
            }
            [kind, name, rest @ ..] => (format!("{}.{}", kind.name, name.name), name, rest),
            _ => return None,
        };
        let target = *self.places.get(format!("{}{local}", scope.prefix).as_str())?;
        let indexed = if rest.is_empty() { indexed } else { Indexed::No };
        Some(Found { target, keys: Keys::then(scope.depth, key(step, indexed)), by_sources: false })
    }

    /// A local value, or the member of one that is an object: the longest way that the sources know.
    fn local(&self, name: &Step<'_>, rest: &[Step<'_>], scope: &Scope<'_>, indexed: Indexed<'_>) -> Option<Found> {
        let (mut path, mut key, mut rest) = (format!("local.{}", name.name), name.key.clone(), rest);
        loop {
            let (longer, then, tail) = match (&key, rest) {
                (Key::Text(member), _) if !member.contains('.') => (format!("{path}.{member}"), Key::None, rest),
                (Key::None, [next, tail @ ..]) => (format!("{path}.{}", next.name), next.key.clone(), tail),
                _ => break,
            };
            if !self.places.contains_key(format!("{}{longer}", scope.prefix).as_str()) {
                break;
            }
            (path, key, rest) = (longer, then, tail);
        }
        let found = self.through(&path, Keys::shared(scope.depth), &key, scope, (indexed, rest.is_empty()))?;
        Some(Found { by_sources: true, ..found })
    }

    /// A variable or output; an index into one that is a list of all instances goes on to the instance.
    fn through(
        &self,
        local: &str,
        keys: Keys,
        index: &Key,
        scope: &Scope<'_>,
        (indexed, bare): (Indexed<'_>, bool),
    ) -> Option<Found> {
        let target = *self.places.get(format!("{}{local}", scope.prefix).as_str())?;
        // `Key::None` stands for the referring block's own key until the way to the instances is known.
        let (index, own) = match (index, indexed) {
            (Key::None, Indexed::By(outer)) if bare => (Some(outer), None),
            (Key::None, Indexed::ByOwnKey(place)) if bare => (Some(&Key::None), Some(place)),
            (Key::None, _) => (None, None),
            (own, _) => (Some(own), None),
        };
        let followed = scope.followed.saturating_add(1);
        let whole = self.wholes.get(&target).filter(|_| followed <= FARTHEST);
        let inner = whole.zip(index).and_then(|(whole, index)| {
            let scope = Scope { prefix: &whole.prefix, depth: whole.depth, own_key: None, followed };
            let inner = self.find(&whole.head.0, &scope, Indexed::By(index), OUTPUTS)?;
            let seen = inner.keys.seen_through(&keys);
            let keys = match own {
                Some(place) => seen.with_own_key(place),
                None => seen,
            };
            (self.blocks.get(inner.target)?.kind != BlockKind::Carrier).then_some(Found { keys, ..inner })
        });
        Some(inner.unwrap_or(Found { target, keys, by_sources: false }))
    }
}

/// What the references of one expression tell of the key that a bare name among them was indexed with.
pub(super) fn indexed<'n>(mut names: impl Iterator<Item = &'n str>, scope: &Scope<'_>) -> Indexed<'static> {
    let by_key = names.any(|name| name == "each.key" || name == "count.index");
    scope.own_key.filter(|_| by_key).map_or(Indexed::No, Indexed::ByOwnKey)
}

/// What the key of a step must be.
fn key(step: &Step<'_>, indexed: Indexed<'_>) -> KeyMatch {
    match (&step.key, indexed) {
        (Key::None, Indexed::ByOwnKey(place)) => KeyMatch::Same(place),
        (Key::None, Indexed::By(key)) => KeyMatch::Likely(key.clone()),
        (Key::None, Indexed::No) => KeyMatch::Any,
        (key, _) => KeyMatch::Is(key.clone()),
    }
}
