//! The command line, as files: each case in `tests/cmd` is a command with what it prints and returns.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]
#![cfg(feature = "cli")]

#[test]
fn commands() {
    // The commands name plans of the repository, so they run at its root.
    let cases = trycmd::TestCases::new();
    cases.case("tests/cmd/*.trycmd").case("docs/outputs.md").default_bin_name("blastgate");
}

/// Runs the program with bytes on standard input; returns its exit code and what it printed.
fn with_input(arguments: &[&str], input: &[u8]) -> (Option<i32>, String) {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_blastgate"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn standard_input_is_a_plan_like_any_other() {
    let plan = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/read/plan.json")).unwrap();
    let (code, printed) = with_input(&["check", "-"], &plan);
    assert_eq!(code, Some(1));
    assert!(printed.starts_with("BLOCK"), "{printed}");
    assert_eq!(with_input(&["check", "-"], b"").0, Some(2));
}

#[test]
fn the_rules_are_there_for_programs_too() {
    let (code, printed) = with_input(&["rules", "--format", "json"], b"");
    assert_eq!(code, Some(0));
    let rules: Vec<serde_json::Value> = serde_json::from_str(&printed).unwrap();
    assert_eq!(rules.len(), blastgate::rules::RULES.len());
    let of = |rule: &serde_json::Value| rule.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(of(&rules[0]), "id never_lowered number page summary verdict");
    assert_eq!(rules[9]["id"], "not-vouched");
    assert_eq!(rules[9]["never_lowered"], true);
}

#[test]
fn colour_is_for_people_only() {
    let plan = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/read/plan.json")).unwrap();
    assert!(!with_input(&["check", "-"], &plan).1.contains('\u{1b}'));
    assert!(with_input(&["check", "--color", "always", "-"], &plan).1.contains('\u{1b}'));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::process::{Command, Stdio};
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/read/plan.json");
    let mut child = Command::new(env!("CARGO_BIN_EXE_blastgate"))
        .args(["check", "--format", "json", plan])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// Runs `check --format github` where a step has a summary; returns the exit code, and what the summary has then.
fn summarized(summary: &std::path::Path) -> (Option<i32>, String) {
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/read/plan.json");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_blastgate"))
        .args(["check", "--format", "github", plan])
        .env("GITHUB_STEP_SUMMARY", summary)
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("::error "));
    (output.status.code(), std::fs::read_to_string(summary).unwrap_or_default())
}

#[test]
fn the_summary_of_a_job_gets_the_comment() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("summary.md");
    let (code, alone) = summarized(&file);
    assert_eq!(code, Some(1));
    assert!(alone.starts_with("🛑 **blastgate: BLOCK.**") && alone.ends_with("</details>\n"), "{alone}");
    // What the step wrote before stays, and the report begins on a line of its own.
    std::fs::write(&file, "# Plan").unwrap();
    assert_eq!(summarized(&file), (Some(1), format!("# Plan\n\n{alone}")));
    // It stays within what GitHub shows, whatever is there.
    for there in [1_048_576 - 1_000, 1_048_576 - 200] {
        std::fs::write(&file, "x".repeat(there)).unwrap();
        let (code, both) = summarized(&file);
        assert_eq!(code, Some(1));
        assert!(both.len() <= 1_048_576 && both.len() > there + 40, "{}", both.len());
    }
    std::fs::write(&file, "x".repeat(1_048_576)).unwrap();
    assert_eq!(summarized(&file), (Some(1), "x".repeat(1_048_576)));
    assert_eq!(summarized(folder.path()).0, Some(1), "the verdict stands without a summary");
}

/// `UPDATE_DOCS=1` writes what is printed into the README, up to what is routine.
#[test]
fn the_readme_shows_what_is_printed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (head, block) = readme.split_once("```console\n").unwrap();
    let (shell, rest) = block.split_once('\n').unwrap();
    let (shown, tail) = rest.split_once("\n...\n").unwrap();
    let (_, command) = shell.split_once("&& blastgate ").unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_blastgate"))
        .args(command.split(' '))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let shown = printed.split("\n\n  routine").next().unwrap();
        std::fs::write(path, format!("{head}```console\n{shell}\n{shown}\n...\n{tail}")).unwrap();
    } else {
        assert!(printed.starts_with(shown), "run `UPDATE_DOCS=1 cargo test --test cli`; printed was:\n{printed}");
    }
}
