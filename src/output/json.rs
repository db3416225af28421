//! The report as JSON, one field a line.

use super::Style;
use crate::report::Report;

pub(super) fn write(report: &Report, _: Style) -> String {
    // The report holds only strings, numbers, lists and options: none of them can fail to be written.
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}
