//! What tells a result from all others, the same in every run.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::part::{self, Part};
use crate::report::{Input, Report};

/// One for each finding of the report. The report's own serve where they are single; one that several plans share is told
/// apart by the plan, and what is the same even so by its number.
pub(super) fn of(report: &Report, parts: &[Part<'_>]) -> Vec<String> {
    let plans: Vec<&Input> = parts.iter().flat_map(|part| part.plans.iter().copied()).collect();
    let ids = part::ids(&plans);
    let plans: BTreeMap<&str, String> = plans.iter().map(|plan| plan.name.as_str()).zip(ids).collect();
    let own: Vec<String> = report.findings.iter().map(|finding| finding.fingerprint.clone()).collect();
    let by_plan = apart(&own, |at| {
        let input = report.findings.get(at).map(|finding| finding.input.as_str()).unwrap_or_default();
        plans.get(input).cloned().unwrap_or_else(|| input.to_owned())
    });
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let numbers: Vec<usize> = by_plan
        .iter()
        .map(|fingerprint| {
            let count = seen.entry(fingerprint.clone()).or_default();
            *count = count.saturating_add(1);
            *count
        })
        .collect();
    apart(&by_plan, |at| numbers.get(at).map(ToString::to_string).unwrap_or_default())
}

/// The same, where what comes several times is mixed with what sets it apart.
fn apart(all: &[String], by: impl Fn(usize) -> String) -> Vec<String> {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for one in all {
        let count = uses.entry(one).or_default();
        *count = count.saturating_add(1);
    }
    let is_single = |one: &str| uses.get(one).is_some_and(|count| *count == 1);
    let mixed = |(at, one): (usize, &String)| if is_single(one) { one.clone() } else { mix(&[one, &by(at)]) };
    all.iter().enumerate().map(mixed).collect()
}

/// A short digest of some texts, in hexadecimal.
pub(super) fn mix(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\n").as_bytes());
    digest.iter().take(8).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
