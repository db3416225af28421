//! What began each change, and which changes are one story.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use blastgate::report::{Finding, Report};

fn report(name: &str) -> Report {
    common::report(&common::folder("testdata/causes").join(format!("{name}.json"))).unwrap()
}

fn finding<'r>(report: &'r Report, address: &str) -> &'r Finding {
    report.findings.iter().find(|finding| finding.address == address).expect(address)
}

/// The addresses of each group's findings.
fn groups(report: &Report) -> Vec<Vec<&str>> {
    let address = |place: &usize| report.findings[*place].address.as_str();
    report.groups.iter().map(|group| group.findings.iter().map(address).collect()).collect()
}

#[test]
fn text_beside_a_variable_is_an_edit_of_its_own() {
    let report = report("edit-beside-a-variable");
    assert_eq!(groups(&report).len(), 2, "{:?}", groups(&report));
    for finding in &report.findings {
        let cause = finding.cause.as_ref().unwrap();
        assert_eq!((cause.origin.as_str(), cause.variables.len()), ("edited", 0), "{}", cause.text);
    }
}

#[test]
fn a_trigger_is_named_and_what_it_names_is_no_cause_of_its_own() {
    let report = report("triggered-by-an-update");
    for finding in &report.findings {
        let cause = finding.cause.as_ref().unwrap();
        assert_eq!(cause.origin, "triggered", "{}", cause.text);
        assert!(cause.text.contains("replace_triggered_by"), "{}", cause.text);
        assert_eq!(finding.ways_out[0].id, "triggered");
    }
}

#[test]
fn an_output_that_may_be_the_same_is_only_not_known_yet() {
    let report = report("same-output-not-known-yet");
    let cause = finding(&report, "aws_db_instance.db").cause.as_ref().unwrap();
    assert!(cause.only_unknown, "{}", cause.text);
    assert_eq!(cause.comes_from.as_deref(), Some("terraform_data.eng"));
    assert_eq!(finding(&report, "aws_db_instance.db").ways_out[0].id, "wait");
}

#[test]
fn one_list_behind_two_blocks_is_one_story() {
    let report = report("one-list-behind-two-blocks");
    let stories: Vec<Vec<&str>> = groups(&report).into_iter().filter(|group| group != &[""]).collect();
    assert_eq!(stories.len(), 1, "{stories:?}");
    assert_eq!(stories[0].len(), 6);
}

#[test]
fn a_key_that_left_a_module_is_no_module_that_is_gone() {
    let report = report("key-gone-from-a-module");
    assert_eq!(groups(&report).len(), 1);
    let cause = report.findings[0].cause.as_ref().unwrap();
    assert_eq!((cause.origin.as_str(), cause.address.as_str()), ("key removed", "module.t"), "{}", cause.text);
    assert_eq!(cause.variables, ["var.tenants"]);
}

#[test]
fn what_an_explanation_says_of_an_untouched_object_is_true() {
    let path = common::folder("testdata/labelled/aws-core-renumbered-modules.json");
    let bytes = std::fs::read(path).unwrap();
    let text = blastgate::input::decode("plan.json", &bytes).unwrap();
    let plans = blastgate::input::read("plan.json", &text, &blastgate::input::Limits::default()).unwrap();
    let explained = blastgate::explain::explain(&plans, "module.platform.aws_ecs_cluster.main");
    assert_eq!(explained.explained.len(), 1);
    assert_eq!(explained.explained[0].action, "no-op");
    assert!(explained.explained[0].finding.is_none() && explained.explained[0].counted > 0);
}
