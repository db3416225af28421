//! The report's JSON Schema is generated from its types; the committed one must be the same.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]
#![cfg(feature = "schema")]

mod common;

#[test]
fn the_committed_schema_is_current() {
    let mut schema = serde_json::to_string_pretty(&schemars::schema_for!(blastgate::report::Report)).unwrap();
    schema.push('\n');
    let path = common::folder("schemas/report.json");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, schema, "run `UPDATE_SCHEMA=1 cargo test --features schema --test schema`");
}
