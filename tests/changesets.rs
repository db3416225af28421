//! Change sets: each one's verdict, rule and addresses against its label, its whole report, and the same change said in
//! Terraform and in CloudFormation.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]
#![cfg(feature = "cli")]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

/// What is in a `<name>.toml` of `testdata/changesets`.
#[derive(Deserialize)]
struct Label {
    expect: String,
    rule: Option<String>,
    #[serde(default)]
    culprits: Vec<String>,
    /// Words of the refusal.
    #[serde(default)]
    says: Vec<String>,
    files: Vec<String>,
    #[serde(default)]
    template: Vec<String>,
    #[serde(default)]
    stack_resources: Vec<String>,
    #[serde(default)]
    stack: Vec<String>,
    #[serde(default)]
    stack_policy: Vec<String>,
    #[serde(default)]
    context: Vec<String>,
}

/// What is in a `<name>.toml` of `testdata/changesets/pairs`, beside what planlab reads.
#[derive(Deserialize)]
struct Pair {
    expect: String,
    rule: Option<String>,
    in_plan: Vec<String>,
    in_stack: Vec<String>,
}

fn labels<T: serde::de::DeserializeOwned>(folder: &Path) -> Vec<(String, T)> {
    let read = |path: &PathBuf| toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let files = common::files(folder, "toml").into_iter().filter(|path| common::stem(path) != "types");
    files.map(|path| (common::stem(&path), read(&path))).collect()
}

impl Label {
    fn arguments(&self) -> Vec<String> {
        let given = [
            ("--template", &self.template),
            ("--stack-resources", &self.stack_resources),
            ("--stack", &self.stack),
            ("--stack-policy", &self.stack_policy),
            ("--context", &self.context),
        ];
        let options = given.into_iter().flat_map(|(option, files)| files.iter().map(move |file| (option, file)));
        let options = options.flat_map(|(option, file)| [option.to_owned(), file.clone()]);
        self.files.iter().cloned().chain(options).collect()
    }
}

/// What a run printed.
struct Run {
    code: i32,
    printed: String,
    errors: String,
}

impl Run {
    /// Runs a command in the folder of the files, so that reports name them as they are named there.
    fn new(folder: &Path, command: &str, format: &str, arguments: &[String]) -> Self {
        let output = Command::new(env!("CARGO_BIN_EXE_blastgate"))
            .current_dir(folder)
            .args([command, "--format", format])
            .args(arguments)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), printed: text(output.stdout), errors: text(output.stderr) }
    }

    fn verdict(&self) -> &'static str {
        match self.code {
            0 => "allow",
            1 => "block",
            2 => "refused",
            3 => "review",
            other => panic!("exit code {other}: {}", self.errors),
        }
    }

    /// The findings that ask for somebody.
    fn open(&self) -> Vec<Value> {
        let report: Value = serde_json::from_str(&self.printed).unwrap_or_default();
        let findings = report["findings"].as_array().cloned().unwrap_or_default();
        findings.into_iter().filter(|finding| finding["verdict"] != "allow").collect()
    }
}

fn named(findings: &[Value]) -> BTreeSet<String> {
    let names = |finding: &Value| {
        let names = finding["names"].as_array().unwrap().iter().chain([&finding["address"]]);
        names.map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    findings.iter().flat_map(names).collect()
}

/// What is not as it was expected, in a line.
fn miss(run: &Run, expect: &str, rule: Option<&str>, culprits: &[String]) -> Option<String> {
    let open = run.open();
    let named = named(&open);
    let missing: Vec<&String> = culprits.iter().filter(|culprit| !named.contains(*culprit)).collect();
    let rules: BTreeSet<&str> =
        open.iter().filter(|f| f["verdict"] == run.verdict()).map(|f| f["rule"].as_str().unwrap()).collect();
    let other = rule.is_some_and(|rule| !rules.contains(rule));
    (run.verdict() != expect || !missing.is_empty() || other).then(|| {
        let first = run.errors.lines().find(|line| !line.is_empty()).unwrap_or_default();
        format!(
            "expected {expect} {}, given {} {rules:?}, missing {missing:?} {first}",
            rule.unwrap_or("-"),
            run.verdict()
        )
    })
}

fn folder() -> PathBuf {
    common::folder("testdata/changesets")
}

/// A labelled case, checked once for all tests.
struct Case {
    name: String,
    label: Label,
    human: Run,
    json: Run,
}

fn cases() -> &'static [Case] {
    static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
        let folder = folder();
        let case = |(name, label): (String, Label)| {
            let run = |format| Run::new(&folder, "check", format, &label.arguments());
            Case { name, human: run("human"), json: run("json"), label }
        };
        labels(&folder).into_iter().map(case).collect()
    });
    &CASES
}

#[test]
fn labels_are_met() {
    let mut misses = Vec::new();
    for Case { name, label, json: run, .. } in cases() {
        let miss = miss(run, &label.expect, label.rule.as_deref(), &label.culprits);
        misses.extend(miss.map(|miss| format!("{name}: {miss}")));
        let unsaid: Vec<&String> = label.says.iter().filter(|word| !run.errors.contains(word.as_str())).collect();
        if !unsaid.is_empty() {
            misses.push(format!("{name}: does not say {unsaid:?}: {}", run.errors));
        }
    }
    assert!(misses.is_empty(), "{} misses\n{}", misses.len(), misses.join("\n"));
}

#[test]
fn every_rule_has_a_change_set() {
    let labels = labels::<Label>(&folder());
    let met: BTreeSet<&str> = labels.iter().filter_map(|(_, label)| label.rule.as_deref()).collect();
    let missing: Vec<&str> =
        blastgate::rules::RULES.iter().map(|rule| rule.id).filter(|id| !met.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_file_is_used() {
    let folder = folder();
    let used: BTreeSet<String> =
        labels::<Label>(&folder).into_iter().flat_map(|(_, label)| label.arguments()).collect();
    let names = common::files(&folder, "json").into_iter().chain(common::files(&folder, "yaml"));
    let unused: Vec<String> = names
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|name| !used.contains(name))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn whole_reports() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(common::folder("testdata/reports"));
    settings.bind(|| {
        for Case { name, human, json, .. } in cases() {
            let text =
                if human.code == 2 { human.errors.clone() } else { format!("{}\n{}", human.printed, json.printed) };
            insta::assert_snapshot!(format!("changesets-{name}"), common::kept(&text));
        }
    });
}

#[test]
fn the_same_said_twice_is_judged_the_same() {
    let folder = folder().join("pairs");
    let pairs = labels::<Pair>(&folder);
    assert!(pairs.len() >= 30);
    let mut misses = Vec::new();
    for (name, pair) in pairs {
        let plan = vec![format!("{name}.plan.json")];
        let stack = vec![format!("{name}.stack.json"), "--template".to_owned(), format!("{name}.template.json")];
        for (arguments, culprits) in [(plan, &pair.in_plan), (stack, &pair.in_stack)] {
            let run = Run::new(&folder, "check", "json", &arguments);
            let miss = miss(&run, &pair.expect, pair.rule.as_deref(), culprits);
            misses.extend(miss.map(|miss| format!("{}: {miss}", arguments[0])));
        }
    }
    assert!(misses.is_empty(), "{} misses\n{}", misses.len(), misses.join("\n"));
}

#[test]
fn no_secret_of_a_stack_is_printed() {
    let folder = folder();
    let (_, label) = labels::<Label>(&folder).into_iter().find(|(name, _)| name == "secrets-in-contexts").unwrap();
    let secrets = ["correct-horse", "tok-9f8e", "tok-1a2b", "tok-6f5e", "hunter2"];
    let given = std::fs::read_to_string(folder.join(&label.files[0])).unwrap();
    assert!(secrets.iter().all(|secret| given.contains(secret)));
    for (command, format) in [("check", "human"), ("check", "json"), ("graph", "json"), ("graph", "mermaid")] {
        let run = Run::new(&folder, command, format, &label.arguments());
        assert!(run.code != 2, "{}", run.errors);
        let shown: Vec<&&str> = secrets.iter().filter(|secret| run.printed.contains(**secret)).collect();
        assert!(shown.is_empty(), "{command} --format {format}: {shown:?}");
    }
}

/// Words of Terraform, which mean nothing to somebody who has a stack.
const TERRAFORM: [&str; 16] = [
    "terraform",
    "tofu",
    "hcl",
    "tfvars",
    "tfplan",
    "state",
    "states",
    "workspace",
    "backend",
    "module",
    "moved",
    "lifecycle",
    "ignore_changes",
    "create_before_destroy",
    "replace_triggered_by",
    "apply",
];

#[test]
fn a_stack_is_told_of_in_its_own_words() {
    for Case { name, label, human: run, .. } in cases() {
        if label.files.iter().any(|file| file.ends_with(".plan.json")) {
            continue;
        }
        // What was moved over is moved in any language.
        let text =
            run.printed.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ").replace("moved over", "");
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').collect::<BTreeSet<&str>>();
        let foreign: Vec<&&str> = TERRAFORM.iter().filter(|word| words.contains(**word)).collect();
        assert!(foreign.is_empty(), "{name}: {foreign:?}\n{}", run.printed);
        assert!(!text.contains("this plan") && !text.contains("the plan"), "{name}\n{}", run.printed);
    }
}

#[test]
fn every_finding_in_a_stack_has_a_way_out() {
    for Case { name, json: run, .. } in cases() {
        for finding in run.open() {
            let ways = finding["ways_out"].as_array().unwrap();
            assert!(!ways.is_empty(), "{name}: {finding}");
            let hcl = ways.iter().any(|way| way["paste"]["language"] == "hcl");
            assert!(!hcl || !finding["address"].as_str().unwrap().contains('/'), "{name}: {finding}");
        }
    }
}

#[test]
fn what_is_changed_can_be_explained_and_drawn() {
    let folder = folder();
    for (name, label) in labels::<Label>(&folder).into_iter().filter(|(_, label)| label.expect == "block") {
        for culprit in &label.culprits {
            let arguments: Vec<String> = [culprit.clone()].into_iter().chain(label.arguments()).collect();
            let run = Run::new(&folder, "explain", "json", &arguments);
            assert_ne!(run.code, 2, "{name}: {}", run.errors);
            let told: Value = serde_json::from_str(&run.printed).unwrap();
            assert_eq!(told["explained"][0]["address"].as_str(), Some(culprit.as_str()), "{name}");
        }
        let drawn = Run::new(&folder, "graph", "json", &label.arguments());
        assert_ne!(drawn.code, 2, "{name}: {}", drawn.errors);
    }
}
