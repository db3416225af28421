//! What a payload asks: what would be done, and where.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::acts::{Act, DIRECTORIES, acts};
use super::answer::Event;
use super::payload::{Payload, Unreadable, plain};
use super::strict;

/// What a payload asks.
#[derive(Debug)]
pub struct Request {
    /// Whether there is a call to decide on.
    pub event: Event,
    /// What the call would do.
    pub acts: Vec<Act>,
    /// Where it would run; empty where the payload does not say.
    pub directory: PathBuf,
    /// The agent tells where this very command runs, not only where its session began.
    pub told: bool,
    /// A person can be asked.
    pub asks: bool,
    /// The call itself names its directory.
    named: bool,
}

impl Request {
    /// Reads a payload by its event, by whichever agent's name of it. Without an event it must be a call.
    pub(super) fn read(payload: &Payload) -> Result<Self, Unreadable> {
        match payload.event().as_deref() {
            Some("beforeshellexecution") => Self::line(payload),
            Some("beforemcpexecution" | "beforetool" | "pretooluse") => Self::call(payload),
            Some(_) => Ok(Self::other()),
            None if payload.tool().is_none() && payload.has("command") => Self::line(payload),
            None => Self::call(payload),
        }
    }

    /// What is not ours to decide on.
    pub(super) fn other() -> Self {
        Self::new(Event::Other, Vec::new(), Spot::default())
    }

    fn new(event: Event, acts: Vec<Act>, spot: Spot) -> Self {
        Self { event, acts, directory: spot.directory, told: spot.told, named: spot.named, asks: false }
    }

    /// Reads the call of a tool, as most payloads tell it.
    fn call(payload: &Payload) -> Result<Self, Unreadable> {
        let tool = payload.tool().filter(|tool| !tool.trim().is_empty());
        let tool = tool.ok_or_else(|| Unreadable::new("the payload does not say which tool is called"))?;
        let input = payload.get(&["tool_input", "toolInput", "toolArgs", "tool_args"]);
        let arguments = arguments(input.unwrap_or(&Value::Null))?;
        Ok(Self::new(Event::Gate, acts(tool, &arguments)?, Spot::read(payload, &arguments)?))
    }

    /// A line of shell text that stands in the payload itself.
    fn line(payload: &Payload) -> Result<Self, Unreadable> {
        let line = payload.text("command").ok_or_else(|| Unreadable::new("the payload has no command"))?;
        Ok(Self::new(Event::Gate, vec![Act::Shell(line.to_owned())], Spot::read(payload, &Value::Null)?))
    }

    /// What the agent says of the directory is where its session began, unless the call names one.
    pub(super) fn where_it_began(mut self) -> Self {
        self.told &= self.named;
        self
    }

    /// Whether a person can be asked.
    pub(super) fn asking(mut self, asks: bool) -> Self {
        self.asks = asks;
        self
    }
}

/// The arguments of a call. Some agents hand on the text that the model wrote.
fn arguments(input: &Value) -> Result<Value, Unreadable> {
    let Value::String(text) = input else { return Ok(input.clone()) };
    match strict::read(text) {
        Ok(value) => Ok(value),
        Err(error) if error.is_data() => Err(Unreadable::new("the call's arguments have a key twice")),
        // Free text: a patch, or a command.
        Err(_) if !text.trim_start().starts_with(['{', '[']) => Ok(input.clone()),
        Err(_) => Err(Unreadable::new("the call's arguments are not JSON")),
    }
}

/// Where a call runs.
#[derive(Default)]
struct Spot {
    directory: PathBuf,
    told: bool,
    named: bool,
}

impl Spot {
    fn read(payload: &Payload, arguments: &Value) -> Result<Self, Unreadable> {
        let own = payload.text("cwd").map(Path::new).filter(|path| path.is_absolute());
        let root = payload.get(&["workspace_roots", "workspaceRoots"]).and_then(|roots| roots.get(0)?.as_str());
        let directory = own.map(Path::to_path_buf).or_else(|| root.map(PathBuf::from)).unwrap_or_default();
        let mut members = arguments.as_object().into_iter().flatten();
        let inner = members.find(|(key, _)| DIRECTORIES.contains(&plain(key).as_str())).map(|(_, value)| value);
        match inner {
            None | Some(Value::Null) => Ok(Self { directory, told: own.is_some(), named: false }),
            Some(Value::String(inner)) if inner.is_empty() => Ok(Self { directory, told: own.is_some(), named: false }),
            Some(Value::String(inner)) => {
                let told = own.is_some() || Path::new(inner).is_absolute();
                Ok(Self { directory: directory.join(inner), told, named: told })
            }
            Some(_) => Err(Unreadable::new("the call does not say in words where it runs")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Payload, Request};

    #[test]
    fn where_a_command_runs() {
        let of = |text: &str| {
            let payload = Payload::read(text.as_bytes()).unwrap();
            Request::call(&payload).map(|request| (request.directory.display().to_string(), request.told))
        };
        let at = |path: &str, told: bool| Ok((path.to_owned(), told));
        assert_eq!(of(r#"{"tool_name":"Bash","cwd":"/a","tool_input":{"command":"ls"}}"#), at("/a", true));
        assert_eq!(of(r#"{"tool_name":"Bash","tool_input":{"command":"ls"}}"#), at("", false));
        assert_eq!(of(r#"{"tool_name":"Bash","cwd":"","tool_input":{"command":"ls","cwd":"/b"}}"#), at("/b", true));
        assert_eq!(
            of(r#"{"tool_name":"Bash","cwd":"/a","tool_input":{"command":"ls","dir_path":"b"}}"#),
            at("/a/b", true)
        );
        let roots = r#"{"tool_name":"Shell","cwd":"","workspace_roots":["/w"],"tool_input":{"command":"ls"}}"#;
        assert_eq!(of(roots), at("/w", false));
        assert!(of(r#"{"tool_name":"Bash","cwd":"/a","tool_input":{"command":"ls","workdir":["b"]}}"#).is_err());
        let text = r#"{"toolName":"bash","cwd":"/a","toolArgs":"{\"command\":\"ls\",\"command\":\"x\"}"}"#;
        assert!(of(text).is_err());
        assert!(of(r#"{"toolName":"bash","cwd":"/a","toolArgs":"{"}"#).is_err());
    }
}
