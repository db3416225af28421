//! What stands around the findings: what could not be read or seen, notes, the score, and what was read.

use super::finding::points;
use super::markup::Markup;
use super::places::Places;
use crate::report::{Input, Report};

/// So many notes and gaps are listed.
const LISTED: usize = 500;

/// Why inputs could not be read. Nothing where all were.
pub(super) fn errors(report: &Report) -> Markup {
    let mut out = Markup::default();
    let failed: Vec<(&Input, &str)> =
        report.inputs.iter().filter_map(|input| Some((input, input.error.as_deref()?))).collect();
    if failed.is_empty() {
        return out;
    }
    out.raw("<section class=\"errors\" aria-labelledby=\"errors\"><h2 id=\"errors\">What could not be read</h2><ul>");
    for (input, error) in failed {
        out.raw("<li>");
        // Most errors begin with the name themselves.
        if !error.starts_with(&input.name) {
            out.put("<code>{}</code> ", &[&input.name]);
        }
        out.put("{}</li>", &[&error]);
    }
    out.raw("</ul></section>");
    out
}

/// Everything behind the findings.
pub(super) fn rest(report: &Report, places: &Places<'_>) -> Markup {
    let mut out = Markup::of("<div class=\"rest\">", &[]);
    gaps(&mut out, report, places);
    notes(&mut out, report);
    score(&mut out, report);
    inputs(&mut out, report);
    out.raw("</div>");
    out
}

fn gaps(out: &mut Markup, report: &Report, places: &Places<'_>) {
    if report.gaps.is_empty() {
        return;
    }
    out.raw("<section class=\"gaps\" aria-labelledby=\"gaps\"><h2 id=\"gaps\">What was not seen</h2><ul>");
    for gap in report.gaps.iter().take(LISTED) {
        let is_plan = report.inputs.iter().any(|input| input.role == "plan" && input.name == gap.input);
        if places.several || !is_plan {
            out.put("<li><code>{}</code>: {}</li>", &[&gap.input, &gap.text]);
        } else {
            out.put("<li>{}</li>", &[&gap.text]);
        }
    }
    more(out, report.gaps.len());
    out.raw("</ul></section>");
}

fn notes(out: &mut Markup, report: &Report) {
    if report.notes.is_empty() {
        return;
    }
    out.raw("<section class=\"notes\" aria-labelledby=\"notes\"><h2 id=\"notes\">Notes</h2>");
    out.raw("<p class=\"about\">They deserve a look and change no verdict.</p><ul>");
    for note in report.notes.iter().take(LISTED) {
        if note.address.is_empty() {
            out.put("<li>{}</li>", &[&note.text]);
        } else {
            out.put("<li><code>{}</code>: {}</li>", &[&note.address, &note.text]);
        }
    }
    more(out, report.notes.len());
    out.raw("</ul></section>");
}

fn more(out: &mut Markup, count: usize) {
    let more = count.saturating_sub(LISTED);
    if more > 0 {
        out.put("<li>and {} more, which the JSON report lists</li>", &[&more]);
    }
}

fn score(out: &mut Markup, report: &Report) {
    if report.points.is_empty() {
        return;
    }
    out.put(
        "<section aria-labelledby=\"score\"><h2 id=\"score\">Score {}</h2>\
         <p class=\"about\">From 0 to 100, for ranking. It knows nothing of environments.</p><p>{}.</p></section>",
        &[&report.score, &points(&report.points)],
    );
}

fn inputs(out: &mut Markup, report: &Report) {
    out.raw("<section class=\"inputs\" aria-labelledby=\"inputs\"><h2 id=\"inputs\">What was read</h2><ul>");
    for input in report.inputs.iter().filter(|input| input.error.is_none()) {
        out.put("<li><code>{}</code> {}", &[&input.name, &about(input)]);
        digest(out, "Digest", input.digest.as_ref());
        digest(out, "SHA-256 of the file", input.sha256.as_ref());
        out.raw("</li>");
    }
    let failed = report.inputs.iter().filter(|input| input.error.is_some()).count();
    if failed > 0 {
        out.put("<li>{} could not be read: see above</li>", &[&failed]);
    }
    out.raw("</ul>");
    digest(out, "Digest of all that was judged, with the verdict", report.digest.as_ref());
    out.raw("</section>");
}

/// What binds the page to what was judged.
fn digest(out: &mut Markup, title: &str, digest: Option<&String>) {
    if let Some(digest) = digest {
        out.put("<p class=\"digest\">{} <code>{}</code></p>", &[&title, digest]);
    }
}

fn about(input: &Input) -> String {
    let mut facts = vec![if input.role == "plan" { "judged".to_owned() } else { format!("for {}", input.role) }];
    let version = input.format_version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    facts.extend(input.format.as_ref().map(|format| format!("{format}{version}")));
    facts.extend(input.tool_version.as_ref().map(|version| format!("made by version {version}")));
    facts.extend(input.workspace.as_ref().map(|workspace| format!("workspace {workspace}")));
    facts.extend(input.shown_by.as_ref().map(|program| format!("shown by {program}")));
    facts.push(format!("{} objects", input.objects));
    facts.join(" · ")
}
