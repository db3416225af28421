//! Cuts a text into JSON documents. Every byte belongs to a document, to white space, or to a known wrapper's line.

use super::{InputError, formats};

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
            if let Some(prefix) = output_prefix(line) {
                self.position = self.position.saturating_add(prefix);
            } else if is_wrapper_line(line) {
                self.position = self.position.saturating_add(line.len());
            } else {
                return Err(self.refuse(line));
            }
        }
    }

    fn refuse(&self, line: &str) -> InputError {
        if let Some((what, help)) = formats::text(line.trim_end()) {
            return InputError::new(self.name, what).help(help).at(self.text, self.position);
        }
        let literal = ["null", "true", "false"].contains(&line.trim());
        let what = match line.chars().next() {
            _ if literal => "this is JSON, but not an object; a plan is one JSON object",
            Some('[') => "this is a list; a plan is one JSON object",
            Some('"' | '-' | '0'..='9') | None => "this is JSON, but not an object; a plan is one JSON object",
            Some(_) => "there is text here that is no part of a plan",
        };
        InputError::new(self.name, what)
            .help("give only what `terraform show -json tfplan` prints, without anything before or after it")
            .at(self.text, self.position)
    }
}

/// The first key of the object that begins at `start` begins with no small letter.
pub(super) fn first_key_is_capital(text: &str, start: usize) -> bool {
    let inside = text.get(start..).and_then(|rest| rest.strip_prefix('{')).unwrap_or_default();
    let key = inside.trim_start().strip_prefix('"').unwrap_or_default();
    !key.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Lines that known wrappers put around a tool's output.
///
/// The GitHub action `setup-terraform` prints the command before it (`[command]/path/terraform show -json tfplan`) and
/// `::debug::` lines after it, which repeat the output with its line ends escaped. Terragrunt's own log lines begin with
/// a time or `time=… level=…`; none of them holds a brace, which would be part of a document that is not to be skipped.
fn is_wrapper_line(line: &str) -> bool {
    let line = line.trim_end();
    if line.starts_with("[command]") || line.starts_with("::debug::") {
        return true;
    }
    let logged = (line.starts_with("time=") && line.contains(" level=")) || log_line(line).is_some();
    logged && !line.contains(['{', '}'])
}

/// `12:34:56.789 INFO   [unit] …`, as Terragrunt logs: the level and the rest.
fn log_line(line: &str) -> Option<(&str, &str)> {
    let (clock, rest) = line.split_once(' ')?;
    let (level, rest) = rest.trim_start().split_once(' ')?;
    let is_clock = clock.len() == 12 && clock.bytes().all(|b| b.is_ascii_digit() || b == b':' || b == b'.');
    let is_level = matches!(level, "ERROR" | "WARN" | "INFO" | "DEBUG" | "TRACE" | "STDOUT" | "STDERR");
    (is_clock && is_level).then_some((level, rest))
}

/// How long the prefix is that Terragrunt puts before a line of the tool's output:
/// `12:34:56.789 STDOUT [unit] terraform: `, with or without the unit.
fn output_prefix(line: &str) -> Option<usize> {
    let ("STDOUT", rest) = log_line(line)? else { return None };
    let rest = rest.trim_start();
    let rest = if rest.starts_with('[') { rest.split_once("] ")?.1 } else { rest };
    let output = ["terraform: ", "tofu: "].iter().find_map(|tool| rest.strip_prefix(tool))?;
    output.starts_with('{').then(|| line.len().saturating_sub(output.len()))
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
        assert!(is_wrapper_line("::debug::stdout: {\"format_version\":\"1.2\"}%0A"));
        assert!(!is_wrapper_line("12:34:56.789 INFO   [app] {\"resource_changes\":[]}"));
    }

    #[test]
    fn a_prefix_on_the_document_s_own_line_is_passed_over() {
        for line in ["12:34:56.789 STDOUT terraform: {\"a\"", "12:34:56.789 STDOUT [app/db] tofu: {\"a\""] {
            assert_eq!(super::output_prefix(line).and_then(|at| line.get(at..)), Some("{\"a\""));
        }
        assert_eq!(super::output_prefix("12:34:56.789 STDOUT terraform: hello {"), None);
    }

    #[test]
    fn text_that_nobody_knows_is_refused_with_its_place() {
        let error = Documents::new("p", "\n  oops {}").next_start().unwrap_err();
        assert_eq!(error.place, Some((2, 3)));
    }
}
