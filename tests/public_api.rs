//! The public API of the bare library, item by item: what is added to it, and what goes, shows in the committed listing.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::path::PathBuf;
use std::process::Command;

/// The version of rustdoc's JSON that the pinned `public-api` reads. Rust 1.95 writes it.
const FORMAT_VERSION: u64 = 57;

/// rustdoc writes JSON only where unstable features are allowed, which the variable does for a stable compiler too.
fn rustdoc_json() -> PathBuf {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("public-api");
    let run = Command::new(env!("CARGO"))
        .current_dir(common::folder(""))
        .args(["rustdoc", "--locked", "--quiet", "--lib", "--no-default-features", "--target-dir"])
        .arg(&target)
        .args(["--", "-Z", "unstable-options", "--output-format", "json"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTDOCFLAGS")
        .output()
        .expect("cargo runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    target.join("doc/blastgate.json")
}

#[test]
fn the_committed_listing_is_current() {
    let json = rustdoc_json();
    let version =
        serde_json::from_slice::<serde_json::Value>(&std::fs::read(&json).unwrap()).unwrap()["format_version"].as_u64();
    // Whoever has another compiler cannot compare; where everything must stay true, the compiler must be the one that can.
    if version != Some(FORMAT_VERSION) && std::env::var_os("BLASTGATE_PUBLIC_API").is_none() {
        println!("not compared: rustdoc writes version {version:?} of its JSON, and {FORMAT_VERSION} is read here");
        return;
    }
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .expect("this rustdoc's JSON can be read by the pinned version of public-api");
    let items: Vec<String> = api.items().map(ToString::to_string).collect();
    let listing = items.join("\n") + "\n";
    let path = common::folder("docs/public-api.txt");
    if std::env::var_os("UPDATE_API").is_some() {
        std::fs::write(&path, &listing).expect("the listing can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let only = |one: &str, other: &str, sign: char| -> Vec<String> {
        one.lines().filter(|line| !other.lines().any(|o| o == *line)).map(|line| format!("{sign} {line}")).collect()
    };
    let changes = [only(&committed, &listing, '-'), only(&listing, &committed, '+')].concat();
    assert!(
        committed == listing,
        "the public API is another one; `UPDATE_API=1 cargo test --test public_api` writes it down:\n{}",
        changes.join("\n")
    );
}
