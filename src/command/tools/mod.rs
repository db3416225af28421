//! Known tools, and what their commands deserve.

use std::collections::BTreeMap;
use std::sync::LazyLock;

mod apply;
mod pattern;
mod ways;

use super::line::{Arg, Run, base};
use super::{Advice, Reason, SavedPlanRun, Tool};
use pattern::{Given, Pattern};

pub(super) use pattern::{file_fits, fits};

pub(super) use ways::way;

const TABLE: &str = include_str!("../data/tools.tsv");

/// A row of the table.
#[derive(Debug, Clone, Copy)]
struct Row {
    names: &'static str,
    pattern: &'static str,
    verdict: &'static str,
    what: &'static str,
    way: &'static str,
}

/// What the table says of one tool.
#[derive(Default)]
struct Commands {
    /// Options that take the next word.
    valued: Vec<&'static str>,
    /// Options that patterns name without a value: they take none.
    single: Vec<&'static str>,
    /// What stands behind `--` is for a tool that it calls.
    passes_on: bool,
    rows: Vec<(Row, Pattern)>,
}

impl Commands {
    fn begins_with(&self, word: &str) -> bool {
        self.rows.iter().any(|(_, pattern)| pattern.begins_with(word))
    }
}

/// The table by the names of tools.
static TOOLS: LazyLock<BTreeMap<&'static str, Commands>> = LazyLock::new(|| {
    let mut tools: BTreeMap<&'static str, Commands> = BTreeMap::new();
    for row in rows() {
        for name in row.names.split(' ') {
            let commands = tools.entry(name).or_default();
            if row.verdict == "values" {
                commands.valued.extend(row.pattern.split(' '));
            } else if row.verdict == "through" {
                commands.passes_on = true;
            } else {
                let pattern = Pattern::read(row.pattern);
                commands.single.extend(pattern.single());
                commands.rows.push((row, pattern));
            }
        }
    }
    tools
});

fn rows() -> impl Iterator<Item = Row> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        Some(Row { names: next()?, pattern: next()?, verdict: next()?, what: next()?, way: next()? })
    })
}

/// The commands of a tool. The names of PowerShell's commands are patterns, and there are file systems that take capitals and small letters
/// for the same.
fn of_tool(name: &str) -> Option<&'static Commands> {
    let small =
        || name.chars().any(|c| c.is_ascii_uppercase()).then(|| TOOLS.get(name.to_ascii_lowercase().as_str()))?;
    TOOLS.get(name).or_else(small).or_else(|| {
        let family = name.starts_with("Remove-");
        TOOLS.iter().find(|(pattern, _)| family && fits(pattern, name)).map(|(_, commands)| commands)
    })
}

/// Whether the table has rows for a program of this name.
pub(super) fn is_known(name: &str) -> bool {
    of_tool(name).is_some()
}

/// Whether a word begins one of a tool's commands.
pub(super) fn is_command(tool: &str, word: &str) -> bool {
    of_tool(tool).is_some_and(|commands| commands.begins_with(word))
}

/// The tool of the table that a text names: a variable that is called after it, a pattern of a file's name.
pub(super) fn named_in(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    NAMED.into_iter().find(|tool| words.contains(tool))
}

/// Those that a text is searched for: whose names mean nothing else.
pub(super) const NAMED: [&str; 15] = [
    "terraform",
    "tofu",
    "opentofu",
    "terragrunt",
    "tf",
    "atmos",
    "pulumi",
    "cdk",
    "cdktf",
    "kubectl",
    "helm",
    "gcloud",
    "aws",
    "eksctl",
    "az",
];

/// What one command deserves, as if it stood alone.
pub(super) fn judge(run: &Run) -> Advice {
    let Some((program, arguments)) = run.words.split_first() else { return Advice::Pass };
    if program.has_hole() || program.glob {
        return unknown_program(run, program, arguments);
    }
    as_tool(base(&program.text), run, arguments)
}

/// A program that is only known when it runs: the worst of what it may be.
fn unknown_program(run: &Run, program: &Arg, arguments: &[Arg]) -> Advice {
    let at = arguments.iter().position(|word| is_known(base(&word.text)));
    if let Some((tool, rest)) = at.and_then(|at| arguments.get(at..)).and_then(<[Arg]>::split_first) {
        return as_tool(base(&tool.text), &indirect(run), rest);
    }
    let by_name = named_in(&program.shown).or_else(|| {
        let name = base(&program.text);
        NAMED.into_iter().find(|tool| program.glob && name.len() > 1 && file_fits(name, tool))
    });
    if let Some(tool) = by_name {
        // Several words may stand for it, of which the first is the tool.
        let several = program.shown.contains(' ').then(|| Arg::unknown(&program.shown));
        let arguments: Vec<Arg> = several.into_iter().chain(arguments.iter().cloned()).collect();
        return as_tool(tool, &indirect(run), &arguments);
    }
    // Nothing names a tool, but these words are Terraform's own.
    let unasked = arguments.iter().any(|word| word.text.ends_with("-auto-approve"));
    let destroys = arguments.first().is_some_and(|word| word.text == "destroy");
    match as_tool("terraform", &indirect(run), arguments) {
        Advice::Deny(reason) if unasked || destroys => Advice::Ask(reason),
        _ => Advice::Pass,
    }
}

fn indirect(run: &Run) -> Run {
    let mut run = run.clone();
    run.how.indirect = true;
    run
}

/// The command as one of this tool.
fn as_tool(tool: &str, run: &Run, arguments: &[Arg]) -> Advice {
    let Some(commands) = of_tool(tool) else { return Advice::Pass };
    let given = Given::read(arguments, &commands.valued, &commands.single, commands.passes_on, |word| {
        commands.begins_with(word)
    });
    let mut gravest = Advice::Pass;
    for (row, pattern) in &commands.rows {
        let sure = pattern.surely_fits(&given);
        if !sure && !pattern.may_fit(&given) {
            continue;
        }
        let reason = || Reason { what: row.what.to_owned(), instead: way(row.way, tool), command: shown(run) };
        let advice = match row.verdict {
            "ask" => Advice::Ask(reason()),
            "deny" => Advice::Deny(reason()),
            "apply" => apply::judge(tool, run, arguments, &given),
            _ => Advice::Pass,
        };
        gravest = gravest.or_graver(advice);
        // Where it only may fit, a later row may be worse.
        if sure {
            break;
        }
    }
    gravest
}

/// A command for people and logs.
pub(super) fn shown(run: &Run) -> String {
    let words: Vec<&str> = run.words.iter().map(|word| word.shown.as_str()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{pattern::Pattern, rows, ways};

    #[test]
    fn rows_are_well_formed() {
        let count = super::TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(rows().count(), count);
        for row in rows() {
            let known = ["pass", "ask", "deny", "apply", "help", "through", "values"];
            assert!(known.contains(&row.verdict), "{row:?}");
            let explained = matches!(row.verdict, "ask" | "deny");
            assert_eq!(explained, !row.what.is_empty(), "{row:?}");
            assert!(!explained || ways::WAYS.iter().any(|(key, _)| *key == row.way), "{row:?}");
            assert!(row.what.is_empty() || row.what.ends_with('.'), "{row:?}");
            assert!(!Pattern::read(row.pattern).is_empty(), "{row:?}");
        }
    }

    #[test]
    fn no_row_is_there_twice_and_every_way_is_used() {
        let mut seen = std::collections::BTreeSet::new();
        for row in rows() {
            assert!(seen.insert((row.names, row.pattern)), "{row:?}");
        }
        for (key, _) in ways::WAYS {
            let used = rows().any(|row| row.way == *key) || ways::ELSEWHERE.contains(key);
            assert!(used, "{key}");
        }
    }
}
