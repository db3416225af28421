//! `blastgate check`: judge plans.

use super::exit::Code;
use super::inputs::Inputs;
use super::writing;

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
  blastgate check --format json plan.json > report.json
  blastgate check tfplan --output markdown=comment.md --output html=report.html";

/// What `check` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    inputs: Inputs,

    #[command(flatten)]
    writing: writing::Options,
}

/// Judges and reports.
pub(super) fn run(arguments: &Arguments) -> Code {
    arguments.inputs.read(arguments.writing.is_kept(), |read| {
        let report = read.report(arguments.writing.drawn());
        let errors: Vec<String> = read.errors.iter().map(ToString::to_string).collect();
        let code = arguments.writing.finish(&report, &errors);
        // As with the plans: the process ends here.
        std::mem::forget(report);
        code
    })
}
