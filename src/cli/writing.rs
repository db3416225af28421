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

    #[command(flatten)]
    files: Files,

    /// The least verdict that makes the exit code non-zero; the report stays the same, and errors are always 2
    #[arg(long, default_value = "review", value_name = "VERDICT")]
    fail_on: FailOn,

    /// When to use colour; with auto, `NO_COLOR` and `CLICOLOR_FORCE` are heeded
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    color: Color,
}

/// Files that hold the report.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Files {
    /// Write the report into a file as well, as often as wanted: `--output sarif=blastgate.sarif --output html=report.html`
    #[arg(long, value_parser = file, value_name = "FORMAT=FILE")]
    output: Vec<File>,

    /// The most characters that Markdown may have, counted as bytes: 65536 is GitHub's limit for a comment, 150000 that of
    /// Azure Repos, 1000000 that of GitLab
    #[arg(long, default_value_t = output::COMMENT, value_parser = RangedU64ValueParser::<usize>::new().range(100..), value_name = "N")]
    max_chars: usize,
}

/// One file to write.
#[derive(Debug, Clone)]
struct File {
    format: &'static Format,
    path: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
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
    let format = output::format(name);
    let format = format.ok_or_else(|| format!("there is no format {name:?}; there are {}", known()))?;
    if path.is_empty() || path == "-" {
        return Err("give the name of a file; --format is for standard output".to_owned());
    }
    Ok(File { format, path: path.into() })
}

impl Options {
    /// So many nodes of a picture some output can use.
    pub(super) fn drawn(&self) -> usize {
        let files = self.files.output.iter().map(|file| file.format.draws);
        files.chain(self.shown().map(|format| format.draws)).max().unwrap_or(0)
    }

    /// Some output is kept or handed on, so that what it says must be bound to what was judged.
    pub(super) fn is_kept(&self) -> bool {
        !self.files.output.is_empty() || self.format != "human"
    }

    fn shown(&self) -> Option<&'static Format> {
        output::format(&self.format)
    }

    /// Writes the report everywhere and makes its exit code. `errors` go to standard error where no person sees them in the
    /// report; a report about nothing but errors is not shown to one.
    pub(super) fn finish(&self, report: &Report, errors: &[String]) -> Code {
        let style = Style { color: self.color.is_on(), max_chars: self.files.max_chars };
        let nothing_read = report.inputs.iter().filter(|input| input.role == "plan").all(|input| input.error.is_some());
        let is_human = self.format == "human";
        let quiet = nothing_read && is_human;
        if quiet || !is_human {
            for error in errors {
                complain(&format!("error: {error}"));
            }
        }
        let mut failed = self.files.write(report, style).map_err(|error| complain(&format!("error: {error}"))).is_err();
        let text = self.shown().filter(|_| !quiet).map(|format| (format.write)(report, style)).unwrap_or_default();
        if let Err(error) = print(&text) {
            complain(&format!("error: the report cannot be written: {error}"));
            failed = true;
        }
        let summary = summary::file().filter(|_| self.format == "github");
        if let Some(Err(error)) = summary.map(|path| summary::append(report, &path)) {
            // Nobody asked for it by name, and a verdict is not worth less without it.
            complain(&format!("note: the job's summary cannot be written: {error}"));
        }
        if failed { exit::ERROR } else { self.fail_on.code(report) }
    }
}

impl FailOn {
    /// The exit code of a report: its verdict's, unless that is to fail nothing, or somebody's approval lets it go on.
    pub(super) fn code(self, report: &Report) -> Code {
        match (report.verdict, self) {
            (Outcome::Error, _) => exit::ERROR,
            (Outcome::Block, Self::Review | Self::Block) => exit::BLOCK,
            (Outcome::Review, Self::Review) if report.approval.is_none() => exit::REVIEW,
            _ => exit::ALLOW,
        }
    }
}

impl Files {
    /// Writes all files, or says which of them could not be written.
    fn write(&self, report: &Report, style: Style) -> Result<(), String> {
        let mut failed = Vec::new();
        for File { format, path } in &self.output {
            if let Err(error) = write(path, &(format.write)(report, style)) {
                failed.push(format!("{} cannot be written: {error}", path.display()));
            }
        }
        if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) }
    }

    /// The same where nothing goes to standard output.
    #[cfg(feature = "github")]
    pub(super) fn keep(&self, report: &Report) -> Result<(), String> {
        self.write(report, Style { max_chars: self.max_chars, ..Style::default() })
    }
}

/// The report as a comment of so many characters at most.
#[cfg(feature = "github")]
pub(super) fn markdown(report: &Report, max_chars: usize) -> String {
    let format = output::format("markdown");
    format.map(|format| (format.write)(report, Style { max_chars, ..Style::default() })).unwrap_or_default()
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
