//! Exact reach, for many sources at once.
//!
//! A batch of 64 sources goes through the graph as one bit each: a node's word says which of them reach it. Cycles are
//! condensed, so one pass in order settles it. Counting adds a word to bit-sliced counters, two operations on average,
//! so a chain of 100,000 objects with 10,000 sources is counted exactly in well under a second.

use std::collections::HashMap;

use super::components::{self, Components, get};
use super::{Graph, NodeId};

/// What the counting wants to know of a node. The graph does not know what the marks mean to its caller.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mark {
    /// It counts as a dependent.
    pub counted: bool,
    /// It holds records.
    pub records: bool,
    /// The plan does not delete it.
    pub stays: bool,
    /// The plan leaves it as it is.
    pub untouched: bool,
    /// Others are built on it: its signs are theirs.
    pub foundation: bool,
    /// The signs that it shows.
    pub signs: [bool; SIGNS],
}

/// How many different signs a node can show. Which one means what is the caller's own.
pub const SIGNS: usize = 6;

/// What stands on one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// How many counted dependents there are.
    pub counted: u32,
    /// How many of them the plan leaves as they are.
    pub untouched: u32,
    /// One of them holds records.
    pub records: bool,
    /// One of them is not deleted by the plan.
    pub stays: bool,
    /// For each sign, a dependent that shows it.
    pub signs: [Option<NodeId>; SIGNS],
}

/// For each sign, a foundation that a node stands on and that shows it.
pub type Above = [Option<NodeId>; SIGNS];

/// A graph with its order, ready to be asked.
#[derive(Debug)]
pub struct Order<'g> {
    graph: &'g Graph,
    component: Vec<u32>,
    order: Vec<NodeId>,
    components: usize,
}

impl Graph {
    /// Condenses cycles and orders the rest.
    #[must_use]
    pub fn order(&self) -> Order<'_> {
        let Components { of, order, count } = components::find(self);
        Order { graph: self, component: of, order, components: count }
    }
}

impl Order<'_> {
    /// What stands on each of the sources, in their order.
    #[must_use]
    pub fn reach(&self, sources: &[NodeId], marks: &[Mark]) -> Vec<Reach> {
        let mut words = vec![0_u64; self.components];
        sources.chunks(64).flat_map(|batch| self.batch(batch, marks, &mut words)).collect()
    }

    fn batch(&self, batch: &[NodeId], marks: &[Mark], words: &mut [u64]) -> Vec<Reach> {
        words.fill(0);
        let mut own: HashMap<NodeId, u64> = HashMap::new();
        for (bit, source) in batch.iter().enumerate() {
            let word = 1_u64.wrapping_shl(u32::try_from(bit).unwrap_or(0));
            *own.entry(*source).or_default() |= word;
            add(words, get(&self.component, *source), word);
        }
        let mut tally = Tally::default();
        for node in &self.order {
            let component = get(&self.component, *node);
            let word = words.get(component as usize).copied().unwrap_or(0);
            if word == 0 {
                continue;
            }
            for (to, _) in self.graph.next(*node) {
                let other = get(&self.component, to);
                if other != component {
                    add(words, other, word);
                }
            }
            let mark = marks.get(node.place()).copied().unwrap_or_default();
            tally.add(*node, word & !own.get(node).copied().unwrap_or(0), mark);
        }
        (0..batch.len()).map(|bit| tally.of(bit)).collect()
    }

    /// For every node, the signs of the foundations that it stands on.
    #[must_use]
    pub fn above(&self, marks: &[Mark]) -> Vec<Above> {
        let mut components = vec![Above::default(); self.components];
        for node in &self.order {
            let component = get(&self.component, *node);
            let mark = marks.get(node.place()).copied().unwrap_or_default();
            let mut below = components.get(component as usize).copied().unwrap_or_default();
            if mark.foundation {
                show(&mut below, mark.signs, *node);
            }
            if below == Above::default() {
                continue;
            }
            for (to, _) in self.graph.next(*node) {
                if let Some(above) = components.get_mut(get(&self.component, to) as usize) {
                    for (known, new) in above.iter_mut().zip(below) {
                        *known = known.or(new);
                    }
                }
            }
        }
        (0..self.graph.len())
            .map(|place| components.get(get(&self.component, NodeId::new(place)) as usize).copied().unwrap_or_default())
            .collect()
    }

    /// Every node that a source reaches, or that reaches a source, the sources included.
    #[must_use]
    pub fn around(&self, sources: &[NodeId]) -> Vec<bool> {
        let mut below = vec![false; self.components];
        let mut above = below.clone();
        for source in sources {
            for side in [&mut below, &mut above] {
                if let Some(flag) = side.get_mut(get(&self.component, *source) as usize) {
                    *flag = true;
                }
            }
        }
        let at = |side: &[bool], node: NodeId| side.get(get(&self.component, node) as usize).copied().unwrap_or(false);
        for node in &self.order {
            if at(&below, *node) {
                for (to, _) in self.graph.next(*node) {
                    if let Some(flag) = below.get_mut(get(&self.component, to) as usize) {
                        *flag = true;
                    }
                }
            }
        }
        for node in self.order.iter().rev() {
            if self.graph.next(*node).any(|(to, _)| at(&above, to))
                && let Some(flag) = above.get_mut(get(&self.component, *node) as usize)
            {
                *flag = true;
            }
        }
        (0..self.graph.len()).map(NodeId::new).map(|node| at(&below, node) || at(&above, node)).collect()
    }
}

/// Notes a node for each sign that it is the first to show.
fn show(above: &mut Above, signs: [bool; SIGNS], node: NodeId) {
    for (known, _) in above.iter_mut().zip(signs).filter(|(_, shown)| *shown) {
        *known = known.or(Some(node));
    }
}

fn add(words: &mut [u64], component: u32, word: u64) {
    if let Some(entry) = words.get_mut(component as usize) {
        *entry |= word;
    }
}

/// What one batch found, for 64 sources at once.
#[derive(Default)]
struct Tally {
    counted: Counters,
    untouched: Counters,
    records: u64,
    stays: u64,
    signs: [Firsts; SIGNS],
}

impl Tally {
    fn add(&mut self, node: NodeId, word: u64, mark: Mark) {
        if mark.counted {
            self.counted.add(word);
            if mark.untouched {
                self.untouched.add(word);
            }
            if mark.records {
                self.records |= word;
            }
            if mark.stays {
                self.stays |= word;
            }
        }
        for (firsts, _) in self.signs.iter_mut().zip(mark.signs).filter(|(_, shown)| *shown) {
            firsts.add(node, word);
        }
    }

    fn of(&self, bit: usize) -> Reach {
        let on = |word: u64| word.wrapping_shr(u32::try_from(bit).unwrap_or(0)) & 1 == 1;
        Reach {
            counted: self.counted.of(bit),
            untouched: self.untouched.of(bit),
            records: on(self.records),
            stays: on(self.stays),
            signs: self.signs.each_ref().map(|firsts| firsts.of(bit)),
        }
    }
}

/// Sixty-four counters, sliced by bit: the first word holds everybody's ones, the second the twos, and so on.
#[derive(Default)]
struct Counters(Vec<u64>);

impl Counters {
    fn add(&mut self, word: u64) {
        let mut carry = word;
        for slice in &mut self.0 {
            if carry == 0 {
                return;
            }
            (*slice, carry) = (*slice ^ carry, *slice & carry);
        }
        if carry != 0 {
            self.0.push(carry);
        }
    }

    fn of(&self, counter: usize) -> u32 {
        let shift = u32::try_from(counter).unwrap_or(0);
        self.0.iter().rev().fold(0, |sum, slice| {
            let one = u32::from(slice.wrapping_shr(shift) & 1 == 1);
            sum.wrapping_shl(1) | one
        })
    }
}

/// The first node seen for each source.
#[derive(Default)]
struct Firsts {
    seen: u64,
    nodes: Vec<(u64, NodeId)>,
}

impl Firsts {
    fn add(&mut self, node: NodeId, word: u64) {
        let new = word & !self.seen;
        if new != 0 {
            self.seen |= new;
            self.nodes.push((new, node));
        }
    }

    fn of(&self, bit: usize) -> Option<NodeId> {
        let word = 1_u64.wrapping_shl(u32::try_from(bit).unwrap_or(0));
        self.nodes.iter().find(|(bits, _)| bits & word != 0).map(|(_, node)| *node)
    }
}
