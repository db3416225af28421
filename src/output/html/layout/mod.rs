//! Where the boxes of a picture go: a layered drawing, from left to right.
//!
//! Every part that hangs together is laid out on its own: circles are opened, boxes get layers (their columns), long lines
//! get a place in each column that they pass, columns are put in an order with few crossings, and heights are chosen so that
//! lines run straight. Then the parts are packed. It is the approach of Sugiyama, Tagawa and Toda (1981); lines that leave
//! one box share their way, so that a box with many on it has a trunk and not a fan. The same graph gives the same drawing.

mod heights;
mod layers;
mod order;
mod pack;
mod slots;

#[cfg(test)]
mod tests;

use slots::Slots;

/// Between a column and the next, before the lines there are counted.
const BETWEEN_COLUMNS: f64 = 52.0;
/// What a line between columns adds to that, where there are more than a few, and the most that all of them add.
const FEW_LINES: f64 = 8.0;
const PER_LINE: f64 = 2.0;
const LINES_MOST: f64 = 44.0;

/// Boxes, and who leads to whom among them.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    pub(super) boxes: Vec<Size>,
    /// Pairs of places in `boxes`.
    pub(super) edges: Vec<(usize, usize)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A graph with a place for everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Drawing {
    pub(super) size: Size,
    /// The left upper corner of each box.
    pub(super) corners: Vec<Point>,
    /// The way of each edge.
    pub(super) ways: Vec<Way>,
}

/// An edge's way from left to right: level pieces, and between each and the next a bend.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Way {
    pub(super) pieces: Vec<Piece>,
    /// The edge leads from the right to the left: it closes a circle.
    pub(super) backwards: bool,
}

/// A level part of a way; where it begins or ends it has no length.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Piece {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) y: f64,
}

/// Gives everything a place, in a drawing that is about so wide, or as wide as its widest part.
pub(super) fn draw(graph: &Graph, width: f64) -> Drawing {
    let parts: Vec<(Part, Drawing)> = parts(graph)
        .into_iter()
        .map(|part| {
            let drawing = layered(&part.graph);
            (part, drawing)
        })
        .collect();
    let sizes: Vec<Size> = parts.iter().map(|(_, drawing)| drawing.size).collect();
    let (size, corners) = pack::pack(&sizes, width);
    let mut whole = Drawing {
        size,
        corners: vec![Point::default(); graph.boxes.len()],
        ways: vec![Way::default(); graph.edges.len()],
    };
    for ((part, drawing), by) in parts.into_iter().zip(corners) {
        put(&mut whole.corners, &part.boxes, drawing.corners.into_iter().map(|corner| corner.moved(by)));
        put(&mut whole.ways, &part.edges, drawing.ways.into_iter().map(|way| way.moved(by)));
    }
    whole
}

fn put<T>(all: &mut [T], places: &[usize], values: impl Iterator<Item = T>) {
    for (place, value) in places.iter().zip(values) {
        if let Some(slot) = all.get_mut(*place) {
            *slot = value;
        }
    }
}

impl Point {
    fn moved(self, by: Self) -> Self {
        Self { x: self.x + by.x, y: self.y + by.y }
    }
}

impl Way {
    fn moved(mut self, by: Point) -> Self {
        for piece in &mut self.pieces {
            *piece = Piece { left: piece.left + by.x, right: piece.right + by.x, y: piece.y + by.y };
        }
        self
    }
}

/// What hangs together, with the places of its boxes and edges in the whole.
struct Part {
    graph: Graph,
    boxes: Vec<usize>,
    edges: Vec<usize>,
}

/// The parts of a graph, by their first boxes. An edge that leads nowhere, or back to where it began, is in none.
fn parts(graph: &Graph) -> Vec<Part> {
    let count = graph.boxes.len();
    let mut joined: Vec<Vec<usize>> = vec![Vec::new(); count];
    let real = |(from, to): (usize, usize)| from != to && from < count && to < count;
    for (from, to) in graph.edges.iter().copied().filter(|edge| real(*edge)) {
        for (one, other) in [(from, to), (to, from)] {
            joined.extend_at(one, other);
        }
    }
    let mut part_of: Vec<Option<(usize, usize)>> = vec![None; count];
    let mut parts: Vec<Part> = Vec::new();
    for first in 0..count {
        if part_of.get(first).copied().flatten().is_some() {
            continue;
        }
        let mut boxes = reached(first, &joined);
        boxes.sort_unstable();
        for (at, place) in boxes.iter().enumerate() {
            if let Some(slot) = part_of.get_mut(*place) {
                *slot = Some((parts.len(), at));
            }
        }
        let sizes = boxes.iter().filter_map(|place| graph.boxes.get(*place).copied()).collect();
        parts.push(Part { graph: Graph { boxes: sizes, edges: Vec::new() }, boxes, edges: Vec::new() });
    }
    let part = |place: usize| part_of.get(place).copied().flatten();
    for (place, (from, to)) in graph.edges.iter().copied().enumerate().filter(|(_, edge)| real(*edge)) {
        if let (Some((number, from)), Some((_, to))) = (part(from), part(to))
            && let Some(part) = parts.get_mut(number)
        {
            part.graph.edges.push((from, to));
            part.edges.push(place);
        }
    }
    parts
}

/// Everything that can be come to from one box.
fn reached(first: usize, joined: &[Vec<usize>]) -> Vec<usize> {
    let mut seen = std::collections::HashSet::from([first]);
    let mut found = vec![first];
    let mut next = 0;
    while let Some(at) = found.get(next).copied() {
        found.extend(joined.get(at).into_iter().flatten().copied().filter(|to| seen.insert(*to)));
        next = next.saturating_add(1);
    }
    found
}

/// Lists by place.
trait Lists {
    fn extend_at(&mut self, place: usize, value: usize);
}

impl Lists for [Vec<usize>] {
    fn extend_at(&mut self, place: usize, value: usize) {
        if let Some(list) = self.get_mut(place) {
            list.push(value);
        }
    }
}

/// Lays out what hangs together.
fn layered(graph: &Graph) -> Drawing {
    let backwards = layers::backwards(graph.boxes.len(), &graph.edges);
    let turned = |((from, to), back): ((usize, usize), &bool)| if *back { (to, from) } else { (from, to) };
    let forward: Vec<(usize, usize)> = graph.edges.iter().copied().zip(&backwards).map(turned).collect();
    let layer_of = layers::assign(graph.boxes.len(), &forward);
    let slots = Slots::new(&graph.boxes, &forward, &layer_of);
    let columns = order::columns(&slots);
    let centres = heights::centres(&slots, &columns);
    place(graph, &slots, &columns, &centres, &backwards)
}

/// Turns columns and heights into corners and ways.
fn place(graph: &Graph, slots: &Slots, columns: &[Vec<usize>], centres: &[f64], backwards: &[bool]) -> Drawing {
    let (lefts, widths) = across(slots, columns);
    let x = |slot: usize| {
        let column = slots.layer(slot);
        (at(&lefts, column), at(&widths, column))
    };
    let corner = |(place, size): (usize, &Size)| Point {
        // A box that is narrower than its column, a joint, stands in its middle.
        x: x(place).0 + (x(place).1 - size.width) / 2.0,
        y: at(centres, place) - size.height / 2.0,
    };
    let corners: Vec<Point> = graph.boxes.iter().enumerate().map(corner).collect();
    let piece = |slot: usize| Piece { left: x(slot).0, right: x(slot).0 + x(slot).1, y: at(centres, slot) };
    let ways = slots.chains.iter().zip(backwards).map(|(chain, back)| {
        let mut pieces: Vec<Piece> = chain.iter().map(|slot| piece(*slot)).collect();
        // A way leaves its first box at the right and comes to its last at the left, inside of the columns where the box is
        // narrower than these.
        if let (Some(piece), Some(from)) = (pieces.first_mut(), chain.first()) {
            piece.left = at(&corners, *from).x + slots.size(*from).width;
        }
        if let (Some(piece), Some(to)) = (pieces.last_mut(), chain.last()) {
            piece.right = at(&corners, *to).x;
        }
        Way { pieces, backwards: *back }
    });
    let ways = ways.collect();
    let bottom = corners.iter().zip(&graph.boxes).map(|(corner, size)| corner.y + size.height);
    let lowest = slots.all().map(|slot| at(centres, slot)).chain(bottom).fold(0.0, f64::max);
    let right = lefts.last().zip(widths.last()).map_or(0.0, |(left, width)| left + width);
    Drawing { size: Size { width: right, height: lowest }, corners, ways }
}

/// The left edge and the width of each column.
fn across(slots: &Slots, columns: &[Vec<usize>]) -> (Vec<f64>, Vec<f64>) {
    let (mut lefts, mut widths) = (Vec::new(), Vec::new());
    let mut left = 0.0;
    for column in columns {
        let width = column.iter().map(|slot| slots.size(*slot).width).fold(0.0, f64::max);
        let lines: usize = column.iter().map(|slot| slots.next(*slot).len()).fold(0, usize::saturating_add);
        lefts.push(left);
        widths.push(width);
        left += width + BETWEEN_COLUMNS + (PER_LINE * (float(lines) - FEW_LINES)).clamp(0.0, LINES_MOST);
    }
    (lefts, widths)
}

/// A value by its place, or nothing.
fn at<T: Copy + Default>(values: &[T], place: usize) -> T {
    values.get(place).copied().unwrap_or_default()
}

fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
