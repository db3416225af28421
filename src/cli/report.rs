//! `blastgate report`: reports that were written before, put together and written again.

use std::path::PathBuf;

use super::complain;
use super::exit::{self, Code};
use super::inputs::load;
use super::writing;
use crate::input::Limits;
use crate::report;

const AFTER_HELP: &str = "\
The exit code is that of the worst report, as with `blastgate check`; a report that cannot be read is an error (2), and
nothing is written then.

Examples:
  blastgate report network.json app.json --format markdown > comment.md
  blastgate report report.json --output html=report.html --output sarif=blastgate.sarif";

/// What `report` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// Reports that `blastgate check --format json` wrote: files, or `-` for standard input
    #[arg(required = true, value_name = "REPORT")]
    reports: Vec<PathBuf>,

    #[command(flatten)]
    writing: writing::Options,
}

/// Puts reports together and writes the result.
pub(super) fn run(arguments: &Arguments) -> Code {
    let limits = Limits::default();
    let mut reports = Vec::new();
    let mut failed = false;
    for path in &arguments.reports {
        let name = path.to_string_lossy().into_owned();
        match load(path, &name, &limits).and_then(|bytes| report::read(&name, &bytes)) {
            Ok(read) => reports.push((name, read)),
            Err(error) => {
                complain(&format!("error: {error}"));
                failed = true;
            }
        }
    }
    let Some(merged) = report::merge(reports).filter(|_| !failed) else { return exit::ERROR };
    let errors: Vec<String> = merged.inputs.iter().filter_map(|input| input.error.clone()).collect();
    arguments.writing.finish(&merged, &errors)
}
