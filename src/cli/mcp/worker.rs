//! Answers one call, beside the server: within a limit of memory and time, and with one answer at its end.

use std::io::{self, Read as _};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::{Arguments, inside};
use crate::cli::exit::{self, Code};
use crate::cli::explain::no_such;
use crate::cli::inputs::{Handed, Inputs};
use crate::cli::{complain, memory, print, show};
use crate::explain;
use crate::given::Read;
use crate::input::InputError;
use crate::mcp::{self, Answer, Asked, CheckPlan, ExplainChange};

/// What it may take. A plan takes a little more than its size.
const MEMORY: u64 = 4 << 30;
/// What it may take beside showing a plan.
const JUDGING: Duration = Duration::from_secs(60);

/// How long a worker may take in all.
pub(super) fn time(show_timeout: u64) -> Duration {
    JUDGING.saturating_add(Duration::from_secs(show_timeout))
}

/// Reads a call from standard input and prints its answer.
pub(super) fn run(arguments: &Arguments) -> Code {
    memory::limit(MEMORY);
    end_with_the_server();
    let most = time(arguments.show.show_timeout);
    // Should nobody be there any more who ends it.
    thread::spawn(move || {
        thread::sleep(most);
        std::process::exit(i32::from(exit::ERROR));
    });
    let mut bytes = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut bytes);
    let asked = read.ok().and_then(|_| serde_json::from_slice::<Asked>(&bytes).ok());
    drop(bytes);
    let Some(asked) = asked else {
        complain("error: this is no call");
        return exit::ERROR;
    };
    let answer = answer(arguments, asked).unwrap_or_else(|error| mcp::refused(&error.to_string()));
    let text = serde_json::to_string(&answer).unwrap_or_default();
    if print(&text).is_ok() { exit::ALLOW } else { exit::ERROR }
}

/// A server that is killed cannot end its workers any more.
fn end_with_the_server() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        // Where that is not allowed, there is the time that it has.
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
    }
}

fn answer(arguments: &Arguments, asked: Asked) -> Result<Answer, InputError> {
    match asked {
        Asked::CheckPlan(asked) => check(arguments, asked),
        Asked::ExplainChange(asked) => explain(arguments, &asked),
        Asked::LookupResourceType(asked) => Ok(mcp::looked_up(&arguments.rows.catalog()?.answer(&asked.kind))),
    }
}

fn check(arguments: &Arguments, asked: CheckPlan) -> Result<Answer, InputError> {
    let inputs = match (asked.path, asked.plan) {
        (Some(path), _) => file(arguments, &path)?,
        (None, plan) => inline(arguments, plan.unwrap_or_default())?,
    };
    judged(&inputs, |read| {
        let report = read.report(0);
        Ok(mcp::checked(&report, asked.offset, asked.limit))
    })
}

fn explain(arguments: &Arguments, asked: &ExplainChange) -> Result<Answer, InputError> {
    judged(&file(arguments, &asked.path)?, |read| {
        let told = explain::explain_from(read.plans, &asked.address, read.catalog, asked.offset);
        if told.explained.is_empty() && asked.offset == 0 {
            return Err(no_such(read.plans, &asked.address));
        }
        Ok(mcp::explained(&told, asked.offset, asked.limit))
    })
}

/// Hands on what was read, all of it. What was only read in part has no answer.
fn judged(
    inputs: &Inputs,
    then: impl FnOnce(Read<'_, '_>) -> Result<Answer, InputError>,
) -> Result<Answer, InputError> {
    inputs.read(true, |read| match read.errors.first() {
        Some(error) => Err(error.clone()),
        None => then(read),
    })
}

/// A plan in a file inside of the roots.
fn file(arguments: &Arguments, asked: &str) -> Result<Inputs, InputError> {
    let found = inside::read(&inside::roots(&arguments.roots)?, asked, arguments.max_bytes)?;
    // To everything that reads inputs, `-` alone is standard input.
    let name = if asked == "-" { "./-" } else { asked };
    let show = show::Options { within: Some(found.root), ..arguments.show.clone() };
    Ok(inputs(arguments, found.path, Handed { name: name.to_owned(), bytes: found.bytes }, show))
}

/// A plan that came with the call.
fn inline(arguments: &Arguments, plan: Value) -> Result<Inputs, InputError> {
    let bytes = match plan {
        Value::String(text) => text.into_bytes(),
        other => other.to_string().into_bytes(),
    };
    if bytes.len() > arguments.max_bytes {
        return Err(InputError::too_large("plan", arguments.max_bytes));
    }
    let handed = Handed { name: "plan".to_owned(), bytes };
    Ok(inputs(arguments, PathBuf::new(), handed, arguments.show.clone()))
}

fn inputs(arguments: &Arguments, path: PathBuf, handed: Handed, show: show::Options) -> Inputs {
    Inputs::saved(path, arguments.max_bytes, show).handed(handed, arguments.context.clone(), arguments.rows.clone())
}
