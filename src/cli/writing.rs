//! Reports to bytes and files: what every command that makes a report does last.

use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::RangedU64ValueParser;

use super::exit::{self, Code};
use super::{complain, print, summary};
use crate::output::{self, Format, Style};
use crate::report::{Outcome, Report};

/// Where reports go, in which form, and what they make of the exit code.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Options {
    /// How to write the report on standard output
    #[arg(long, default_value = "human", value_parser = format_names(), value_name = "FORMAT")]
    format: String,

    /// Write the report into a file as well, as often as wanted: `--output sarif=blastgate.sarif --output html=report.html`
    #[arg(long, value_parser = file, value_name = "FORMAT=FILE")]
    output: Vec<File>,

    /// The most characters that Markdown may have, counted as bytes: 65536 is GitHub's limit for a comment, 150000 that of
    /// Azure Repos, 1000000 that of GitLab
    #[arg(long, default_value_t = output::COMMENT, value_parser = RangedU64ValueParser::<usize>::new().range(100..), value_name = "N")]
    max_chars: usize,

    /// The least verdict that makes the exit code non-zero; the report stays the same, and errors are always 2
    #[arg(long, default_value = "review", value_name = "VERDICT")]
    fail_on: FailOn,

    /// When to use colour; with auto, `NO_COLOR` and `CLICOLOR_FORCE` are heeded
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    color: Color,
}

/// One file to write.
#[derive(Debug, Clone)]
struct File {
    format: &'static Format,
    path: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Review and block
    Review,
    /// Block only
    Block,
    /// No verdict
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// Where a person looks on
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

fn format_names() -> clap::builder::PossibleValuesParser {
    output::FORMATS
        .iter()
        .map(|format| clap::builder::PossibleValue::new(format.name).help(format.about))
        .collect::<Vec<_>>()
        .into()
}

fn file(text: &str) -> Result<File, String> {
    let known = || output::FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
    let (name, path) = text.split_once('=').ok_or("write it as FORMAT=FILE")?;
    let format = output::FORMATS.iter().find(|format| format.name == name);
    let format = format.ok_or_else(|| format!("there is no format {name:?}; there are {}", known()))?;
    if path.is_empty() || path == "-" {
        return Err("give the name of a file; --format is for standard output".to_owned());
    }
    Ok(File { format, path: path.into() })
}

impl Options {
    /// So many nodes of a picture some output can use.
    pub(super) fn drawn(&self) -> usize {
        let files = self.output.iter().map(|file| file.format.draws);
        files.chain(self.shown().map(|format| format.draws)).max().unwrap_or(0)
    }

    /// Some output is kept or handed on, so that what it says must be bound to what was judged.
    pub(super) fn is_kept(&self) -> bool {
        !self.output.is_empty() || self.format != "human"
    }

    fn shown(&self) -> Option<&'static Format> {
        output::FORMATS.iter().find(|format| format.name == self.format)
    }

    /// Writes the report everywhere and makes its exit code. `errors` go to standard error where no person sees them in the
    /// report; a report about nothing but errors is not shown to one.
    pub(super) fn finish(&self, report: &Report, errors: &[String]) -> Code {
        let style = Style { color: self.color.is_on(), max_chars: self.max_chars };
        let nothing_read = report.inputs.iter().filter(|input| input.role == "plan").all(|input| input.error.is_some());
        let is_human = self.format == "human";
        let quiet = nothing_read && is_human;
        if quiet || !is_human {
            for error in errors {
                complain(&format!("error: {error}"));
            }
        }
        let failed = !self.write(report, style, quiet);
        match (report.verdict, self.fail_on) {
            _ if failed => exit::ERROR,
            (Outcome::Error, _) => exit::ERROR,
            (Outcome::Block, FailOn::Review | FailOn::Block) => exit::BLOCK,
            (Outcome::Review, FailOn::Review) => exit::REVIEW,
            _ => exit::ALLOW,
        }
    }

    /// Writes the report everywhere, what can be written whatever else cannot; says what could not, and returns whether all
    /// could. `quiet`: not on standard output.
    fn write(&self, report: &Report, style: Style, quiet: bool) -> bool {
        let mut all = true;
        let mut failed = |what: &str, error: &io::Error| {
            complain(&format!("error: {what} cannot be written: {error}"));
            all = false;
        };
        for file in &self.output {
            if let Err(error) = write(&file.path, &(file.format.write)(report, style)) {
                failed(&file.path.display().to_string(), &error);
            }
        }
        let text = self.shown().filter(|_| !quiet).map(|format| (format.write)(report, style)).unwrap_or_default();
        if let Err(error) = print(&text) {
            failed("the report", &error);
        }
        let summary = summary::file().filter(|_| self.format == "github");
        if let Some(Err(error)) = summary.map(|path| summary::append(report, &path)) {
            // Nobody asked for it by name, and a verdict is not worth less without it.
            complain(&format!("note: the job's summary cannot be written: {error}"));
        }
        all
    }
}

/// Writes a file aside and renames it, so that nobody reads a half of it. A link is followed, and what is no ordinary
/// file (a pipe, a terminal) is written to as it is.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&path).is_ok_and(|about| !about.is_file()) {
        return fs::OpenOptions::new().write(true).open(&path)?.write_all(text.as_bytes());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut aside = tempfile::Builder::new();
    aside.prefix(".blastgate-");
    let known = fs::metadata(&path).map(|about| about.permissions());
    #[cfg(unix)]
    let known = known.or_else(|_| Ok::<_, io::Error>(std::os::unix::fs::PermissionsExt::from_mode(0o666)));
    if let Ok(permissions) = known {
        aside.permissions(permissions);
    }
    let mut file = aside.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

impl Color {
    /// Colour is to be used.
    pub(super) fn is_on(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                !set("NO_COLOR") && (set("CLICOLOR_FORCE") || io::stdout().is_terminal())
            }
        }
    }
}
