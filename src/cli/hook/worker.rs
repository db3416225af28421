//! The part of a hook that reads what strangers wrote: within a limit of memory and time, and with one answer at its end.

use std::io::{self, Read as _};
use std::path::PathBuf;
use std::thread;

use super::files::Disk;
use super::plan::Desk;
use super::supervise::WORK;
use crate::cli::exit::{self, Code};
use crate::cli::{complain, memory, print};
use crate::hook::{self, Answer, Dialect, Payload};

/// What it may take. A plan takes a little more than its size.
const MEMORY: u64 = 4 << 30;

/// Reads a payload from standard input and prints an answer in its frame.
pub(super) fn run(dialect: &Dialect, tools: &[PathBuf]) -> Code {
    memory::limit(MEMORY);
    // Should nobody be there any more who ends it.
    thread::spawn(|| {
        thread::sleep(WORK);
        std::process::exit(i32::from(exit::ERROR));
    });
    let mut bytes = Vec::new();
    let most = u64::try_from(hook::MOST_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    if let Err(error) = io::stdin().lock().take(most).read_to_end(&mut bytes) {
        complain(&format!("error: the payload cannot be read: {error}"));
        return exit::ERROR;
    }
    let framed = answer(dialect, &bytes, tools).framed();
    if print(&framed).is_ok() { exit::ALLOW } else { exit::ERROR }
}

fn answer(dialect: &Dialect, bytes: &[u8], tools: &[PathBuf]) -> Answer {
    let request = Payload::read(bytes).and_then(|payload| (dialect.read)(&payload));
    let request = match request {
        Ok(request) => request,
        Err(why) => return Answer::deny(hook::unreadable(&why)),
    };
    // Where that is gone, whatever is named from there is not found.
    let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    hook::decide(&request, dialect.agent, &here, &Disk, &Desk { tools: tools.to_vec() })
}
