//! The program itself, as an agent starts it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::agents::{AGENTS, Fate, Seen};
use crate::payloads;

/// The hook of an agent, ready to be started.
pub fn hook(arguments: &[&str], directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_blastgate"));
    command.arg("hook").args(arguments).current_dir(directory);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Starts it, writes the payload and reads what it did. An agent that cannot write all of its payload may go on without
/// the hook, so that is a fault.
pub fn run(mut command: Command, payload: &[u8]) -> Seen {
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(payload).expect("the payload is read to its end");
    seen(child)
}

fn seen(child: Child) -> Seen {
    let output = child.wait_with_output().unwrap();
    Seen {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn commands_meet_their_fate() {
    let folder = tempfile::tempdir().unwrap();
    for (agent, asks) in AGENTS {
        let asked = if asks { Fate::Asked } else { Fate::Denied };
        for (command, expected) in [
            ("git status", Fate::Untouched),
            ("terraform plan -out=tfplan", Fate::Untouched),
            ("terraform import a b", asked),
            ("terraform destroy", Fate::Denied),
            // There is no such plan.
            ("terraform apply tfplan", Fate::Denied),
        ] {
            for payload in payloads::of(agent, command, folder.path().to_str().unwrap()) {
                let seen = run(hook(&[agent], folder.path()), payload.to_string().as_bytes());
                assert_eq!(seen.by(agent), expected, "{agent}: {command}: {seen:?}");
            }
        }
        for payload in payloads::others(agent) {
            let seen = run(hook(&[agent], folder.path()), payload.to_string().as_bytes());
            assert_eq!(seen.by(agent), Fate::Untouched, "{agent}: {payload}: {seen:?}");
        }
    }
}

#[test]
fn what_is_no_payload_is_denied() {
    let folder = tempfile::tempdir().unwrap();
    for (agent, _) in AGENTS {
        for payload in payloads::broken() {
            let seen = run(hook(&[agent], folder.path()), &payload);
            let shown = String::from_utf8_lossy(&payload).chars().take(100).collect::<String>();
            assert_eq!(seen.by(agent), Fate::Denied, "{agent}: {shown}: {seen:?}");
            assert!(seen.stderr.contains("A person decides"), "{agent}: {shown}: {}", seen.stderr);
        }
    }
}

/// Kiro's editor of old leaves the pipe open and writes nothing.
#[test]
fn an_agent_that_never_ends_its_payload_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let children: Vec<_> = AGENTS
        .iter()
        .map(|(agent, _)| {
            let mut child = hook(&[agent], folder.path()).spawn().unwrap();
            let pipe = child.stdin.take().unwrap();
            (agent, child, pipe)
        })
        .collect();
    for (agent, child, pipe) in children {
        let seen = seen(child);
        drop(pipe);
        assert_eq!(seen.by(agent), Fate::Denied, "{agent}: {seen:?}");
    }
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}

/// A word in the settings that is wrong must not let calls through.
#[test]
fn wrong_usage_is_a_refusal() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["clade"][..], &[], &["claude", "--tool", "terraform"], &["claude", "--wrong"], &["claude", "x"]]
    {
        let mut child = hook(arguments, folder.path()).spawn().unwrap();
        // It may not read it.
        let _ = child.stdin.take().unwrap().write_all(b"{}");
        let seen = seen(child);
        for (agent, _) in AGENTS {
            assert_eq!(seen.by(agent), Fate::Denied, "{agent}: {arguments:?}: {seen:?}");
        }
    }
}

#[test]
fn an_answer_that_nobody_reads_is_a_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let payload = payloads::of("cursor", "git status", "/").remove(0).to_string();
    let mut child = hook(&["cursor"], folder.path()).spawn().unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(payload.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

/// Standard output that was closed swallows a question, and then nobody would be asked.
#[test]
fn a_question_that_nobody_hears_is_a_refusal() {
    let folder = tempfile::tempdir().unwrap();
    for agent in ["claude", "copilot"] {
        let payload = payloads::of(agent, "terraform state rm a.b", "/").remove(0).to_string();
        let mut command = hook(&[agent], folder.path());
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(payload.as_bytes()).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(2), "{agent}");
    }
}

/// The worker may not take more memory than this, whatever a payload has it do.
#[test]
#[cfg(target_os = "linux")]
fn the_worker_has_a_limit_of_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = hook(&["worker", "claude"], folder.path()).spawn().unwrap();
    let limits = || std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap_or_default();
    let start = Instant::now();
    let line = |text: String| text.lines().find(|line| line.starts_with("Max address space")).map(ToOwned::to_owned);
    while !line(limits()).is_some_and(|line| line.contains("4294967296")) {
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", line(limits()));
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
