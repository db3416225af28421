//! Which findings are one run: those of one plan.

use std::collections::BTreeMap;

use super::{fingerprint, message, place};
use crate::report::{Input, Report};

/// What one run is about.
pub(super) struct Part<'r> {
    /// What tells it from other runs, the same in every analysis of the same plan.
    pub(super) id: String,
    /// The plans; none where none could be read.
    pub(super) plans: Vec<&'r Input>,
    /// The places of its findings in the report, the worst first.
    pub(super) findings: Vec<usize>,
}

impl Part<'_> {
    /// What it is about, as a message.
    pub(super) fn about(&self) -> String {
        match self.plans.as_slice() {
            [] => "No plan could be read.".to_owned(),
            [one] => format!("What {} does.", message::plain(&one.name)),
            many => format!("What {} plans do.", many.len()),
        }
    }
}

/// One run for each plan. Where that would be more than a file may have, all of them are one.
pub(super) fn parts(report: &Report, most: usize) -> Vec<Part<'_>> {
    let plans: Vec<&Input> = report.inputs.iter().filter(|one| one.role == "plan" && one.error.is_none()).collect();
    let (all, findings) = (|| "blastgate/all-plans/".to_owned(), || (0..report.findings.len()).collect());
    match plans.len() {
        0 => vec![Part { id: "blastgate/no-plan/".to_owned(), plans, findings: findings() }],
        count if count > most => vec![Part { id: all(), plans, findings: findings() }],
        _ => each(report, &plans),
    }
}

fn each<'r>(report: &'r Report, plans: &[&'r Input]) -> Vec<Part<'r>> {
    let ids = ids(plans);
    let part = |(plan, id): (&&'r Input, String)| Part {
        id: format!("blastgate/{id}/"),
        plans: vec![plan],
        findings: Vec::new(),
    };
    let mut parts: Vec<Part<'_>> = plans.iter().zip(ids).map(part).collect();
    let names: BTreeMap<&str, usize> = plans.iter().enumerate().map(|(at, plan)| (plan.name.as_str(), at)).collect();
    for (at, finding) in report.findings.iter().enumerate() {
        let part = names.get(finding.input.as_str()).copied().unwrap_or_default();
        if let Some(part) = parts.get_mut(part) {
            part.findings.push(at);
        }
    }
    parts
}

/// What tells plans apart: the file, which of its documents, and the workspace; the names too, where that is not enough.
pub(super) fn ids(plans: &[&Input]) -> Vec<String> {
    let ids: Vec<String> = plans.iter().map(|plan| id(plan)).collect();
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for id in &ids {
        let count = uses.entry(id).or_default();
        *count = count.saturating_add(1);
    }
    let is_one = |id: &str| uses.get(id).is_some_and(|count| *count == 1);
    ids.iter()
        .zip(plans)
        .map(|(id, plan)| if is_one(id) { id.clone() } else { format!("{id}/{}", apart(&plan.name)) })
        .collect()
}

/// A name that says nothing of the machine.
fn apart(name: &str) -> String {
    place::uri(name).unwrap_or_else(|| fingerprint::mix(&[name]))
}

fn id(plan: &Input) -> String {
    let document = plan.name.rsplit_once('#').map(|(_, number)| number);
    let document = document.filter(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    let workspace = plan.workspace.as_deref().filter(|workspace| !["", "default"].contains(workspace));
    let steps = [Some(place::of_input(plan)), document.map(str::to_owned), workspace.map(place::encode)];
    steps.into_iter().flatten().collect::<Vec<_>>().join("/")
}
