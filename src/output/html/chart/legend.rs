//! What signs and lines mean: those that are in the drawing.

use super::super::markup::Markup;
use super::Chart;
use super::label;

/// A box's kind, its sign, and what both mean.
const SIGNS: [(&str, &str, &str); 7] = [
    ("block", "sign-block", "block"),
    ("review", "sign-review", "review"),
    ("lowered", "sign-allow", "found, and lowered"),
    ("destroyed", "sign-destroyed", "destroyed, without a finding"),
    ("affected", "sign-affected", "stays, but what it stands on goes"),
    ("changed", "sign-changed", "changed, and what it stands on goes"),
    ("between", "sign-between", "only on the way"),
];

pub(super) fn legend(out: &mut Markup, chart: &Chart<'_>) {
    out.raw("<ul class=\"legend\" aria-label=\"Signs\">");
    let kinds: Vec<&str> =
        chart.boxes.boxes.iter().filter_map(|nodes| nodes.first()).map(|node| label::kind(node)).collect();
    for (kind, sign, meaning) in SIGNS.iter().filter(|(kind, _, _)| kinds.contains(kind)) {
        out.put(
            "<li><svg class=\"sign {}\" aria-hidden=\"true\"><use href=\"#{}\"/></svg>{}</li>",
            &[kind, sign, meaning],
        );
    }
    let inferred = chart.boxes.edges.iter().any(|(_, _, known)| !super::is_sure(known));
    if inferred {
        out.raw(include_str!("lines.html"));
    }
    out.raw("</ul>");
}
