//! `blastgate hook install`: puts the hook into an agent's settings, takes it out, and tells whether it is in force.

mod check;
mod edit;
mod own;
mod store;

use std::path::{Path, PathBuf};

use jsonc_parser::cst::CstInputValue;
use similar::TextDiff;

use self::store::Folders;
use super::{Tools, agents};
use crate::cli::exit::{self, Code};
use crate::cli::program::Program;
use crate::cli::{complain, print};
use crate::hook::{self, Dialect, Place, Scope};
use crate::output::clean;

const AFTER_HELP: &str = "\
It shows what it changes. Nothing else in the files is touched, and --uninstall takes out exactly what was put in.

Exit codes:
  0  it is done, or with --check: the hook is in force
  1  with --check: the hook is not in force; what is printed says why
  2  error: wrong usage, settings that cannot be read or written

Examples:
  blastgate hook install claude --user
  blastgate hook install copilot --dry-run
  blastgate hook install codex --user --tool /opt/terraform/1.11/terraform
  blastgate hook install gemini --check";

/// What `hook install` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
#[expect(clippy::struct_excessive_bools, reason = "they are switches of a command line")]
pub(super) struct Arguments {
    /// The agent
    #[arg(value_name = "AGENT", value_parser = agents())]
    agent: String,

    /// For everybody in this project, in the current directory; this is the default
    #[arg(long, conflicts_with = "user")]
    project: bool,

    /// For you, in all projects
    #[arg(long)]
    user: bool,

    /// Take it out again
    #[arg(long, conflicts_with = "check")]
    uninstall: bool,

    /// Tell whether it is in force
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,

    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    tools: Tools,
}

/// Runs what was asked.
pub(super) fn run(arguments: &Arguments) -> Code {
    let Some(dialect) = hook::dialect(&arguments.agent) else { return exit::ERROR };
    let scope = if arguments.user { Scope::User } else { Scope::Project };
    let done = Folders::find(dialect).and_then(|folders| {
        if arguments.check {
            return check::run(dialect, scope, &folders);
        }
        change(dialect, scope, &folders, arguments)
    });
    done.unwrap_or_else(|error| {
        format!("error: {error}").lines().for_each(complain);
        exit::ERROR
    })
}

/// A file with what it has and what it is to have; none is no file.
struct Change {
    path: PathBuf,
    before: String,
    after: Option<String>,
}

fn change(dialect: &Dialect, scope: Scope, folders: &Folders, arguments: &Arguments) -> Result<Code, String> {
    let commands = Commands::new(dialect, &arguments.tools)?;
    let mut changes = Vec::new();
    for place in dialect.settings.places(scope) {
        for path in folders.files(scope, place) {
            let planned = plan(dialect, place, &path, &commands, arguments.uninstall);
            changes.push(planned.map_err(|error| refusal(&path, &error, place, &commands))?);
        }
    }
    if changes.is_empty() {
        let pattern = dialect.settings.places(scope).first().map_or("", |place| place.path);
        return Err(format!(
            "{} keeps hooks in agents, and there is none: {}\nhelp: make one first",
            dialect.agent,
            folders.of(scope).join(pattern).display()
        ));
    }
    let mut told = Vec::new();
    for change in &changes {
        told.push(tell(change, arguments.dry_run));
        if !arguments.dry_run {
            carry_out(change)?;
        }
    }
    if !arguments.uninstall {
        told.push(format!("note: {}\n", dialect.settings.after));
        let lacking = Program::none_trusted().filter(|_| arguments.tools.tools.is_empty());
        told.extend(lacking.map(|note| format!("note: {}\n", clean(&note))));
    }
    print(&told.concat()).map_err(|error| format!("what was done cannot be told: {error}"))?;
    Ok(exit::ALLOW)
}

fn refusal(path: &Path, error: &str, place: &Place, commands: &Commands) -> String {
    let keys = place.lists.iter().map(|keys| keys.join(".")).collect::<Vec<_>>().join(", ");
    let entry = edit::value(&commands.entry(place)).unwrap_or_default();
    format!("{}: {error}\nhelp: nothing was changed; add this by hand to the list {keys}: {entry}", path.display())
}

fn plan(
    dialect: &Dialect,
    place: &'static Place,
    path: &Path,
    commands: &Commands,
    uninstall: bool,
) -> Result<Change, String> {
    let before = store::read(path)?;
    let change = |after| Change { path: path.to_path_buf(), before: before.clone(), after };
    if uninstall && before.is_empty() {
        return Ok(change(path.exists().then(String::new)));
    }
    if !uninstall {
        return Ok(change(Some(edit::with(&before, place, dialect.name, &commands.entry(place))?)));
    }
    let (after, more) = edit::without(&before, place, dialect.name)?;
    Ok(change((more || !place.own).then_some(after)))
}

/// What changes in a file, line by line.
fn tell(change: &Change, dry: bool) -> String {
    let path = clean(&change.path.display().to_string());
    let after = change.after.as_deref().unwrap_or_default();
    if change.before == after && (change.after.is_some() || !change.path.exists()) {
        return format!("{path}: nothing to change\n");
    }
    let verb = match (dry, &change.after) {
        (true, Some(_)) => "would be changed",
        (true, None) => "would be removed",
        (false, Some(_)) => "changed",
        (false, None) => "removed",
    };
    let lines = TextDiff::from_lines(change.before.as_str(), after);
    let lines = lines.unified_diff().context_radius(3).missing_newline_hint(false).to_string();
    let lines: Vec<String> = lines.lines().map(clean).collect();
    format!("{path}: {verb}\n{}\n", lines.join("\n"))
}

fn carry_out(change: &Change) -> Result<(), String> {
    let named = |error: String| format!("{}: {error}", change.path.display());
    match &change.after {
        Some(after) if *after == change.before => Ok(()),
        Some(after) => store::write(&change.path, after).map_err(named),
        None if change.path.exists() => {
            std::fs::remove_file(&change.path).map_err(|error| named(format!("it cannot be removed: {error}")))
        }
        None => Ok(()),
    }
}

/// The command that a hook runs, for the shells that agents use.
struct Commands {
    unix: String,
    powershell: String,
}

impl Commands {
    fn new(dialect: &Dialect, tools: &Tools) -> Result<Self, String> {
        let program = this_program()?;
        let mut words = vec![program, "hook".to_owned(), dialect.name.to_owned()];
        for tool in &tools.tools {
            words.extend(["--tool".to_owned(), named(tool)?]);
        }
        Self::of(&words).ok_or_else(|| "a path in the command cannot be quoted".to_owned())
    }

    fn of(words: &[String]) -> Option<Self> {
        let unix: Option<Vec<String>> = words.iter().map(|word| quoted(word)).collect();
        let powershell: Vec<String> = words.iter().map(|word| format!("'{}'", word.replace('\'', "''"))).collect();
        Some(Self { unix: unix?.join(" "), powershell: format!("& {}", powershell.join(" ")) })
    }

    fn entry(&self, place: &Place) -> CstInputValue {
        (place.entry)(&self.unix, &self.powershell)
    }
}

/// A word as the shell that runs hooks takes it for one.
fn quoted(word: &str) -> Option<String> {
    if cfg!(windows) {
        return (!word.contains(['"', '%'])).then(|| format!("\"{word}\""));
    }
    shlex::try_quote(word).ok().map(std::borrow::Cow::into_owned)
}

fn named(path: &Path) -> Result<String, String> {
    path.to_str().map(ToOwned::to_owned).ok_or_else(|| format!("{} is not UTF-8", path.display()))
}

/// Where this program is, by a path that stays when it is replaced by a newer one: a link to it, if it was called by one.
fn this_program() -> Result<String, String> {
    let own = std::env::current_exe().map_err(|error| format!("this program does not find itself: {error}"))?;
    let called = std::env::args_os().next().map(PathBuf::from).unwrap_or_default();
    let called: Vec<PathBuf> = if called.components().count() > 1 {
        std::path::absolute(&called).ok().into_iter().collect()
    } else {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).filter(|folder| folder.is_absolute()).map(|folder| folder.join(&called)).collect()
    };
    let real = own.canonicalize().ok();
    let same = called.into_iter().find(|path| real.is_some() && path.canonicalize().ok() == real);
    named(&same.unwrap_or(own))
}
