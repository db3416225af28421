//! What narrows the list: text, verdicts, rules and plans, each with how many findings it has.

use std::collections::BTreeMap;

use super::finding;
use super::markup::Markup;
use super::places::Places;
use crate::report::Report;

/// The head of the list. Its controls work with a script alone and are not shown without one.
pub(super) fn filters(report: &Report, places: &Places<'_>) -> Markup {
    let mut out = Markup::default();
    out.raw("<div class=\"section-head\"><h2 id=\"findings\">Findings</h2>");
    out.put("<p id=\"count\" role=\"status\" aria-live=\"polite\">{} in all</p></div>", &[&report.findings.len()]);
    if report.findings.len() < 2 {
        return out;
    }
    out.raw(include_str!("filters.html"));
    let count = |verdict: &str| report.findings.iter().filter(|one| finding::verdict(one) == verdict).count();
    let verdicts: Vec<(&str, usize)> = ["block", "review", "lowered"].map(|verdict| (verdict, count(verdict))).into();
    choices(&mut out, "verdict", "Verdict", &verdicts);
    let mut rules: Vec<(&str, usize)> = Vec::new();
    for finding in &report.findings {
        match rules.iter_mut().find(|(rule, _)| *rule == finding.rule) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => rules.push((&finding.rule, 1)),
        }
    }
    choices(&mut out, "rule", "Rule", &rules);
    plans(&mut out, report, places);
    out.raw("<button type=\"button\" id=\"clear\" hidden=\"hidden\">Clear all</button></form>");
    out.raw("<p id=\"none\" hidden=\"hidden\">Nothing matches. <button type=\"button\">Show all</button></p>");
    out
}

fn choices(out: &mut Markup, name: &'static str, title: &'static str, values: &[(&str, usize)]) {
    let values: Vec<_> = values.iter().filter(|(_, count)| *count > 0).collect();
    // One choice is none.
    if values.len() < 2 {
        return;
    }
    out.put("<fieldset><legend>{}</legend>", &[&title]);
    for (value, count) in values {
        out.put(
            "<label class=\"choice {}\"><input type=\"checkbox\" name=\"{}\" value=\"{}\" autocomplete=\"off\"/>\
             <span>{} <b>{}</b></span></label>",
            &[&if name == "verdict" { value } else { "rule" }, &name, value, value, count],
        );
    }
    out.raw("</fieldset>");
}

fn plans(out: &mut Markup, report: &Report, places: &Places<'_>) {
    if !places.several {
        return;
    }
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for finding in &report.findings {
        let count = counts.entry(places.plan_of(finding)).or_default();
        *count = count.saturating_add(1);
    }
    out.raw("<label class=\"plan\">Plan <select name=\"plan\" autocomplete=\"off\"><option value=\"\">all</option>");
    for (place, input) in report.inputs.iter().filter(|input| input.role == "plan").enumerate() {
        let count = counts.get(&place).copied().unwrap_or_default();
        out.put(
            "<option value=\"{}\">{} ({})</option>",
            &[&place, &super::short::fit(&crate::output::clean(&input.name), 40), &count],
        );
    }
    out.raw("</select></label>");
}
