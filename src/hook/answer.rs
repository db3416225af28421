//! What is answered, before any agent's dialect.

use serde::{Deserialize, Serialize};

/// What should become of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// No opinion: the agent goes on as if nobody had been asked.
    Pass,
    /// A person must agree first.
    Ask,
    /// It must not run.
    Deny,
}

/// Whether there was something to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// A call that has not run yet.
    Gate,
    /// Anything else that the agent tells.
    Other,
}

/// An answer to a hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What should become of the call.
    pub decision: Decision,
    /// Whether there was one.
    pub event: Event,
    /// Why, written for the agent; empty where it passes.
    pub reason: String,
}

/// An answer as an agent reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// For standard output.
    pub stdout: String,
    /// For standard error.
    pub stderr: String,
    /// The exit code.
    pub code: u8,
}

impl Answer {
    /// No opinion.
    #[must_use]
    pub fn pass(event: Event) -> Self {
        Self { decision: Decision::Pass, event, reason: String::new() }
    }

    /// A refusal.
    #[must_use]
    pub fn deny(reason: String) -> Self {
        Self { decision: Decision::Deny, event: Event::Gate, reason }
    }
}

impl Written {
    /// Nothing at all, which most agents take for no opinion.
    pub(super) const NOTHING: Self = Self { stdout: String::new(), stderr: String::new(), code: 0 };

    /// The refusal that most agents know: exit code 2 and the reason on standard error. Where that is empty, some do not
    /// take it for a refusal; and where standard output has JSON that they do not like, neither: so it has nothing.
    pub(super) fn refusal(answer: &Answer) -> Self {
        Self { stdout: String::new(), stderr: format!("{}\n", answer.reason), code: 2 }
    }
}

/// What the frame of an answer begins with; the length of the rest in bytes follows.
const MARK: &str = "blastgate-hook-answer ";

impl Answer {
    /// Writes the answer as the worker hands it over: in a frame that no stray line looks like.
    #[must_use]
    pub fn framed(&self) -> String {
        // It has strings and words only; without them the frame is not accepted.
        let body = serde_json::to_string(self).unwrap_or_default();
        format!("{MARK}{}\n{body}\n", body.len())
    }

    /// Reads a frame; `None` for anything but exactly one.
    #[must_use]
    pub fn unframed(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (length, body) = text.strip_prefix(MARK)?.split_once('\n')?;
        let body = body.strip_suffix('\n')?;
        if length != body.len().to_string() {
            return None;
        }
        let answer: Self = serde_json::from_str(body).ok()?;
        let said = answer.decision == Decision::Pass || !answer.reason.trim().is_empty();
        said.then_some(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Event};

    #[test]
    fn one_frame_and_nothing_else_is_an_answer() {
        let answer = Answer::deny("no: \"\n\u{1b}".to_owned());
        let framed = answer.framed();
        assert_eq!(Answer::unframed(framed.as_bytes()), Some(answer));
        assert_eq!(Answer::unframed(Answer::pass(Event::Other).framed().as_bytes()), Some(Answer::pass(Event::Other)));
        let pass = Answer::pass(Event::Gate).framed();
        let wrong = [
            String::new(),
            format!("noise\n{pass}"),
            format!("{pass}noise\n"),
            format!("{pass}{pass}"),
            pass.trim_end().to_owned(),
            pass.replace("answer ", "answer 0"),
            pass.replace("pass", "allow"),
            pass.replace("pass", "deny"),
            r#"{"decision":"pass","event":"gate","reason":""}"#.to_owned(),
        ];
        for text in wrong {
            assert_eq!(Answer::unframed(text.as_bytes()), None, "{text}");
        }
    }
}
