//! What commands deserve before they run: `testdata/hook`.

use std::path::{Path, PathBuf};

use blastgate::command::{Advice, Files, Surroundings, advise};

/// The files of the project that commands run in.
struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path, most: usize) -> Option<Vec<u8>> {
        let mut bytes = std::fs::read(path).ok()?;
        bytes.truncate(most);
        Some(bytes)
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hook")
}

fn advice(line: &str) -> Advice {
    let project = folder().join("project");
    advise(line, &Surroundings { directory: &project, files: &Disk })
}

fn unescaped(text: &str) -> String {
    let mut line = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => line.push(match characters.next() {
                Some('n') => '\n',
                other => other.expect("a backslash stands before something"),
            }),
            c => line.push(c),
        }
    }
    line
}

fn word(advice: &Advice) -> String {
    let project = folder().join("project");
    let relative = |path: &Path| match path.strip_prefix(&project).expect("it is in the project").display().to_string()
    {
        empty if empty.is_empty() => ".".to_owned(),
        other => other,
    };
    match advice {
        Advice::Pass => "pass".to_owned(),
        Advice::Ask(_) => "ask".to_owned(),
        Advice::Deny(_) => "deny".to_owned(),
        Advice::Judge(run) => {
            format!("judge {:?} {} {}", run.tool, relative(&run.directory), relative(&run.plan)).to_lowercase()
        }
    }
}

#[test]
fn every_command_gets_what_it_deserves() {
    let table = std::fs::read_to_string(folder().join("commands.tsv")).unwrap();
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    let rows: Vec<(&str, &str)> = rows.map(|line| line.split_once('\t').unwrap()).collect();
    assert!(rows.len() > 300);
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(wanted, text)| {
            let advice = advice(&unescaped(text));
            let got = word(&advice);
            (got != *wanted).then(|| format!("{text}\n    wanted {wanted}, got {got}: {advice:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// The ordinary commands of developers, which are none of ours to stop.
#[test]
fn nothing_ordinary_is_stopped() {
    let list = std::fs::read_to_string(folder().join("ordinary.txt")).unwrap();
    let lines: Vec<&str> = list.lines().filter(|line| !line.starts_with("# ")).collect();
    assert!(lines.len() > 2_000);
    assert_eq!(lines.iter().collect::<std::collections::BTreeSet<_>>().len(), lines.len(), "a line is there twice");
    let stopped: Vec<String> = lines
        .iter()
        .filter_map(|text| match advice(&unescaped(text)) {
            Advice::Pass => None,
            other => Some(format!("{text}\n    {other:?}")),
        })
        .collect();
    assert!(stopped.is_empty(), "{} stopped\n{}", stopped.len(), stopped.join("\n"));
}
