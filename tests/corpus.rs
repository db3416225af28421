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

#[test]
fn public_plans_give_the_committed_figures() {
    let Some(folder) = common::shared("corpus/tfplan") else {
        println!("there are no public plans here");
        return;
    };
    let mut given: BTreeMap<String, i64> = BTreeMap::new();
    for path in common::files(&folder, "") {
        let outcome = common::report(&path).map_or("refused", |report| report.verdict.word());
        *given.entry(outcome.to_owned()).or_default() += 1;
        if outcome != "allow" {
            println!("{outcome:<8} {}", path.file_name().unwrap().to_string_lossy());
        }
    }
    let total: i64 = given.values().sum();
    let open = given.get("review").unwrap_or(&0) + given.get("block").unwrap_or(&0);
    println!("{open} of {total} public plans are not allowed ({} in a thousand)", 1000 * open / total);
    let committed = std::fs::read_to_string(common::folder("testdata/corpus.toml")).unwrap();
    let committed: BTreeMap<String, i64> = toml::from_str(&committed).unwrap();
    assert_eq!(given, committed, "look at every verdict that changed, then write the new figures");
}
