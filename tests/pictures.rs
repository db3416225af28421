//! What is drawn: the right things, whatever their names hold, and never less without saying so.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use blastgate::graph::Graph;
use blastgate::input::{self, Limits};
use blastgate::picture::{self, Picture, Role, Shows};
use proptest::prelude::*;
use serde_json::{Value, json};

fn draw(name: &str, bytes: &[u8], shows: Shows) -> Picture {
    let text = input::decode(name, bytes).unwrap();
    picture::draw(&input::read(name, &text, &Limits::default()).unwrap(), shows)
}

fn labelled(name: &str, shows: Shows) -> Picture {
    let path = common::folder("testdata/labelled").join(format!("{name}.json"));
    draw(&format!("{name}.json"), &std::fs::read(path).unwrap(), shows)
}

fn write(picture: &Picture, format: &str) -> String {
    let drawing = blastgate::output::PICTURES.iter().find(|drawing| drawing.name == format).unwrap();
    (drawing.write)(picture)
}

/// A plan of objects: their address, type, whether they are replaced, and the blocks that their state lists.
fn plan(objects: &[(String, &str, bool, Vec<String>)]) -> Vec<u8> {
    let (mut changes, mut state): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for (place, (address, kind, replaced, on)) in objects.iter().enumerate() {
        let values = json!({"id": format!("id-{place}-0a1b2c")});
        let actions = if *replaced { json!(["delete", "create"]) } else { json!(["no-op"]) };
        let row = json!({"address": address, "mode": "managed", "type": kind, "name": "x"});
        let with = |row: &Value, more: Value| {
            let mut row = row.clone();
            row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            row
        };
        changes.push(with(
            &row,
            json!({"change": {"actions": actions, "before": values, "after": values, "after_unknown": {}}}),
        ));
        state.push(with(&row, json!({"values": values, "depends_on": on})));
    }
    json!({"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes,
        "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": state}}},
        "configuration": {"root_module": {}}, "applyable": true, "complete": true, "errored": false})
    .to_string()
    .into_bytes()
}

#[test]
fn drawings() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(common::folder("testdata/pictures"));
    settings.bind(|| {
        for name in [
            "aws-core-renumbered-modules",
            "aws-core-renumbered-for-each",
            "aws-network-behind-a-data-source",
            "aws-deposed-database-beside-a-new-one",
            "aws-group-under-twenty-six",
            "google-network-vanished",
            "helpers-announce",
        ] {
            let picture = labelled(name, Shows::Affected);
            insta::assert_snapshot!(name, format!("{}\n{}", write(&picture, "mermaid"), write(&picture, "dot")));
        }
        let all = labelled("aws-core-renumbered-count", Shows::All);
        insta::assert_snapshot!("all-aws-core-renumbered-count", write(&all, "mermaid"));
        let cut = labelled("aws-group-under-twenty-six", Shows::Affected).cut(8);
        insta::assert_snapshot!("cut-aws-group-under-twenty-six", write(&cut, "mermaid"));
        let json = write(&labelled("aws-network-behind-a-data-source", Shows::Affected), "json");
        insta::assert_snapshot!("json", json.replace(blastgate::catalog::VERSION.trim(), "VERSION"));
    });
}

#[test]
fn a_hostile_address_is_only_a_name() {
    let evil = [
        "x\"]; click A \"javascript:alert(1)",
        "`_b_` **c**",
        "a\nend\n",
        "%%{init: {\"theme\":\"dark\"}}%%",
        "<script>alert(1)</script>",
        "end",
        "\u{202e}gnp",
        "#quot;&lt;",
        "\\N\\",
        "fa:fa-bomb $$x$$",
    ];
    let keyed = evil.iter().map(|evil| format!("aws_vpc.x[{}]", serde_json::to_string(evil).unwrap()));
    let bare = evil.iter().filter(|evil| !evil.contains('.')).map(|evil| format!("aws_vpc.{evil}"));
    let objects: Vec<_> = keyed.chain(bare).map(|address| (address, "aws_vpc", true, Vec::new())).collect();
    let picture = draw("a\"]; b\n.json", &plan(&objects), Shows::Affected);
    assert_eq!(picture.nodes.iter().filter(|node| node.role == Role::Destroyed).count(), objects.len());
    let mermaid = write(&picture, "mermaid");
    // Between the quotes of a label there is nothing but letters, entities, and the marks of plain addresses.
    for (place, part) in mermaid.split('"').enumerate() {
        let label = place % 2 == 1;
        let plain = |c: char| c.is_alphanumeric() || " ._-/·…()#;\n".contains(c);
        assert!(!label || part.chars().all(plain), "{part}");
        assert!(label || !part.contains("click") && !part.contains("end"), "{part}");
    }
    assert!(!mermaid.contains("%%") && !mermaid.contains('<') && !mermaid.contains('`') && !mermaid.contains("$$"));
    // One statement a line, and the quotes of each line are those of its one label.
    let dot = write(&picture, "dot");
    assert_eq!(dot.lines().filter(|line| line.starts_with("  n")).count(), picture.nodes.len() + 1, "{dot}");
    for line in dot.lines().filter(|line| line.contains("label=")) {
        let quotes = line.replace("\\\\", "").replace("\\\"", "").matches('"').count();
        assert!(quotes == 6 || quotes == 8, "{line}");
    }
}

#[test]
fn what_is_drawn_for_a_renderer_stays_within_its_bounds() {
    let long = "x".repeat(5000);
    let network = ("aws_vpc.main".to_owned(), "aws_vpc", true, Vec::new());
    let many = (0..3000).map(|i| {
        (format!("aws_instance.i[\"{long}{i}\"]"), "aws_instance", i % 3 == 0, vec!["aws_vpc.main".to_owned()])
    });
    let picture = draw("p", &plan(&std::iter::once(network).chain(many).collect::<Vec<_>>()), Shows::Affected);
    for picture in [&picture, &picture.cut(200)] {
        let mermaid = write(picture, "mermaid");
        assert!(mermaid.chars().count() < 50_000);
        assert!(mermaid.lines().filter(|line| line.contains("->")).count() < 500);
        assert!(mermaid.contains("aws_vpc.main") && mermaid.contains(" more#58; "), "{mermaid}");
    }
}

/// What is nearer, and what can be reached, by following edges; a node that counts for nothing is no step.
fn distances(picture: &Picture, from: &str) -> BTreeMap<String, u32> {
    let managed: BTreeSet<&str> =
        picture.nodes.iter().filter(|node| node.standing.is_some()).map(|node| node.id.as_str()).collect();
    let mut found = BTreeMap::new();
    let mut open = VecDeque::from([(from.to_owned(), 0)]);
    while let Some((at, steps)) = open.pop_front() {
        if found.contains_key(&at) {
            continue;
        }
        found.insert(at.clone(), steps);
        for edge in picture.edges.iter().filter(|edge| edge.from == at) {
            if managed.contains(edge.to.as_str()) {
                open.push_back((edge.to.clone(), steps + 1));
            } else {
                open.push_front((edge.to.clone(), steps));
            }
        }
    }
    found
}

/// Of every root, all counted dependents can be reached, and the nearest ones by as many steps as the report says.
#[test]
fn every_dependent_has_its_shortest_way() {
    let folders = ["testdata/labelled", "testdata/twins"];
    for path in folders.iter().flat_map(|folder| common::files(&common::folder(folder), "json")) {
        let report = common::report(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for shows in [Shows::Affected, Shows::All] {
            let picture = draw(&name, &std::fs::read(&path).unwrap(), shows);
            let node = |address: &str| picture.nodes.iter().find(|n| n.address == address && n.deposed.is_none());
            for root in picture.nodes.iter().filter(|node| picture.roots.contains(&node.id)) {
                let near = distances(&picture, &root.id);
                let reached = picture.nodes.iter().filter(|n| n.id != root.id && near.contains_key(&n.id));
                let counted = reached.filter(|node| node.counts()).count();
                assert_eq!(counted, root.dependents.unwrap_or(0) as usize, "{name}: {}", root.address);
                let finding = report.findings.iter().find(|f| f.address == root.address && f.deposed == root.deposed);
                for dependent in finding.iter().flat_map(|finding| &finding.dependents.nearest) {
                    let at = &node(&dependent.address).unwrap().id;
                    assert_eq!(near.get(at), Some(&dependent.steps), "{name}: {at} from {}", root.address);
                }
            }
        }
    }
}

#[test]
fn a_limit_counts_what_it_leaves_out() {
    for path in common::files(&common::folder("testdata/labelled"), "json") {
        let whole = draw("p", &std::fs::read(&path).unwrap(), Shows::All);
        for most in (0..=whole.nodes.len() + 1).step_by(1 + whole.nodes.len() / 10) {
            let cut = whole.cut(most);
            assert!(cut.nodes.len() <= most);
            assert_eq!(cut.nodes.len() + cut.left_out.nodes, whole.nodes.len());
            assert_eq!(cut.edges.len() + cut.left_out.edges, whole.edges.len());
            let twice = whole.cut(most + 3).cut(most);
            assert_eq!(twice.nodes.len() + twice.left_out.nodes, whole.nodes.len());
            assert_eq!(twice.edges.len() + twice.left_out.edges, whole.edges.len());
            let shown: BTreeSet<&String> = cut.nodes.iter().map(|node| &node.id).collect();
            assert!(cut.edges.iter().all(|edge| shown.contains(&edge.from) && shown.contains(&edge.to)));
            assert!(cut.roots.iter().all(|root| shown.contains(root)));
            assert_eq!(write(&cut, "dot").contains(" more"), cut.left_out.nodes > 0);
            if most > 0 && !whole.roots.is_empty() {
                assert_eq!(cut.roots.first(), whole.roots.first(), "the worst is always there");
            }
        }
    }
}

#[test]
fn a_node_without_an_object_does_not_multiply_edges() {
    let instances = |count: usize| {
        let below = (0..count).map(|i| (format!("aws_vpc.x[{i}]"), "aws_vpc", true, Vec::new()));
        let above =
            (0..count).map(|i| (format!("aws_instance.i[{i}]"), "aws_instance", false, vec!["aws_vpc.x".to_owned()]));
        draw("p", &plan(&below.chain(above).collect::<Vec<_>>()), Shows::Affected)
    };
    let joints = |picture: &Picture| picture.nodes.iter().filter(|node| node.role == Role::Joint).count();
    let (few, many) = (instances(3), instances(40));
    assert_eq!((joints(&few), few.edges.len()), (0, 9));
    assert_eq!((joints(&many), many.edges.len()), (1, 80));
}

#[test]
fn a_witness_names_each_object_on_the_way() {
    let path = common::folder("testdata/labelled/aws-network-behind-a-data-source.json");
    let bytes = std::fs::read(path).unwrap();
    let text = input::decode("p", &bytes).unwrap();
    let plans = input::read("p", &text, &Limits::default()).unwrap();
    let graph = Graph::build(&plans);
    let node = |address: &str| {
        let place = plans[0].estate.instances.iter().position(|i| i.address == address).unwrap();
        graph.node(0, place)
    };
    let way = |from: &str, to: &str| -> Vec<String> {
        let step = |step: &blastgate::graph::Step| {
            format!("{} ({})", graph.instance(&plans, step.node).unwrap().address, step.evidence.word())
        };
        graph.witness(node(from), node(to)).iter().map(step).collect()
    };
    let expected = ["data.aws_subnets.main (configuration)", "aws_ecs_service.web (configuration)"];
    assert_eq!(way("aws_vpc.main", "aws_ecs_service.web"), expected);
    assert!(way("aws_ecs_service.web", "aws_vpc.main").is_empty());
    assert!(way("aws_vpc.main", "aws_vpc.main").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// The counted dependents of each root are those that can be reached in its picture, cycles included, and the same
    /// plan gives the same picture.
    #[test]
    fn pictures_show_the_whole_reach(
        size in 2_usize..20,
        edges in prop::collection::vec((0_usize..20, 0_usize..20), 0..40),
        replaced in prop::collection::vec(any::<bool>(), 20),
    ) {
        let kinds = ["aws_vpc", "aws_instance", "aws_route", "aws_s3_bucket_policy"];
        let address = |i: usize| format!("{}.n{i}", kinds[i % kinds.len()]);
        let objects: Vec<_> = (0..size).map(|i| {
            let on = edges.iter().filter(|(a, b)| a % size == i && b % size != i).map(|(_, b)| address(b % size)).collect();
            (address(i), kinds[i % kinds.len()], replaced[i], on)
        }).collect();
        let bytes = plan(&objects);
        let picture = draw("p", &bytes, Shows::Affected);
        for root in picture.nodes.iter().filter(|node| picture.roots.contains(&node.id) && node.role != Role::Plan) {
            let near = distances(&picture, &root.id);
            let counted = picture.nodes.iter().filter(|n| n.id != root.id && near.contains_key(&n.id) && n.counts()).count();
            prop_assert_eq!(counted, root.dependents.unwrap_or(0) as usize);
        }
        prop_assert_eq!(write(&picture, "json"), write(&draw("p", &bytes, Shows::Affected), "json"));
    }
}
