//! `blastgate explain`: all about one change.

use clap::ValueEnum;

use super::exit::{self, Code};
use super::inputs::Inputs;
use super::writing::Color;
use super::{complain, print};
use crate::catalog::Catalog;
use crate::explain::{self, Explanations};
use crate::input::InputError;
use crate::output::{self, Style};
use crate::plan::Plan;

const AFTER_HELP: &str = "\
Exit codes:
  0  it was explained; that is no verdict, whatever the plan does
  2  bad input, no such address, wrong usage

Examples:
  blastgate explain aws_vpc.main plan.json
  terraform show -json tfplan | blastgate explain 'module.app[\"cart\"].aws_lb.this' -
  blastgate explain aws_subnet.zone plan.json --format json";

/// What `explain` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The address of an object as the plan writes it, or of a block for all of its instances
    #[arg(value_name = "ADDRESS")]
    address: String,

    #[command(flatten)]
    inputs: Inputs,

    /// How to write it
    #[arg(long, default_value = "human", value_name = "FORMAT")]
    format: Format,

    /// When to use colour; with auto, `NO_COLOR` and `CLICOLOR_FORCE` are heeded
    #[arg(long, default_value = "auto", value_name = "WHEN")]
    color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person at a terminal
    Human,
    /// For programs; its schema is schemas/explanation.json
    Json,
}

/// Explains, or says why it cannot.
pub(super) fn run(arguments: &Arguments) -> Code {
    arguments.inputs.read(false, |read| {
        let (plans, errors, catalog) = (read.plans, read.errors, read.catalog);
        for error in errors {
            complain(&format!("error: {error}"));
        }
        if errors.is_empty() { explain(arguments, plans, catalog) } else { exit::ERROR }
    })
}

fn explain(arguments: &Arguments, plans: &[Plan<'_>], catalog: &Catalog) -> Code {
    let explanations = explain::explain_with(plans, &arguments.address, catalog);
    if explanations.explained.is_empty() {
        complain(&format!("error: {}", no_such(plans, &arguments.address)));
        return exit::ERROR;
    }
    let text = written(&explanations, arguments);
    if let Err(error) = print(&text) {
        complain(&format!("error: the explanation cannot be written: {error}"));
        return exit::ERROR;
    }
    exit::ALLOW
}

fn written(explanations: &Explanations, arguments: &Arguments) -> String {
    match arguments.format {
        Format::Human => {
            output::explanation(explanations, Style { color: arguments.color.is_on(), ..Style::default() })
        }
        Format::Json => output::pretty(explanations),
    }
}

pub(super) fn no_such(plans: &[Plan<'_>], address: &str) -> InputError {
    if plans.iter().flat_map(|plan| &plan.invocations).any(|invoked| invoked.address == address) {
        return InputError::new(address, "this is an action, which changes no object that could be explained").help(
            "its finding in the report has all that the plan tells of it; read what it does where it is defined",
        );
    }
    let near = explain::nearest_addresses(plans, address);
    let help = if near.is_empty() {
        "give an address as the plan writes it, in quotes where it has brackets".to_owned()
    } else {
        format!("did you mean {}? An address with brackets needs quotes", near.join(" or "))
    };
    InputError::new(address, "no plan has an object of this address").help(help)
}
