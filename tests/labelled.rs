//! The labelled sets: every plan's verdict, and the addresses that its findings must name, against what was expected.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use blastgate::report::{Outcome, Report};
use serde::Deserialize;

#[derive(Deserialize)]
struct Label {
    expect: Option<String>,
    #[serde(default)]
    culprits: Vec<String>,
}

fn named(report: &Report) -> BTreeSet<&str> {
    let open = report.findings.iter().filter(|finding| finding.verdict != Outcome::Allow);
    open.flat_map(|f| f.names.iter().chain([&f.address])).map(String::as_str).collect()
}

/// Prints the table and returns the misses.
fn judge(labels: &Path, plans: &Path) -> Vec<String> {
    let mut misses = Vec::new();
    println!("{:<56} {:<8} {:<8} missing", "plan", "expected", "given");
    for path in common::files(labels, "toml") {
        let label: Label = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let (Some(expect), name) = (label.expect, common::stem(&path)) else { continue };
        let report = common::report(&plans.join(format!("{name}.json"))).unwrap();
        let named = named(&report);
        let missing: Vec<&String> = label.culprits.iter().filter(|c| !named.contains(c.as_str())).collect();
        let row = format!("{name:<56} {expect:<8} {:<8} {missing:?}", report.verdict.word());
        println!("{row}");
        if expect != report.verdict.word() || !missing.is_empty() {
            misses.push(row);
        }
    }
    misses
}

#[test]
fn own_labels_are_met() {
    let folder = common::folder("testdata/labelled");
    assert!(common::files(&folder, "toml").len() >= 60);
    let misses = judge(&folder, &folder);
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

#[test]
fn shared_scenarios_are_met() {
    let Some(folder) = common::shared("scenarios") else {
        println!("there are no shared scenarios here");
        return;
    };
    let misses = judge(&folder, &folder.join("plans"));
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}
