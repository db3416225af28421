//! Text that is not read as commands: whether it names a known tool together with something that changes things.

use super::line::{Arg, HOLE, How, Input, Run};
use super::shell::LONGEST;
use super::tools::{self, way};
use super::{Advice, Reason, guard};

/// How many words after a tool's name are looked at.
const WORDS: usize = 16;

/// How many times a tool may be named until the text is denied for that alone.
const MENTIONS: usize = 64;

/// What makes program text of other languages run commands.
const RUNS: [&str; 20] = [
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
    "Command(",
    "PROGRAM",
    "call-process",
    "start-process",
    "| \"",
    "\"!",
];

/// Calls whose text is shown, sought or replaced.
const TEXTS: [&str; 16] = [
    "compile",
    "count",
    "endswith",
    "error",
    "find",
    "findall",
    "includes",
    "info",
    "log",
    "match",
    "print",
    "puts",
    "replace",
    "search",
    "startswith",
    "sub",
];

/// How much of a statement is looked at, in characters.
const STATEMENT: usize = 400;

/// Shell text that is refused. An empty part stands for the whole line, of which there was too much.
pub(super) fn text(part: &str, line: &str) -> Advice {
    let whole = part.is_empty();
    let text = if whole { line } else { part };
    if let Some(reason) = guard::mention(text) {
        return Advice::Deny(reason);
    }
    match changes(text) {
        Advice::Pass if whole || text.len() > LONGEST || destroys(text) => Advice::Ask(Reason {
            what: "It cannot be read, so nobody can say what it does.".to_owned(),
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

/// What text names, as the command that it may come to be.
pub(super) fn named(text: &str) -> Advice {
    match changes(text) {
        Advice::Ask(reason) | Advice::Deny(reason) => Advice::Deny(Reason {
            what: format!("What runs is only known when it does, and the text names this. {}", reason.what),
            ..reason
        }),
        Advice::Pass | Advice::Judge(_) => Advice::Pass,
    }
}

/// Whether text says that something is destroyed, or applied unasked, whoever is told to.
fn destroys(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| !matches!(c, '"' | '\'' | '\\' | '^' | '`')).collect();
    plain.contains("destroy") || plain.contains("-auto-approve")
}

/// Program text in another language that may run commands.
pub(super) fn code(run: &Run, code: &str) -> Advice {
    if let Some(reason) = guard::code(code) {
        return Advice::Deny(reason);
    }
    let program = run.words.first().map(|word| super::line::base(&word.text)).unwrap_or_default();
    let windows = matches!(program, "cmd" | "powershell" | "pwsh") || program.ends_with("ps1");
    // Their commands stand in plain words.
    let tcl = matches!(program, "expect" | "tclsh") || matches!(program.rsplit('.').next(), Some("exp" | "tcl"));
    let python = program.starts_with("py") || program.rsplit('.').next() == Some("py");
    let backquoted = code.contains('`') && !python;
    if !windows && !backquoted && !RUNS.iter().any(|mark| code.contains(mark)) {
        return Advice::Pass;
    }
    let (found, runs) = if windows || tcl { (changes(code), true) } else { quoted_changes(code, !python) };
    let told = |reason: Reason| Reason { what: format!("Program text seems to run this. {}", reason.what), ..reason };
    match found {
        Advice::Deny(reason) if runs => Advice::Deny(told(reason)),
        Advice::Ask(reason) | Advice::Deny(reason) => Advice::Ask(told(reason)),
        other => other,
    }
}

/// Each tool that is named, with the words behind it as its arguments.
fn changes(text: &str) -> Advice {
    let mut gravest = Advice::Pass;
    let mut mentions = 0_usize;
    for text in text.lines() {
        let words: Vec<&str> = text.split(is_between).filter(|word| !word.is_empty()).collect();
        for (at, word) in words.iter().enumerate() {
            let Some(tool) = tool(word) else { continue };
            mentions = mentions.saturating_add(1);
            if mentions > MENTIONS {
                return too_many(tool);
            }
            let behind = words.iter().skip(at.saturating_add(1)).copied();
            gravest = gravest.or_graver(as_command(tool, behind));
        }
    }
    gravest
}

/// The same in program text, where only what a string begins with is a command; and whether the statement that has it runs it.
fn quoted_changes(code: &str, backquotes: bool) -> (Advice, bool) {
    let (mut gravest, mut runs) = (Advice::Pass, false);
    let mut mentions = 0_usize;
    let mut start = 0_usize;
    for part in code.split_inclusive(is_between) {
        let word = part.trim_end_matches(is_between);
        let end = start;
        start = start.saturating_add(part.len());
        let Some(tool) = tool(word) else { continue };
        let before = code.get(..end).unwrap_or_default();
        if !begins_command(before, backquotes) || is_text(before) {
            continue;
        }
        mentions = mentions.saturating_add(1);
        if mentions > MENTIONS {
            return (too_many(tool), true);
        }
        let rest = code.get(start..).unwrap_or_default();
        // A key of an object is no word of the command.
        let behind = rest.split(is_between).filter(|word| !word.is_empty() && !word.ends_with(':') && *word != "nil");
        let advice = as_command(tool, behind);
        runs |= matches!(advice, Advice::Deny(_)) && is_run(before, backquotes);
        gravest = gravest.or_graver(advice);
    }
    (gravest, runs)
}

/// The statement in which a place stands, up to there.
fn statement(before: &str) -> &str {
    let near = before.char_indices().rev().nth(STATEMENT).map_or(0, |(at, _)| at);
    let near = before.get(near..).unwrap_or_default();
    near.rsplit(['\n', ';']).next().unwrap_or(near)
}

/// Whether the statement up to here, or the call that stands around it, says that something is run.
fn is_run(before: &str, backquotes: bool) -> bool {
    let (statement, call) = (statement(before), enclosing(before));
    let runs = |text: &str| RUNS.iter().any(|mark| text.contains(mark));
    (backquotes && statement.contains('`')) || runs(statement) || runs(call)
}

/// Whether what stands here is the text of a call that shows, seeks or replaces text.
fn is_text(before: &str) -> bool {
    let call = enclosing(before).trim_end_matches('(');
    let name = call.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    TEXTS.contains(&name)
}

/// The call whose brackets are open here, up to its bracket; nothing where that is not near.
fn enclosing(before: &str) -> &str {
    let mut closed = 0_usize;
    for (at, c) in before.char_indices().rev().take(STATEMENT) {
        match c {
            ')' => closed = closed.saturating_add(1),
            '(' if closed == 0 => {
                let head = before.get(..=at).unwrap_or_default();
                let start = head.trim_end_matches('(').rfind(|c: char| !c.is_alphanumeric() && !"_.:".contains(c));
                return head.get(start.map_or(0, |start| start.saturating_add(1))..).unwrap_or(head);
            }
            '(' => closed = closed.saturating_sub(1),
            _ => {}
        }
    }
    ""
}

/// Whether a string begins here, or a command in it.
fn begins_command(before: &str, backquotes: bool) -> bool {
    if ["%x(", "%x{", "%x[", "qx(", "qx{", "qx["].iter().any(|open| before.trim_end().ends_with(open)) {
        return true;
    }
    let is_quote = |c: char| c == '"' || c == '\'' || (backquotes && c == '`');
    let mut near = before.char_indices().rev().take(200);
    let Some((quote, _)) = near.find(|(_, c)| is_quote(*c)) else { return false };
    let prefix = before.get(quote.saturating_add(1)..).unwrap_or_default().trim();
    let joins = ["!", "&&", ";", "|", "(", "--", " -c", "sudo", "env", "exec", "time", "nohup", "spawn"];
    prefix.is_empty() || joins.iter().any(|join| prefix.ends_with(join))
}

fn too_many(tool: &str) -> Advice {
    Advice::Deny(Reason {
        what: "It names known tools more often than can be read.".to_owned(),
        instead: way("read", ""),
        command: tool.to_owned(),
    })
}

/// The tool that a word is, without its folder.
fn tool(word: &str) -> Option<&str> {
    // No tool has so short a name, and most words of long text do.
    if word.len() < 2 {
        return None;
    }
    let name = super::line::base(word.trim_start_matches('!'));
    let known = tools::NAMED.iter().find(|tool| name.eq_ignore_ascii_case(tool)).copied();
    known.or_else(|| name.starts_with("Remove-").then_some(name))
}

/// What the words behind a tool's name make of it.
fn as_command<'a>(tool: &str, behind: impl Iterator<Item = &'a str>) -> Advice {
    tools::judge(&Run {
        words: std::iter::once(Arg::literal(tool)).chain(behind.take(WORDS).map(argument)).collect(),
        sets: Vec::new(),
        writes: Vec::new(),
        input: Input::Own,
        dir: None,
        how: How::default(),
        pipeline: None,
    })
}

/// What stands between words in any language: quotes, brackets, commas, and what parts commands: of text that cannot be read
/// nobody can say whether that does.
fn is_between(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | ',' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '<' | '>' | '+' | ';' | '|' | '&')
        || c.is_whitespace()
}

/// A word; what looks like a variable is one that nobody knows.
fn argument(word: &str) -> Arg {
    let variable = word.starts_with(['$', '%']);
    if variable { Arg { text: HOLE.to_string(), shown: word.to_owned(), ..Arg::default() } } else { Arg::literal(word) }
}
