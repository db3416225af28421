//! Laws of every drawing.

#![allow(clippy::arithmetic_side_effects, reason = "a test that panics has failed")]

use proptest::prelude::*;

use super::{Drawing, Graph, Size, draw};

const BOX: Size = Size { width: 200.0, height: 44.0 };

fn graph(count: usize, edges: &[(usize, usize)]) -> Graph {
    Graph { boxes: vec![BOX; count], edges: edges.to_vec() }
}

/// No two boxes touch.
fn overlaps(graph: &Graph, drawing: &Drawing) -> Option<(usize, usize)> {
    let frames: Vec<_> = drawing.corners.iter().zip(&graph.boxes).collect();
    let pairs = (0..frames.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
    pairs.into_iter().find(|(one, other)| {
        let ((a, b), (c, d)) = (frames[*one], frames[*other]);
        a.x < c.x + d.width && c.x < a.x + b.width && a.y < c.y + d.height && c.y < a.y + b.height
    })
}

/// No level piece of a line runs through a box.
fn runs_through(graph: &Graph, drawing: &Drawing) -> bool {
    let frames: Vec<_> = drawing.corners.iter().zip(&graph.boxes).collect();
    let pieces = drawing.ways.iter().flat_map(|way| &way.pieces).filter(|piece| piece.left < piece.right);
    pieces.into_iter().any(|piece| {
        frames.iter().any(|(corner, size)| {
            piece.left < corner.x + size.width
                && corner.x < piece.right
                && piece.y > corner.y
                && piece.y < corner.y + size.height
        })
    })
}

fn holds(graph: &Graph) {
    let drawing = draw(graph, 1200.0);
    assert_eq!(overlaps(graph, &drawing), None);
    assert!(!runs_through(graph, &drawing));
    for ((from, to), way) in graph.edges.iter().zip(&drawing.ways) {
        if from == to {
            assert!(way.pieces.is_empty(), "a box that leads to itself has no line");
            continue;
        }
        let (left, right) = if way.backwards { (*to, *from) } else { (*from, *to) };
        let (left, right) = (drawing.corners[left], drawing.corners[right]);
        assert!(left.x + BOX.width < right.x, "lines lead to a later column");
        let (first, last) = (way.pieces[0], way.pieces[way.pieces.len() - 1]);
        assert!((first.left - (left.x + BOX.width)).abs() < 1e-6 && (first.y - (left.y + 22.0)).abs() < 1e-6);
        assert!((last.right - right.x).abs() < 1e-6 && (last.y - (right.y + 22.0)).abs() < 1e-6);
        assert!(way.pieces.windows(2).all(|pair| pair[0].right < pair[1].left), "and go from left to right");
    }
    for (corner, size) in drawing.corners.iter().zip(&graph.boxes) {
        assert!(corner.x >= 0.0 && corner.x + size.width <= drawing.size.width + 1e-6);
        assert!(corner.y >= -1e-6 && corner.y + size.height <= drawing.size.height + 1e-6);
    }
    assert_eq!(draw(graph, 1200.0), drawing, "the same graph gives the same drawing");
}

#[test]
fn a_tree_has_no_crossings_and_its_root_is_in_the_middle() {
    let tree = graph(7, &[(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 6)]);
    let drawing = draw(&tree, 1200.0);
    let y = |place: usize| drawing.corners[place].y;
    assert!((y(0) - f64::midpoint(y(1), y(2))).abs() < 1.0 && (y(1) - f64::midpoint(y(3), y(4))).abs() < 1.0);
    assert!(y(3) < y(4) && y(4) < y(5) && y(5) < y(6));
}

#[test]
fn two_that_cross_are_put_in_order() {
    // 0 and 1 lead crosswise to 2 and 3, and 4 keeps them together.
    let crossed = graph(5, &[(4, 0), (4, 1), (0, 3), (1, 2)]);
    let drawing = draw(&crossed, 1200.0);
    let above = |one: usize, other: usize| drawing.corners[one].y < drawing.corners[other].y;
    assert_eq!(above(0, 1), above(3, 2));
}

#[test]
fn a_circle_is_opened_at_one_edge() {
    let circle = graph(3, &[(0, 1), (1, 2), (2, 0)]);
    holds(&circle);
    let back: Vec<bool> = draw(&circle, 1200.0).ways.iter().map(|way| way.backwards).collect();
    assert_eq!(back, [false, false, true]);
}

#[test]
fn what_hangs_on_one_box_wraps_into_columns_behind_a_trunk() {
    let edges: Vec<(usize, usize)> = (1..400).map(|to| (0, to)).collect();
    let star = graph(400, &edges);
    holds(&star);
    let size = draw(&star, 1200.0).size;
    assert!(size.height < 4000.0 && size.width < 6000.0, "{size:?}");
}

#[test]
fn nothing_and_lonely_boxes_are_drawn_too() {
    assert_eq!(draw(&Graph::default(), 1200.0), Drawing::default());
    let lonely = graph(40, &[]);
    holds(&lonely);
    assert!(draw(&lonely, 1200.0).size.width <= 1200.0);
    holds(&graph(3, &[(0, 0), (1, 1), (1, 2)]));
}

#[test]
fn a_long_chain_and_a_dense_graph_take_no_time() {
    let started = std::time::Instant::now();
    holds(&graph(400, &(1..400).map(|to| (to - 1, to)).collect::<Vec<_>>()));
    let dense: Vec<(usize, usize)> = (0..400).flat_map(|to| (1..6).map(move |step| (to / step, to))).collect();
    draw(&graph(400, &dense), 1200.0);
    let ladder: Vec<(usize, usize)> = (1..400).flat_map(|to| [(to - 1, to), (0, to), (to / 2, to)]).collect();
    draw(&graph(400, &ladder), 1200.0);
    // Unoptimized and on a busy machine; the program itself takes milliseconds.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_drawing_keeps_the_laws(
        count in 1_usize..40,
        edges in prop::collection::vec((0_usize..40, 0_usize..40), 0..70),
    ) {
        let edges: Vec<(usize, usize)> = edges.into_iter().map(|(from, to)| (from % count, to % count)).collect();
        holds(&graph(count, &edges));
    }
}
