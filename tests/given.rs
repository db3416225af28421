//! What callers get who have their inputs in memory: the program's report, and never a verdict on half of it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::BTreeMap;
use std::process::Command;

use blastgate::input::{InputError, Limits, Tells};
use blastgate::report::{Outcome, Report};
use blastgate::sources::Tree;
use blastgate::{File, Given, check};

const LOST: &str = r#"{"format_version":"1.2","resource_changes":[{"address":"aws_db_instance.main","mode":"managed",
    "type":"aws_db_instance","name":"main","change":{"actions":["delete"],"before":{"password":"hunter2"},"after":null}}]}"#;

const STATE: &str = r#"{"version":4,"terraform_version":"1.9.0","serial":1,"lineage":"a","outputs":{},"resources":[]}"#;

fn errors(report: &Report) -> Vec<&str> {
    report.inputs.iter().filter_map(|input| input.error.as_deref()).collect()
}

/// The program's report, but for what only a file has: its place in a repository.
fn of_the_program(arguments: &[&str]) -> serde_json::Value {
    let run = Command::new(env!("CARGO_BIN_EXE_blastgate"))
        .args(["check", "--format", "json"])
        .args(arguments)
        .current_dir(common::folder("testdata"))
        .output()
        .unwrap();
    let mut report: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    for input in report["inputs"].as_array_mut().unwrap() {
        input.as_object_mut().unwrap().remove("file");
    }
    report
}

#[test]
fn it_is_the_programs_report() {
    let read = |path: &str| std::fs::read(common::folder("testdata").join(path)).unwrap();
    let names = |folder: &str, ending: &str| -> Vec<String> {
        let paths = common::files(&common::folder("testdata").join(folder), ending);
        paths.iter().map(|path| format!("{folder}/{}", path.file_name().unwrap().to_string_lossy())).collect()
    };
    let refused = names("refused", "");
    for name in names("labelled", "json").iter().step_by(9).chain(&refused) {
        let bytes = read(name);
        let report = check(&Given { drawn: 400, digest: true, ..Given::plan(name, &bytes) });
        assert_eq!(serde_json::to_value(report).unwrap(), of_the_program(&[name]), "{name}");
    }
}

#[test]
fn everything_beside_the_plans_counts() {
    let folder = common::folder("testdata");
    let read = |path: &str| std::fs::read(folder.join(path)).unwrap();
    let (network, platform) = (read("context/remote/network.json"), read("context/remote/platform.state.json"));
    let given = Given {
        plans: vec![File::new("context/remote/network.json", &network)],
        context: vec![File::new("context/remote/platform.state.json", &platform), File::new("again", &network)],
        workspace: Some("sandbox"),
        drawn: 400,
        digest: true,
        ..Given::default()
    };
    let expected = of_the_program(&[
        "context/remote/network.json",
        "--workspace",
        "sandbox",
        "--context",
        "context/remote/platform.state.json",
    ]);
    assert_eq!(serde_json::to_value(check(&given)).unwrap(), expected);
}

#[test]
fn what_cannot_be_read_is_never_a_verdict() {
    let tree = Tree { files: BTreeMap::from([("notes.txt".to_owned(), String::new())]), ..Tree::default() };
    let file = |name, text: &'static str| vec![File::new(name, text)];
    let good = Given::plan("plan.json", LOST);
    let bad: Vec<(&str, Given<'_>)> = vec![
        ("no plan was given", Given::default()),
        ("plan.json:1:81: ", Given::plan("plan.json", LOST.split_at(80).0)),
        ("zip archive", Given::plan("tfplan", b"PK\x03\x04")),
        ("neither a state", Given { context: file("states.json", "{}"), ..good.clone() }),
        (
            "template.json:1:1: ",
            Given { stacks: vec![(Tells::Template, File::new("template.json", "{"))], ..good.clone() },
        ),
        ("there is no .tf file", Given { sources: Some(&tree), ..good.clone() }),
        ("the same name", Given { context: file("plan.json", STATE), ..good.clone() }),
        ("limit of 9 bytes", Given { limits: Limits { bytes: 9, ..Limits::default() }, ..good.clone() }),
        ("gone", Given { missing: vec![InputError::new("other.json", "it is gone")], ..good.clone() }),
    ];
    for (words, given) in bad {
        let report = check(&given);
        assert_eq!(report.verdict, Outcome::Error, "{words}");
        assert!(errors(&report).iter().any(|error| error.contains(words)), "{words}: {:?}", errors(&report));
    }
    assert_eq!(check(&good).verdict, Outcome::Block);
}

#[test]
fn what_is_given_twice_counts_once() {
    let plans = vec![File::new("one.json", LOST), File::new("two.json", LOST)];
    let (twice, once) = (check(&Given { plans, ..Given::default() }), check(&Given::plan("one.json", LOST)));
    assert_eq!(serde_json::to_value(twice).unwrap(), serde_json::to_value(once).unwrap());
}

#[test]
fn what_is_given_shows_nothing_that_is_in_it() {
    let shown = format!("{:?}", Given { context: vec![File::new("state", STATE)], ..Given::plan("plan.json", LOST) });
    assert!(shown.contains("plan.json") && shown.contains("state"), "{shown}");
    assert!(!shown.contains("hunter2") && !shown.contains("lineage"), "{shown}");
}
