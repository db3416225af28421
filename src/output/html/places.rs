//! Where things of a report are on its page.

use std::collections::HashMap;

use crate::picture::Node;
use crate::report::{Finding, Group, Report};

/// A finding with its place in the list of all, which is its name on the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'r> {
    pub(super) place: usize,
    finding: &'r Finding,
}

impl std::ops::Deref for Found<'_> {
    type Target = Finding;

    fn deref(&self) -> &Finding {
        self.finding
    }
}

/// All findings of a report, with their places.
pub(super) fn all(report: &Report) -> impl Iterator<Item = Found<'_>> {
    report.findings.iter().enumerate().map(|(place, finding)| Found { place, finding })
}

/// The findings of a group, the worst first.
pub(super) fn of_group<'r>(report: &'r Report, group: &Group) -> Vec<Found<'r>> {
    let found = |place: &usize| Some(Found { place: *place, finding: report.findings.get(*place)? });
    group.findings.iter().filter_map(found).collect()
}

/// Which findings are on the page, by what tells their objects apart, and which numbers the plans have.
pub(super) struct Places<'r> {
    findings: HashMap<(&'r str, &'r str, Option<&'r str>), usize>,
    plans: HashMap<&'r str, usize>,
    /// Several plans were judged, so a finding says which one it is in.
    pub(super) several: bool,
}

impl<'r> Places<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let plans = report.inputs.iter().filter(|input| input.role == "plan");
        let mut findings = HashMap::new();
        for (place, finding) in report.findings.iter().enumerate() {
            // A plan as a whole may have several findings: the first of them is the worst.
            findings.entry((&*finding.input, &*finding.address, finding.deposed.as_deref())).or_insert(place);
        }
        let plans: HashMap<&str, usize> = plans.enumerate().map(|(place, input)| (&*input.name, place)).collect();
        Self { findings, several: plans.len() > 1, plans }
    }

    /// The finding of a node.
    pub(super) fn finding_of(&self, node: &Node) -> Option<usize> {
        self.findings.get(&(&*node.input, &*node.address, node.deposed.as_deref())).copied()
    }

    /// The number of the plan that a finding is in.
    pub(super) fn plan_of(&self, finding: &Finding) -> usize {
        self.plans.get(&*finding.input).copied().unwrap_or_default()
    }
}
