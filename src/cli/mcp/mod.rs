//! `blastgate mcp`: the gate as a tool in an agent's hand, over standard input and output.
//!
//! The server only talks. Whatever reads what strangers wrote is a worker: this program again, with the same arguments, which
//! answers one call within a limit of memory and time, and can be ended at any moment.

mod inside;
mod serve;
mod stdio;
mod worker;

use std::path::PathBuf;

use super::exit::{self, Code};
use super::{catalog, complain, context, show};
use crate::input::Limits;

const AFTER_HELP: &str = "\
An agent's program starts it and talks to it; docs/mcp.md says how it is registered. Its tools are check_plan, explain_change and \
lookup_resource_type. They read, and none of them approves, waives or applies.

Exit codes:
  0  the client is done
  2  wrong usage, or no client that speaks the protocol

Examples:
  blastgate mcp
  blastgate mcp --root ~/infrastructure --context ~/states";

/// What `mcp` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The folders that plans are read from, links followed; the first is where paths begin
    #[arg(long = "root", num_args = 1.., default_value = ".", value_name = "DIR")]
    roots: Vec<PathBuf>,

    /// The most bytes that one plan may have
    #[arg(long, default_value_t = Limits::default().bytes, value_name = "BYTES")]
    max_bytes: usize,

    #[command(flatten)]
    context: context::Options,

    #[command(flatten)]
    rows: catalog::Rows,

    #[command(flatten)]
    show: show::Options,

    /// Answer one call from standard input, for the server itself
    #[arg(long, hide = true)]
    worker: bool,
}

/// Serves until the client is done.
pub(super) fn run(arguments: &Arguments) -> Code {
    if arguments.worker {
        return worker::run(arguments);
    }
    let usable = inside::roots(&arguments.roots).and_then(|_| arguments.rows.catalog());
    match usable.map_err(|error| error.to_string()).and_then(|_| serve::serve(arguments.show.show_timeout)) {
        Ok(()) => exit::ALLOW,
        Err(error) => {
            complain(&format!("error: {error}"));
            exit::ERROR
        }
    }
}
