//! A picture as a Mermaid flowchart, as GitHub renders it.
//!
//! Texts stand in quotes, and whatever is not a letter or a digit of ASCII, or one of the few marks that addresses are
//! full of, is written as a numbered entity (`#34;`), so that neither the language, nor Markdown, nor HTML, nor the
//! icons in labels see it (<https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters>).

use super::label::{self, LOOKS, Look};
use crate::picture::{Edge, Picture, Role};

/// Mermaid draws no more than 50,000 characters and 500 edges, unless its page says otherwise; GitHub's does not
/// (<https://mermaid.js.org/config/schema-docs/config.html>). This stays well below.
const CHARACTERS: usize = 45_000;
const EDGES: usize = 450;

pub(super) fn draw(picture: &Picture) -> String {
    let mut text = flowchart(picture);
    let mut most = picture.nodes.len();
    let mut edges = picture.edges.len();
    // A drawing that is refused shows nothing: better one with less in it.
    while most > 0 && (edges > EDGES || text.chars().count() > CHARACTERS) {
        most = (most / 8).saturating_mul(7).min(most.saturating_sub(1));
        let smaller = picture.cut(most);
        edges = smaller.edges.len();
        if edges <= EDGES {
            text = flowchart(&smaller);
        }
    }
    text
}

fn flowchart(picture: &Picture) -> String {
    let mut lines = vec!["flowchart LR".to_owned()];
    let mut used: Vec<Look> = Vec::new();
    for node in &picture.nodes {
        let look = label::look_of(node);
        used.push(look);
        if node.role == Role::Joint {
            lines.push(format!("  {}(( )):::{}", label::id(&node.id), look.name));
        } else {
            lines.push(boxed(label::id(&node.id), &label::lines(picture, node), look));
        }
    }
    let rest = label::left_out(&picture.left_out);
    let rest = rest.or_else(|| picture.nodes.is_empty().then(|| label::NOTHING.to_owned()));
    if let Some(text) = rest {
        used.push(label::LEFT_OUT);
        lines.push(boxed("more", &[text], label::LEFT_OUT));
    }
    lines.extend(picture.edges.iter().map(edge));
    lines.extend(LOOKS.iter().filter(|look| used.contains(look)).map(class));
    lines.join("\n") + "\n"
}

/// Lines are parted by real line ends: a `<br/>` would make Mermaid read the label as HTML before it looks for icons and
/// formulas, so that what was written as an entity would be found all the same.
fn boxed(id: &str, text: &[String], look: Look) -> String {
    let label: Vec<String> = text.iter().map(|line| escape(line)).collect();
    format!("  {id}[\"{}\"]:::{}", label.join("\n"), look.name)
}

fn edge(edge: &Edge) -> String {
    match edge.known_by.as_str() {
        "configuration" => format!("  {} --> {}", label::id(&edge.from), label::id(&edge.to)),
        other => format!("  {} -.->|\"{}\"| {}", label::id(&edge.from), escape(other), label::id(&edge.to)),
    }
}

fn class(look: &Look) -> String {
    let dashes = if look.dashed { ",stroke-dasharray:4 3" } else { "" };
    let width = if look.heavy { ",stroke-width:3px" } else { "" };
    format!("  classDef {} fill:{},stroke:{},color:#1f2328{width}{dashes}", look.name, look.fill, look.line)
}

/// A text inside of quotes, that is shown as it stands.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    // In instance keys even a point is no plain one: `www.example.com` would become a link.
    let mut in_key = false;
    let (mut before, mut rest) = (' ', text.chars().peekable());
    while let Some(c) = rest.next() {
        in_key |= c == '[';
        let inside = before.is_ascii_alphanumeric() && rest.peek().is_some_and(char::is_ascii_alphanumeric);
        let plain = match c {
            ' ' => before != ' ',
            '.' | '_' | '-' | '/' => inside && !in_key,
            '·' | '…' | '(' | ')' => true,
            other => other.is_ascii_alphanumeric() || (!other.is_ascii() && other.is_alphanumeric()),
        };
        if plain {
            safe.push(c);
        } else {
            safe.extend(["#", &u32::from(c).to_string(), ";"]);
        }
        before = c;
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn an_address_is_left_readable() {
        assert_eq!(escape("module.web-1.aws_lb.this"), "module.web-1.aws_lb.this");
        assert_eq!(escape(r#"aws_lb.x["www.a.b"]"#), "aws_lb.x#91;#34;www#46;a#46;b#34;#93;");
    }

    #[test]
    fn nothing_means_anything_to_the_language() {
        for hostile in [
            "\"]; click A",
            "`_x_`",
            "%%{init",
            "<script>",
            "#quot;",
            "https://a",
            "$$x$$",
            "a://b",
            "fa:fa-x",
            "1. a",
            "- a",
        ] {
            let safe = escape(hostile);
            let entities =
                safe.split('#').skip(1).all(|rest| rest.split_once(';').is_some_and(|(n, _)| n.parse::<u32>().is_ok()));
            assert!(entities && !safe.contains(['"', '`', '%', '<', '>', '{', '$', ':', '[', '*']), "{safe}");
            assert!(!safe.starts_with('-') && !safe.contains(". ") && !safe.contains("//"), "{safe}");
        }
    }
}
