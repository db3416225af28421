//! What the files of a configuration add to its plan.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use blastgate::input::{self, Beside, Limits};
use blastgate::plan::{Place, Plan};
use blastgate::report::{self, Outcome, Report};
use blastgate::sources::{self, Sources, Tree};
use proptest::prelude::*;
use serde_json::{Value, json};

const FIXTURES: [&str; 3] = ["network", "retired", "first"];

/// The files of a folder, and what its manifest lists.
fn tree(folder: &Path) -> Tree {
    fn walk(root: &Path, below: &str, files: &mut BTreeMap<String, String>) {
        for path in common::files(&root.join(below), "") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                walk(root, &name, files);
            } else if sources::is_source(&common_name(&path)) {
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(folder, "", &mut files);
    let manifest = std::fs::read_to_string(folder.join(".terraform/modules/modules.json")).unwrap();
    Tree { at: String::new(), files, modules: sources::manifest(&manifest).unwrap() }
}

fn common_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn fixture(name: &str) -> (String, Tree) {
    let folder = common::folder("testdata/sources").join(name);
    (std::fs::read_to_string(folder.join("plan.json")).unwrap(), tree(&folder))
}

fn read<'a>(text: &'a str, sources: Option<&Sources>) -> Vec<Plan<'a>> {
    input::read_with("plan.json", text, &Limits::default(), &Beside { sources, ..Beside::default() }).unwrap()
}

fn report(text: &str, sources: Option<&Sources>) -> Report {
    blastgate::assess(&read(text, sources))
}

/// A plan whose state tells nothing of who stands on whom: no dependencies, and no value but an object's own id.
fn bare(text: &str) -> String {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.remove("depends_on");
                for name in ["values", "before"] {
                    if let Some(values) = members.get_mut(name).filter(|values| values.get("id").is_some()) {
                        *values = json!({"id": values["id"]});
                    }
                }
                members.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut plan: Value = serde_json::from_str(text).unwrap();
    strip(&mut plan["prior_state"]);
    strip(&mut plan["resource_changes"]);
    plan.to_string()
}

fn dependents(report: &Report, address: &str) -> u32 {
    report.findings.iter().find(|finding| finding.address == address).map_or(0, |finding| finding.dependents.count)
}

#[test]
fn who_refers_through_local_values_and_dynamic_blocks_is_seen() {
    let (text, tree) = fixture("network");
    let (text, sources) = (bare(&text), Sources::read(&tree));
    let (without, with) = (report(&text, None), report(&text, Some(&sources)));
    assert_eq!(dependents(&without, "aws_vpc.main"), 1, "the gateway alone");
    // Everything but the key, the clusters, the queues, the buckets, the roles and the log group.
    assert_eq!(dependents(&with, "aws_vpc.main"), dependents(&report(&fixture("network").0, None), "aws_vpc.main"));
    // An index is followed through local values: `local.private_ids[0]` and `[count.index]` are one subnet each.
    let plans = read(&text, Some(&sources));
    let named = |report: &Report, address: &str| {
        let finding = report.findings.iter().find(|finding| finding.address == address).unwrap();
        finding.dependents.nearest.iter().map(|one| (one.address.clone(), one.known_by.clone())).collect::<Vec<_>>()
    };
    let first = named(&with, "aws_subnet.private[0]");
    assert!(first.contains(&("aws_instance.first".to_owned(), "sources".to_owned())), "{first:?}");
    let second = named(&with, "aws_subnet.private[1]");
    assert!(second.contains(&("aws_instance.each[1]".to_owned(), "sources".to_owned())), "{second:?}");
    assert!(second.iter().all(|(address, _)| address != "aws_instance.first" && address != "aws_instance.each[0]"));
    // Only the plan's own references count as the plan's.
    let block = plans[0].configuration.block("aws_security_group.db").unwrap();
    assert!(block.references.is_empty());
    assert_eq!(block.further().len(), 1);
    // The gap that local values leave is closed.
    let locals = |report: &Report| report.gaps.iter().filter(|gap| gap.text.contains("local values")).count();
    assert_eq!((locals(&without), locals(&with)), (1, 0));
    assert_eq!(with.gaps.len(), 0, "{:?}", with.gaps);
}

/// The member of a local object leads to that member alone.
#[test]
fn a_member_of_a_local_object_is_not_the_whole_object() {
    let (text, tree) = fixture("network");
    let sources = Sources::read(&tree);
    let plans = read(&text, Some(&sources));
    let configuration = &plans[0].configuration;
    let targets = |address: &str| -> Vec<String> {
        let block = configuration.block(address).unwrap();
        block.all_references().map(|reference| configuration.blocks[reference.target].address.to_string()).collect()
    };
    assert_eq!(targets("aws_security_group.web"), ["local.ids.vpc"]);
    assert_eq!(targets("local.ids.vpc"), ["aws_vpc.main"]);
    assert_eq!(targets("local.ids"), ["aws_kms_key.main", "aws_vpc.main"]);
    assert_eq!(targets("module.app.local.network.subnets"), ["module.app.var.subnet_ids"]);
    assert_eq!(targets("module.app.local.network.vpc"), ["module.app.var.vpc_id"]);
}

/// Where each block stands: its address, the file, and the text that its line begins with.
const PLACES: [(&str, &str, &str); 46] = [
    ("aws_vpc.main", "main.tf", "resource \"aws_vpc\" \"main\""),
    ("aws_subnet.private", "main.tf", "resource \"aws_subnet\" \"private\""),
    ("aws_subnet.public", "main.tf", "resource \"aws_subnet\" \"public\""),
    ("aws_internet_gateway.main", "main.tf", "resource \"aws_internet_gateway\" \"main\""),
    ("aws_security_group.web", "main.tf", "resource \"aws_security_group\" \"web\""),
    ("aws_security_group.db", "main.tf", "resource \"aws_security_group\" \"db\""),
    ("aws_db_subnet_group.main", "main.tf", "resource \"aws_db_subnet_group\" \"main\""),
    ("aws_db_instance.main", "main.tf", "resource \"aws_db_instance\" \"main\""),
    ("aws_instance.first", "main.tf", "resource \"aws_instance\" \"first\""),
    ("aws_instance.each", "main.tf", "resource \"aws_instance\" \"each\""),
    ("aws_kms_key.main", "main.tf", "resource \"aws_kms_key\" \"main\""),
    ("aws_lb.edge", "extra.tf.json", "      \"edge\": {\n        \"name\""),
    ("aws_lb_listener.edge", "extra.tf.json", "      \"edge\": {\n        \"load"),
    ("var.cidr", "main.tf", "variable \"cidr\""),
    ("var.azs", "main.tf", "variable \"azs\""),
    ("provider.aws", "main.tf", "provider \"aws\""),
    ("local.vpc_id", "locals.tf", "  vpc_id"),
    ("local.private_ids", "locals.tf", "  private_ids"),
    ("local.ids", "locals.tf", "  ids"),
    ("local.ids.vpc", "locals.tf", "    vpc "),
    ("local.ids.key", "locals.tf", "    key "),
    ("local.audited", "locals.tf", "  audited"),
    ("local.web_group", "extra.tf.json", "    \"web_group\""),
    ("module.app.(call)", "main.tf", "module \"app\""),
    ("module.app.var.name", "main.tf", "  name       = each.key"),
    ("module.app.var.subnet_ids", "main.tf", "  subnet_ids = local.private_ids\n}\n\nmodule"),
    ("module.app.aws_security_group.this", "modules/app/main.tf", "resource \"aws_security_group\""),
    ("module.app.aws_ecs_cluster.this", "modules/app/main.tf", "resource \"aws_ecs_cluster\""),
    ("module.app.aws_ecs_service.this", "modules/app/main.tf", "resource \"aws_ecs_service\""),
    ("module.app.local.network", "modules/app/main.tf", "  network ="),
    ("module.app.module.store.(call)", "modules/app/main.tf", "module \"store\""),
    ("module.app.module.store.var.sg", "modules/app/main.tf", "  sg   ="),
    ("module.app.module.store.local.groups", "modules/app/store/main.tf", "  groups"),
    (
        "module.app.module.store.aws_elasticache_replication_group.this",
        "modules/app/store/main.tf",
        "resource \"aws_elasticache",
    ),
    ("module.app.module.store.aws_s3_bucket.this", "modules/app/store/main.tf", "resource \"aws_s3_bucket\""),
    ("module.queue.(call)", "main.tf", "module \"queue\""),
    ("module.queue.var.name", "main.tf", "  name   = \"q"),
    ("module.queue.var.vpc_id", "main.tf", "  vpc_id = local.ids.vpc\n}\n\nmodule"),
    (
        "module.queue.aws_security_group.workers",
        ".terraform/modules/queue/main.tf",
        "resource \"aws_security_group\" \"workers\"",
    ),
    ("module.queue.aws_sqs_queue.this", ".terraform/modules/queue/main.tf", "resource \"aws_sqs_queue\""),
    ("module.queue.local.prefix", ".terraform/modules/queue/main.tf", "  prefix"),
    ("module.queue.output.worker_group", ".terraform/modules/queue/main.tf", "output \"worker_group\""),
    ("module.audit.(call)", "main.tf", "module \"audit\""),
    ("module.audit.var.vpc_id", "main.tf", "  vpc_id = local.vpc_id\n}\n\noutput"),
    ("module.audit.aws_cloudwatch_log_group.flow", "modules/audit/main.tf", "resource \"aws_cloudwatch"),
    ("module.audit.aws_iam_role.flow", "modules/audit/main.tf", "resource \"aws_iam_role\""),
];

fn line_of(text: &str, what: &str) -> u32 {
    let found: Vec<usize> = text.match_indices(what).map(|(at, _)| at).collect();
    assert_eq!(found.len(), 1, "{what:?} stands there once");
    u32::try_from(text[..found[0]].matches('\n').count() + 1).unwrap()
}

#[test]
fn every_block_is_found_where_it_is_written() {
    let (text, tree) = fixture("network");
    let sources = Sources::read(&tree);
    let plans = read(&text, Some(&sources));
    for (address, file, what) in PLACES {
        let written = plans[0].configuration.written(address).unwrap_or_else(|| panic!("{address}"));
        let expected = Place { file: file.into(), line: line_of(&tree.files[file], what) };
        assert_eq!(written.place.as_ref(), Some(&expected), "{address}");
    }
    let all = plans[0].configuration.blocks.iter().filter(|block| !block.address.ends_with("s)"));
    let missing: Vec<&str> = all.filter(|block| block.written.is_none()).map(|block| &*block.address).collect();
    assert_eq!(missing, Vec::<&str>::new(), "nothing of the plan is without a place");
}

#[test]
fn a_finding_says_where_to_edit() {
    let (text, tree) = fixture("network");
    let sources = Sources::read(&tree);
    let report = report(&text, Some(&sources));
    let of = |address: &str| {
        let finding = report.findings.iter().find(|finding| finding.address == address).unwrap();
        finding.source.clone().unwrap()
    };
    let main = &tree.files["main.tf"];
    let vpc = of("aws_vpc.main");
    assert_eq!((vpc.file.as_str(), vpc.line), ("main.tf", line_of(main, "resource \"aws_vpc\"")));
    let set = vpc.set_at.unwrap();
    assert_eq!((set.file.as_str(), set.line), ("main.tf", line_of(main, "variable \"cidr\"")), "it is the variable");
    let group = of(r#"module.app["cart"].aws_security_group.this"#);
    let called: Vec<(&str, u32)> = group.called_from.iter().map(|place| (place.file.as_str(), place.line)).collect();
    assert_eq!(called, [("main.tf", line_of(main, "module \"app\""))]);
    let text = common::written(&report, "human");
    assert!(text.contains("Written at: main.tf:18; cidr_block is set at main.tf:9."), "{text}");
}

#[test]
fn guards_are_read_and_their_loss_is_named() {
    let (text, tree) = fixture("network");
    let sources = Sources::read(&tree);
    let plans = read(&text, Some(&sources));
    let lifecycle = |address: &str| plans[0].configuration.written(address).unwrap().lifecycle.clone();
    assert!(lifecycle("aws_db_instance.main").prevent_destroy);
    assert!(lifecycle("aws_vpc.main").create_before_destroy);
    assert_eq!(*lifecycle("aws_vpc.main").ignore_changes, ["tags[\"team\"]".to_owned(), "enable_dns_support".into()]);
    assert!(lifecycle("aws_lb_listener.edge").create_before_destroy);
    let (text, tree) = fixture("retired");
    let report = report(&text, Some(&Sources::read(&tree)));
    let database = report.findings.iter().find(|f| f.address == "module.data.aws_db_instance.main").unwrap();
    let said = "its block had prevent_destroy, which went with it (modules/data/main.tf:3)";
    assert!(database.evidence.iter().any(|fact| fact == said), "{:?}", database.evidence);
}

#[test]
fn moved_and_removed_blocks_show_an_older_life() {
    let (text, tree) = fixture("first");
    let sources = Sources::read(&tree);
    assert_eq!(report(&text, None).verdict, Outcome::Allow);
    let with = report(&text, Some(&sources));
    assert_eq!((with.verdict, with.findings[0].rule.as_str()), (Outcome::Review, "state-missing"));
    // What a module of others brings along tells nothing of this configuration.
    let (text, tree) = fixture("network");
    assert!(tree.files[".terraform/modules/queue/main.tf"].contains("moved {"));
    assert_eq!(read(&text, Some(&Sources::read(&tree)))[0].declared.moved, []);
    let (text, tree) = fixture("retired");
    let plans = read(&text, Some(&Sources::read(&tree)));
    let removed = &plans[0].declared.moved[0];
    assert_eq!((removed.from.as_str(), &removed.to, removed.destroys), ("aws_s3_bucket.old", &None, false));
}

#[test]
fn sources_of_another_plan_are_not_used() {
    let (network, tree) = fixture("network");
    let sources = Sources::read(&tree);
    let both = format!("{}\n{}\n", network.trim(), fixture("first").0.trim());
    let report = report(&both, Some(&sources));
    let gaps: Vec<(&str, &str)> = report.gaps.iter().map(|gap| (gap.input.as_str(), gap.text.as_str())).collect();
    let expected = "The sources do not fit this plan: of its 6 blocks they lack 4, aws_dynamodb_table.orders for one. \
                    Nothing of them is used.";
    assert_eq!(gaps, [("plan.json#2", expected)]);
    let plans = read(&both, Some(&sources));
    assert!(plans[1].configuration.blocks.iter().all(|block| block.written.is_none()));
    assert!(plans[0].configuration.blocks.iter().any(|block| block.written.is_some()));
}

#[test]
fn what_the_sources_lack_is_said() {
    let (text, mut tree) = fixture("network");
    tree.files.insert("locals.tf".to_owned(), "locals {".to_owned());
    tree.files.remove(".terraform/modules/queue/main.tf");
    let main = tree.files["main.tf"].replace("\"aws_kms_key\" \"main\"", "\"aws_kms_key\" \"other\"");
    tree.files.insert("main.tf".to_owned(), main);
    tree.files.remove("keys_override.tf");
    let report = report(&text, Some(&Sources::read(&tree)));
    let gaps: Vec<&str> = report.gaps.iter().map(|gap| gap.text.as_str()).collect();
    assert_eq!(
        gaps,
        [
            "locals.tf:1 is not HCL: what it declares is not seen.",
            "The sources do not have aws_kms_key.main of the plan: they are older or newer than it.",
            "The sources of module.queue are not there: `terraform init` downloads them.",
            "References through local values are not in the plan; the state and identities stand in for them.",
        ]
    );
}

/// A plan without its configuration, as some services hand it out, is read with the sources in its place.
#[test]
fn sources_stand_in_for_a_missing_configuration() {
    let (text, tree) = fixture("network");
    let sources = Sources::read(&tree);
    let full = report(&bare(&text), Some(&sources));
    let mut plan: Value = serde_json::from_str(&bare(&text)).unwrap();
    plan.as_object_mut().unwrap().remove("configuration");
    let alone = report(&plan.to_string(), Some(&sources));
    assert_eq!(dependents(&report(&plan.to_string(), None), "aws_vpc.main"), 0, "the state tells nothing");
    for finding in &full.findings {
        assert_eq!(dependents(&alone, &finding.address), finding.dependents.count, "{}", finding.address);
    }
}

/// A provisioner that the plan shows is not taken for another one; one that only the files show is not missed.
#[test]
fn provisioners_are_read_once() {
    let (text, tree) = fixture("network");
    let sources = Sources::read(&tree);
    let mut plan: Value = serde_json::from_str(&text).unwrap();
    plan.as_object_mut().unwrap().remove("configuration");
    for text in [text, plan.to_string()] {
        let plans = read(&text, Some(&sources));
        let block = plans[0].configuration.block("module.app.module.store.aws_s3_bucket.this").unwrap();
        assert_eq!(block.provisioners.len(), 1);
        assert_eq!((block.provisioners[0].kind.as_str(), &block.provisioners[0].commands), ("local-exec", &None));
    }
}

fn rank(verdict: Outcome) -> u8 {
    match verdict {
        Outcome::Allow => 0,
        Outcome::Review => 1,
        Outcome::Block => 2,
        Outcome::Error => 3,
    }
}

/// Nothing is judged more lightly, and nobody has fewer dependents, because of what sources say.
fn never_less(without: &Report, with: &Report) -> Result<(), TestCaseError> {
    prop_assert!(rank(with.verdict) >= rank(without.verdict));
    for finding in &without.findings {
        let other = with.findings.iter().find(|f| f.address == finding.address && f.deposed == finding.deposed);
        let other = other.ok_or_else(|| TestCaseError::fail(format!("{} is lost", finding.address)))?;
        prop_assert!(rank(other.verdict) >= rank(finding.verdict), "{}", finding.address);
        prop_assert!(other.dependents.count >= finding.dependents.count, "{}", finding.address);
    }
    Ok(())
}

#[test]
fn sources_only_add() {
    for name in FIXTURES {
        let (text, tree) = fixture(name);
        let sources = Sources::read(&tree);
        for text in [bare(&text), text] {
            never_less(&report(&text, None), &report(&text, Some(&sources))).unwrap();
        }
    }
}

/// An edge that only the sources know brings no excuse with it: the same files may belong to another plan.
#[test]
fn an_ephemeral_environment_is_not_taken_from_the_sources() {
    let (text, tree) = fixture("network");
    let sources = Sources::read(&tree);
    let mut plan: Value = serde_json::from_str(&bare(&text)).unwrap();
    for list in [&mut plan["prior_state"]["values"]["root_module"]["resources"]] {
        for row in list.as_array_mut().unwrap().iter_mut().filter(|row| row["type"] == "aws_vpc") {
            row["values"]["tags"] = json!({"env": "dev"});
        }
    }
    let text = plan.to_string();
    let (without, with) = (report(&text, None), report(&text, Some(&sources)));
    never_less(&without, &with).unwrap();
    let subnet = |report: &Report| {
        report.findings.iter().find(|f| f.address == "aws_subnet.private[0]").map(|f| f.environment.is.clone())
    };
    assert_eq!(subnet(&with), subnet(&without));
}

/// The files that a scenario plans; none where its plan was written by hand.
fn scenario(path: &Path) -> Option<Tree> {
    let scenario: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let text_of = |key: &str| scenario.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let main = text_of("after").or_else(|| text_of("before")).filter(|_| !scenario.contains_key("made"));
    let edits = scenario.get("edits").and_then(toml::Value::as_array).into_iter().flatten();
    let main = edits.fold(main?, |main, edit| main.replace(edit[0].as_str().unwrap(), edit[1].as_str().unwrap()));
    let mut tree = Tree::default();
    tree.files.insert("main.tf".to_owned(), main);
    for table in ["files", "after_files"].iter().filter_map(|key| scenario.get(*key)?.as_table()) {
        tree.files.extend(table.iter().map(|(name, text)| (name.clone(), text.as_str().unwrap().to_owned())));
    }
    Some(tree)
}

/// Where the block of a finding is gone, what stands in its place is named; a tag is found among the tags.
#[test]
fn what_is_gone_or_only_a_part_is_found_too() {
    for (name, address, line, said) in [
        ("ways_out/aws-bucket-into-a-module", "aws_s3_bucket.receipts", "resource \"aws_s3_bucket\"", "which is alike"),
        (
            "labelled/aws-table-forgotten",
            "aws_dynamodb_table.sessions",
            "removed {",
            "the removed block that takes it out",
        ),
        ("labelled/azure-account-vanished", "azurerm_storage_account.data", "resource \"azurerm_storage_account\"", ""),
        ("labelled/google-bucket-relabelled", "google_storage_bucket.exports", "labels", ""),
    ] {
        let path = common::folder(&format!("testdata/{name}.toml"));
        let tree = scenario(&path).unwrap();
        let text = std::fs::read_to_string(path.with_extension("json")).unwrap();
        let report = report(&text, Some(&Sources::read(&tree)));
        let finding = report.findings.iter().find(|finding| finding.address == address).unwrap();
        let source = finding.source.as_ref().unwrap();
        let block = report::Place { file: source.file.clone(), line: source.line };
        let place = source.attribute_at.clone().unwrap_or(block);
        let lines: Vec<&str> = tree.files[&place.file].lines().collect();
        let found = lines[usize::try_from(place.line).unwrap() - 1];
        assert!(found.trim_start().starts_with(line), "{name}: {found}");
        assert!(source.instead.as_deref().unwrap_or_default().ends_with(said), "{name}: {:?}", source.instead);
    }
}

/// In a configuration without local values and dynamic blocks the plan says everything that the files do.
#[test]
fn the_files_refer_to_what_the_plan_says() {
    let mut compared = 0;
    for path in
        ["labelled", "twins"].iter().flat_map(|name| common::files(&common::folder("testdata").join(name), "toml"))
    {
        let Some(tree) = scenario(&path) else { continue };
        if tree.files.values().any(|text| text.contains("local.") || text.contains("dynamic")) {
            continue;
        }
        let text = std::fs::read_to_string(path.with_extension("json")).unwrap();
        let sources = Sources::read(&tree);
        assert_eq!(sources.problems(), []);
        let plans = read(&text, Some(&sources));
        assert_eq!(plans[0].declared.gaps, Vec::<String>::new(), "{}", path.display());
        for block in &plans[0].configuration.blocks {
            // The plan has no `lifecycle` arguments.
            let more: Vec<_> = block.further().iter().filter(|r| r.attribute != "replace_triggered_by").collect();
            assert_eq!(more, Vec::<&blastgate::plan::Reference<'_>>::new(), "{} in {}", block.address, path.display());
        }
        compared += 1;
    }
    assert!(compared > 60, "{compared}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the files hold, they are read or named as a problem, and they only add.
    #[test]
    fn any_files_are_survived(
        at in any::<prop::sample::Index>(),
        file in any::<prop::sample::Index>(),
        length in 0_usize..60,
        put in prop_oneof![
            "[ -~\n]{0,40}",
            prop::sample::select(vec![
                "${", "%{ for x in y }", "<<EOT\n", "\"", "{", "}", "[", "]", "(", "each.key", "[*]", "local.ids", "/*",
                "moved {\n", "dynamic \"x\" {\n", "= null\n", "\u{feff}", "\u{202e}", "0x", "9999999999999999999999",
            ]).prop_map(str::to_owned),
        ],
    ) {
        let (text, mut tree) = fixture("network");
        let name = tree.files.keys().nth(file.index(tree.files.len())).unwrap().clone();
        let mut characters: Vec<char> = tree.files[&name].chars().collect();
        let at = at.index(characters.len());
        characters.splice(at..(at + length).min(characters.len()), put.chars());
        tree.files.insert(name, characters.into_iter().collect());
        let sources = Sources::read(&tree);
        let text = bare(&text);
        never_less(&report(&text, None), &report(&text, Some(&sources)))?;
    }

    #[test]
    fn any_text_is_survived(native in any::<String>(), json in any::<String>()) {
        let mut tree = Tree::default();
        tree.files.insert("main.tf".to_owned(), native);
        tree.files.insert("main.tf.json".to_owned(), json);
        let _ = Sources::read(&tree);
    }
}
