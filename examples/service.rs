//! A service that judges uploaded plans: bounded in size, in time, and in how many it judges at once.
//!
//!     cargo run --example service
//!     curl --data-binary @plan.json http://127.0.0.1:8377/check
//!
//! It answers 200 with the report where there is a verdict, whichever it is: the caller reads `verdict`. Where there is none it
//! answers something else: 422 with a report that says what cannot be read, 413 for too much, 408 for too late, 503 for too
//! many at once. It keeps nothing and logs nothing, since plans hold secrets; and it listens on this machine only: whoever
//! puts it on a network puts something before it that encrypts and asks who is there.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use blastgate::report::{Outcome, Report};
use blastgate::{Given, check, input};

/// What the service bears.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes of a plan.
    pub bytes: usize,
    /// Requests at once. Together they take about this many times the bytes, twice.
    pub at_once: usize,
    /// From the first byte to the answer.
    pub time: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { bytes: 32 << 20, at_once: 4, time: Duration::from_secs(10) }
    }
}

/// The most bytes of a request before its plan.
const HEAD: usize = 8 << 10;

/// How long an answer may take to be fetched, and how much is read past it.
const ANSWERING: Duration = Duration::from_secs(2);
const LINGER: usize = 1 << 20;

/// The right to be at work.
type Slot = Arc<Arc<()>>;

/// When something must be done.
#[derive(Clone, Copy)]
struct Deadline {
    since: Instant,
    time: Duration,
}

impl Deadline {
    fn after(time: Duration) -> Self {
        Self { since: Instant::now(), time }
    }

    fn is_over(self) -> bool {
        self.since.elapsed() >= self.time
    }

    /// The time that is left: never none at all, which sockets take for no limit.
    fn left(self) -> Duration {
        self.time.saturating_sub(self.since.elapsed()).max(Duration::from_millis(1))
    }
}

/// An answer: a status, and a body.
struct Answer(&'static str, String);

/// Answers whoever connects, for as long as the process lives.
pub fn serve(listener: &TcpListener, bounds: Bounds) {
    // Whoever is at work holds a clone of this, so their number is known.
    let slots = Arc::new(());
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            // The system has no connection to give: it will have one when others end.
            thread::sleep(Duration::from_millis(10));
            continue;
        };
        if Arc::strong_count(&slots) > bounds.at_once {
            // Told by this thread, which others wait for, so in no more time than it takes to write a line.
            let busy = refuse("503 Service Unavailable", "too many plans at once; try again");
            drop(send(&stream, &busy, Deadline::after(Duration::from_millis(50))));
            continue;
        }
        // A request and the judging of its plan are two threads with one slot, which is free when both have ended.
        let slot = Arc::new(Arc::clone(&slots));
        // Where no thread can be had the connection is closed, which is no verdict either.
        drop(thread::Builder::new().spawn(move || answer(&stream, bounds, &slot)));
    }
}

fn answer(stream: &TcpStream, bounds: Bounds, slot: &Slot) {
    let deadline = Deadline::after(bounds.time);
    let answer = receive(stream, bounds.bytes, deadline).and_then(|plan| judge(plan, bounds.bytes, deadline, slot));
    finish(stream, &answer.unwrap_or_else(|refused| refused), Deadline::after(ANSWERING));
}

/// Judges in a thread of its own, and waits until the deadline. A judgement that takes longer is forgotten when it is made,
/// and keeps its slot until then.
fn judge(plan: Vec<u8>, bytes: usize, deadline: Deadline, slot: &Slot) -> Result<Answer, Answer> {
    let (made, judged) = mpsc::channel();
    let slot = Arc::clone(slot);
    let work = move || {
        let limits = input::Limits { bytes, ..input::Limits::default() };
        let report = check(&Given { limits, ..Given::plan("upload", &plan) });
        drop(made.send(written(&report)));
        drop(slot);
    };
    thread::Builder::new().spawn(work).map_err(|_| refuse("503 Service Unavailable", "no thread can be had"))?;
    judged.recv_timeout(deadline.left()).map_err(|error| match error {
        mpsc::RecvTimeoutError::Timeout => refuse("503 Service Unavailable", "judging took too long"),
        mpsc::RecvTimeoutError::Disconnected => refuse("500 Internal Server Error", "judging failed"),
    })
}

fn written(report: &Report) -> Answer {
    let status = if report.verdict == Outcome::Error { "422 Unprocessable Content" } else { "200 OK" };
    serde_json::to_string(report)
        .map_or_else(|_| refuse("500 Internal Server Error", "no report can be written"), |text| Answer(status, text))
}

/// An answer without a report.
fn refuse(status: &'static str, why: &str) -> Answer {
    Answer(status, serde_json::json!({ "verdict": "error", "error": why }).to_string())
}

/// Reads the plan of one request.
fn receive(stream: &TcpStream, most: usize, deadline: Deadline) -> Result<Vec<u8>, Answer> {
    let mut received = Vec::new();
    let length = loop {
        if let Some(Head { end, length, waits }) = head(&received, most)? {
            if waits {
                (&mut &*stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n").map_err(|_| late())?;
            }
            received.drain(..end);
            break length;
        }
        if received.len() >= HEAD {
            return Err(refuse("431 Request Header Fields Too Large", "the request's head is too large"));
        }
        more(stream, &mut received, HEAD, deadline)?;
    };
    while received.len() < length {
        more(stream, &mut received, length, deadline)?;
    }
    received.truncate(length);
    Ok(received)
}

/// What stands before a plan.
struct Head {
    /// Where the plan begins.
    end: usize,
    /// How long it is.
    length: usize,
    /// The client sends it when it was told to go on.
    waits: bool,
}

/// Reads the head of a request; none where it is not complete.
fn head(received: &[u8], most: usize) -> Result<Option<Head>, Answer> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    let parsed = request.parse(received).map_err(|_| refuse("400 Bad Request", "this is no HTTP request"))?;
    let httparse::Status::Complete(end) = parsed else { return Ok(None) };
    if request.path != Some("/check") {
        return Err(refuse("404 Not Found", "plans go to /check"));
    }
    if request.method != Some("POST") {
        return Err(refuse("405 Method Not Allowed", "send the plan with POST"));
    }
    let values = |name: &str| {
        let fitting = request.headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name));
        fitting.map(|header| header.value).collect::<Vec<_>>()
    };
    let length = match (values("content-length").as_slice(), values("transfer-encoding").as_slice()) {
        ([length], []) => std::str::from_utf8(length).ok().filter(|length| length.bytes().all(|b| b.is_ascii_digit())),
        _ => None,
    };
    let length = length.ok_or_else(|| refuse("411 Length Required", "say once how long the plan is"))?;
    // A number that is too large to be read is too large.
    let length = length.parse().unwrap_or(usize::MAX);
    if length > most {
        return Err(refuse("413 Content Too Large", &format!("a plan may have {most} bytes")));
    }
    let waits = !values("expect").is_empty() && received.len() == end;
    Ok(Some(Head { end, length, waits }))
}

/// Reads once more, until there are `most` bytes or it is too late.
fn more(mut stream: &TcpStream, received: &mut Vec<u8>, most: usize, deadline: Deadline) -> Result<(), Answer> {
    let mut piece = [0; 16 << 10];
    let wanted = most.saturating_sub(received.len()).min(piece.len());
    stream.set_read_timeout(Some(deadline.left())).map_err(|_| late())?;
    match stream.read(piece.get_mut(..wanted).unwrap_or_default()) {
        Ok(0) => Err(refuse("400 Bad Request", "the request ends too early")),
        Ok(count) => {
            received.extend(piece.iter().take(count));
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
        Err(_) => Err(late()),
    }
}

fn late() -> Answer {
    refuse("408 Request Timeout", "the plan did not come in time")
}

/// Answers and ends. What is still being sent is read for a moment: closing on it would take the answer away again.
fn finish(stream: &TcpStream, answer: &Answer, deadline: Deadline) {
    // Whoever went away needs no answer.
    if send(stream, answer, deadline).is_ok() {
        let mut rest = Vec::new();
        while rest.len() < LINGER && !deadline.is_over() && more(stream, &mut rest, LINGER, deadline).is_ok() {}
    }
}

fn send(mut stream: &TcpStream, Answer(status, body): &Answer, deadline: Deadline) -> io::Result<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n"
    );
    let text = head + body;
    let mut unsent = text.as_bytes();
    while !unsent.is_empty() {
        stream.set_write_timeout(Some(deadline.left()))?;
        let sent = stream.write(unsent)?;
        unsent = unsent.get(sent..).filter(|_| sent > 0 && !deadline.is_over()).ok_or(io::ErrorKind::TimedOut)?;
    }
    stream.shutdown(Shutdown::Write)
}

#[allow(clippy::print_stdout, reason = "this is a program")]
fn main() -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 8377))?;
    println!("Plans are judged at http://{}/check", listener.local_addr()?);
    serve(&listener, Bounds::default());
    Ok(())
}
