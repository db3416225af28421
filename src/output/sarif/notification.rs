//! What there is to say of the analysis itself: inputs that could not be read, what was not seen, what was left out.

use serde_json::{Value, json};

use super::part::Part;
use super::{message, place};
use crate::report::{Finding, Outcome, Report};

/// What notifications are about: an id, what it means, and what to do.
pub(super) const KINDS: [(&str, &str, &str); 4] = [
    (
        "input-not-read",
        "An input could not be read, so there is no verdict on it.",
        "Give what the message asks for. Until then nothing is known of that input.",
    ),
    (
        "results-left-out",
        "There are more findings than a service takes: the least of them are left out.",
        "Read the report in another form, which has all of them.",
    ),
    (
        "not-seen",
        "Something could not be seen, and what follows from that.",
        "Give what is missing, such as the sources or the state, where the message names it.",
    ),
    ("look-at", "Something deserves a look and changes no verdict.", "Look at it."),
];

/// How the analysis went, as far as a part is concerned. What belongs to no plan is told in the first.
pub(super) fn invocation(report: &Report, part: &Part<'_>, is_first: bool, left_out: &[&Finding]) -> Value {
    let errors: Vec<&str> = report.inputs.iter().filter_map(|input| input.error.as_deref()).collect();
    let mut all: Vec<Value> = errors.iter().map(|error| notification("input-not-read", "error", error, None)).collect();
    all.extend(more(left_out).map(|text| notification("results-left-out", "warning", &text, None)));
    let is_plan = |name: &str| report.inputs.iter().any(|input| input.role == "plan" && input.name == name);
    let concerns = |name: &str| part.plans.iter().any(|plan| plan.name == name) || (is_first && !is_plan(name));
    for gap in report.gaps.iter().filter(|gap| concerns(&gap.input)) {
        let text = if is_plan(&gap.input) { gap.text.clone() } else { format!("{}: {}", gap.input, gap.text) };
        all.push(notification("not-seen", "warning", &text, None));
    }
    for note in report.notes.iter().filter(|_| is_first) {
        let about = Some(note.address.as_str()).filter(|address| !address.is_empty());
        let text = about.map_or_else(|| note.text.clone(), |address| format!("{address}: {}", note.text));
        all.push(notification("look-at", "note", &text, about));
    }
    json!({"executionSuccessful": errors.is_empty(), "toolExecutionNotifications": all})
}

fn notification(id: &str, level: &str, text: &str, about: Option<&str>) -> Value {
    let index = KINDS.iter().position(|(known, _, _)| *known == id);
    let mut value = json!({
        "descriptor": {"id": id, "index": index},
        "level": level,
        "message": message::of(&[message::plain(text)]),
    });
    if let Some((object, address)) = value.as_object_mut().zip(about) {
        object.insert("locations".to_owned(), json!([{"logicalLocations": [place::logical(address, "resource")]}]));
    }
    value
}

/// How many findings were left out, and which.
fn more(left_out: &[&Finding]) -> Option<String> {
    let count = |wanted: Outcome| left_out.iter().filter(|finding| finding.verdict == wanted).count();
    let counts = [(Outcome::Block, "block"), (Outcome::Review, "review"), (Outcome::Allow, "lowered")];
    let counts: Vec<String> = counts
        .into_iter()
        .map(|(wanted, word)| (count(wanted), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    (!counts.is_empty()).then(|| {
        let (number, counts) = (left_out.len(), counts.join(", "));
        format!("{number} further findings are left out here, since services take no more: {counts}. The report as JSON has all.")
    })
}
