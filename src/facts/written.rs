//! Where a change is written, and what its block said that is gone.

use std::collections::HashSet;

use super::{ChangeFacts, Facts};
use crate::plan::{ActionReason, BlockKind, Configuration, Place, Reference};

/// Where a change is written, in the files of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenAt<'p> {
    /// The object's block.
    pub block: &'p Place,
    /// What to edit: the attribute where the cause began, or the variable, argument or local value that sets it.
    pub set: Option<&'p Place>,
    /// The calls of the modules that the block stands in, the outermost first.
    pub called_from: Vec<&'p Place>,
}

/// A guard that nobody sees any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardGone<'p> {
    /// A block of the same type and name that still has it.
    pub place: &'p Place,
    /// It is the very block, in a module that nothing calls any more.
    pub is_same: bool,
}

impl<'p> Facts<'p, '_> {
    /// Where a change is written; `None` without sources, or where its block is gone.
    #[must_use]
    pub fn written(&self, change: &ChangeFacts<'_, '_>) -> Option<WrittenAt<'p>> {
        let configuration = &self.plans.get(change.plan)?.configuration;
        let block = configuration.written(&change.change.block)?.place.as_ref()?;
        let cause = crate::plan::Parts::parse(&change.cause.address).block.into_owned();
        let attribute = change.cause.attribute.as_deref().and_then(|path| path.split('.').next());
        let set = attribute.and_then(|attribute| set_at(configuration, &cause, attribute));
        Some(WrittenAt { block, set, called_from: configuration.called_from(&change.change.block) })
    }

    /// The `prevent_destroy` that went with a block: the tool heeds it only as long as the block stands there.
    #[must_use]
    pub fn guard_gone(&self, change: &ChangeFacts<'_, '_>) -> Option<GuardGone<'p>> {
        let gone = matches!(change.change.reason, Some(ActionReason::NoConfig | ActionReason::NoModule));
        let plan = self.plans.get(change.plan).filter(|_| gone && change.destroys())?;
        let address = &*change.change.block;
        // The last two steps are the resource's own, those before them its module's.
        let (module, local) = match address.rmatch_indices('.').nth(1) {
            Some((dot, _)) => (address.get(..dot), address.get(dot.saturating_add(1)..)?),
            None => (None, address),
        };
        let all = &plan.declared.guarded;
        let first = all.partition_point(|guarded| *guarded.address < *local);
        let guarded = all.get(first..)?.iter().take_while(|guarded| guarded.address == local);
        let same = guarded.clone().find(|guarded| module.is_some() && guarded.module.as_deref() == module);
        let found = same.or_else(|| guarded.clone().next())?;
        Some(GuardGone { place: &found.place, is_same: same.is_some() })
    }
}

/// Where an attribute is set: where it stands, or, as long as it is nothing but a variable or a local value, where that is.
fn set_at<'p>(configuration: &'p Configuration<'_>, block: &str, attribute: &str) -> Option<&'p Place> {
    let start = configuration.block(block)?;
    let attributes = &start.written.as_ref()?.attributes;
    let mut place = attributes.iter().find(|(name, _)| **name == *attribute).map(|(_, place)| place)?;
    let mut references: Vec<&Reference<'_>> =
        start.all_references().filter(|reference| reference.attribute == attribute).collect();
    let mut seen = HashSet::new();
    while let [only] = references.as_slice() {
        let next = configuration.blocks.get(only.target);
        let Some(next) = next.filter(|next| next.kind == BlockKind::Carrier && seen.insert(only.target)) else { break };
        let Some(further) = next.written.as_ref().and_then(|written| written.place.as_ref()) else { break };
        place = further;
        references = next.all_references().collect();
    }
    Some(place)
}
