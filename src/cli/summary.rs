//! The summary of a job on GitHub, which is a file that belongs to the step.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::output;
use crate::report::Report;

/// What parts the report from what a step has written before.
const BETWEEN: &str = "\n\n";

/// The file that GitHub shows as the summary of the step that this runs in.
pub(super) fn file() -> Option<PathBuf> {
    std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path: &OsString| !path.is_empty()).map(PathBuf::from)
}

/// Adds the report behind what is there, in the room that leaves: GitHub shows nothing of a summary that is too large.
pub(super) fn append(report: &Report, path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let there = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let between = if there > 0 { BETWEEN } else { "" };
    let text = output::summary(report, output::SUMMARY.saturating_sub(there).saturating_sub(between.len()));
    if text.is_empty() {
        return Err(io::Error::other("what the step has written leaves no room for it"));
    }
    file.write_all(format!("{between}{text}").as_bytes())
}
