//! Judges a saved plan as `blastgate check` does, from bytes that are read once.
//!
//! What is judged is the file as it is now. That it is still the same when the command runs, nobody can promise here.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::inputs::Inputs;
use crate::cli::show;
use crate::command::SavedPlanRun;
use crate::hook::{Elsewhere, Judge, Judged};

/// What a plan may have, and what it may be when it is shown. More would not be read within the time there is.
const MOST_BYTES: usize = 1 << 30;
/// How long the tool may take, in seconds; the hook itself has a little more.
const SHOW_SECONDS: u64 = 16;
/// So many folders of a project are looked through for another plan of the same name.
const MOST_FOLDERS: usize = 20_000;

/// Judges the plans of this machine.
pub(super) struct Desk {
    /// The tools that may show a plan.
    pub(super) tools: Vec<PathBuf>,
}

impl Judge for Desk {
    fn judge(&self, run: &SavedPlanRun) -> Judged {
        if !fs::metadata(&run.plan).is_ok_and(|about| about.is_file()) {
            return Judged::Unread(format!("there is no file {}", run.plan.display()));
        }
        if !run.directory.is_dir() {
            return Judged::Unread(format!("there is no directory {}", run.directory.display()));
        }
        let show = show::Options {
            chdir: Some(run.directory.clone()),
            show_timeout: SHOW_SECONDS,
            trusted: Some(self.tools.clone()),
            ..show::Options::default()
        };
        Inputs::saved(run.plan.clone(), MOST_BYTES, show).read(true, |read| {
            if let Some(error) = read.errors.first() {
                return Judged::Unread(error.to_string());
            }
            let report = read.report(0);
            // A tool applies saved plans only; that this one is shown is the proof that it is one.
            if !report.inputs.iter().any(|input| input.role == "plan" && input.shown_by.is_some()) {
                return Judged::Unread(format!("{} is no saved plan", run.plan.display()));
            }
            Judged::Read(Box::new(report))
        })
    }

    fn elsewhere(&self, directory: &Path, plan: &Path) -> Elsewhere {
        let name = plan.strip_prefix(directory).ok().or_else(|| plan.file_name().map(Path::new)).unwrap_or(plan);
        let mut open = vec![root(directory)];
        for _ in 0..MOST_FOLDERS {
            let Some(folder) = open.pop() else { return Elsewhere::Nothing };
            let other = folder.join(name);
            if other != plan && other.exists() {
                return Elsewhere::Found(other);
            }
            open.extend(folders(&folder));
        }
        Elsewhere::Unknown
    }
}

/// The root of the project that a directory is in: where its history is kept, else itself.
fn root(directory: &Path) -> PathBuf {
    directory.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(directory).to_path_buf()
}

/// The folders in a folder, in reverse order, without those that are no place of the project's own. No link is followed.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut inner: Vec<PathBuf> = entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter(|entry| !matches!(entry.file_name().to_str(), Some(".git" | ".terraform" | "node_modules")))
        .map(|entry| entry.path())
        .collect();
    inner.sort_by(|a, b| b.cmp(a));
    inner
}
