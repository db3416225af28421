//! What commands deserve before they run: `testdata/hook`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use blastgate::command::{Advice, Files, NoFiles, Surroundings, advise, advise_words, advise_write, objection};
use proptest::prelude::*;

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

/// The commands of the table, with what they deserve.
fn table() -> Vec<(String, String)> {
    let table = std::fs::read_to_string(folder().join("commands.tsv")).unwrap();
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| line.split_once('\t').unwrap()).map(|(wanted, text)| (wanted.to_owned(), unescaped(text))).collect()
}

#[test]
fn every_command_gets_what_it_deserves() {
    let rows = table();
    assert!(rows.len() > 300);
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(wanted, text)| {
            let advice = advice(text);
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

/// A command within another one deserves no less.
#[test]
fn what_is_denied_is_denied_wherever_it_stands() {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    // Text of which nobody knows where it ends, and what changes with its place, is left out.
    let whole =
        |text: &str| !text.contains("<<") && !text.contains('$') && !text.contains('`') && !text.ends_with(['&', '\\']);
    let balanced =
        |text: &str| advise(&format!("({text}\n)"), &Surroundings { directory: Path::new("/w"), files: &NoFiles });
    let mut missed = Vec::new();
    let table = table();
    for (row, (wanted, text)) in table.iter().filter(|(wanted, text)| wanted == "deny" && whole(text)).enumerate() {
        if !matches!(balanced(text), Advice::Deny(_)) {
            // It needs the project's files.
            continue;
        }
        let lines = [
            format!("true; {text}"),
            format!("{text}\ntrue"),
            format!("if true; then {text}\nfi"),
            format!("for i in 1; do {text}\ndone"),
            format!("f() {{ {text}\n}}; f"),
            format!("bash -c {}", quoted(text)),
            format!("sudo -u root env A=b sh -ec {}", quoted(text)),
            format!("eval {}", quoted(text)),
            format!("echo {} | sh", quoted(text)),
            format!("x=$(\n{text}\n)"),
            format!("bash <<'END_OF_IT'\n{text}\nEND_OF_IT"),
            format!("ssh host {}", quoted(text)),
        ];
        // Three of them for each, in turn.
        for line in lines.iter().cycle().skip(row % lines.len()).step_by(5).take(3) {
            // `echo` of a backslash is read differently by different shells.
            let held = match advice(line) {
                Advice::Deny(_) => true,
                Advice::Ask(_) => line.starts_with("echo "),
                _ => false,
            };
            if !held {
                missed.push(format!("{wanted}: {line}"));
            }
        }
    }
    assert!(missed.is_empty(), "{} missed\n{}", missed.len(), missed.join("\n"));
}

/// What is said of a command is one line of plain text, whatever was in it.
#[test]
fn reasons_are_clean_and_short() {
    let text = format!("terraform destroy -target='a\u{1b}[31m\u{202e}\n::error::{}'", "x".repeat(10_000));
    let Advice::Deny(reason) = advice(&text) else { panic!("it destroys") };
    assert!(reason.command.starts_with("terraform destroy -target=a [31m ::error::xxx"), "{}", reason.command);
    assert!(reason.command.chars().count() < 200);
    assert!(reason.command.chars().all(|c| !c.is_control() && c != '\u{202e}'));
}

#[test]
fn settings_of_hooks_are_not_written() {
    let project = folder().join("project");
    let around = Surroundings { directory: &project, files: &Disk };
    for path in [
        ".claude/settings.json",
        ".claude/settings.local.json",
        "./.claude/../.claude/settings.json",
        "/home/x/.claude/settings.json",
        "~/.codex/hooks.json",
        ".cursor/hooks.json",
        ".gemini/settings.json",
        ".github/hooks/any.json",
        ".kiro/hooks/x.kiro.hook",
        ".kiro/agents/default.json",
        "/etc/github-copilot/policy.d/x.json",
        ".claude",
    ] {
        assert!(matches!(advise_write(Path::new(path), &around), Advice::Deny(_)), "{path}");
    }
    for path in [
        "src/main.rs",
        ".claude/commands/x.md",
        "settings.json",
        ".github/workflows/ci.yml",
        ".github",
        "claude/settings.json",
    ] {
        assert_eq!(advise_write(Path::new(path), &around), Advice::Pass, "{path}");
    }
}

/// Long and deep text is answered in time. The bound is for a build without optimization on a busy machine.
#[test]
fn hostile_text_is_answered_in_time() {
    let pieces = [
        "a ",
        "a;",
        "$a",
        "'x' ",
        "\"$a\" ",
        "`",
        "$(a) ",
        "<<E\n",
        "a|",
        "a && ",
        "{a,b}",
        "((",
        "$((",
        "[[ a ]] ;",
        "# x\n",
        "\\\n",
        "x=1 ",
        "x=1;",
        "$'\\x41'",
        "<(a) ",
        "if a; then b; fi\n",
        "\"",
        "\u{e9}",
        "case a in b) c;; esac\n",
        "f() { a; }\n",
        "f() { f; f; }; f;",
        "a <<E\nx\nE\n",
        "terraform destroy;",
        "eval ",
        "bash -c ",
        "sudo ",
        "a[",
        "${a:-",
        "$(",
        "(",
        "{ ",
        "if ",
        "! ",
        "time ",
        "for i in 1 2 3; do ",
        "while a; do ",
        "terraform ",
        "kubectl ",
        "terraform $x ",
        "alias a=a;a;",
        "cd a;",
        ">f ",
        "{a,b}{a,b}{a,b}{a,b} ",
        "echo $(",
        "xargs ",
        "A=1;B=2;",
        "set -- a b; f() { $@; };",
        "\u{fffc} ",
        "*",
    ];
    is_answered("terraform ", 1 << 20, DESTROYS);
    is_answered("a ", 1 << 20, DESTROYS);
    is_answered("# x\n", 1 << 20, DESTROYS);
    // One word that is just short enough to be read.
    for piece in ["{", "{}", "{a"] {
        is_answered(piece, 250_000, DESTROYS);
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for share in pieces.chunks(pieces.len().div_ceil(cores)) {
            scope.spawn(move || share.iter().for_each(|piece| is_answered_in_time(piece)));
        }
    });
}

/// What is longer than 256 KiB is searched and not read, so that of the longest it is words that count. What destroys stands behind, so that nothing is let go because of what is before it.
fn is_answered_in_time(piece: &str) {
    for (length, end) in [(1_000, ""), (1_000, DESTROYS), (30_000, DESTROYS), (300_000, DESTROYS)] {
        is_answered(piece, length, end);
    }
}

fn is_answered(piece: &str, length: usize, end: &str) {
    let around = Surroundings { directory: Path::new("/w"), files: &NoFiles };
    let line = format!("{}{end}", piece.repeat(length / piece.len()));
    let start = Instant::now();
    let advice = advise(&line, &around);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(30), "{piece:?} {length}: {took:?}");
    assert!(end.is_empty() || advice != Advice::Pass, "{piece:?} {length}");
}

const DESTROYS: &str = "\nterraform destroy";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Bytes of any kind are answered.
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let around = Surroundings { directory: Path::new("/w"), files: &NoFiles };
        let text = String::from_utf8_lossy(&bytes);
        let start = Instant::now();
        let _ = advise(&text, &around);
        let _ = advise_words(&text.split(' ').map(ToOwned::to_owned).collect::<Vec<_>>(), &around);
        let _ = objection(&text, &[]);
        prop_assert!(start.elapsed() < Duration::from_secs(10));
    }

    /// Commands with pieces cut out, doubled, and put into each other are answered, and what stands before on lines of its own is
    /// judged in any case.
    #[test]
    fn mixed_commands_are_answered(picks in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..60, 0_usize..60), 1..6)) {
        let around = Surroundings { directory: Path::new("/w"), files: &NoFiles };
        let rows = table();
        let mut text = String::new();
        for (index, from, length) in &picks {
            let (_, command) = index.get(&rows);
            text.extend(command.chars().skip(from % command.chars().count().max(1)).take(*length));
        }
        let start = Instant::now();
        let _ = advise(&text, &around);
        let before = advise(&format!("terraform destroy\n{text}"), &around);
        prop_assert!(matches!(before, Advice::Deny(_)), "{:?}", text);
        prop_assert!(start.elapsed() < Duration::from_secs(10));
    }
}
