//! What takes a place in a column: a box, or a line that passes.

use std::collections::HashMap;

use super::{Lists as _, Size, at};

/// What a passing line takes of a column's height.
const LINE: f64 = 6.0;

/// The boxes, then the lines that pass columns, and who follows whom from one column to the next.
pub(super) struct Slots {
    layers: Vec<usize>,
    sizes: Vec<Size>,
    boxes: usize,
    next: Vec<Vec<usize>>,
    before: Vec<Vec<usize>>,
    /// Of each edge, the slots that it goes through, its ends included.
    pub(super) chains: Vec<Vec<usize>>,
}

impl Slots {
    /// All edges lead to a later column. Those that leave one box share their places in the columns that they pass.
    pub(super) fn new(boxes: &[Size], edges: &[(usize, usize)], layer_of: &[usize]) -> Self {
        let mut slots = Self {
            layers: layer_of.to_vec(),
            sizes: boxes.to_vec(),
            boxes: boxes.len(),
            next: vec![Vec::new(); boxes.len()],
            before: vec![Vec::new(); boxes.len()],
            chains: Vec::new(),
        };
        let mut passing: HashMap<(usize, usize), usize> = HashMap::new();
        for (from, to) in edges {
            let chain = slots.chain(*from, *to, &mut passing);
            slots.chains.push(chain);
        }
        for list in slots.next.iter_mut().chain(&mut slots.before) {
            list.sort_unstable();
            list.dedup();
        }
        slots
    }

    fn chain(&mut self, from: usize, to: usize, passing: &mut HashMap<(usize, usize), usize>) -> Vec<usize> {
        let mut chain = vec![from];
        let mut last = from;
        for layer in self.layer(from).saturating_add(1)..self.layer(to) {
            let slot = *passing.entry((from, layer)).or_insert_with(|| self.line(layer));
            self.join(last, slot);
            chain.push(slot);
            last = slot;
        }
        self.join(last, to);
        chain.push(to);
        chain
    }

    fn line(&mut self, layer: usize) -> usize {
        self.layers.push(layer);
        self.sizes.push(Size { width: 0.0, height: LINE });
        self.next.push(Vec::new());
        self.before.push(Vec::new());
        self.layers.len().saturating_sub(1)
    }

    fn join(&mut self, from: usize, to: usize) {
        self.next.extend_at(from, to);
        self.before.extend_at(to, from);
    }

    pub(super) fn all(&self) -> std::ops::Range<usize> {
        0..self.layers.len()
    }

    pub(super) fn layer(&self, slot: usize) -> usize {
        at(&self.layers, slot)
    }

    pub(super) fn size(&self, slot: usize) -> Size {
        at(&self.sizes, slot)
    }

    pub(super) fn is_line(&self, slot: usize) -> bool {
        slot >= self.boxes
    }

    pub(super) fn next(&self, slot: usize) -> &[usize] {
        self.next.get(slot).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn before(&self, slot: usize) -> &[usize] {
        self.before.get(slot).map(Vec::as_slice).unwrap_or_default()
    }
}
