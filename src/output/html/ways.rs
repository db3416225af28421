//! What to do instead, with text to copy.

use super::markup::Markup;
use crate::report::WayOut;

/// Text to paste is never cut, since half of it would do something else; so much of it fits a page.
const LONGEST_PASTE: usize = 20_000;

/// All ways out, the best first.
pub(super) fn all(out: &mut Markup, ways: &[WayOut]) {
    if ways.is_empty() {
        return;
    }
    out.raw("<div class=\"ways\"><h4>Do this instead</h4><ol>");
    for way in ways {
        out.raw("<li>");
        one(out, way);
        out.raw("</li>");
    }
    out.raw("</ol></div>");
}

/// One way out.
pub(super) fn one(out: &mut Markup, way: &WayOut) {
    out.put("<p class=\"way\">{}</p>", &[&way.text]);
    let Some(paste) = &way.paste else { return };
    if paste.text.len() > LONGEST_PASTE {
        let lines = paste.text.lines().count();
        out.put("<p class=\"unseen\">The text to paste has {} lines: the JSON report has it.</p>", &[&lines]);
        return;
    }
    out.put(
        "<div class=\"paste\"><span class=\"language\">{}</span>\
         <button type=\"button\" class=\"copy scripted\">Copy</button><pre tabindex=\"0\"><code>",
        &[&paste.language],
    );
    out.lines(&paste.text);
    out.raw("</code></pre></div>");
}
