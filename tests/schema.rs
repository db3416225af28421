//! The JSON Schemas of what is printed are generated from its types; the committed ones must be the same.

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
fn the_committed_schemas_are_current() {
    current("schemas/report.json", &schemars::schema_for!(blastgate::report::Report));
    current("schemas/explanation.json", &schemars::schema_for!(blastgate::explain::Explanations));
    current("schemas/graph.json", &schemars::schema_for!(blastgate::picture::Picture));
}

fn current(name: &str, schema: &schemars::Schema) {
    let mut schema = serde_json::to_string_pretty(schema).unwrap();
    schema.push('\n');
    let path = common::folder(name);
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, schema, "run `UPDATE_SCHEMA=1 cargo test --features schema --test schema`");
}
