//! Strings of a plan are hostile: they may move a cursor, hide text, turn its direction, or give commands to whoever
//! reads a job's log.

/// Writes what a terminal would act on, what hides text, and what begins a command in a log as an escape.
///
/// ```
/// assert_eq!(blastgate::output::clean("db\u{1b}[2J"), "db\\u{1b}[2J");
/// ```
#[must_use]
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let unsafe_here = is_unsafe(c) || text.get(at..).is_some_and(begins_command);
        if unsafe_here { clean.extend(c.escape_unicode()) } else { clean.push(c) }
    }
    clean
}

/// Something like `##[error]`, `##vso[task.setvariable …]` or `##teamcity[…]`: GitHub's and Azure's runners look for it
/// anywhere in a line (<https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>,
/// <https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands>).
pub(crate) fn begins_command(text: &str) -> bool {
    let name = text.strip_prefix("##").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()));
    name.is_some_and(|rest| rest.starts_with('['))
}

/// A line with what would make it a command of GitHub's, such as `::error::`, written as an escape. That counts where
/// nothing but space is before it.
pub(crate) fn defuse(line: &str) -> String {
    let space = line.len().saturating_sub(line.trim_start().len());
    match line.split_at_checked(space) {
        Some((space, rest)) if rest.starts_with("::") => {
            format!("{space}\\u{{3a}}{}", rest.get(1..).unwrap_or_default())
        }
        _ => line.to_owned(),
    }
}

/// A text that is not longer than so many characters: its beginning and its end, and how long it was.
pub(crate) fn shorten(text: &str, longest: usize) -> String {
    match ends(text, longest) {
        Some((head, tail, count)) => format!("{head}…{tail} ({count} characters)"),
        None => text.to_owned(),
    }
}

/// The beginning and the end of a text that is longer than so many characters, and how long it is.
pub(super) fn ends(text: &str, longest: usize) -> Option<(String, String, usize)> {
    // It has no more characters than bytes.
    let count = if text.len() > longest { text.chars().count() } else { 0 };
    (count > longest).then(|| {
        let tail = text.chars().skip(count.saturating_sub(longest / 3)).collect();
        (text.chars().take(longest / 2).collect(), tail, count)
    })
}

/// Control characters, and those that take no place, or that look like nothing: joiners, fillers, marks of direction.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1345f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::{clean, defuse};

    #[test]
    fn nothing_reaches_the_terminal_that_it_would_act_on() {
        assert_eq!(clean("a\u{1b}[2Jb\r\n\u{202e}c\u{7}\u{9b}"), r"a\u{1b}[2Jb\u{d}\u{a}\u{202e}c\u{7}\u{9b}");
    }

    #[test]
    fn no_log_takes_it_for_a_command() {
        assert_eq!(clean("a ##[error]b ##vso[x]c ###[d]"), r"a \u{23}#[error]b \u{23}#vso[x]c #\u{23}#[d]");
        assert_eq!(clean("## a [b] #[c]"), "## a [b] #[c]");
        assert_eq!(defuse("  ::stop-commands::x"), r"  \u{3a}:stop-commands::x");
        assert_eq!(defuse("a ::b::"), "a ::b::");
    }
}
