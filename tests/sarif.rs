//! Reports as SARIF: valid, the same each time, within limits, and at the right lines.

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

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use blastgate::input::{self, Beside, InputError, Limits};
use blastgate::report::{self, Report};
use blastgate::rules::RULES;
use blastgate::sources::{self, Sources, Tree};
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;

/// What OASIS says that the form is; where it came from is told beside it.
static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let text = std::fs::read_to_string(common::folder("testdata/sarif/sarif-schema-2.1.0.json")).unwrap();
    // A pattern for a property that nobody writes here has a bracket that is never opened.
    let schema: Value = serde_json::from_str(&text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$")).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
});

fn sarif(report: &Report) -> Value {
    let text = common::written(report, "sarif");
    assert_eq!(text, common::written(report, "sarif"), "the same report gives the same bytes");
    serde_json::from_str(&text).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Everything that must hold of any file.
fn check(log: &Value) {
    let errors: Vec<String> = SCHEMA.iter_errors(log).map(|e| format!("{} at {}", e, e.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
    let runs = list(&log["runs"]);
    assert!((1..=20).contains(&runs.len()));
    let ids: BTreeSet<&str> = runs.iter().map(|run| text(&run["automationDetails"]["id"])).collect();
    assert_eq!(ids.len(), runs.len(), "what is uploaded for one plan does not take the place of another's");
    assert!(ids.iter().all(|id| id.ends_with('/')), "all of it is the category: {ids:?}");
    let results = || runs.iter().flat_map(|run| list(&run["results"]));
    let fingerprints: HashSet<&str> =
        results().map(|result| text(&result["partialFingerprints"]["primaryLocationLineHash"])).collect();
    assert_eq!(fingerprints.len(), results().count());
    runs.iter().for_each(check_run);
}

fn check_run(run: &Value) {
    let rules = list(&run["tool"]["driver"]["rules"]);
    assert_eq!(rules.len(), RULES.len());
    let results = list(&run["results"]);
    assert!(results.len() <= 25_000);
    let badness = |result: &Value| ["error", "warning", "note"].iter().position(|level| *level == result["level"]);
    assert!(results.is_sorted_by_key(badness), "the worst first");
    for result in results {
        if let Some(index) = result.get("ruleIndex") {
            assert_eq!(rules[usize::try_from(index.as_u64().unwrap()).unwrap()]["id"], result["ruleId"]);
        }
        let suppressed = result.get("suppressions").is_some();
        assert_eq!(
            suppressed,
            result["level"] == "note",
            "what was lowered to nothing is suppressed, and nothing else"
        );
        let related = list(&result["relatedLocations"]);
        let ids: Vec<u64> = related.iter().map(|place| place["id"].as_u64().unwrap()).collect();
        check_message(text(&result["message"]["text"]), &ids);
        assert_eq!(list(&result["locations"]).len(), 1);
        let primary = &result["locations"][0];
        assert!(!text(&primary["logicalLocations"][0]["fullyQualifiedName"]).is_empty());
        related.iter().chain([primary]).for_each(check_place);
    }
    for notification in list(&run["invocations"][0]["toolExecutionNotifications"]) {
        check_message(text(&notification["message"]["text"]), &[]);
    }
    let described = text(&run["automationDetails"]["description"]["text"]);
    check_message(described, &[]);
}

/// Nothing in a message stands for something else, but for our own links.
fn check_message(message: &str, ids: &[u64]) {
    assert!(!message.is_empty());
    let rest = message.replace("{{", "").replace("}}", "");
    assert!(!rest.contains(['{', '}']), "{message}");
    for (at, _) in message.match_indices("](") {
        let (before, after) = (&message[..at], &message[at + 2..]);
        let id = after.split_once(')').and_then(|(id, _)| id.parse().ok());
        assert!(before.ends_with("[here") && id.is_some_and(|id| ids.contains(&id)), "{message}");
    }
    let unseen = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!message.contains(unseen), "{message:?}");
}

/// A file within the repository, and a line.
fn check_place(place: &Value) {
    let physical = &place["physicalLocation"];
    let uri = text(&physical["artifactLocation"]["uri"]);
    assert_eq!(physical["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
    assert!(!uri.is_empty() && uri.chars().all(plain) && !uri.starts_with('/'), "{uri}");
    let path = decoded(uri);
    assert!(path.split('/').all(|step| !["", ".", ".."].contains(&step)), "{uri}");
    assert!(physical["region"]["startLine"].as_u64().unwrap() >= 1);
}

fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        let hex = (byte == b'%').then(|| String::from_utf8(rest.by_ref().take(2).collect()).unwrap());
        bytes.push(hex.map_or(byte, |hex| u8::from_str_radix(&hex, 16).unwrap()));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Every plan among the fixtures.
fn plans() -> Vec<PathBuf> {
    let folders = ["labelled", "twins", "causes", "ways_out", "saved", "read"].map(|name| format!("testdata/{name}"));
    let mut all: Vec<PathBuf> = folders.iter().flat_map(|name| common::files(&common::folder(name), "json")).collect();
    all.retain(|path| common::report(path).is_ok());
    all
}

#[test]
fn every_fixture_is_valid() {
    let plans = plans();
    assert!(plans.len() > 150, "{}", plans.len());
    let mut lowered = 0;
    for path in &plans {
        let report = common::report(path).unwrap();
        let log = sarif(&report);
        check(&log);
        let results: Vec<&Value> = list(&log["runs"]).iter().flat_map(|run| list(&run["results"])).collect();
        assert_eq!(results.len(), report.findings.len(), "{}", path.display());
        lowered += results.into_iter().filter(|result| result["level"] == "note").map(suppressed).count();
    }
    assert!(lowered > 3, "{lowered}");
}

/// What an environment lowers is suppressed, with the evidence.
fn suppressed(result: &Value) {
    let why = &result["suppressions"][0];
    assert_eq!((&why["kind"], &why["status"]), (&"external".into(), &"accepted".into()));
    let why = text(&why["justification"]);
    assert!(why.starts_with("Lowered from ") && why.contains(" by its environment: ephemeral ("), "{why}");
}

#[test]
fn what_cannot_be_read_is_no_result_and_takes_no_place_of_one() {
    let mut told = 0;
    for path in common::files(&common::folder("testdata/refused"), "json") {
        let Err(error) = common::report(&path) else { continue };
        let report = blastgate::assess_with(&[], &blastgate::Settings { errors: &[error], ..Default::default() });
        let log = sarif(&report);
        check(&log);
        let run = &log["runs"][0];
        assert_eq!(run["automationDetails"]["id"], "blastgate/no-plan/");
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
        assert_eq!(notification["level"], "error");
        assert_eq!(notification["descriptor"]["id"], "input-not-read");
        told += 1;
    }
    assert!(told > 20, "{told}");
}

#[test]
fn one_that_cannot_be_read_is_told_beside_the_others() {
    let plan = std::fs::read_to_string(common::folder("testdata/read/plan.json")).unwrap();
    let plans = input::read("plan.json", &plan, &Limits::default()).unwrap();
    let errors = [InputError::new("other.json", "this is {0} no [plan](1)")];
    let report = blastgate::assess_with(&plans, &blastgate::Settings { errors: &errors, ..Default::default() });
    let log = sarif(&report);
    check(&log);
    assert_eq!(list(&log["runs"]).len(), 1, "it has no run: its earlier results stay what they were");
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let said = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(*said, "other.json: this is {{0}} no [plan] (1)");
}

/// The report of several plans, each under its own name.
fn together(named: &[(&str, &str)]) -> Report {
    let texts: Vec<String> =
        named.iter().map(|(_, path)| std::fs::read_to_string(common::folder(path)).unwrap()).collect();
    let plans: Vec<_> = named
        .iter()
        .zip(&texts)
        .flat_map(|((name, _), text)| input::read(name, text, &Limits::default()).unwrap())
        .collect();
    blastgate::assess(&plans)
}

#[test]
fn each_plan_is_a_run_of_its_own() {
    let plan = "testdata/read/plan.json";
    let report = together(&[("a/plan.json", plan), ("b/plan.json", plan), ("-", plan), ("/tmp/x1/tfplan", plan)]);
    let log = sarif(&report);
    check(&log);
    let ids: Vec<&str> = list(&log["runs"]).iter().map(|run| text(&run["automationDetails"]["id"])).collect();
    let expected =
        ["blastgate/a/plan.json/", "blastgate/b/plan.json/", "blastgate/standard-input/", "blastgate/tfplan/"];
    assert_eq!(ids, expected);
    for (run, file) in list(&log["runs"]).iter().zip(["a/plan.json", "b/plan.json", "standard-input", "tfplan"]) {
        let place = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], file);
        assert_eq!(place["region"]["startLine"], 1);
        let said = text(&run["results"][0]["message"]["text"]);
        assert!(said.contains("No file that was read has its block, so this points at the plan."), "{said}");
    }
    // The same finding in several plans is several; alone, it has the report's own fingerprint.
    let alone = together(&[("a/plan.json", plan)]);
    let single = sarif(&alone);
    let of = |run: &Value| text(&run["results"][0]["fingerprints"]["blastgate/finding/v1"]).to_owned();
    assert_eq!(of(&single["runs"][0]), alone.findings[0].fingerprint);
    assert_ne!(of(&log["runs"][0]), of(&log["runs"][1]));
    // What else is judged beside it does not change that.
    let other = sarif(&together(&[("a/plan.json", plan), ("b/plan.json", plan)]));
    assert_eq!(of(&log["runs"][0]), of(&other["runs"][0]));
}

#[test]
fn documents_of_one_file_and_files_of_one_name_are_told_apart() {
    let report = together(&[("two.json", "testdata/read/two-plans-pretty.json")]);
    let log = sarif(&report);
    check(&log);
    let ids: Vec<&str> = list(&log["runs"]).iter().map(|run| text(&run["automationDetails"]["id"])).collect();
    assert_eq!(ids, ["blastgate/two.json/", "blastgate/two.json/2/"]);
    let one = || common::report(&common::folder("testdata/read/plan.json")).unwrap();
    let named = |mut report: Report, file: &str| {
        report.inputs[0].file = Some(file.to_owned());
        report
    };
    let merged =
        [("a.json".to_owned(), named(one(), "live/tfplan")), ("b.json".to_owned(), named(one(), "live/tfplan"))];
    let log = sarif(&report::merge(merged.into()).unwrap());
    check(&log);
    let ids: Vec<&str> = list(&log["runs"]).iter().map(|run| text(&run["automationDetails"]["id"])).collect();
    let expected = ["blastgate/live/tfplan/a.json%3A%20plan.json/", "blastgate/live/tfplan/b.json%3A%20plan.json/"];
    assert_eq!(ids, expected);
    let plan = "testdata/read/plan.json";
    let log = sarif(&together(&[("/home/a/tfplan", plan), ("/home/b/tfplan", plan)]));
    check(&log);
    assert!(!log["runs"][0]["automationDetails"]["id"].to_string().contains("home"));
}

#[test]
fn more_plans_than_runs_are_one_run() {
    let reports: Vec<(String, Report)> =
        plans().iter().take(60).map(|path| (common::stem(path), common::report(path).unwrap())).collect();
    let findings: usize = reports.iter().map(|(_, report)| report.findings.len()).sum();
    let log = sarif(&report::merge(reports).unwrap());
    check(&log);
    assert_eq!(log["runs"][0]["automationDetails"]["id"], "blastgate/all-plans/");
    assert_eq!(list(&log["runs"][0]["results"]).len(), findings);
}

/// The files of a folder, and what its manifest lists, as if the folder were that of a repository's `live/prod`.
fn tree(folder: &Path) -> Tree {
    fn walk(root: &Path, below: &str, files: &mut BTreeMap<String, String>) {
        for path in common::files(&root.join(below), "") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            let last = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                walk(root, &name, files);
            } else if sources::is_source(&last) || sources::is_values(&last) {
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(folder, "", &mut files);
    let manifest = std::fs::read_to_string(folder.join(".terraform/modules/modules.json")).unwrap();
    Tree { at: "live/prod".to_owned(), files, modules: sources::manifest(&manifest).unwrap() }
}

/// Address; where the result is; where what decides it is set. A place is a file, and what stands on its line.
type Case = (&'static str, (&'static str, &'static str), Option<(&'static str, &'static str)>);

const CIDR: Option<(&str, &str)> = Some(("terraform.tfvars", "cidr   ="));
const FULL: Option<(&str, &str)> = Some(("modules/app/main.tf", "  full ="));
const APPS: Option<(&str, &str)> = Some(("locals.tf", "  apps  "));
const SECOND: Option<(&str, &str)> = Some(("main.tf", "  name = \"second\""));
const BUCKET: (&str, &str) = ("modules/app/store/main.tf", "  bucket =");
const BUCKETS: (&str, &str) = ("modules/app/store/main.tf", "resource \"aws_s3_bucket\"");
const CACHE: (&str, &str) = ("modules/app/store/main.tf", "  replication_group_id");
const CLUSTER: (&str, &str) = ("modules/app/main.tf", "  name = local.full\n}\n\nresource");
const SERVICE: (&str, &str) = ("modules/app/main.tf", "  cluster =");
const GROUP: (&str, &str) = ("modules/app/net.tf", "  vpc_id =");
const TOPIC: (&str, &str) = (".terraform/modules/queue/main.tf", "  name = \"${local.full}-");

const CASES: [Case; 40] = [
    ("aws_vpc.main", ("main.tf", "  cidr_block = var.cidr"), CIDR),
    ("aws_subnet.zone[0]", ("main.tf", "  vpc_id     ="), CIDR),
    ("aws_subnet.zone[1]", ("main.tf", "  vpc_id     ="), CIDR),
    ("aws_subnet.public[\"a\"]", ("main.tf", "  vpc_id = local"), CIDR),
    ("aws_subnet.public[\"b\"]", ("main.tf", "  vpc_id = local"), CIDR),
    ("aws_dynamodb_table.orders", ("main.tf", "  hash_key ="), None),
    ("aws_dynamodb_table.events[2]", ("main.tf", "  count = var.copies"), Some(("terraform.tfvars", "copies ="))),
    (
        "aws_s3_bucket.logs[\"old\"]",
        ("main.tf", "  for_each = var.buckets"),
        Some(("names.auto.tfvars.json", "  \"buckets\"")),
    ),
    ("aws_db_instance.main", ("main.tf", "  engine     ="), Some(("locals.tf", "  engine  ="))),
    ("aws_instance.web", ("web_override.tf", "  ami ="), None),
    ("aws_lb.edge", ("edge.tf.json", "        \"name\""), None),
    ("aws_kinesis_stream.clicks", ("main.tf", "    replace_triggered_by"), Some(("main.tf", "  hash_key ="))),
    ("azurerm_redis_cache.fixed", ("main.tf", "    aof_backup_enabled"), None),
    ("azurerm_redis_cache.made", ("main.tf", "      rdb_storage"), None),
    ("module.app[\"cart\"].aws_ecs_cluster.this", CLUSTER, FULL),
    ("module.app[\"shop\"].aws_ecs_cluster.this", CLUSTER, FULL),
    ("module.app[\"old\"].aws_ecs_cluster.this", ("modules/app/main.tf", "resource \"aws_ecs_cluster\""), APPS),
    ("module.app[\"cart\"].aws_ecs_service.this", SERVICE, FULL),
    ("module.app[\"shop\"].aws_ecs_service.this", SERVICE, FULL),
    ("module.app[\"old\"].aws_ecs_service.this", ("modules/app/main.tf", "resource \"aws_ecs_service\""), APPS),
    ("module.app[\"cart\"].aws_security_group.this", GROUP, CIDR),
    ("module.app[\"shop\"].aws_security_group.this", GROUP, CIDR),
    ("module.app[\"old\"].aws_security_group.this", ("modules/app/net.tf", "resource \"aws_security"), APPS),
    ("module.app[\"cart\"].module.store.aws_s3_bucket.this[0]", BUCKET, FULL),
    ("module.app[\"cart\"].module.store.aws_s3_bucket.this[1]", BUCKET, FULL),
    ("module.app[\"shop\"].module.store.aws_s3_bucket.this[0]", BUCKET, FULL),
    ("module.app[\"shop\"].module.store.aws_s3_bucket.this[1]", BUCKET, FULL),
    ("module.app[\"old\"].module.store.aws_s3_bucket.this[0]", BUCKETS, APPS),
    ("module.app[\"old\"].module.store.aws_s3_bucket.this[1]", BUCKETS, APPS),
    ("module.app[\"cart\"].module.store.aws_elasticache_replication_group.this", CACHE, FULL),
    ("module.app[\"shop\"].module.store.aws_elasticache_replication_group.this", CACHE, FULL),
    (
        "module.app[\"old\"].module.store.aws_elasticache_replication_group.this",
        ("modules/app/store/main.tf", "resource \"aws_elasticache"),
        APPS,
    ),
    ("module.queue[0].aws_sqs_queue.this", (".terraform/modules/queue/main.tf", "  name = local.full"), SECOND),
    ("module.queue[0].aws_sns_topic.feed[0]", TOPIC, SECOND),
    ("module.queue[0].aws_sns_topic.feed[1]", TOPIC, SECOND),
    (
        "module.queue[0].module.dead.aws_sqs_queue.dead",
        (".terraform/modules/queue/modules/dead/main.tf", "  name = \"dead-"),
        SECOND,
    ),
    // Nothing calls it any more, but it is still there.
    ("module.retired.aws_sqs_queue.last", ("modules/retired/main.tf", "resource \"aws_sqs_queue\""), None),
    // Its block is gone; where it was, nobody knows.
    ("aws_kms_key.gone", ("plan.json", ""), None),
    ("", ("plan.json", ""), None),
    ("aws_dynamodb_table.events[0]", ("", ""), None),
];

#[test]
fn every_result_is_where_it_is_written() {
    let folder = common::folder("testdata/sources/places");
    let plan = std::fs::read_to_string(folder.join("plan.json")).unwrap();
    let tree = tree(&folder);
    let sources = Sources::read(&tree);
    let beside = Beside { sources: Some(&sources), file: Some("live/prod/plan.json"), ..Beside::default() };
    let report = blastgate::assess(&input::read_with("tfplan", &plan, &Limits::default(), &beside).unwrap());
    let log = sarif(&report);
    check(&log);
    let results = list(&log["runs"][0]["results"]);
    let line = |(file, what): (&str, &str)| -> (String, u64) {
        let at = tree.files.get(file).map_or(0, |text| {
            let found: Vec<usize> = text.match_indices(what).map(|(at, _)| at).collect();
            assert_eq!(found.len(), 1, "{what:?} stands once in {file}");
            text[..found[0]].matches('\n').count()
        });
        (format!("live/prod/{file}"), u64::try_from(at).unwrap() + 1)
    };
    let place = |place: &Value| {
        let physical = &place["physicalLocation"];
        let line = physical["region"]["startLine"].as_u64().unwrap();
        (decoded(text(&physical["artifactLocation"]["uri"])), line)
    };
    let mut found = 0;
    for (address, at, set) in CASES {
        let name = if address.is_empty() { "tfplan" } else { address };
        let of = |result: &&Value| result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == name;
        let Some(result) = results.iter().find(of) else {
            assert_eq!(at.0, "", "{address} has a result");
            continue;
        };
        found += 1;
        assert_eq!(place(&result["locations"][0]), line(at), "{address}");
        let related = list(&result["relatedLocations"]);
        let set_at = related.iter().find(|place| text(&place["message"]["text"]).ends_with(" is set")).map(place);
        assert_eq!(set_at, set.map(line), "what decides {address}");
        let called: Vec<(String, u64)> =
            related.iter().filter(|place| place["message"]["text"] == "Its module is called").map(place).collect();
        assert_eq!(called, calls(address).into_iter().map(line).collect::<Vec<_>>(), "{address}");
    }
    assert_eq!((found, results.len()), (39, 39), "each result is one of these");
}

/// The blocks that call an address's modules, the nearest first.
fn calls(address: &str) -> Vec<(&'static str, &'static str)> {
    [
        ("module.dead.", (".terraform/modules/queue/main.tf", "module \"dead\"")),
        ("module.store.", ("modules/app/main.tf", "module \"store\"")),
        ("module.queue[", ("main.tf", "module \"queue\"")),
        ("module.app[", ("main.tf", "module \"app\"")),
    ]
    .into_iter()
    .filter(|(step, _)| address.contains(step))
    .map(|(_, place)| place)
    .collect()
}

#[test]
fn a_place_outside_of_the_repository_is_not_named() {
    let folder = common::folder("testdata/sources/places");
    let plan = std::fs::read_to_string(folder.join("plan.json")).unwrap();
    let mut tree = tree(&folder);
    for (_, module) in tree.modules.iter_mut().filter(|(key, _)| key.starts_with("app")) {
        *module = format!("../../../{module}");
    }
    let moved = |path: String| if path.starts_with("modules/app") { format!("../../../{path}") } else { path };
    tree.files = tree.files.into_iter().map(|(path, text)| (moved(path), text)).collect();
    let sources = Sources::read(&tree);
    let beside = Beside { sources: Some(&sources), ..Beside::default() };
    let report = blastgate::assess(&input::read_with("plan.json", &plan, &Limits::default(), &beside).unwrap());
    let finding = report.findings.iter().find(|finding| finding.address.ends_with(".aws_ecs_cluster.this")).unwrap();
    assert_eq!(finding.source.as_ref().unwrap().file, "../modules/app/main.tf", "a person can follow it");
    let log = sarif(&report);
    check(&log);
    assert!(!log.to_string().contains("../"));
}

/// Texts of a plan that mean something somewhere.
fn hostile() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "{0}",
        "{{1}}",
        "[a](http://evil.example)",
        "](1)",
        "\\](1)",
        "[here](1) ",
        "../../",
        "/etc/passwd",
        "C:/x/",
        "..\\..\\",
        "file:///x/",
        "//host/x/",
        "%2e%2e/",
        "a#1",
        "?q",
        "\u{202e}\u{200b}",
        "\u{1b}[2J",
        "\n\r\u{0}",
        "<script>",
        "é\u{301}/",
        "",
    ]);
    prop_oneof![known.prop_map(str::to_owned), any::<String>()]
}

/// The same report with every text of a plan changed in the same way.
fn spoiled(value: &mut Value, before: &str, after: &str) {
    match value {
        Value::String(text) => *text = format!("{before}{text}{after}"),
        Value::Array(items) => items.iter_mut().for_each(|item| spoiled(item, before, after)),
        Value::Object(members) => {
            for (key, member) in members {
                // These are the gate's own words, and the schema of the report allows no others.
                if !["verdict", "from", "role", "rule", "known_by", "picture", "schema_version"].contains(&key.as_str())
                {
                    spoiled(member, before, after);
                }
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// No text of a plan becomes a placeholder, a link, or a path that leads out, and the file stays valid.
    #[test]
    fn a_hostile_plan_says_nothing_but_itself(before in hostile(), after in hostile()) {
        let folder = common::folder("testdata/sources/places");
        let plan = std::fs::read_to_string(folder.join("plan.json")).unwrap();
        let sources = Sources::read(&tree(&folder));
        let beside = Beside { sources: Some(&sources), file: Some("live/prod/plan.json"), ..Beside::default() };
        let mut report = blastgate::assess(&input::read_with("tfplan", &plan, &Limits::default(), &beside).unwrap());
        // As many as there are kinds of places.
        report.findings = report.findings.into_iter().step_by(4).collect();
        report.groups.clear();
        let mut value = serde_json::to_value(&report).unwrap();
        spoiled(&mut value, &before, &after);
        let report: Report = serde_json::from_value(value).unwrap();
        check(&sarif(&report));
    }
}
