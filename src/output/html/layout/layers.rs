//! Which column a box stands in.

use super::at;

/// Which edges close a circle: those that lead back to a box that the search is still below of. Turned round, they leave a
/// graph without circles. The search begins at what nothing leads to, then in the boxes' order.
pub(super) fn backwards(count: usize, edges: &[(usize, usize)]) -> Vec<bool> {
    let mut leaving: Vec<Vec<(usize, usize)>> = vec![Vec::new(); count];
    let mut entered = vec![false; count];
    for (edge, (from, to)) in edges.iter().enumerate() {
        if let Some(list) = leaving.get_mut(*from) {
            list.push((edge, *to));
        }
        set(&mut entered, *to, true);
    }
    let mut search = Search { leaving, state: vec![State::New; count], backwards: vec![false; edges.len()] };
    let sources = (0..count).filter(|place| !at(&entered, *place));
    for place in sources.chain(0..count) {
        search.from(place);
    }
    search.backwards
}

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    New,
    Open,
    Done,
}

struct Search {
    /// The edges that leave a box, with where they lead.
    leaving: Vec<Vec<(usize, usize)>>,
    state: Vec<State>,
    backwards: Vec<bool>,
}

impl Search {
    fn from(&mut self, first: usize) {
        if at(&self.state, first) != State::New {
            return;
        }
        set(&mut self.state, first, State::Open);
        let mut path = vec![(first, 0)];
        while let Some((place, next)) = path.last_mut() {
            let Some((edge, to)) = self.leaving.get(*place).and_then(|leaving| leaving.get(*next)).copied() else {
                set(&mut self.state, *place, State::Done);
                path.pop();
                continue;
            };
            *next = next.saturating_add(1);
            match at(&self.state, to) {
                State::Open => set(&mut self.backwards, edge, true),
                State::Done => {}
                State::New => {
                    set(&mut self.state, to, State::Open);
                    path.push((to, 0));
                }
            }
        }
    }
}

/// The column of each box, so that every edge leads to a later one. A column takes no more than fits a screen: what is more
/// goes into the next ones.
pub(super) fn assign(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut waits_for = vec![0_usize; count];
    for (from, to) in edges {
        if let (Some(list), Some(waits)) = (next.get_mut(*from), waits_for.get_mut(*to)) {
            list.push(*to);
            *waits = waits.saturating_add(1);
        }
    }
    let most = tallest(count);
    let mut layer_of = vec![0; count];
    let mut filled: Vec<usize> = Vec::new();
    let mut ready: std::collections::BTreeSet<(usize, usize)> =
        (0..count).filter(|place| at(&waits_for, *place) == 0).map(|place| (0, place)).collect();
    while let Some((earliest, place)) = ready.pop_first() {
        let layer =
            (earliest..=earliest.saturating_add(count)).find(|layer| at(&filled, *layer) < most).unwrap_or(earliest);
        if filled.len() <= layer {
            filled.resize(layer.saturating_add(1), 0);
        }
        let now = at(&filled, layer).saturating_add(1);
        set(&mut filled, layer, now);
        set(&mut layer_of, place, layer);
        for to in next.get(place).into_iter().flatten() {
            let after = layer.saturating_add(1).max(at(&layer_of, *to));
            set(&mut layer_of, *to, after);
            let waits = at(&waits_for, *to).saturating_sub(1);
            set(&mut waits_for, *to, waits);
            if waits == 0 {
                ready.insert((after, *to));
            }
        }
    }
    near_what_follows(&mut layer_of, edges);
    layer_of
}

/// So many boxes stand in one column, or more where there are so many that the drawing would become very wide.
fn tallest(count: usize) -> usize {
    count.isqrt().saturating_mul(2).max(12)
}

/// Moves what nothing leads to right before the first that it leads to, so that its lines are short.
fn near_what_follows(layer_of: &mut [usize], edges: &[(usize, usize)]) {
    let mut entered = vec![false; layer_of.len()];
    let mut first_after: Vec<Option<usize>> = vec![None; layer_of.len()];
    for (from, to) in edges {
        set(&mut entered, *to, true);
        let layer = at(layer_of, *to);
        if let Some(first) = first_after.get_mut(*from) {
            *first = Some(first.map_or(layer, |first| first.min(layer)));
        }
    }
    for (place, layer) in layer_of.iter_mut().enumerate() {
        if let (false, Some(first)) = (at(&entered, place), at(&first_after, place)) {
            *layer = first.saturating_sub(1);
        }
    }
}

fn set<T>(values: &mut [T], place: usize, value: T) {
    if let Some(slot) = values.get_mut(place) {
        *slot = value;
    }
}
