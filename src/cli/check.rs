//! `blastgate check`: judge plans.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::PathBuf;

use clap::ValueEnum;

use super::exit::{self, Code};
use super::{complain, print};
use crate::input::{self, InputError, Limits};
use crate::output::{self, Style};
use crate::plan::Plan;
use crate::report::{Outcome, Report};

const AFTER_HELP: &str = "\
Exit codes:
  0  allow   nothing here needs a second pair of eyes
  1  block   this loses data or takes down what others stand on
  2  error   bad input, no plan, wrong usage: never a verdict
  3  review  a person other than the author must agree first
With several plans 2 beats 1 beats 3 beats 0.

Examples:
  terraform plan -out=tfplan && terraform show -json tfplan | blastgate check -
  blastgate check network.json app.json
  blastgate check --format json plan.json > report.json";

/// What `check` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// What `terraform show -json PLAN` or `tofu show -json PLAN` printed: files, or `-` for standard input
    #[arg(required = true, value_name = "PLAN")]
    plans: Vec<PathBuf>,

    /// How to write the report
    #[arg(long, default_value = "human", value_parser = format_names(), value_name = "FORMAT")]
    format: String,

    /// The least verdict that makes the exit code non-zero; the report stays the same, and errors are always 2
    #[arg(long, default_value = "review", value_name = "VERDICT")]
    fail_on: FailOn,

    /// When to use colour; with auto, `NO_COLOR` and `CLICOLOR_FORCE` are heeded
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    color: Color,

    /// The most bytes that one plan may have
    #[arg(long, default_value_t = Limits::default().bytes, value_name = "BYTES")]
    max_bytes: usize,
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
enum Color {
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

/// Judges and reports.
pub(super) fn run(arguments: &Arguments) -> Code {
    let limits = Limits { bytes: arguments.max_bytes, ..Limits::default() };
    let mut errors = Vec::new();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (place, path) in arguments.plans.iter().enumerate() {
        let name = path.to_string_lossy().into_owned();
        let again = name == "-" && arguments.plans.iter().take(place).any(|earlier| earlier == path);
        match load(path, &name, &limits) {
            _ if again => errors.push(InputError::new(&name, "standard input is given twice").help("give it once")),
            // One plan given twice is one plan; as two, its dependents would count double.
            Ok(bytes) if files.iter().any(|(_, known)| *known == bytes) => {
                complain(&format!("note: {name} was given already; it is judged once"));
            }
            Ok(bytes) => files.push((name, bytes)),
            Err(error) => errors.push(error),
        }
    }
    let texts: Vec<(&str, Cow<'_, str>)> =
        keep(files.iter().map(|(name, bytes)| Ok((&**name, input::decode(name, bytes)?))), &mut errors);
    let read: Vec<Vec<Plan<'_>>> = keep(texts.iter().map(|(name, text)| input::read(name, text, &limits)), &mut errors);
    let plans: Vec<Plan<'_>> = read.into_iter().flatten().collect();
    let report = crate::assess_with_errors(&plans, &errors);
    let code = finish(arguments, &report, &errors);
    // Giving memory back piece by piece would take longer than all of the above; the process ends here.
    std::mem::forget((plans, report));
    code
}

/// Sorts results from errors.
fn keep<T>(results: impl Iterator<Item = Result<T, InputError>>, errors: &mut Vec<InputError>) -> Vec<T> {
    results.filter_map(|result| result.map_err(|error| errors.push(error)).ok()).collect()
}

fn load(path: &PathBuf, name: &str, limits: &Limits) -> Result<Vec<u8>, InputError> {
    let failed = |error: io::Error| {
        InputError::new(name, format!("it cannot be read: {error}")).help("check the path and its permissions")
    };
    let most = u64::try_from(limits.bytes).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if name == "-" {
        io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        if size >= most {
            return Err(InputError::too_large(name, limits.bytes));
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        bytes.try_reserve_exact(size).map_err(|_| InputError::new(name, "there is not enough memory to read it"))?;
        file.take(most).read_to_end(&mut bytes).map_err(failed)?;
    }
    if bytes.len() > limits.bytes {
        return Err(InputError::too_large(name, limits.bytes));
    }
    Ok(bytes)
}

fn finish(arguments: &Arguments, report: &Report, errors: &[InputError]) -> Code {
    let style = Style { color: use_color(arguments.color) };
    let format = output::FORMATS.iter().find(|format| format.name == arguments.format);
    let nothing_read = report.inputs.iter().all(|input| input.error.is_some());
    let quiet = nothing_read && arguments.format == "human";
    // A person finds the errors in the report, where there is one.
    if quiet || arguments.format != "human" {
        for error in errors {
            complain(&format!("error: {error}"));
        }
    }
    let text = format.filter(|_| !quiet).map(|format| (format.write)(report, style)).unwrap_or_default();
    if let Err(error) = print(&text) {
        complain(&format!("error: the report cannot be written: {error}"));
        return exit::ERROR;
    }
    match (report.verdict, arguments.fail_on) {
        (Outcome::Error, _) => exit::ERROR,
        (Outcome::Block, FailOn::Review | FailOn::Block) => exit::BLOCK,
        (Outcome::Review, FailOn::Review) => exit::REVIEW,
        _ => exit::ALLOW,
    }
}

fn use_color(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
            !set("NO_COLOR") && (set("CLICOLOR_FORCE") || io::stdout().is_terminal())
        }
    }
}
