//! Cuts a text into JSON documents. Every byte belongs to a document, to white space, or to a known wrapper's line.

use super::InputError;

/// Walks over a text from document to document.
pub(super) struct Documents<'a> {
    name: &'a str,
    text: &'a str,
    position: usize,
}

impl<'a> Documents<'a> {
    pub(super) fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, position: 0 }
    }

    pub(super) fn advance_to(&mut self, position: usize) {
        self.position = position;
    }

    /// The offset of the next document, `None` at the end.
    pub(super) fn next_start(&mut self) -> Result<Option<usize>, InputError> {
        loop {
            let rest = self.text.get(self.position..).unwrap_or_default();
            let trimmed = rest.trim_start();
            self.position = self.text.len().saturating_sub(trimmed.len());
            match trimmed.chars().next() {
                None => return Ok(None),
                Some('{') => return Ok(Some(self.position)),
                Some(_) => {}
            }
            let line = trimmed.lines().next().unwrap_or_default();
            if !is_wrapper_line(line) {
                return Err(self.refuse(line));
            }
            self.position = self.position.saturating_add(line.len());
        }
    }

    fn refuse(&self, line: &str) -> InputError {
        let what = match line.chars().next() {
            Some('[') => "this is a list; a plan is one JSON object",
            Some('"' | '-' | '0'..='9') | None => "this is JSON, but not an object; a plan is one JSON object",
            Some(_) => "there is text here that is no part of a plan",
        };
        InputError::new(self.name, what)
            .help("give only what `terraform show -json tfplan` prints, without anything before or after it")
            .at(self.text, self.position)
    }
}

/// Lines that known wrappers put around a tool's output.
///
/// The GitHub action `setup-terraform` prints the command before (`[command]/path/terraform show -json tfplan`) and
/// `::debug::` lines after it. Terragrunt prefixes its own log lines with a time or `time=… level=…`; none of them ever
/// holds a brace, which would be part of a document that is not to be skipped.
fn is_wrapper_line(line: &str) -> bool {
    let line = line.trim_end();
    if line.contains(['{', '}']) {
        return false;
    }
    line.starts_with("[command]")
        || line.starts_with("::debug::")
        || (line.starts_with("time=") && line.contains(" level="))
        || is_clock_line(line)
}

/// `12:34:56.789 INFO   [unit] …`, as Terragrunt logs.
fn is_clock_line(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let (Some(clock), Some(level)) = (words.next(), words.next()) else { return false };
    clock.len() == 12
        && clock.bytes().all(|b| b.is_ascii_digit() || b == b':' || b == b'.')
        && matches!(level, "ERROR" | "WARN" | "INFO" | "DEBUG" | "TRACE")
}

#[cfg(test)]
mod tests {
    use super::{Documents, is_wrapper_line};

    #[test]
    fn known_wrappers_only() {
        assert!(is_wrapper_line("[command]/usr/bin/terraform show -json tfplan"));
        assert!(is_wrapper_line("::debug::Terraform exited with code 0."));
        assert!(is_wrapper_line("12:34:56.789 INFO   [app] Downloading"));
        assert!(!is_wrapper_line("Refreshing state..."));
        assert!(!is_wrapper_line("[command]{\"resource_changes\":[]}"));
    }

    #[test]
    fn text_that_nobody_knows_is_refused_with_its_place() {
        let error = Documents::new("p", "\n  oops {}").next_start().unwrap_err();
        assert_eq!(error.place, Some((2, 3)));
    }
}
