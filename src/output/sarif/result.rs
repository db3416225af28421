//! One finding as a result.

use serde_json::{Value, json};

use super::{message, place};
use crate::output::{clean, words};
use crate::report::{Environment, Finding, Outcome, Place, Report, Source, WayOut};
use crate::rules::RULES;

/// Writes a finding; the fingerprint is its own among all of the file.
pub(super) fn write(report: &Report, finding: &Finding, fingerprint: &str) -> Value {
    let places = Places::of(report, finding);
    let mut result = json!({
        "ruleId": finding.rule,
        "kind": "fail",
        "level": level(finding.verdict),
        "message": message::of(&paragraphs(finding, &places)),
        "locations": [places.primary],
        "relatedLocations": places.related.iter().map(|related| related.value.clone()).collect::<Vec<_>>(),
        "fingerprints": {"blastgate/finding/v1": fingerprint},
        // The one that GitHub looks at. Without it, it takes the line's text, which all instances of a block share.
        "partialFingerprints": {"primaryLocationLineHash": format!("{fingerprint}:1")},
        "rank": finding.score,
        "properties": properties(finding),
    });
    let rule = RULES.iter().position(|rule| rule.id == finding.rule);
    if let (Some(result), Some(rule)) = (result.as_object_mut(), rule) {
        result.insert("ruleIndex".to_owned(), rule.into());
    }
    if let (Some(result), Some(why)) = (result.as_object_mut(), lowered(finding)) {
        let suppression = json!({"kind": "external", "status": "accepted", "justification": clean(&why)});
        result.insert("suppressions".to_owned(), json!([suppression]));
    }
    result
}

fn level(verdict: Outcome) -> &'static str {
    match verdict {
        Outcome::Block | Outcome::Error => "error",
        Outcome::Review => "warning",
        Outcome::Allow => "note",
    }
}

/// Why a finding was lowered to nothing. One that somebody must still look at is not suppressed.
fn lowered(finding: &Finding) -> Option<String> {
    let lowered = finding.lowered.as_ref().filter(|_| finding.verdict == Outcome::Allow)?;
    Some(format!("Lowered from {} by its {}: {}", lowered.from.word(), lowered.by, environment(&finding.environment)))
}

fn environment(environment: &Environment) -> String {
    match (&environment.key, &environment.value, &environment.address) {
        (Some(key), Some(value), Some(address)) => format!("{} ({key} = \"{value}\" of {address}).", environment.is),
        _ => format!("{}.", environment.is),
    }
}

/// The places of a result.
struct Places {
    primary: Value,
    /// No file that was read has it: the place is the plan's.
    in_plan: bool,
    related: Vec<Related>,
}

/// A further place, and what the message says of it.
struct Related {
    value: Value,
    says: String,
}

impl Places {
    /// The attribute that forces the change, else the block, else the plan; and where its value comes from.
    fn of(report: &Report, finding: &Finding) -> Self {
        let block = finding.source.as_ref().map(|source| Place { file: source.file.clone(), line: source.line });
        let attribute = finding.source.as_ref().and_then(|source| source.attribute_at.clone());
        let own = [&attribute, &block].into_iter().flatten().find_map(|at| Some((at.clone(), place::uri(&at.file)?)));
        let input = report.inputs.iter().find(|input| input.name == finding.input);
        let physical = match (&own, input) {
            (Some((at, uri)), _) => place::physical(uri, at.line),
            (None, Some(input)) => place::physical(&place::of_input(input), 1),
            (None, None) => place::physical("plan", 1),
        };
        let (name, kind) = match finding.address.as_str() {
            "" => (&finding.input, "module"),
            _ => (&finding.address, "resource"),
        };
        let primary = json!({"physicalLocation": physical, "logicalLocations": [place::logical(name, kind)]});
        let related = match (&own, &finding.source) {
            (Some((at, _)), Some(source)) => related(finding, source, at),
            _ => Vec::new(),
        };
        Self { primary, in_plan: own.is_none(), related }
    }
}

fn related(finding: &Finding, source: &Source, primary: &Place) -> Vec<Related> {
    let block = Place { file: source.file.clone(), line: source.line };
    let decided_by = match &finding.cause {
        Some(cause) if cause.path.is_empty() => words::decided_by(cause).to_owned(),
        Some(cause) => format!("{} of {}", words::decided_by(cause), cause.address),
        None => "it".to_owned(),
    };
    let mut found: Vec<Related> = Vec::new();
    let mut add = |at: &Place, what: &str, says: &dyn Fn(&str) -> String| {
        let id = found.len().saturating_add(1);
        if let Some(value) = place::related(at, id, what).filter(|_| at != primary) {
            found.push(Related { value, says: says(&message::link("here", id)) });
        }
    };
    add(&block, "Its block", &|here| format!("Its block begins {here}."));
    if let Some(set) = source.set_at.as_ref().filter(|set| **set != block) {
        add(set, &format!("{decided_by} is set"), &|here| format!("{} is set {here}.", message::plain(&decided_by)));
    }
    for call in source.called_from.iter().rev() {
        add(call, "Its module is called", &|here| format!("Its module is called {here}."));
    }
    found
}

/// What a person reads. The first sentence stands for all where there is little room.
fn paragraphs(finding: &Finding, places: &Places) -> Vec<String> {
    let subject = words::object(finding);
    let mut paragraphs = vec![message::plain(&format!("{subject}: {}", finding.reason))];
    let mut say = |text: String| paragraphs.push(message::plain(&text));
    if let Some(cause) = &finding.cause {
        let forced = cause.forced_by.as_ref().map(|by| format!("{by} forces it. ")).unwrap_or_default();
        say(format!("{forced}Why: {}", cause.text));
    }
    if let Some(dependents) = dependents(finding) {
        say(dependents);
    }
    finding.evidence.iter().for_each(|fact| say(format!("Known: {fact}.")));
    if let Some(lowered) = &finding.lowered {
        say(format!(
            "Lowered from {} by its {}: {}",
            lowered.from.word(),
            lowered.by,
            environment(&finding.environment)
        ));
    }
    say(format!("Check: {}", finding.check));
    finding.ways_out.iter().take(1).for_each(|way| say(format!("Instead: {}", way.text)));
    let instead = finding.source.as_ref().and_then(|source| source.instead.as_ref()).filter(|_| !places.in_plan);
    if let Some(instead) = instead {
        say(format!("Its block is gone, so this points at {instead}."));
    }
    if places.in_plan && !finding.address.is_empty() {
        say("No file that was read has its block, so this points at the plan.".to_owned());
    }
    let places: Vec<&str> = places.related.iter().map(|related| related.says.as_str()).collect();
    if !places.is_empty() {
        paragraphs.push(places.join(" "));
    }
    paragraphs
}

fn dependents(finding: &Finding) -> Option<String> {
    let dependents = &finding.dependents;
    let names: Vec<&str> = dependents.nearest.iter().map(|one| one.address.as_str()).collect();
    let more = (dependents.count as usize).saturating_sub(names.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!names.is_empty()).then(|| format!("On it stand: {}{more}.", names.join(", ")))
}

/// What programs may want to know, as in the report.
fn properties(finding: &Finding) -> Value {
    let way = |way: &WayOut| {
        let paste = way.paste.as_ref().map(|paste| json!({"language": paste.language, "text": paste.text}));
        json!({"id": way.id, "text": clean(&way.text), "paste": paste})
    };
    json!({
        "verdict": finding.verdict.word(),
        "also": finding.also,
        "input": clean(&finding.input),
        "action": finding.action,
        "resourceType": clean(&finding.kind),
        "loss": finding.loss,
        "names": finding.names.iter().map(|name| clean(name)).collect::<Vec<_>>(),
        "dependents": finding.dependents.count,
        "environment": finding.environment.is,
        "group": clean(&finding.group),
        "waysOut": finding.ways_out.iter().map(way).collect::<Vec<_>>(),
    })
}
