//! What a saved plan tells by itself, what is refused, and what becomes of its workspace and mode.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use blastgate::input::{self, Beside, Form, InputError, Limits, MadeBy, SavedPlan};
use blastgate::plan::PlanMode;
use blastgate::report::{Outcome, Report};
use common::{archive, parts, with_part};
use proptest::prelude::*;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(common::folder("testdata/saved").join(name)).unwrap()
}

fn read(bytes: &[u8]) -> Result<Option<SavedPlan>, InputError> {
    SavedPlan::read("tfplan", bytes, &Limits::default())
}

fn saved(bytes: &[u8]) -> SavedPlan {
    read(bytes).unwrap().unwrap()
}

fn refused(bytes: &[u8]) -> String {
    read(bytes).expect_err("it must be refused").to_string()
}

#[test]
fn a_saved_plan_tells_its_workspace_its_mode_and_its_version() {
    for (name, workspace, mode) in [
        ("bucket-removed", "default", PlanMode::Normal),
        ("bucket-removed-dev", "dev", PlanMode::Normal),
        ("bucket-removed-prod", "prod", PlanMode::Normal),
        ("destroy-target", "default", PlanMode::Destroy),
        ("refresh-only", "default", PlanMode::RefreshOnly),
    ] {
        let plan = saved(&fixture(&format!("{name}.tfplan")));
        assert_eq!((plan.form, plan.made_by), (Form::Archive, MadeBy::Terraform), "{name}");
        assert_eq!((plan.workspace.as_deref(), plan.mode), (Some(workspace), Some(mode)), "{name}");
        assert_eq!(plan.tool_version.as_deref(), Some("1.11.4"), "{name}");
        assert_eq!(plan.lineage.map(|lineage| lineage.len()), Some(36), "{name}");
    }
}

#[test]
fn its_sources_have_the_names_that_people_know() {
    let snapshot = saved(&fixture("bucket-removed.tfplan")).snapshot;
    assert_eq!(snapshot.files.keys().collect::<Vec<_>>(), ["main.tf", "modules/db/main.tf"]);
    assert!(snapshot.files["modules/db/main.tf"].contains("resource \"aws_dynamodb_table\" \"this\""));
    let modules: Vec<_> = snapshot.modules.iter().map(|(key, folder)| (key.as_str(), folder.as_str())).collect();
    assert_eq!(modules, [("", ""), ("db", "modules/db")]);
}

/// The fixture with other modules and source files.
fn with_sources(modules: &str, files: &[(&str, &str)]) -> Vec<u8> {
    let mut given = parts(&fixture("bucket-removed.tfplan"));
    given.retain(|(name, _)| !name.starts_with("tfconfig/"));
    given.push(("tfconfig/modules.json".to_owned(), modules.into()));
    given.extend(files.iter().map(|(name, text)| (format!("tfconfig/{name}"), text.as_bytes().to_vec())));
    archive(&given)
}

#[test]
fn a_module_that_is_called_twice_has_its_files_once() {
    let modules = r#"[{"Key":"","Dir":"."},{"Key":"a","Dir":"modules\\db"},{"Key":"b.c","Dir":"modules/db"}]"#;
    let same = [("m-/main.tf", "x"), ("m-a/main.tf", "y"), ("m-b.c/main.tf", "y")];
    let snapshot = saved(&with_sources(modules, &same)).snapshot;
    assert_eq!(snapshot.files.keys().collect::<Vec<_>>(), ["main.tf", "modules/db/main.tf"]);
    assert_eq!(snapshot.modules[2], ("b.c".to_owned(), "modules/db".to_owned()));
    let other = [("m-/main.tf", "x"), ("m-a/main.tf", "y"), ("m-b.c/main.tf", "z")];
    assert!(refused(&with_sources(modules, &other)).contains("two contents"));
}

#[test]
fn sources_that_do_not_fit_together_are_refused() {
    let root = r#"[{"Key":"","Dir":"."}]"#;
    for (modules, file, word) in [
        ("{}", "m-/main.tf", "list of modules cannot be read"),
        ("[{\"Key\":\"\"}]", "m-/main.tf", "list of modules cannot be read"),
        (r#"[{"Key":"","Dir":"."},{"Key":"","Dir":"x"}]"#, "m-/main.tf", "names one twice"),
        (root, "m-db/main.tf", "belongs to no module"),
        (root, "m-/", "belongs to no module"),
        (root, "m-", "belongs to no module"),
    ] {
        let words = refused(&with_sources(modules, &[(file, "x")]));
        assert!(words.contains(word), "{modules} {file}: {words}");
    }
    let latin = with_part("bucket-removed.tfplan", "tfconfig/m-/main.tf", b"# caf\xe9");
    assert!(refused(&latin).contains("not UTF-8"));
    assert!(refused(&with_part("bucket-removed.tfplan", "tfconfig/modules.json", b"")).contains("no configuration"));
}

#[test]
fn who_made_it_shows_in_its_parts() {
    let with = |part: &str, content: &[u8]| saved(&with_part("bucket-removed.tfplan", part, content)).made_by;
    assert_eq!(with(".terraform.lock.hcl", b"# ... by \"tofu init\"."), MadeBy::OpenTofu);
    assert_eq!(with(".terraform.lock.hcl", b"provider \"registry.opentofu.org/hashicorp/aws\" {}"), MadeBy::OpenTofu);
    assert_eq!(with("tfschemas", b"x"), MadeBy::OpenTofu);
    assert_eq!(with("tfconfig/m-/main.tofu", b"x"), MadeBy::OpenTofu);
    assert_eq!(with(".terraform.lock.hcl", b""), MadeBy::Terraform);
}

/// Fields of a message: numbers and bytes.
fn message(fields: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0x08, 3];
    for (number, content) in fields {
        bytes.extend([(number << 3 & 0x7f) | 2 | 0x80, number >> 4, u8::try_from(content.len()).unwrap()]);
        bytes.extend(*content);
    }
    bytes
}

fn with_plan(plan: &[u8]) -> Vec<u8> {
    with_part("bucket-removed.tfplan", "tfplan", plan)
}

const DEV: &[u8] = b"\x0a\x05local\x1a\x03dev";

#[test]
fn every_place_of_a_state_has_its_workspace() {
    for field in [13, 29] {
        let plan = saved(&with_plan(&message(&[(field, DEV), (14, b"1.15.0")])));
        assert_eq!(plan.workspace.as_deref(), Some("dev"));
        assert_eq!(plan.mode, Some(PlanMode::Normal));
    }
    // What is not written says nothing; before 1.0 the mode was not.
    let silent = saved(&with_plan(&message(&[(13, b"\x0a\x05local"), (14, b"0.14.11")])));
    assert_eq!((silent.workspace, silent.mode), (None, None));
    let unknown = saved(&with_part("bucket-removed.tfplan", "tfstate", b""));
    assert_eq!(unknown.lineage, None);
    assert_eq!(saved(&with_part("bucket-removed.tfplan", "tfstate", b"{\"lineage\":\"\"}")).lineage, None);
}

#[test]
fn a_plan_that_is_odd_is_refused() {
    let with = |more: &[u8]| [&message(&[(13, DEV), (14, b"1.11.4")])[..], more].concat();
    assert_eq!(saved(&with_plan(&with(&[0x88, 0x01, 1]))).mode, Some(PlanMode::Destroy));
    for (plan, word) in [
        (with(&[0x88, 0x01, 3]), "a mode that nobody knows"),
        (with(&[0x88, 0x01]), "middle of a field"),
        (with(&[0x88, 0x01, 1, 0x88, 0x01, 2]), "twice"),
        (with(&[0x8a, 0x01, 1, b'x']), "a text stands where a number"),
        (with(&[0x6a, 0]), "twice"),
        (message(&[(13, DEV), (29, DEV)]), "one place"),
        (message(&[(14, b"1.11.4")]), "one place"),
        (message(&[(13, b"\x1a\x09dev")]), "middle of a field"),
        (message(&[(13, b"\x1a\x01\xff")]), "not UTF-8"),
        (message(&[(13, b"\x18\x01")]), "a number stands where a text"),
        (vec![0x08, 4, 0x6a, 0], "another version"),
        (b"garbage".to_vec(), "not as a tool writes it"),
        (b"{\"format_version\":\"1.2\"}".to_vec(), "not as a tool writes it"),
    ] {
        let words = refused(&with_plan(&plan));
        assert!(words.contains("this saved plan is malformed") && words.contains(word), "{plan:?}: {words}");
    }
    assert!(refused(&with_part("bucket-removed.tfplan", "tfstate", b"no state")).contains("it is no state"));
}

#[test]
fn another_zip_archive_is_called_one() {
    let spreadsheet = archive(&[("[Content_Types].xml".to_owned(), b"<x/>".to_vec())]);
    for bytes in [spreadsheet, archive(&[]), archive(&[("x/tfplan".to_owned(), b"x".to_vec())])] {
        assert!(refused(&bytes).contains("a zip archive, but not a saved plan"));
    }
    assert!(refused(b"tfplan\x02\x00").contains("0.11 or older"));
    assert!(refused(b"PK\x03\x04").contains("cut off"));
}

#[test]
fn what_is_cut_off_or_has_something_behind_it_is_refused() {
    let whole = fixture("bucket-removed.tfplan");
    for length in 4..whole.len() {
        assert!(refused(&whole[..length]).contains("cut off"), "{length}");
    }
    for more in [&b"x"[..], &whole, &[0; 22], b"PK\x05\x06"] {
        let words = refused(&[&whole[..], more].concat());
        assert!(words.contains("malformed"), "{words}");
    }
}

/// Archives that two readers may read in two ways.
#[test]
fn an_archive_has_one_reading() {
    let changed = |name: &str, from: &[u8], to: &[u8]| {
        let mut bytes = archive(&[(name.to_owned(), b"x".to_vec()), ("other".to_owned(), b"y".to_vec())]);
        let places: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
        assert!(!places.is_empty());
        for at in places {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
        bytes
    };
    assert!(refused(&changed("thing", b"thing", b"other")).contains("one name"));
    let whole = fixture("bucket-removed.tfplan");
    let end = whole.len() - 22;
    for (at, byte, word) in [
        (end + 20, 1, "cut off"),
        (end + 4, 1, "cut off"),
        (end + 8, 6, "not where it should be"),
        (end + 16, 0, "not where it should be"),
        (end + 12, 0, "not where it should be"),
    ] {
        let mut bytes = whole.clone();
        bytes[at] = byte;
        assert!(refused(&bytes).contains(word), "{at}: {}", refused(&bytes));
    }
    // One entry fewer in both counts: the directory is longer than it says.
    let mut fewer = whole.clone();
    (fewer[end + 8], fewer[end + 10]) = (6, 6);
    assert!(refused(&fewer).contains("not as long as it says"));
    // End records that lead a reader to many directories.
    let ends = [&whole[end..]; 40].concat();
    let start = u32::try_from(ends.len()).unwrap();
    let mut many = [b"PK\x03\x04", &ends[..], &whole[end..]].concat();
    let last = many.len() - 22;
    many[last + 8..last + 20].copy_from_slice(&[0; 12]);
    many[last + 16..last + 20].copy_from_slice(&(start + 4).to_le_bytes());
    assert!(refused(&many).contains("two ways"), "{}", refused(&many));
    // Bytes before the archive, with all places counted from its own start.
    let shifted = [&b"PK\x03\x04"[..], &whole].concat();
    assert!(refused(&shifted).contains("not where it should be"));
}

#[test]
fn a_bomb_is_not_unpacked() {
    let zeros = vec![0_u8; 32 << 20];
    let bomb = with_part("bucket-removed.tfplan", "tfstate", &zeros);
    assert!(bomb.len() < 100_000);
    let limits = Limits { bytes: 1 << 20, ..Limits::default() };
    let error = SavedPlan::read("tfplan", &bomb, &limits).unwrap_err();
    assert!(error.to_string().contains("larger than the limit of 1048576 bytes"), "{error}");
    // A directory that tells less than there is.
    let mut lying = with_part("bucket-removed.tfplan", "tfplan", &[&message(&[(13, DEV)])[..], &zeros].concat());
    let size = u32::try_from(zeros.len() + message(&[(13, DEV)]).len()).unwrap().to_le_bytes();
    let places: Vec<_> = (0..lying.len()).filter(|at| lying[*at..].starts_with(&size)).collect();
    for at in places {
        lying[at..at + 4].copy_from_slice(&[9, 0, 0, 0]);
    }
    assert!(refused(&lying).contains("malformed"), "{}", refused(&lying));
    let source = with_part("bucket-removed.tfplan", "tfconfig/m-/main.tf", &vec![b' '; 65 << 20]);
    assert!(refused(&source).contains("larger than a text of that kind"));
}

#[test]
fn too_many_parts_are_not_looked_at() {
    // The largest count that the end record has room for; more than that is told elsewhere, behind this sign.
    let many: Vec<_> = (0..70_000_u32).map(|n| (format!("{n}"), Vec::new())).collect();
    assert!(refused(&archive(&many)).contains("more parts than"));
}

#[test]
fn wrapped_plans_are_told_by_their_keys() {
    let form = |text: &str| read(text.as_bytes()).unwrap().map(|plan| (plan.form, plan.made_by));
    let bookmark = r#"{"remote_plan_format":1,"run_id":"run-x","hostname":"app.terraform.io"}"#;
    assert_eq!(form(bookmark), Some((Form::Bookmark, MadeBy::Terraform)));
    let encrypted = r#" {"meta":{},"encrypted_data":"AA==","encryption_version":"v0"}"#;
    assert_eq!(form(encrypted), Some((Form::Encrypted, MadeBy::OpenTofu)));
    for neither in [
        r#"{"remote_plan_format":1,"resource_changes":[]}"#,
        r#"{"encrypted_data":"AA==","format_version":"1.2"}"#,
        r#"{"format_version":"1.2","resource_changes":[{"encrypted_data":1}]}"#,
        r#"{"meta":"encrypted_data"}"#,
        r#"{"encrypted_data":"#,
        "[]",
        "",
    ] {
        assert_eq!(form(neither), None, "{neither}");
    }
}

fn report(name: &str, beside: &Beside<'_>) -> Result<Report, InputError> {
    let bytes = fixture(name);
    let text = input::decode(name, &bytes)?;
    Ok(blastgate::assess(&input::read_with(name, &text, &Limits::default(), beside)?))
}

#[test]
fn a_refresh_only_plan_is_allowed_where_the_saved_plan_says_so() {
    assert!(report("refresh-only.json", &Beside::default()).is_err());
    let of = |mode| report("refresh-only.json", &Beside { mode: Some(mode), ..Beside::default() });
    assert!(of(PlanMode::Normal).is_err());
    assert!(of(PlanMode::Destroy).is_err());
    assert_eq!(of(PlanMode::RefreshOnly).unwrap().verdict, Outcome::Allow);
}

#[test]
fn a_destroy_plan_is_one_where_the_saved_plan_says_so() {
    // The bucket goes for a reason, and the table stays: by the JSON alone this is no destroy plan.
    let rules = |mode| {
        let report = report("bucket-removed.json", &Beside { mode, ..Beside::default() }).unwrap();
        report.findings.into_iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    assert_eq!(rules(None), ["data-loss"]);
    assert_eq!(rules(Some(PlanMode::Normal)), ["data-loss"]);
    assert_eq!(rules(Some(PlanMode::Destroy)), ["environment-teardown", "data-loss"]);
}

/// A plan that deletes one bucket with these values before the change, with another object that stands on it.
fn judged(before: &str, dependent: &str, beside: &Beside<'_>) -> (Outcome, String, Option<String>) {
    let text = format!(
        r#"{{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[
        {{"address":"aws_s3_bucket.a","mode":"managed","type":"aws_s3_bucket","name":"a","change":{{
          "actions":["delete"],"before":{before},"after":null}},"action_reason":"delete_because_no_resource_config"}}],
        "prior_state":{{"format_version":"1.0","values":{{"root_module":{{"resources":[
          {{"address":"aws_s3_bucket.a","mode":"managed","type":"aws_s3_bucket","name":"a","values":{before}}},
          {{"address":"aws_lambda_function.b","mode":"managed","type":"aws_lambda_function","name":"b",
            "values":{dependent},"depends_on":["aws_s3_bucket.a"]}}]}}}}}},
        "configuration":{{"root_module":{{}}}}}}"#
    );
    let report = blastgate::assess(&input::read_with("p", &text, &Limits::default(), beside).unwrap());
    let finding = &report.findings[0];
    (report.verdict, finding.environment.is.clone(), finding.environment.key.clone())
}

#[test]
fn the_workspace_is_evidence_where_no_tag_is() {
    let recorded = |name| Beside { workspace: Some(name), ..Beside::default() };
    let claimed = |name| Beside { claimed_workspace: Some(name), ..Beside::default() };
    let both = Beside { workspace: Some("default"), claimed_workspace: Some("dev"), ..Beside::default() };
    let named = r#"{"id":"x","bucket":"acme-prod"}"#;
    let plain = r#"{"id":"x"}"#;
    let dev = r#"{"id":"x","tags":{"env":"dev"}}"#;
    let prod = r#"{"id":"x","tags":{"env":"prod"}}"#;
    let none = "{}";
    for (before, dependent, beside, verdict, is, key) in [
        (plain, none, recorded("dev"), Outcome::Allow, "ephemeral", Some("workspace")),
        (plain, none, recorded("feature-dev-2"), Outcome::Allow, "ephemeral", Some("workspace")),
        (plain, none, recorded("prod"), Outcome::Block, "production", Some("workspace")),
        (plain, none, recorded("default"), Outcome::Block, "unsaid", None),
        (plain, none, recorded("staging"), Outcome::Block, "unsaid", None),
        // Any tag comes before it, and it comes before any name.
        (dev, none, recorded("prod"), Outcome::Allow, "ephemeral", Some("env")),
        (prod, none, recorded("dev"), Outcome::Block, "production", Some("env")),
        (plain, prod, recorded("dev"), Outcome::Block, "production", Some("env")),
        (plain, dev, recorded("prod"), Outcome::Allow, "ephemeral", Some("env")),
        (named, none, recorded("dev"), Outcome::Allow, "ephemeral", Some("workspace")),
        // A claim is as weak as a name, and nothing where the plan knows better.
        (plain, none, claimed("dev"), Outcome::Review, "weakly ephemeral", Some("claimed workspace")),
        (plain, none, claimed("prod"), Outcome::Block, "unsaid", Some("claimed workspace")),
        (named, none, claimed("dev"), Outcome::Block, "unsaid", Some("bucket")),
        (dev, none, claimed("prod"), Outcome::Allow, "ephemeral", Some("env")),
        (plain, none, both, Outcome::Block, "unsaid", None),
    ] {
        let expected = (verdict, is.to_owned(), key.map(str::to_owned));
        assert_eq!(judged(before, dependent, &beside), expected, "{before} {dependent} {beside:?}");
    }
}

#[test]
fn an_import_into_an_ephemeral_workspace_is_asked_about() {
    let text = r#"{"format_version":"1.2","resource_changes":[{"address":"aws_s3_bucket.a","mode":"managed",
        "type":"aws_s3_bucket","name":"a","change":{"actions":["no-op"],"before":{"id":"x"},"after":{"id":"x"},
        "importing":{"id":"x"}}}],"configuration":{"root_module":{}}}"#;
    let rules = |workspace| {
        let beside = Beside { workspace, ..Beside::default() };
        let report = blastgate::assess(&input::read_with("p", text, &Limits::default(), &beside).unwrap());
        (report.verdict, report.findings.into_iter().map(|finding| finding.rule).collect::<Vec<_>>())
    };
    assert_eq!(rules(None), (Outcome::Allow, vec![]));
    assert_eq!(rules(Some("prod")), (Outcome::Allow, vec![]));
    // That the workspace is ephemeral is the finding, so it does not lower it.
    assert_eq!(rules(Some("dev")), (Outcome::Review, vec!["forgotten".to_owned()]));
}

#[test]
fn a_workspace_speaks_for_its_own_plan_and_for_what_stands_on_it() {
    let plan = |name: &str, id: &str, uses: &str, action: &str| {
        let values = format!(r#"{{"id":"{id}","uses":"{uses}"}}"#);
        let after = if action == "delete" { "null" } else { &values };
        format!(
            r#"{{"format_version":"1.2","resource_changes":[{{"address":"aws_s3_bucket.{name}","mode":"managed",
            "type":"aws_s3_bucket","name":"{name}","change":{{"actions":["{action}"],
            "before":{values},"after":{after}}}}}],"configuration":{{"root_module":{{}}}}}}"#
        )
    };
    let (below, above) =
        (plan("a", "bucket-0123456789ab", "", "delete"), plan("b", "y", "bucket-0123456789ab", "no-op"));
    let verdict = |workspace: &'static str| {
        let of = |workspace| Beside { workspace: Some(workspace), ..Beside::default() };
        let limits = Limits::default();
        let mut plans = input::read_with("below", &below, &limits, &of("dev")).unwrap();
        plans.extend(input::read_with("above", &above, &limits, &of(workspace)).unwrap());
        let report = blastgate::assess(&plans);
        (report.verdict, report.findings[0].environment.address.clone())
    };
    assert_eq!(verdict("dev"), (Outcome::Allow, Some("below".to_owned())));
    assert_eq!(verdict("prod"), (Outcome::Block, Some("above".to_owned())));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens to a file, it is read or refused, and what is read is still told by what is in it.
    #[test]
    fn changed_bytes_never_panic(changes in prop::collection::vec((0_usize..3000, any::<u8>()), 1..12)) {
        let mut bytes = fixture("bucket-removed-dev.tfplan");
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        let _ = read(&bytes);
    }

    #[test]
    fn changed_parts_never_panic(
        part in 0_usize..7,
        changes in prop::collection::vec((0_usize..3000, any::<u8>()), 1..12),
        length in 0_usize..3000,
    ) {
        let mut given = parts(&fixture("bucket-removed-dev.tfplan"));
        let content = &mut given[part].1;
        for (at, byte) in changes {
            let at = at % content.len();
            content[at] = byte;
        }
        content.truncate(length);
        let _ = read(&archive(&given));
    }

    #[test]
    fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&[b"PK\x03\x04", &bytes[..]].concat());
        let _ = read(&with_plan(&bytes));
    }
}
