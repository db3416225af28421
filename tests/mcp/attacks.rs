//! What clients do that they should not.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Client, error};
use crate::common;

const PLAN: &str = "labelled/aws-core-renumbered-modules.json";

/// A server in a folder with a saved plan whose tool sleeps for a minute, and notes what it started.
struct Slow {
    folder: tempfile::TempDir,
    client: Client,
}

impl Slow {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(common::folder("testdata/saved").join("bucket-removed.tfplan"), folder.path().join("tfplan")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_blastgate"));
        command.arg("mcp").current_dir(folder.path()).env("PATH", common::folder("tests/tools/terraform"));
        command.env("FAKE", "sleep").env("FAKE_NOTES", folder.path().join("notes"));
        let client = Client::start(&mut command).greeted();
        Self { folder, client }
    }

    /// Begins to judge the saved plan, and waits until its tool runs.
    fn begin(&mut self, id: i64) -> u32 {
        let params =
            json!({ "name": "check_plan", "arguments": { "path": "tfplan" }, "_meta": { "progressToken": id } });
        self.client.request(id, "tools/call", &params);
        let notes = self.folder.path().join("notes");
        eventually(|| {
            let notes = fs::read_to_string(&notes).unwrap_or_default();
            notes.lines().find_map(|line| line.strip_prefix("child ")?.parse().ok())
        })
    }
}

fn eventually<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "it did not happen");
        thread::sleep(Duration::from_millis(5));
    }
}

fn is_gone(process: u32) -> Option<()> {
    let state = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // One that was killed may wait for whoever started it.
    (state.is_empty() || state.contains(") Z ")).then_some(())
}

#[test]
fn long_work_tells_progress_and_can_be_cancelled() {
    let mut slow = Slow::new();
    let child = slow.begin(7);
    let told = slow.client.find(|message| message["method"] == "notifications/progress");
    assert_eq!(told["params"]["progressToken"], 7);
    let second = slow.client.find(|message| message["method"] == "notifications/progress");
    assert!(second["params"]["progress"].as_f64() > told["params"]["progress"].as_f64());
    let cancel = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 7 } });
    slow.client.line(&cancel.to_string());
    eventually(|| is_gone(child));
    // It is not answered, and its id may be used again.
    slow.client.call(7, "lookup_resource_type", &json!({ "type": "aws_vpc" }));
    assert_eq!(slow.client.answer(7)["result"]["structuredContent"]["answer"]["standing"], "foundation");
}

#[test]
fn a_client_that_goes_away_leaves_nothing_running() {
    let mut slow = Slow::new();
    let child = slow.begin(1);
    let (status, took) = slow.client.close();
    assert!(status.success() && took < Duration::from_secs(20), "{status} {took:?}");
    eventually(|| is_gone(child));
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_that_is_killed_takes_its_workers_along() {
    let mut slow = Slow::new();
    slow.begin(1);
    let server = slow.client.id();
    let parent = |stat: &str| stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse::<u32>().ok();
    let worker = fs::read_dir("/proc").unwrap().flatten().find_map(|process| {
        let stat = fs::read_to_string(process.path().join("stat")).ok()?;
        (parent(&stat) == Some(server)).then(|| process.file_name().to_str()?.parse().ok()).flatten()
    });
    drop(slow.client);
    eventually(|| is_gone(worker.expect("a worker")));
}

#[test]
fn two_hundred_calls_at_once_are_all_answered() {
    let mut client = Client::new().greeted();
    let mut all = String::new();
    for id in 1..=200 {
        let arguments = if id % 3 == 0 { json!({ "path": "nothing" }) } else { json!({ "path": PLAN, "limit": 1 }) };
        let call = json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call",
            "params": { "name": "check_plan", "arguments": arguments } });
        all.extend([&call.to_string(), "\n"]);
    }
    client.bytes(all.as_bytes());
    for id in 1..=200 {
        let result = client.answer(id)["result"].clone();
        if id % 3 == 0 {
            error(&result);
        } else {
            assert_eq!(result["structuredContent"]["verdict"], "block", "{id}");
        }
    }
    client.is_well();
}

#[test]
fn an_id_that_is_in_use_is_not_answered_twice() {
    let mut slow = Slow::new();
    slow.begin(5);
    slow.client.call(5, "lookup_resource_type", &json!({ "type": "aws_vpc" }));
    let told = slow.client.find(|message| message.get("error").is_some());
    assert_eq!((&told["error"]["code"], told.get("id")), (&json!(-32600), None), "{told}");
    // The same number as a text is another id.
    slow.client.call("5", "lookup_resource_type", &json!({ "type": "aws_vpc" }));
    assert!(slow.client.answer("5").get("result").is_some());
}

#[test]
fn garbage_is_passed_over() {
    let garbage: [&[u8]; 20] = [
        b"",
        b"hello",
        b"\x00\xff\xfe\x80",
        b"{",
        b"}",
        b"null",
        b"[]",
        b"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
        b"{}",
        b"{\"jsonrpc\":\"2.0\"}",
        b"{\"jsonrpc\":\"1.0\",\"id\":900,\"method\":\"ping\"}",
        b"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
        b"{\"jsonrpc\":\"2.0\",\"id\":{\"a\":1},\"method\":\"ping\"}",
        b"{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
        b"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/nothing\",\"params\":{}}",
        b"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":77}}",
        b"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":1,\"progress\":1}}",
        b"{\"jsonrpc\":\"2.0\",\"id\":78,\"result\":{}}",
        b"{\"jsonrpc\":\"2.0\",\"id\":78,\"error\":{\"code\":1,\"message\":\"x\"}}",
        b"Content-Length: 20\r\n\r",
    ];
    let mut client = Client::new();
    let throw = |client: &mut Client| {
        for line in garbage {
            client.bytes(line);
            client.bytes(b"\n");
        }
        client.line(&"[".repeat(200_000));
        client.line(&format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":901,\"method\":\"ping\",\"params\":{}1{}}}",
            "[".repeat(500),
            "]".repeat(500)
        ));
    };
    throw(&mut client);
    let mut client = client.greeted();
    throw(&mut client);
    // Requests that no tool or method fits are answered to their ids.
    for (id, method, params) in [
        (1, "tools/call", json!({})),
        (2, "tools/call", json!({ "name": 5 })),
        (3, "tools/call", json!({ "name": "check_plan", "arguments": [] })),
        (4, "tools/call", json!("x")),
        (5, "nothing/at/all", json!({})),
        (6, "resources/read", json!({ "uri": "file:///etc/passwd" })),
        (7, "prompts/get", json!({ "name": "x" })),
        (8, "logging/setLevel", json!({ "level": "debug" })),
        (9, "sampling/createMessage", json!({})),
        (10, "initialize", json!({})),
    ] {
        client.request(id, method, &params);
        let told = client.answer(id);
        assert!(told.get("error").is_some(), "{method} {params}");
        // That there are no tools at all would be another thing.
        assert!(method != "tools/call" || told["error"]["code"] != -32601, "{params}: {told}");
    }
    // So are those that are no text, or too deep.
    let deep = "[".repeat(500) + &"]".repeat(500);
    for (id, plan) in [(20, r#""\ud800""#), (21, &deep)] {
        client.line(&format!(
            r#"{{"jsonrpc":"2.0","method":"tools/call","params":{{"name":"check_plan","arguments":{{"plan":{plan}}}}},"id":{id}}}"#
        ));
        assert!(client.answer(id).get("error").is_some(), "{plan}");
    }
    let told = client.ask("lookup_resource_type", &json!({ "type": "aws_vpc" }));
    assert_eq!(told["structuredContent"]["answer"]["standing"], "foundation");
    assert!(client.close().0.success());
}

#[test]
fn lines_have_an_end() {
    let mut client = Client::new().greeted();
    let start = b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"check_plan\",\"arguments\":{\"plan\":\"";
    client.bytes(start);
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..40 {
        client.bytes(&piece);
    }
    client.bytes(b"\"}}}\n");
    let told = client.find(|message| message.get("error").is_some());
    assert!(told["error"]["message"].as_str().unwrap().contains("by its path"), "{told}");
    // One that is large and allowed.
    client.call(2, "check_plan", &json!({ "plan": "x".repeat(8 << 20) }));
    error(&client.answer(2)["result"]);
    client.is_well();
    // One that never ends, when its writer goes away.
    client.bytes(b"{\"jsonrpc\":");
    assert!(client.close().0.success());
}

#[test]
fn pipes_and_devices_are_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.json");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero.json")).unwrap();
    std::os::unix::fs::symlink("/dev/stdin", folder.path().join("stdin.json")).unwrap();
    std::os::unix::fs::symlink("loop.json", folder.path().join("loop.json")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_blastgate"));
    let mut client = Client::start(command.arg("mcp").arg("--root").arg(folder.path())).greeted();
    for path in ["pipe.json", "zero.json", "stdin.json", "loop.json", "/dev/zero", "/dev/stdin", "/proc/self/fd/0"] {
        error(&client.ask("check_plan", &json!({ "path": path })));
    }
    client.is_well();
}

#[test]
fn a_client_that_reads_nothing_is_not_read_for_ever() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_blastgate"));
    command.arg("mcp").current_dir(common::folder("testdata"));
    let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut stdin, stdout) = (server.stdin.take().unwrap(), server.stdout.take());
    let writer = thread::spawn(move || {
        let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
        writeln!(stdin, "{}", json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello })).unwrap();
        let wrong = (0..1_000_000).try_for_each(|id| {
            writeln!(stdin, "{}", json!({ "jsonrpc": "2.0", "id": id, "method": "tools/list", "params": {} }))
        });
        assert!(wrong.is_err(), "a million answers of this size must not be kept");
    });
    thread::sleep(Duration::from_secs(2));
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap_or_default();
    let kilobytes =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    assert!(kilobytes.is_none_or(|kilobytes| kilobytes < 400_000), "{kilobytes:?}");
    assert!(server.try_wait().unwrap().is_none());
    // Then it goes away.
    drop(stdout);
    let status = eventually(|| server.try_wait().unwrap());
    assert!(status.success(), "{status}");
    writer.join().unwrap();
}
