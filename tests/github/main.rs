//! The comment and the review on a pull request, against a server that answers as GitHub does.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]
#![cfg(feature = "github")]

#[path = "../common/mod.rs"]
mod common;
mod hostile;
mod server;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use server::{Comment, Fault, World, commit};

const REVIEW: &str = "testdata/labelled/aws-versioning-suspended.json";
const BLOCK: &str = "testdata/labelled/aws-core-renumbered-modules.json";
const ALLOW: &str = "testdata/labelled/aws-alarm-removed.json";
const TOKEN: &str = "ghs_marker_of_a_token";

/// A pull request, and a folder with its event and reports.
struct Scene {
    address: String,
    world: Arc<Mutex<World>>,
    folder: tempfile::TempDir,
    workflow: std::cell::RefCell<&'static str>,
}

impl Scene {
    fn new() -> Self {
        let (address, world) = server::start(World::new());
        let workflow = std::cell::RefCell::new("plan");
        let scene = Self { address, world, folder: tempfile::tempdir().unwrap(), workflow };
        scene.event("synchronize", "ann");
        scene
    }

    fn with(&self, change: impl FnOnce(&mut World)) {
        change(&mut self.world.lock().unwrap());
    }

    /// The event that the workflow runs for.
    fn event(&self, action: &str, sender: &str) {
        let head = self.world.lock().unwrap().head.clone();
        let event = json!({"action": action, "sender": {"login": sender},
            "pull_request": {"number": 7, "head": {"sha": head}}});
        std::fs::write(self.folder.path().join("event.json"), event.to_string()).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The report of a plan.
    fn report(&self, plan: &str, name: &str) -> String {
        let output = self.program().args(["check", "--format", "json", plan]).output().unwrap();
        std::fs::write(self.file(name), output.stdout).unwrap();
        self.file(name).to_string_lossy().into_owned()
    }

    fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_blastgate"));
        command
            .current_dir(common::folder("."))
            .env_clear()
            .env("GITHUB_API_URL", &self.address)
            .env("GITHUB_REPOSITORY", "acme/infra")
            .env("GITHUB_EVENT_PATH", self.file("event.json"))
            .env("GITHUB_WORKFLOW", *self.workflow.borrow())
            .env("GITHUB_JOB", "gate")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_TOKEN", TOKEN);
        command
    }

    fn github(&self, arguments: &[&str]) -> Output {
        let output = self.program().arg("github").args(arguments).output().unwrap();
        for text in [&output.stdout, &output.stderr] {
            assert!(!String::from_utf8_lossy(text).contains(TOKEN));
        }
        output
    }

    fn bodies(&self) -> Vec<String> {
        self.world.lock().unwrap().comments.iter().map(|comment| comment.body.clone()).collect()
    }

    fn status(&self) -> String {
        let world = self.world.lock().unwrap();
        let last = world.statuses.last().map(|status| status["state"].clone());
        last.unwrap_or_default().as_str().unwrap_or_default().to_owned()
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn the_first_comment_is_made_and_the_next_changes_it() {
    let scene = Scene::new();
    let (review, block) = (scene.report(REVIEW, "review.json"), scene.report(BLOCK, "block.json"));
    assert_eq!(code(&scene.github(&["comment", &review])), 0);
    assert_eq!(scene.bodies().len(), 1);
    let first = scene.bodies()[0].clone();
    assert!(first.contains("aws_s3_bucket_versioning.uploads"), "{first}");
    // The same again changes nothing, so that nobody is told twice.
    assert_eq!(code(&scene.github(&["comment", &review])), 0);
    assert!(scene.world.lock().unwrap().comments[0].edited.is_none());
    assert_eq!(code(&scene.github(&["comment", &block])), 0);
    assert_eq!(scene.bodies().len(), 1);
    assert_ne!(scene.bodies()[0], first);
}

#[test]
fn many_plans_are_one_comment() {
    let scene = Scene::new();
    let (review, block) = (scene.report(REVIEW, "review.json"), scene.report(BLOCK, "block.json"));
    assert_eq!(code(&scene.github(&["comment", &review, &block])), 0);
    let bodies = scene.bodies();
    assert_eq!(bodies.len(), 1);
    assert!(bodies[0].contains("aws_s3_bucket_versioning.uploads") && bodies[0].contains("aws_vpc.main"));
}

#[test]
fn two_jobs_have_a_comment_each() {
    let scene = Scene::new();
    let report = scene.report(REVIEW, "review.json");
    scene.github(&["comment", &report]);
    scene.github(&["comment", &report, "--comment-id", "other --> job"]);
    scene.github(&["comment", &report, "--comment-id", "other --> job"]);
    assert_eq!(scene.bodies().len(), 2);
}

#[test]
fn a_comment_that_somebody_else_wrote_is_left_alone() {
    let scene = Scene::new();
    let report = scene.report(REVIEW, "review.json");
    scene.github(&["comment", &report]);
    scene.with(|world| world.comments[0].author = "mallory");
    scene.github(&["comment", &report]);
    assert_eq!(scene.bodies().len(), 2);
}

#[test]
fn a_token_that_may_only_read_is_no_failure() {
    let scene = Scene::new();
    scene.with(|world| world.read_only = true);
    let report = scene.report(BLOCK, "block.json");
    let output = scene.github(&["comment", &report]);
    assert_eq!(code(&output), 0);
    assert!(said(&output).contains("::notice") && said(&output).contains("may not comment"), "{}", said(&output));
}

#[test]
fn what_fails_in_passing_is_tried_again() {
    for (status, headers) in [(500, ""), (502, ""), (429, "Retry-After: 0\r\n"), (403, "Retry-After: 1\r\n")] {
        let scene = Scene::new();
        let report = scene.report(REVIEW, "review.json");
        scene.github(&["comment", &report]);
        let other = scene.report(BLOCK, "block.json");
        for (method, path) in [("POST", "/graphql"), ("PATCH", "/comments/")] {
            scene.with(|world| world.faults.push(Fault { method, path, status, headers, done: false }));
        }
        let output = scene.github(&["comment", &other]);
        assert_eq!(code(&output), 0);
        assert!(scene.bodies()[0].contains("aws_vpc.main"), "{status}: {}", said(&output));
    }
}

#[test]
fn a_comment_that_was_made_though_the_answer_failed_is_not_made_twice() {
    let scene = Scene::new();
    let report = scene.report(REVIEW, "review.json");
    scene.with(|world| {
        world.faults.push(Fault { method: "POST", path: "/comments", status: 502, headers: "", done: true });
    });
    assert_eq!(code(&scene.github(&["comment", &report])), 0);
    assert_eq!(scene.bodies().len(), 1);
}

#[test]
fn a_comment_that_was_removed_meanwhile_is_made_again_and_one_that_is_refused_gets_shorter() {
    let scene = Scene::new();
    let (review, block) = (scene.report(REVIEW, "review.json"), scene.report(BLOCK, "block.json"));
    scene.github(&["comment", &review]);
    for status in [404, 422] {
        scene.with(|world| {
            world.faults.push(Fault { method: "PATCH", path: "/comments/", status, headers: "", done: false });
        });
        let output = scene.github(&["comment", if status == 404 { &block } else { &review }]);
        assert_eq!(code(&output), 0, "{}", said(&output));
    }
    assert!(scene.bodies().last().unwrap().contains("aws_"));
}

#[test]
fn a_limit_that_lasts_too_long_is_told_and_fails_nothing() {
    let scene = Scene::new();
    let report = scene.report(REVIEW, "review.json");
    let headers = "x-ratelimit-remaining: 0\r\nx-ratelimit-reset: 99999999999\r\n";
    scene.with(|world| {
        world.faults.push(Fault { method: "POST", path: "/graphql", status: 403, headers, done: false });
    });
    let output = scene.github(&["comment", &report]);
    assert_eq!(code(&output), 0);
    assert!(said(&output).contains("::warning") && said(&output).contains("asks to wait"), "{}", said(&output));
}

#[test]
fn lists_are_read_to_their_ends() {
    let scene = Scene::new();
    scene.with(|world| {
        world.page = 2;
        for n in 0..5 {
            let (created, body) = (world.now(), format!("chatter {n}"));
            world.comments.push(Comment { id: 100 + n, author: "bob", editor: None, created, edited: None, body });
        }
    });
    let report = scene.report(REVIEW, "review.json");
    scene.github(&["comment", &report]);
    scene.github(&["comment", &report]);
    assert_eq!(scene.bodies().len(), 6);
    scene.with(|world| {
        let people = [("Zoe", "zoe@example.com", Some("zoe"))];
        world.commits.extend((0..5).map(|n| commit(&format!("{n:040}"), &people)));
    });
    scene.github(&["review", &report]);
    scene.with(|world| world.says("zoe", "APPROVED"));
    assert_eq!(code(&scene.github(&["review", &report])), 3);
    scene.with(|world| world.says("bob", "APPROVED"));
    assert_eq!(code(&scene.github(&["review", &report])), 0);
}

/// A scene whose plan must be agreed to, with the comment that shows it.
fn shown() -> (Scene, String) {
    let scene = Scene::new();
    let report = scene.report(REVIEW, "review.json");
    assert_eq!(code(&scene.github(&["review", &report])), 3);
    assert_eq!(scene.status(), "pending");
    (scene, report)
}

#[test]
fn a_colleague_counts() {
    let (scene, report) = shown();
    scene.with(|world| world.says("bob", "APPROVED"));
    let kept = scene.file("kept.json").to_string_lossy().into_owned();
    let output = scene.github(&["review", &report, "--output", &format!("json={kept}")]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!(scene.status(), "success");
    assert!(scene.bodies()[0].contains("`bob`"), "{}", scene.bodies()[0]);
    let kept: Value = serde_json::from_slice(&std::fs::read(kept).unwrap()).unwrap();
    assert_eq!((&kept["verdict"], &kept["approval"]["by"]), (&json!("review"), &json!("bob")));
    // Saying so changed the comment, and the approval still counts.
    assert_eq!(code(&scene.github(&["review", &report])), 0);
    // A comment of the same person takes nothing back.
    scene.with(|world| world.says("bob", "COMMENTED"));
    assert_eq!(code(&scene.github(&["review", &report])), 0);
}

#[test]
fn those_who_made_the_change_and_machines_do_not_count() {
    type Change = fn(&mut World);
    let cases: [(&str, Change); 23] = [
        ("opened the pull request", |world| world.says("Ann", "APPROVED")),
        ("took part in a commit", |world| {
            let people = [("Ann", "ann@example.com", Some("ann")), ("Zoe", "z@example.com", Some("zoe"))];
            world.commits.push(commit("c0ffee02", &people));
            world.review("zoe", "APPROVED");
        }),
        ("took part in a commit", |world| {
            world.commits.push(commit("c0ffee02", &[("Zoe", "77+zoe@users.noreply.github.com", None)]));
            world.review("zoe", "APPROVED");
        }),
        ("no person's account", |world| {
            world.review("helper", "APPROVED")["author"]["__typename"] = json!("Bot");
        }),
        ("no person's account", |world| world.says("helper[bot]", "APPROVED")),
        ("pushed the newest commit", |world| {
            let head = world.head.clone();
            world.activity = vec![(head, "zoe".to_owned())];
            world.review("zoe", "APPROVED");
        }),
        ("may not write", |world| {
            world.review("guest", "APPROVED")["authorCanPushToRepository"] = json!(false);
        }),
        ("another commit", |world| world.review("bob", "APPROVED")["commit"]["oid"] = json!("0ld")),
        ("before the comment showed", |world| {
            world.review("bob", "APPROVED")["submittedAt"] = json!("2026-11-27T09:00:00Z");
        }),
        ("before the comment showed", |world| {
            world.review("bob", "APPROVED")["submittedAt"] = json!("tomorrow");
        }),
        ("Who pushed the newest commit", |world| {
            world.activity.clear();
            world.review("bob", "APPROVED");
        }),
        ("Who pushed the newest commit", |world| {
            world.activity = vec![("0ld".to_owned(), "ann".to_owned())];
            world.review("bob", "APPROVED");
        }),
        ("pushed a commit of it", |world| {
            // Whose name a commit has and who brought it are two things.
            world.commits.push(commit("c0ffee02", &[("Ann", "ann@example.com", Some("ann"))]));
            world.activity.push(("c0ffee02".to_owned(), "Zoe".to_owned()));
            world.review("zoe", "APPROVED");
        }),
        ("took part in a commit", |world| {
            let mut one = commit("c0ffee02", &[("Ann", "ann@example.com", Some("ann"))]);
            one["commit"]["message"] = json!("x\n\nCO-AUTHORED-BY : Z <77+zoe@users.noreply.github.com>\n\nand more");
            world.commits.push(one);
            world.review("zoe", "APPROVED");
        }),
        ("took part in a commit", |world| {
            // The number stays when the login is another one.
            world.commits.push(commit("c0ffee02", &[("Z", "77+old-zoe@users.noreply.github.com", None)]));
            world.review("zoe", "APPROVED")["author"]["databaseId"] = json!(77);
        }),
        ("took part in a commit", |world| {
            world.commits.push(commit("c0ffee02", &[("Zoe Hill", "zoe@laptop.local", None)]));
            world.review("zoe", "APPROVED")["author"]["name"] = json!("zoe hill");
        }),
        ("took part in a commit", |world| {
            let mut one = commit("c0ffee02", &[("Ann", "ann@example.com", Some("ann"))]);
            one["commit"]["committer"] = json!({"name": "Z", "email": "z@example.com", "user": {"login": "ZOE"}});
            world.commits.push(one);
            world.review("zoe", "APPROVED");
        }),
        ("no person's account", |world| world.says("cursoragent", "APPROVED")),
        ("the account that comments", |world| {
            world.viewer = "robot";
            world.comments[0].author = "robot";
            world.says("robot", "APPROVED");
        }),
        ("Not all commits", |world| {
            world.commits = vec![commit("c0ffee02", &[("Ann", "ann@example.com", Some("ann"))])];
            world.review("bob", "APPROVED");
        }),
        ("Not all commits", |world| {
            world.commits[0]["commit"]["authors"] = Value::Null;
            world.review("bob", "APPROVED");
        }),
        ("opened the pull request", |world| {
            // Whose account is gone may be anybody.
            world.author = Value::Null;
            world.review("bob", "APPROVED");
        }),
        ("Not all commits", |world| {
            world.commits[0]["commit"]["authors"]["totalCount"] = json!(60);
            world.review("bob", "APPROVED");
        }),
    ];
    for (why, change) in cases {
        let (scene, report) = shown();
        scene.event("submitted", "bob");
        scene.with(change);
        let output = scene.github(&["review", &report]);
        assert_eq!(code(&output), 3, "{why}: {}", said(&output));
        assert!(said(&output).contains(why), "{why}: {}", said(&output));
        assert_eq!(scene.status(), "pending");
    }
}

#[test]
fn a_word_that_was_taken_back_does_not_count() {
    for state in ["CHANGES_REQUESTED", "DISMISSED"] {
        let (scene, report) = shown();
        scene.with(|world| {
            world.review("bob", "APPROVED");
            world.review("bob", state);
        });
        assert_eq!(code(&scene.github(&["review", &report])), 3, "{state}");
    }
    let (scene, report) = shown();
    scene.with(|world| world.review("bob", "APPROVED")["state"] = json!("DISMISSED"));
    assert_eq!(code(&scene.github(&["review", &report])), 3);
}

#[test]
fn only_what_was_shown_can_be_approved() {
    // Another plan than the one that was shown.
    let (scene, _) = shown();
    scene.with(|world| world.says("bob", "APPROVED"));
    let other = scene.report("testdata/labelled/aws-backup-plan-shorter.json", "other.json");
    assert_eq!(code(&scene.github(&["review", &other])), 3);
    // It is shown now, and bob's word is older than that.
    assert_eq!(code(&scene.github(&["review", &other])), 3);
    scene.with(|world| world.says("bob", "APPROVED"));
    assert_eq!(code(&scene.github(&["review", &other])), 0);
    // Somebody changed the comment: nobody knows what bob saw.
    let (scene, report) = shown();
    scene.with(|world| {
        world.comments[0].editor = Some("mallory");
        world.comments[0].edited = Some("2026-11-27T08:00:00Z".to_owned());
        world.review("bob", "APPROVED");
    });
    assert_eq!(code(&scene.github(&["review", &report])), 3);
    assert_eq!(code(&scene.github(&["review", &report])), 3, "what a stranger wrote is not carried on");
    scene.with(|world| world.says("bob", "APPROVED"));
    assert_eq!(code(&scene.github(&["review", &report])), 0);
}

#[test]
fn a_newer_commit_than_the_judged_one_has_no_approval() {
    let (scene, report) = shown();
    scene.with(|world| {
        world.head = "c0ffee0000000000000000000000000000000002".to_owned();
        let head = world.head.clone();
        world.activity.push((head, "ann".to_owned()));
        world.review("bob", "APPROVED");
    });
    let output = scene.github(&["review", &report]);
    assert_eq!(code(&output), 3);
    assert!(said(&output).contains("newer commit"), "{}", said(&output));
}

#[test]
fn block_stays_and_allow_passes() {
    let scene = Scene::new();
    let (block, allow) = (scene.report(BLOCK, "block.json"), scene.report(ALLOW, "allow.json"));
    scene.github(&["comment", &block]);
    scene.with(|world| world.says("bob", "APPROVED"));
    assert_eq!((code(&scene.github(&["review", &block])), scene.status().as_str()), (1, "failure"));
    assert_eq!((code(&scene.github(&["review", &allow])), scene.status().as_str()), (0, "success"));
    // Whoever only looks on is stopped by nothing.
    let observing = scene.github(&["review", &block, "--fail-on", "never"]);
    assert_eq!((code(&observing), scene.status().as_str()), (0, "success"));
}

#[test]
fn agents_are_named() {
    let scene = Scene::new();
    scene.with(|world| {
        let people = [("Ann", "ann@example.com", Some("ann")), ("Claude Opus 4.5", "noreply@anthropic.com", None)];
        world.commits.push(commit("c0ffee02", &people));
        let bot = [("x`<img>[bot]", "1+x`<img>[bot]@users.noreply.github.com", None)];
        world.commits.push(commit("c0ffee03", &bot));
    });
    let report = scene.report(REVIEW, "review.json");
    scene.github(&["comment", &report]);
    let body = scene.bodies()[0].clone();
    assert!(body.contains("`Claude Code` (1 commit)"), "{body}");
    assert!(body.contains("``x`<img>[bot]`` (1 commit)"), "{body}");
}

/// A zip with one file.
fn archive(name: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(content).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_recheck_needs_only_the_stored_report() {
    let (scene, report) = shown();
    let bytes = std::fs::read(report).unwrap();
    scene.event("submitted", "bob");
    *scene.workflow.borrow_mut() = "review";
    assert_eq!(code(&scene.github(&["recheck"])), 2, "nothing is stored");
    scene.with(|world| {
        world.page = 1;
        let head = world.head.clone();
        let stored = archive("report.json", &bytes);
        world.artifacts.push(("blastgate-report".to_owned(), "other".to_owned(), archive("a.json", b"{}"), false));
        world.artifacts.push(("blastgate-report".to_owned(), head.clone(), stored, false));
        world.artifacts.push(("blastgate-report".to_owned(), head.clone(), archive("a.json", b"{}"), true));
        world.artifacts.push(("another".to_owned(), head, archive("a.json", b"{}"), false));
    });
    let output = scene.github(&["recheck"]);
    assert_eq!(code(&output), 3, "{}", said(&output));
    scene.with(|world| world.says("bob", "APPROVED"));
    let output = scene.github(&["recheck"]);
    assert_eq!((code(&output), scene.status().as_str()), (0, "success"), "{}", said(&output));
    // Another workflow than the one that commented, and the same comment.
    assert_eq!(scene.bodies().len(), 1);
    // The token went to the API alone, and not to where the archive lies.
    let world = scene.world.lock().unwrap();
    assert!(world.log.iter().any(|(_, path, _)| path.starts_with("/blob/")));
    for (_, path, authorization) in &world.log {
        assert_eq!(authorization.is_empty(), path.starts_with("/blob/"), "{path}");
    }
}

#[test]
fn what_is_stored_and_cannot_be_read_is_an_error() {
    for content in [archive("report.json", b"{}"), archive("report.txt", b"{}"), b"no zip".to_vec()] {
        let (scene, _) = shown();
        scene.with(|world| {
            let head = world.head.clone();
            world.artifacts.push(("blastgate-report".to_owned(), head, content, false));
            world.review("bob", "APPROVED");
        });
        let output = scene.github(&["recheck"]);
        assert_eq!(code(&output), 2, "{}", said(&output));
        assert_ne!(scene.status(), "success");
    }
}

#[test]
fn an_event_without_a_pull_request_is_no_failure_and_no_pass() {
    let scene = Scene::new();
    std::fs::write(scene.file("event.json"), r#"{"ref": "refs/heads/main"}"#).unwrap();
    let (review, allow) = (scene.report(REVIEW, "review.json"), scene.report(ALLOW, "allow.json"));
    assert_eq!(code(&scene.github(&["comment", &review])), 0);
    assert_eq!(code(&scene.github(&["review", &review])), 3);
    assert_eq!(code(&scene.github(&["review", &allow])), 0);
    assert_eq!(code(&scene.github(&["recheck"])), 2);
}

#[test]
fn bad_input_is_told_in_one_line() {
    let scene = Scene::new();
    let plan = common::folder(REVIEW).to_string_lossy().into_owned();
    for arguments in [&["comment", "/nowhere.json"][..], &["comment", &plan], &["review", &plan]] {
        let output = scene.github(arguments);
        assert_eq!(code(&output), 2);
        assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1, "{}", said(&output));
    }
    let report = scene.report(REVIEW, "review.json");
    for repository in ["acme", "acme/infra/../x", "acme/..", "a b/c"] {
        assert_eq!(code(&scene.github(&["comment", &report, "--repository", repository])), 2, "{repository}");
    }
    let output = scene.program().args(["github", "comment", &report]).env_remove("GITHUB_TOKEN").output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("GITHUB_TOKEN"), "{}", said(&output));
}
