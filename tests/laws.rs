//! Laws that hold for every plan.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use blastgate::report::{Finding, Outcome, Report};
use proptest::prelude::*;
use serde_json::{Value, json};

fn rank(verdict: Outcome) -> u8 {
    match verdict {
        Outcome::Allow => 0,
        Outcome::Review => 1,
        Outcome::Block => 2,
        Outcome::Error => 3,
    }
}

/// A resource with its values, as a row of `resource_changes` and as one of the prior state.
fn rows(address: &str, kind: &str, action: &str, depends_on: &[String]) -> (Value, Value) {
    let values = json!({"id": format!("id-of-{address}-0a1b2c"), "name": address});
    let (actions, after) = match action {
        "delete" => (json!(["delete"]), Value::Null),
        "replace" => (json!(["delete", "create"]), json!({"name": address})),
        _ => (json!(["no-op"]), values.clone()),
    };
    let row = json!({"address": address, "mode": "managed", "type": kind, "name": "x",
        "change": {"actions": actions, "before": values, "after": after, "after_unknown": {}}});
    let state = json!({"address": address, "mode": "managed", "type": kind, "name": "x", "values": values,
        "depends_on": depends_on});
    (row, state)
}

fn plan(rows: Vec<(Value, Value)>) -> Vec<u8> {
    let (changes, state): (Vec<Value>, Vec<Value>) = rows.into_iter().unzip();
    json!({"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes,
        "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": state}}},
        "configuration": {"root_module": {}}, "applyable": true, "complete": true, "errored": false})
    .to_string()
    .into_bytes()
}

/// Everything that a node stands on, by a plain search over edges `(node, what it stands on)`.
fn ancestors(node: usize, size: usize, edges: &[(usize, usize)]) -> Vec<bool> {
    let (mut seen, mut open) = (vec![false; size], vec![node]);
    while let Some(at) = open.pop() {
        for (from, to) in edges {
            if *from == at && !seen[*to] {
                seen[*to] = true;
                open.push(*to);
            }
        }
    }
    seen
}

fn finding<'r>(report: &'r Report, address: &str) -> Option<&'r Finding> {
    report.findings.iter().find(|finding| finding.address == address)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// More dependents never lower a verdict.
    #[test]
    fn more_dependents_never_help(count in 0_usize..40, more in 1_usize..20, kind in prop::sample::select(vec![
        "aws_vpc", "aws_security_group", "aws_db_subnet_group", "aws_s3_bucket", "acme_thing", "aws_ecs_task_definition",
    ])) {
        let target = format!("{kind}.x");
        let with = |count: usize| {
            let mut all = vec![rows(&target, kind, "replace", &[])];
            all.extend((0..count).map(|i| rows(&format!("aws_instance.i{i}"), "aws_instance", "keep", std::slice::from_ref(&target))));
            common::report_of("p", &plan(all)).unwrap()
        };
        let (fewer, most) = (with(count), with(count + more));
        prop_assert!(rank(most.verdict) >= rank(fewer.verdict));
        if let (Some(a), Some(b)) = (finding(&fewer, &target), finding(&most, &target)) {
            prop_assert_eq!(a.dependents.count as usize, count);
            prop_assert_eq!(b.dependents.count as usize, count + more);
        }
    }

    /// The counted dependents are those that a plain search finds, cycles included.
    #[test]
    fn reach_is_exact(size in 2_usize..24, edges in prop::collection::vec((0_usize..24, 0_usize..24), 0..60)) {
        let address = |i: usize| format!("aws_vpc.n{i}");
        let edges: Vec<(usize, usize)> = edges.into_iter().map(|(a, b)| (a % size, b % size)).filter(|(a, b)| a != b).collect();
        let ancestors: Vec<Vec<bool>> = (0..size).map(|i| ancestors(i, size, &edges)).collect();
        let all = (0..size).map(|i| {
            // A state lists all ancestors, not only the nearest.
            let on: Vec<String> = (0..size).filter(|j| *j != i && ancestors[i][*j]).map(address).collect();
            rows(&address(i), "aws_vpc", "replace", &on)
        });
        let report = common::report_of("p", &plan(all.collect())).unwrap();
        for i in 0..ancestors.len() {
            let expected = ancestors.iter().enumerate().filter(|(j, of)| *j != i && of[i]).count();
            prop_assert_eq!(finding(&report, &address(i)).unwrap().dependents.count as usize, expected);
        }
    }

    /// The order of the rows does not matter.
    #[test]
    fn order_does_not_matter(seed in 0_u64..1000) {
        let mut all: Vec<_> = (0..12_u64).map(|i| {
            let on: Vec<String> = (0..i).filter(|j| (seed >> ((i + j) % 10)) & 1 == 1).map(|j| format!("aws_vpc.n{j}")).collect();
            rows(&format!("aws_vpc.n{i}"), "aws_vpc", if (seed >> (i % 8)) & 1 == 1 { "replace" } else { "keep" }, &on)
        }).collect();
        let summary = |report: &Report| {
            let mut findings: Vec<_> = report.findings.iter().map(|f| (f.address.clone(), f.rule.clone(), f.dependents.count)).collect();
            findings.sort();
            findings
        };
        let before = common::report_of("p", &plan(all.clone())).unwrap();
        all.rotate_left((seed % 12) as usize);
        all.reverse();
        let after = common::report_of("p", &plan(all)).unwrap();
        prop_assert_eq!(summary(&before), summary(&after));
    }

    /// Whatever the bytes are, there is a report or an error, and never a panic.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = common::report_of("p", &bytes);
    }

    /// A plan that was cut, or with some bytes changed, is refused or judged, and never allowed where a cut lost something.
    #[test]
    fn a_cut_plan_is_refused(cut in 1_usize..4000) {
        let whole = std::fs::read(common::folder("testdata/read/plan.json")).unwrap();
        let end = whole.len().saturating_sub(cut % (whole.len() - 2)).saturating_sub(2).max(1);
        prop_assert!(common::report_of("p", &whole[..end]).is_err());
    }

    /// A changed byte may change the verdict, and never brings the program down.
    #[test]
    fn a_changed_byte_is_survived(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = std::fs::read(common::folder("testdata/read/plan.json")).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = common::report_of("p", &bytes);
    }
}

/// The same environment has the same dependents, however it is written.
#[test]
fn flat_modules_count_and_for_each_agree() {
    let counts = |name: &str| {
        let report = common::report(&common::folder(&format!("testdata/twins/{name}.json"))).unwrap();
        let of_kind =
            report.findings.iter().filter(|f| ["aws_subnet", "aws_security_group"].contains(&f.kind.as_str()));
        let mut counts: Vec<_> = of_kind.map(|f| (f.kind.clone(), f.rule.clone(), f.dependents.count)).collect();
        counts.sort();
        counts
    };
    let row = |kind: &str, rule: &str, count| (kind.to_owned(), rule.to_owned(), count);
    let expected = [
        row("aws_security_group", "service-interrupted", 1),
        row("aws_subnet", "foundation-destroyed", 2),
        row("aws_subnet", "foundation-destroyed", 3),
    ];
    for path in common::files(&common::folder("testdata/twins"), "toml") {
        assert_eq!(counts(&common::stem(&path)), expected, "{}", path.display());
    }
}

/// No sensitive value reaches an output.
#[test]
fn secrets_stay_inside() {
    let bytes = std::fs::read_to_string(common::folder("testdata/read/plan.json")).unwrap();
    let mut plan: Value = serde_json::from_str(&bytes).unwrap();
    let marker = "m4rk3r-n0t-t0-b3-s33n";
    plan["variables"] = json!({"db_password": {"value": marker}});
    for row in plan["resource_changes"].as_array_mut().unwrap() {
        for side in ["before", "after"] {
            if row["change"][side].is_object() {
                row["change"][side]["master_password"] = json!(marker);
                row["change"][side]["tags"] = json!({"env": format!("dev {marker}"), "token": marker});
                row["change"][format!("{side}_sensitive")] = json!({"tags": true});
            }
        }
    }
    let report = common::report_of("p", plan.to_string().as_bytes()).unwrap();
    assert_eq!(report.verdict, Outcome::Block);
    for format in ["human", "json"] {
        assert!(!common::written(&report, format).contains(marker), "{format}");
    }
}
