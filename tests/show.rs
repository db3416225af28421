//! Saved plans through a tool: which one is run, where and how, and what becomes of a tool that does not behave.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]
#![cfg(all(feature = "cli", unix))]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A directory with a saved plan, and a stand-in for a tool that does what it is told.
struct Bench {
    folder: tempfile::TempDir,
    command: Command,
    input: Vec<u8>,
}

/// What came of a run.
struct Outcome {
    code: Option<i32>,
    stdout: String,
    stderr: String,
    notes: String,
    took: Duration,
}

impl Bench {
    fn new(fake: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tmp")).unwrap();
        fs::copy(fixture("bucket-removed.tfplan"), folder.path().join("tfplan")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_blastgate"));
        command.arg("check").current_dir(folder.path());
        command.env("PATH", tools("terraform")).env("TMPDIR", folder.path().join("tmp"));
        command.env("FAKE", fake).env("FAKE_PRINT", fixture("bucket-removed.json"));
        command.env("FAKE_NOTES", folder.path().join("notes"));
        Self { folder, command, input: Vec::new() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn arguments(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self
    }

    fn env(mut self, key: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// Runs it, and looks whether anything is left behind.
    fn run(mut self) -> Outcome {
        use std::io::Write as _;
        let start = Instant::now();
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        // It may not be asked for.
        let _ = child.stdin.take().unwrap().write_all(&self.input);
        let output = child.wait_with_output().unwrap();
        let took = start.elapsed();
        let left: Vec<_> = fs::read_dir(self.path("tmp")).unwrap().collect();
        assert!(left.is_empty(), "the private copy must go away: {left:?}");
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            notes: fs::read_to_string(self.path("notes")).unwrap_or_default(),
            took,
        }
    }
}

impl Outcome {
    fn noted(&self, key: &str) -> Vec<&str> {
        self.notes.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(' ')).collect()
    }

    fn is_refused(&self, words: &[&str]) {
        assert_eq!(self.code, Some(2), "{}{}", self.stdout, self.stderr);
        assert_eq!(self.stdout, "");
        for word in words {
            assert!(self.stderr.contains(word), "{word}: {}", self.stderr);
        }
    }
}

fn fixture(name: &str) -> PathBuf {
    common::folder("testdata/saved").join(name)
}

fn tools(name: &str) -> PathBuf {
    common::folder("tests/tools").join(name)
}

fn both_tools() -> std::ffi::OsString {
    std::env::join_paths([tools("terraform"), tools("tofu")]).unwrap()
}

#[test]
fn a_saved_plan_is_shown_and_judged_like_its_json() {
    let outcome = Bench::new("print").arguments(&["tfplan"]).run();
    assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
    assert!(outcome.stdout.starts_with("BLOCK"), "{}", outcome.stdout);
    let program = tools("terraform").join("terraform");
    assert_eq!(outcome.stderr, format!("note: showed tfplan with {} in .\n", program.display()));
    let report = Bench::new("print").arguments(&["--format", "json", "tfplan"]).run().stdout;
    assert!(report.contains(r#""workspace": "default""#), "{report}");
    assert!(report.contains(&format!(r#""shown_by": "{}""#, program.display())), "{report}");
}

#[test]
fn the_tool_gets_fixed_arguments_and_a_private_copy() {
    let bench = Bench::new("print").arguments(&["tfplan"]);
    let outcome = bench
        .env("TF_CLI_ARGS", "-json -lock=false")
        .env("TF_CLI_ARGS_show", "-var=x=y")
        .env("tf_cli_args_plan", "-destroy")
        .env("TF_LOG", "trace")
        .env("TF_LOG_PATH", "/dev/null")
        .env("TF_CLI_CONFIG_FILE", "/some/rc")
        .run();
    assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
    let arguments = outcome.noted("arguments")[0];
    let file = arguments.strip_prefix("show -json -no-color /").expect(arguments);
    assert!(file.contains("/tmp/blastgate-") && file.ends_with(".tfplan"), "{arguments}");
    let sum = Command::new("cksum").stdin(fs::File::open(fixture("bucket-removed.tfplan")).unwrap()).output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap();
    assert_eq!(outcome.noted("file"), [format!("-rw------- {}", sum.trim())]);
    let settings: Vec<&str> = outcome.notes.lines().filter(|line| line.contains('=')).collect();
    assert_eq!(settings, ["CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE=/some/rc", "TF_INPUT=0", "TF_IN_AUTOMATION=1"]);
}

#[test]
fn a_name_is_never_an_option() {
    let bench = Bench::new("print");
    fs::rename(bench.path("tfplan"), bench.path("-version")).unwrap();
    let outcome = bench.arguments(&["--", "-version"]).run();
    assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
    assert!(outcome.noted("arguments")[0].starts_with("show -json -no-color /"));
}

#[test]
fn it_is_shown_where_it_was_made() {
    let at = |prepare: fn(&Path) -> Vec<String>| {
        let bench = Bench::new("print");
        fs::create_dir_all(bench.path("stack/plans/today")).unwrap();
        fs::rename(bench.path("tfplan"), bench.path("stack/plans/today/tfplan")).unwrap();
        let arguments = prepare(bench.folder.path());
        let root = bench.folder.path().canonicalize().unwrap();
        let outcome = bench.arguments(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).run();
        let directory = outcome
            .noted("directory")
            .first()
            .map(|found| Path::new(found).strip_prefix(&root).unwrap().to_string_lossy().into_owned());
        (directory, outcome.stderr)
    };
    let (directory, said) = at(|_| vec!["stack/plans/today/tfplan".to_owned()]);
    assert_eq!(directory.as_deref(), Some("stack/plans/today"));
    assert!(said.trim_end().ends_with(" in stack/plans/today"), "{said}");
    let (directory, said) = at(|root| {
        fs::create_dir(root.join("stack/.terraform")).unwrap();
        vec!["stack/plans/today/tfplan".to_owned()]
    });
    assert_eq!(directory.as_deref(), Some("stack"));
    assert!(said.trim_end().ends_with("/stack"), "{said}");
    let (directory, said) = at(|root| {
        fs::create_dir_all(root.join("other")).unwrap();
        fs::create_dir(root.join("stack/.terraform")).unwrap();
        vec!["--chdir".to_owned(), "other".to_owned(), "stack/plans/today/tfplan".to_owned()]
    });
    assert_eq!((directory.as_deref(), said.trim_end().ends_with("in other")), (Some("other"), true), "{said}");
}

#[test]
fn a_directory_that_cannot_be_entered_is_an_error() {
    for (chdir, word) in [("nowhere", "cannot be entered"), ("tfplan", "cannot be entered")] {
        Bench::new("print").arguments(&["--chdir", chdir, "tfplan"]).run().is_refused(&[word, "--chdir"]);
    }
}

#[test]
fn the_providers_of_somebody_else_are_not_run() {
    let bench = Bench::new("print");
    fs::create_dir(bench.path(".terraform")).unwrap();
    if std::os::unix::fs::chown(bench.path(".terraform"), Some(4242), None).is_err() {
        println!("only the system's owner can try this");
        return;
    }
    let outcome = bench.arguments(&["tfplan"]).run();
    outcome.is_refused(&["belongs to somebody else", "--chdir"]);
    assert_eq!(outcome.notes, "");
    let bench = Bench::new("print");
    fs::create_dir(bench.path(".terraform")).unwrap();
    std::os::unix::fs::chown(bench.path(".terraform"), Some(4242), None).unwrap();
    assert_eq!(bench.arguments(&["--chdir", ".", "tfplan"]).run().code, Some(1));
}

#[test]
fn the_tool_is_the_one_that_made_the_plan() {
    let made = |lock: &str| common::with_part("bucket-removed.tfplan", ".terraform.lock.hcl", lock.as_bytes());
    let tofu_plan = made("# This file is maintained automatically by \"tofu init\".\n");
    let mirror = made("provider \"registry.opentofu.org/hashicorp/aws\" {\n  version = \"6.0.0\"\n}\n");
    let terraform_plan = fs::read(fixture("bucket-removed.tfplan")).unwrap();
    let shown_by = |plan: &[u8], path: std::ffi::OsString, arguments: &[&str]| {
        let bench = Bench::new("print").env("PATH", path);
        fs::write(bench.path("tfplan"), plan).unwrap();
        let outcome = bench.arguments(arguments).arguments(&["tfplan"]).run();
        let program = outcome.noted("program").first().map(|path| path.rsplit('/').next().unwrap().to_owned());
        (program, outcome.stderr)
    };
    for (plan, tool) in [(&terraform_plan, "terraform"), (&tofu_plan, "tofu"), (&mirror, "tofu")] {
        assert_eq!(shown_by(plan, both_tools(), &[]).0.as_deref(), Some(tool));
    }
    let (program, said) = shown_by(&terraform_plan, tools("tofu").into(), &[]);
    assert_eq!(program.as_deref(), Some("tofu"));
    assert!(said.contains(", since terraform is not on the PATH"), "{said}");
    assert_eq!(shown_by(&terraform_plan, both_tools(), &["--tool", "tofu"]).0.as_deref(), Some("tofu"));
    let path = tools("tofu").join("tofu");
    let named = shown_by(&terraform_plan, "/nowhere".into(), &["--tool", path.to_str().unwrap()]);
    assert_eq!(named.0.as_deref(), Some("tofu"));
    for tool in ["nothing-of-that-name", "./tfplan", "/", "."] {
        let (program, said) = shown_by(&terraform_plan, both_tools(), &["--tool", tool]);
        assert!(program.is_none() && said.contains("--tool: there is no program"), "{tool}: {said}");
    }
}

#[test]
fn without_a_tool_the_error_says_what_to_run() {
    let outcome = Bench::new("print").env("PATH", "/nowhere").arguments(&["tfplan"]).run();
    outcome.is_refused(&[
        "tfplan: this is a saved plan, and neither terraform nor tofu is on the PATH",
        "`terraform show -json tfplan > plan.json`",
    ]);
}

#[test]
fn no_program_of_the_current_directory_is_run() {
    for path in ["", ".", ":", ".:", "bin", "./bin:"] {
        let bench = Bench::new("print").env("PATH", path);
        fs::create_dir(bench.path("bin")).unwrap();
        for place in ["terraform", "bin/terraform"] {
            fs::copy(tools("terraform").join("terraform"), bench.path(place)).unwrap();
        }
        let outcome = bench.arguments(&["tfplan"]).run();
        outcome.is_refused(&["on the PATH"]);
        assert_eq!(outcome.notes, "", "{path}");
    }
}

#[test]
fn a_tool_that_prints_no_plan_is_an_error() {
    for (fake, words) in [
        ("fail", &["failed with code 1", "No such provider, says \\u{1b}[31mtfplan;", "`terraform init` in ."][..]),
        ("crash", &["was killed"]),
        ("silent", &["printed nothing"]),
        ("nonsense", &["cannot be judged: there is text here"]),
        ("state", &["cannot be judged: this is a state"]),
        ("twice", &["more than one plan"]),
        ("other-version", &["another version"]),
    ] {
        Bench::new(fake).arguments(&["tfplan"]).run().is_refused(words);
    }
    let terraform = tools("terraform").join("terraform");
    let said = Bench::new("fail").arguments(&["tfplan"]).run().stderr;
    assert!(said.contains(&terraform.display().to_string()), "{said}");
    assert!(said.contains("failed with code 1: Error: Failed to load plugin schemas"), "{said}");
    assert!(said.contains("show -json tfplan > plan.json") && !said.contains('│'), "{said}");
}

#[test]
fn a_tool_is_not_waited_for_for_ever() {
    for fake in ["sleep", "deaf", "closed"] {
        let outcome = Bench::new(fake).arguments(&["--show-timeout", "1", "tfplan"]).run();
        outcome.is_refused(&["was not done within 1 seconds", "--show-timeout"]);
        assert!(outcome.took < Duration::from_secs(20), "{fake}: {:?}", outcome.took);
        outcome.noted("child").iter().for_each(|child| is_gone(child));
    }
}

/// What was killed is gone, or waits for somebody to take note of it.
fn is_gone(child: &str) {
    let stat = || fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
    let gone = || stat().rsplit(") ").next().is_none_or(|rest| rest.is_empty() || rest.starts_with('Z'));
    let since = Instant::now();
    while !gone() && since.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(gone(), "{child} still runs: {}", stat());
}

#[test]
fn output_is_bounded() {
    let size = fs::metadata(fixture("bucket-removed.json")).unwrap().len().to_string();
    let outcome = Bench::new("flood").arguments(&["--max-bytes", &size, "tfplan"]).run();
    outcome.is_refused(&["larger than the limit"]);
    assert!(outcome.took < Duration::from_secs(20), "{:?}", outcome.took);
    assert_eq!(Bench::new("print").arguments(&["--max-bytes", &size, "tfplan"]).run().code, Some(1));
    // Complaints are taken and dropped, however many there are.
    assert_eq!(Bench::new("complain").arguments(&["tfplan"]).run().code, Some(1));
}

#[test]
fn what_a_tool_leaves_behind_goes_with_it() {
    let outcome = Bench::new("leave-behind").arguments(&["tfplan"]).run();
    assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
    assert!(outcome.took < Duration::from_secs(20), "{:?}", outcome.took);
    outcome.noted("child").iter().for_each(|child| is_gone(child));
}

#[test]
#[cfg(target_os = "linux")]
fn who_gets_away_with_the_output_keeps_nobody_waiting() {
    let outcome = Bench::new("escape").arguments(&["tfplan"]).run();
    outcome.is_refused(&["keeps its output open"]);
    assert!(outcome.took < Duration::from_secs(15), "{:?}", outcome.took);
}

#[test]
fn standard_input_may_be_a_saved_plan() {
    let mut bench = Bench::new("print");
    bench.input = fs::read(fixture("bucket-removed.tfplan")).unwrap();
    let outcome = bench.arguments(&["-"]).run();
    assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
    assert!(outcome.stderr.starts_with("note: showed - with "), "{}", outcome.stderr);
    let mut bench = Bench::new("fail");
    bench.input = fs::read(fixture("bucket-removed.tfplan")).unwrap();
    bench.arguments(&["-"]).run().is_refused(&["-: this is a saved plan", "show -json PLAN > plan.json"]);
}

#[test]
fn one_plan_given_twice_is_shown_once() {
    let bench = Bench::new("print");
    fs::copy(bench.path("tfplan"), bench.path("again")).unwrap();
    let outcome = bench.arguments(&["tfplan", "again"]).run();
    assert_eq!(outcome.noted("program").len(), 1, "{}", outcome.notes);
    assert!(outcome.stderr.contains("again was given already"), "{}", outcome.stderr);
}

#[test]
fn a_bookmark_and_an_encrypted_plan_are_shown_too() {
    let bookmark = r#"{"remote_plan_format":1,"run_id":"run-AbCd","hostname":"app.terraform.io"}"#;
    let encrypted = r#"{"meta":{"key_provider.x.y":"e30="},"encrypted_data":"AAAA","encryption_version":"v0"}"#;
    let run = |text: &str, path: std::ffi::OsString| {
        let bench = Bench::new("print").env("PATH", path);
        fs::write(bench.path("tfplan"), text).unwrap();
        bench.arguments(&["tfplan"]).run()
    };
    for (text, tool) in [(bookmark, "terraform"), (encrypted, "tofu")] {
        let outcome = run(text, both_tools());
        assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
        assert!(outcome.noted("program")[0].ends_with(tool), "{}", outcome.notes);
    }
    assert_eq!(run(bookmark, tools("tofu").into()).code, Some(1));
    run(encrypted, tools("terraform").into()).is_refused(&["encrypted OpenTofu plan, and tofu is not on the PATH"]);
    run(bookmark, "/nowhere".into()).is_refused(&["bookmark", "neither terraform nor tofu"]);
    // Neither is a wrapped document with anything more in it.
    let more = bookmark.replace('}', r#","resource_changes":[]}"#);
    run(&more, both_tools()).is_refused(&["bookmark"]);
}

#[test]
fn a_claimed_workspace_is_weak_and_a_recorded_one_wins() {
    let verdict = |plan: &str, arguments: &[&str]| {
        let json = Path::new(plan).with_extension("json");
        let bench = Bench::new("print").env("FAKE_PRINT", fixture(json.to_str().unwrap()));
        fs::copy(fixture(plan), bench.path("tfplan")).unwrap();
        fs::copy(fixture(json.to_str().unwrap()), bench.path("plan.json")).unwrap();
        bench.arguments(arguments).run().code
    };
    assert_eq!(verdict("bucket-removed.tfplan", &["plan.json"]), Some(1));
    assert_eq!(verdict("bucket-removed.tfplan", &["--workspace", "dev", "plan.json"]), Some(3));
    assert_eq!(verdict("bucket-removed.tfplan", &["--workspace", "prod", "plan.json"]), Some(1));
    assert_eq!(verdict("bucket-removed.tfplan", &["--workspace", "dev", "tfplan"]), Some(1));
    assert_eq!(verdict("bucket-removed-dev.tfplan", &["--workspace", "prod", "tfplan"]), Some(0));
    assert_eq!(verdict("bucket-removed-prod.tfplan", &["--workspace", "dev", "tfplan"]), Some(1));
    assert_eq!(verdict("refresh-only.tfplan", &["tfplan"]), Some(0));
    assert_eq!(verdict("refresh-only.tfplan", &["plan.json"]), Some(2));
    assert_eq!(verdict("destroy-target.tfplan", &["tfplan"]), Some(1));
}

/// The real tool, with the stand-in provider that the fixtures were made with, where both are present.
#[test]
fn real_terraform_shows_the_fixtures() {
    let settings = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/planlab/terraformrc"));
    let settings = settings.filter(|settings| settings.is_file());
    let terraform = Command::new("terraform").arg("version").env("CHECKPOINT_DISABLE", "1").output();
    let known = terraform.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("v1.11.4\n"));
    let (Some(settings), Some(lab), true) = (settings, common::shared("planlab"), known) else {
        println!("there is no Terraform 1.11.4 with the stand-in provider here");
        return;
    };
    for path in common::files(&common::folder("testdata/saved"), "tfplan") {
        let run = |fake: bool, path: &Path| {
            let bench = Bench::new("print").env("TF_CLI_CONFIG_FILE", &settings);
            let bench =
                bench.env("PLANLAB_TYPES", lab.join("types.toml")).env("FAKE_PRINT", path.with_extension("json"));
            let bench = if fake { bench } else { bench.env("PATH", std::env::var_os("PATH").unwrap()) };
            fs::copy(path, bench.path("tfplan")).unwrap();
            bench.arguments(&["tfplan"]).run()
        };
        let (real, fake) = (run(false, &path), run(true, &path));
        assert_eq!((real.code, real.stdout), (fake.code, fake.stdout), "{}: {}", path.display(), real.stderr);
        assert_eq!(real.notes, "");
    }
}

/// A saved plan knows its own files from the directory that it was made in. Where that is found, the report names them from
/// the repository's root.
#[test]
fn the_files_of_a_saved_plan_are_named_from_the_repository() {
    let places = |files: &[&str], arguments: &[&str]| {
        let bench = Bench::new("print").env("FAKE_PRINT", fixture("destroy-target.json"));
        for folder in [".git", "live/prod/.terraform"] {
            fs::create_dir_all(bench.path(folder)).unwrap();
        }
        fs::copy(fixture("destroy-target.tfplan"), bench.path("live/prod/tfplan")).unwrap();
        for file in files {
            fs::write(bench.path(file), "# it may have changed since\n").unwrap();
        }
        let done = bench.arguments(&["live/prod/tfplan", "--format", "json"]).arguments(arguments).run();
        let report: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
        let source = &report["findings"].as_array().unwrap().iter().find(|one| one["address"] != "").unwrap()["source"];
        (source["file"].as_str().unwrap().to_owned(), report["inputs"][0]["file"].as_str().map(str::to_owned))
    };
    let told = |file: &str, plan: &str| (file.to_owned(), Some(plan.to_owned()));
    let there = ["live/prod/main.tf"];
    assert_eq!(places(&there, &[]), told("live/prod/modules/db/main.tf", "live/prod/tfplan"));
    assert_eq!(places(&there, &["--source-root", "live"]), told("prod/modules/db/main.tf", "prod/tfplan"));
    assert_eq!(places(&[], &[]), told("modules/db/main.tf", "live/prod/tfplan"), "where it was made, nobody knows");
}
