//! Texts as messages of SARIF.
//!
//! A message is a small language: `{0}` stands for an argument, and `[text](target)` is a link, also in plain text
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>, 3.11.5 and 3.11.6). Strings of a plan say neither.

use serde_json::{Value, json};

use crate::output::clean;

/// A message of several paragraphs, each made by [`plain`] and [`link`].
pub(super) fn of(paragraphs: &[String]) -> Value {
    json!({"text": paragraphs.join("\n")})
}

/// A text that is shown as it stands: braces are doubled, as the form wants it. Brackets are parted, since readers differ in
/// what they take for an escaped one.
pub(super) fn plain(text: &str) -> String {
    clean(text).replace('{', "{{").replace('}', "}}").replace("](", "] (")
}

/// A link to a place that the result names. The words are never a plan's.
pub(super) fn link(words: &str, id: usize) -> String {
    format!("[{words}]({id})")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_text_is_neither_an_argument_nor_a_link() {
        assert_eq!(plain("aws_lb.x[\"{0}\"] and aws_lb.y[1]"), "aws_lb.x[\"{{0}}\"] and aws_lb.y[1]");
        assert_eq!(plain("[a](http://b) \\[a\\](1)"), "[a] (http://b) \\[a\\] (1)");
        assert_eq!(plain("a\nb\u{202e}\u{200b}]\u{200b}("), r"a\u{{a}}b\u{{202e}}\u{{200b}}]\u{{200b}}(");
    }
}
