//! Where an agent's command starts: what the agents tell their hooks, and how they read the answer.
//!
//! Six agents give an exit code six meanings, so each has a file that knows its dialect: a payload becomes a [`Request`],
//! an [`Answer`] becomes bytes and an exit code. What is in between is the same for all. Nothing here does I/O.
//!
//! Two rules hold in every dialect. A refusal is said in the one way that survives a noisy line and every version of
//! the agent: exit code 2 with the reason beside it. And nothing is ever permitted: what is harmless gets no opinion, so
//! that the user's own prompt stays.

mod acts;
mod amazonq;
mod answer;
mod claude;
mod codex;
mod copilot;
mod cursor;
mod decide;
mod gemini;
mod kiro;
mod payload;
mod request;
mod settings;
mod strict;
mod words;

pub use acts::Act;
pub use answer::{Answer, Decision, Event, Written};
pub use decide::{Elsewhere, Judge, Judged, decide};
pub use payload::{MOST_BYTES, Payload, Unreadable};
pub use request::Request;

pub(crate) use settings::{Homes, Off, Place, Root, Scope, Settings, Switch};
pub use words::{failed, unreadable};

/// How one agent talks to its hooks.
#[derive(Debug)]
pub struct Dialect {
    /// Its name on the command line.
    pub name: &'static str,
    /// The agent, as people call it.
    pub agent: &'static str,
    /// Makes a request of a payload.
    pub read: fn(&Payload) -> Result<Request, Unreadable>,
    /// Writes an answer as the agent reads it.
    pub write: fn(&Answer) -> Written,
    /// Where its hooks are set up.
    pub(crate) settings: Settings,
}

/// All dialects. A new one is one file and one line.
pub static DIALECTS: &[&Dialect] = &[
    &claude::DIALECT,
    &codex::DIALECT,
    &cursor::DIALECT,
    &gemini::DIALECT,
    &copilot::DIALECT,
    &kiro::DIALECT,
    &amazonq::DIALECT,
];

/// The dialect of this name.
#[must_use]
pub fn dialect(name: &str) -> Option<&'static Dialect> {
    DIALECTS.iter().copied().find(|dialect| dialect.name == name)
}
