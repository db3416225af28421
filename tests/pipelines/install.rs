//! The released program: taken where its checksum is the one that the action knows, and run in no other case.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::{ALLOW, common, job, web};
use crate::runner::{Run, Runner};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn name() -> String {
    let machine = if cfg!(target_arch = "aarch64") { "aarch64" } else { "x86_64" };
    format!("blastgate-{VERSION}-{machine}-unknown-linux-musl.tar.gz")
}

/// An archive with a program that does what the one under test does, and leaves a mark.
fn archive(folder: &Path) -> Vec<u8> {
    let program = folder.join("blastgate");
    let script =
        format!("#!/bin/sh\ntouch '{}/ran'\nexec '{}' \"$@\"\n", folder.display(), env!("CARGO_BIN_EXE_blastgate"));
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let packed = folder.join("x.tar.gz");
    assert!(
        Command::new("tar").arg("-czf").arg(&packed).arg("-C").arg(folder).arg("blastgate").status().unwrap().success()
    );
    std::fs::read(packed).unwrap()
}

fn checksum(folder: &Path) -> String {
    let output = Command::new("sha256sum").arg(folder.join("x.tar.gz")).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split(' ').next().unwrap().to_owned()
}

/// A job whose action knows these checksums, with a server that has these releases.
fn released(checksums: Option<&str>, served: &[u8]) -> (Runner, web::Log) {
    let mut runner = job(&[("plan.json", ALLOW)]);
    runner.action = runner.folder.path().join("action");
    std::fs::create_dir_all(runner.action.join("action")).unwrap();
    for file in ["action.yml", "Cargo.toml"] {
        std::fs::copy(common::folder(file), runner.action.join(file)).unwrap();
    }
    for script in common::files(&common::folder("action"), "sh") {
        std::fs::copy(&script, runner.action.join("action").join(script.file_name().unwrap())).unwrap();
    }
    if let Some(checksums) = checksums {
        std::fs::write(runner.action.join("action/checksums.txt"), checksums).unwrap();
    }
    "acme/blastgate".clone_into(&mut runner.repository);
    let path = format!("/acme/blastgate/releases/download/v{VERSION}/{}", name());
    let (address, log) = web::start(BTreeMap::from([(path, served.to_vec())]));
    runner.env.push(("GITHUB_SERVER_URL".to_owned(), address));
    (runner, log)
}

fn run(runner: &Runner) -> Run {
    runner.run(".", &[("plans", "plan.json"), ("comment", "false")])
}

#[test]
fn what_has_the_known_checksum_is_run() {
    let folder = tempfile::tempdir().unwrap();
    let packed = archive(folder.path());
    let known = format!("{}  another.tar.gz\n{}  {}\n", "0".repeat(64), checksum(folder.path()), name());
    let (runner, log) = released(Some(&known), &packed);
    runner.script("cargo", "exit 1");
    let done = run(&runner);
    assert_eq!((done.code, done.outputs["verdict"].as_str()), (0, "allow"), "{}", done.log);
    assert!(folder.path().join("ran").exists());
    let log = log.lock().unwrap();
    assert!(log.len() == 1 && log[0].1.is_empty(), "a release is for everybody, and needs no token: {log:?}");
    drop(log);
    // Who can say more about it is asked, and heard.
    runner.script("gh", "[ \"$2\" = --help ] || [ \"$2\" = verify ]");
    assert_eq!(run(&runner).code, 0);
    runner.script("gh", "[ \"$2\" = --help ]");
    let refused = run(&runner);
    assert_eq!(refused.code, 2);
    assert!(refused.log.contains("no valid attestation"), "{}", refused.log);
}

#[test]
fn what_has_another_checksum_is_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let packed = archive(folder.path());
    let known = format!("{}  {}\n", checksum(folder.path()), name());
    let (runner, _) = released(Some(&known), &[&packed[..], b"x"].concat());
    let done = run(&runner);
    assert_eq!(done.code, 2, "{}", done.log);
    assert!(done.log.contains("checksum") && !folder.path().join("ran").exists(), "{}", done.log);
}

#[test]
fn what_nobody_knows_is_not_even_fetched() {
    let folder = tempfile::tempdir().unwrap();
    let packed = archive(folder.path());
    for known in [None, Some(""), Some("0000  blastgate-9.9.9-x86_64-unknown-linux-musl.tar.gz\n")] {
        let (runner, log) = released(known, &packed);
        let done = run(&runner);
        assert_eq!(done.code, 0, "it is built instead: {}", done.log);
        assert!(log.lock().unwrap().is_empty() && !folder.path().join("ran").exists());
        let other = runner.run(".", &[("plans", "plan.json"), ("comment", "false"), ("version", "9.9.8")]);
        assert_eq!(other.code, 2, "{}", other.log);
    }
    // An archive with the right checksum and the wrong content.
    let broken = b"no archive";
    std::fs::write(folder.path().join("x.tar.gz"), broken).unwrap();
    let (runner, _) = released(Some(&format!("{}  {}\n", checksum(folder.path()), name())), broken);
    let done = run(&runner);
    assert_eq!(done.code, 2, "{}", done.log);
    assert!(done.log.contains("cannot be unpacked"), "{}", done.log);
}
