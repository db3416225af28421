//! A report as bytes. An output knows the report and nothing of where it came from.

mod clean;
mod human;
mod json;
mod page;

pub use clean::clean;
pub(crate) use clean::is_unsafe;
pub use page::Style;

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
