//! The policy is the base branch's, whatever a pull request makes of it.

use std::collections::BTreeMap;

use super::{ALLOW, BLOCK, job, web};
use crate::runner::{Run, Runner};

const BASE: &str = "c0ffee";
/// Rows that make everything of a kind nothing.
const LOOSE: &str = "aws_*\tnothing\troutine\t-\t-\n";
const STRICT: &str = "aws_cloudwatch_metric_alarm\trecords\tservice\t-\t-\n";

/// What the contents API says of a file.
fn content(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    let packed = base64::engine::general_purpose::STANDARD.encode(text);
    // GitHub puts a line end into it now and then.
    let (one, other) = packed.split_at(packed.len() / 2);
    serde_json::json!({"type": "file", "encoding": "base64", "content": format!("{one}\n{other}\n")})
        .to_string()
        .into_bytes()
}

/// A job for an event, where the base branch has these files.
fn scene(plan: &str, event: (&str, &str), files: &[(&str, &str)]) -> (Runner, web::Log) {
    let mut runner = job(&[("plan.json", plan)]);
    let path = |name: &str| format!("/repos/acme/infra/contents/{name}");
    let of_base = files.iter().map(|(name, text)| (path(name), content(text)));
    let (address, log) = web::start(of_base.collect::<BTreeMap<_, _>>());
    let file = runner.folder.path().join("event.json");
    std::fs::write(&file, event.1).unwrap();
    for (name, value) in [
        ("GITHUB_API_URL", address.as_str()),
        ("GITHUB_REPOSITORY", "acme/infra"),
        ("GITHUB_EVENT_NAME", event.0),
        ("GITHUB_EVENT_PATH", file.to_str().unwrap()),
        ("GITHUB_WORKSPACE", runner.work("").to_str().unwrap()),
    ] {
        runner.env.push((name.to_owned(), value.to_owned()));
    }
    (runner, log)
}

fn pull() -> (&'static str, String) {
    ("pull_request", format!(r#"{{"pull_request": {{"number": 7, "base": {{"sha": "{BASE}"}}}}}}"#))
}

fn judge(runner: &Runner, policy: &str) -> Run {
    runner.run(".", &[("plans", "plan.json"), ("comment", "false"), ("policy", policy)])
}

#[test]
fn what_the_pull_request_writes_counts_for_nothing() {
    let (name, event) = pull();
    let (runner, log) = scene(ALLOW, (name, &event), &[(&format!("gate/rows.tsv?ref={BASE}"), STRICT)]);
    std::fs::create_dir(runner.work("gate")).unwrap();
    std::fs::write(runner.work("gate/rows.tsv"), LOOSE).unwrap();
    for policy in ["gate/rows.tsv", "./gate/../gate/rows.tsv"] {
        let run = judge(&runner, policy);
        assert_eq!(run.code, 1, "{}", run.log);
    }
    assert_eq!(log.lock().unwrap().last().unwrap().1, "bearer token");
    // It need not be there any more, and it may lead wherever it likes.
    std::fs::remove_dir_all(runner.work("gate")).unwrap();
    let elsewhere = runner.folder.path().join("elsewhere");
    std::fs::create_dir_all(elsewhere.join(".git")).unwrap();
    std::fs::write(elsewhere.join("rows.tsv"), LOOSE).unwrap();
    std::os::unix::fs::symlink(&elsewhere, runner.work("gate")).unwrap();
    assert_eq!(judge(&runner, "gate/rows.tsv").code, 1);
}

#[test]
fn what_the_base_branch_does_not_have_is_an_error() {
    let (name, event) = pull();
    let (runner, _) = scene(BLOCK, (name, &event), &[]);
    std::fs::write(runner.work("rows.tsv"), LOOSE).unwrap();
    let run = judge(&runner, "rows.tsv");
    assert_eq!(run.code, 2, "{}", run.log);
    assert!(run.log.contains("rows.tsv of the base commit"), "{}", run.log);
    // A submodule is the pull request's as well: its repository is a file.
    std::fs::create_dir(runner.work("sub")).unwrap();
    std::fs::write(runner.work("sub/.git"), "gitdir: ../.git/modules/sub").unwrap();
    std::fs::write(runner.work("sub/rows.tsv"), LOOSE).unwrap();
    assert_eq!(judge(&runner, "sub/rows.tsv").code, 2);
}

#[test]
fn another_checkout_is_read_as_it_lies_there() {
    let (name, event) = pull();
    let (runner, log) = scene(ALLOW, (name, &event), &[]);
    std::fs::create_dir_all(runner.work("policies/.git")).unwrap();
    std::fs::write(runner.work("policies/rows.tsv"), STRICT).unwrap();
    let run = judge(&runner, "policies/rows.tsv");
    assert_eq!(run.code, 1, "{}", run.log);
    let outside = runner.folder.path().join("rows.tsv");
    std::fs::write(&outside, STRICT).unwrap();
    assert_eq!(judge(&runner, outside.to_str().unwrap()).code, 1);
    assert!(log.lock().unwrap().is_empty());
}

#[test]
fn each_event_has_its_base() {
    let rows = |name: &str| (name.to_owned(), STRICT);
    let group = r#"{"merge_group": {"base_sha": "c0ffee"}}"#;
    for (event, body, file) in [
        ("merge_group", group, rows("rows.tsv?ref=c0ffee")),
        ("issue_comment", r#"{"issue": {"number": 7}}"#, rows("rows.tsv")),
    ] {
        let (runner, _) = scene(ALLOW, (event, body), &[(&file.0, file.1)]);
        std::fs::write(runner.work("rows.tsv"), LOOSE).unwrap();
        let run = judge(&runner, "rows.tsv");
        assert_eq!(run.code, 1, "{event}: {}", run.log);
    }
    // What is on the branch was agreed to.
    let (runner, _) = scene(ALLOW, ("push", "{}"), &[]);
    std::fs::write(runner.work("rows.tsv"), STRICT).unwrap();
    assert_eq!(judge(&runner, "rows.tsv").code, 1);
}
