//! Text that is not read as commands: whether it names a known tool together with something that changes things.

use super::line::{Arg, HOLE, How, Input, Run};
use super::tools::{self, way};
use super::{Advice, Reason, guard};

/// How many words after a tool's name are looked at.
const WORDS: usize = 16;

/// How many times a tool may be named until the text is denied for that alone.
const MENTIONS: usize = 64;

/// What makes program text of other languages run commands.
const RUNS: [&str; 14] = [
    "system",
    "exec",
    "spawn",
    "popen",
    "subprocess",
    "child_process",
    "pexpect",
    "shell",
    "run(",
    "Open3",
    "%x",
    "qx",
    "getline",
    "Process",
];

/// Shell text that is refused. An empty part stands for the whole line, of which there was too much.
pub(super) fn text(part: &str, line: &str) -> Advice {
    let whole = part.is_empty();
    let text = if whole { line } else { part };
    if let Some(reason) = guard::mention(text) {
        return Advice::Deny(reason);
    }
    match changes(text, true) {
        Advice::Pass if whole => Advice::Ask(Reason {
            what: "There is more in it than can be read.".to_owned(),
            instead: way("read", ""),
            command: text.to_owned(),
        }),
        Advice::Ask(reason) | Advice::Deny(reason) => Advice::Deny(Reason {
            what: format!("It cannot be read as a whole. As far as it can: {}", reason.what),
            instead: format!("{} {}", way("read", ""), reason.instead),
            command: reason.command,
        }),
        other => other,
    }
}

/// Program text in another language that may run commands.
pub(super) fn code(run: &Run, code: &str) -> Advice {
    if let Some(reason) = guard::code(code) {
        return Advice::Deny(reason);
    }
    let program = run.words.first().map(|word| super::line::base(&word.text)).unwrap_or_default();
    let windows = matches!(program, "cmd" | "powershell" | "pwsh") || program.ends_with("ps1");
    let backquoted = code.contains('`') && !program.starts_with("python");
    if !windows && !backquoted && !RUNS.iter().any(|mark| code.contains(mark)) {
        return Advice::Pass;
    }
    match changes(code, windows) {
        Advice::Ask(reason) | Advice::Deny(reason) => Advice::Ask(Reason {
            what: format!("Program text seems to run this. {}", reason.what),
            instead: reason.instead,
            command: reason.command,
        }),
        other => other,
    }
}

/// Each tool that is named, with the words behind it as its arguments. `lines` says that a line's end is a command's.
fn changes(text: &str, lines: bool) -> Advice {
    let mut gravest = Advice::Pass;
    let mut mentions = 0_usize;
    let texts: Vec<&str> = if lines { text.split(['\n', ';', '|', '&']).collect() } else { vec![text] };
    for text in texts {
        let words: Vec<&str> = text.split(is_between).filter(|word| !word.is_empty()).collect();
        for (at, word) in words.iter().enumerate() {
            let name = super::line::base(word).to_ascii_lowercase();
            if !tools::NAMED.contains(&name.as_str()) && !name.starts_with("remove-") {
                continue;
            }
            mentions = mentions.saturating_add(1);
            if mentions > MENTIONS {
                return Advice::Deny(Reason {
                    what: "It names known tools more often than can be read.".to_owned(),
                    instead: way("read", ""),
                    command: name,
                });
            }
            let program = if name.starts_with("remove-") { super::line::base(word).to_owned() } else { name };
            let behind = words.iter().skip(at.saturating_add(1)).take(WORDS);
            let run = Run {
                words: std::iter::once(Arg::literal(&program)).chain(behind.map(|word| argument(word))).collect(),
                sets: Vec::new(),
                writes: Vec::new(),
                input: Input::Own,
                dir: None,
                how: How::default(),
                pipeline: None,
            };
            let advice = tools::judge(&run);
            gravest = gravest.or_graver(advice);
        }
    }
    gravest
}

/// What stands between words in any language: quotes, brackets, commas.
fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '<' | '>' | '+')
}

/// A word; what looks like a variable is one that nobody knows.
fn argument(word: &str) -> Arg {
    let variable = word.starts_with(['$', '%']);
    if variable { Arg { text: HOLE.to_string(), shown: word.to_owned(), ..Arg::default() } } else { Arg::literal(word) }
}
