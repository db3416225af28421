//! Messages as lines on standard input and output.
//!
//! Each stream has a thread, since reading from standard input cannot be given up once it was begun. A line may be anything:
//! what is no message is answered where that helps, and never ends the server. How much is in hand at once is bounded by not
//! reading on.

use std::collections::HashMap;
use std::io::{self, BufRead, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rmcp::model::{
    ClientJsonRpcMessage, ClientNotification, ClientRequest, ErrorData, JsonRpcError, RequestId, ServerJsonRpcMessage,
};
use rmcp::service::RoleServer;
use rmcp::transport::Transport;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use tokio::sync::{Notify, mpsc, oneshot};

/// So many bytes a message may have: a plan that comes with a call is in there. A larger one is given by its path.
pub(super) const LONGEST: usize = 32 << 20;
/// So many requests, and so many bytes of them, are in hand before no more are read.
const REQUESTS: usize = 512;
const BYTES: usize = 96 << 20;

/// A line, or that there was one that is too long.
enum Line {
    Whole(Vec<u8>),
    TooLong,
}

/// As much of a message as can be read where what is in it is too deep, or no text.
#[derive(Deserialize)]
struct Outside {
    id: Option<Box<RawValue>>,
    method: Option<IgnoredAny>,
}

/// A line to write, and who waits for that.
type Written = (Vec<u8>, oneshot::Sender<io::Result<()>>);

/// Standard input and output.
pub(super) struct Stdio {
    lines: mpsc::Receiver<Line>,
    writer: std::sync::mpsc::Sender<Written>,
    hand: Arc<Hand>,
    ended: Arc<Notify>,
    /// A request was seen. Before that nothing else is wanted.
    begun: bool,
}

/// What is in hand.
#[derive(Default)]
struct Hand {
    /// The requests that were read and not answered, with their sizes.
    open: Mutex<HashMap<RequestId, usize>>,
    /// How many lines are not written yet.
    writing: AtomicUsize,
    /// There is less of it than before.
    less: Notify,
}

impl Stdio {
    /// Begins to read. `ended` is told when there is nothing more to read, or nobody to write to.
    pub(super) fn new(ended: Arc<Notify>) -> Self {
        let (sender, lines) = mpsc::channel(1);
        let (writer, writing) = std::sync::mpsc::channel::<Written>();
        thread::spawn(move || read(io::stdin().lock(), &sender));
        thread::spawn(move || {
            for (line, done) in writing {
                let mut out = io::stdout().lock();
                // Whoever sent it may be gone.
                let _ = done.send(out.write_all(&line).and_then(|()| out.flush()));
            }
        });
        Self { lines, writer, hand: Arc::default(), ended, begun: false }
    }

    /// One line as a message, if it is one that is wanted.
    async fn message(&mut self, line: Line) -> Option<ClientJsonRpcMessage> {
        let Line::Whole(line) = line else {
            let what = format!("a message may have {LONGEST} bytes: give a larger plan by its path");
            self.complain(None, what).await;
            return None;
        };
        if line.trim_ascii().is_empty() {
            return None;
        }
        if let Ok(message) = serde_json::from_slice(line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line)) {
            return self.wanted(message, line.len()).await;
        }
        self.unreadable(&line).await;
        None
    }

    async fn wanted(&mut self, message: ClientJsonRpcMessage, size: usize) -> Option<ClientJsonRpcMessage> {
        match &message {
            ClientJsonRpcMessage::Request(request) => {
                self.begun |=
                    !matches!(request.request, ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_));
                if !self.hand.take(request.id.clone(), size) {
                    // With that id it would pass for the answer to the first.
                    self.complain(None, "the id of this request is that of another one in progress".to_owned()).await;
                    return None;
                }
            }
            ClientJsonRpcMessage::Notification(notification) => {
                if let ClientNotification::CancelledNotification(cancelled) = &notification.notification
                    && let Some(id) = &cancelled.params.request_id
                {
                    self.hand.give_back(id);
                }
                return Some(message).filter(|_| self.begun);
            }
            _ => return Some(message).filter(|_| self.begun),
        }
        Some(message)
    }

    /// What is JSON and no message is answered, to its id if it has one. What is not even JSON is passed over, as others do:
    /// an answer might be the next thing that comes back.
    async fn unreadable(&mut self, line: &[u8]) {
        let Ok(outside) = serde_json::from_slice::<Outside>(line) else { return };
        // A notification that nobody knows.
        if outside.method.is_some() && outside.id.is_none() {
            return;
        }
        let id = outside.id.filter(|_| outside.method.is_some());
        let id = id.and_then(|id| serde_json::from_str(id.get()).ok()).filter(|id| !self.hand.has(id));
        self.complain(id, "this is no request of the protocol that can be read".to_owned()).await;
    }

    async fn complain(&mut self, id: Option<RequestId>, what: String) {
        // Where nobody reads any more, there is nobody to tell.
        let _ = self.send(ServerJsonRpcMessage::error(ErrorData::invalid_request(what, None), id)).await;
    }
}

impl Transport<RoleServer> for Stdio {
    type Error = io::Error;

    fn send(&mut self, item: ServerJsonRpcMessage) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let (done, written) = oneshot::channel();
        // Its id is free before the client can know of the answer.
        match &item {
            ServerJsonRpcMessage::Response(response) => self.hand.give_back(&response.id),
            ServerJsonRpcMessage::Error(JsonRpcError { id: Some(id), .. }) => self.hand.give_back(id),
            _ => {}
        }
        let sent = serde_json::to_vec(&item).map_err(io::Error::from).and_then(|mut line| {
            line.push(b'\n');
            self.writer.send((line, done)).map_err(|_| io::ErrorKind::BrokenPipe.into())
        });
        let (writing, ended) = (Writing::new(&self.hand), Arc::clone(&self.ended));
        async move {
            let _writing = writing;
            let result = match sent {
                Ok(()) => written.await.unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into())),
                Err(error) => Err(error),
            };
            if result.is_err() {
                ended.notify_one();
            }
            result
        }
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        loop {
            self.hand.room().await;
            let Some(line) = self.lines.recv().await else {
                self.ended.notify_one();
                return None;
            };
            if let Some(message) = self.message(line).await {
                return Some(message);
            }
        }
    }

    async fn close(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Hand {
    /// Takes a request, if no other one of this id is in hand.
    fn take(&self, id: RequestId, size: usize) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.contains_key(&id) {
            return false;
        }
        open.insert(id, size);
        true
    }

    fn has(&self, id: &RequestId) -> bool {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).contains_key(id)
    }

    fn give_back(&self, id: &RequestId) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        self.less.notify_one();
    }

    fn is_full(&self) -> bool {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = open.len().saturating_add(self.writing.load(Ordering::Relaxed));
        lines >= REQUESTS || open.values().sum::<usize>() >= BYTES
    }

    /// Waits until there is room for another request.
    async fn room(&self) {
        while self.is_full() {
            self.less.notified().await;
        }
    }
}

/// A line that is not written yet.
struct Writing(Arc<Hand>);

impl Writing {
    fn new(hand: &Arc<Hand>) -> Self {
        hand.writing.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(hand))
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.writing.fetch_sub(1, Ordering::Relaxed);
        self.0.less.notify_one();
    }
}

/// Reads lines until there are none, or nobody wants them.
fn read(mut from: impl BufRead, lines: &mpsc::Sender<Line>) {
    let (mut line, mut too_long) = (Vec::new(), false);
    while let Ok(available) = from.fill_buf() {
        if available.is_empty() {
            break;
        }
        let end = available.iter().position(|byte| *byte == b'\n');
        let piece = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
        too_long |= line.len().saturating_add(piece.len()) > LONGEST;
        if too_long {
            line = Vec::new();
        } else {
            line.extend_from_slice(piece);
        }
        let used = piece.len().saturating_add(usize::from(end.is_some()));
        from.consume(used);
        if end.is_some() && lines.blocking_send(whole(&mut line, &mut too_long)).is_err() {
            return;
        }
    }
    // A last line without its end.
    if too_long || !line.is_empty() {
        let _ = lines.blocking_send(whole(&mut line, &mut too_long));
    }
}

fn whole(line: &mut Vec<u8>, too_long: &mut bool) -> Line {
    let line = std::mem::take(line);
    if std::mem::take(too_long) { Line::TooLong } else { Line::Whole(line) }
}
