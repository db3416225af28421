//! Several reports as one: what the jobs of a matrix found, in one place.

use std::collections::BTreeMap;

use super::{Changes, Finding, Group, Outcome, Points, Report, Summary};
use crate::picture::{LeftOut, Picture};
use crate::rules::RULES;
use crate::score;

/// Puts reports together, each with the name of the file that it came from. The worst stands first, the verdict is the
/// worst of all, and inputs of one name in two reports are told apart by the reports' names. `None` where there is none.
///
/// ```
/// use blastgate::{Given, check, report};
///
/// # let json = r#"{"format_version":"1.2","resource_changes":[{"address":"aws_vpc.main","mode":"managed",
/// #     "type":"aws_vpc","name":"main","change":{"actions":["delete"],"before":{"id":"vpc-1"},"after":null}}]}"#;
/// let network = check(&Given::plan("plan.json", json));
/// let broken = check(&Given::plan("plan.json", "{"));
/// let whole = report::merge(vec![("network.json".to_owned(), network), ("app.json".to_owned(), broken)]).unwrap();
/// assert_eq!((whole.verdict, whole.findings.len()), (report::Outcome::Error, 1));
/// assert_eq!(whole.findings[0].input, "network.json: plan.json");
/// ```
#[must_use]
pub fn merge(reports: Vec<(String, Report)>) -> Option<Report> {
    let mut named = tell_apart(reports).into_iter();
    let first = named.next()?;
    Some(named.fold(first, both).in_order())
}

/// Gives each input the name of its report before its own where another report has an input of that name.
fn tell_apart(mut reports: Vec<(String, Report)>) -> Vec<Report> {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for (_, report) in &reports {
        let names: std::collections::BTreeSet<&String> = report.inputs.iter().map(|input| &input.name).collect();
        for name in names {
            let count = uses.entry(name.clone()).or_default();
            *count = count.saturating_add(1);
        }
    }
    for (file, report) in &mut reports {
        rename_inputs(report, |name| {
            if uses.get(name).is_some_and(|count| *count > 1) {
                *name = format!("{file}: {name}");
            }
        });
    }
    reports.into_iter().map(|(_, report)| report).collect()
}

fn rename_inputs(report: &mut Report, rename: impl Fn(&mut String)) {
    report.inputs.iter_mut().for_each(|input| rename(&mut input.name));
    report.findings.iter_mut().for_each(|finding| rename(&mut finding.input));
    report.groups.iter_mut().for_each(|group| rename(&mut group.input));
    report.gaps.iter_mut().for_each(|gap| rename(&mut gap.input));
    if let Some(picture) = &mut report.picture {
        picture.inputs.iter_mut().for_each(&rename);
        picture.nodes.iter_mut().for_each(|node| rename(&mut node.input));
    }
}

/// One report behind another, not yet in order.
fn both(mut report: Report, other: Report) -> Report {
    let offset = report.findings.len();
    report.verdict = report.verdict.max(other.verdict);
    // Who agreed to a part has not agreed to the whole.
    report.approval = None;
    report.findings.extend(other.findings);
    report.groups.extend(
        other.groups.into_iter().map(|group| Group {
            findings: group.findings.iter().map(|at| at.saturating_add(offset)).collect(),
            ..group
        }),
    );
    report.notes.extend(other.notes);
    report.gaps.extend(other.gaps);
    report.inputs.extend(other.inputs);
    report.summary.changes = add(&report.summary.changes, &other.summary.changes);
    report.picture = match (report.picture, other.picture) {
        (Some(one), Some(other)) => Some(side_by_side(one, other)),
        (one, other) => one.or(other),
    };
    report
}

impl Report {
    /// The worst first, with everything that follows from the findings told anew.
    fn in_order(mut self) -> Self {
        let mut order: Vec<usize> = (0..self.findings.len()).collect();
        order.sort_by_key(|at| self.findings.get(*at).map(rank));
        let mut places: Vec<usize> = vec![0; order.len()];
        for (place, at) in order.iter().enumerate() {
            if let Some(slot) = places.get_mut(*at) {
                *slot = place;
            }
        }
        let mut findings: Vec<Option<Finding>> = self.findings.into_iter().map(Some).collect();
        self.findings = order.iter().filter_map(|at| findings.get_mut(*at)?.take()).collect();
        for group in &mut self.groups {
            group.findings = group.findings.iter().filter_map(|at| places.get(*at).copied()).collect();
            group.findings.sort_unstable();
        }
        self.groups.retain(|group| !group.findings.is_empty());
        self.groups.sort_by_key(|group| group.findings.first().copied());
        let scores: Vec<u32> = self.findings.iter().map(|finding| finding.score).collect();
        let points = score::whole(&scores);
        self.score = score::sum(&points);
        self.points = points.into_iter().map(|one| Points { points: one.points, reason: one.reason }).collect();
        self.summary = summary(&self);
        self.digest = super::digest(self.verdict, &self.inputs);
        self.with_next_actions()
    }
}

/// Worst first, as the gate orders them: the verdict, a plan as a whole, what the rule would say, how much stands on it.
fn rank(finding: &Finding) -> impl Ord + use<> {
    use std::cmp::Reverse;
    let is_plan = finding.address.is_empty();
    let rule = RULES.iter().find(|rule| rule.id == finding.rule).map(|rule| (Reverse(rule.verdict), rule.number));
    let dependents = if is_plan { u32::MAX } else { finding.dependents.count };
    (Reverse(finding.verdict), Reverse(is_plan), rule, Reverse(dependents))
}

fn summary(report: &Report) -> Summary {
    let count = |wanted: Outcome| report.findings.iter().filter(|finding| finding.verdict == wanted).count();
    let failed = report.inputs.iter().filter(|input| input.error.is_some()).count();
    Summary {
        text: text(report.findings.first(), failed),
        block: count(Outcome::Block),
        review: count(Outcome::Review),
        lowered: count(Outcome::Allow),
        changes: report.summary.changes.clone(),
    }
}

/// The verdict's reason in one line, by the worst finding and the number of inputs that could not be read.
pub(crate) fn text(worst: Option<&Finding>, failed: usize) -> String {
    match (failed, worst.filter(|finding| finding.verdict != Outcome::Allow)) {
        (0, None) => Outcome::Allow.meaning().to_owned(),
        (0, Some(worst)) if worst.address.is_empty() => worst.reason.clone(),
        (0, Some(worst)) => format!("{}: {}", worst.address, worst.reason),
        (failed, _) => format!("{failed} of the inputs could not be read, so there is no verdict."),
    }
}

fn add(one: &Changes, other: &Changes) -> Changes {
    Changes {
        create: one.create.saturating_add(other.create),
        update: one.update.saturating_add(other.update),
        replace: one.replace.saturating_add(other.replace),
        delete: one.delete.saturating_add(other.delete),
        may_replace: one.may_replace.saturating_add(other.may_replace),
        forget: one.forget.saturating_add(other.forget),
        moved: one.moved.saturating_add(other.moved),
        import: one.import.saturating_add(other.import),
        unknown: one.unknown.saturating_add(other.unknown),
        unchanged: one.unchanged.saturating_add(other.unchanged),
    }
}

/// Two pictures as one, with names that stay apart.
fn side_by_side(mut one: Picture, mut other: Picture) -> Picture {
    let prefix = format!("r{}_", one.nodes.len());
    let rename = |id: &mut String| id.insert_str(0, &prefix);
    other.roots.iter_mut().for_each(rename);
    other.nodes.iter_mut().for_each(|node| rename(&mut node.id));
    for edge in &mut other.edges {
        rename(&mut edge.from);
        rename(&mut edge.to);
    }
    one.inputs.extend(other.inputs);
    one.roots.extend(other.roots);
    one.nodes.extend(other.nodes);
    one.edges.extend(other.edges);
    one.left_out = left_out(&one.left_out, &other.left_out);
    one.worst_first()
}

fn left_out(one: &LeftOut, other: &LeftOut) -> LeftOut {
    LeftOut {
        nodes: one.nodes.saturating_add(other.nodes),
        edges: one.edges.saturating_add(other.edges),
        block: one.block.saturating_add(other.block),
        review: one.review.saturating_add(other.review),
        destroyed: one.destroyed.saturating_add(other.destroyed),
        changed: one.changed.saturating_add(other.changed),
        affected: one.affected.saturating_add(other.affected),
    }
}
