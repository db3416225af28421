//! The comment on a pull request: what is in it, that nothing else is in it whatever a plan holds, and that it fits.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use blastgate::input::InputError;
use blastgate::report::{self, Outcome, Report};
use common::{fixtures, hostile, written_in};
use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde_json::{Value, json};

fn comment(report: &Report) -> String {
    common::written(report, "markdown")
}

#[test]
fn comments() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(common::folder("testdata/comments"));
    settings.bind(|| {
        for name in [
            "aws-core-renumbered-modules",
            "aws-buckets-shift-by-index",
            "aws-database-protection-dropped",
            "aws-errored-plan-with-a-loss",
            "aws-cache-replaced-in-dev-eu-1",
            "aws-alarm-removed",
            "aws-ecs-release",
            "aws-group-under-twenty-six",
        ] {
            insta::assert_snapshot!(name, comment(&fixtures(&[name])));
        }
        let several =
            ["aws-core-renumbered-modules", "aws-ecs-release", "aws-database-with-final-snapshot", "aws-drift-only"];
        insta::assert_snapshot!("several-plans", comment(&fixtures(&several)));
        let plan = std::fs::read(common::folder("testdata/labelled/aws-database-with-final-snapshot.json")).unwrap();
        let broken = common::report_of_all(&[
            ("app.json", &plan),
            ("network.json", b"{\"format_version\": \"1.2\""),
            ("core.json", b""),
        ]);
        insta::assert_snapshot!("errors", comment(&broken));
    });
}

/// Labels that the page has of its own.
const LABELS: [&str; 8] =
    ["Why:", "From there:", "Written at", "On it stands", "From the same cause:", "Check:", "Instead:", "Or:"];

/// Everything in a page is what the page itself has: headings, lists, code, folds, and words. Returns why not.
fn foreign(page: &str) -> Result<(), String> {
    for line in page.lines() {
        if blastgate::output::clean(line) != line {
            return Err(format!("a line has what a log or a terminal acts on: {line:?}"));
        }
        if line.trim_start().starts_with(['/', '@']) || line.trim_start().starts_with("::") {
            return Err(format!("a line is a command to somebody: {line:?}"));
        }
    }
    let (mut depth, mut in_code, mut in_strong) = (0, false, false);
    for event in Parser::new_ext(page, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                in_code = true;
                if !["hcl", "sh", "diff", "text", "mermaid"].contains(&&*language) {
                    return Err(format!("a fence is called {language:?}"));
                }
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::Strong) => in_strong = true,
            Event::End(TagEnd::Strong) => in_strong = false,
            Event::Text(text) if in_strong => {
                let is_count = text
                    .strip_prefix("On it stand ")
                    .is_some_and(|rest| rest.trim_end_matches(':').parse::<u32>().is_ok());
                let is_verdict = text
                    .strip_prefix("blastgate: ")
                    .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_uppercase() || c == '.'));
                if !is_count && !is_verdict && !LABELS.contains(&&*text) {
                    return Err(format!("{text:?} is bold"));
                }
            }
            Event::Text(text) if !in_code => words(&text)?,
            Event::Text(_)
            | Event::Code(_)
            | Event::End(_)
            | Event::Start(
                Tag::Paragraph | Tag::Heading { .. } | Tag::List(None) | Tag::Item | Tag::Emphasis | Tag::HtmlBlock,
            ) => {}
            Event::Html(html) => match html.trim_end() {
                "<details>" | "<details open>" => depth += 1,
                "</details>" => depth -= 1,
                other if is_summary(other) => {}
                other => return Err(format!("there is HTML: {other:?}")),
            },
            other => return Err(format!("there is {other:?}")),
        }
        if !(0..=1).contains(&depth) {
            return Err("folds are not paired".to_owned());
        }
    }
    if depth == 0 { Ok(()) } else { Err("a fold is open at the end".to_owned()) }
}

fn is_summary(html: &str) -> bool {
    let text = html.strip_prefix("<summary>").and_then(|rest| rest.strip_suffix("</summary>"));
    text.is_some_and(|text| text.chars().all(|c| c.is_ascii_alphanumeric() || " ,:".contains(c)))
}

/// A text outside of code has only words, in which nobody finds a mention, a reference, an emoji or an address.
fn words(text: &str) -> Result<(), String> {
    let is_known = |c: char| c.is_alphanumeric() || " .,;:()?!'-·…=🛑🟡✅❌".contains(c);
    if let Some(c) = text.chars().find(|c| !is_known(*c)) {
        return Err(format!("{c:?} stands outside of code: {text:?}"));
    }
    for word in text.split([' ', '(', ')']) {
        let core = word.trim_end_matches(['.', ',', ';', ':', '?', '!']);
        let mixed = core.chars().any(|c| c.is_ascii_digit()) && core.chars().any(|c| !c.is_ascii_digit());
        let hash = core.len() >= 7 && core.chars().all(|c| c.is_ascii_hexdigit());
        if mixed || hash || core.contains([':', '.', '!', '?']) {
            return Err(format!("{word:?} is no plain word: {text:?}"));
        }
    }
    Ok(())
}

#[track_caller]
fn assert_own(page: &str) {
    if let Err(why) = foreign(page) {
        println!("{page}");
        assert_eq!(why, "");
    }
}

#[test]
fn fixtures_have_nothing_foreign() {
    for path in common::files(&common::folder("testdata/labelled"), "json") {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert_own(&comment(&common::report_of_all(&[(&name, &bytes)])));
    }
}

#[test]
fn a_hostile_plan_is_only_text() {
    let mut seen = 0;
    for text in hostile::TEXTS {
        for plan in hostile::plans(text) {
            let report = common::report_of_all(&[(text, plan.to_string().as_bytes())]);
            assert_own(&comment(&report));
            seen += usize::from(report.verdict == Outcome::Block);
        }
    }
    // Some are refused for their addresses.
    assert!(seen > 300, "{seen}");
}

/// Reports that have something of everything: causes, ways out, notes, gaps, lowered findings, errors, several inputs.
fn rich() -> Vec<Report> {
    let names = [
        "aws-core-renumbered-modules",
        "aws-buckets-shift-by-index",
        "aws-cache-replaced-in-dev-eu-1",
        "aws-alarm-removed",
    ];
    let mut several = fixtures(&names);
    let gap = report::Gap { input: several.inputs[0].name.clone(), text: "something".to_owned() };
    several.gaps.push(gap);
    let plan = std::fs::read(common::folder("testdata/sources/retired/plan.json")).unwrap();
    vec![several, fixtures(&names[..1]), fixtures(&names[2..3]), common::report_of_all(&[("a", &plan), ("b", b"")])]
}

#[test]
fn a_hostile_report_is_only_text() {
    let long = "x y`\"[".repeat(4_000);
    for report in rich() {
        for text in hostile::TEXTS.into_iter().chain([long.as_str()]) {
            let page = comment(&hostile::report(&report, text));
            assert_own(&page);
            assert!(page.len() <= 65_536);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn any_string_is_only_text(text in "[a-c0-9 `\"'\\\\<>&@#!*_~\\[\\](){}|:/.$%=+\n\t\u{202e}-]{0,40}", most in 100_usize..6000) {
        for report in [&rich_once()[0], &rich_once()[1]] {
            let page = written_in(&hostile::report(report, &text), "markdown", most);
            prop_assert_eq!(foreign(&page), Ok(()), "{}", page);
            prop_assert!(page.len() <= most);
        }
    }
}

fn rich_once() -> &'static [Report] {
    static RICH: std::sync::OnceLock<Vec<Report>> = std::sync::OnceLock::new();
    RICH.get_or_init(rich)
}

/// A plan of many replaced objects in groups of ten, of which every third holds records.
fn large(objects: usize) -> Vec<u8> {
    let (mut rows, mut state) = (Vec::new(), Vec::new());
    for at in 0..objects {
        let kind = if at % 3 == 0 { "aws_dynamodb_table" } else { "aws_instance" };
        let address = format!("module.service_{}.{kind}.object_{at}", at / 10);
        let (before, after) = (json!({"id": format!("id-{at}-0a1b2c"), "ami": "a"}), json!({"ami": format!("b{at}")}));
        let actions = if at % 10 == 0 { json!(["delete", "create"]) } else { json!(["no-op"]) };
        let row = json!({"address": address, "module_address": format!("module.service_{}", at / 10), "mode": "managed",
            "type": kind, "name": format!("object_{at}")});
        let with = |more: Value| {
            let mut row = row.clone();
            row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            row
        };
        let path = json!([["ami"]]);
        rows.push(with(json!({"change": {"actions": actions, "before": before, "after": after, "after_unknown": {}, "replace_paths": path}})));
        let on = (at % 10 > 0).then(|| {
            format!(
                "module.service_{}.{}.object_{}",
                at / 10,
                if (at - 1).is_multiple_of(3) { "aws_dynamodb_table" } else { "aws_instance" },
                at - 1
            )
        });
        state.push(with(json!({"values": before, "depends_on": on.into_iter().collect::<Vec<_>>()})));
    }
    let modules = state
        .chunks(10)
        .enumerate()
        .map(|(at, chunk)| json!({"address": format!("module.service_{at}"), "resources": chunk}));
    json!({"format_version": "1.2", "terraform_version": "1.11.4", "applyable": true, "complete": true, "errored": false,
        "resource_changes": rows, "configuration": {"root_module": {}},
        "prior_state": {"format_version": "1.0", "values": {"root_module": {"child_modules": modules.collect::<Vec<_>>()}}}})
    .to_string()
    .into_bytes()
}

/// The number before some words in a text.
fn number_before(text: &str, words: &str) -> usize {
    let Some((before, _)) = text.split_once(words) else { return 0 };
    before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap_or(0)
}

#[test]
fn a_large_plan_fits_with_the_worst_on_top() {
    let report = common::report_of_all(&[("plan.json", &large(5_000))]);
    assert!(report.groups.len() > 400, "{}", report.groups.len());
    for most in [100, 300, 1_000, 2_000, 4_000, 10_000, 30_000, 65_536, 150_000, 1_000_000] {
        let page = written_in(&report, "markdown", most);
        assert!(page.len() <= most);
        assert_own(&page);
        assert!(page.starts_with("🛑 **blastgate: BLOCK.**"), "{page}");
        let (shown, left) = page.split_once("*Left out").unwrap_or((&page, ""));
        // The first line is the headline of the first story, where that is told.
        let first = page.lines().next().filter(|_| shown.contains("**Check:**"));
        let headings = shown.lines().filter(|line| line.starts_with("### "));
        let full: Vec<&str> = first.into_iter().chain(headings).collect();
        let lines: Vec<&str> =
            shown.lines().filter(|line| line.starts_with("- 🛑") || line.starts_with("- 🟡")).collect();
        if most >= 1_000 {
            // Each cause has one finding here, so what is told and what is counted are all of them.
            let counted = number_before(left, " finding");
            assert_eq!(full.len() + lines.len() + counted, report.findings.len(), "{most}: {left}");
            let (_, in_lines) = left.split_once("all but a line of ").unwrap_or_default();
            assert_eq!(number_before(in_lines, " cause"), lines.len());
            let ways: usize = report.groups[full.len()..].iter().map(|group| group.ways_out.len()).sum();
            assert_eq!(number_before(left, " ways out"), ways);
        }
        // Whatever is told is the worst, in its order.
        for (told, group) in full.iter().chain(&lines).zip(&report.groups) {
            let worst = &report.findings[group.findings[0]];
            assert!(told.contains(&format!("`{}`", worst.address)), "{told} is not {}", worst.address);
        }
    }
    let page = comment(&report);
    assert!(page.contains("```mermaid") && page.contains(" more#58; "), "the picture says what it leaves out");
    assert!(page.matches("\n### ").count() >= 10, "there is room for some stories in full");
}

#[test]
fn it_fits_whatever_the_room() {
    for report in rich_once() {
        let whole = comment(report).len();
        for most in (0..whole + 200).step_by(37) {
            let page = written_in(report, "markdown", most);
            assert!(page.len() <= most, "{} > {most}", page.len());
            let word = report.verdict.word().to_uppercase();
            assert!(most < 8 || page.contains(&word), "{most}: {page:?}");
            assert_own(&page);
        }
        assert_eq!(written_in(report, "markdown", whole * 8), comment(report));
    }
}

#[test]
fn nothing_is_said_twice_of_a_quiet_change() {
    let page = comment(&fixtures(&["aws-ecs-release"]));
    assert_eq!(page.lines().count(), 1, "{page}");
    let two = comment(&fixtures(&["aws-ecs-release", "aws-drift-only"]));
    assert!(two.lines().count() == 1 && two.contains("in 2 plans"), "{two}");
}

#[test]
fn reports_put_together_are_told_by_plan() {
    let named = |name: &str| (format!("{name}-report.json"), fixtures(&[name]));
    let merged =
        report::merge(vec![named("aws-database-with-final-snapshot"), named("aws-core-renumbered-modules")]).unwrap();
    let page = comment(&merged);
    assert_own(&page);
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic_without(text, &page));
    let (core, database) =
        ("### In `aws-core-renumbered-modules.json`", "### In `aws-database-with-final-snapshot.json`");
    assert!(at(core) < at(database), "the worst plan stands first");
    for finding in report::merge(vec![named("aws-core-renumbered-modules")]).unwrap().findings {
        assert!(finding.address.is_empty() || at(&format!("`{}`", finding.address)) < at(database));
    }
}

fn panic_without(text: &str, page: &str) -> usize {
    assert_eq!(text, "", "it is not in\n{page}");
    0
}

#[test]
fn what_could_not_be_read_comes_first() {
    let error = InputError::new("plan.json", "this is no plan");
    let report =
        blastgate::assess_with(&[], &blastgate::Settings { errors: &[error], ..blastgate::Settings::default() });
    let page = comment(&report);
    assert!(
        page.starts_with("❌ **blastgate: ERROR.**") && page.contains("- ❌ `plan.json`: this is no plan"),
        "{page}"
    );
}
