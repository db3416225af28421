//! GitHub Copilot, in its command line, its cloud agent and VS Code: `preToolUse` and `PreToolUse`,
//! <https://docs.github.com/en/copilot/reference/hooks-reference>.
//!
//! Any exit code but 0 denies, and 2 does so whatever stands on standard output, whose reason is then told. A time-out lets
//! the call run. The cloud agent takes `ask` for `deny`. The event's name in the settings chooses the spelling of the
//! payload; in the one with capitals inside words there is no event in it. The shell keeps its directory between calls,
//! and only where the session began is told.

use jsonc_parser::json;
use serde_json::json as value;

use super::settings::SECONDS;
use super::{
    Answer, Decision, Dialect, Homes, Off, Payload, Place, Request, Root, Settings, Switch, Unreadable, Written,
};

pub(super) static DIALECT: Dialect = Dialect {
    name: "copilot",
    agent: "Copilot",
    read,
    write,
    settings: Settings {
        project: &[Place { path: ".github/hooks/blastgate.json", ..PLACE }],
        user: &[Place { path: "hooks/blastgate.json", ..PLACE }],
        home: Homes { variable: Some("COPILOT_HOME"), folder: ".copilot" },
        switches: &[
            Switch { path: ".github/hooks/blastgate.json", ..OFF },
            Switch { path: ".github/copilot/settings.json", ..OFF },
            Switch { path: ".github/copilot/settings.local.json", ..OFF },
            Switch { path: ".claude/settings.json", ..OFF },
            Switch { path: ".claude/settings.local.json", ..OFF },
            Switch { root: Root::User, path: "hooks/blastgate.json", ..OFF },
            Switch { root: Root::User, path: "settings.json", ..OFF },
        ],
        after: "Copilot's cloud agent needs blastgate at the same path in its own environment; without it, all calls are \
                denied there.",
    },
};

const OFF: Switch = Switch { root: Root::Project, path: "", keys: &["disableAllHooks"], off: Off::Is(true) };

const PLACE: Place = Place {
    path: "",
    own: true,
    comments: false,
    begins: &[("version", "1")],
    lists: &[&["hooks", "preToolUse"]],
    entry: |command, powershell| json!({ "type": "command", "bash": command, "powershell": powershell, "timeoutSec": SECONDS }),
};

/// What events of that spelling tell that are about no tool.
const OTHERS: [&str; 9] =
    ["agentName", "error", "initialPrompt", "message", "prompt", "reason", "source", "stopReason", "trigger"];

fn read(payload: &Payload) -> Result<Request, Unreadable> {
    let nameless = payload.event().is_none() && payload.has("sessionId");
    let other = match payload.tool() {
        // It has run.
        Some(_) => payload.has("toolResult") || payload.has("error"),
        None => OTHERS.iter().any(|key| payload.has(key)),
    };
    if nameless && other {
        return Ok(Request::other());
    }
    Ok(Request::read(payload)?.where_it_began().asking(true))
}

fn write(answer: &Answer) -> Written {
    let decided = |word: &str| {
        // VS Code looks for it further inside.
        let output = value!({
            "permissionDecision": word,
            "permissionDecisionReason": answer.reason,
            "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": word,
                "permissionDecisionReason": answer.reason,
            },
        });
        format!("{output}\n")
    };
    match answer.decision {
        Decision::Pass => Written::NOTHING,
        Decision::Ask => Written { stdout: decided("ask"), ..Written::NOTHING },
        Decision::Deny => Written { stdout: decided("deny"), ..Written::refusal(answer) },
    }
}
