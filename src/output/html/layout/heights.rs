//! How high everything stands: as near to what it is joined to as its neighbours in the column let it.

use super::slots::Slots;
use super::{at, float};

/// So often the columns are gone through, there and back.
const SWEEPS: usize = 8;
/// Between two boxes, and beside a line that passes.
const BETWEEN_BOXES: f64 = 14.0;
const BESIDE_LINES: f64 = 9.0;
/// How much more a line wants to run straight than a box wants to be in the middle.
const STRAIGHT: f64 = 8.0;

/// The middle of each slot. The highest thing touches zero.
pub(super) fn centres(slots: &Slots, columns: &[Vec<usize>]) -> Vec<f64> {
    let mut centres = vec![0.0; slots.all().len()];
    for column in columns {
        settle(slots, column, &mut centres, |_| &[]);
    }
    for _ in 0..SWEEPS {
        for column in columns {
            settle(slots, column, &mut centres, |slot| slots.before(slot));
        }
        for column in columns.iter().rev() {
            settle(slots, column, &mut centres, |slot| slots.next(slot));
        }
    }
    let top = |slot: usize| at(&centres, slot) - slots.size(slot).height / 2.0;
    let highest = slots.all().map(top).fold(f64::INFINITY, f64::min);
    centres.iter().map(|centre| centre - highest).collect()
}

/// Moves a column's slots as near to the middle of what they are joined to as their order and sizes allow.
fn settle<'s>(slots: &Slots, column: &[usize], centres: &mut [f64], joined: impl Fn(usize) -> &'s [usize]) {
    let mut offset = 0.0;
    let mut before: Option<usize> = None;
    let mut wishes = Vec::with_capacity(column.len());
    for slot in column {
        if let Some(before) = before {
            offset += apart(slots, before, *slot);
        }
        before = Some(*slot);
        wishes.push((offset, wish(slots, *slot, centres, joined(*slot))));
    }
    let level = level(wishes.iter().map(|(offset, (place, weight))| (place - offset, *weight)));
    for ((slot, (offset, _)), level) in column.iter().zip(wishes).zip(level) {
        if let Some(centre) = centres.get_mut(*slot) {
            *centre = level + offset;
        }
    }
}

/// Where a slot would like to be, and how much.
fn wish(slots: &Slots, slot: usize, centres: &[f64], joined: &[usize]) -> (f64, f64) {
    if joined.is_empty() {
        return (at(centres, slot), 0.2);
    }
    let sum: f64 = joined.iter().map(|other| at(centres, *other)).sum();
    let weight = if slots.is_line(slot) { STRAIGHT } else { 1.0 };
    (sum / float(joined.len()), weight)
}

/// How far apart the middles of two neighbours are at least.
fn apart(slots: &Slots, above: usize, below: usize) -> f64 {
    let gap = if slots.is_line(above) || slots.is_line(below) { BESIDE_LINES } else { BETWEEN_BOXES };
    f64::midpoint(slots.size(above).height, slots.size(below).height) + gap
}

/// The rising row of numbers that is nearest to the given ones, by the sum of weighted squares: neighbours that would fall
/// are pooled at their mean (<https://en.wikipedia.org/wiki/Isotonic_regression>).
fn level(wishes: impl Iterator<Item = (f64, f64)>) -> Vec<f64> {
    struct Pool {
        mean: f64,
        weight: f64,
        count: usize,
    }
    let mut pools: Vec<Pool> = Vec::new();
    for (mean, weight) in wishes {
        let mut pool = Pool { mean, weight, count: 1 };
        while let Some(last) = pools.pop_if(|last| last.mean > pool.mean) {
            let weight = last.weight + pool.weight;
            let mean = (last.mean * last.weight + pool.mean * pool.weight) / weight;
            pool = Pool { mean, weight, count: last.count.saturating_add(pool.count) };
        }
        pools.push(pool);
    }
    pools.iter().flat_map(|pool| std::iter::repeat_n(pool.mean, pool.count)).collect()
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn what_would_fall_is_pooled() {
        assert_eq!(level([(1.0, 1.0), (3.0, 1.0), (2.0, 1.0), (4.0, 1.0)].into_iter()), [1.0, 2.5, 2.5, 4.0]);
        assert_eq!(level([(6.0, 1.0), (0.0, 2.0)].into_iter()), [2.0, 2.0]);
        assert!(level(std::iter::empty()).is_empty());
    }
}
