//! What other programs read: annotations, test results, code quality. Each is parsed as its reader parses it, and hostile
//! plans and reports stay text in all of them.

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

use blastgate::report::{self, Outcome, Report};
use common::{fixtures, hostile, written};
use serde_json::Value;

/// A command as the runner of GitHub reads it (`ActionCommand.cs`, both forms), if the line is one.
struct Command {
    name: String,
    properties: Vec<(String, String)>,
    data: String,
}

fn command(line: &str) -> Option<Command> {
    let unescape = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
    if let Some((info, data)) = line.trim_start().strip_prefix("::").and_then(|rest| rest.split_once("::")) {
        let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
        let property = |pair: &str| {
            let (key, value) = pair.split_once('=')?;
            let value = unescape(value).replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
            Some((key.trim().to_owned(), value))
        };
        let properties = properties.split(',').filter_map(property).collect();
        return Some(Command { name: name.to_owned(), properties, data: unescape(data).replace("%25", "%") });
    }
    let (_, rest) = line.split_once("##[")?;
    let (name, data) = rest.split_once(']')?;
    Some(Command { name: name.to_owned(), properties: Vec::new(), data: data.to_owned() })
}

impl Command {
    fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The annotations of a report; everything else that is printed is our own last line.
fn annotations(report: &Report) -> Vec<Command> {
    let text = written(report, "github");
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.pop().unwrap();
    assert!(last.starts_with("blastgate: ") && command(last).is_none(), "{last}");
    lines.into_iter().map(|line| command(line).expect(line)).collect()
}

fn of_kind<'c>(commands: &'c [Command], kind: &str) -> Vec<&'c Command> {
    commands.iter().filter(|command| command.name == kind).collect()
}

/// Reports that have something of everything.
fn rich() -> Vec<Report> {
    let names = [
        "aws-core-renumbered-modules",
        "aws-buckets-shift-by-index",
        "aws-cache-replaced-in-dev-eu-1",
        "aws-alarm-removed",
    ];
    let plan = std::fs::read(common::folder("testdata/sources/retired/plan.json")).unwrap();
    let mut placed = fixtures(&names[1..2]);
    for (finding, line) in placed.findings.iter_mut().zip(3..) {
        let (file, set_at, called_from) = ("modules/buckets/main.tf".to_owned(), None, Vec::new());
        finding.source = Some(report::Source { file, line, set_at, called_from, attribute_at: None, instead: None });
    }
    vec![fixtures(&names), fixtures(&names[..1]), placed, common::report_of_all(&[("a.json", &plan), ("b.json", b"")])]
}

fn hostile_reports() -> &'static [Report] {
    static REPORTS: std::sync::OnceLock<Vec<Report>> = std::sync::OnceLock::new();
    REPORTS.get_or_init(|| {
        let (rich, mut reports) = (rich(), Vec::new());
        for text in hostile::TEXTS {
            reports.extend(rich.iter().map(|report| hostile::report(report, text)));
            let plans = hostile::plans(text);
            reports.extend(plans.iter().map(|plan| common::report_of_all(&[(text, plan.to_string().as_bytes())])));
        }
        reports
    })
}

#[test]
fn annotations_say_where_and_what() {
    let report = &rich()[2];
    let commands = annotations(report);
    let errors = of_kind(&commands, "error");
    assert_eq!(errors.len(), 3);
    for (error, line) in errors.iter().zip(3..) {
        assert_eq!(error.property("file"), Some("modules/buckets/main.tf"));
        assert_eq!(error.property("line"), Some(line.to_string().as_str()));
        assert_eq!(error.property("title"), Some("blastgate: BLOCK data-loss"));
    }
    assert!(errors[0].data.starts_with("aws_s3_bucket.b[0]: It is destroyed"), "{}", errors[0].data);
    assert!(errors[0].data.contains("\nWhy: bucket of aws_s3_bucket.b[0] goes from \"acme-uploads\""));
    assert!(errors[0].data.contains("\nInstead: ") && errors[0].data.contains("\n    moved {"));
}

#[test]
fn annotations_are_few_and_the_worst() {
    let mut report = fixtures(&["aws-core-renumbered-modules"]);
    let (group, finding) = (report.groups[1].clone(), report.findings[1].clone());
    // A cause with thirty findings, and twelve more causes behind it.
    report.findings = (0..42)
        .map(|at| {
            let verdict = if at < 36 { Outcome::Block } else { Outcome::Review };
            report::Finding { address: format!("aws_vpc.n{at}"), verdict, ..finding.clone() }
        })
        .collect();
    let of = |findings: Vec<usize>| report::Group { findings, ..group.clone() };
    report.groups = std::iter::once(of((0..30).collect())).chain((30..42).map(|at| of(vec![at]))).collect();
    let commands = annotations(&report);
    let told = |kind: &str| -> Vec<String> {
        of_kind(&commands, kind).iter().map(|one| one.data.split(':').next().unwrap().to_owned()).collect()
    };
    // Every cause is told before another finding of one, and in their order.
    let expected: Vec<String> = [0, 1, 2, 3, 30, 31, 32, 33, 34, 35].map(|at| format!("aws_vpc.n{at}")).to_vec();
    assert_eq!(told("error"), expected);
    assert_eq!(told("warning").len(), 6);
    assert!(written(&report, "github").ends_with("26 findings without an annotation\n"));
    report.notes = (0..50).map(|at| report::Note { address: format!("a.b{at}"), text: "Look.".to_owned() }).collect();
    assert_eq!(of_kind(&annotations(&report), "notice").len(), 10);
}

#[test]
fn a_quiet_change_has_no_annotation() {
    for name in ["aws-ecs-release", "aws-drift-only"] {
        assert!(annotations(&fixtures(&[name])).is_empty(), "{name}");
    }
    let lowered = annotations(&fixtures(&["aws-cache-replaced-in-dev-eu-1"]));
    assert_eq!(lowered.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["notice"]);
}

#[test]
fn hostile_annotations_are_only_text() {
    for report in hostile_reports() {
        let commands = annotations(report);
        for kind in ["error", "warning", "notice"] {
            assert!(of_kind(&commands, kind).len() <= 10);
        }
        for one in &commands {
            assert!(["error", "warning", "notice"].contains(&one.name.as_str()), "{}", one.name);
            assert!(one.properties.iter().all(|(name, _)| ["file", "line", "title"].contains(&name.as_str())));
            assert!(one.property("title").unwrap().starts_with("blastgate: "));
            assert!(one.data.chars().count() < 4_096 && one.data.lines().all(|line| !line.contains("##[")));
        }
    }
}

/// Whatever is printed in a job's log gives its runner no command, but for the annotations.
#[test]
fn no_output_is_a_command_to_a_log() {
    for report in hostile_reports() {
        for format in blastgate::output::FORMATS.iter().filter(|format| format.name != "github") {
            let text = written(report, format.name);
            for line in text.lines() {
                assert!(command(line).is_none() && !line.contains("##vso["), "{}: {line}", format.name);
            }
        }
    }
}

/// What Jenkins' schema knows of each element, as far as it is written here.
const ATTRIBUTES: [(&str, &[&str]); 6] = [
    ("testsuites", &["name", "tests", "failures", "errors"]),
    ("testsuite", &["name", "tests", "failures", "errors", "skipped"]),
    ("testcase", &["classname", "name"]),
    ("failure", &["type", "message"]),
    ("error", &["type", "message"]),
    ("skipped", &["message"]),
];

/// Checks a text against what readers of the form need, and returns it as a tree.
fn junit(text: &str) -> roxmltree::Document<'_> {
    let tree = roxmltree::Document::parse(text).unwrap();
    let root = tree.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    for element in tree.descendants().filter(roxmltree::Node::is_element) {
        let (_, known) = ATTRIBUTES.iter().find(|(name, _)| *name == element.tag_name().name()).unwrap();
        assert!(element.attributes().all(|attribute| known.contains(&attribute.name())), "{element:?}");
    }
    let number = |node: &roxmltree::Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<usize>().unwrap();
    let elements = |node: &roxmltree::Node<'_, '_>, name: &str| {
        node.descendants().filter(|inner| inner.tag_name().name() == name).count()
    };
    let count = |node: &roxmltree::Node<'_, '_>| {
        assert_eq!(number(node, "tests"), elements(node, "testcase"));
        assert_eq!(number(node, "failures"), elements(node, "failure"));
        assert_eq!(number(node, "errors"), elements(node, "error"));
    };
    count(&root);
    let mut names = BTreeSet::new();
    for suite in root.children().filter(roxmltree::Node::is_element) {
        assert_eq!(suite.tag_name().name(), "testsuite");
        assert!(suite.has_attribute("name"));
        count(&suite);
        assert_eq!(number(&suite, "skipped"), elements(&suite, "skipped"));
        assert!(number(&suite, "tests") > 0, "a suite without cases looks as if nobody had looked");
        for case in suite.children().filter(roxmltree::Node::is_element) {
            assert_eq!(case.tag_name().name(), "testcase");
            let name = (case.attribute("classname").unwrap().to_owned(), case.attribute("name").unwrap().to_owned());
            assert!(names.insert(name.clone()), "{name:?} is there twice");
            let inner: Vec<_> = case.children().filter(roxmltree::Node::is_element).collect();
            assert!(inner.len() <= 1 && inner.iter().all(|one| one.has_attribute("message")));
            assert!(inner.iter().all(|one| ["failure", "error", "skipped"].contains(&one.tag_name().name())));
        }
    }
    drop(names);
    tree
}

#[test]
fn test_results_have_a_case_for_each_finding() {
    let report = &rich()[0];
    let text = written(report, "junit");
    let tree = junit(&text);
    let cases = |suite: &str, element: &str| {
        let suite = tree.descendants().find(|one| one.attribute("name") == Some(suite)).unwrap();
        suite.descendants().filter(|one| one.tag_name().name() == element).count()
    };
    assert_eq!(cases("aws-core-renumbered-modules.json", "failure"), 6);
    assert_eq!(cases("aws-cache-replaced-in-dev-eu-1.json", "skipped"), 1);
    assert_eq!(cases("aws-alarm-removed.json", "testcase"), 1);
    assert_eq!(cases("aws-alarm-removed.json", "failure"), 0);
    let told = |start: &str| text.contains(start);
    assert!(told("<failure type=\"block\"") && told("<failure type=\"review\"") && told("    moved {"));
    let broken = written(&rich()[3], "junit");
    let tree = junit(&broken);
    assert_eq!(tree.descendants().filter(|one| one.tag_name().name() == "error").count(), 1);
}

#[test]
fn hostile_test_results_are_only_text() {
    for report in hostile_reports() {
        let text = written(report, "junit");
        junit(&text);
        // What XML 1.0 does not know is not there, not even as a reference.
        let known =
            |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(text.chars().all(known) && !text.contains("&#"), "{text}");
    }
}

/// Checks a text against what GitLab needs, and returns the issues.
fn gitlab(text: &str) -> Vec<Value> {
    let issues: Vec<Value> = serde_json::from_str(text).unwrap();
    let mut known = BTreeSet::new();
    for issue in &issues {
        for field in ["description", "check_name", "fingerprint", "severity"] {
            assert!(issue[field].is_string(), "{issue}");
        }
        assert!(["info", "major", "blocker"].contains(&issue["severity"].as_str().unwrap()));
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(!path.is_empty() && path != "-" && !path.starts_with("./"), "{issue}");
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
        let print = issue["fingerprint"].as_str().unwrap();
        assert!(print.len() == 32 && known.insert(print.to_owned()), "{issue}");
    }
    issues
}

#[test]
fn code_quality_has_an_issue_for_each_finding() {
    let placed = gitlab(&written(&rich()[2], "gitlab"));
    assert_eq!(placed[0]["location"], serde_json::json!({"path": "modules/buckets/main.tf", "lines": {"begin": 3}}));
    assert_eq!(placed[0]["severity"], "blocker");
    let all = &rich()[0];
    let issues = gitlab(&written(all, "gitlab"));
    assert_eq!(issues.len(), all.findings.len());
    let count = |severity: &str| issues.iter().filter(|issue| issue["severity"] == severity).count();
    assert_eq!((count("blocker"), count("major"), count("info")), (7, 2, 1));
    let broken = gitlab(&written(&rich()[3], "gitlab"));
    assert_eq!(
        (broken[0]["severity"].as_str(), broken[0]["location"]["path"].as_str()),
        (Some("blocker"), Some("b.json"))
    );
    assert_eq!(gitlab(&written(&fixtures(&["aws-ecs-release"]), "gitlab")), Vec::<Value>::new());
}

#[test]
fn a_fingerprint_stays_wherever_the_plan_lies() {
    let plan = std::fs::read(common::folder("testdata/labelled/aws-core-renumbered-modules.json")).unwrap();
    let prints = |name: &str| -> Vec<Value> {
        let report = common::report_of_all(&[(name, &plan)]);
        gitlab(&written(&report, "gitlab")).iter().map(|issue| issue["fingerprint"].clone()).collect()
    };
    assert_eq!(prints("plan.json"), prints("/tmp/run-17/tfplan.json"));
    // The same finding in two plans is two.
    let two = common::report_of_all(&[("a.json", &plan), ("b.json", &plan)]);
    assert_eq!(gitlab(&written(&two, "gitlab")).len(), two.findings.len());
}

#[test]
fn hostile_code_quality_is_only_text() {
    for report in hostile_reports() {
        let issues = gitlab(&written(report, "gitlab"));
        let failed = report.inputs.iter().filter(|input| input.error.is_some()).count();
        assert_eq!(issues.len(), report.findings.len() + failed);
        for issue in &issues {
            let text = issue["description"].as_str().unwrap();
            assert_eq!(blastgate::output::clean(text), text);
        }
    }
}

#[test]
fn a_summary_is_the_comment_with_more_room() {
    for report in rich() {
        let summary = written(&report, "summary");
        assert!(summary.len() <= 1_048_576);
        assert_eq!(summary.lines().next(), written(&report, "markdown").lines().next());
    }
}

#[test]
fn who_agreed_and_which_agents_took_part_is_said_where_people_read() {
    let mut report = fixtures(&["aws-versioning-suspended"]);
    for format in ["human", "markdown", "html"] {
        let text = written(&report, format);
        assert!(!text.contains("this may go on") && !text.contains("gents took part"), "{format}");
    }
    let at = "2026-11-27T10:00:00Z".to_owned();
    report.approval = Some(report::Approval { by: "b<i>b`|\u{1b}[2J".to_owned(), at, url: String::new() });
    report.agents = (0..20)
        .map(|n| report::AgentCommits { name: format!("agent{n}`@all<script>\n::error::x"), commits: 1 })
        .collect();
    for format in ["human", "markdown", "html"] {
        let text = written(&report, format);
        assert!(text.contains("2026-11-27T10:00:00Z") && text.contains("this may go on"), "{format}: {text}");
        assert!(text.contains("agent0") && text.contains("and 12 more") && !text.contains("agent19"), "{format}");
        assert!(!text.contains('\u{1b}') && !text.lines().any(|line| line.starts_with("::")), "{format}");
    }
    assert!(!written(&report, "html").contains("@all<script"));
}

#[test]
fn what_is_said_of_all_of_a_change_set_calls_it_no_plan() {
    let name = "teardown-half.json";
    let bytes = std::fs::read(common::folder("testdata/changesets").join(name)).unwrap();
    let mut report = common::report_of(name, &bytes).unwrap();
    report.findings[0].address = String::new();
    for format in ["human", "markdown", "github", "gitlab", "junit", "html", "sarif"] {
        let text = written(&report, format).to_lowercase().replace(['`', '\n'], " ");
        assert!(!text.contains(&format!("the plan {name}")) && !text.contains("plan as a whole"), "{format}");
    }
}
