//! `blastgate check`: judge plans.

use std::io::{self, IsTerminal as _};

use clap::ValueEnum;

use super::exit::{self, Code};
use super::inputs::Inputs;
use super::{complain, print};
use crate::input::InputError;
use crate::output::{self, Style};
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
  terraform plan -out=tfplan && blastgate check tfplan
  blastgate check network.json app.json
  blastgate check network.json --context ../platform/terraform.tfstate states/
  blastgate check --format json plan.json > report.json";

/// What `check` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    inputs: Inputs,

    /// How to write the report
    #[arg(long, default_value = "human", value_parser = format_names(), value_name = "FORMAT")]
    format: String,

    /// The least verdict that makes the exit code non-zero; the report stays the same, and errors are always 2
    #[arg(long, default_value = "review", value_name = "VERDICT")]
    fail_on: FailOn,

    /// When to use colour; with auto, `NO_COLOR` and `CLICOLOR_FORCE` are heeded
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    color: Color,
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

/// Judges and reports.
pub(super) fn run(arguments: &Arguments) -> Code {
    arguments.inputs.read(|read| {
        let errors = read.errors;
        let mut report = crate::assess_with(read.plans, errors, read.catalog);
        report.gaps.extend(read.gaps);
        let code = finish(arguments, &report, errors);
        // As with the plans: the process ends here.
        std::mem::forget(report);
        code
    })
}

fn finish(arguments: &Arguments, report: &Report, errors: &[InputError]) -> Code {
    let style = Style { color: arguments.color.is_on() };
    let format = output::FORMATS.iter().find(|format| format.name == arguments.format);
    let nothing_read = report.inputs.iter().filter(|input| input.role == "plan").all(|input| input.error.is_some());
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
