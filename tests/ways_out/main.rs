//! Ways out, pasted: a plan that is found, what blastgate says to paste, and the plan after that, which is allowed.
//!
//! Each `testdata/ways_out/<name>.toml` is a change. What was recorded of it is checked always; where Terraform and planlab
//! are at hand, everything is done again: the plan is made, what blastgate prints now is pasted as it is, and Terraform
//! plans once more. `UPDATE_WAYS_OUT=1` records anew, `WAYS_OUT=<name>,<name>` tries only some.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

#[path = "../common/mod.rs"]
mod common;
mod lab;
mod paste;
mod scenario;

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

use lab::Lab;
use scenario::Scenario;

fn folder() -> PathBuf {
    common::folder("testdata/ways_out")
}

/// All scenarios, or those that were asked for.
fn scenarios() -> Vec<Scenario> {
    let wanted = std::env::var("WAYS_OUT").ok();
    let wanted: Option<Vec<&str>> = wanted.as_deref().map(|names| names.split(',').collect());
    let files = common::files(&folder(), "toml").into_iter().filter(|path| common::stem(path) != "types");
    let all = files.map(|path| Scenario::read(&path));
    all.filter(|one| wanted.as_ref().is_none_or(|names| names.contains(&one.name.as_str()))).collect()
}

/// What is wrong with what was recorded of a scenario.
fn recorded(one: &Scenario) -> Result<(), String> {
    let file = |ending: &str| folder().join(format!("{}.{ending}", one.name));
    let before = common::report(&file("json")).map_err(|error| error.to_string())?;
    let paste = one.paste(&before)?;
    let known = std::fs::read_to_string(file(&format!("paste.{}", paste.language))).unwrap_or_default();
    if known.trim_end() != paste.text {
        return Err(format!("recorded to paste:\n{known}\nprinted now:\n{}", paste.text));
    }
    let after = common::report(&file("after.json")).map_err(|error| error.to_string())?;
    if one.is_met(&after) { Ok(()) } else { Err(format!("after: {}", after.summary.text)) }
}

#[test]
fn what_was_recorded_holds() {
    let all = scenarios();
    let failed: Vec<String> =
        all.iter().filter_map(|one| Some(format!("{}: {}", one.name, recorded(one).err()?))).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(std::env::var("WAYS_OUT").is_ok() || all.len() >= 24);
}

/// Makes a scenario's plan, pastes what is printed, and plans again.
fn tried(lab: &Lab, one: &Scenario) -> Result<(), String> {
    let work = lab.work(&one.name);
    let before = lab.before(one, &work)?;
    let report = common::report_of("plan.json", before.as_bytes()).map_err(|error| error.to_string())?;
    let paste = one.paste(&report)?;
    let after = lab.after(one, &work, &paste)?;
    let report = common::report_of("plan.json", after.as_bytes()).map_err(|error| error.to_string())?;
    if !one.is_met(&report) {
        return Err(format!("after pasting\n{}\n{}", paste.text, common::written(&report, "human")));
    }
    if std::env::var("UPDATE_WAYS_OUT").is_ok() {
        let file = |ending: &str| folder().join(format!("{}.{ending}", one.name));
        std::fs::write(file("json"), before).unwrap();
        std::fs::write(file("after.json"), after).unwrap();
        std::fs::write(file(&format!("paste.{}", paste.language)), paste.text + "\n").unwrap();
    }
    Ok(())
}

#[test]
fn what_is_pasted_works() {
    let labs: Vec<Lab> = (0..2).filter_map(Lab::open).collect();
    if labs.is_empty() {
        println!("there is no Terraform or no planlab here: only what was recorded is checked");
    }
    let (open, failed) = (Mutex::new(scenarios().into_iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for lab in &labs {
            let (open, failed) = (&open, &failed);
            scope.spawn(move || {
                loop {
                    let Some(one) = open.lock().unwrap().next() else { break };
                    let start = Instant::now();
                    let result = tried(lab, &one);
                    let word = if result.is_ok() { "allowed" } else { "FAILED" };
                    println!("{:<44} {:<16} {word} {:.1} s", one.name, one.way, start.elapsed().as_secs_f32());
                    failed.lock().unwrap().extend(result.err().map(|error| format!("{}: {error}", one.name)));
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
