//! Findings by their cause: one story each.

use std::collections::HashMap;

use super::{cause, way_out};
use crate::facts::Facts;
use crate::gate::Judged;
use crate::remedy::{self, Language, Paste};
use crate::report::{self, Finding, Group, Outcome, WayOut};

/// So many names of objects without a finding are given.
const NAMES: usize = 5;

/// The groups, in the order of their worst findings.
pub(super) fn of(facts: &Facts<'_, '_>, judged: &[Judged], findings: &[Finding]) -> Vec<Group> {
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let mut members: Vec<Vec<usize>> = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        let next = members.len();
        let place = *places.entry((&finding.input, &finding.group)).or_insert(next);
        match members.get_mut(place) {
            Some(group) => group.push(at),
            None => members.push(vec![at]),
        }
    }
    let others = others(facts, judged);
    let mut groups: Vec<Group> =
        members.iter().filter_map(|members| group(facts, judged, findings, members, &others)).collect();
    point_to_causes(&mut groups, findings);
    groups
}

/// Where most of what a plan as a whole takes down has one cause, undoing that is the way out of both.
fn point_to_causes(groups: &mut [Group], findings: &[Finding]) {
    let head = |group: &Group| group.findings.first().and_then(|at| findings.get(*at));
    let is_whole = |group: &Group| head(group).is_some_and(|finding| finding.address.is_empty());
    let size = |group: &Group| group.findings.len().saturating_add(group.others);
    let undo = |group: &Group| group.ways_out.first().map(|way| way.text.clone()).unwrap_or_default();
    let causes: Vec<(String, usize, String)> = groups
        .iter()
        .filter(|group| !is_whole(group))
        .map(|group| (group.input.clone(), size(group), undo(group)))
        .collect();
    for group in groups.iter_mut().filter(|group| is_whole(group)) {
        let here: Vec<_> = causes.iter().filter(|(input, _, _)| *input == group.input).collect();
        let all = here.iter().map(|(_, size, _)| *size).fold(0, usize::saturating_add);
        let Some((_, size, undo)) = here.iter().max_by_key(|(_, size, _)| *size) else { continue };
        if *size > 1 && size.saturating_mul(2) > all {
            let most = if *size == all { "All" } else { "Most" };
            let text = format!("{most} of it has one cause, told below. {undo}");
            group.ways_out.insert(0, WayOut { id: "one-cause".to_owned(), text, paste: None });
        }
    }
}

/// Objects that are destroyed without a finding, by plan and group.
type Others<'f> = HashMap<(usize, &'f str), Vec<usize>>;

fn others<'f>(facts: &'f Facts<'_, '_>, judged: &[Judged]) -> Others<'f> {
    let found: std::collections::HashSet<usize> = judged.iter().filter_map(|one| one.main.change).collect();
    let mut others: Others<'f> = HashMap::new();
    for (place, change) in facts.changes.iter().enumerate().filter(|(place, c)| c.destroys() && !found.contains(place))
    {
        others.entry((change.plan, &change.cause.group)).or_default().push(place);
    }
    others
}

fn group(
    facts: &Facts<'_, '_>,
    judged: &[Judged],
    findings: &[Finding],
    members: &[usize],
    others: &Others<'_>,
) -> Option<Group> {
    let worst = findings.get(*members.first()?)?;
    let head = &judged.get(*members.first()?)?.main;
    let change = head.change.and_then(|place| facts.changes.get(place));
    let others = others.get(&(head.plan, worst.group.as_str())).map(Vec::as_slice).unwrap_or_default();
    let address = |place: &usize| facts.changes.get(*place).map(|change| change.change.address.to_string());
    let explained = change.filter(|_| worst.cause.is_some());
    Some(Group {
        id: worst.group.clone(),
        input: worst.input.clone(),
        verdict: members
            .iter()
            .filter_map(|at| findings.get(*at))
            .map(|f| f.verdict)
            .max_by_key(|verdict| rank(*verdict))?,
        cause: explained.map_or_else(|| worst.reason.clone(), |change| cause::text(facts, change)),
        findings: members.to_vec(),
        others: others.len(),
        other_names: others.iter().take(NAMES).filter_map(address).collect(),
        ways_out: ways_out(facts, head.plan, findings, members),
    })
}

fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Allow => 0,
        Outcome::Review => 1,
        Outcome::Block => 2,
        Outcome::Error => 3,
    }
}

/// What helps all of them: the ways of the worst, with all renames, all edits and all copies in one text each.
fn ways_out(facts: &Facts<'_, '_>, plan: usize, findings: &[Finding], members: &[usize]) -> Vec<WayOut> {
    let mut ways = members.first().and_then(|at| findings.get(*at)).map(|f| f.ways_out.clone()).unwrap_or_default();
    join_reverts(&mut ways, findings, members);
    let moved = ways.iter_mut().find(|way| way.id == "moved");
    if let Some((way, text)) = moved.zip(remedy::renamed(facts, plan))
        && way.paste.as_ref().is_some_and(|paste| paste.language == Language::Hcl.word())
    {
        let paste = Paste { language: Language::Hcl, text };
        *way = way_out(remedy::WayOut { id: "moved", text: way.text.clone(), paste: Some(paste) });
    }
    join_copies(&mut ways, findings, members);
    ways
}

/// A copy of everything that holds records and goes.
fn join_copies(ways: &mut Vec<WayOut>, findings: &[Finding], members: &[usize]) {
    let of_finding = |at: &usize| findings.get(*at)?.ways_out.iter().find(|way| way.id == "snapshot");
    let all: Vec<&WayOut> = members.iter().filter_map(of_finding).collect();
    let Some(first) = all.first() else { return };
    let texts: Vec<&str> = all.iter().filter_map(|way| way.paste.as_ref()).map(|paste| paste.text.as_str()).collect();
    let mut joined = (*first).clone();
    if let Some(paste) = joined.paste.as_mut() {
        paste.text = texts.join("\n");
    }
    ways.retain(|way| way.id != "snapshot");
    ways.push(joined);
}

/// So many sentences are told where they cannot be one text to paste.
const SENTENCES: usize = 8;

/// Everything that must go back to what it was, in one text: the blocks of each finding, each once.
fn join_reverts(ways: &mut [WayOut], findings: &[Finding], members: &[usize]) {
    let Some(way) = ways.iter_mut().find(|way| way.id == "revert") else { return };
    let of_finding = |at: &usize| findings.get(*at)?.ways_out.iter().find(|way| way.id == "revert");
    let same =
        |one: &WayOut, other: &WayOut| one.text == other.text || (one.paste.is_some() && one.paste == other.paste);
    let mut all: Vec<&WayOut> = Vec::new();
    for other in members.iter().filter_map(of_finding) {
        if !all.iter().any(|known| same(known, other)) {
            all.push(other);
        }
    }
    if all.len() < 2 {
        return;
    }
    let pastes: Option<Vec<&report::Paste>> = all.iter().map(|way| way.paste.as_ref()).collect();
    let one_language =
        |pastes: &Vec<&report::Paste>| pastes.windows(2).all(|p| matches!(p, [a, b] if a.language == b.language));
    // Some of it cannot be pasted: a part would look like all, so the sentences alone say what to do.
    let Some(pastes) = pastes.filter(one_language) else {
        let mut texts: Vec<String> = all.iter().take(SENTENCES).map(|way| way.text.clone()).collect();
        if all.len() > SENTENCES {
            texts.push(format!("{} more go back too.", all.len().saturating_sub(SENTENCES)));
        }
        way.text = texts.join(" ");
        way.paste = None;
        return;
    };
    let texts: Vec<&str> = pastes.iter().map(|paste| paste.text.as_str()).collect();
    let of_template = pastes.first().is_some_and(|paste| paste.language == Language::Yaml.word());
    let text = if of_template { remedy::join_yaml(&texts) } else { join_blocks(&texts) };
    way.text = format!("{} The text below sets back all that was edited.", first_sentence(&way.text));
    way.paste =
        Some(report::Paste { language: pastes.first().map_or_else(String::new, |paste| paste.language.clone()), text });
}

/// All blocks as one text, each once.
fn join_blocks(texts: &[&str]) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in texts.iter().flat_map(|text| blocks(text)) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join("\n")
}

/// A text's top-level blocks, each with the comment before it.
fn blocks(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.find("\n}\n") {
        let (part, tail) = rest.split_at_checked(end.saturating_add(2)).unwrap_or((rest, ""));
        parts.push(part);
        rest = tail.trim_start_matches('\n');
    }
    parts.push(rest);
    parts
}

/// Up to the first full stop that ends a sentence.
fn first_sentence(text: &str) -> &str {
    text.split_inclusive(". ").next().unwrap_or(text).trim_end()
}
