//! The action's steps as a runner runs them, and the snippets of the pages on pipelines.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]
#![cfg(all(unix, feature = "github"))]

#[path = "../common/mod.rs"]
mod common;
mod install;
mod policy;
mod runner;
mod web;
mod yaml;

use std::path::PathBuf;

use runner::Runner;
use serde_json::Value;

const REVIEW: &str = "testdata/labelled/aws-versioning-suspended.json";
const BLOCK: &str = "testdata/labelled/aws-core-renumbered-modules.json";
const ALLOW: &str = "testdata/labelled/aws-alarm-removed.json";

/// A job whose folder has these plans.
fn job(plans: &[(&str, &str)]) -> Runner {
    let runner = Runner::new();
    for (name, plan) in plans {
        let path = runner.work(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(common::folder(plan), path).unwrap();
    }
    runner
}

#[test]
fn the_verdict_is_the_exit_code_and_an_output() {
    for (plan, code, verdict) in [(ALLOW, 0, "allow"), (REVIEW, 3, "review"), (BLOCK, 1, "block")] {
        let runner = job(&[("plan.json", plan)]);
        let run = runner.run(".", &[("plans", "plan.json"), ("comment", "false")]);
        assert_eq!((run.code, run.outputs["verdict"].as_str()), (code, verdict), "{}", run.log);
        assert_eq!(run.outputs["digest"].len(), 64);
        let report = std::fs::read(&run.outputs["report"]).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&report).unwrap()["verdict"], verdict);
        assert!(std::fs::read_to_string(&run.outputs["sarif"]).unwrap().contains("2.1.0"));
        assert!(run.summary.contains("blastgate"), "{}", run.summary);
    }
}

#[test]
fn what_is_stored_and_uploaded_is_asked_for() {
    let runner = job(&[("plan.json", BLOCK)]);
    let used = |inputs: &[(&str, &str)]| {
        let run = runner.run(".", &[&[("plans", "plan.json"), ("comment", "false")], inputs].concat());
        run.used
            .into_iter()
            .map(|(name, with)| (name, with.get("name").cloned().unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let upload = |name: &str| ("actions/upload-artifact".to_owned(), name.to_owned());
    assert_eq!(used(&[]), [upload("blastgate-report"), upload("blastgate-report-page")]);
    assert_eq!(used(&[("html", "false"), ("artifact", "x")]), [upload("x")]);
    let sarif = ("github/codeql-action/upload-sarif".to_owned(), String::new());
    assert_eq!(used(&[("artifact", ""), ("sarif", "true")]), [sarif]);
}

#[test]
fn patterns_match_odd_names_and_nothing_else() {
    let runner = job(&[("a dir/one plan.json", ALLOW), ("a dir/deep/two.json", REVIEW), ("-x.json", ALLOW)]);
    let run = runner.run(".", &[("plans", "  a dir/**/*.json \n\n-x.json"), ("comment", "false")]);
    assert_eq!(run.code, 3, "{}", run.log);
    let report: Value = serde_json::from_slice(&std::fs::read(&run.outputs["report"]).unwrap()).unwrap();
    let names: Vec<&str> = report["inputs"].as_array().unwrap().iter().map(|i| i["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"a dir/one plan.json") && names.contains(&"a dir/deep/two.json"), "{names:?}");
}

#[test]
fn what_is_not_there_is_an_error_and_never_green() {
    let runner = job(&[("plan.json", ALLOW)]);
    for (inputs, says) in [
        (&[("plans", "*.nothing")][..], "matches nothing"),
        (&[("plans", "plan.json\nother.json")], "not there"),
        (&[("plans", "")], "empty"),
        (&[("plans", "plan.json"), ("context", "states/*")], "matches nothing"),
        (&[("plans", "plan.json"), ("fail-on", "sometimes")], "fail-on"),
        (&[("plans", "plan.json"), ("reports", "plan.json")], "either"),
        (&[("plans", "plan.json"), ("version", "1; rm -rf /")], "version"),
        (&[("plans", "plan.json"), ("version", "99.0.0")], "99.0.0"),
    ] {
        let run = runner.run(".", &[inputs, &[("comment", "false")]].concat());
        assert_eq!(run.code, 2, "{inputs:?}: {}", run.log);
        assert!(run.log.contains("::error") && run.log.contains(says), "{inputs:?}: {}", run.log);
    }
    std::fs::write(runner.work("broken.json"), "{").unwrap();
    assert_eq!(runner.run(".", &[("plans", "broken.json"), ("comment", "false"), ("fail-on", "never")]).code, 2);
}

#[test]
fn a_step_knows_nothing_of_the_one_before_it() {
    let mut runner = job(&[("fine.json", ALLOW), ("plan.json", BLOCK)]);
    let fine = runner.run(".", &[("plans", "fine.json"), ("comment", "false")]);
    let block = runner.run(".", &[("plans", "plan.json"), ("comment", "false")]);
    assert_eq!((fine.code, block.code), (0, 1));
    assert_ne!(fine.outputs["report"], block.outputs["report"]);
    let report: Value = serde_json::from_slice(&std::fs::read(&fine.outputs["report"]).unwrap()).unwrap();
    assert_eq!(report["verdict"], "allow", "what was handed on stays what it was");
    // A program that ends before it says anything has nothing of the first step's to say.
    runner.program = runner.work("crash");
    std::fs::write(&runner.program, "#!/bin/sh\n[ \"$1\" = --version ] || exit 101\n").unwrap();
    std::fs::set_permissions(&runner.program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    runner.script("cargo", &copying(&runner));
    let crash = runner.run(".", &[("plans", "fine.json"), ("comment", "false")]);
    assert_eq!((crash.code, crash.outputs["verdict"].as_str()), (2, ""), "{}", crash.log);
}

/// A cargo that installs the program under test.
fn copying(runner: &Runner) -> String {
    let program = runner.program.display();
    format!("while [ \"$1\" != --root ]; do shift; done\nmkdir -p \"$2/bin\"\ncp '{program}' \"$2/bin/blastgate\"")
}

#[test]
fn an_approval_makes_nothing_milder_but_a_review() {
    let script = common::folder("action/verdict.sh");
    for (gate, review, code) in [
        ("3", "0", 0),
        ("3", "3", 3),
        ("1", "1", 1),
        ("0", "0", 0),
        ("3", "", 3),
        ("0", "", 0),
        ("1", "0", 2),
        ("0", "2", 2),
        ("2", "0", 2),
        ("101", "0", 2),
        ("3", "101", 2),
        ("", "", 2),
        ("", "0", 2),
        ("x", "", 2),
    ] {
        let status = std::process::Command::new("bash").arg(&script).env("GATE", gate).env("REVIEW", review).status();
        assert_eq!(status.unwrap().code(), Some(code), "{gate} {review}");
    }
}

#[test]
fn nothing_of_a_plan_or_an_input_is_a_command() {
    let runner = job(&[("$(touch pwned);`touch pwned`.json", BLOCK)]);
    let run = runner.run(".", &[("plans", "$(touch pwned);`touch pwned`.json"), ("comment", "false")]);
    assert_eq!(run.code, 1, "{}", run.log);
    for input in ["$(touch pwned)", "; touch pwned", "a\nb=c", "--output=json=pwned"] {
        for name in ["plans", "source", "context", "fail-on", "version"] {
            let inputs = [&[("plans", "*.json"), ("comment", "false")][..], &[(name, input)]].concat();
            let inputs: Vec<_> = inputs.into_iter().rev().collect();
            assert_eq!(runner.run(".", &inputs).code, 2, "{name} {input}");
        }
    }
    assert!(!runner.work("pwned").exists());
}

#[test]
fn observing_stops_nothing() {
    let runner = job(&[("plan.json", BLOCK)]);
    let run = runner.run(".", &[("plans", "plan.json"), ("comment", "false"), ("fail-on", "never")]);
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (0, "block"));
}

#[test]
fn reports_of_other_jobs_are_put_together() {
    let runner = job(&[]);
    for (place, plan) in [REVIEW, ALLOW].iter().enumerate() {
        let part = job(&[("plan.json", plan)]);
        let run = part.run(".", &[("plans", "plan.json"), ("comment", "false"), ("fail-on", "never")]);
        let folder = runner.work(&format!("parts/{place}"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::copy(&run.outputs["report"], folder.join("report.json")).unwrap();
    }
    let run = runner.run(".", &[("reports", "parts/*/report.json"), ("comment", "false")]);
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (3, "review"), "{}", run.log);
}

#[test]
fn an_event_without_a_pull_request_ends_by_the_verdict() {
    let mut runner = job(&[("plan.json", REVIEW)]);
    let event = runner.work("event.json");
    std::fs::write(&event, "{}").unwrap();
    runner.env.push(("GITHUB_REPOSITORY".to_owned(), "acme/infra".to_owned()));
    runner.env.push(("GITHUB_EVENT_PATH".to_owned(), event.to_string_lossy().into_owned()));
    let run = runner.run(".", &[("plans", "plan.json")]);
    assert_eq!(run.code, 3, "{}", run.log);
    assert!(run.log.contains("no pull request"), "{}", run.log);
    // Nor has a recheck anything to look at.
    assert_eq!(runner.run("recheck", &[]).code, 2);
}

/// The fenced blocks of a language in the pages on pipelines.
fn snippets(language: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for path in common::files(&common::folder("docs/ci"), "md") {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let Some(fence) = line.trim_start().strip_prefix("```") else { continue };
            let indent = line.len() - line.trim_start().len();
            let inside: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != "```").collect();
            if fence == language {
                let text =
                    inside.iter().map(|line| line.get(indent..).unwrap_or_default()).collect::<Vec<_>>().join("\n");
                found.push((path.clone(), text + "\n"));
            }
        }
    }
    found
}

#[test]
fn workflows_in_the_pages_give_the_actions_what_they_take() {
    let takes = |action: &str| yaml::read(&std::fs::read_to_string(common::folder(action).join("action.yml")).unwrap());
    let (gate, recheck) = (takes("."), takes("recheck"));
    let mut seen = 0;
    for (path, text) in snippets("yaml") {
        let workflow = yaml::read(&text);
        let Some(jobs) = workflow["jobs"].as_object() else { continue };
        assert_eq!(workflow["permissions"], serde_json::json!({}), "{}: rights are given job by job", path.display());
        for step in jobs.values().flat_map(|job| job["steps"].as_array().unwrap()) {
            let Some(uses) = step["uses"].as_str() else { continue };
            let (name, version) = uses.split_once('@').unwrap();
            let action = match name {
                "OWNER/blastgate" => &gate,
                "OWNER/blastgate/recheck" => &recheck,
                _ => {
                    assert!(version.len() == 40 && version.bytes().all(|b| b.is_ascii_hexdigit()), "{uses}");
                    continue;
                }
            };
            seen += 1;
            for input in step["with"].as_object().into_iter().flatten().map(|(input, _)| input) {
                assert!(action["inputs"][input].is_object(), "{}: no input {input}", path.display());
            }
        }
    }
    assert!(seen >= 6, "{seen}");
}

#[test]
fn commands_in_the_pages_are_ones_that_the_program_takes() {
    let mut seen = 0;
    for (path, text) in snippets("yaml").into_iter().chain(snippets("sh")) {
        let joined = text.replace("\\\n", " ");
        for line in joined.lines().filter(|line| line.contains("blastgate check")) {
            let options = line.split_whitespace().skip_while(|word| !word.ends_with("blastgate")).skip(1);
            let help = std::process::Command::new(env!("CARGO_BIN_EXE_blastgate")).args(["check", "--help"]).output();
            let help = String::from_utf8(help.unwrap().stdout).unwrap();
            for option in options.take_while(|word| *word != "&&").filter(|word| word.starts_with("--")) {
                assert!(help.contains(option), "{}: {option}", path.display());
            }
            let files = line.split("--output ").skip(1).map(|rest| rest.split('=').next().unwrap());
            for name in files.chain(line.split("--format ").skip(1).map(|rest| rest.split([' ', '`']).next().unwrap()))
            {
                let is_known = blastgate::output::FORMATS.iter().any(|format| format.name == name);
                assert!(is_known, "{}: {name}", path.display());
            }
            seen += 1;
        }
    }
    assert!(seen >= 5, "{seen}");
}
