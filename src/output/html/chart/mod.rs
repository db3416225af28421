//! The picture as a drawing that can be read, searched and walked through.

mod boxes;
mod label;
mod legend;
mod told;

use std::fmt::Write as _;

use boxes::Boxes;

use super::layout::{self, Drawing, Graph, Piece, Size, Way};
use super::markup::Markup;
use super::places::Places;
use crate::picture::{Picture, Role};

/// So wide a drawing becomes before its parts go below each other; it fits the page on a wide screen.
const WIDTH: f64 = 1280.0;
const BOX: Size = Size { width: 240.0, height: 46.0 };
const JOINT: Size = Size { width: 12.0, height: 12.0 };
/// Around everything.
const MARGIN: f64 = 12.0;
/// A page stays light: so many nodes, lines, and level pieces of lines are drawn.
const NODES: usize = 400;
const LINES: usize = 1_500;
const PIECES: usize = 12_000;

/// A picture that is drawn, and what of it.
pub(super) struct Chart<'p> {
    picture: &'p Picture,
    boxes: Boxes<'p>,
    drawing: Drawing,
}

/// The picture as far as it can be drawn; `None` where nothing stands on anything, which takes no drawing.
pub(super) fn cut(picture: Option<&Picture>) -> Option<Picture> {
    let mut picture = picture.filter(|picture| !picture.edges.is_empty())?.clone();
    // A plan as a whole stands on nothing, and nothing stands on it: the list tells of it.
    picture.nodes.retain(|node| node.role != Role::Plan);
    let mut most = NODES;
    loop {
        let cut = picture.cut(most);
        if most < 8 || is_light(&cut) {
            return (!cut.edges.is_empty()).then_some(cut);
        }
        most = (most / 4).saturating_mul(3);
    }
}

/// A page takes all of its lines. They are counted before anything is laid out, since that takes time for each.
fn is_light(picture: &Picture) -> bool {
    let boxes = Boxes::of(picture);
    boxes.edges.len() <= LINES && {
        let ways = lay_out(&boxes).ways;
        ways.iter().map(|way| way.pieces.len()).fold(0, usize::saturating_add) <= PIECES
    }
}

fn lay_out(boxes: &Boxes<'_>) -> Drawing {
    let size = |nodes: &Vec<&crate::picture::Node>| {
        let is_joint = nodes.first().is_some_and(|node| node.role == Role::Joint);
        if is_joint { JOINT } else { BOX }
    };
    let graph = Graph {
        boxes: boxes.boxes.iter().map(size).collect(),
        edges: boxes.edges.iter().map(|(from, to, _)| (*from, *to)).collect(),
    };
    layout::draw(&graph, WIDTH)
}

impl<'p> Chart<'p> {
    pub(super) fn new(picture: &'p Picture) -> Self {
        let boxes = Boxes::of(picture);
        let drawing = lay_out(&boxes);
        Self { picture, boxes, drawing }
    }

    /// The section with the drawing, its legend, what is left out, and the same as text.
    pub(super) fn section(&self, places: &Places<'_>, title: &str) -> Markup {
        let mut out = Markup::default();
        out.put(include_str!("before.html"), &[&title]);
        self.svg(&mut out, places);
        out.raw(include_str!("after.html"));
        legend::legend(&mut out, self);
        if let Some(left) = crate::output::label::left_out(&self.picture.left_out) {
            out.put(
                "<p class=\"left-out\">Not drawn: {}. The list below has all findings.</p>",
                &[&left.trim_start_matches("… ")],
            );
        }
        told::told(&mut out, self.picture, &self.boxes);
        out.raw("</section>");
        out
    }

    fn svg(&self, out: &mut Markup, places: &Places<'_>) {
        let (width, height) = (self.drawing.size.width + 2.0 * MARGIN, self.drawing.size.height + 2.0 * MARGIN);
        let (width, height) = (format!("{width:.0}"), format!("{height:.0}"));
        out.put(
            "<svg id=\"drawing\" width=\"{}\" height=\"{}\" viewBox=\"-12 -12 {} {}\" role=\"group\" \
             aria-labelledby=\"chart-title\" aria-describedby=\"chart-about\">",
            &[&width, &height, &width, &height],
        );
        out.raw(include_str!("defs.svg"));
        out.raw("<g class=\"lines\">");
        for ((from, to, known), way) in self.boxes.edges.iter().zip(&self.drawing.ways) {
            let kind = if is_sure(known) { "sure" } else { "inferred" };
            let kind = if way.backwards { format!("{kind} back") } else { kind.to_owned() };
            out.put(
                "<path class=\"line {}\" data-from=\"{}\" data-to=\"{}\" d=\"{}\"/>",
                &[&kind, from, to, &path(way)],
            );
        }
        out.raw("</g><g class=\"boxes\">");
        for (place, (nodes, corner)) in self.boxes.boxes.iter().zip(&self.drawing.corners).enumerate() {
            let is_root = self.boxes.roots.contains(&place);
            label::draw(out, &label::Place { place, corner: *corner, is_root }, nodes, self.picture, places);
        }
        out.raw("</g></svg>");
    }
}

/// The configuration itself says that one stands on the other.
fn is_sure(known_by: &str) -> bool {
    matches!(known_by, "configuration" | "sources")
}

/// A way as the data of a path: level pieces, joined by curves that leave and arrive level.
fn path(way: &Way) -> String {
    let Some((first, rest)) = way.pieces.split_first() else { return String::new() };
    let mut data = format!("M{:.1} {:.1}", first.left, first.y);
    let level = |data: &mut String, piece: &Piece| {
        if piece.right > piece.left {
            let _ = write!(data, "H{:.1}", piece.right);
        }
    };
    level(&mut data, first);
    let mut from = first;
    for to in rest {
        let middle = f64::midpoint(from.right, to.left);
        let (y, left) = (to.y, to.left);
        let _ = write!(data, "C{middle:.1} {:.1} {middle:.1} {y:.1} {left:.1} {y:.1}", from.y);
        level(&mut data, to);
        from = to;
    }
    data
}
