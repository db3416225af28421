//! A picture for Graphviz.
//!
//! Every text is a quoted string: there a quote and a backslash are the only characters that mean something to the
//! language, and an ampersand one to the labels (<https://graphviz.org/doc/info/lang.html>).

use super::label::{self, Look};
use crate::picture::{Edge, Picture, Role};

pub(super) fn draw(picture: &Picture) -> String {
    let mut lines = vec![
        "digraph blastgate {".to_owned(),
        "  rankdir=LR;".to_owned(),
        "  node [shape=box, style=filled, fontname=\"sans-serif\", fontsize=11];".to_owned(),
        "  edge [color=\"#6e7781\", fontname=\"sans-serif\", fontsize=9];".to_owned(),
    ];
    for node in &picture.nodes {
        let look = label::look_of(node);
        if node.role == Role::Joint {
            lines.push(format!("  {} [shape=point, color=\"{}\"];", label::id(&node.id), look.line));
        } else {
            lines.push(boxed(label::id(&node.id), &label::lines(picture, node), look));
        }
    }
    lines.extend(label::left_out(&picture.left_out).map(|text| boxed("more", &[text], label::LEFT_OUT)));
    if lines.len() == 4 {
        lines.push(boxed("nothing", &[label::NOTHING.to_owned()], label::LEFT_OUT));
    }
    lines.extend(picture.edges.iter().map(edge));
    lines.push("}\n".to_owned());
    lines.join("\n")
}

fn boxed(id: &str, text: &[String], look: Look) -> String {
    let label: Vec<String> = text.iter().map(|line| escape(line)).collect();
    let style = if look.dashed { ", style=\"filled,dashed\"" } else { "" };
    let width = if look.heavy { ", penwidth=2" } else { "" };
    format!(
        "  {id} [label=\"{}\", fillcolor=\"{}\", color=\"{}\"{style}{width}];",
        label.join("\\n"),
        look.fill,
        look.line
    )
}

fn edge(edge: &Edge) -> String {
    let style = match edge.known_by.as_str() {
        "configuration" => String::new(),
        "state" => " [style=dashed, label=\"state\"]".to_owned(),
        other => format!(" [style=dotted, label=\"{}\"]", escape(other)),
    };
    format!("  {} -> {}{style};", label::id(&edge.from), label::id(&edge.to))
}

/// A text inside of quotes, that is shown as it stands.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => safe.push_str("\\\""),
            '\\' => safe.push_str("\\\\"),
            '&' => safe.push_str("&amp;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_label_ends_where_it_should() {
        assert_eq!(escape(r#"a\"]; b [label="\N &lt;"#), r#"a\\\"]; b [label=\"\\N &amp;lt;"#);
    }
}
