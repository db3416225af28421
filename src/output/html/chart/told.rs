//! The drawing in words, for who cannot see it or wants to search it.

use super::super::markup::Markup;
use super::boxes::Boxes;
use super::label::full;
use crate::picture::{Picture, Role};

/// So many that stand on one thing are listed, and so many in all.
const OF_ONE: usize = 40;
const IN_ALL: usize = 2_000;

pub(super) fn told(out: &mut Markup, picture: &Picture, boxes: &Boxes<'_>) {
    out.raw("<details class=\"told\" id=\"told\"><summary>The drawing in words</summary><ul>");
    let mut room = IN_ALL;
    let several = picture.inputs.len() > 1;
    for root in &boxes.roots {
        let reached = boxes.reached(*root);
        if reached.is_empty() {
            continue;
        }
        if room == 0 {
            out.raw("<li>And more, which is too long to list here; the findings below name the nearest of each.</li>");
            break;
        }
        out.raw("<li>On ");
        name(out, boxes, *root, several);
        out.raw(" stand:<ul>");
        for (to, before) in reached.iter().filter(|(to, _)| !is_joint(boxes, *to)).take(OF_ONE.min(room)) {
            out.raw("<li>");
            name(out, boxes, *to, several);
            if *before != *root && !is_joint(boxes, *before) {
                out.raw(", by way of ");
                name(out, boxes, *before, several);
            }
            out.raw("</li>");
            room = room.saturating_sub(1);
        }
        let more = reached.len().saturating_sub(OF_ONE);
        if more > 0 {
            out.put("<li>and {} more</li>", &[&more]);
        }
        out.raw("</ul></li>");
    }
    out.raw("</ul></details>");
}

fn is_joint(boxes: &Boxes<'_>, place: usize) -> bool {
    boxes.boxes.get(place).and_then(|nodes| nodes.first()).is_some_and(|node| node.role == Role::Joint)
}

fn name(out: &mut Markup, boxes: &Boxes<'_>, place: usize, several: bool) {
    let nodes = boxes.boxes.get(place).map(Vec::as_slice).unwrap_or_default();
    match nodes {
        [] => {}
        [node] => out.put("<code>{}</code>", &[&full(node, several)]),
        [first, rest @ ..] => {
            out.put("<code>{}</code> and {} more of its type", &[&full(first, several), &rest.len()]);
        }
    }
}
