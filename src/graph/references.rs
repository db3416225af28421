//! Edges from the configuration: blocks refer to blocks, and keys narrow that to instances.
//!
//! A reference to all instances of a block goes through one node that stands for them together, so that N referring
//! instances and M referred ones cost N + M edges, not N times M.

use std::collections::{HashMap, HashSet};

use super::{Edges, Evidence, NodeId, number};
use crate::plan::{Action, BlockKind, Configuration, Instance, Key, KeyMatch, Plan, Reference};

/// One key of a pattern or an object, as a small number; [`ANY`] matches everything.
pub(super) type KeyNumber = u32;

/// Matches every key.
pub(super) const ANY: KeyNumber = 0;

/// A step without `count` and `for_each`.
const NO_KEY: KeyNumber = 1;

/// A plan's blocks with their objects, and the nodes made for them so far.
pub(super) struct Blocks<'p> {
    configuration: &'p Configuration<'p>,
    /// Blocks that only the state knows.
    gone: HashMap<&'p str, usize>,
    blocks: Vec<Entry<'p>>,
    numbers: HashMap<&'p Key, KeyNumber>,
    /// Every object, sorted by block and then by keys.
    objects: Vec<Object>,
    /// The node of the plan's first object, and where each object of the plan stands among the sorted ones.
    first: usize,
    sorted: Vec<Option<usize>>,
    /// The keys of all objects, one after another.
    keys: Vec<KeyNumber>,
    made: HashMap<(usize, Box<[KeyNumber]>), Option<NodeId>>,
    open: Vec<(usize, Box<[KeyNumber]>, NodeId)>,
}

/// One object: its block, its node, and where its keys stand.
#[derive(Clone, Copy)]
pub(super) struct Object {
    block: u32,
    pub(super) node: NodeId,
    first_key: u32,
    last_key: u32,
}

struct Entry<'p> {
    address: &'p str,
    kind: BlockKind,
    /// It has no object, but passes on what it refers to: read or made by this plan.
    passes_on: bool,
    references: &'p [Reference<'p>],
    /// What only the sources know that it refers to.
    further: &'p [Reference<'p>],
    /// How many keys its instances have.
    keys: usize,
}

impl<'p> Blocks<'p> {
    /// Sorts a plan's objects by block. `offset` is the node of the plan's first object.
    pub(super) fn of<'a: 'p>(plan: &'p Plan<'a>, offset: usize) -> Self {
        let mut blocks = Self {
            configuration: &plan.configuration,
            gone: HashMap::new(),
            blocks: Vec::new(),
            numbers: HashMap::from([(&Key::None, NO_KEY)]),
            objects: Vec::with_capacity(plan.estate.instances.len()),
            first: offset,
            sorted: vec![None; plan.estate.instances.len()],
            keys: Vec::with_capacity(plan.estate.instances.len()),
            made: HashMap::new(),
            open: Vec::new(),
        };
        blocks.declare(&plan.configuration);
        let made: HashSet<&str> =
            plan.changes.iter().filter(|c| c.action == Action::Create).map(|c| c.block.as_ref()).collect();
        for entry in &mut blocks.blocks {
            let leads_on = !(entry.references.is_empty() && entry.further.is_empty());
            entry.passes_on = leads_on && (entry.kind != BlockKind::Managed || made.contains(entry.address));
        }
        for (place, instance) in plan.estate.instances.iter().enumerate() {
            // A deposed object is what a replacement left over: nothing refers to it.
            if instance.deposed.is_none() {
                blocks.add_object(instance, NodeId::new(offset.saturating_add(place)));
            }
        }
        let keys = std::mem::take(&mut blocks.keys);
        blocks
            .objects
            .sort_unstable_by(|a, b| (a.block, slice(&keys, a), a.node).cmp(&(b.block, slice(&keys, b), b.node)));
        blocks.keys = keys;
        for (at, object) in blocks.objects.iter().enumerate() {
            if let Some(sorted) = blocks.sorted.get_mut(object.node.place().saturating_sub(offset)) {
                *sorted = Some(at);
            }
        }
        blocks
    }

    fn add_object(&mut self, instance: &'p Instance<'_>, node: NodeId) {
        let block = number(self.place(&instance.block));
        let first_key = number(self.keys.len());
        for key in &instance.keys {
            let number = self.number(key);
            self.keys.push(number);
        }
        self.keys.extend(unkeyed(instance));
        let last_key = number(self.keys.len());
        self.objects.push(Object { block, node, first_key, last_key });
    }

    fn declare<'a: 'p>(&mut self, configuration: &'p Configuration<'a>) {
        self.blocks.reserve_exact(configuration.blocks.len());
        for block in &configuration.blocks {
            let (references, further) = (block.references.as_slice(), block.further());
            let address = &*block.address;
            let keys = block.depth.saturating_add(usize::from(block.kind != BlockKind::Carrier));
            self.blocks.push(Entry { address, kind: block.kind, passes_on: false, references, further, keys });
        }
    }

    /// A block's place; one that the configuration does not have is added.
    fn place(&mut self, address: &'p str) -> usize {
        if let Some(place) = self.configuration.place(address) {
            return place;
        }
        let next = self.blocks.len();
        let place = *self.gone.entry(address).or_insert(next);
        if place == next {
            let kind = BlockKind::Managed;
            self.blocks.push(Entry { address, kind, passes_on: false, references: &[], further: &[], keys: 0 });
        }
        place
    }

    /// A block's place, where there is such a block.
    pub(super) fn find(&self, address: &str) -> Option<usize> {
        self.configuration.place(address).or_else(|| self.gone.get(address).copied())
    }

    /// The places of the blocks that a block's configuration refers to, by what the plan says.
    pub(super) fn targets(&self, block: usize) -> impl Iterator<Item = usize> + '_ {
        self.blocks.get(block).into_iter().flat_map(|entry| entry.references).map(|reference| reference.target)
    }

    /// The objects of a block, sorted by their keys.
    pub(super) fn objects(&self, block: usize) -> &[Object] {
        let first = self.objects.partition_point(|object| (object.block as usize) < block);
        let rest = self.objects.get(first..).unwrap_or_default();
        let count = rest.partition_point(|object| object.block as usize == block);
        rest.get(..count).unwrap_or_default()
    }

    /// How many keys an object has.
    pub(super) fn depth(object: &Object) -> usize {
        object.last_key.saturating_sub(object.first_key) as usize
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
        let keyed = instance.keys.iter().map(|key| self.numbers.get(key).copied().unwrap_or(ANY));
        keyed.chain(unkeyed(instance)).collect()
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
        for place in 0..self.objects.len() {
            if let Some(object) = self.objects.get(place).copied() {
                let keys = slice(&self.keys, &object).to_vec();
                self.follow(object.block as usize, &keys, object.node, edges);
            }
        }
        while let Some((block, keys, node)) = self.open.pop() {
            self.follow(block, &keys, node, edges);
        }
    }

    /// Adds the edges of one node's references.
    fn follow(&mut self, block: usize, keys: &[KeyNumber], node: NodeId, edges: &mut Edges) {
        let Some(entry) = self.blocks.get(block) else { return };
        let known = entry.references.iter().map(|reference| (reference, Evidence::Reference));
        let further = entry.further.iter().map(|reference| (reference, Evidence::Source));
        for (reference, evidence) in known.chain(further) {
            if let Some(target) = self.resolve(reference, keys, edges) {
                edges.add(target, node, evidence);
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
        let passes_on = self.blocks.get(block)?.passes_on;
        let fitting: Vec<NodeId> = self.fitting(block, pattern).collect();
        let node = match fitting.as_slice() {
            [] if passes_on => {
                let node = edges.node();
                self.open.push((block, pattern.into(), node));
                Some(node)
            }
            [] => None,
            [only] => Some(*only),
            many => {
                let node = edges.node();
                for object in many {
                    edges.add(*object, node, Evidence::Reference);
                }
                Some(node)
            }
        };
        self.made.insert((block, pattern.into()), node);
        node
    }

    /// The objects of a block that fit a pattern. They are sorted, so the pattern's known beginning is found by halving.
    pub(super) fn fitting<'s>(&'s self, block: usize, pattern: &'s [KeyNumber]) -> impl Iterator<Item = NodeId> + 's {
        let objects = self.objects(block);
        let known = pattern.iter().position(|key| *key == ANY).unwrap_or(pattern.len());
        let head = move |keys: &[KeyNumber]| -> std::cmp::Ordering {
            let length = known.min(keys.len());
            keys.get(..length).unwrap_or_default().cmp(pattern.get(..length).unwrap_or_default())
        };
        let first = objects.partition_point(|object| head(slice(&self.keys, object)).is_lt());
        objects
            .get(first..)
            .unwrap_or_default()
            .iter()
            .take_while(move |object| head(slice(&self.keys, object)).is_eq())
            .filter(|object| self.fits(object, pattern))
            .map(|object| object.node)
    }

    fn fits(&self, object: &Object, pattern: &[KeyNumber]) -> bool {
        slice(&self.keys, object).iter().zip(pattern).all(|(key, wanted)| *wanted == ANY || key == wanted)
    }

    /// Those of some nodes that are objects of a block and fit a pattern, sorted by their keys.
    pub(super) fn fitting_of(
        &self,
        nodes: impl Iterator<Item = NodeId>,
        block: usize,
        pattern: &[KeyNumber],
    ) -> Vec<NodeId> {
        let place = |node: NodeId| *self.sorted.get(node.place().checked_sub(self.first)?)?;
        let mut places: Vec<usize> = nodes.filter_map(place).collect();
        places.sort_unstable();
        let objects = places.into_iter().filter_map(|place| self.objects.get(place));
        objects
            .filter(|object| object.block as usize == block && self.fits(object, pattern))
            .map(|object| object.node)
            .collect()
    }
}

/// The keys of an object that has none: one for each module step and one for itself, as its block's address shows.
fn unkeyed(instance: &Instance<'_>) -> impl Iterator<Item = KeyNumber> + use<> {
    let steps = instance.block.split('.').count() / 2;
    std::iter::repeat_n(NO_KEY, if instance.keys.is_empty() { steps.max(1) } else { 0 })
}

fn slice<'k>(keys: &'k [KeyNumber], object: &Object) -> &'k [KeyNumber] {
    keys.get(object.first_key as usize..object.last_key as usize).unwrap_or_default()
}
