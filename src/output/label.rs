//! What drawings write on a node and how they mark it, before either form escapes it.

use super::clean::{clean, shorten};
use crate::picture::{LeftOut, Node, Picture, Role};
use crate::report::Outcome;

/// So many characters of an address are shown; a longer one keeps its ends.
const LONGEST: usize = 120;

/// How a node is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// Its name in the drawing.
    pub(super) name: &'static str,
    pub(super) fill: &'static str,
    pub(super) line: &'static str,
    pub(super) dashed: bool,
    /// Its line is drawn thick.
    pub(super) heavy: bool,
}

const fn look(name: &'static str, fill: &'static str, line: &'static str) -> Look {
    Look { name, fill, line, dashed: false, heavy: false }
}

const BLOCK: Look = Look { heavy: true, ..look("block", "#ffd7d5", "#cf222e") };
const REVIEW: Look = Look { heavy: true, ..look("review", "#fff3c4", "#bf8700") };
const DESTROYED: Look = look("destroyed", "#ffffff", "#cf222e");
const CHANGED: Look = look("changed", "#ddf4ff", "#0969da");
const AFFECTED: Look = look("affected", "#ffebd9", "#bc4c00");
const OTHER: Look = look("other", "#f6f8fa", "#6e7781");
const BETWEEN: Look = Look { dashed: true, ..look("between", "#f6f8fa", "#6e7781") };
const MORE: Look = Look { dashed: true, ..look("more", "#ffffff", "#6e7781") };

/// All marks.
pub(super) const LOOKS: [Look; 8] = [BLOCK, REVIEW, DESTROYED, CHANGED, AFFECTED, OTHER, BETWEEN, MORE];

/// The mark of what was left out.
pub(super) const LEFT_OUT: Look = MORE;

/// A node's mark: its verdict, else what happens to it.
pub(super) fn look_of(node: &Node) -> Look {
    match (node.verdict, node.role) {
        (Some(Outcome::Block | Outcome::Error), _) => BLOCK,
        (Some(Outcome::Review), _) => REVIEW,
        (_, Role::Destroyed) => DESTROYED,
        (_, Role::Changed) => CHANGED,
        (_, Role::Affected) => AFFECTED,
        (_, Role::Between | Role::Joint) => BETWEEN,
        (_, Role::Plan | Role::Untouched) => OTHER,
    }
}

/// A node's name as both languages take it. A report that somebody else wrote may call one anything; that is no name.
pub(super) fn id(id: &str) -> &str {
    let is_plain = id.starts_with(['n', 'r']) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_plain { id } else { "unnamed" }
}

/// The lines on a node, clean and of bounded length, not yet escaped.
pub(super) fn lines(picture: &Picture, node: &Node) -> Vec<String> {
    let deposed = node.deposed.as_ref().map_or_else(String::new, |key| format!(" (deposed {key})"));
    let title = match node.role {
        Role::Joint => return Vec::new(),
        Role::Plan => super::words::whole(&node.input),
        _ => format!("{}{deposed}", node.address),
    };
    let mut lines = vec![title];
    if picture.inputs.len() > 1 && node.role != Role::Plan {
        lines.push(format!("in {}", node.input));
    }
    let mut facts: Vec<String> = Vec::new();
    facts.extend(node.rule.clone());
    facts.extend(Some(node.action.clone()).filter(|action| !action.is_empty() && action != "no-op"));
    facts.extend(node.dependents.filter(|count| *count > 0).map(|count| format!("{count} on it")));
    if !facts.is_empty() {
        lines.push(facts.join(" · "));
    }
    lines.iter().map(|line| shorten(&clean(line), LONGEST)).collect()
}

/// What was left out, in a line; `None` where nothing was.
pub(super) fn left_out(left: &LeftOut) -> Option<String> {
    let list = |counts: &[(usize, &str)]| {
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        counts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
    };
    let roles = list(&[(left.destroyed, "destroyed"), (left.changed, "changed"), (left.affected, "affected")]);
    let verdicts = list(&[(left.block, "block"), (left.review, "review")]);
    let counts: Vec<String> = [roles, verdicts].into_iter().filter(|counts| !counts.is_empty()).collect();
    let counts = if counts.is_empty() { String::new() } else { format!(": {}", counts.join("; ")) };
    match (left.nodes, left.edges) {
        (0, 0) => None,
        (0, edges) => Some(format!("… {edges} more edges")),
        (nodes, _) => Some(format!("… {nodes} more{counts}")),
    }
}

/// What stands where there is nothing to draw.
pub(super) const NOTHING: &str = "nothing is destroyed or otherwise found";
