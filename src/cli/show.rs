//! Shows saved plans through the tool that made them.
//!
//! Showing a plan runs the tool and the provider programs of a directory. So the tool is looked for on the PATH alone, its
//! arguments are fixed, nothing in the environment adds to them, and what was run where is said each time. The tool gets a
//! private copy of the bytes that were read: what it shows, and what the plan tells by itself, are of the same plan.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use clap::value_parser;
use tempfile::TempPath;

use super::process::{self, Bounds, Fault, Finished};
use super::program::{Program, by_hand};
use crate::input::{InputError, Limits, SavedPlan};

const HEADING: &str = "Saved plans";

/// How saved plans are shown.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
pub(super) struct Options {
    /// What shows a saved plan: `terraform`, `tofu`, or a path to one of them. By default the one that made it
    #[arg(long, value_name = "PROGRAM", help_heading = HEADING)]
    pub(super) tool: Option<OsString>,

    /// The directory that a saved plan was made in: its providers are run. By default the nearest one with `.terraform`,
    /// from where the plan lies upwards
    #[arg(long, value_name = "DIR", help_heading = HEADING)]
    pub(super) chdir: Option<PathBuf>,

    /// How long showing a plan may take
    #[arg(long, default_value_t = 120, value_name = "SECONDS", value_parser = value_parser!(u64).range(1..=86_400))]
    #[arg(help_heading = HEADING)]
    pub(super) show_timeout: u64,

    /// A hook runs this: only these programs or those of fixed folders show a plan, and the tool stays in the hook's group,
    /// which goes as a whole.
    #[arg(skip)]
    pub(super) trusted: Option<Vec<PathBuf>>,

    /// A server's worker runs this: the directory is looked for in here and not above, and the tool stays in the worker's
    /// group, which goes as a whole.
    #[arg(skip)]
    pub(super) within: Option<PathBuf>,
}

/// A saved plan that was shown.
#[derive(Debug)]
pub(super) struct Shown {
    /// What the tool printed.
    pub(super) bytes: Vec<u8>,
    /// The tool.
    pub(super) by: String,
    /// The directory that it was run in.
    pub(super) folder: PathBuf,
    /// What was run, and where, in a sentence.
    pub(super) note: String,
}

/// Shows a saved plan: `bytes` are what was read from `path`, or from standard input where that is `-`.
pub(super) fn show(
    saved: &SavedPlan,
    (name, path, bytes): (&str, &Path, &[u8]),
    options: &Options,
    limits: &Limits,
) -> Result<Shown, InputError> {
    let program = match &options.trusted {
        Some(tools) => Program::trusted(saved, name, tools)?,
        None => Program::choose(saved, name, options.tool.as_deref())?,
    };
    let copy = copy(bytes).map_err(|error| {
        InputError::new(name, format!("it cannot be copied for the tool that shows it: {error}"))
            .help("make room where temporary files go, or set TMPDIR")
    })?;
    let place = Place::choose(name, path, &copy, options)?;
    let bounds = Bounds {
        time: Duration::from_secs(options.show_timeout),
        bytes: limits.bytes,
        own_group: options.trusted.is_none() && options.within.is_none(),
        stop: None,
    };
    let task = Task { name, place: &place, program: &program, copy: &copy, bounds };
    let bytes = task.run()?;
    let by = program.path.display().to_string();
    let note = format!("showed {name} with {by} in {}{}", place.known_as, program.instead);
    Ok(Shown { bytes, by, folder: place.path, note })
}

/// A private file with these bytes, which goes away with what is returned. Only its owner may read it.
fn copy(bytes: &[u8]) -> io::Result<TempPath> {
    let mut file = tempfile::Builder::new().prefix("blastgate-").suffix(".tfplan").tempfile()?;
    file.write_all(bytes)?;
    Ok(file.into_temp_path())
}

/// The directory in which a plan is shown.
struct Place {
    path: PathBuf,
    /// As the user knows it.
    known_as: String,
}

impl Place {
    fn choose(name: &str, plan: &Path, copy: &Path, options: &Options) -> Result<Self, InputError> {
        let unreachable = |path: &Path, error: &io::Error| {
            InputError::new(name, format!("the directory {} cannot be entered: {error}", path.display()))
                .help("name the directory that the plan was made in with --chdir")
        };
        if let Some(wanted) = options.chdir.as_deref() {
            return match fs::metadata(wanted) {
                Ok(found) if found.is_dir() => Self::at(wanted, wanted).map_err(|error| unreachable(wanted, &error)),
                Ok(_) => Err(unreachable(wanted, &io::ErrorKind::NotADirectory.into())),
                Err(error) => Err(unreachable(wanted, &error)),
            };
        }
        let beside = plan.parent().filter(|_| name != "-").filter(|folder| !folder.as_os_str().is_empty());
        let beside = beside.unwrap_or(Path::new("."));
        let own = Self::at(beside, beside).map_err(|error| unreachable(beside, &error))?;
        // The tools' own name for it may be changed; an absolute one is the same everywhere.
        let data = std::env::var_os("TF_DATA_DIR").filter(|data| !data.is_empty());
        let data = data.unwrap_or_else(|| OsString::from(".terraform"));
        let inside = |folder: &&Path| options.within.as_ref().is_none_or(|within| folder.starts_with(within));
        let found = own.path.ancestors().take_while(inside).find(|folder| folder.join(&data).is_dir());
        let Some(found) = found else { return Ok(own) };
        if !is_own(&found.join(&data), copy) {
            let what = format!(
                "{} belongs to somebody else, whose programs would be run to show the plan",
                found.join(&data).display()
            );
            return Err(InputError::new(name, what).help("name the directory that the plan was made in with --chdir"));
        }
        if found == own.path { Ok(own) } else { Self::at(found, found).map_err(|error| unreachable(found, &error)) }
    }

    fn at(path: &Path, known_as: &Path) -> io::Result<Self> {
        Ok(Self { path: std::path::absolute(path)?, known_as: known_as.display().to_string() })
    }
}

/// Whoever owns such a folder has any program run. That must be who runs this, as `own` is theirs, or the system's owner:
/// a folder for everybody, such as `/tmp`, may hold one that somebody else put there.
#[cfg(unix)]
fn is_own(folder: &Path, own: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let owner = |path: &Path| fs::metadata(path).map(|found| found.uid()).ok();
    owner(folder).is_some_and(|of| of == 0 || owner(own) == Some(of))
}

#[cfg(not(unix))]
fn is_own(_: &Path, _: &Path) -> bool {
    true
}

/// One run of a tool.
struct Task<'t> {
    name: &'t str,
    place: &'t Place,
    program: &'t Program,
    copy: &'t Path,
    bounds: Bounds,
}

impl Task<'_> {
    fn run(&self) -> Result<Vec<u8>, InputError> {
        let file = std::path::absolute(self.copy).unwrap_or_else(|_| self.copy.to_owned());
        let mut command = Command::new(&self.program.path);
        // An absolute path is no option, whatever the plan is called.
        command.args(["show", "-json", "-no-color"]).arg(&file).current_dir(&self.place.path);
        clear_environment(&mut command);
        match process::run(command, None, &self.bounds) {
            Ok(done) if !done.status.success() => Err(self.failed(&done, &file)),
            Ok(done) if done.stdout.trim_ascii().is_empty() => Err(self.error("printed nothing")),
            Ok(done) => Ok(done.stdout),
            Err(Fault::Broken(error)) => Err(self.error(&format!("cannot be run: {error}"))),
            Err(Fault::Late) => {
                let what = format!("was not done within {} seconds", self.bounds.time.as_secs());
                Err(self.error(&what).help(format!("give it longer with --show-timeout, or {}", self.by_hand())))
            }
            Err(Fault::Stopped) => Err(self.error("was stopped")),
            Err(Fault::Held) => Err(self.error("left something running that keeps its output open")),
            Err(Fault::TooMuch) => Err(InputError::too_large(self.name, self.bounds.bytes)),
        }
    }

    fn failed(&self, done: &Finished, file: &Path) -> InputError {
        let said = last_words(&done.stderr.replace(&*file.to_string_lossy(), self.name));
        let said = if said.is_empty() { String::new() } else { format!(": {said}") };
        let how = done.status.code().map_or_else(|| "was killed".to_owned(), |code| format!("failed with code {code}"));
        let init = format!("run `{} init` in {} if its providers are missing there", self.tool(), self.place.known_as);
        self.error(&format!("{how}{said}")).help(format!("{init}, or {}", self.by_hand()))
    }

    fn error(&self, what: &str) -> InputError {
        let run = format!("`{} show -json` in {}", self.program.path.display(), self.place.known_as);
        InputError::new(self.name, format!("this is a saved plan, and {run}, which should show it, {what}"))
            .help(self.by_hand())
    }

    fn by_hand(&self) -> String {
        by_hand(self.name, &self.tool())
    }

    fn tool(&self) -> String {
        self.program.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// Takes away what would change arguments or output, and says that nobody is there to be asked.
fn clear_environment(command: &mut Command) {
    for (key, _) in std::env::vars_os() {
        let name = key.to_string_lossy().to_ascii_uppercase();
        if name.starts_with("TF_CLI_ARGS") || name.starts_with("TF_LOG") {
            command.env_remove(&key);
        }
    }
    command.envs([("TF_IN_AUTOMATION", "1"), ("TF_INPUT", "0"), ("CHECKPOINT_DISABLE", "1")]);
}

/// What a tool complained of, in a line, without the frame that it draws.
fn last_words(stderr: &str) -> String {
    const MOST: usize = 600;
    let words: Vec<&str> = stderr.split_whitespace().filter(|word| !["│", "╷", "╵"].contains(word)).collect();
    let text = words.join(" ");
    let text = text.trim_end_matches('.');
    match text.char_indices().nth_back(MOST) {
        Some((cut, _)) => format!("… {}", text.get(cut..).unwrap_or_default()),
        None => text.to_owned(),
    }
}
