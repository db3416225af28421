//! The pipeline behind the public entry point: facts, rules, gate, report.

mod cause;
mod finding;
mod groups;
mod notes;
mod written;

use std::collections::HashSet;

use crate::catalog::Catalog;
use crate::facts::Facts;
use crate::graph::NodeId;
use crate::input::InputError;
use crate::picture::{Picture, Shows};
use crate::plan::{Action, Mode, Plan, Role};
use crate::remedy::{Paste, WayOut};
use crate::report::{self, Finding, Report, SCHEMA_VERSION};
use crate::rules::{self, Verdict};
use crate::{gate, score};

/// Judges plans as one change. Pure and deterministic: the same plans give the same report, and it cannot fail.
///
/// ```
/// use blastgate::{assess, input, report::Outcome};
///
/// # let json = r#"{"format_version":"1.2","resource_changes":[{"address":"aws_vpc.main","mode":"managed",
/// #     "type":"aws_vpc","name":"main","change":{"actions":["delete"],"before":{"id":"vpc-1"},"after":null}}]}"#;
/// let report = assess(&input::read("plan.json", json, &input::Limits::default())?);
/// assert_eq!(report.verdict, Outcome::Review);
/// assert_eq!(report.findings[0].rule, "foundation-unused");
/// # Ok::<(), blastgate::input::InputError>(())
/// ```
#[must_use]
pub fn assess(plans: &[Plan<'_>]) -> Report {
    assess_with(plans, &Settings::default())
}

/// What a judgement takes beside the plans.
#[derive(Debug, Clone, Default)]
pub struct Settings<'s> {
    /// Why some inputs could not be read: the report names them, and its verdict is an error.
    pub errors: &'s [InputError],
    /// What was not seen beside what the plans themselves do not show.
    pub gaps: &'s [report::Gap],
    /// What types are worth, with a user's own rows where there are any.
    pub catalog: Catalog,
    /// So many nodes of what is affected the report draws at most; none: it has no picture.
    pub drawn: usize,
}

/// The same by settings.
#[must_use]
pub fn assess_with(plans: &[Plan<'_>], settings: &Settings<'_>) -> Report {
    let Settings { errors, gaps, catalog, drawn } = settings;
    let facts = Facts::gather_with(plans, catalog);
    let judged = gate::judge(&facts, rules::run(&facts));
    let verdict = if errors.is_empty() { outcome(gate::verdict(&judged)) } else { report::Outcome::Error };
    let touched = touched(&facts);
    let findings: Vec<Finding> = judged.iter().map(|one| finding::finding(&facts, one, &touched)).collect();
    let scored = score::whole(&findings.iter().map(|finding| finding.score).collect::<Vec<_>>());
    let mut inputs: Vec<report::Input> = plans.iter().map(input).collect();
    inputs.extend(errors.iter().map(refused));
    Report {
        schema_version: SCHEMA_VERSION,
        tool: tool(catalog),
        verdict,
        score: score::sum(&scored),
        points: scored.into_iter().map(points).collect(),
        summary: summary(plans, &findings, errors),
        groups: groups::of(&facts, &judged, &findings),
        notes: notes::notes(&facts, &judged),
        gaps: notes::gaps(&facts, &judged).into_iter().chain(gaps.iter().cloned()).collect(),
        picture: picture(&facts, &judged, *drawn),
        digest: report::digest(verdict, &inputs),
        approval: None,
        agents: Vec::new(),
        next_actions: report::NextActions::default(),
        findings,
        inputs,
    }
    .with_next_actions()
}

/// What is affected; nothing where nobody wants to see it, or where there is nothing to see.
fn picture(facts: &Facts<'_, '_>, judged: &[gate::Judged], most: usize) -> Option<Picture> {
    let whole = (most > 0).then(|| Picture::of(facts, judged, Shows::Affected));
    whole.filter(|picture| !picture.nodes.is_empty()).map(|picture| picture.cut(most))
}

/// The objects that the plans do something to.
fn touched(facts: &Facts<'_, '_>) -> HashSet<NodeId> {
    facts.changes.iter().filter_map(|change| change.node).collect()
}

/// One finding as the report shows it.
pub(crate) fn describe(facts: &Facts<'_, '_>, judged: &gate::Judged) -> Finding {
    finding::finding(facts, judged, &touched(facts))
}

pub(crate) use cause::of as cause_of;
pub(crate) use finding::{counts_as, environment};
pub(crate) use written::source;

/// What makes reports and pictures.
pub(crate) fn tool(catalog: &Catalog) -> report::Tool {
    report::Tool {
        name: "blastgate".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        catalog: catalog.version(),
    }
}

pub(crate) fn outcome(verdict: Verdict) -> report::Outcome {
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
        format_version: Some(plan.header.format_version.clone()).filter(|version| !version.is_empty()),
        tool_version: plan.header.tool_version.clone(),
        workspace: plan.header.workspace.clone(),
        file: plan.header.file.clone(),
        shown_by: plan.header.shown_by.clone(),
        digest: plan.header.digest.clone(),
        sha256: plan.header.sha256.clone(),
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
        workspace: None,
        file: None,
        shown_by: None,
        digest: None,
        sha256: None,
        objects: 0,
        error: Some(error.to_string()),
    }
}

fn summary(plans: &[Plan<'_>], findings: &[Finding], errors: &[InputError]) -> report::Summary {
    let count = |wanted: report::Outcome| findings.iter().filter(|finding| finding.verdict == wanted).count();
    let (block, review, lowered) =
        (count(report::Outcome::Block), count(report::Outcome::Review), count(report::Outcome::Allow));
    let text = report::text(findings.first(), errors.len());
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
            Action::MayReplace => &mut counts.may_replace,
            Action::Unknown => &mut counts.unknown,
            Action::NoOp | Action::Read => continue,
        });
    }
    counts
}

fn points(points: score::Points) -> report::Points {
    report::Points { points: points.points, reason: points.reason }
}

fn way_out(way: WayOut) -> report::WayOut {
    let paste = |paste: Paste| report::Paste { language: paste.language.word().to_owned(), text: paste.text };
    report::WayOut { id: way.id.to_owned(), text: way.text, paste: way.paste.map(paste) }
}
