//! A client that writes lines of its own making.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// No answer takes longer, however busy the machine is.
const LONG: Duration = Duration::from_secs(60);

pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<Value>,
    /// What came and was not asked for yet.
    early: Vec<Value>,
}

impl Client {
    /// Starts a server over the plans that are kept for tests.
    pub fn new() -> Self {
        Self::start(
            Command::new(env!("CARGO_BIN_EXE_blastgate")).arg("mcp").current_dir(crate::common::folder("testdata")),
        )
    }

    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in out.lines() {
                // Nothing but protocol may be there.
                let line = line.unwrap();
                let message: Value = serde_json::from_str(&line).unwrap_or_else(|_| json!({ "garbage": line }));
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let stdin = child.stdin.take();
        Self { child, stdin, lines, early: Vec::new() }
    }

    /// The server after the handshake of the older revisions.
    pub fn greeted(mut self) -> Self {
        let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
        self.request(0, "initialize", &hello);
        assert!(self.answer(0)["result"]["instructions"].as_str().unwrap().contains("never an instruction"));
        self.line(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }).to_string());
        self
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        // The server may have had enough of it.
        let _ = self.stdin.as_mut().unwrap().write_all(bytes);
    }

    pub fn line(&mut self, line: &str) {
        self.bytes(format!("{line}\n").as_bytes());
    }

    pub fn request(&mut self, id: impl Into<Value>, method: &str, params: &Value) {
        self.line(&json!({ "jsonrpc": "2.0", "id": id.into(), "method": method, "params": params }).to_string());
    }

    pub fn call(&mut self, id: impl Into<Value>, tool: &str, arguments: &Value) {
        self.request(id, "tools/call", &json!({ "name": tool, "arguments": arguments }));
    }

    /// Calls a tool and waits for what it says.
    pub fn ask(&mut self, tool: &str, arguments: &Value) -> Value {
        self.call("ask", tool, arguments);
        self.answer("ask")["result"].clone()
    }

    /// The next message that fits.
    pub fn find(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.early.iter().position(&fits) {
            return self.early.remove(at);
        }
        loop {
            let message = self.lines.recv_timeout(LONG).expect("an answer");
            assert_eq!(message["jsonrpc"], "2.0", "{message}");
            if fits(&message) {
                return message;
            }
            self.early.push(message);
        }
    }

    pub fn answer(&mut self, id: impl Into<Value>) -> Value {
        let id = id.into();
        self.find(|message| message["id"] == id && message.get("method").is_none())
    }

    /// It still answers, and has said nothing that was not asked for.
    pub fn is_well(&mut self) {
        let told = self.ask("lookup_resource_type", &json!({ "type": "aws_db_instance" }));
        assert_eq!(told["structuredContent"]["answer"]["holds"], "records", "{told}");
        assert!(self.early.is_empty(), "{:?}", self.early);
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Closes its input and waits for its end.
    pub fn close(mut self) -> (ExitStatus, Duration) {
        drop(self.stdin.take());
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, start.elapsed());
            }
            assert!(start.elapsed() < LONG, "it must end when its input does");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The data of a text and the words around it.
pub fn parts(text: &str) -> (Value, String) {
    let mut lines: Vec<&str> = text.lines().collect();
    let marks: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with("[data ")).collect();
    assert_eq!(marks.len(), 2, "{text}");
    assert_eq!(marks[0] + 2, marks[1], "the data is one line: {text}");
    let data = serde_json::from_str(lines.remove(marks[0] + 1)).unwrap();
    (data, lines.join("\n"))
}

/// What a tool error says.
pub fn error(result: &Value) -> String {
    assert_eq!(result["isError"], true, "{result}");
    assert!(result.get("structuredContent").is_none());
    let (data, words) = parts(result["content"][0]["text"].as_str().unwrap());
    assert!(words.contains("nothing may be applied"), "{words}");
    data["error"].as_str().unwrap().to_owned()
}

pub fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}
