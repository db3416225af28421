//! The pipeline behind the public entry point: facts, rules, gate, report.

mod notes;

use sha2::{Digest, Sha256};

use crate::catalog::{self, Basis, Trait};
use crate::facts::{ChangeFacts, Environment, Facts, Sure};
use crate::gate::{self, Judged};
use crate::input::InputError;
use crate::plan::{Action, Mode, Plan, Role};
use crate::report::{self, Finding, Report, SCHEMA_VERSION};
use crate::rules::{self, Verdict};
use crate::{graph::NodeId, remedy};

/// How many of the nearest dependents a finding names.
const NEAREST: usize = 5;

/// Judges plans as one change. Pure and deterministic: the same plans give the same report, and it cannot fail.
#[must_use]
pub fn assess(plans: &[Plan<'_>]) -> Report {
    assess_with_errors(plans, &[])
}

/// The same where some inputs could not be read: the report then names them, and its verdict is an error.
#[must_use]
pub fn assess_with_errors(plans: &[Plan<'_>], errors: &[InputError]) -> Report {
    let facts = Facts::gather(plans);
    let judged = gate::judge(&facts, rules::run(&facts));
    let verdict = if errors.is_empty() { outcome(gate::verdict(&judged)) } else { report::Outcome::Error };
    let findings: Vec<Finding> = judged.iter().map(|one| finding(&facts, one)).collect();
    let mut inputs: Vec<report::Input> = plans.iter().map(input).collect();
    inputs.extend(errors.iter().map(refused));
    Report {
        schema_version: SCHEMA_VERSION,
        tool: report::Tool {
            name: "blastgate".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            catalog: catalog::VERSION.trim().to_owned(),
        },
        verdict,
        score: 0,
        summary: summary(plans, &findings, errors),
        notes: notes::notes(&facts, &judged),
        gaps: notes::gaps(&facts, &judged),
        findings,
        inputs,
    }
}

fn outcome(verdict: Verdict) -> report::Outcome {
    match verdict {
        Verdict::Allow => report::Outcome::Allow,
        Verdict::Review => report::Outcome::Review,
        Verdict::Block => report::Outcome::Block,
    }
}

fn input(plan: &Plan<'_>) -> report::Input {
    report::Input {
        name: plan.unit.clone(),
        role: plan.role.word().to_owned(),
        format: Some(plan.header.document.word().to_owned()),
        format_version: Some(plan.header.format_version.clone()),
        tool_version: plan.header.tool_version.clone(),
        objects: plan.estate.instances.iter().filter(|i| i.mode == Mode::Managed).count(),
        error: None,
    }
}

fn refused(error: &InputError) -> report::Input {
    report::Input {
        name: error.input.clone(),
        role: Role::Judged.word().to_owned(),
        format: None,
        format_version: None,
        tool_version: None,
        objects: 0,
        error: Some(error.to_string()),
    }
}

fn summary(plans: &[Plan<'_>], findings: &[Finding], errors: &[InputError]) -> report::Summary {
    let count = |wanted: report::Outcome| findings.iter().filter(|finding| finding.verdict == wanted).count();
    let (block, review, lowered) =
        (count(report::Outcome::Block), count(report::Outcome::Review), count(report::Outcome::Allow));
    let text = match (errors.len(), findings.first().filter(|f| f.verdict != report::Outcome::Allow)) {
        (0, None) => "Nothing here needs a second pair of eyes.".to_owned(),
        (0, Some(worst)) if worst.address.is_empty() => worst.reason.clone(),
        (0, Some(worst)) => format!("{}: {}", worst.address, worst.reason),
        (failed, _) => format!("{failed} of the inputs could not be read, so there is no verdict."),
    };
    report::Summary { text, block, review, lowered, changes: changes(plans) }
}

fn changes(plans: &[Plan<'_>]) -> report::Changes {
    let unchanged = plans.iter().map(|plan| plan.estate.unchanged).fold(0, usize::saturating_add);
    let mut counts = report::Changes { unchanged, ..report::Changes::default() };
    let one_more = |count: &mut usize| *count = count.saturating_add(1);
    for change in plans.iter().flat_map(|plan| &plan.changes).filter(|c| c.mode == Mode::Managed) {
        if change.previous_address.is_some() {
            one_more(&mut counts.moved);
        }
        if change.importing {
            one_more(&mut counts.import);
        }
        one_more(match change.action {
            Action::Create => &mut counts.create,
            Action::Update => &mut counts.update,
            Action::DeleteThenCreate | Action::CreateThenDelete => &mut counts.replace,
            Action::Delete => &mut counts.delete,
            Action::Forget { .. } => &mut counts.forget,
            Action::Unknown => &mut counts.unknown,
            Action::NoOp | Action::Read => continue,
        });
    }
    counts
}

fn finding(facts: &Facts<'_, '_>, judged: &Judged) -> Finding {
    let found = &judged.main.found;
    let change = judged.main.change.and_then(|place| facts.changes.get(place));
    let cause = change.filter(|change| change.destroys()).map(cause);
    let group = match &cause {
        Some(cause) => {
            format!("{} {}", cause.address, cause.attribute.as_deref().unwrap_or_default()).trim().to_owned()
        }
        None if found.address.is_empty() => judged.main.rule.id.to_owned(),
        None => found.address.clone(),
    };
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
        cause,
        dependents: change.map(|change| dependents(facts, change)).unwrap_or_default(),
        catalog: change.map(catalog_of),
        environment: environment(&found.environment),
        evidence: change.map(evidence).unwrap_or_default(),
        group,
        remedy: remedy::way_out(&judged.main, change),
        fingerprint: fingerprint(judged, change.and_then(|c| c.change.deposed.as_deref())),
    }
}

fn cause(change: &ChangeFacts<'_, '_>) -> report::Cause {
    let cause = &change.cause;
    report::Cause {
        address: cause.address.clone(),
        attribute: cause.attribute.clone(),
        forced_by: cause.forced_by.clone(),
        path: cause.path.clone(),
        reason: cause.reason.and_then(crate::plan::ActionReason::sentence).map(str::to_owned),
        only_unknown: cause.only_unknown,
    }
}

fn dependents(facts: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> report::Dependents {
    let one = |dependent: crate::facts::Dependent| report::Dependent {
        address: facts.address(dependent.node),
        steps: dependent.steps,
        known_by: dependent.evidence.word().to_owned(),
    };
    let nearest = |node: NodeId| facts.nearest(node, NEAREST).into_iter().map(one).collect();
    report::Dependents {
        count: change.reach.counted,
        outside_plan: change.reach.untouched,
        nearest: change.node.filter(|_| change.reach.counted > 0).map(nearest).unwrap_or_default(),
        carries_unlisted: change.carries(),
    }
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

fn environment(environment: &Environment) -> report::Environment {
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
fn evidence(change: &ChangeFacts<'_, '_>) -> Vec<String> {
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
        evidence.push("its contents are not in the plan".to_owned());
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
