//! One box: a frame, a sign, a name, and a line about it.

use super::super::layout::Point;
use super::super::markup::Markup;
use super::super::places::Places;
use super::super::short::{self, fit};
use crate::picture::{Node, Picture, Role};
use crate::report::Outcome;

/// So many columns fit a box: of its name, which is set in letters of one width, and of the line below.
const NAME: usize = 27;
const ABOUT: usize = 33;
/// So many of those that share a box are named in its title.
const NAMED: usize = 40;

/// Where a box is, and what it is in the picture.
pub(super) struct Place {
    pub(super) place: usize,
    pub(super) corner: Point,
    pub(super) is_root: bool,
}

pub(super) fn draw(out: &mut Markup, at: &Place, nodes: &[&Node], picture: &Picture, places: &Places<'_>) {
    let Some(node) = nodes.first() else { return };
    let several = picture.inputs.len() > 1;
    let (x, y) = (format!("{:.1}", at.corner.x), format!("{:.1}", at.corner.y));
    let root = if at.is_root { " root" } else { "" };
    let many = if nodes.len() > 1 { " many" } else { "" };
    let finding = (nodes.len() == 1).then(|| places.finding_of(node)).flatten();
    match finding {
        Some(finding) => out.put("<a href=\"#f{}\" data-finding=\"{}\"", &[&finding, &finding]),
        None => out.raw("<g"),
    }
    out.put(
        " class=\"node {}{}{}\" data-box=\"{}\" data-size=\"{}\" data-count=\"{}\" data-on=\"{}\" transform=\"translate({} {})\" aria-label=\"{}\">",
        &[&kind(node), &root, &many, &at.place, &nodes.len(), &counted(nodes), &node.dependents.unwrap_or_default(), &x, &y, &spoken(nodes, several)],
    );
    out.raw("<title>");
    out.lines(&title(nodes, several));
    out.raw("</title>");
    if node.role == Role::Joint {
        out.raw("<circle cx=\"6\" cy=\"6\" r=\"5\"/>");
    } else {
        if nodes.len() > 1 {
            out.raw("<rect class=\"under\" x=\"4\" y=\"4\" width=\"240\" height=\"46\" rx=\"7\"/>");
        }
        out.raw("<rect class=\"frame\" width=\"240\" height=\"46\" rx=\"7\"/>");
        out.put("<use href=\"#{}\" class=\"sign\" x=\"9\" y=\"15\" width=\"16\" height=\"16\"/>", &[&sign(node)]);
        out.put("<text class=\"name\" x=\"33\" y=\"20\" clip-path=\"url(#label)\">{}</text>", &[&name(nodes)]);
        out.put(
            "<text class=\"about\" x=\"33\" y=\"36\" clip-path=\"url(#label)\">{}</text>",
            &[&about(nodes, several)],
        );
    }
    out.raw(if finding.is_some() { "</a>" } else { "</g>" });
}

/// How many of them count as dependents.
fn counted(nodes: &[&Node]) -> usize {
    nodes.iter().filter(|node| node.counts()).count()
}

/// How a node is marked: its verdict, else what happens to it.
pub(super) fn kind(node: &Node) -> &'static str {
    match (node.verdict, node.role) {
        (Some(Outcome::Block | Outcome::Error), _) => "block",
        (Some(Outcome::Review), _) => "review",
        (Some(Outcome::Allow), _) => "lowered",
        (_, role) => role.word(),
    }
}

/// The sign that goes with it, so that colour is never alone.
fn sign(node: &Node) -> &'static str {
    match kind(node) {
        "block" => "sign-block",
        "review" => "sign-review",
        "lowered" => "sign-allow",
        "destroyed" => "sign-destroyed",
        "changed" => "sign-changed",
        "affected" => "sign-affected",
        _ => "sign-between",
    }
}

fn name(nodes: &[&Node]) -> String {
    let Some(node) = nodes.first() else { return String::new() };
    if nodes.len() > 1 {
        let count = format!(" × {}", nodes.len());
        let room = NAME.saturating_sub(count.chars().count());
        return format!("{}{count}", fit(&crate::output::clean(&node.kind), room));
    }
    fit(&short::node(node).name, NAME)
}

/// What happens to it, how much stands on it, and where it is.
fn about(nodes: &[&Node], several: bool) -> String {
    let Some(node) = nodes.first() else { return String::new() };
    if nodes.len() > 1 {
        let names: Vec<String> = nodes.iter().take(6).map(|node| own_name(node)).collect();
        return fit_start(&names.join(", "), ABOUT);
    }
    let mut facts: Vec<String> = Some(short_action(node)).filter(|action| !action.is_empty()).into_iter().collect();
    facts.extend(node.dependents.filter(|count| *count > 0).map(|count| format!("{count} on it")));
    let place = if several { short::file(&node.input) } else { short::node(node).modules };
    let place = if place.is_empty() { place } else { format!("in {place}") };
    let said = facts.join(" · ");
    let room = ABOUT.saturating_sub(said.chars().count()).saturating_sub(3);
    if !place.is_empty() && room > 8 {
        facts.push(fit(&place, room));
    }
    facts.join(" · ")
}

/// What tells an object from others of its type.
fn own_name(node: &Node) -> String {
    let name = short::node(node).name;
    let prefix = format!("{}.", node.kind);
    name.strip_prefix(&prefix).map(str::to_owned).unwrap_or(name)
}

fn fit_start(text: &str, columns: usize) -> String {
    if text.chars().count() <= columns {
        return text.to_owned();
    }
    format!("{}…", text.chars().take(columns.saturating_sub(1)).collect::<String>())
}

fn short_action(node: &Node) -> String {
    let action = node.action.split(" (").next().unwrap_or_default();
    match (action, node.role) {
        ("no-op", _) => "stays as it is".to_owned(),
        ("", Role::Between) => "read".to_owned(),
        (action, _) => action.to_owned(),
    }
}

/// What is read out for a box.
fn spoken(nodes: &[&Node], several: bool) -> String {
    let Some(node) = nodes.first() else { return String::new() };
    if node.role == Role::Joint {
        return "a point where ways meet".to_owned();
    }
    if nodes.len() > 1 {
        return format!("{} of {}, {}", nodes.len(), node.kind, short_action(node));
    }
    let mut words = vec![full(node, several)];
    words.extend(node.verdict.map(|verdict| verdict.word().to_owned()));
    words.extend(node.rule.clone());
    words.extend(Some(node.action.clone()).filter(|action| !action.is_empty() && action != "no-op"));
    words.extend(node.dependents.filter(|count| *count > 0).map(|count| format!("{count} stand on it")));
    words.join(", ")
}

/// The address in full.
pub(super) fn full(node: &Node, several: bool) -> String {
    let deposed = node.deposed.as_ref().map(|key| format!(" (deposed {key})")).unwrap_or_default();
    let input = if several { format!(" in {}", node.input) } else { String::new() };
    format!("{}{deposed}{input}", node.address)
}

/// What shows when somebody points at a box: its address in full, or those of all that share it.
fn title(nodes: &[&Node], several: bool) -> String {
    let one_line = |node: &&Node| super::super::markup::shorten(&full(node, several), 300).replace('\n', "\\n");
    let mut lines: Vec<String> = nodes.iter().take(NAMED).map(one_line).collect();
    let more = nodes.len().saturating_sub(NAMED);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    if nodes.first().is_some_and(|node| node.role == Role::Joint) {
        return spoken(nodes, several);
    }
    lines.join("\n")
}
