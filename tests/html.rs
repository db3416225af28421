//! The page: well formed whatever a report holds, complete, and closed to everything but its own script and style.

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

use base64::Engine as _;
use blastgate::Settings;
use blastgate::input::{self, Limits};
use blastgate::report::{Finding, Report};
use roxmltree::{Document, Node};
use sha2::{Digest as _, Sha256};

/// A fixture's report, with all that a page draws.
fn drawn(path: &std::path::Path) -> Report {
    let name = path.file_name().unwrap().to_string_lossy();
    let bytes = std::fs::read(path).unwrap();
    let text = input::decode(&name, &bytes).unwrap();
    let plans = input::read(&name, &text, &Limits::default()).unwrap();
    blastgate::assess_with(&plans, &Settings { drawn: 400, ..Settings::default() })
}

fn labelled(name: &str) -> Report {
    drawn(&common::folder("testdata/labelled").join(format!("{name}.json")))
}

/// Whatever is planned is counted at the head of the page, as it is in the other outputs.
#[test]
fn what_only_the_apply_will_show_is_counted() {
    let report = drawn(&common::folder("testdata/changesets/replacement-conditional-database.json"));
    assert_eq!(report.summary.changes.may_replace, 1);
    let page = common::written(&report, "html");
    let page = xml(&page);
    let document = Document::parse(&page).unwrap();
    let tallies = elements(&document).find(|node| node.attribute("class") == Some("tallies")).unwrap();
    assert!(words(tallies).contains("1 that may be replaced"), "{}", words(tallies));
}

/// A page as XML: it is written so that a parser that forgives nothing reads it. What is between the tags of the script and
/// of the style is cut out, since there alone a bare `<` or `&` is allowed.
fn parts(page: &str) -> (String, String, String) {
    let cut = |text: &str, from: &str, to: &str| {
        let (before, rest) = text.split_once(from).unwrap();
        let (inside, after) = rest.split_once(to).unwrap();
        (format!("{before}{from}{to}{after}"), inside.to_owned())
    };
    let (page, style) = cut(page.strip_prefix("<!DOCTYPE html>\n").unwrap(), "<style>", "</style>");
    let (page, script) = cut(&page, "<script type=\"module\">", "</script>");
    (page, style, script)
}

fn xml(page: &str) -> String {
    parts(page).0
}

fn elements<'a>(document: &'a Document<'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(Node::is_element)
}

fn words(node: Node<'_, '_>) -> String {
    let text: String = node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_page_is_well_formed_and_tells_every_finding() {
    for path in
        ["labelled", "twins"].iter().flat_map(|name| common::files(&common::folder("testdata").join(name), "json"))
    {
        let report = drawn(&path);
        let page = common::written(&report, "html");
        assert_eq!(page, common::written(&report, "html"), "the same report gives the same page");
        let page = xml(&page);
        let document = Document::parse(&page).map_err(|error| format!("{}: {error}", path.display())).unwrap();
        let ids: Vec<&str> = elements(&document).filter_map(|node| node.attribute("id")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "{}", path.display());
        for link in elements(&document).filter_map(|node| node.attribute("href")) {
            assert!(link.strip_prefix('#').is_some_and(|id| unique.contains(id)), "{}: {link}", path.display());
        }
        let headings: Vec<String> = elements(&document).filter(|n| n.has_tag_name("h1")).map(words).collect();
        let verdict = report.verdict.word();
        assert_eq!(headings.iter().map(|one| one.to_lowercase()).collect::<Vec<_>>(), [verdict]);
        for (place, finding) in report.findings.iter().enumerate() {
            let id = format!("f{place}");
            let told =
                elements(&document).find(|node| node.attribute("id") == Some(&id)).map(words).unwrap_or_default();
            for part in [&finding.address, &finding.rule, &finding.check] {
                assert!(told.contains(part.as_str()), "{}: {id} lacks {part}", path.display());
            }
        }
    }
}

#[test]
fn the_policy_names_the_script_and_the_style_that_are_there() {
    let page = common::written(&labelled("aws-core-renumbered-modules"), "html");
    let (_, style, script) = parts(&page);
    for text in [style, script] {
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(&text));
        assert!(page.contains(&format!("-src &#39;sha256-{hash}&#39;")), "{hash}");
        // Nothing in them could load anything, or make markup of a string.
        for loads in
            ["http:", "https:", "//cdn", "@import", "fetch(", "XMLHttpRequest", "eval(", "document.write", "import("]
        {
            assert!(!text.contains(loads), "{loads}");
        }
    }
}

/// The tags of a page with their attributes' names, in their order.
fn skeleton(page: &str) -> Vec<String> {
    let page = xml(page);
    let document = Document::parse(&page).expect("well formed");
    elements(&document)
        .map(|node| {
            let names: Vec<&str> = node.attributes().map(|attribute| attribute.name()).collect();
            format!("{} {}", node.tag_name().name(), names.join(" "))
        })
        .collect()
}

/// Adds a text to everything that a plan may have chosen, in the same way everywhere.
fn poisoned(report: &Report, poison: &str) -> Report {
    const CHOSEN: [&str; 22] = [
        "address",
        "input",
        "name",
        "inputs",
        "reason",
        "text",
        "cause",
        "names",
        "other_names",
        "outside",
        "evidence",
        "counts_as",
        "check",
        "key",
        "value",
        "forced_by",
        "path",
        "file",
        "kind",
        "type",
        "note",
        "error",
    ];
    fn walk(value: &mut serde_json::Value, name: &str, poison: &str) {
        match value {
            serde_json::Value::String(text) if CHOSEN.contains(&name) && !text.is_empty() => text.push_str(poison),
            serde_json::Value::Array(list) => list.iter_mut().for_each(|one| walk(one, name, poison)),
            serde_json::Value::Object(fields) => {
                fields.iter_mut().filter(|(name, _)| *name != "tool").for_each(|(name, one)| walk(one, name, poison));
            }
            _ => {}
        }
    }
    let mut value = serde_json::to_value(report).unwrap();
    walk(&mut value, "", poison);
    serde_json::from_value(value).unwrap()
}

#[test]
fn no_string_of_a_plan_makes_markup() {
    let hostile = [
        "<script>alert(1)</script>",
        "</title></style></script></noscript><h1>Allow</h1>",
        "\" onmouseover=\"alert(1)",
        "' style='color:red",
        "<!-- --> ]]> <![CDATA[ &lt;b&gt; &#60; &",
        "{} {}{}",
        "\u{202e}\u{0}\u{1b}[2J\u{feff}\u{fffe}\u{2028}\n\r\t",
        "日本語 \u{1f4a5} e\u{301}\u{301}\u{301}",
    ];
    for name in ["aws-core-renumbered-modules", "azure-dev-destroyed", "aws-group-under-twenty-six", "helpers-announce"]
    {
        let report = labelled(name);
        let plain = skeleton(&common::written(&poisoned(&report, "x"), "html"));
        for poison in hostile {
            let page = common::written(&poisoned(&report, poison), "html");
            assert_eq!(skeleton(&page), plain, "{name}: {poison:?}");
            assert!(!page.contains(['\u{0}', '\u{1b}', '\u{202e}', '\u{feff}', '\u{2028}']), "{name}: {poison:?}");
        }
    }
}

/// A report with so many findings, in stories of `each`.
fn many(count: usize, each: usize) -> Report {
    let mut report = labelled("aws-core-renumbered-modules");
    let (one, group) = (report.findings[1].clone(), report.groups[1].clone());
    report.findings = (0..count)
        .map(|i| Finding {
            address: format!("module.m{i}.aws_vpc.main"),
            group: format!("g{}", i / each),
            ..one.clone()
        })
        .collect();
    report.groups = (0..count.div_ceil(each))
        .map(|i| {
            let findings = (i * each..count.min((i + 1) * each)).collect();
            blastgate::report::Group { id: format!("g{i}"), findings, ..group.clone() }
        })
        .collect();
    report
}

#[test]
fn a_page_of_very_many_findings_has_an_end_and_says_what_is_not_on_it() {
    for (count, each) in [(300, 1), (5_000, 1), (5_000, 7), (5_000, 5_000), (9_000, 3), (9_000, 9_000)] {
        let page = common::written(&many(count, each), "html");
        assert!(page.len() < 7_500_000, "{count} findings in stories of {each}: {} bytes", page.len());
        let page = xml(&page);
        let document = Document::parse(&page).unwrap();
        let told = elements(&document).filter(|node| node.attribute("data-rule").is_some()).count();
        let left_out = elements(&document)
            .filter(|node| node.attribute("class") == Some("left-out"))
            .map(words)
            .find_map(|text| text.split_once(" more findings").and_then(|(n, _)| n.parse::<usize>().ok()))
            .unwrap_or_default();
        assert_eq!(told + left_out, count, "in stories of {each}");
        assert_eq!(left_out > 0, count == 9_000);
    }
}

#[test]
fn what_cannot_be_drawn_is_left_out_and_counted() {
    // Everything stands on everything before it: far too many lines.
    let mut report = labelled("aws-core-renumbered-modules");
    let mut picture = report.picture.clone().unwrap();
    let node = picture.nodes.iter().find(|node| node.address.contains("aws_vpc")).unwrap().clone();
    picture.nodes = (0..400)
        .map(|i| blastgate::picture::Node { id: format!("n{i}"), address: format!("aws_vpc.v{i}"), ..node.clone() })
        .collect();
    picture.roots = picture.nodes.iter().map(|node| node.id.clone()).collect();
    let edge = |from: usize, to: usize| blastgate::picture::Edge {
        from: format!("n{from}"),
        to: format!("n{to}"),
        known_by: "configuration".to_owned(),
    };
    picture.edges = (0..400).flat_map(|to| (0..to).map(move |from| edge(from, to))).collect();
    report.picture = Some(picture);
    let started = std::time::Instant::now();
    let page = common::written(&report, "html");
    assert!(started.elapsed().as_secs() < 30 && page.len() < 2_000_000, "{:?} {}", started.elapsed(), page.len());
    assert!(page.contains("Not drawn: ") && page.contains("class=\"line "));
}

#[test]
fn the_words_of_a_page() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(common::folder("testdata/pages"));
    settings.bind(|| {
        let page = xml(&common::written(&labelled("aws-network-behind-a-data-source"), "html"));
        let document = Document::parse(&page).unwrap();
        let blocks = ["h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "summary", "pre", "legend", "title"];
        let inner = |node: &Node<'_, '_>| {
            node.descendants().skip(1).any(|one| one.is_element() && blocks.contains(&one.tag_name().name()))
        };
        let texts = elements(&document)
            .filter(|node| blocks.contains(&node.tag_name().name()) && !inner(node))
            .map(|node| format!("{}: {}", node.tag_name().name(), words(node)));
        let text = texts.collect::<Vec<_>>().join("\n");
        insta::assert_snapshot!("words", text.replace(blastgate::catalog::VERSION.trim(), "VERSION"));
    });
}
