//! The report as one page: nothing is loaded from elsewhere, and nothing of a plan can execute or load anything.
//!
//! All markup is this program's own text, all strings go in escaped (`markup`), the one script and the one style are
//! files beside this one, and the page's policy allows these two alone, by their hashes. Whatever the script needs to know it
//! reads from the page. Without it, everything is there and readable.

mod banner;
mod chart;
mod filters;
mod finding;
mod glance;
mod layout;
mod markup;
mod places;
mod rest;
mod short;
mod stories;
mod ways;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::Style;
use crate::report::{Outcome, Report};
use chart::Chart;
use markup::Markup;
use places::Places;

/// So many nodes are drawn: more cannot be looked at.
pub(super) const DRAWS: usize = 400;

const STYLE: &str = concat!(
    include_str!("style/base.css"),
    include_str!("style/banner.css"),
    include_str!("style/glance.css"),
    include_str!("style/chart.css"),
    include_str!("style/list.css"),
    include_str!("style/rest.css"),
    include_str!("style/print.css"),
);

const SCRIPT: &str = concat!(
    include_str!("script/state.js"),
    include_str!("script/theme.js"),
    include_str!("script/copy.js"),
    include_str!("script/filter.js"),
    include_str!("script/folded.js"),
    include_str!("script/chart.js"),
    include_str!("script/keys.js"),
    include_str!("script/start.js"),
);

/// Writes the page.
pub(super) fn write(report: &Report, _: Style) -> String {
    let places = Places::of(report);
    let mut page = head(report);
    let first = if report.findings.is_empty() { "main" } else { "findings" };
    page.put("<a class=\"skip\" href=\"#{}\">Skip to what was found</a>", &[&first]);
    page.raw(include_str!("signs.html"));
    page.add(&banner::banner(report));
    page.raw("<main id=\"main\" class=\"wrap\">");
    page.add(&rest::errors(report));
    page.add(&glance::glance(report));
    if let Some(picture) = chart::cut(report.picture.as_ref()) {
        let harmless = report.verdict == Outcome::Allow;
        let title = if harmless { "What is destroyed, and what stands on it" } else { "The blast radius" };
        page.add(&Chart::new(&picture).section(&places, title));
    }
    findings(&mut page, report, &places);
    page.add(&rest::rest(report, &places));
    page.raw("</main>");
    page.put(
        "<footer class=\"wrap\">Made by {} {} with catalogue {}. The same plans give the same page.</footer>",
        &[&report.tool.name, &report.tool.version, &report.tool.catalog],
    );
    page.raw("<script type=\"module\">");
    page.raw(SCRIPT);
    page.raw("</script></body></html>\n");
    page.finish()
}

fn head(report: &Report) -> Markup {
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    );
    let verdict = banner::title(report.verdict);
    let names: Vec<String> = report.inputs.iter().take(3).map(|input| markup::shorten(&input.name, 60)).collect();
    let mut page = Markup::of(include_str!("head.html"), &[&policy, &report.tool.version, &verdict, &names.join(", ")]);
    page.raw("<style>");
    page.raw(STYLE);
    page.raw("</style></head><body>");
    page
}

/// A text's hash, as policies name it (<https://www.w3.org/TR/CSP3/#grammardef-hash-source>).
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

fn findings(page: &mut Markup, report: &Report, places: &Places<'_>) {
    if report.findings.is_empty() {
        return;
    }
    page.raw("<section class=\"list\" aria-labelledby=\"findings\">");
    page.add(&filters::filters(report, places));
    page.add(&stories::stories(report, places));
    page.raw("</section>");
}
