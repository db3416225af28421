//! Where a change is written, and what its block said that is gone.

use std::collections::HashSet;

use super::cause::TRIGGERS;
use super::{ChangeFacts, Facts};
use crate::plan::{ActionReason, BlockKind, CALL, Configuration, Parts, Place, Reference, modules_of};

/// Where a change is written, in the files of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenAt<'p> {
    /// The object's block.
    pub block: &'p Place,
    /// The attribute in that block that forces the replacement, or for which the change is found.
    pub attribute: Option<&'p Place>,
    /// What to edit: the attribute where the cause began, or the variable, argument or local value that sets it.
    pub set: Option<&'p Place>,
    /// The calls of the modules that the block stands in, the outermost first.
    pub called_from: Vec<&'p Place>,
    /// What it is, where it is not the object's own block, which is gone.
    pub instead: Option<Instead>,
}

/// What stands where a block is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// The block of something alike, at this address.
    Alike(String),
    /// A `removed` block.
    Removed,
}

impl<'p> WrittenAt<'p> {
    fn at(block: &'p Place) -> Self {
        Self { block, attribute: None, set: None, called_from: Vec::new(), instead: None }
    }
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
    /// Where a change is written; `None` without sources, or where its block is gone and nothing alike is made.
    #[must_use]
    pub fn written(&self, change: &ChangeFacts<'_, '_>) -> Option<WrittenAt<'p>> {
        let plan = self.plans.get(change.plan)?;
        let (configuration, block) = (&plan.configuration, &*change.change.block);
        if let Some(own) = configuration.written(block).filter(|own| own.place.is_some()) {
            let began = where_it_began(&change.cause.address);
            return Some(WrittenAt {
                attribute: decides(change).into_iter().find_map(|name| own.attribute(name)),
                set: change.cause.decided_by().into_iter().find_map(|name| set_at(configuration, &began, name)),
                ..self.written_block(change.plan, block)?
            });
        }
        let alike = self.alike(change).and_then(|other| {
            let instead = Some(Instead::Alike(other.change.address.to_string()));
            Some(WrittenAt { instead, ..self.written_block(other.plan, &other.change.block)? })
        });
        let mut removed = plan.declared.moved.iter().filter(|moved| moved.to.is_none());
        let takes_out =
            |from: &str| block == from || block.strip_prefix(from).is_some_and(|rest| rest.starts_with('.'));
        let removed = removed.find(|removed| takes_out(&removed.from)).map(|removed| &removed.place);
        let removed = removed.map(|place| WrittenAt { instead: Some(Instead::Removed), ..WrittenAt::at(place) });
        let left = || plan.declared.left.get(block).map(WrittenAt::at);
        alike.or(removed).or_else(left)
    }

    /// Where a block of a plan is written, whatever becomes of it.
    #[must_use]
    pub fn written_block(&self, plan: usize, block: &str) -> Option<WrittenAt<'p>> {
        let configuration = &self.plans.get(plan)?.configuration;
        let place = configuration.written(block)?.place.as_ref()?;
        Some(WrittenAt { called_from: configuration.called_from(block), ..WrittenAt::at(place) })
    }

    /// What is made in the place of something that goes, where that looks like a rename.
    fn alike(&self, change: &ChangeFacts<'_, '_>) -> Option<&ChangeFacts<'p, '_>> {
        let of_plan = self.changes.partition_point(|other| other.plan < change.plan);
        let place = self.of_one(change.plan).iter().position(|other| std::ptr::eq(other.change, change.change))?;
        self.changes.get(self.renames.to(of_plan.saturating_add(place))?)
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

/// The attributes of the object itself that may decide its change, the likeliest first.
fn decides<'c>(change: &'c ChangeFacts<'_, '_>) -> Vec<&'c str> {
    let triggered = change.change.reason == Some(ActionReason::ByTriggers);
    let forced = change.cause.forced_by.as_deref().filter(|_| !triggered);
    let own = change.cause.decided_by().into_iter().filter(|_| change.cause.path.is_empty());
    // What changes is one tag among those that are written there.
    let tags = change.relabelled.iter().flat_map(|_| ["tags", "labels", "metadata"]);
    triggered.then_some(TRIGGERS).into_iter().chain(forced).chain(own).chain(tags).collect()
}

/// The block at an address; for a module's, the block of its call.
fn where_it_began(address: &str) -> String {
    let block = |address: &str| Parts::parse(address).block.into_owned();
    if modules_of(address).last() != Some(&address) {
        return block(address);
    }
    let inside = block(&format!("{address}.a.b"));
    inside.strip_suffix("a.b").map(|module| format!("{module}{CALL}")).unwrap_or_default()
}

/// Where an attribute is set: where it stands, or, as long as it is nothing but a variable or a local value, where that is.
fn set_at<'p>(configuration: &'p Configuration<'_>, block: &str, path: &str) -> Option<&'p Place> {
    let start = configuration.block(block)?;
    let written = start.written.as_ref()?;
    let mut place = written.attribute(path)?;
    let name = path.split('.').next().unwrap_or_default();
    // What a nested block refers to may stand in another of its attributes.
    let own = start.all_references().filter(|reference| reference.attribute == name && !written.has_blocks(name));
    let mut references: Vec<&Reference<'_>> = own.collect();
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
