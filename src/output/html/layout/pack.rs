//! Parts side by side in a drawing that is not too wide.

use super::{Point, Size};

const BESIDE: f64 = 40.0;
const BELOW: f64 = 26.0;

/// The corner of each part, in their order each as high as it fits and then as far left, and how large that becomes.
pub(super) fn pack(parts: &[Size], width: f64) -> (Size, Vec<Point>) {
    let width = parts.iter().map(|part| part.width).fold(width, f64::max);
    let mut placed: Vec<(Point, Size)> = Vec::with_capacity(parts.len());
    let mut lefts = vec![0.0];
    for part in parts {
        let fits = |left: &&f64| **left + part.width <= width;
        let corner = |left: &f64| Point { x: *left, y: free_below(&placed, *left, part.width) };
        let corners = lefts.iter().filter(fits).map(corner);
        let best = corners.min_by(|one, other| one.y.total_cmp(&other.y).then(one.x.total_cmp(&other.x)));
        let best = best.unwrap_or_default();
        let next = best.x + part.width + BESIDE;
        if let Err(place) = lefts.binary_search_by(|left: &f64| left.total_cmp(&next)) {
            lefts.insert(place, next);
        }
        placed.push((best, *part));
    }
    let right = placed.iter().map(|(corner, part)| corner.x + part.width).fold(0.0, f64::max);
    let bottom = placed.iter().map(|(corner, part)| corner.y + part.height).fold(0.0, f64::max);
    (Size { width: right, height: bottom }, placed.into_iter().map(|(corner, _)| corner).collect())
}

/// Where nothing stands any more between these two, looking from below.
fn free_below(placed: &[(Point, Size)], left: f64, width: f64) -> f64 {
    let beside =
        |(corner, part): &&(Point, Size)| corner.x < left + width + BESIDE && left < corner.x + part.width + BESIDE;
    placed.iter().filter(beside).map(|(corner, part)| corner.y + part.height + BELOW).fold(0.0, f64::max)
}
