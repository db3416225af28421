//! `blastgate catalog`: what resource types are worth.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::NonEmptyStringValueParser;

use super::exit::{self, Code};
use super::{complain, print};
use crate::catalog::{self, Answer, Catalog, GuardAnswer, WayBack};
use crate::input::{self, InputError, Limits};
use crate::output;

const AFTER_HELP: &str = "\
A type that no row fits is answered as unknown: it counts as a dependent, and its loss asks for a person.

Exit codes:
  0  it was answered, known or not
  2  bad input, wrong usage

Examples:
  blastgate catalog aws_db_instance AWS::RDS::DBInstance
  terraform providers schema -json > schemas.json && blastgate catalog --missing schemas.json
  blastgate catalog --rows ours.tsv acme_database";

/// What `catalog` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// Resource types: of a Terraform provider, or of CloudFormation
    #[arg(required_unless_present = "missing", value_name = "TYPE", value_parser = NonEmptyStringValueParser::new())]
    kinds: Vec<String>,

    /// List the types without a row of their own in what `terraform providers schema -json` printed, or in `-`
    #[arg(long, value_name = "SCHEMAS", conflicts_with = "kinds")]
    missing: Option<PathBuf>,

    #[command(flatten)]
    rows: Rows,

    /// How to write it
    #[arg(long, default_value = "human", value_name = "FORMAT")]
    format: Format,
}

/// A user's own rows.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Rows {
    /// Rows of your own, which come before the catalogue's: a file of the form that docs/catalog.md gives
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person at a terminal
    Human,
    /// For programs: a list of types
    Json,
}

impl Rows {
    /// The catalogue with these rows.
    pub(super) fn catalog(&self) -> Result<Catalog, InputError> {
        let Some(path) = &self.rows else { return Ok(Catalog::default()) };
        let help = "docs/catalog.md says how rows are written";
        let (name, text) = read(path, help)?;
        // They are asked until the process ends.
        Catalog::with_rows(text.leak())
            .map_err(|error| InputError::new(&name, format!("these are no rows of the catalogue: {error}")).help(help))
    }
}

/// Answers.
pub(super) fn run(arguments: &Arguments) -> Code {
    let answers = arguments.rows.catalog().and_then(|catalog| answers(arguments, &catalog));
    let written = answers.map(|answers| match arguments.format {
        Format::Json => output::pretty(&answers),
        Format::Human if arguments.missing.is_some() => list(&answers),
        Format::Human => pages(&answers),
    });
    match written.map(|text| print(&text)) {
        Ok(Ok(())) => exit::ALLOW,
        Ok(Err(error)) => {
            complain(&format!("error: the answers cannot be written: {error}"));
            exit::ERROR
        }
        Err(error) => {
            complain(&format!("error: {error}"));
            exit::ERROR
        }
    }
}

fn answers(arguments: &Arguments, catalog: &Catalog) -> Result<Vec<Answer>, InputError> {
    let Some(path) = &arguments.missing else {
        return Ok(arguments.kinds.iter().map(|kind| catalog.answer(kind)).collect());
    };
    let help = "run `terraform init` and `terraform providers schema -json` in a directory that uses the providers";
    let (name, text) = read(path, help)?;
    catalog::missing(catalog, &text).map_err(|error| InputError::new(&name, error.to_string()).help(help))
}

/// Reads a text; `help` says what it should be.
fn read(path: &Path, help: &str) -> Result<(String, String), InputError> {
    let name = path.to_string_lossy().into_owned();
    let bytes = super::inputs::load(path, &name, &Limits::default())?;
    let text = input::decode(&name, &bytes).map_err(|error| error.help(help))?.into_owned();
    Ok((name, text))
}

/// One line a type.
fn list(answers: &[Answer]) -> String {
    let line = |answer: &Answer| {
        let kind = output::clean(&answer.kind);
        format!("{kind:<56}  {:<9}  {:<10}  {}\n", answer.holds, answer.standing, output::clean(answer.basis))
    };
    let lines: String = answers.iter().map(line).collect();
    let types = if answers.len() == 1 { "type" } else { "types" };
    format!("{lines}\n{} {types} without a row of their own\n", answers.len())
}

/// A page for each type, and once what attributes mean that any type may have.
fn pages(answers: &[Answer]) -> String {
    let mut pages: Vec<String> = answers.iter().map(page).collect();
    let common = answers.iter().map(|answer| answer.guards.iter().filter(|guard| guard.common).collect::<Vec<_>>());
    pages.extend(common.max_by_key(Vec::len).filter(|guards| !guards.is_empty()).map(|guards| by_name(&guards)));
    pages.join("\n")
}

/// All that there is to say of a type alone.
fn page(answer: &Answer) -> String {
    let mut lines = vec![output::clean(&answer.kind)];
    let mut line = |what: &str, said: &str| lines.extend(wrapped(what, said));
    line("holds", holds(answer));
    line("standing", standing(answer));
    for guard in answer.guards.iter().filter(|guard| !guard.common) {
        let default = if guard.on_by_default { "; on by default" } else { "" };
        line(guard.kind, &format!("{}: {}{default}", meaning(guard), guard.sentence()));
    }
    line("way back", way_back(answer));
    line("basis", &basis(answer));
    if let Some(note) = answer.note {
        line("note", note);
    }
    lines.push(String::new());
    lines.join("\n")
}

/// What attributes mean by their name alone.
fn by_name(guards: &[&GuardAnswer]) -> String {
    let mut lines = vec!["Attributes that guard any type that has them".to_owned()];
    for kind in guards.chunk_by(|a, b| a.kind == b.kind) {
        let names: Vec<String> = kind.iter().map(|guard| guard.sentence()).collect();
        let Some(first) = kind.first() else { continue };
        lines.extend(wrapped(first.kind, &format!("{}: {}", meaning(first), names.join(", "))));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn holds(answer: &Answer) -> &'static str {
    match answer.holds {
        "records" => "records: no code makes them again",
        "transient" => "passing contents: messages, logs or metrics",
        "nothing" => "nothing: code makes it again",
        _ => "unknown: it may hold anything",
    }
}

fn standing(answer: &Answer) -> &'static str {
    match answer.standing {
        "foundation" => "foundation: others are built in it or on it",
        "service" => "service: it serves, runs, stores for others or grants access",
        "support" => "support: alone it interrupts little",
        "routine" => "routine: replaced by design",
        _ => "unknown: it counts as a dependent, and its loss asks for a person",
    }
}

fn way_back(answer: &Answer) -> &'static str {
    match answer.way_back {
        WayBack::Default => "by default; a verdict counts it where the plan shows it",
        WayBack::WhenSet => "where a guard above is set",
        WayBack::WhenCommonSet => "where it has such an attribute, and that is set",
        WayBack::None => "none that is known",
    }
}

fn meaning(guard: &GuardAnswer) -> &'static str {
    match guard.kind {
        "lock" => "refuses the delete",
        "hold" => "keeps contents from deletion",
        "copy" => "leaves a copy",
        "window" => "deletes later, or softly",
        "backup" => "backups",
        "keep" => "leaves it running",
        "empty" => "empties it first",
        "expire" => "makes contents expire",
        _ => "capacity or switch",
    }
}

fn basis(answer: &Answer) -> String {
    match answer.basis {
        "exact" => "a row of its own".to_owned(),
        "unknown" => "no row fits; `--rows` takes one of your own".to_owned(),
        pattern => format!("the pattern {pattern}"),
    }
}

/// A line of a page, broken before column 100. A user's own rows may hold anything.
fn wrapped(what: &str, said: &str) -> Vec<String> {
    const WIDTH: usize = 86;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in output::clean(said).split(' ') {
        if !line.is_empty() && line.len().saturating_add(word.len()) >= WIDTH {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    let first = std::iter::once(what).chain(std::iter::repeat(""));
    first.zip(lines).map(|(what, line)| format!("  {what:<9} {line}")).collect()
}
