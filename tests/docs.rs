//! What is published of the rules is generated from their pages; the committed document must be the same.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

#[test]
fn the_committed_rules_are_current() {
    let document = blastgate::rules::document();
    let path = common::folder("docs/rules.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &document).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, document, "run `UPDATE_DOCS=1 cargo test --test docs`");
}

#[test]
fn every_output_has_a_row() {
    let page = std::fs::read_to_string(common::folder("docs/outputs.md")).unwrap();
    for format in blastgate::output::FORMATS {
        assert!(page.contains(&format!("\n| `{}` | ", format.name)), "{} is not in docs/outputs.md", format.name);
    }
}
