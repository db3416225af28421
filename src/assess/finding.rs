//! One finding as the report shows it.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::{cause, outcome, points, way_out, written};
use crate::catalog::{Basis, Entry, Holds, Standing, Trait};
use crate::facts::{ChangeFacts, Environment, Facts, Sure};
use crate::gate::Judged;
use crate::graph::NodeId;
use crate::report::{self, Finding};
use crate::{remedy, score};

/// How many of the nearest dependents a finding names.
const NEAREST: usize = 5;

/// So many dependents are looked at for those that the plan leaves as they are.
const LOOKED_AT: usize = 1_000;

/// Everything that there is to say of one finding. `touched` are the objects that the plans do something to.
pub(super) fn finding(facts: &Facts<'_, '_>, judged: &Judged, touched: &HashSet<NodeId>) -> Finding {
    let found = &judged.main.found;
    let change = judged.main.change.and_then(|place| facts.changes.get(place));
    let cause = change.filter(|change| change.destroys() || change.cause.attribute.is_some());
    let group = match change {
        Some(change) if !change.cause.group.is_empty() => change.cause.group.clone(),
        _ if found.address.is_empty() => judged.main.rule.id.to_owned(),
        _ => found.address.clone(),
    };
    let scored = score::points(&judged.main, change, judged.worst());
    Finding {
        rule: judged.main.rule.id.to_owned(),
        also: judged.also.iter().map(|rule| rule.id.to_owned()).collect(),
        verdict: outcome(judged.verdict),
        lowered: judged
            .is_lowered()
            .then(|| report::Lowered { from: outcome(judged.main.rule.verdict), by: "environment".to_owned() }),
        address: found.address.clone(),
        input: facts.plans.get(judged.main.plan).map(|plan| plan.unit.clone()).unwrap_or_default(),
        deposed: change.and_then(|c| c.change.deposed.as_ref()).map(ToString::to_string),
        kind: found.kind.clone(),
        action: change.map_or("", |change| change.change.action.word()).to_owned(),
        loss: found.hit.loss.word().to_owned(),
        reason: found.hit.reason.clone(),
        names: found.names.clone(),
        cause: cause.map(|change| cause::of(facts, change)),
        source: change.and_then(|change| written::source(facts, change)),
        dependents: change.map(|change| dependents(facts, change, touched)).unwrap_or_default(),
        catalog: change.map(catalog_of),
        environment: environment(&found.environment),
        evidence: change
            .map(|change| evidence(facts, change).into_iter().chain(written::guard_gone(facts, change)).collect())
            .unwrap_or_default(),
        group,
        score: score::sum(&scored),
        points: scored.into_iter().map(points).collect(),
        counts_as: change.map(|change| counts_as(&change.change.kind, &change.entry)),
        check: judged.main.rule.check.to_owned(),
        ways_out: remedy::ways_out(facts, &judged.main).into_iter().map(way_out).collect(),
        fingerprint: fingerprint(judged, change.and_then(|c| c.change.deposed.as_deref())),
    }
}

fn dependents(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>, touched: &HashSet<NodeId>) -> report::Dependents {
    let one = |dependent: crate::facts::Dependent| report::Dependent {
        address: facts.address(dependent.node),
        steps: dependent.steps,
        known_by: dependent.evidence.word().to_owned(),
    };
    // A single one more is named rather than counted.
    let most =
        if change.reach.counted as usize == NEAREST.saturating_add(1) { NEAREST.saturating_add(1) } else { NEAREST };
    let nearest = |node: NodeId| facts.nearest(node).take(most).map(one).collect();
    let outside = |node: NodeId| {
        let all = facts.nearest(node).take(LOOKED_AT).map(|dependent| dependent.node);
        all.filter(|node| !touched.contains(node)).take(NEAREST).map(|node| facts.address(node)).collect()
    };
    let node = change.node.filter(|_| change.reach.counted > 0);
    report::Dependents {
        count: change.reach.counted,
        outside_plan: change.reach.untouched,
        nearest: node.map(nearest).unwrap_or_default(),
        outside: node.filter(|_| change.reach.untouched > 0).map(outside).unwrap_or_default(),
        carries_unlisted: change.carries(),
    }
}

/// Why the type counts as what it does.
pub(crate) fn counts_as(kind: &str, entry: &Entry) -> String {
    let holds = match entry.holds {
        Holds::Records => "holds records",
        Holds::Transient => "holds passing contents",
        Holds::Nothing => "holds nothing",
        Holds::Unknown => "may hold anything",
    };
    let standing = match entry.standing {
        Standing::Foundation => "a foundation, on which others are built",
        Standing::Service => "a service",
        Standing::Support => "support",
        Standing::Routine => "routine",
        Standing::Unknown => "a type that the catalogue does not know",
    };
    let basis = match entry.basis {
        Basis::Exact | Basis::Unknown => String::new(),
        Basis::Pattern(pattern) => format!(" (the catalogue's pattern {pattern})"),
    };
    format!("{kind} {holds} and is {standing}{basis}.")
}

fn catalog_of(change: &ChangeFacts<'_, '_>) -> report::Catalog {
    let entry = &change.entry;
    report::Catalog {
        holds: entry.holds.word().to_owned(),
        standing: entry.standing.word().to_owned(),
        basis: match entry.basis {
            Basis::Exact => "exact".to_owned(),
            Basis::Pattern(pattern) => pattern.to_owned(),
            Basis::Unknown => "unknown".to_owned(),
        },
        note: entry.note.map(str::to_owned),
    }
}

/// In which environment it is judged, and by what.
pub(crate) fn environment(environment: &Environment) -> report::Environment {
    let is = match environment.sure {
        Sure::Unsaid => "unsaid",
        Sure::Production => "production",
        Sure::Weak => "weakly ephemeral",
        Sure::Ephemeral => "ephemeral",
    };
    let sign = environment.evidence.as_ref();
    report::Environment {
        is: is.to_owned(),
        address: sign.map(|(address, _)| address.clone()),
        key: sign.map(|(_, sign)| sign.key.clone()),
        value: sign.map(|(_, sign)| sign.value.clone()),
    }
}

/// What the finding stands on, and what would change it.
fn evidence(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Vec<String> {
    let mut evidence = Vec::new();
    if let Some(by) = &change.kept_by {
        evidence.push(format!("{by} keeps the object"));
    }
    if change.destroys() {
        evidence.extend(change.way_back.as_ref().map(|by| format!("{by} is a way back")));
        evidence.extend(change.hedges.iter().cloned());
    }
    // The first is what the reason says.
    evidence.extend(change.loosened.iter().skip(1).map(|lost| format!("{} {}", lost.attribute, lost.how)));
    if !change.loosened.is_empty() {
        evidence.extend(change.relabelled.iter().map(|tag| format!("the tag {tag} becomes an ephemeral word")));
    }
    if change.entry.is(&Trait::Opaque) {
        evidence.push(format!("its contents are not in the {}", facts.called(change.plan)));
    }
    evidence
}

/// The same finding has the same fingerprint in every run: its rule and what it is about, not where the file lay.
fn fingerprint(judged: &Judged, deposed: Option<&str>) -> String {
    let found = &judged.main.found;
    let about = if found.address.is_empty() { &found.hit.reason } else { &found.address };
    let names = found.names.join(" ");
    let text = [judged.main.rule.id, &found.kind, about, deposed.unwrap_or_default(), &names].join("\n");
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
