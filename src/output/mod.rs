//! A report or a picture as bytes. An output knows what it writes and nothing of where that came from.

mod clean;
mod dot;
mod explanation;
mod human;
mod json;
mod label;
mod mermaid;
mod page;

pub use clean::clean;
pub(crate) use clean::is_unsafe;
pub use explanation::write as explanation;
pub use page::Style;

#[cfg(feature = "cli")]
pub(crate) use json::pretty;

use crate::picture::Picture;
use crate::report::Report;

/// One way to write a report. A new one is one file and one line in [`FORMATS`].
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    /// Writes the report.
    pub write: fn(&Report, Style) -> String,
}

/// All outputs.
pub const FORMATS: &[Format] = &[
    Format { name: "human", about: "for a person at a terminal", write: human::write },
    Format { name: "json", about: "for programs; its schema is schemas/report.json", write: json::write },
];

/// One way to draw a picture. A new one is one file and one line in [`PICTURES`].
#[derive(Debug)]
pub struct Drawing {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    /// How many nodes it shows where nobody says how many; a person cannot look at more. `None`: all.
    pub most: Option<usize>,
    /// Draws the picture, all of it: whoever wants less cuts it before.
    pub write: fn(&Picture) -> String,
}

/// All drawings.
pub const PICTURES: &[Drawing] = &[
    Drawing {
        name: "mermaid",
        about: "a flowchart that GitHub, GitLab and many editors render",
        most: Some(200),
        write: mermaid::draw,
    },
    Drawing { name: "dot", about: "for Graphviz: dot -Tsvg", most: Some(200), write: dot::draw },
    Drawing { name: "json", about: "for programs; its schema is schemas/graph.json", most: None, write: json::draw },
];
