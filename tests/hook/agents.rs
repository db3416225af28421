//! How each agent reads what a hook did. The sources are named in the files of `src/hook`.

use serde_json::Value;

/// What becomes of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The agent goes on as without a hook: with its own prompt, where it has one.
    Untouched,
    /// It runs without the user's own prompt.
    Permitted,
    /// A person is asked.
    Asked,
    /// It does not run.
    Denied,
    /// The hook counts as broken, and the call goes on.
    Broken,
}

/// What a hook did.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its exit code; none for one that was killed.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

#[allow(clippy::match_same_arms, reason = "an arm is a sentence of an agent's documentation")]
impl Seen {
    /// What becomes of the call with this agent.
    pub fn by(&self, agent: &str) -> Fate {
        match agent {
            "claude" => self.claude(),
            "codex" => self.codex(),
            "cursor" => self.cursor(),
            "gemini" => self.gemini(),
            "copilot" => self.copilot(),
            "kiro" | "amazonq" => self.kiro(),
            other => panic!("nobody knows {other}"),
        }
    }

    fn json(&self) -> Option<Value> {
        serde_json::from_str(self.stdout.trim()).ok().filter(Value::is_object)
    }

    /// Up to 2.1.213 a refusal by code with JSON that does not fit its schema let the call run; so there must be none.
    fn claude(&self) -> Fate {
        let decision = self.json().map(|json| json["hookSpecificOutput"]["permissionDecision"].clone());
        match (self.code, decision.as_ref().map(|word| word.as_str().unwrap_or_default())) {
            (Some(2), None) if !self.stdout.trim_start().starts_with('{') => Fate::Denied,
            (Some(2), _) => Fate::Broken,
            (Some(0), None) => Fate::Untouched,
            (Some(0), Some("deny")) => Fate::Denied,
            (Some(0), Some("ask")) => Fate::Asked,
            (Some(0), Some("allow")) => Fate::Permitted,
            _ => Fate::Broken,
        }
    }

    fn codex(&self) -> Fate {
        match self.code {
            Some(2) if !self.stderr.trim().is_empty() => Fate::Denied,
            Some(0) if self.stdout.trim().is_empty() => Fate::Untouched,
            Some(0) => match self.json().map(|json| json["hookSpecificOutput"].clone()) {
                Some(output) if output["permissionDecision"] == "deny" && output["permissionDecisionReason"] != "" => {
                    Fate::Denied
                }
                _ => Fate::Broken,
            },
            _ => Fate::Broken,
        }
    }

    /// A refusal must hold without `failClosed` too, and what passes must pass with it.
    fn cursor(&self) -> Fate {
        match (self.code, self.json()) {
            (Some(2), _) => Fate::Denied,
            (Some(0), Some(json)) => match json["permission"].as_str() {
                Some("deny") => Fate::Denied,
                // Commands on the user's list run without a question.
                Some("ask") => Fate::Broken,
                // Its own approvals are asked all the same.
                Some("allow") => Fate::Untouched,
                Some(_) => Fate::Broken,
                None => Fate::Untouched,
            },
            _ => Fate::Broken,
        }
    }

    fn gemini(&self) -> Fate {
        match self.code {
            Some(2) if !self.stderr.trim().is_empty() => Fate::Denied,
            Some(0) if self.stdout.trim().is_empty() => Fate::Untouched,
            Some(0) => match self.json().map(|json| json["decision"].clone()) {
                Some(decision) if decision == "deny" || decision == "block" => Fate::Denied,
                _ => Fate::Permitted,
            },
            _ => Fate::Broken,
        }
    }

    fn copilot(&self) -> Fate {
        match (self.code, self.json().map(|json| json["permissionDecision"].clone())) {
            (Some(0), None) => Fate::Untouched,
            (Some(0), Some(decision)) => match decision.as_str() {
                Some("deny") => Fate::Denied,
                Some("ask") => Fate::Asked,
                Some("allow") => Fate::Permitted,
                _ => Fate::Untouched,
            },
            // Also one that crashes; a time-out is what lets a call run.
            _ => Fate::Denied,
        }
    }

    fn kiro(&self) -> Fate {
        match self.code {
            Some(2) => Fate::Denied,
            Some(0) => Fate::Untouched,
            _ => Fate::Broken,
        }
    }
}

/// The agents, and whether they ask a person when a hook wants it.
pub const AGENTS: [(&str, bool); 7] = [
    ("claude", true),
    ("codex", false),
    ("cursor", false),
    ("gemini", false),
    ("copilot", true),
    ("kiro", false),
    ("amazonq", false),
];
