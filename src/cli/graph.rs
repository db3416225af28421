//! `blastgate graph`: draw what is affected.

use super::exit::{self, Code};
use super::inputs::Inputs;
use super::{complain, print};
use crate::catalog::Catalog;
use crate::input::InputError;
use crate::output::{self, Drawing};
use crate::picture::{self, Shows};
use crate::plan::Plan;

const AFTER_HELP: &str = "\
Every change that was found or destroys something is drawn with what stands on it: foundations, services and stores of \
records, with a shortest way to each. A solid line is known from the configuration, a broken one from the state or from \
an id among values. What a limit leaves out is counted in the drawing.

Exit codes:
  0  it was drawn; a drawing is no verdict, whatever it shows
  2  bad input, no plan, wrong usage: nothing is drawn

Examples:
  terraform show -json tfplan | blastgate graph -
  blastgate graph --format dot plan.json | dot -Tsvg > plan.svg
  blastgate graph --format json --all network.json app.json > graph.json";

/// What `graph` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    inputs: Inputs,

    /// How to draw
    #[arg(long, default_value = "mermaid", value_parser = format_names(), value_name = "FORMAT")]
    format: String,

    /// Draw all objects and all edges between them, affected or not
    #[arg(long)]
    all: bool,

    /// The most nodes to show, the worst findings and the nearest first; 0 for all of them. Without it 200, and all of
    /// them as JSON. A Mermaid drawing is never larger than what GitHub renders
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

fn format_names() -> clap::builder::PossibleValuesParser {
    output::PICTURES
        .iter()
        .map(|drawing| clap::builder::PossibleValue::new(drawing.name).help(drawing.about))
        .collect::<Vec<_>>()
        .into()
}

/// Draws, or says why it cannot.
pub(super) fn run(arguments: &Arguments) -> Code {
    arguments.inputs.read(false, |read| {
        let (plans, errors, catalog) = (read.plans, read.errors, read.catalog);
        let drawing = output::PICTURES.iter().find(|drawing| drawing.name == arguments.format);
        match drawing.filter(|_| errors.is_empty()) {
            Some(drawing) => draw(arguments, drawing, plans, catalog),
            None => refuse(errors),
        }
    })
}

fn refuse(errors: &[InputError]) -> Code {
    for error in errors {
        complain(&format!("error: {error}"));
    }
    exit::ERROR
}

fn draw(arguments: &Arguments, drawing: &Drawing, plans: &[Plan<'_>], catalog: &Catalog) -> Code {
    let shows = if arguments.all { Shows::All } else { Shows::Affected };
    let whole = picture::draw_with(plans, shows, catalog);
    let most = match arguments.limit {
        Some(0) => None,
        Some(most) => Some(most),
        None => drawing.most,
    };
    let text = match most {
        Some(most) => (drawing.write)(&whole.cut(most)),
        None => (drawing.write)(&whole),
    };
    // As with the plans: the process ends here.
    std::mem::forget(whole);
    if let Err(error) = print(&text) {
        complain(&format!("error: the drawing cannot be written: {error}"));
        return exit::ERROR;
    }
    exit::ALLOW
}
