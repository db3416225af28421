//! `blastgate hook`: what an agent's hook calls, and how it is set up.

mod files;
mod install;
mod plan;
mod supervise;
mod worker;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::Command;

use clap::Subcommand;
use clap::builder::{PossibleValue, PossibleValuesParser};

use super::complain;
use super::exit::{self, Code};
use crate::hook::{self, DIALECTS, Decision, Dialect, Written};

const AFTER_HELP: &str = "\
An agent calls it before it runs something, with a payload on standard input, and reads the answer in its own form. \
What is harmless gets no opinion, so the agent's own prompts stay. Whatever cannot be judged is denied.

A hook is a seat belt. The lock is that CI alone holds the credentials to apply: docs/hook.md.

Examples:
  blastgate hook install claude --user
  blastgate hook install claude --user --check
  echo '{\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"terraform destroy\"}}' | blastgate hook claude";

/// What `hook` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Arguments {
    /// The agent that calls
    #[arg(required = true, value_name = "AGENT", value_parser = agents())]
    agent: Option<String>,

    #[command(flatten)]
    tools: Tools,

    #[command(subcommand)]
    command: Option<What>,
}

/// What shows saved plans.
#[derive(Debug, Clone, Default, clap::Args)]
struct Tools {
    /// A program that may show saved plans, by its absolute path: terraform, tofu. Without it only those in the system's own
    /// folders may; the environment and the command that is judged choose none
    #[arg(long = "tool", value_name = "PATH", value_parser = absolute)]
    tools: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Put the hook into an agent's settings, take it out, or tell whether it is in force
    Install(install::Arguments),
    /// Do the work of a hook, for the hook itself
    #[command(hide = true)]
    Worker(Worker),
}

#[derive(Debug, clap::Args)]
struct Worker {
    #[arg(value_parser = agents())]
    agent: String,

    #[command(flatten)]
    tools: Tools,
}

fn agents() -> PossibleValuesParser {
    let all = DIALECTS.iter().map(|dialect| PossibleValue::new(dialect.name).help(dialect.agent));
    all.collect::<Vec<_>>().into()
}

fn absolute(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_absolute() { Ok(path) } else { Err("give its absolute path, so that it is always the same".to_owned()) }
}

/// Runs what was asked.
pub(super) fn run(arguments: &Arguments) -> Code {
    let named = |name: &str| hook::dialect(name);
    match &arguments.command {
        Some(What::Install(arguments)) => install::run(arguments),
        Some(What::Worker(worker)) => {
            named(&worker.agent).map_or(exit::ERROR, |dialect| worker::run(dialect, &worker.tools.tools))
        }
        None => match arguments.agent.as_deref().and_then(named) {
            Some(dialect) => answer(dialect, &arguments.tools),
            None => exit::ERROR,
        },
    }
}

/// Answers an agent.
fn answer(dialect: &'static Dialect, tools: &Tools) -> Code {
    let payload = supervise::payload(io::stdin());
    let mut answer = supervise::answer(payload, this(dialect, tools), supervise::WORK);
    // A question is asked on standard output; a refusal needs none.
    if answer.decision == Decision::Ask && is_nowhere("/dev/stdout") {
        answer.decision = Decision::Deny;
    }
    say(&(dialect.write)(&answer))
}

/// Whether nobody reads what is written there: standard output that was closed is the null device by now.
#[cfg(unix)]
fn is_nowhere(stream: &str) -> bool {
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
    let device = |path: &str| {
        let about = std::fs::metadata(path).ok()?;
        about.file_type().is_char_device().then(|| about.rdev())
    };
    device(stream).is_some_and(|own| device("/dev/null") == Some(own))
}

#[cfg(not(unix))]
fn is_nowhere(_stream: &str) -> bool {
    false
}

/// This program again, as the worker.
fn this(dialect: &Dialect, tools: &Tools) -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["hook", "worker", dialect.name]);
    for tool in &tools.tools {
        command.arg("--tool").arg(tool);
    }
    Ok(command)
}

/// Writes the answer. One that cannot be written is a refusal too, as far as a code can say it.
fn say(written: &Written) -> Code {
    let out = io::stdout().lock().write_all(written.stdout.as_bytes()).and_then(|()| io::stdout().lock().flush());
    let err = io::stderr().lock().write_all(written.stderr.as_bytes());
    if out.is_err() || err.is_err() {
        complain("blastgate denied this, because it could not write its answer.");
        return exit::ERROR;
    }
    written.code
}
