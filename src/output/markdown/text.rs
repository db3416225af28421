//! Strings of a plan in Markdown, as nothing but text.
//!
//! A backslash keeps Markdown from seeing something, and nobody else: GitHub and GitLab look for mentions, references,
//! emoji and addresses of the web in what is left after that, and some programs for commands in the text as it was
//! written. Only in code they look for nothing. So of a sentence the words stay as they are, and whatever is no plain
//! word stands in code, as addresses, attributes and values should anyway.

use super::super::clean::{clean, shorten};

/// So many characters of one name or value are shown; one that is to be copied is never as long.
const LONGEST: usize = 400;
/// So many characters of one sentence.
const SENTENCE: usize = 4_000;
/// What a fence is called: what GitHub and GitLab colour, and what a report may ask for.
const LANGUAGES: [(&str, &str); 4] = [("hcl", "hcl"), ("tfvars", "hcl"), ("sh", "sh"), ("diff", "diff")];

/// A name or a value as code.
pub(super) fn code(text: &str) -> String {
    let text = clean(&shorten(text, LONGEST));
    // Code of nothing but space is no code.
    let text = if text.trim().is_empty() { format!("\"{text}\"") } else { text };
    let ticks = "`".repeat(longest_run(&text).saturating_add(1));
    let is_edge = |c: char| c == ' ' || c == '`';
    let pad = if text.starts_with(is_edge) || text.ends_with(is_edge) { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// How many backticks stand in a row at most.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A text to paste in a fence that nothing in it can end. None where a line of it would be a command to a program that
/// reads comments as they are written.
pub(super) fn fence(language: &str, text: &str) -> Option<String> {
    let known = LANGUAGES.iter().find(|(known, _)| *known == language).map_or("text", |(_, name)| *name);
    let lines: Vec<String> = text.lines().map(clean).collect();
    if lines.iter().any(|line| line.trim_start().starts_with(['/', '@', ':'])) {
        return None;
    }
    let lines = lines.join("\n");
    let ticks = "`".repeat(longest_run(&lines).saturating_add(1).max(3));
    Some(format!("{ticks}{known}\n{lines}\n{ticks}\n"))
}

/// A sentence. `names` are known to be names, whatever they look like.
pub(super) fn prose(text: &str, names: &[String]) -> String {
    let text = clean(&shorten(text, SENTENCE));
    let (mut written, mut rest) = (String::with_capacity(text.len()), text.trim_start());
    while !rest.is_empty() {
        let is_first = written.is_empty();
        if !is_first {
            written.push(' ');
        }
        let (word, is_name, after) = next_word(rest, names);
        let (tail, after) = if is_name { to_space(after) } else { ("", after) };
        written.push_str(&if is_name { code(word) } else { self::word(word, is_first) });
        written.push_str(tail);
        rest = after.trim_start();
    }
    written
}

/// The next word, whether it is one of the names, and what is behind it. What stands in quotes or in backticks is one
/// word, whatever is in it.
fn next_word<'t>(text: &'t str, names: &[String]) -> (&'t str, bool, &'t str) {
    let ends_here = |rest: &str| to_space(rest).0.chars().all(is_tail);
    let name = names.iter().find(|name| text.strip_prefix(name.as_str()).is_some_and(ends_here));
    if let Some((name, rest)) = name.and_then(|name| text.split_at_checked(name.len())) {
        return (name, true, rest);
    }
    let mut open = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (open, c) {
            (None, ' ') => {
                let (word, rest) = text.split_at_checked(at).unwrap_or((text, ""));
                return (word, false, rest);
            }
            (None, '"' | '`') if closes(text.get(at.saturating_add(1)..), c) => open = Some(c),
            (Some(quote), c) if c == quote && !escaped => open = None,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    (text, false, "")
}

/// Up to the next space, and the rest.
fn to_space(text: &str) -> (&str, &str) {
    text.split_at_checked(text.find(' ').unwrap_or(text.len())).unwrap_or((text, ""))
}

/// What was opened is closed again.
fn closes(rest: Option<&str>, quote: char) -> bool {
    let mut escaped = false;
    rest.is_some_and(|rest| {
        rest.chars().any(|c| {
            let ends = c == quote && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })
    })
}

/// What may stand behind a word.
fn is_tail(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | ')' | '?' | '!')
}

fn word(word: &str, is_first: bool) -> String {
    let core = word.trim_start_matches('(').trim_end_matches(is_tail);
    let (Some(start), false) = (word.find(core), core.is_empty()) else { return code(word) };
    let (head, rest) = word.split_at_checked(start).unwrap_or(("", word));
    let tail = rest.get(core.len()..).unwrap_or_default();
    // At the start of a text `1.` would be a list, and `=` the line under a heading.
    let starts_block = is_first && (core == "=" || core.chars().all(|c| c.is_ascii_digit()) && !tail.is_empty());
    if is_plain(core) && !starts_block {
        return word.to_owned();
    }
    let quoted = core.strip_prefix('`').and_then(|core| core.strip_suffix('`')).filter(|inner| !inner.contains('`'));
    format!("{head}{}{tail}", code(quoted.filter(|inner| !inner.is_empty()).unwrap_or(core)))
}

/// A word of letters, a few of them joined by a dash or an apostrophe, or a number: nothing that anybody makes a reference
/// of. Letters with digits may be an issue's name, and a long row of hexadecimal digits a commit's.
fn is_plain(word: &str) -> bool {
    if ["·", "…", "="].contains(&word) {
        return true;
    }
    let is_hash = word.len() >= 7 && word.chars().all(|c| c.is_ascii_hexdigit());
    let is_number = word.chars().all(|c| c.is_ascii_digit());
    let is_word = word.split(['-', '\'']).all(|part| !part.is_empty() && part.chars().all(char::is_alphabetic));
    !is_hash && (is_number || is_word)
}

#[cfg(test)]
mod tests {
    use super::{code, fence, prose};

    #[test]
    fn code_is_as_long_as_it_must_be() {
        assert_eq!(code("aws_lb.a"), "`aws_lb.a`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code(" "), "`\" \"`");
        assert_eq!(code("a\nb"), r"`a\u{a}b`");
        assert!(code(&"x".repeat(10_000)).len() < 500);
    }

    #[test]
    fn words_stay_and_the_rest_is_code() {
        for (text, is) in [
            ("It is destroyed, and 8 things stand on it.", "It is destroyed, and 8 things stand on it."),
            ("a of aws_lb.x[\"k v\"], then.", "a of `aws_lb.x[\"k v\"]`, then."),
            ("goes from \"10.0.0.0/16\" to \"a \\\" b\".", "goes from `\"10.0.0.0/16\"` to `\"a \\\" b\"`."),
            ("Key `for_each` by (delete first)", "Key `for_each` by (delete first)"),
            (
                "ask @me in #12, GH-7, T9, defaced1, :bomb: or www.a.b",
                "ask `@me` in `#12`, `GH-7`, `T9`, `defaced1`, `:bomb`: or `www.a.b`",
            ),
            ("1. no list, nor > or * = x", "`1`. no list, nor `>` or `*` = x"),
            ("(a) [b](c) !d ![e] \"open", "(a) `[b](c`) `!d` `![e]` `\"open`"),
            ("a\u{202e}b", r"`a\u{202e}b`"),
        ] {
            assert_eq!(prose(text, &[]), is);
        }
        let names = ["a b".to_owned(), "engine".to_owned()];
        assert_eq!(prose("engine of a b changes.", &names), "`engine` of `a b` changes.");
        assert_eq!(prose("engines of a bc.", &names), "engines of a bc.");
    }

    #[test]
    fn nothing_ends_a_fence() {
        assert_eq!(fence("hcl", "a\n```\n").as_deref(), Some("````hcl\na\n```\n````\n"));
        assert_eq!(fence("`x` <b>", "a").as_deref(), Some("```text\na\n```\n"));
        assert_eq!(fence("sh", "a\n  /merge"), None);
    }
}
