//! A report or a picture as JSON, one field a line. What a terminal would act on is written as an escape here too.

use serde::Serialize;

use super::Style;
use super::clean::{begins_command, is_unsafe};
use crate::picture::Picture;
use crate::report::Report;

pub(super) fn write(report: &Report, _: Style) -> String {
    pretty(report)
}

pub(super) fn draw(picture: &Picture) -> String {
    pretty(picture)
}

/// Writes what holds only strings, numbers, lists and options: none of them can fail to be written.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut safe = String::with_capacity(text.len().saturating_add(1));
    for (at, c) in text.char_indices() {
        // Outside of strings there is nothing but ASCII and line ends, and nothing that begins a command.
        if c != '\n' && (is_unsafe(c) || text.get(at..).is_some_and(begins_command)) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                safe.extend(["\\u", &format!("{unit:04x}")]);
            }
        } else {
            safe.push(c);
        }
    }
    safe.push('\n');
    safe
}
