//! What keeps the hook in its place: settings of agents' hooks, the program itself, and its variables.

use std::path::{Path, PathBuf};

mod finding;
mod programs;

use super::line::{Arg, HOLE, Run, base, joined};
use super::tools::{self, file_fits, way};
use super::{Reason, Surroundings};
pub(super) use finding::piped;
use programs::{COPYING, FILING, FINDING, GIT_LOOKING, LOOKING, PACKAGES, TAKING};

/// Where agents keep the settings of their hooks: the last parts of the path, each a pattern of names. The formats' own
/// documentation, as of November 2026.
const SETTINGS: [&[&str]; 19] = [
    &[".aws", "amazonq", "cli-agents", "*.json"],
    &[".amazonq", "cli-agents", "*.json"],
    &[".claude", "settings*.json"],
    &[".claude-plugin", "hooks.json"],
    &["claude-code", "managed-settings*.json"],
    &["claude-code", "managed-settings.d", "*"],
    &["ClaudeCode", "managed-settings*.json"],
    &[".codex", "hooks.json"],
    &[".codex", "config.toml"],
    &[".copilot", "hooks", "*"],
    &[".copilot", "config.json"],
    &[".cursor", "hooks.json"],
    &[".gemini", "settings.json"],
    &["gemini-cli", "settings.json"],
    &[".github", "copilot", "settings*.json"],
    &[".github", "hooks", "*"],
    &["github-copilot", "policy.d", "*"],
    &[".kiro", "agents", "*.json"],
    &[".kiro", "hooks", "*"],
];

/// Whether a program only shows what it names.
pub(super) fn is_looking(name: &str) -> bool {
    LOOKING.contains(&name)
}

/// Whether the words behind a program's options are files or text, and no command.
pub(super) fn leaves_files(name: &str) -> bool {
    let groups: [&[&str]; 5] = [&LOOKING, &FILING, &TAKING, &COPYING, &PACKAGES];
    groups.iter().any(|group| group.contains(&name))
}

fn reason(what: &str, command: String) -> Reason {
    Reason { what: what.to_owned(), instead: way("hook", ""), command }
}

/// Variables by which agents find their settings.
const HOMES: [&str; 4] = ["CLAUDE_CONFIG_DIR", "CODEX_HOME", "COPILOT_HOME", "HOME"];

const HOOKS: &str = "It changes the settings of an agent's hooks, which ask before commands run.";
const PROGRAM: &str = "It takes away blastgate, which is asked before commands run.";

/// Writing, moving or deleting a path.
pub(super) fn write(path: &Path, around: &Surroundings<'_>) -> Option<Reason> {
    let shown = path.display().to_string();
    let full = joined(Some(around.directory), &shown)?;
    (is_settings(&full) || holds_settings(&full, around)).then(|| reason(HOOKS, shown))
}

/// A variable that is set.
pub(super) fn variable(name: &str) -> Option<Reason> {
    let own = name.starts_with("BLASTGATE");
    own.then(|| reason("It sets a variable of blastgate's, which is asked before commands run.", name.to_owned()))
}

/// What a command writes and takes away.
pub(super) fn run(run: &Run, around: &Surroundings<'_>) -> Option<Reason> {
    let found = run.sets.iter().find_map(|name| variable(name));
    let found = found.or_else(|| {
        let program = |target: &Arg| target.text.ends_with("bin/blastgate");
        run.writes.iter().any(program).then(|| reason(PROGRAM, tools::shown(run)))
    });
    let found = found.or_else(|| {
        let written = run.writes.iter().any(|target| settings_of(target, run).is_some_and(|path| is_settings(&path)));
        written.then(|| reason(HOOKS, tools::shown(run)))
    });
    let Some((program, arguments)) = run.words.split_first() else { return found };
    let name = base(&program.text);
    found
        .or_else(|| {
            (!only_looks(name, arguments) && touches(name, arguments, run, around))
                .then(|| reason(HOOKS, tools::shown(run)))
        })
        .or_else(|| takes_program(name, arguments).then(|| reason(PROGRAM, tools::shown(run))))
        .or_else(|| {
            let told = matches!(name, "claude" | "codex" | "gemini" | "copilot" | "cursor-agent" | "kiro-cli");
            let off = arguments.iter().any(|word| {
                ["disableAllHooks", "features.hooks=false", "features.codex_hooks=false"]
                    .iter()
                    .any(|off| word.text.contains(off))
            });
            let elsewhere = run.sets.iter().any(|name| HOMES.contains(&name.as_str()));
            (told && (off || elsewhere)).then(|| reason("It turns an agent's hooks off.", tools::shown(run)))
        })
}

/// Program text that names settings of hooks and writes.
pub(super) fn code(text: &str) -> Option<Reason> {
    let writes = [
        "'w", "\"w", "'a", "\"a", "write", "unlink", "remove", "rename", "rmtree", "truncate", "rmSync", "> \"", ">\"",
        "copy", "move",
    ];
    writes.iter().any(|mark| text.contains(mark)).then(|| named(text, |path| is_settings(path) || is_folder(path)))?
}

/// Text that cannot be read and names settings of hooks.
pub(super) fn mention(text: &str) -> Option<Reason> {
    named(text, is_settings)
}

fn named(text: &str, fits: fn(&Path) -> bool) -> Option<Reason> {
    let mut parts = text.split(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | ')' | ',' | ';' | '=' | '>' | '<' | '|' | '&')
    });
    parts
        .any(|part| (part.starts_with('.') || part.contains('/')) && fits(Path::new(part)))
        .then(|| reason(HOOKS, String::new()))
}

/// Whether a path is a file of settings.
fn is_settings(path: &Path) -> bool {
    SETTINGS.iter().any(|pattern| ends_with(path, pattern))
}

/// Whether a path is the folder in which settings are.
fn is_folder(path: &Path) -> bool {
    SETTINGS.iter().filter_map(|pattern| pattern.split_last()).any(|(_, folder)| ends_with(path, folder))
}

/// Whether what is under a path may be settings: the folder that holds them.
fn holds_settings(path: &Path, around: &Surroundings<'_>) -> bool {
    SETTINGS.iter().any(|pattern| {
        (1..pattern.len()).any(|length| {
            let Some((head, rest)) = pattern.split_at_checked(length) else { return false };
            // Of folders that hold much else it is asked whether the hooks' are there.
            let shared = matches!(head, [".github" | ".aws"]);
            let below: PathBuf =
                rest.iter().take(rest.len().saturating_sub(1)).fold(path.to_path_buf(), |path, part| path.join(part));
            ends_with(path, head) && (!shared || around.files.exists(&below))
        })
    })
}

/// Whether a path's last parts fit. A part of the path may be a pattern itself, but no pattern that says so little stands
/// for a folder of the system.
fn ends_with(path: &Path, pattern: &[&str]) -> bool {
    let mut parts = path.iter().rev();
    pattern.iter().enumerate().rev().all(|(at, wanted)| {
        let part = parts.next().map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
        // A pattern does not fit a name that begins with a dot unless it says so.
        let hidden = wanted.starts_with('.') && !part.starts_with('.');
        let system = at == 0 && !wanted.starts_with('.');
        let any = part.chars().all(|c| matches!(c, '*' | '?' | HOLE)) && !part.is_empty();
        let globbed = !hidden
            && !system
            && part.contains(['*', '?', '[', HOLE])
            && (any || file_fits(&part, wanted) || file_fits(&part, &wanted.replace('*', "")));
        file_fits(wanted, &part) || *wanted == part || (*wanted == "*" && !part.is_empty()) || globbed
    })
}

/// The path that a word names, as far as it is known.
fn settings_of(word: &Arg, run: &Run) -> Option<PathBuf> {
    let text = word.text.trim_start_matches(HOLE);
    let text = if text.len() < word.text.len() { text.trim_start_matches('/') } else { text };
    joined(run.dir.as_deref().or(Some(Path::new("/"))), text)
}

fn only_looks(name: &str, arguments: &[Arg]) -> bool {
    let has = |option: &str| arguments.iter().any(|word| word.text.starts_with(option));
    match name {
        "git" => arguments
            .iter()
            .find(|word| !word.text.starts_with('-'))
            .is_some_and(|word| GIT_LOOKING.contains(&word.text.as_str())),
        "sed" | "yq" | "gsed" => !has("-i") && !has("--in-place") && !has("--inplace"),
        "awk" | "gawk" => !arguments.iter().any(|word| word.text == "inplace"),
        "perl" | "ruby" => !arguments.iter().any(edits_in_place),
        "dasel" => !arguments.iter().any(|word| matches!(word.text.as_str(), "put" | "delete")),
        _ if FINDING.contains(&name) => !has("-delete") && !finding::runs_taking(arguments),
        "tar" | "bsdtar" | "unzip" => !unpacks(name, arguments),
        "python" | "node" | "bun" | "deno" => true,
        _ => LOOKING.contains(&name),
    }
}

/// `-i`, `-pi`, `-i.bak`: the file that is named is written anew.
fn edits_in_place(word: &Arg) -> bool {
    let letters = word.text.strip_prefix('-').unwrap_or_default().split('.').next().unwrap_or_default();
    letters.len() < 5 && letters.contains('i')
}

/// Whether an archive is unpacked into the folder that is named.
fn unpacks(name: &str, arguments: &[Arg]) -> bool {
    let reads = |word: &Arg| {
        word.text == "--extract" || (!word.text.starts_with("--") && word.text.trim_start_matches('-').contains('x'))
    };
    name == "unzip"
        || (arguments.first().is_some_and(reads)
            || arguments.iter().any(|word| word.text.starts_with('-') && reads(word)))
}

/// Whether a command that may write names settings where it writes.
fn touches(name: &str, arguments: &[Arg], run: &Run, around: &Surroundings<'_>) -> bool {
    let paths = paths_in(arguments, run);
    let copies = COPYING.contains(&name);
    let takes = TAKING.contains(&name) || arguments.iter().any(|word| word.text == "--remove-source-files");
    if copies && !takes {
        // What is copied stays where it is.
        let Some((target, sources)) = paths.split_last() else { return false };
        let tree = arguments.iter().any(|word| matches!(word.text.as_str(), "-r" | "-R" | "-a" | "-rf" | "--delete"));
        return is_settings(target) || puts_settings(sources, target) || (tree && holds_settings(target, around));
    }
    if FINDING.contains(&name) {
        return finding::finds(run, around);
    }
    let whole = takes || matches!(name, "git" | "tar" | "bsdtar" | "unzip");
    let into = copies && paths.split_last().is_some_and(|(target, sources)| puts_settings(sources, target));
    into || paths.iter().any(|path| is_settings(path) || (whole && holds_settings(path, around)))
}

/// Whether one of these files is settings once it is in this folder.
fn puts_settings(sources: &[PathBuf], target: &Path) -> bool {
    sources.iter().filter_map(|source| source.file_name()).any(|file| is_settings(&target.join(file)))
}

/// The paths among the words, but for what is left alone.
fn paths_in(arguments: &[Arg], run: &Run) -> Vec<PathBuf> {
    let before = |at: usize| at.checked_sub(1).and_then(|before| arguments.get(before));
    let left = |at: usize| before(at).is_some_and(|word| matches!(word.text.as_str(), "-e" | "--exclude"));
    let words = arguments.iter().enumerate().filter(|(at, _)| !left(*at)).map(|(_, word)| option_value(word));
    words.filter(|word| !word.text.starts_with('-')).filter_map(|word| settings_of(&word, run)).collect()
}

/// `--file=path`, `of=path`.
fn option_value(word: &Arg) -> Arg {
    match word.text.split_once('=') {
        Some((_, value)) if !value.is_empty() => Arg::literal(value),
        _ => word.clone(),
    }
}

/// Whether a command takes blastgate itself away, or ends it.
fn takes_program(name: &str, arguments: &[Arg]) -> bool {
    let itself = |word: &Arg| base(&word.text) == "blastgate" && !word.text.contains("target/");
    let named = arguments.iter().any(itself);
    let removes = || {
        arguments
            .iter()
            .any(|word| matches!(word.text.as_str(), "uninstall" | "remove" | "unlink" | "rm" | "purge" | "-e"))
    };
    match name {
        "pkill" | "killall" | "kill" => named || arguments.iter().any(|word| word.text.contains("blastgate")),
        _ if TAKING.contains(&name) => named,
        _ if COPYING.contains(&name) => arguments.last().is_some_and(itself),
        _ if PACKAGES.contains(&name) => named && removes(),
        _ => false,
    }
}
