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
const PAYLOAD: Duration = Duration::from_secs(4);
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
    let done = process::run(worker, Some(bytes), &Bounds { time, bytes: ANSWER, own_group: true, stop: None })?;
    let answer = done.status.success().then(|| Answer::unframed(&done.stdout)).flatten();
    answer.ok_or_else(|| Fault::Broken(io::Error::other(format!("it gave no answer and ended with {}", done.status))))
}

fn told(fault: &Fault) -> String {
    match fault {
        Fault::Broken(error) => format!("its worker failed: {error}"),
        Fault::Late => "its worker was not done in time".to_owned(),
        Fault::Stopped => "its worker was stopped".to_owned(),
        Fault::TooMuch => "its worker printed more than an answer".to_owned(),
        Fault::Held => "its worker left something running".to_owned(),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::{self, Read};
    use std::process::Command;
    use std::time::{Duration, Instant};

    use super::{Payload, answer, payload};
    use crate::hook::{Answer, Decision, Event};

    const CALL: &[u8] = br#"{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"ls"}}"#;

    /// What comes of a worker that does this.
    fn of(script: &str, time: Duration) -> Answer {
        let mut worker = Command::new("/bin/sh");
        worker.args(["-c", script]);
        answer(Ok(CALL.to_vec()), Ok(worker), time)
    }

    fn said(answer: &Answer) -> String {
        format!("cat > /dev/null; printf '%s' '{}'", answer.framed())
    }

    #[test]
    fn a_worker_that_answers_is_believed() {
        let long = Duration::from_secs(10);
        let pass = Answer::pass(Event::Gate);
        assert_eq!(of(&said(&pass), long), pass);
        let deny = Answer::deny("because".to_owned());
        assert_eq!(of(&said(&deny), long), deny);
    }

    #[test]
    fn anything_else_is_a_refusal() {
        let pass = said(&Answer::pass(Event::Gate));
        let wrong = [
            "exit 0".to_owned(),
            "exit 1".to_owned(),
            "exit 2".to_owned(),
            "exit 101".to_owned(),
            "kill -SEGV $$".to_owned(),
            "kill -ABRT $$".to_owned(),
            // As when memory runs out.
            "kill -KILL $$".to_owned(),
            // A stack that overflows.
            "f() { f; }; f".to_owned(),
            "echo hello".to_owned(),
            "yes".to_owned(),
            "head -c 100000 /dev/zero".to_owned(),
            "echo pass".to_owned(),
            r#"echo '{"decision":"pass"}'"#.to_owned(),
            format!("echo noise; {pass}"),
            format!("{pass}; echo noise"),
            format!("{pass}; {pass}"),
            format!("{pass}; exit 1"),
            format!("{pass}; kill -KILL $$"),
            format!("{pass} >&2"),
        ];
        for script in wrong {
            let answer = of(&script, Duration::from_secs(10));
            assert_eq!(answer.decision, Decision::Deny, "{script}");
            assert!(answer.reason.starts_with("blastgate denied this"), "{script}: {}", answer.reason);
        }
        let nobody = answer(Ok(CALL.to_vec()), Ok(Command::new("/nowhere/at/all")), Duration::from_secs(5));
        assert_eq!(nobody.decision, Decision::Deny);
        let unknown = answer(Ok(CALL.to_vec()), Err(io::Error::other("x")), Duration::from_secs(5));
        assert_eq!(unknown.decision, Decision::Deny);
    }

    #[test]
    fn a_worker_that_hangs_is_ended_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let child = folder.path().join("child");
        for wait in ["wait", "while :; do :; done", "exec >&- 2>&-; wait"] {
            let script = format!("sleep 60 & echo $! > {}; {wait}", child.display());
            let start = Instant::now();
            assert_eq!(of(&script, Duration::from_millis(400)).decision, Decision::Deny, "{wait}");
            assert!(start.elapsed() < Duration::from_secs(8), "{wait}: {:?}", start.elapsed());
            let pid = std::fs::read_to_string(&child).unwrap();
            let state = || std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
            let gone = || !std::path::Path::new("/proc/self").exists() || state().is_empty() || state().contains(") Z");
            while !gone() && start.elapsed() < Duration::from_secs(12) {
                std::thread::sleep(Duration::from_millis(5));
            }
            assert!(gone(), "{wait}: {}", state());
        }
    }

    #[test]
    fn a_payload_is_read_to_its_end() {
        struct Endless(usize, std::sync::mpsc::Sender<()>);
        impl Read for Endless {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                let some = self.0.min(into.len());
                into[..some].fill(b'x');
                self.0 -= some;
                if self.0 == 0 {
                    let _ = self.1.send(());
                }
                Ok(some)
            }
        }
        let (sender, drained) = std::sync::mpsc::channel();
        let bytes = payload(Endless(50 << 20, sender)).unwrap();
        drained.recv().unwrap();
        assert!(Payload::read(&bytes).is_err() && bytes.len() < 8 << 20);
    }
}
