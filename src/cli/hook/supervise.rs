//! Runs the hook's work beside itself, and takes nothing from it but one well-formed answer.
//!
//! Whatever may go wrong in reading what strangers wrote (a crash, a stack that overflows, memory that runs out, a search
//! without end) goes wrong in the worker. Here is little that could: and each agent goes on with the call where a hook
//! breaks in its own way, so this part has to end in time with the right code.

use std::io::{self, Read};
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::cli::process::{self, Bounds, Fault};
use crate::hook::{self, Answer, Payload, Unreadable};

/// How long the agent may take to write its payload.
const PAYLOAD: Duration = Duration::from_secs(5);
/// How long the work may take. With the payload it stays under the least that an agent waits, 30 seconds.
pub(super) const WORK: Duration = Duration::from_secs(20);
/// How many bytes an answer may have.
const ANSWER: usize = 1 << 20;

/// Reads the payload to its end, whatever its size: an agent that cannot write all of it may take that for a hook that
/// failed, and go on. What is more than the limit is read and dropped.
pub(super) fn payload(from: impl Read + Send + 'static) -> Result<Vec<u8>, Unreadable> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(read(from)).ok());
    match receiver.recv_timeout(PAYLOAD) {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Unreadable("the payload cannot be read".to_owned())),
        Err(_) => Err(Unreadable("the agent did not finish writing its payload".to_owned())),
    }
}

fn read(mut from: impl Read) -> io::Result<Vec<u8>> {
    let most = hook::MOST_BYTES.saturating_add(1);
    let mut bytes = Vec::new();
    from.by_ref().take(u64::try_from(most).unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
    io::copy(&mut from, &mut io::sink())?;
    Ok(bytes)
}

/// Has the worker answer a payload. Anything but an answer is a refusal.
pub(super) fn answer(payload: Result<Vec<u8>, Unreadable>, worker: io::Result<Command>, time: Duration) -> Answer {
    let bytes = match payload {
        Ok(bytes) => bytes,
        Err(why) => return Answer::deny(hook::unreadable(&why)),
    };
    // What is no payload needs no worker.
    if let Err(why) = Payload::read(&bytes) {
        return Answer::deny(hook::unreadable(&why));
    }
    match worker.map_err(Fault::Broken).and_then(|worker| ask(worker, bytes, time)) {
        Ok(answer) => answer,
        Err(fault) => Answer::deny(hook::failed(&told(&fault))),
    }
}

fn ask(worker: Command, bytes: Vec<u8>, time: Duration) -> Result<Answer, Fault> {
    let done = process::run(worker, Some(bytes), &Bounds { time, bytes: ANSWER, own_group: true })?;
    let answer = done.status.success().then(|| Answer::unframed(&done.stdout)).flatten();
    answer.ok_or_else(|| Fault::Broken(io::Error::other(format!("it gave no answer and ended with {}", done.status))))
}

fn told(fault: &Fault) -> String {
    match fault {
        Fault::Broken(error) => format!("its worker failed: {error}"),
        Fault::Late => "its worker was not done in time".to_owned(),
        Fault::TooMuch => "its worker printed more than an answer".to_owned(),
        Fault::Held => "its worker left something running".to_owned(),
    }
}
