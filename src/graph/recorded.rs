//! Edges from the prior state's `depends_on`: the only source for objects whose block is gone.
//!
//! The list names blocks, without instance keys, and all ancestors, not only the nearest. What the configuration knows
//! already is left to it, since it knows more exactly; of the rest only the nearest is kept.

use std::collections::{HashMap, HashSet};

use super::handed::RemoteStates;
use super::identity::Identities;
use super::references::{ANY, Blocks, KeyNumber};
use super::{Edges, Evidence, NodeId};
use crate::plan::{Instance, Parts, Plan};

/// How many blocks one search through the configuration may visit. Past it the recorded edge is kept: one edge too
/// many at worst.
const BUDGET: usize = 4_000;

/// Adds the edges of one plan's prior state. `first` is the node of its first object.
pub(super) fn connect<'p, 'a: 'p>(
    plan: &'p Plan<'a>,
    first: usize,
    blocks: &mut Blocks<'p>,
    identities: &Identities,
    edges: &mut Edges,
) {
    let lists = Lists::of(plan, blocks);
    let remote = RemoteStates::of(plan, first);
    let mut last: Option<(usize, &[usize], Nearest)> = None;
    for ((place, instance), list) in plan.estate.instances.iter().enumerate().zip(&lists.of_object) {
        let Some(block) = blocks.find(&instance.block).filter(|_| instance.deposed.is_none() && !list.is_empty())
        else {
            continue;
        };
        // The instances of one block mostly have the same list.
        let nearest = match last.take() {
            Some((same, before, nearest)) if same == block && before == list.as_ref() => nearest,
            _ => nearest(block, list, blocks, &lists),
        };
        let node = NodeId::new(first.saturating_add(place));
        let own = blocks.keys(instance);
        for target in &nearest.kept {
            if remote.is_empty() || !is_remote(*target, blocks, &remote) {
                connect_one(node, &own, (block, *target), blocks, identities, edges);
            }
        }
        if !remote.is_empty() {
            for target in nearest.open.iter().copied().filter(|target| is_remote(*target, blocks, &remote)) {
                let sources = fitting(&own, (block, target), blocks);
                let is_near = nearest.kept.contains(&target);
                connect_outputs((node, instance), &sources, is_near, (&remote, identities), edges);
            }
        }
        last = Some((block, list, nearest));
    }
}

fn is_remote(block: usize, blocks: &Blocks<'_>, remote: &RemoteStates<'_, '_>) -> bool {
    blocks.objects(block).first().is_some_and(|object| remote.is_source(object.node))
}

/// Connects an object with the outputs of a remote state that its state lists: those whose values it holds. Where none
/// is sure to be meant and nothing nearer accounts for it, all of them are.
fn connect_outputs(
    (node, instance): (NodeId, &Instance<'_>),
    sources: &[NodeId],
    is_near: bool,
    (remote, identities): (&RemoteStates<'_, '_>, &Identities),
    edges: &mut Edges,
) {
    let values = instance.values.search();
    let used: Vec<(Vec<NodeId>, bool)> =
        sources.iter().map(|source| remote.used(*source, values, identities)).collect();
    for output in used.iter().flat_map(|(outputs, _)| outputs) {
        edges.add(*output, node, Evidence::Recorded);
    }
    if is_near && !used.iter().any(|(_, sure)| *sure) {
        for source in sources {
            edges.add(remote.whole(*source), node, Evidence::Recorded);
        }
    }
}

/// The blocks that an object's state lists, sorted.
fn list(instance: &Instance<'_>, blocks: &Blocks<'_>) -> Box<[usize]> {
    // Some versions leave the keys of modules in.
    let find = |address: &String| {
        let without_keys = || blocks.find(&Parts::parse(address).block);
        blocks.find(address).or_else(|| address.contains('[').then(without_keys).flatten())
    };
    let mut list: Vec<usize> = instance.depends_on.addresses().iter().filter_map(find).collect();
    list.sort_unstable();
    list.dedup();
    list.into()
}

/// The recorded ancestors of every object, by block.
struct Lists {
    of_object: Vec<Box<[usize]>>,
    /// The first object of each block.
    first: HashMap<usize, usize>,
}

impl Lists {
    fn of(plan: &Plan<'_>, blocks: &Blocks<'_>) -> Self {
        let mut lists = Self { of_object: Vec::new(), first: HashMap::new() };
        for (place, instance) in plan.estate.instances.iter().enumerate() {
            lists.of_object.push(list(instance, blocks));
            if let Some(block) = blocks.find(&instance.block).filter(|_| instance.deposed.is_none()) {
                lists.first.entry(block).or_insert(place);
            }
        }
        lists
    }

    /// The ancestors recorded for a block, by its first object.
    fn of_block(&self, block: usize) -> &[usize] {
        let list = self.first.get(&block).and_then(|place| self.of_object.get(*place));
        list.map(AsRef::as_ref).unwrap_or_default()
    }

    fn has(&self, block: usize, ancestor: usize) -> bool {
        self.of_block(block).binary_search(&ancestor).is_ok()
    }
}

/// What is left of an object's recorded ancestors.
struct Nearest {
    /// Those that the configuration does not know of.
    open: Vec<usize>,
    /// Those of them that no other ancestor accounts for.
    kept: Vec<usize>,
}

/// The ancestors that no other source and no other ancestor accounts for.
///
/// The one with most ancestors of its own comes first: it is the nearest, and what it lists is accounted for by it. In a
/// circle everybody leads to everybody, and nobody is left out for another's sake.
fn nearest(block: usize, list: &[usize], blocks: &Blocks<'_>, lists: &Lists) -> Nearest {
    let mut left: HashSet<usize> = list.iter().copied().filter(|target| *target != block).collect();
    known_to_configuration(block, &mut left, blocks);
    let mut order: Vec<usize> = list.iter().copied().filter(|target| *target != block).collect();
    order.sort_by_key(|target| (std::cmp::Reverse(lists.of_block(*target).len()), *target));
    let (mut covered, mut kept) = (HashSet::new(), Vec::new());
    for target in order {
        if covered.contains(&target) {
            continue;
        }
        kept.push(target);
        if !lists.has(target, block) {
            covered.extend(lists.of_block(target).iter().copied().filter(|far| !lists.has(*far, target)));
        }
    }
    kept.retain(|target| left.contains(target));
    Nearest { open: list.iter().copied().filter(|target| left.contains(target)).collect(), kept }
}

/// Strikes out what the configuration's references lead to.
fn known_to_configuration(block: usize, left: &mut HashSet<usize>, blocks: &Blocks<'_>) {
    let mut seen = HashSet::from([block]);
    let mut open = vec![block];
    while let Some(at) = open.pop() {
        if left.is_empty() || seen.len() > BUDGET {
            return;
        }
        for target in blocks.targets(at) {
            if seen.insert(target) {
                left.remove(&target);
                open.push(target);
            }
        }
    }
}

/// Connects one object with a block that its state lists: with the instances whose identities it holds where that
/// tells them apart, else with all that may be meant. Inside one module, the same instance of the module is meant.
fn connect_one(
    node: NodeId,
    own: &[KeyNumber],
    (block, target): (usize, usize),
    blocks: &mut Blocks<'_>,
    identities: &Identities,
    edges: &mut Edges,
) {
    let pattern = pattern(own, (block, target), blocks);
    // What it holds is looked through, not the block: many objects list the same large block.
    let told = blocks.fitting_of(identities.held(node), target, &pattern);
    if !told.is_empty() && blocks.fitting(target, &pattern).nth(told.len()).is_some() {
        for object in told {
            edges.add(object, node, Evidence::Recorded);
        }
    } else if let Some(together) = blocks.together(target, &pattern, edges) {
        edges.add(together, node, Evidence::Recorded);
    }
}

/// The keys that the instances of a listed block must have: inside one module, those of the same instance of the module.
fn pattern(own: &[KeyNumber], (block, target): (usize, usize), blocks: &Blocks<'_>) -> Vec<KeyNumber> {
    let depth = blocks.objects(target).first().map_or(1, Blocks::depth);
    let common = blocks.common_modules(block, target);
    (0..depth).map(|at| own.get(at).copied().filter(|_| at < common).unwrap_or(ANY)).collect()
}

fn fitting(own: &[KeyNumber], (block, target): (usize, usize), blocks: &Blocks<'_>) -> Vec<NodeId> {
    blocks.fitting(target, &pattern(own, (block, target), blocks)).collect()
}
