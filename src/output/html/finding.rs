//! One finding: a line that names it, and everything that is known of it.

use super::markup::Markup;
use super::places::{Found, Places};
use super::short;
use crate::output::words;
use crate::report::{Cause, Environment, Finding, Lowered, Outcome, Points};

/// A finding's verdict as filters and signs know it.
pub(super) fn verdict(finding: &Finding) -> &'static str {
    match finding.verdict {
        Outcome::Block | Outcome::Error => "block",
        Outcome::Review => "review",
        Outcome::Allow => "lowered",
    }
}

/// What a finding is about.
pub(super) fn title(finding: &Finding) -> String {
    words::object(finding)
}

/// Its name as a link to it; of a plan as a whole, what it is about.
pub(super) fn link(out: &mut Markup, finding: Found<'_>) {
    let name = match &*finding.address {
        "" => format!("{} of {}", finding.rule, short::file(&finding.input)),
        address => crate::output::clean(address),
    };
    let name = short::fit(&name, 64);
    out.put("<a href=\"#f{}\" title=\"{}\"><code>{}</code></a>", &[&finding.place, &title(&finding), &name]);
}

/// What opens a finding: sign, verdict, name, and what happens in a line. `more` counts those that its story has besides.
pub(super) fn summary(out: &mut Markup, finding: &Finding, places: &Places<'_>, more: usize) {
    out.put("<summary><span class=\"badge {}\">{}</span> ", &[&verdict(finding), &verdict(finding)]);
    out.put("<span class=\"what\"><code>{}</code>", &[&title(finding)]);
    if more > 0 {
        out.put(" <span class=\"more\">and {} more from the same cause</span>", &[&more]);
    }
    out.put("</span> <span class=\"why\">{}</span> ", &[&finding.reason]);
    out.put("<span class=\"tags\"><span>{}</span>", &[&finding.rule]);
    if !finding.action.is_empty() {
        out.put(" <span>{}</span>", &[&finding.action]);
    }
    if finding.dependents.count > 0 {
        out.put(" <span class=\"on-it\">{} on it</span>", &[&finding.dependents.count]);
    }
    if places.several && !finding.address.is_empty() {
        let file = short::fit(&short::file(&finding.input), 36);
        out.put(" <span title=\"{}\">{}</span>", &[&finding.input, &file]);
    }
    out.raw("</span></summary>");
}

/// What filters look at.
pub(super) fn marks(out: &mut Markup, finding: Found<'_>, places: &Places<'_>) {
    out.put(
        " id=\"f{}\" data-verdict=\"{}\" data-rule=\"{}\" data-plan=\"{}\"",
        &[&finding.place, &verdict(&finding), &finding.rule, &places.plan_of(&finding)],
    );
}

/// The facts, apart from what was not seen. No cause is given where the story has told it.
pub(super) fn facts(out: &mut Markup, finding: &Finding, places: &Places<'_>, cause: Option<&str>) {
    let note = finding.catalog.as_ref().and_then(|catalog| catalog.note.as_deref()).unwrap_or_default();
    out.put("<p class=\"reason\">{} {}</p><dl class=\"facts\">", &[&finding.reason, &note]);
    let from_there = finding.cause.as_ref().map(way_there).unwrap_or_default();
    if let (Some(text), Some(_)) = (cause, &finding.cause) {
        out.put("<dt>Why</dt><dd>{} {}</dd>", &[&text, &from_there]);
    } else if !from_there.is_empty() {
        out.put("<dt>Why</dt><dd>As told above. {}</dd>", &[&from_there]);
    }
    dependents(out, finding);
    if let Some(source) = &finding.source {
        out.put("<dt>Written at</dt><dd>{}</dd>", &[&words::written_at(source, finding.cause.as_ref())]);
    }
    if places.several {
        out.put("<dt>Plan</dt><dd>{}</dd>", &[&finding.input]);
    }
    for fact in &finding.evidence {
        out.put("<dt>Known</dt><dd>{}</dd>", &[fact]);
    }
    if let Some(counts_as) = &finding.counts_as {
        out.put("<dt>Counts as</dt><dd>{}</dd>", &[counts_as]);
    }
    environment(out, finding);
    if let Some(Lowered { from, by }) = &finding.lowered {
        out.put("<dt>Lowered</dt><dd>from {} to {}, by the {}</dd>", &[&from.word(), &finding.verdict.word(), by]);
    }
    if !finding.also.is_empty() {
        out.put("<dt>Also meets</dt><dd>{}</dd>", &[&finding.also.join(", ")]);
    }
    out.put("<dt>Score</dt><dd>{}: {}</dd></dl>", &[&finding.score, &points(&finding.points)]);
    unseen(out, finding);
    out.put("<p class=\"check\"><b>Check</b> {}</p>", &[&finding.check]);
}

/// What a score is made of.
pub(super) fn points(points: &[Points]) -> String {
    let one = |one: &Points| format!("{} for {}", one.points, one.reason);
    points.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// How the cause comes from where it began to here, where it goes through others.
fn way_there(cause: &Cause) -> String {
    let Some(attribute) = Some(&cause.path).filter(|path| !path.is_empty()).map(|_| cause.forced_by.as_deref()) else {
        return String::new();
    };
    let names: Vec<&str> = cause.path.iter().rev().map(String::as_str).collect();
    let here = attribute.map_or_else(|| "this".to_owned(), |attribute| format!("{attribute} of this"));
    let also = cause.also_edited.as_ref().map(|also| format!(" {also} of this was edited too.")).unwrap_or_default();
    format!("From there: {} is made anew, and with it {here}.{also}", names.join(", then "))
}

fn dependents(out: &mut Markup, finding: &Finding) {
    let dependents = &finding.dependents;
    if dependents.nearest.is_empty() {
        return;
    }
    out.put("<dt class=\"on-it\">On it stand</dt><dd class=\"on-it\"><b>{}</b>", &[&dependents.count]);
    if dependents.outside_plan > 0 {
        out.put(", of which the plan leaves {} as they are", &[&dependents.outside_plan]);
    }
    out.raw("<ul class=\"names\">");
    for one in &dependents.nearest {
        let steps = if one.steps == 1 { "directly".to_owned() } else { format!("{} steps away", one.steps) };
        let known = match &*one.known_by {
            "configuration" => "the configuration refers to it",
            "state" => "the state records it",
            "sources" => "the files refer to it",
            _ => "its id stands among the values",
        };
        out.put("<li><code>{}</code> <small>{}, {}</small></li>", &[&one.address, &steps, &known]);
    }
    let more = (dependents.count as usize).saturating_sub(dependents.nearest.len());
    if more > 0 {
        out.put("<li>and {} more</li>", &[&more]);
    }
    out.raw("</ul>");
    let seen: Vec<&str> = dependents.nearest.iter().map(|one| one.address.as_str()).collect();
    let outside = dependents.outside.iter().filter(|one| !seen.contains(&one.as_str()));
    let outside: Vec<&str> = outside.map(String::as_str).collect();
    if !outside.is_empty() {
        out.put("<p>Left as they are, among others: {}</p>", &[&outside.join(", ")]);
    }
    out.raw("</dd>");
}

fn environment(out: &mut Markup, finding: &Finding) {
    match &finding.environment {
        Environment { is, address: Some(address), key: Some(key), value: Some(value) } => out.put(
            "<dt>Environment</dt><dd>{}: <code>{} = \"{}\"</code> of <code>{}</code></dd>",
            &[is, key, value, address],
        ),
        _ if finding.catalog.is_some() => {
            out.raw("<dt>Environment</dt><dd>nothing says which, so it counts as production</dd>");
        }
        _ => {}
    }
}

fn unseen(out: &mut Markup, finding: &Finding) {
    let dependents = &finding.dependents;
    let nothing = dependents.nearest.is_empty() && finding.catalog.is_some() && finding.loss != "protection";
    let text = match (nothing, dependents.carries_unlisted) {
        (true, true) => "Nothing is seen to stand on it, but it carries what no plan lists.",
        (true, false) => "Nothing is seen to stand on it.",
        (false, true) => "It also carries what no plan lists.",
        (false, false) => return,
    };
    out.put("<p class=\"unseen\"><b>Not seen</b> {}</p>", &[&text]);
}

/// Everything that matters in one paragraph, for a page that has very many.
pub(super) fn brief(finding: &Finding) -> String {
    let mut text = Vec::new();
    if let Some(cause) = &finding.cause {
        text.push(format!("Why: {}", cause.text));
    }
    let names: Vec<&str> = finding.dependents.nearest.iter().map(|one| one.address.as_str()).collect();
    if !names.is_empty() {
        text.push(format!("On it stand {}, the nearest: {}.", finding.dependents.count, names.join(", ")));
    }
    if finding.dependents.carries_unlisted {
        text.push("It carries what no plan lists.".to_owned());
    }
    text.extend(finding.counts_as.iter().map(|counts_as| format!("Counts as: {counts_as}")));
    if let (Some(key), Some(value)) = (&finding.environment.key, &finding.environment.value) {
        text.push(format!("Environment: {} ({key} = \"{value}\").", finding.environment.is));
    }
    text.push(format!("Score {}.", finding.score));
    text.push(format!("Check: {}", finding.check));
    text.extend(finding.ways_out.first().map(|way| format!("Instead: {}", way.text)));
    text.join(" ")
}
