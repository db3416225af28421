//! The shell around the core: arguments, files, the terminal, exit codes.

mod catalog;
mod check;
mod context;
mod exit;
mod explain;
#[cfg(feature = "github")]
mod github;
mod graph;
mod hook;
mod inputs;
#[cfg(feature = "mcp")]
mod mcp;
mod memory;
mod process;
mod program;
mod report;
mod root;
mod rules;
mod show;
mod sources;
mod stacks;
mod summary;
mod writing;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The gate between a plan and production.
#[derive(Debug, Parser)]
#[command(name = "blastgate", version, propagate_version = true, about, long_about = LONG_ABOUT, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const LONG_ABOUT: &str = "\
The gate between a plan and production.

blastgate reads Terraform and OpenTofu plans, builds the graph of what stands on what, judges every destroying change by \
what is lost and who stands on it, and says allow, review or block, with the reason and a way out. It works offline and \
runs no other program, but for a saved plan: terraform or tofu must show that, and runs the plan's providers.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge one or more plans as one change
    Check(check::Arguments),
    /// Put reports together that were written before, and write them in another form
    Report(report::Arguments),
    /// Tell all about one change: what forces it, what stands on it, what would make it pass
    Explain(explain::Arguments),
    /// Draw what is affected, and what stands on it
    Graph(graph::Arguments),
    /// Tell what resource types are worth: what they hold, what stands on them, what guards them
    Catalog(catalog::Arguments),
    /// Keep a comment on a pull request, and look whether an approval counts
    #[cfg(feature = "github")]
    Github(github::Arguments),
    /// List the rules, or print the page of one
    Rules(rules::Arguments),
    /// Judge what an agent is about to run: its hook calls this
    Hook(hook::Arguments),
    /// Serve agents the gate as a tool, by the Model Context Protocol
    #[cfg(feature = "mcp")]
    Mcp(mcp::Arguments),
}

/// Runs the program with the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    // A panic is a defect; to a caller it must be an error and never look like a verdict.
    let outcome = std::panic::catch_unwind(|| match Arguments::try_parse() {
        Ok(Arguments { command: Command::Check(arguments) }) => check::run(&arguments),
        Ok(Arguments { command: Command::Report(arguments) }) => report::run(&arguments),
        Ok(Arguments { command: Command::Explain(arguments) }) => explain::run(&arguments),
        Ok(Arguments { command: Command::Graph(arguments) }) => graph::run(&arguments),
        Ok(Arguments { command: Command::Catalog(arguments) }) => catalog::run(&arguments),
        Ok(Arguments { command: Command::Rules(arguments) }) => rules::run(&arguments),
        #[cfg(feature = "github")]
        Ok(Arguments { command: Command::Github(arguments) }) => github::run(&arguments),
        Ok(Arguments { command: Command::Hook(arguments) }) => hook::run(&arguments),
        #[cfg(feature = "mcp")]
        Ok(Arguments { command: Command::Mcp(arguments) }) => mcp::run(&arguments),
        Err(error) => usage(&error),
    });
    outcome.unwrap_or(exit::ERROR).into()
}

/// Help and version are answers; anything else that clap says is an error.
fn usage(error: &clap::Error) -> exit::Code {
    let printed = error.print();
    let gone = printed.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
    if error.use_stderr() || (printed.is_err() && !gone) { exit::ERROR } else { exit::ALLOW }
}

/// Writes to standard output. A reader that went away has seen enough: a broken pipe is no error.
fn print(text: &str) -> Result<(), io::Error> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes a message to standard error, for people.
fn complain(message: &str) {
    // If even that fails there is nobody left to tell; the exit code still says it.
    let _ = writeln!(io::stderr().lock(), "{}", crate::output::clean(message));
}
