//! The reader against a real bash: whatever that runs of random scripts was read.
//!
//! Each script runs with no programs to be found, so that bash hands every command with its words to a function that
//! notes them, and runs none.

#![cfg(all(unix, feature = "cli"))]
#![allow(clippy::arithmetic_side_effects, reason = "a wrong number fails a test, and nothing else")]

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::super::{NoFiles, Surroundings};
use super::{Arg, HOLE, Step, Walk};

/// How many scripts are tried.
const SCRIPTS: u64 = 400;

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }
}

/// A word.
fn word(numbers: &mut Numbers, depth: usize) -> String {
    let mut text = String::new();
    for _ in 0..=numbers.below(2) {
        let piece = match numbers.below(if depth == 0 { 12 } else { 24 }) {
            0..=3 => numbers.pick(&["a", "b", "x1", "-c", "k=v", "{", "}", "+", "%", "#", ":", "~"]).to_owned(),
            4 => numbers.pick(&["'q r'", "''", "'$x'", "'a\nb'", "'`'"]).to_owned(),
            5 => {
                numbers.pick(&["\"d e\"", "\"\"", "\"$x\"", "\"a\\\"b\"", "\"\\$y\"", "\"a\\b\"", "\"$@\""]).to_owned()
            }
            6 => numbers.pick(&["\\ ", "\\'", "\\\"", "\\$", "\\;", "\\a", "\\\n"]).to_owned(),
            7 => numbers.pick(&["$x", "${x}", "${y:-w}", "${#x}", "${z+s}", "$1", "$*", "${x%a}", "$"]).to_owned(),
            8 => numbers.pick(&["$'a\\'b'", "$'\\x41'", "$'\\n'", "$\"l\""]).to_owned(),
            9 => numbers.pick(&["{a,b}", "{1..3}", "{x}", "a{,c}", "{a,'b'}"]).to_owned(),
            10 => numbers.pick(&["$((1+2))", "$[3]", "$(( (1) ))", "$((x))"]).to_owned(),
            11 => numbers.pick(&["*", "?", "[a]", "!", "=", "@"]).to_owned(),
            12..=14 => format!("$({})", list(numbers, depth - 1)),
            15 => format!("\"$({})\"", list(numbers, depth - 1)),
            16 => format!("`{}`", escaped(&list(numbers, depth - 1))),
            17 => format!("\"`{}`\"", escaped(&list(numbers, depth - 1))),
            18 => format!("${{y:-{}}}", word(numbers, depth - 1)),
            19 => format!("\"${{y:-{}}}\"", word(numbers, depth - 1)),
            20 => format!("<({})", list(numbers, depth - 1)),
            21 => format!("$(( 1 + $({}) ))", list(numbers, depth - 1)),
            22 => format!("${{x/{}/b}}", word(numbers, depth - 1)),
            _ => format!("${{x#{}}}", word(numbers, depth - 1)),
        };
        text.push_str(&piece);
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('`', "\\`")
}

/// A simple command: its program is one that does not exist.
fn simple(numbers: &mut Numbers, depth: usize) -> String {
    let mut text = String::new();
    if numbers.below(6) == 0 {
        let value = word(numbers, depth.min(1));
        let _ = write!(text, "{}={value} ", numbers.pick(&["x", "y", "z"]));
        if numbers.below(3) == 0 {
            return text;
        }
    }
    match numbers.below(12) {
        0 => text.push_str("eval "),
        1 => text.push_str(numbers.pick(&["$x ", "\"$y\" ", "f ", "p\"q\" ", "e\\x "])),
        2 => text.push_str(numbers.pick(&[">f ", "2>&1 ", "</dev/null ", "&>f ", ">|f ", "<<<w "])),
        _ => {}
    }
    let _ = write!(text, "{}{}", numbers.pick(&["p", "q", "r"]), numbers.below(9));
    for _ in 0..numbers.below(3) {
        let _ = write!(text, " {}", word(numbers, depth));
    }
    match numbers.below(14) {
        0 => text.push_str(" >f"),
        1 => text.push_str(" 2>/dev/null"),
        2 => {
            let _ = write!(text, " <<E\nh $({}) 'i\n$x\nE\n", simple_plain(numbers));
        }
        3 => text.push_str(" <<'E'\nh $(p0) `\nE\n"),
        4 => text.push_str(" <<-E | r1\n\tt\n\tE\n"),
        5 => text.push_str(" <<A <<B\na\nA\nb\nB\n"),
        6 => text.push_str(" # note p0\n"),
        _ => {}
    }
    text
}

fn simple_plain(numbers: &mut Numbers) -> String {
    format!("{}{} a", numbers.pick(&["p", "q", "r"]), numbers.below(9))
}

fn command(numbers: &mut Numbers, depth: usize) -> String {
    if depth == 0 {
        return simple(numbers, 0);
    }
    let deeper = depth - 1;
    let inner = |numbers: &mut Numbers| list(numbers, deeper);
    match numbers.below(24) {
        0 => format!("({})", inner(numbers)),
        1 => format!("{{ {}\n}}", inner(numbers)),
        2 => format!("if {}\nthen {}\nelse {}\nfi", inner(numbers), inner(numbers), inner(numbers)),
        3 => format!("while {}\ndo {}\nbreak\ndone", inner(numbers), inner(numbers)),
        4 => format!("for x in {} c; do {}\ndone", word(numbers, deeper), inner(numbers)),
        5 => format!("case {} in a|b) {}\n;; (*) {}\nesac", word(numbers, deeper), inner(numbers), inner(numbers)),
        6 => format!("f() {{ {}\n}}", inner(numbers)),
        7 => format!("function g {{ {}\n}}\ng a", inner(numbers)),
        8 => format!("[[ {} == a ]]", word(numbers, deeper)),
        9 => format!("(({}))", numbers.pick(&["1", "0", "x=1", "x + 1", "(1)"])),
        10 => format!("(({}); q8)", simple_plain(numbers)),
        11 => format!("! {}", simple(numbers, deeper)),
        12 => format!("time {}", simple(numbers, deeper)),
        13 => format!("{{ {}\n}} >f", inner(numbers)),
        14 => format!("set -- {}\np1 \"$@\" $1", word(numbers, deeper)),
        15 => format!("x=({} b)\np2 \"${{x[@]}}\" ${{x[0]}}", word(numbers, deeper)),
        16 => format!("read y <<<{}\np3 $y", word(numbers, 0)),
        17 => format!("x={}\n{}\np4 \"$x\"", word(numbers, 0), inner(numbers)),
        _ => simple(numbers, deeper),
    }
}

fn list(numbers: &mut Numbers, depth: usize) -> String {
    let mut text = command(numbers, depth);
    for _ in 0..numbers.below(3) {
        let joins = if text.ends_with('\n') {
            [""].as_slice()
        } else {
            &[";", "&&", "||", "|", "\n", " |& ", "\n\n", " && \n"]
        };
        let join = numbers.pick(joins);
        let _ = write!(text, "{join}{}", command(numbers, depth));
    }
    text
}

/// Bits of shell in no order.
fn soup(numbers: &mut Numbers) -> String {
    let bits = [
        "p1 ",
        "q2 ",
        "r3",
        " a ",
        "\n",
        ";",
        " | ",
        " & ",
        " && ",
        "(",
        ")",
        "{ ",
        "}",
        "$x",
        "$(",
        ")",
        "`",
        "'",
        "\"",
        "\\",
        "<<E\n",
        "\nE\n",
        ">f ",
        "if ",
        "then ",
        "fi",
        "do ",
        "done ",
        "while ",
        "for x in ",
        "[[ ",
        " ]]",
        "((",
        "))",
        "=",
        "#",
        " # ",
        "x=",
        "! ",
        "case x in ",
        "x) ",
        ";; ",
        "esac ",
        "f() ",
        "${x",
        ":-",
        "}",
        "<(",
        "$((",
        "{a,b}",
        "*",
        "~",
    ];
    (0..numbers.below(24)).map(|_| numbers.pick(&bits)).collect()
}

/// The commands that bash runs of a script, with their words.
fn ran(script: &str, folder: &Path, seed: u64) -> Vec<Vec<String>> {
    // What an earlier script left running writes to its own.
    let name = format!("log{seed}");
    let log = folder.join(&name);
    let prelude = "command_not_found_handle() { printf '%s\\0' $# \"$@\" >&9; return $((RANDOM % 3)); }\nx='a  b'\nshopt -u extglob\n";
    std::fs::write(folder.join("script"), format!("{prelude}{script}")).unwrap();
    let mut child = Command::new("bash")
        .args([
            "--norc",
            "--noprofile",
            "-c",
            "PATH=/nonexistent; exec 9>\"$1\"; shift 2; . ./script",
            "bash",
            &name,
            "-",
        ])
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("bash is there");
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(5) {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    let mut bytes = Vec::new();
    if let Ok(mut file) = std::fs::File::open(&log) {
        file.read_to_end(&mut bytes).unwrap();
    }
    let _ = std::fs::remove_file(log);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut fields = text.split('\0');
    let mut commands = Vec::new();
    while let Some(count) = fields.next().and_then(|count| count.parse::<usize>().ok()) {
        commands.push(fields.by_ref().take(count).map(ToOwned::to_owned).collect());
    }
    commands
}

/// Whether words that were read may be those that were run: a hole is any number of them, and `~` is left as it stands.
fn may_be(read: &[Arg], ran: &[String]) -> bool {
    let Some((word, rest)) = read.split_first() else { return ran.is_empty() };
    if word.glob || word.text.contains(HOLE) || word.text.starts_with('~') {
        return (0..=ran.len()).any(|taken| may_be(rest, &ran[taken..]));
    }
    ran.first().is_some_and(|first| *first == word.text) && may_be(rest, &ran[1..])
}

/// Steps, for a failed test.
fn told(steps: &[Step]) -> String {
    let words = |step: &Step| match step {
        Step::Run(run) => run.words.iter().map(|word| format!("{:?}", word.text)).collect::<Vec<_>>().join(" "),
        other => format!("{other:?}").chars().take(40).collect(),
    };
    steps.iter().map(words).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_bash_runs_was_read() {
    let count = std::env::var("BLASTGATE_BASH_SCRIPTS").ok().and_then(|count| count.parse().ok()).unwrap_or(SCRIPTS);
    let folder = tempfile::tempdir().unwrap();
    let around = Surroundings { directory: folder.path(), files: &NoFiles };
    let (mut read, mut compared) = (0_u64, 0_u64);
    for seed in 1..=count {
        let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..8 {
            numbers.below(2);
        }
        let depth = numbers.below(4);
        let script = if seed % 4 == 0 { soup(&mut numbers) } else { list(&mut numbers, depth) };
        let mut walk = Walk::new(&around);
        walk.set("x", Some(vec!["a  b".to_owned()]));
        let steps = walk.line(&script);
        let ran = ran(&script, folder.path(), seed);
        if steps.iter().any(|step| matches!(step, Step::Unread(_))) {
            continue;
        }
        read += 1;
        for mut command in ran {
            compared += 1;
            // Within a pipeline it is a program, which is taken off like others.
            if command.first().is_some_and(|program| program == "time") && command.len() > 1 {
                command.remove(0);
            }
            let found = steps.iter().any(|step| match step {
                Step::Run(run) => may_be(&run.words, &command),
                _ => false,
            });
            assert!(found, "seed {seed}: bash ran {command:?}, which was not read, of\n{script}\n{}", told(&steps));
        }
    }
    // Most scripts of the grammar are read, and they run something.
    assert!(read * 2 > count, "{read} of {count}");
    assert!(compared > count, "{compared}");
}
