//! Markup into which no string of a plan can write markup of its own.
//!
//! Tags come from this program's own text alone, which the types see to: a template is `&'static str`. Everything else goes
//! through [`Markup::put`], which escapes it for text and for quoted attributes alike. Neither scripts nor styles are written here.

use std::fmt::{Display, Write as _};

use crate::output::clean::{clean, ends};

/// A longer string keeps its ends only: nobody reads it, and a page has to be loaded.
const LONGEST: usize = 2_000;

/// Markup that is being written.
#[derive(Debug, Default)]
pub(super) struct Markup(String);

impl Markup {
    /// Markup from a template: each `{}` becomes one of the values, as text.
    pub(super) fn of(template: &'static str, values: &[&dyn Display]) -> Self {
        let mut markup = Self::default();
        markup.put(template, values);
        markup
    }

    /// Adds markup of this program's own.
    pub(super) fn raw(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// Adds a template in which each `{}` becomes one of the values, as text.
    pub(super) fn put(&mut self, template: &'static str, values: &[&dyn Display]) {
        debug_assert_eq!(template.matches("{}").count(), values.len(), "{template}");
        let mut values = values.iter();
        for (place, part) in template.split("{}").enumerate() {
            if let Some(value) = (place > 0).then(|| values.next()).flatten() {
                self.text(&value.to_string());
            }
            self.0.push_str(part);
        }
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        escape(&mut self.0, &clean(&shorten(text, LONGEST)));
    }

    /// Adds text whose lines stay lines and which is never shortened.
    pub(super) fn lines(&mut self, text: &str) {
        for (place, line) in text.lines().enumerate() {
            if place > 0 {
                self.0.push('\n');
            }
            let line = clean(line);
            // A page may be printed into a job's log, where a line that begins so is a command to its runner.
            match line.split_once("::") {
                Some((space, rest)) if space.trim().is_empty() => {
                    self.0.push_str(space);
                    self.0.push_str("&#58;:");
                    escape(&mut self.0, rest);
                }
                _ => escape(&mut self.0, &line),
            }
        }
    }

    /// Adds what was written elsewhere.
    pub(super) fn add(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// Writes text so that it is nothing but text, between tags and between quotes.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // No characters at all, though Unicode has numbers for them.
            c if u32::from(c) & 0xfffe == 0xfffe => drop(write!(out, "\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
}

/// A text of so many characters: its beginning, its end, and how long it was.
pub(super) fn shorten(text: &str, most: usize) -> String {
    match ends(text, most) {
        Some((head, tail, count)) => format!("{head}… ({count} characters) …{tail}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Markup;

    #[test]
    fn what_is_put_in_is_text_and_stays_where_it_was_put() {
        let hostile = "\"' onload=x><script>alert(1)</script><!-- &amp; \u{202e}\u{0}\u{ffff}{}";
        let markup = Markup::of("<p title=\"{}\">{}</p>", &[&hostile, &7]).finish();
        assert_eq!(markup.matches(['<', '>']).count(), 4, "{markup}");
        assert_eq!(markup.matches('"').count(), 2, "{markup}");
        assert!(markup.contains("&amp;amp; \\u{202e}\\u{0}\\u{ffff}{}") && markup.ends_with(">7</p>"), "{markup}");
    }

    #[test]
    fn lines_stay_lines() {
        let mut markup = Markup::default();
        markup.lines("a <\r\nb\u{85}c\n");
        assert_eq!(markup.finish(), "a &lt;\nb\\u{85}c");
    }

    #[test]
    fn a_string_without_end_has_one() {
        let markup = Markup::of("{}", &[&"x".repeat(1_000_000)]).finish();
        assert!(markup.len() < 2_000 && markup.contains("(1000000 characters)"));
    }
}
