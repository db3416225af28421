//! The first thing that is seen: the verdict, its reason, and the change in a few numbers.

use super::markup::Markup;
use crate::output::words;
use crate::report::{Changes, Outcome, Report};

/// The verdict as a head of the page.
pub(super) fn banner(report: &Report) -> Markup {
    let verdict = report.verdict;
    let mut out = Markup::of("<header class=\"banner {}\"><div class=\"wrap\">", &[&verdict.word()]);
    out.raw(include_str!("top.html"));
    out.put(
        "<div class=\"verdict\"><svg class=\"sign\" aria-hidden=\"true\"><use href=\"#sign-{}\"/></svg>\
         <div><h1>{}</h1><p class=\"meaning\">{}</p></div>",
        &[&verdict.word(), &title(verdict), &meaning(verdict)],
    );
    if report.score > 0 {
        score(&mut out, report.score);
    }
    out.raw("</div>");
    if let Some(lead) = lead(report) {
        out.put("<p class=\"lead\">{}</p>", &[&lead]);
    }
    for (what, who) in [
        ("Agreed to", words::agreed(report, str::to_owned)),
        ("Agents took part:", words::agents(report, str::to_owned)),
    ] {
        if let Some(who) = who {
            out.put("<p class=\"meaning\">{} {}.</p>", &[&what, &who]);
        }
    }
    tallies(&mut out, report);
    out.raw("</div></header>");
    out
}

/// A verdict as a heading.
pub(super) fn title(verdict: Outcome) -> &'static str {
    match verdict {
        Outcome::Allow => "Allow",
        Outcome::Review => "Review",
        Outcome::Block => "Block",
        Outcome::Error => "No verdict",
    }
}

fn meaning(verdict: Outcome) -> &'static str {
    match verdict {
        Outcome::Error => "Not everything could be read. What was read is told below.",
        verdict => verdict.meaning(),
    }
}

/// The reason in a sentence, where the verdict alone does not say it.
fn lead(report: &Report) -> Option<String> {
    match report.verdict {
        Outcome::Block | Outcome::Review => Some(report.summary.text.clone()),
        Outcome::Error => None,
        Outcome::Allow => {
            let environment = &report.findings.first()?.environment;
            let sign = environment.key.as_ref().zip(environment.value.as_ref()).zip(environment.address.as_ref());
            let ((key, value), address) = sign?;
            Some(format!("What was found is {}: {key} = \"{value}\" of {address} says so.", environment.is))
        }
    }
}

fn score(out: &mut Markup, score: u32) {
    // The bar is drawn and not styled: a strict policy knows no style in an attribute.
    let length = score.min(100);
    out.put(
        "<a class=\"score\" href=\"#score\"><span class=\"number\">{}</span> <span class=\"of\">of 100 points</span>\
         <svg viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"all\" width=\"100\" height=\"4\"/><rect class=\"part\" width=\"{}\" height=\"4\"/></svg></a>",
        &[&score, &length],
    );
}

fn tallies(out: &mut Markup, report: &Report) {
    let summary = &report.summary;
    out.raw("<ul class=\"tallies\" aria-label=\"The change in numbers\">");
    for (count, word) in [(summary.block, "block"), (summary.review, "review"), (summary.lowered, "lowered")] {
        if count > 0 {
            out.put("<li class=\"{}\"><b>{}</b> {}</li>", &[&word, &count, &word]);
        }
    }
    let counts = changes(&summary.changes);
    for (count, word) in &counts {
        out.put("<li><b>{}</b> {}</li>", &[count, word]);
    }
    if counts.is_empty() {
        out.raw("<li>no changes</li>");
    }
    out.raw("</ul>");
}

/// The planned changes that there are, the gravest first.
fn changes(changes: &Changes) -> Vec<(usize, &'static str)> {
    let counts = words::planned(changes).into_iter().chain([(changes.unchanged, "unchanged")]);
    counts.filter(|(count, _)| *count > 0).collect()
}
