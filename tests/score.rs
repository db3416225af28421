//! The score's laws: what must never rank below what.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test that panics has failed"
)]

mod common;

use blastgate::score::{BLOCKS, sum, whole};
use proptest::prelude::*;
use serde_json::{Value, json};

fn of_whole(scores: &[u32]) -> u32 {
    sum(&whole(scores))
}

proptest! {
    #[test]
    fn one_more_finding_never_lowers_the_whole(
        scores in prop::collection::vec(0_u32..=100, 0..60), more in 0_u32..=100,
    ) {
        let mut larger = scores.clone();
        larger.push(more);
        prop_assert!(of_whole(&larger) >= of_whole(&scores));
    }

    #[test]
    fn a_worse_finding_never_lowers_the_whole(
        scores in prop::collection::vec(0_u32..=100, 1..60), place in 0_usize..60, by in 0_u32..=100,
    ) {
        let mut worse = scores.clone();
        let place = place % scores.len();
        worse[place] = (worse[place] + by).min(100);
        prop_assert!(of_whole(&worse) >= of_whole(&scores), "{:?} {:?}", scores, worse);
    }

    #[test]
    fn the_whole_is_bounded_by_its_worst_and_its_class(scores in prop::collection::vec(0_u32..=100, 1..60)) {
        let worst = scores.iter().copied().max().unwrap();
        let score = of_whole(&scores);
        prop_assert!(score >= worst && score <= 100);
        prop_assert_eq!(score >= BLOCKS, worst >= BLOCKS);
    }
}

/// A plan of rows, each with what exists before it.
fn plan(rows: Vec<Value>) -> Value {
    json!({ "format_version": "1.2", "resource_changes": rows })
}

fn row(address: &str, actions: &[&str], before: Value) -> Value {
    let kind = address.split('.').next().unwrap();
    let after = match actions {
        ["no-op" | "update"] => before.clone(),
        ["delete" | "forget"] => Value::Null,
        _ => json!({}),
    };
    json!({ "address": address, "mode": "managed", "type": kind, "name": "x",
        "change": { "actions": actions, "before": before, "after": after } })
}

fn report(plan: &Value) -> blastgate::report::Report {
    common::report_of("plan.json", plan.to_string().as_bytes()).unwrap()
}

fn score(plan: &Value) -> u32 {
    report(plan).score
}

const DELETE: &[&str] = &["delete"];
const REPLACE: &[&str] = &["delete", "create"];
const CREATE_FIRST: &[&str] = &["create", "delete"];

/// A network with so many instances on it, known by its id.
fn network_with(actions: &[&str], dependents: usize) -> Value {
    let mut rows = vec![row("aws_vpc.main", actions, json!({ "id": "vpc-0a1b2c3d" }))];
    for at in 0..dependents {
        let before = json!({ "id": format!("i-{at:08}"), "vpc_id": "vpc-0a1b2c3d" });
        rows.push(row(&format!("aws_instance.app{at}"), &["no-op"], before));
    }
    plan(rows)
}

#[test]
fn one_more_dependent_never_lowers_it() {
    for actions in [DELETE, REPLACE, CREATE_FIRST] {
        let scores: Vec<u32> = (0..70).map(|dependents| score(&network_with(actions, dependents))).collect();
        assert!(scores.is_sorted(), "{actions:?}: {scores:?}");
        assert!(scores[0] < scores[69]);
    }
}

#[test]
fn a_worse_action_never_lowers_it() {
    for (kind, before) in [
        ("aws_vpc", json!({ "id": "vpc-0a1b2c3d" })),
        ("aws_db_instance", json!({ "id": "db-1" })),
        ("aws_instance", json!({ "id": "i-1" })),
        ("aws_sqs_queue", json!({ "id": "q-1" })),
        ("acme_thing", json!({ "id": "t-1" })),
    ] {
        let scores: Vec<u32> = [&["update"][..], &["forget"], CREATE_FIRST, REPLACE, DELETE]
            .iter()
            .map(|actions| score(&plan(vec![row(&format!("{kind}.x"), actions, before.clone())])))
            .collect();
        assert!(scores.is_sorted(), "{kind}: {scores:?}");
    }
}

#[test]
fn a_lost_way_back_never_lowers_it() {
    let database = |skip: bool| {
        let before = json!({ "id": "db-1", "skip_final_snapshot": skip, "final_snapshot_identifier": "last" });
        plan(vec![row("aws_db_instance.main", DELETE, before)])
    };
    assert!(score(&database(true)) > score(&database(false)));
}

#[test]
fn many_small_things_never_outrank_one_lost_database() {
    let database = score(&plan(vec![row("aws_db_instance.main", REPLACE, json!({ "id": "db-1" }))]));
    for kind in ["aws_ecs_task_definition", "null_resource", "aws_security_group_rule", "aws_route", "aws_sqs_queue"] {
        let rows = (0..100).map(|at| row(&format!("{kind}.x{at}"), REPLACE, json!({ "id": format!("x-{at}") })));
        // What is left as it is keeps this from being the end of an environment.
        let kept =
            (0..200).map(|at| row(&format!("aws_instance.x{at}"), &["no-op"], json!({ "id": format!("i-{at}") })));
        let many = score(&plan(rows.chain(kept).collect()));
        assert!(many < database, "{kind}: {many} against {database}");
    }
}

#[test]
fn every_point_has_its_reason() {
    for path in common::files(&common::folder("testdata/labelled"), "json") {
        let report = common::report(&path).unwrap();
        let total = |points: &[blastgate::report::Points]| points.iter().map(|one| one.points).sum::<u32>();
        assert_eq!(total(&report.points), report.score, "{}", path.display());
        for finding in &report.findings {
            assert_eq!(total(&finding.points), finding.score, "{}", path.display());
            assert!(finding.points.iter().all(|one| !one.reason.is_empty()));
            assert!(report.score >= finding.score);
        }
    }
}

#[test]
fn what_lowers_a_verdict_leaves_the_score() {
    let database =
        |tag: &str| plan(vec![row("aws_db_instance.main", DELETE, json!({ "id": "db-1", "tags": { "env": tag } }))]);
    let (lowered, blocked) = (report(&database("dev")), report(&database("prod")));
    assert_ne!(lowered.verdict, blocked.verdict);
    assert_eq!(lowered.score, blocked.score);
}
