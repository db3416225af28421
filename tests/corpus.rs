//! Public plans, where they are present: none may panic, and the share that is not allowed is compared with a committed
//! figure, so that a new false alarm is seen.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use blastgate::input::{self, Limits};

/// How many files of a public folder come out how, compared with the committed figures of that name.
fn figures(folder: &str, name: &str, outcome: impl Fn(&Path) -> &'static str) {
    let Some(files) = common::shared(folder).map(|folder| common::files(&folder, "")) else {
        println!("there is no {folder} here");
        return;
    };
    let mut given: BTreeMap<String, i64> = BTreeMap::new();
    for path in files {
        let outcome = outcome(&path);
        *given.entry(outcome.to_owned()).or_default() += 1;
        if !["allow", "read"].contains(&outcome) {
            println!("{outcome:<8} {}", path.file_name().unwrap().to_string_lossy());
        }
    }
    let total: i64 = given.values().sum();
    let open = given.get("review").unwrap_or(&0) + given.get("block").unwrap_or(&0);
    println!("{open} of {total} {name} are not allowed ({} in a thousand)", 1000 * open / total);
    let committed = std::fs::read_to_string(common::folder("testdata/corpus.toml")).unwrap();
    let mut committed: BTreeMap<String, BTreeMap<String, i64>> = toml::from_str(&committed).unwrap();
    assert_eq!(Some(given), committed.remove(name), "look at every verdict that changed, then write the new figures");
}

fn judged(path: &Path) -> &'static str {
    common::report(path).map_or("refused", |report| report.verdict.word())
}

#[test]
fn public_plans_give_the_committed_figures() {
    figures("corpus/tfplan", "plans", judged);
}

#[test]
fn public_change_sets_give_the_committed_figures() {
    figures("corpus/cfn-changeset", "change-sets", judged);
}

#[test]
fn public_templates_give_the_committed_figures() {
    figures("corpus/cfn-template", "templates", |path| {
        let bytes = std::fs::read(path).unwrap();
        let text = input::decode("t", &bytes);
        let read = text.and_then(|text| input::read_context("t", &text, &Limits::default()).map(|units| units.len()));
        if let Err(error) = &read {
            println!("{error}");
        }
        if read.is_ok() { "read" } else { "refused" }
    });
}
