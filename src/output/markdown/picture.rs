//! The blast radius as a Mermaid picture.

use super::super::mermaid;
use super::super::words::number;
use super::story::fold;
use crate::report::Report;

/// So many nodes a person can look at.
pub(in super::super) const NODES: usize = 40;

/// There is something to draw: one object alone is no picture.
pub(super) fn is_there(report: &Report) -> bool {
    report.picture.as_ref().is_some_and(|picture| !picture.edges.is_empty())
}

/// The picture in so many bytes at most. None where there is none, or where even a small one would be larger.
pub(super) fn drawn(report: &Report, most: usize) -> Option<String> {
    let whole = report.picture.as_ref().filter(|_| is_there(report))?;
    [NODES, NODES / 2, NODES / 4].into_iter().find_map(|nodes| {
        let cut = whole.cut(nodes);
        let all = cut.nodes.len().saturating_add(cut.left_out.nodes);
        let objects = number(all, "object");
        let objects = if cut.left_out.nodes > 0 { format!("{} of {objects}", cut.nodes.len()) } else { objects };
        let text = fold(&format!("What stands on what: {objects}"), &format!("```mermaid\n{}```", mermaid::draw(&cut)));
        // Open: in what is hidden Mermaid cannot measure its labels (<https://github.com/mermaid-js/mermaid/issues/3504>).
        let text = text.replacen("<details>", "<details open>", 1);
        Some(text).filter(|text| text.len() <= most)
    })
}
