//! The order within columns, with few crossings between them.

use super::slots::Slots;
use super::{at, float};

/// So often the columns are gone through, there and back.
const SWEEPS: usize = 6;

/// The slots of each column, from top to bottom.
pub(super) fn columns(slots: &Slots) -> Vec<Vec<usize>> {
    let mut columns = first(slots);
    let mut best = columns.clone();
    let mut fewest = crossings(slots, &columns);
    for _ in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        sweep(&mut columns, slots.all().len(), |slot| slots.before(slot));
        columns.reverse();
        sweep(&mut columns, slots.all().len(), |slot| slots.next(slot));
        columns.reverse();
        let now = crossings(slots, &columns);
        if now < fewest {
            fewest = now;
            best.clone_from(&columns);
        }
    }
    lines_between_siblings(slots, &mut best, fewest);
    best
}

/// Puts a line that goes on between what else its box leads to in a column, where that costs no crossing: at their edge it
/// would pull the next columns aside, and those the ones after them.
fn lines_between_siblings(slots: &Slots, columns: &mut [Vec<usize>], fewest: u64) {
    for place in 1..columns.len() {
        let Some(column) = columns.get(place) else { return };
        let mut moved = Vec::with_capacity(column.len());
        for siblings in column.chunk_by(|one, other| slots.before(*one) == slots.before(*other)) {
            let (lines, boxes): (Vec<usize>, Vec<usize>) = siblings.iter().partition(|slot| slots.is_line(**slot));
            let (above, below) = boxes.split_at(boxes.len() / 2);
            moved.extend(above.iter().chain(&lines).chain(below));
        }
        if moved == *column {
            continue;
        }
        let Some(slot) = columns.get_mut(place) else { return };
        let was = std::mem::replace(slot, moved);
        if crossings(slots, columns) > fewest
            && let Some(slot) = columns.get_mut(place)
        {
            *slot = was;
        }
    }
}

/// Depth first from what nothing leads to: what hangs on one box stands together.
fn first(slots: &Slots) -> Vec<Vec<usize>> {
    let layers = slots.all().map(|slot| slots.layer(slot)).max().map_or(0, |last| last.saturating_add(1));
    let mut columns: Vec<Vec<usize>> = vec![Vec::new(); layers];
    let mut seen = vec![false; slots.all().len()];
    let sources = slots.all().filter(|slot| slots.before(*slot).is_empty());
    for source in sources {
        let mut open = vec![source];
        while let Some(slot) = open.pop() {
            let Some(seen @ false) = seen.get_mut(slot) else { continue };
            *seen = true;
            if let Some(column) = columns.get_mut(slots.layer(slot)) {
                column.push(slot);
            }
            open.extend(slots.next(slot).iter().rev());
        }
    }
    columns
}

/// Sorts each column by the middle of what its slots are joined to in the one before.
fn sweep<'s>(columns: &mut [Vec<usize>], slots: usize, joined: impl Fn(usize) -> &'s [usize]) {
    let mut places = vec![0.0; slots];
    for column in columns {
        let mut keyed: Vec<(f64, usize)> = Vec::with_capacity(column.len());
        for (place, slot) in column.iter().enumerate() {
            let others = joined(*slot);
            let sum: f64 = others.iter().map(|other| at(&places, *other)).sum();
            // What is joined to nothing keeps its place.
            let key = if others.is_empty() { relative(place, column.len()) } else { sum / float(others.len()) };
            keyed.push((key, *slot));
        }
        keyed.sort_by(|one, other| one.0.total_cmp(&other.0));
        *column = keyed.into_iter().map(|(_, slot)| slot).collect();
        for (place, slot) in column.iter().enumerate() {
            if let Some(entry) = places.get_mut(*slot) {
                *entry = relative(place, column.len());
            }
        }
    }
}

/// A place in a column as a share of it, so that long and short columns compare.
fn relative(place: usize, length: usize) -> f64 {
    (float(place) + 0.5) / float(length.max(1))
}

/// How many pairs of lines cross.
pub(super) fn crossings(slots: &Slots, columns: &[Vec<usize>]) -> u64 {
    let mut places = vec![0; slots.all().len()];
    for (place, slot) in columns.iter().flat_map(|column| column.iter().enumerate()) {
        if let Some(entry) = places.get_mut(*slot) {
            *entry = place;
        }
    }
    let between = |column: &Vec<usize>| {
        let ends = column.iter().flat_map(|slot| {
            let mut ends: Vec<usize> = slots.next(*slot).iter().map(|to| at(&places, *to)).collect();
            ends.sort_unstable();
            ends
        });
        inversions(&ends.collect::<Vec<_>>())
    };
    columns.iter().map(between).fold(0, u64::saturating_add)
}

/// How many pairs stand in the wrong order, counted with a binary indexed tree.
fn inversions(values: &[usize]) -> u64 {
    let size = values.iter().max().map_or(0, |most| most.saturating_add(1));
    let mut tree = vec![0_u64; size.saturating_add(1)];
    let mut count = 0_u64;
    for (seen, value) in (0_u64..).zip(values) {
        let mut not_above = 0_u64;
        let mut at_most = value.saturating_add(1);
        while at_most > 0 {
            not_above = not_above.saturating_add(at(&tree, at_most));
            at_most = at_most.saturating_sub(lowest_bit(at_most));
        }
        count = count.saturating_add(seen.saturating_sub(not_above));
        let mut place = value.saturating_add(1);
        while let Some(entry) = tree.get_mut(place) {
            *entry = entry.saturating_add(1);
            place = place.saturating_add(lowest_bit(place));
        }
    }
    count
}

fn lowest_bit(value: usize) -> usize {
    value & value.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::inversions;

    #[test]
    fn pairs_in_the_wrong_order_are_counted() {
        assert_eq!(inversions(&[]), 0);
        assert_eq!(inversions(&[0, 1, 1, 2]), 0);
        assert_eq!(inversions(&[2, 1, 0]), 3);
        assert_eq!(inversions(&[1, 3, 0, 1]), 3);
    }
}
