//! What is read in which forms, and what is refused with which words.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::fmt::Write as _;

#[test]
fn every_form_of_a_plan_gives_the_same_findings() {
    let folder = common::folder("testdata/read");
    let findings = |path: &std::path::Path| {
        let report = common::report(path).unwrap();
        report.findings.iter().map(|f| (f.rule.clone(), f.address.clone(), f.verdict)).collect::<Vec<_>>()
    };
    let expected = findings(&folder.join("plan.json"));
    assert!(!expected.is_empty());
    for path in common::files(&folder, "") {
        assert_eq!(findings(&path), expected, "{}", path.display());
    }
}

#[test]
fn several_documents_are_several_inputs() {
    let folder = common::folder("testdata/read");
    for name in ["two-plans-one-a-line.json", "two-plans-pretty.json"] {
        assert_eq!(common::report(&folder.join(name)).unwrap().inputs.len(), 2, "{name}");
    }
}

#[test]
fn what_is_no_plan_is_refused_in_its_own_words() {
    let mut words = String::new();
    for path in common::files(&common::folder("testdata/refused"), "") {
        let error = common::report(&path).expect_err(&path.display().to_string());
        writeln!(words, "{error}\n").unwrap();
    }
    insta::assert_snapshot!(words);
}
