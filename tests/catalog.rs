//! The catalogue against what providers have, against itself, and against labels that were given without it.
//!
//! The tables of all types lie beside the repository, where they are; without them, what needs them is left out and said so.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use blastgate::catalog::{Basis, Catalog, Counts, Entry, Trait, lookup, provider};
use blastgate::input;
use blastgate::plan::Attributes;

/// The lines of a table, comments and empty ones left out.
fn table(path: &std::path::Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// A table that lies beside the repository, without its heading.
fn shared(name: &str) -> Option<Vec<Vec<String>>> {
    let Some(folder) = common::shared("data") else {
        println!("there is no table {name} here");
        return None;
    };
    Some(table(&folder.join(name)).split_off(1))
}

/// The rows of all files, by file.
fn rows() -> Vec<(String, Vec<Vec<String>>)> {
    let files = common::files(&common::folder("src/catalog/data"), "tsv");
    let of_types = |path: &&std::path::PathBuf| Catalog::providers().any(|name| name == common::stem(path));
    files.iter().filter(of_types).map(|path| (common::stem(path), table(path))).collect()
}

/// All types of the tables, each with its provider as the tables call it.
fn types() -> Option<Vec<(String, String)>> {
    let terraform = shared("tf-types.tsv")?.into_iter().filter(|row| row[2] == "resource");
    let mut types: Vec<_> = terraform.map(|row| (row[0].clone(), row[1].clone())).collect();
    types.extend(shared("cfn-types.tsv")?.into_iter().map(|row| ("cloudformation".to_owned(), row[0].clone())));
    Some(types)
}

#[test]
fn every_type_is_answered() {
    let Some(types) = types() else { return };
    let mut counts: BTreeMap<bool, Counts> = BTreeMap::new();
    let mut unknown = Vec::new();
    for (provider, kind) in &types {
        let basis = lookup(kind).basis;
        counts.entry(provider == "cloudformation").or_default().add(basis);
        unknown.extend(Some(kind).filter(|_| basis == Basis::Unknown));
    }
    println!("Terraform {:?}\nCloudFormation {:?}\nunknown {unknown:?}", counts[&false], counts[&true]);
    for counts in counts.values() {
        assert!(counts.unknown * 100 <= counts.all(), "{counts:?}: {unknown:?}");
    }
}

/// Rows for types that a provider's newest versions no longer have are kept for old states, so these are only shown.
#[test]
fn rows_that_fit_no_type_are_shown() {
    let Some(types) = types() else { return };
    let covered: BTreeSet<&str> = types.iter().map(|(_, kind)| provider(kind)).collect();
    let kinds: BTreeSet<&str> = types.iter().map(|(_, kind)| kind.as_str()).collect();
    let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
    for kind in &kinds {
        if let Basis::Pattern(pattern) = lookup(kind).basis {
            *asked.entry(pattern).or_default() += 1;
        }
    }
    for (file, rows) in rows().iter().filter(|(file, _)| covered.contains(file.as_str())) {
        let idle = |row: &&Vec<String>| {
            if row[0].contains('*') { !asked.contains_key(row[0].as_str()) } else { !kinds.contains(row[0].as_str()) }
        };
        let names: Vec<&str> = rows.iter().filter(idle).map(|row| row[0].as_str()).collect();
        println!("{file}: {} of {} rows answer for no type of the table: {names:?}", names.len(), rows.len());
    }
}

/// The attributes that a row's own guards name.
fn attributes(entry: &Entry) -> Vec<String> {
    let of = |one: &Trait| match one {
        Trait::Guard(guard) if !guard.common => {
            guard.clauses.iter().map(blastgate::catalog::Clause::attribute).collect()
        }
        Trait::Guards(named) | Trait::Expires(named) | Trait::Member(named) => vec![named.attribute()],
        Trait::Inside(path) => vec![path.join(".")],
        _ => Vec::new(),
    };
    // Every object has an id.
    entry.traits.iter().flat_map(of).filter(|attribute| attribute != "id").collect()
}

#[test]
fn every_guard_is_an_attribute_that_the_provider_has() {
    let listed = table(&common::folder("testdata/catalog/attributes.tsv"));
    assert!(listed.iter().all(|row| row.len() == 3 && !row[2].is_empty()), "type, attribute, source");
    let mut known: BTreeSet<(String, String)> = listed.iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let beside = shared("tf-protection-attributes.tsv");
    let complete = beside.is_some();
    known.extend(beside.into_iter().flatten().map(|row| (row[1].clone(), row[2].clone())));
    let mut missing = Vec::new();
    for (_, rows) in rows() {
        for row in rows.iter().filter(|row| !row[0].contains('*')) {
            for attribute in attributes(&lookup(&row[0])) {
                let plain = attribute.split('[').next().unwrap().to_owned();
                if !known.contains(&(row[0].clone(), plain)) {
                    missing.push(format!("{}\t{attribute}", row[0]));
                }
            }
        }
    }
    if complete {
        assert!(missing.is_empty(), "look up, then list in testdata/catalog/attributes.tsv:\n{}", missing.join("\n"));
    } else {
        println!("{} attributes cannot be looked up here", missing.len());
    }
}

#[test]
fn the_same_idea_has_the_same_answer_in_terraform_and_cloudformation() {
    let pairs = table(&common::folder("testdata/catalog/pairs.tsv"));
    assert!(pairs.len() >= 150);
    let kinds = |entry: &Entry| entry.guards().map(|guard| guard.kind.word()).collect::<BTreeSet<_>>();
    for pair in &pairs {
        let (terraform, template) = (lookup(&pair[0]), lookup(&pair[1]));
        assert_ne!(template.basis, Basis::Unknown, "{pair:?}");
        assert_eq!(terraform.holds, template.holds, "{pair:?}");
        assert_eq!(terraform.standing, template.standing, "{pair:?}");
        for kind in pair[2].split(' ').filter(|kind| *kind != "-") {
            assert!(kinds(&terraform).contains(kind) && kinds(&template).contains(kind), "{pair:?}: {kind}");
        }
    }
}

#[test]
fn a_deletion_policy_is_snapshot_where_the_reference_says_so() {
    use blastgate::catalog::SnapshotPolicy::{Allowed, Default, DefaultWithout};
    let of = |kind: &str| lookup(kind).snapshot_policy();
    assert_eq!(of("AWS::RDS::DBCluster"), Some(Default));
    assert_eq!(of("AWS::RDS::DBInstance"), Some(DefaultWithout("DBClusterIdentifier")));
    assert_eq!(of("AWS::EC2::Volume"), Some(Allowed));
    assert_eq!(of("AWS::DynamoDB::Table"), None);
    for row in shared("cfn-stateful.tsv").into_iter().flatten() {
        assert_eq!(of(&row[0]).is_some(), row[1] == "yes", "{}", row[0]);
        assert!(
            ["records", "transient"].contains(&lookup(&row[0]).holds.word()) || hides_or_shares(&row[0]),
            "{}",
            row[0]
        );
    }
}

/// What the reference calls stateful and holds nothing of its own here: a stack, a key, and members of a cluster.
fn hides_or_shares(kind: &str) -> bool {
    ["AWS::CloudFormation::Stack", "AWS::KMS::Key", "AWS::DocDB::DBInstance", "AWS::Neptune::DBInstance"]
        .contains(&kind)
}

#[test]
fn what_nobody_vouches_for_is_not_vouched_for() {
    for kind in [
        "Custom::Anything",
        "AWS::CloudFormation::CustomResource",
        "AWS::CloudFormation::Stack",
        "Acme::Net::Hub::MODULE",
    ] {
        assert!(lookup(kind).is(&Trait::Opaque), "{kind}");
    }
    for kind in ["Acme::Own::Thing", "awscc_own_thing", "acme_thing"] {
        assert_eq!(lookup(kind).basis, Basis::Unknown, "{kind}");
    }
    assert_eq!(lookup("AWS::CDK::Metadata").standing.word(), "routine");
}

/// The kinds of an entry's guards that are on by what is written.
fn written(entry: &Entry, values: &str) -> BTreeSet<&'static str> {
    let values = Attributes::new(Some(values), None, None).view();
    entry.guards().filter(|guard| guard.written_on(&values)).map(|guard| guard.kind.word()).collect()
}

#[test]
fn a_deletion_policy_of_google_keeps_locks_or_deletes() {
    let rows = shared("tf-protection-attributes.tsv").into_iter().flatten();
    let kinds: Vec<String> = rows.filter(|row| row[3] == "keeps_or_blocks").map(|row| row[1].clone()).collect();
    for kind in kinds.iter().map(String::as_str).chain(["google_sql_user"]) {
        let on = |word: &str| written(&lookup(kind), &format!(r#"{{"deletion_policy":"{word}"}}"#));
        assert!(on("ABANDON").contains("keep") && !on("ABANDON").contains("lock"), "{kind}");
        assert!(on("PREVENT").contains("lock") && !on("PREVENT").contains("keep"), "{kind}");
        for word in ["DELETE", "DISABLE", "REMOVE_PEERING"] {
            assert!(!on(word).contains("keep") && !on(word).contains("lock"), "{kind} {word}");
        }
    }
}

#[test]
fn own_rows_decide_and_the_report_names_them() {
    let text = std::fs::read_to_string(common::folder("testdata/read/plan.json")).unwrap();
    let plans = input::read("plan.json", &text, &input::Limits::default()).unwrap();
    let catalog = Catalog::with_rows("aws_dynamodb_table\tnothing\troutine\t-\t-").unwrap();
    let own = blastgate::Settings { catalog, ..blastgate::Settings::default() };
    let (by_own, by_default) = (blastgate::assess_with(&plans, &own), blastgate::assess(&plans));
    assert_eq!((by_own.verdict.word(), by_default.verdict.word()), ("allow", "block"));
    assert!(by_own.tool.catalog.contains("own rows") && !by_default.tool.catalog.contains("own rows"));
}

/// The page of the catalogue, with what is generated in it made anew where that is asked for.
fn page_with(what: &str, generated: &str) {
    let path = common::folder("docs/catalog.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (start, end) = (format!("<!-- {what}: "), format!("<!-- end of {what} -->"));
    let (head, rest) = page.split_once(&start).unwrap();
    let (opening, rest) = rest.split_once('\n').unwrap();
    let (committed, tail) = rest.split_once(&end).unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{head}{start}{opening}\n{generated}{end}{tail}")).unwrap();
    } else {
        assert_eq!(committed, generated, "run `UPDATE_DOCS=1 cargo test --test catalog -- --test-threads 1`");
    }
}

#[test]
fn every_type_in_the_table_of_classes_has_its_class() {
    let page = std::fs::read_to_string(common::folder("docs/catalog.md")).unwrap();
    let rows = page.lines().filter(|line| line.matches(" | ").count() == 4 && line.contains('`'));
    let mut held = 0;
    for row in rows {
        let columns: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        for kind in columns[3].split('`').filter(|kind| !kind.trim().is_empty()) {
            let entry = lookup(kind);
            assert_eq!((entry.holds.word(), entry.standing.word()), (columns[1], columns[2]), "{}: {kind}", columns[0]);
            held += 1;
        }
    }
    assert!(held > 100, "{held}");
}

#[test]
fn the_counts_of_the_page_are_current() {
    let Some(types) = types() else { return };
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    for (_, kind) in &types {
        counts.entry(provider(kind)).or_default().add(lookup(kind).basis);
    }
    let mut text = String::from("| provider | rows | patterns | types: exact | pattern | unknown |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- |\n");
    let line = |name: &str, (rows, patterns): (usize, usize), counts: Option<&Counts>| {
        let of =
            |count: fn(&Counts) -> usize| counts.map_or_else(|| "-".to_owned(), |counts| count(counts).to_string());
        let (exact, pattern, unknown) = (of(|c| c.exact), of(|c| c.pattern), of(|c| c.unknown));
        format!("| {name} | {rows} | {patterns} | {exact} | {pattern} | {unknown} |\n")
    };
    let (mut rows, mut all) = ((0, 0), Counts::default());
    for name in Catalog::providers() {
        let of = Catalog::rows_of(name);
        rows = (rows.0 + of.0, rows.1 + of.1);
        text.push_str(&line(name, of, counts.get(name)));
    }
    for (_, kind) in &types {
        all.add(lookup(kind).basis);
    }
    text.push_str(&line("all", rows, Some(&all)));
    page_with("counts", &text);
}

/// What the page says of a sample: how many answers are the label, and which are not. The least is held to.
fn sample(name: &str, least: (usize, usize)) -> String {
    let sample = table(&common::folder(&format!("testdata/catalog/{name}.tsv"))).split_off(1);
    let (mut same, mut second, mut differs) = (0, 0, Vec::new());
    for row in &sample {
        let (kind, label, also) = (&row[0], format!("{}/{}", row[1], row[2]), &row[3]);
        let entry = lookup(kind);
        let given = format!("{}/{}", entry.holds.word(), entry.standing.word());
        if given == label {
            same += 1;
            continue;
        }
        second += usize::from(also.split(", ").any(|also| given == also));
        let also = if also.is_empty() || also == "-" { String::new() } else { format!(", or {also}") };
        differs.push(format!("| `{kind}` | {label}{also} | {given} | {} |\n", row[4]));
    }
    let of = sample.len();
    let heading = "| type | label, or second choice | catalogue | the label's reason |\n| --- | --- | --- | --- |\n";
    let summary = format!("{same} of {of} are the label, {} the label or the second choice.\n\n", same + second);
    assert!(same >= least.0 && same + second >= least.1, "{summary}");
    format!("{summary}{heading}{}", differs.concat())
}

#[test]
fn the_samples_are_answered_as_the_page_says() {
    page_with("sample", &sample("sample", (152, 190)));
    page_with("second sample", &sample("sample-used", (130, 146)));
}
