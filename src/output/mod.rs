//! A report or a picture as bytes. An output knows what it writes and nothing of where that came from.

mod clean;
mod dot;
mod explanation;
mod github;
mod gitlab;
mod html;
mod human;
mod json;
mod junit;
mod label;
mod markdown;
mod mermaid;
mod page;
mod sarif;
mod summary;
mod words;

pub use clean::clean;
pub(crate) use clean::is_unsafe;
#[cfg(feature = "mcp")]
pub(crate) use clean::shorten;
pub use explanation::write as explanation;

#[cfg(feature = "cli")]
pub(crate) use json::pretty;
#[cfg(feature = "cli")]
pub(crate) use summary::{MOST as SUMMARY, within as summary};

use crate::picture::Picture;
use crate::report::Report;

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Use colour, where the output has any.
    pub color: bool,
    /// The most characters that a comment may have.
    pub max_chars: usize,
}

/// The most characters of a comment on GitHub.
pub const COMMENT: usize = 65_536;

impl Default for Style {
    fn default() -> Self {
        Self { color: false, max_chars: COMMENT }
    }
}

/// One way to write a report. A new one is one file and one line in [`FORMATS`].
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    /// So many nodes of the report's picture it can use; 0 where it draws nothing.
    pub draws: usize,
    /// Writes the report.
    pub write: fn(&Report, Style) -> String,
}

/// So many nodes of a picture a report carries as JSON, for those who write it in another form later.
const CARRIED: usize = 400;

/// The output of a name: one of [`FORMATS`].
///
/// ```
/// use blastgate::{Given, check, output};
///
/// let report = check(&Given::plan("plan.json", "{"));
/// let human = output::format("human").unwrap();
/// assert!((human.write)(&report, output::Style::default()).contains("error"));
/// ```
#[must_use]
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// All outputs.
pub const FORMATS: &[Format] = &[
    Format { name: "human", about: "for a person at a terminal", draws: 0, write: human::write },
    Format {
        name: "markdown",
        about: "for a comment on a pull request, and for whoever reads text",
        draws: markdown::NODES,
        write: markdown::write,
    },
    Format {
        name: "json",
        about: "for programs; its schema is schemas/report.json",
        draws: CARRIED,
        write: json::write,
    },
    Format { name: "html", about: "one page to look at in a browser", draws: html::DRAWS, write: html::write },
    Format { name: "sarif", about: "for code scanning, as GitHub reads it", draws: 0, write: sarif::write },
    Format {
        name: "github",
        about: "annotations in a GitHub workflow; the job's summary too, where there is one",
        draws: markdown::NODES,
        write: github::write,
    },
    Format {
        name: "summary",
        about: "for the summary of a job on GitHub",
        draws: markdown::NODES,
        write: summary::write,
    },
    Format { name: "junit", about: "for whatever shows test results", draws: 0, write: junit::write },
    Format { name: "gitlab", about: "for GitLab's Code Quality widget", draws: 0, write: gitlab::write },
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
