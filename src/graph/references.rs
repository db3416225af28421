//! Edges from the configuration: blocks refer to blocks, and keys narrow that to instances.
//!
//! A reference to all instances of a block goes through one node that stands for them together, so that N referring
//! instances and M referred ones cost N + M edges, not N times M.

use std::collections::{HashMap, HashSet};

use super::{Edges, Evidence, NodeId};
use crate::plan::{Action, BlockKind, Configuration, Instance, Key, KeyMatch, Plan, Reference};

/// One key of a pattern or an object, as a small number; [`ANY`] matches everything.
pub(super) type KeyNumber = u32;

/// Matches every key.
pub(super) const ANY: KeyNumber = 0;

/// A plan's blocks with their objects, and the nodes made for them so far.
pub(super) struct Blocks<'p> {
    places: HashMap<&'p str, usize>,
    blocks: Vec<Entry<'p>>,
    numbers: HashMap<&'p Key, KeyNumber>,
    made: HashMap<(usize, Box<[KeyNumber]>), Option<NodeId>>,
    open: Vec<(usize, Box<[KeyNumber]>, NodeId)>,
}

struct Entry<'p> {
    address: &'p str,
    kind: BlockKind,
    /// The keys and node of every object, sorted.
    objects: Vec<(Box<[KeyNumber]>, NodeId)>,
    /// It has no object, but passes on what it refers to: read or made by this plan.
    passes_on: bool,
    references: &'p [Reference<'p>],
    /// How many keys its instances have.
    keys: usize,
}

impl<'p> Blocks<'p> {
    /// Sorts a plan's objects by block. `offset` is the node of the plan's first object.
    pub(super) fn of<'a: 'p>(plan: &'p Plan<'a>, offset: usize) -> Self {
        let mut blocks = Self {
            places: HashMap::new(),
            blocks: Vec::new(),
            numbers: HashMap::from([(&Key::None, 1)]),
            made: HashMap::new(),
            open: Vec::new(),
        };
        blocks.declare(&plan.configuration);
        let made: HashSet<&str> =
            plan.changes.iter().filter(|c| c.action == Action::Create).map(|c| c.block.as_ref()).collect();
        for (address, place) in &blocks.places {
            if let Some(entry) = blocks.blocks.get_mut(*place) {
                entry.passes_on = entry.kind != BlockKind::Managed || made.contains(address);
            }
        }
        for (place, instance) in plan.estate.instances.iter().enumerate() {
            // A deposed object is what a replacement left over: nothing refers to it.
            if instance.deposed.is_some() {
                continue;
            }
            let keys = instance.keys.iter().map(|key| blocks.number(key)).collect();
            let node = NodeId::new(offset.saturating_add(place));
            let block = blocks.place(&instance.block);
            if let Some(entry) = blocks.blocks.get_mut(block) {
                entry.objects.push((keys, node));
            }
        }
        for entry in &mut blocks.blocks {
            entry.objects.sort_unstable();
        }
        blocks
    }

    fn declare<'a: 'p>(&mut self, configuration: &'p Configuration<'a>) {
        for block in &configuration.blocks {
            self.places.insert(&block.address, self.blocks.len());
            let references = block.references.as_slice();
            let address = &*block.address;
            let keys = block.depth.saturating_add(usize::from(block.kind != BlockKind::Carrier));
            self.blocks.push(Entry {
                address,
                kind: block.kind,
                objects: Vec::new(),
                passes_on: false,
                references,
                keys,
            });
        }
    }

    /// A block's place; one that the configuration does not have is added.
    fn place(&mut self, address: &'p str) -> usize {
        let next = self.blocks.len();
        let place = *self.places.entry(address).or_insert(next);
        if place == next {
            let (kind, objects) = (BlockKind::Managed, Vec::new());
            self.blocks.push(Entry { address, kind, objects, passes_on: false, references: &[], keys: 0 });
        }
        place
    }

    /// A block's place, where there is such a block.
    pub(super) fn find(&self, address: &str) -> Option<usize> {
        self.places.get(address).copied()
    }

    /// The places of the blocks that a block's configuration refers to.
    pub(super) fn targets(&self, block: usize) -> impl Iterator<Item = usize> + '_ {
        self.blocks.get(block).into_iter().flat_map(|entry| entry.references).map(|reference| reference.target)
    }

    /// The objects of a block, with their keys.
    pub(super) fn objects(&self, block: usize) -> &[(Box<[KeyNumber]>, NodeId)] {
        self.blocks.get(block).map(|entry| entry.objects.as_slice()).unwrap_or_default()
    }

    /// How many module steps two blocks have in common from the root on.
    pub(super) fn common_modules(&self, one: usize, other: usize) -> usize {
        let steps = |block: usize| {
            let address = self.blocks.get(block).map_or("", |entry| entry.address);
            address.split('.').collect::<Vec<_>>()
        };
        let (one, other) = (steps(one), steps(other));
        let pairs = one.chunks(2).zip(other.chunks(2));
        pairs.take_while(|(a, b)| a == b && a.first() == Some(&"module")).count()
    }

    /// An object's keys as numbers; a key that no other object has is [`ANY`].
    pub(super) fn keys(&self, instance: &Instance<'_>) -> Vec<KeyNumber> {
        instance.keys.iter().map(|key| self.numbers.get(key).copied().unwrap_or(ANY)).collect()
    }

    /// The number of a key; one that no object has fits none.
    fn known(&self, key: &Key) -> KeyNumber {
        self.numbers.get(key).copied().unwrap_or(KeyNumber::MAX)
    }

    fn number(&mut self, key: &'p Key) -> KeyNumber {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX).saturating_add(1);
        *self.numbers.entry(key).or_insert(next)
    }

    /// Adds the edges of all references, beginning with those of the objects that exist.
    pub(super) fn connect(&mut self, edges: &mut Edges) {
        for block in 0..self.blocks.len() {
            let objects = self.blocks.get(block).map(|entry| entry.objects.clone()).unwrap_or_default();
            for (keys, node) in objects {
                self.follow(block, &keys, node, edges);
            }
        }
        while let Some((block, keys, node)) = self.open.pop() {
            self.follow(block, &keys, node, edges);
        }
    }

    /// Adds the edges of one node's references.
    fn follow(&mut self, block: usize, keys: &[KeyNumber], node: NodeId, edges: &mut Edges) {
        let references = self.blocks.get(block).map(|entry| entry.references).unwrap_or_default();
        for reference in references {
            if let Some(target) = self.resolve(reference, keys, edges) {
                edges.add(target, node, Evidence::Reference);
            }
        }
    }

    /// The node that a reference means, seen from an object with these keys.
    fn resolve(&mut self, reference: &'p Reference<'p>, keys: &[KeyNumber], edges: &mut Edges) -> Option<NodeId> {
        let length = self.blocks.get(reference.target).map_or(0, |entry| entry.keys);
        let key = |place| reference.keys.at(place);
        let pattern: Box<[KeyNumber]> = (0..length)
            .map(|place| match key(place) {
                KeyMatch::Any => ANY,
                KeyMatch::Is(key) | KeyMatch::Likely(key) => self.known(&key),
                KeyMatch::Same(place) => keys.get(place).copied().unwrap_or(ANY),
            })
            .collect();
        let found = self.together(reference.target, &pattern, edges);
        if found.is_some() {
            return found;
        }
        // No instance has the key that was inferred, so it was no key of this block: all of its instances are meant.
        let inferred = |place: usize| {
            place >= reference.keys.shared && matches!(key(place), KeyMatch::Likely(_) | KeyMatch::Same(_))
        };
        let relaxed: Box<[KeyNumber]> =
            pattern.iter().enumerate().map(|(place, known)| if inferred(place) { ANY } else { *known }).collect();
        (relaxed != pattern).then(|| self.together(reference.target, &relaxed, edges)).flatten()
    }

    /// The node that stands for all instances of a block that fit a pattern: the instance itself where it is the only one.
    pub(super) fn together(&mut self, block: usize, pattern: &[KeyNumber], edges: &mut Edges) -> Option<NodeId> {
        if let Some(node) = self.made.get(&(block, pattern.into())) {
            return *node;
        }
        let entry = self.blocks.get(block)?;
        let fitting = fitting(&entry.objects, pattern);
        let node = match fitting.as_slice() {
            [] if entry.passes_on => {
                let node = edges.node();
                self.open.push((block, pattern.into(), node));
                Some(node)
            }
            [] => None,
            [only] => Some(*only),
            many => {
                let node = edges.node();
                many.iter().for_each(|object| edges.add(*object, node, Evidence::Reference));
                Some(node)
            }
        };
        self.made.insert((block, pattern.into()), node);
        node
    }

    /// The objects of a block that fit a pattern.
    pub(super) fn fitting(&self, block: usize, pattern: &[KeyNumber]) -> Vec<NodeId> {
        fitting(self.objects(block), pattern)
    }
}

/// Objects are sorted by their keys, so the pattern's known beginning is found by halving.
fn fitting(objects: &[(Box<[KeyNumber]>, NodeId)], pattern: &[KeyNumber]) -> Vec<NodeId> {
    let known: Vec<KeyNumber> = pattern.iter().copied().take_while(|key| *key != ANY).collect();
    let head = |keys: &[KeyNumber]| keys.get(..known.len().min(keys.len())).unwrap_or_default().to_vec();
    let first = objects.partition_point(|(keys, _)| head(keys) < known);
    objects
        .get(first..)
        .unwrap_or_default()
        .iter()
        .take_while(|(keys, _)| head(keys) == known)
        .filter(|(keys, _)| keys.iter().zip(pattern).all(|(key, wanted)| *wanted == ANY || key == wanted))
        .map(|(_, node)| *node)
        .collect()
}
