//! What outputs say of a report, in sentences. How a sentence is written, and what of a hostile string is made harmless
//! in it, is the output's own.

use crate::report::{Cause, Changes, Finding, Group, Outcome, Place, Report, Source, Summary, WayOut};

/// So many agents are named.
const AGENTS: usize = 8;
/// So many further findings of one cause are named.
pub(super) const IN_A_GROUP: usize = 8;

/// More than one plan was judged, so a finding says which one it is in.
pub(super) fn are_several(report: &Report) -> bool {
    report.inputs.iter().filter(|input| input.role == "plan").count() > 1
}

/// `4 block, 2 review`; nothing where nothing was found.
pub(super) fn counts(summary: &Summary) -> Option<String> {
    let counts = [(summary.block, "block"), (summary.review, "review"), (summary.lowered, "lowered")];
    list(&counts, " ")
}

/// The planned changes in one line.
pub(super) fn changes(changes: &Changes) -> String {
    list(&planned(changes), " ").unwrap_or_else(|| "no changes".to_owned())
}

/// How many objects are planned to become what, the gravest first.
pub(super) fn planned(changes: &Changes) -> [(usize, &'static str); 9] {
    [
        (changes.delete, "to delete"),
        (changes.replace, "to replace"),
        (changes.may_replace, "that may be replaced"),
        (changes.unknown, "unknown"),
        (changes.forget, "to forget"),
        (changes.update, "to update"),
        (changes.create, "to create"),
        (changes.import, "to import"),
        (changes.moved, "moved"),
    ]
}

/// The counts that are not zero, each with its word.
pub(super) fn list(counts: &[(usize, &str)], between: &str) -> Option<String> {
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count}{between}{word}")).collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

/// `1 finding`, `2 findings`.
pub(super) fn number(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// Everything that an input does, be it a plan or a change set.
pub(super) fn whole(input: &str) -> String {
    format!("{input} as a whole")
}

/// Who agreed and when, each written by `name`.
pub(super) fn agreed(report: &Report, name: impl Fn(&str) -> String) -> Option<String> {
    report
        .approval
        .as_ref()
        .map(|approval| format!("by {} at {}: this may go on", name(&approval.by), name(&approval.at)))
}

/// The agents that took part, each written by `name`, with how many commits each has a part in.
pub(super) fn agents(report: &Report, name: impl Fn(&str) -> String) -> Option<String> {
    let each = report.agents.iter().map(|one| format!("{} ({})", name(&one.name), number(one.commits, "commit")));
    let more = report.agents.len().saturating_sub(AGENTS);
    let more = (more > 0).then(|| format!("and {more} more"));
    (!report.agents.is_empty()).then(|| each.take(AGENTS).chain(more).collect::<Vec<_>>().join(", "))
}

/// What a finding is about, without the plan that it is in.
pub(super) fn object(finding: &Finding) -> String {
    match (&finding.deposed, finding.address.as_str()) {
        (_, "") => whole(&finding.input),
        (Some(key), address) => format!("{address} (deposed {key})"),
        (None, address) => address.to_owned(),
    }
}

/// A group's findings that were not lowered to nothing, the worst first.
pub(super) fn open_of<'r>(report: &'r Report, group: &Group) -> Vec<&'r Finding> {
    let findings = group.findings.iter().filter_map(|place| report.findings.get(*place));
    findings.filter(|finding| finding.verdict != Outcome::Allow).collect()
}

/// The groups that have such findings, with them.
pub(super) fn open(report: &Report) -> Vec<(&Group, Vec<&Finding>)> {
    let groups = report.groups.iter().map(|group| (group, open_of(report, group)));
    groups.filter(|(_, findings)| !findings.is_empty()).collect()
}

/// The findings that were lowered to nothing.
pub(super) fn lowered(report: &Report) -> Vec<&Finding> {
    report.findings.iter().filter(|finding| finding.verdict == Outcome::Allow).collect()
}

/// What happens, with what the catalogue has to say of it.
pub(super) fn reason(finding: &Finding) -> String {
    // A note tells what goes with such an object: nothing does where one is only looked into.
    let goes = finding.loss != "unseen" || finding.action != "update";
    let note =
        finding.catalog.as_ref().filter(|_| goes).and_then(|catalog| catalog.note.as_deref()).unwrap_or_default();
    format!("{} {note}", finding.reason).trim_end().to_owned()
}

/// How the cause comes from where it began to here, where it goes through others.
pub(super) fn way_there(finding: &Finding) -> Option<String> {
    let cause = finding.cause.as_ref().filter(|cause| !cause.path.is_empty())?;
    let names: Vec<&str> = cause.path.iter().rev().map(String::as_str).collect();
    let here = cause.forced_by.as_deref().map_or_else(|| "this".to_owned(), |attribute| format!("{attribute} of this"));
    let also = cause.also_edited.as_deref().map(|also| format!(" {also} of this was edited too.")).unwrap_or_default();
    Some(format!("{} is made anew, and with it {here}.{also}", names.join(", then ")))
}

/// Where an object is written, how its module is called, and where what decides its change is set.
pub(super) fn written_at(source: &Source, cause: Option<&Cause>) -> String {
    let called: Vec<String> = source.called_from.iter().rev().map(place_of).collect();
    let called = if called.is_empty() { String::new() } else { format!(", called from {}", called.join(", ")) };
    let set = source.set_at.as_ref().zip(cause.map(decided_by));
    let set = set.map(|(at, attribute)| format!("; {attribute} is set at {}", place_of(at))).unwrap_or_default();
    let at = format!("{}:{}{called}{set}.", source.file, source.line);
    match &source.instead {
        Some(instead) => format!("nowhere, its block is gone; written instead is {instead}: {at}"),
        None => at,
    }
}

/// What is set where a cause began.
pub(super) fn decided_by(cause: &Cause) -> &str {
    let by_origin = match cause.origin.as_str() {
        "key removed" => "for_each",
        "index removed" => "count",
        "repetition changed" => "count or for_each",
        "triggered" => "replace_triggered_by",
        _ => "it",
    };
    cause.attribute.as_deref().unwrap_or(by_origin)
}

fn place_of(place: &Place) -> String {
    format!("{}:{}", place.file, place.line)
}

/// The file and the line to mark: where the object's block sets what forces the change, else where the block begins.
pub(super) fn place(finding: &Finding) -> Option<(&str, u32)> {
    let source = finding.source.as_ref()?;
    let set = source.attribute_at.as_ref().map(|at| (at.file.as_str(), at.line));
    Some(set.unwrap_or((&source.file, source.line)))
}

/// The nearest of those who stand on the object.
pub(super) fn nearest(finding: &Finding) -> Option<String> {
    let dependents = &finding.dependents;
    let names: Vec<&str> = dependents.nearest.iter().map(|one| here(&one.address, finding)).collect();
    (!names.is_empty()).then(|| some(&names, dependents.count))
}

/// An address without the plan's name before it where that is the finding's own, which is told already.
pub(super) fn here<'a>(address: &'a str, finding: &Finding) -> &'a str {
    let rest = address.strip_prefix(&finding.input).and_then(|rest| rest.strip_prefix(": "));
    rest.unwrap_or(address)
}

/// What to say where nobody stands on it; nothing where that is not the question.
pub(super) fn nothing_seen(finding: &Finding) -> Option<String> {
    let carries = if finding.dependents.carries_unlisted { "; it carries what no plan lists" } else { "" };
    let asked = finding.catalog.is_some() && finding.loss != "protection";
    (asked && finding.dependents.nearest.is_empty()).then(|| format!("nothing that is seen here{carries}."))
}

/// Those of them that the plan leaves as they are.
pub(super) fn outside(finding: &Finding) -> Option<String> {
    let dependents = &finding.dependents;
    let names: Vec<&str> = dependents.outside.iter().map(|address| here(address, finding)).collect();
    match dependents.outside_plan {
        _ if dependents.nearest.is_empty() => None,
        0 => None,
        // Nobody wants to read the same names twice.
        all if all == dependents.count && all > 1 => Some("All of them are left as they are.".to_owned()),
        some_of => Some(format!("Of them left as they are: {}.", some(&names, some_of))),
    }
}

/// `a, b and 3 more`.
fn some(names: &[&str], all: u32) -> String {
    let more = (all as usize).saturating_sub(names.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", names.join(", "))
}

/// In which environment it is, and what says so.
pub(super) fn environment(finding: &Finding) -> Option<String> {
    let environment = &finding.environment;
    match (&environment.key, &environment.value, &environment.address) {
        (Some(key), Some(value), Some(address)) => {
            let address = here(address, finding);
            Some(format!("Environment: {} ({key} = \"{value}\" of {address}).", environment.is))
        }
        _ if finding.catalog.is_some() => {
            Some("Environment: nothing says which, so it counts as production.".to_owned())
        }
        _ => None,
    }
}

/// What to do instead, with the text to paste below it.
pub(super) fn way_out(way: &WayOut) -> String {
    let paste = way.paste.iter().flat_map(|paste| paste.text.lines()).map(|line| format!("\n    {line}"));
    format!("Instead: {}{}", way.text, paste.collect::<String>())
}

/// What else the cause of a group destroys, without a finding of its own.
pub(super) fn others(group: &Group) -> Option<String> {
    let some = if group.others > group.other_names.len() { ", such as " } else { ": " };
    let count = match group.others {
        0 => return None,
        1 => "1 other is destroyed too, and breaks".to_owned(),
        count => format!("{count} others are destroyed too, and break"),
    };
    Some(format!("{count} no rule alone{some}{}", group.other_names.join(", ")))
}

/// Why a finding was lowered to nothing.
pub(super) fn lowered_by(finding: &Finding) -> String {
    let environment = &finding.environment;
    let or = |text: &Option<String>| text.clone().unwrap_or_else(|| "?".to_owned());
    let (key, value, address) = (or(&environment.key), or(&environment.value), or(&environment.address));
    format!("the environment is ephemeral ({key} = \"{value}\" of {})", here(&address, finding))
}

/// Everything that no finding is about, where there is something that a finding is about.
pub(super) fn routine(report: &Report) -> Option<String> {
    let changes = &report.summary.changes;
    let (told, open) = ([changes.create, changes.update, changes.replace], [changes.may_replace, changes.unknown]);
    let all = told.into_iter().chain(open).chain([changes.delete, changes.forget]);
    let all = all.fold(0, usize::saturating_add);
    let found = report.findings.iter().filter(|finding| !finding.action.is_empty()).count();
    match all.saturating_sub(found) {
        _ if report.findings.is_empty() => None,
        0 => None,
        1 => Some("1 other change is found by no rule.".to_owned()),
        others => Some(format!("{others} other changes are found by no rule.")),
    }
}

/// The plan or the other input that something was not seen in, where that has to be said.
pub(super) fn gap_input<'g>(report: &Report, gap: &'g crate::report::Gap) -> Option<&'g str> {
    let is_plan = report.inputs.iter().any(|input| input.role == "plan" && input.name == gap.input);
    (are_several(report) || !is_plan).then_some(gap.input.as_str())
}
