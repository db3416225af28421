//! Reports read back and put together.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use blastgate::Settings;
use blastgate::input::{self, Limits};
use blastgate::report::{self, Outcome, Report};

/// A fixture's report under another name, with its picture.
fn drawn(fixture: &str, name: &str) -> Report {
    let bytes = std::fs::read(common::folder("testdata/labelled").join(fixture)).unwrap();
    let text = input::decode(name, &bytes).unwrap();
    let plans = input::read(name, &text, &Limits::default()).unwrap();
    blastgate::assess_with(&plans, &Settings { drawn: 40, ..Settings::default() })
}

fn core() -> Report {
    drawn("aws-core-renumbered-modules.json", "core.json")
}

#[test]
fn what_is_written_is_read_back_whole() {
    for path in common::files(&common::folder("testdata/labelled"), "json") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let Ok(text) = input::decode(&name, &bytes) else { continue };
        let Ok(plans) = input::read(&name, &text, &Limits::default()) else { continue };
        let written =
            common::written(&blastgate::assess_with(&plans, &Settings { drawn: 40, ..Settings::default() }), "json");
        let read = report::read(&name, written.as_bytes()).unwrap();
        assert_eq!(common::written(&read, "json"), written, "{name}");
        // One report alone is put together to itself, but for the order of what is equally bad.
        let merged = report::merge(vec![(name.clone(), read)]).unwrap();
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        let (was, is) = (value(&written), value(&common::written(&merged, "json")));
        for same in ["verdict", "score", "points", "summary", "inputs", "notes", "gaps"] {
            assert_eq!(was[same], is[same], "{name}: {same}");
        }
    }
}

#[test]
fn inputs_of_one_name_are_told_apart() {
    let two = vec![("a.json".to_owned(), core()), ("b.json".to_owned(), core())];
    let merged = report::merge(two).unwrap();
    let names: Vec<&str> = merged.inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["a.json: core.json", "b.json: core.json"]);
    let one = core();
    assert_eq!(merged.findings.len(), 2 * one.findings.len());
    assert_eq!(merged.groups.len(), 2 * one.groups.len());
    for group in &merged.groups {
        for at in &group.findings {
            let finding = &merged.findings[*at];
            assert_eq!((&finding.group, &finding.input), (&group.id, &group.input));
        }
    }
    let picture = merged.picture.unwrap();
    let ids: std::collections::HashSet<&String> = picture.nodes.iter().map(|node| &node.id).collect();
    assert_eq!(ids.len(), picture.nodes.len());
    assert!(picture.edges.iter().all(|edge| ids.contains(&edge.from) && ids.contains(&edge.to)));
    assert!(picture.nodes.iter().all(|node| node.input.is_empty() || names.contains(&node.input.as_str())));
}

#[test]
fn the_worst_stands_first_and_decides() {
    let mild = drawn("aws-format-0.1-update-in-capitals.json", "app.json");
    assert!(mild.verdict < Outcome::Block);
    for order in [[mild.clone(), core()], [core(), mild]] {
        let named = order.into_iter().map(|report| (report.inputs[0].name.clone(), report)).collect();
        let merged = report::merge(named).unwrap();
        assert_eq!(merged.verdict, Outcome::Block);
        assert_eq!(merged.summary.text, core().summary.text);
        assert!(merged.findings.windows(2).all(|pair| pair[0].verdict >= pair[1].verdict));
        assert!(merged.score >= core().score);
    }
}

#[test]
fn a_report_cannot_say_less_than_its_findings() {
    let written = common::written(&core(), "json");
    let lied = written.replacen("\"verdict\": \"block\"", "\"verdict\": \"allow\"", 1);
    assert_ne!(lied, written);
    assert_eq!(report::read("r.json", lied.as_bytes()).unwrap().verdict, Outcome::Block);
}

#[test]
fn what_is_no_report_is_refused_without_being_quoted() {
    let plan = r#"{"format_version":"1.2","resource_changes":[{"secret":"hunter2"}]}"#;
    let newer = common::written(&core(), "json").replacen("\"schema_version\": 1", "\"schema_version\": 99", 1);
    let damaged = common::written(&core(), "json").replacen("\"verdict\": \"block\"", "\"verdict\": \"hunter2\"", 1);
    for (text, says) in
        [("", "no report"), ("[]", "no report"), (plan, "no report"), (&newer, "version 99"), (&damaged, "damaged")]
    {
        let error = report::read("r.json", text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(says) && !error.contains("hunter2"), "{error}");
    }
}
