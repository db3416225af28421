//! Runs another program with a deadline and bounds, and leaves nothing of it behind.

use std::io::{self, Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::memory;

/// What a program did.
#[derive(Debug)]
pub(super) struct Finished {
    /// How it ended.
    pub(super) status: ExitStatus,
    /// What it printed.
    pub(super) stdout: Vec<u8>,
    /// The end of what it complained of.
    pub(super) stderr: String,
}

/// Why there is no result.
#[derive(Debug)]
pub(super) enum Fault {
    /// It could not be started or waited for.
    Broken(io::Error),
    /// It was not done in time.
    Late,
    /// It printed more than the limit.
    TooMuch,
    /// Nobody wants its result any more.
    Stopped,
    /// It is gone, but something that it started got away and may still print.
    Held,
}

/// How a program is run.
#[derive(Debug)]
pub(super) struct Bounds {
    /// How long it may take.
    pub(super) time: Duration,
    /// How many bytes it may print.
    pub(super) bytes: usize,
    /// It gets a group of its own, so that whatever it starts goes with it. Otherwise it stays in the group that it is started
    /// from, whose starter clears that away.
    pub(super) own_group: bool,
    /// It is ended as soon as somebody sets this.
    pub(super) stop: Option<Arc<AtomicBool>>,
}

/// How often the program is looked after.
const TICK: Duration = Duration::from_millis(2);
/// How long its last words may take to come through once it is gone.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How much of its complaints is kept.
const COMPLAINTS: usize = 16 << 10;

/// Runs a program to its end, with this input or none.
pub(super) fn run(mut command: Command, input: Option<Vec<u8>>, bounds: &Bounds) -> Result<Finished, Fault> {
    let (limit, most) = (bounds.time, bounds.bytes);
    let end = Instant::now().checked_add(limit);
    let left = || end.map_or(limit, |end| end.saturating_duration_since(Instant::now()));
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut group = Group::start(&mut command, bounds.own_group).map_err(Fault::Broken)?;
    if let Some((mut pipe, input)) = group.child.stdin.take().zip(input) {
        // Whoever does not read it is waited for all the same.
        thread::spawn(move || pipe.write_all(&input).ok());
    }
    let stdout = collect(group.child.stdout.take(), move |from| head(from, most));
    let stderr = collect(group.child.stderr.take(), tail);
    let mut printed = None;
    while !group.has_ended().map_err(Fault::Broken)? {
        if left().is_zero() {
            return Err(Fault::Late);
        }
        if bounds.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            return Err(Fault::Stopped);
        }
        match &printed {
            None => match stdout.recv_timeout(TICK) {
                Ok(bytes) => printed = Some(bytes.map_err(Fault::Broken)?.ok_or(Fault::TooMuch)?),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Fault::Held),
            },
            // It is done with printing, not with its work.
            Some(_) => thread::sleep(TICK),
        }
    }
    let status = group.end().map_err(Fault::Broken)?;
    let stdout = match printed {
        Some(bytes) => bytes,
        // Only a program that left the group can still hold the other end.
        None => match stdout.recv_timeout(LAST_WORDS) {
            Ok(bytes) => bytes.map_err(Fault::Broken)?.ok_or(Fault::TooMuch)?,
            Err(_) => return Err(Fault::Held),
        },
    };
    let stderr = stderr.recv_timeout(LAST_WORDS).ok().and_then(Result::ok).unwrap_or_default();
    Ok(Finished { status, stdout, stderr: String::from_utf8_lossy(&stderr).into_owned() })
}

/// Reads a pipe beside everything else, so that no program waits for its output to be taken.
fn collect<T: Send + 'static, R: Read + Send + 'static>(
    pipe: Option<R>,
    read: impl FnOnce(R) -> io::Result<T> + Send + 'static,
) -> Receiver<io::Result<T>> {
    let (sender, receiver) = mpsc::channel();
    if let Some(pipe) = pipe {
        // Nobody may be waiting any more.
        thread::spawn(move || sender.send(read(pipe)).ok());
    }
    receiver
}

/// Everything up to a limit; `None` where there is more.
fn head(from: impl Read, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() <= most))
}

/// The last of it.
fn tail(mut from: impl Read) -> io::Result<Vec<u8>> {
    let (mut kept, mut piece) = (Vec::new(), [0_u8; 4096]);
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(kept),
            Ok(length) => kept.extend_from_slice(piece.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        let over = kept.len().saturating_sub(COMPLAINTS);
        kept.drain(..over);
    }
}

/// A program with everything that it starts; what still runs when this goes away is killed.
struct Group {
    child: Child,
    own: bool,
    waited: bool,
}

impl Group {
    fn start(command: &mut Command, own: bool) -> io::Result<Self> {
        #[cfg(unix)]
        if own {
            std::os::unix::process::CommandExt::process_group(command, 0);
        }
        let child = memory::unlimited(|| command.spawn())?;
        Ok(Self { child, own, waited: false })
    }

    /// The program itself has ended. It is not waited for yet: until then nobody else can get its group's number.
    #[cfg(unix)]
    fn has_ended(&mut self) -> io::Result<bool> {
        use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
        let how = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(Pid::from_child(&self.child)), how)?.is_some())
    }

    #[cfg(not(unix))]
    fn has_ended(&mut self) -> io::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Kills what is left of the group and waits for the program.
    fn end(&mut self) -> io::Result<ExitStatus> {
        self.kill();
        self.waited = true;
        self.child.wait()
    }

    fn kill(&mut self) {
        #[cfg(unix)]
        if self.own {
            use rustix::process::{Pid, Signal, kill_process_group};
            // That nobody is left is what is wanted.
            let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        }
        let _ = self.child.kill();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.waited {
            let _ = self.end();
        }
    }
}
