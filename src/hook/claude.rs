//! Claude Code: `PreToolUse`, <https://code.claude.com/docs/en/hooks>.
//!
//! Exit code 0 without output is no opinion. `permissionDecision` on standard output can ask; `allow` would skip the
//! user's prompt. Exit code 2 blocks, with standard error for the model; any other code lets the call run, unless the
//! hook has `onFailure: "block"` (since 2.1.295), which a hook that cannot start or is late needs as well.
//! Under `bypassPermissions` and `auto` an `ask` was seen to run without a question (anthropics/claude-code#77212 and
//! #51255), and so it is not trusted in a mode that is not known to ask.

use jsonc_parser::json;
use serde_json::json as value;

use super::settings::SECONDS;
use super::{
    Answer, Decision, Dialect, Homes, Off, Payload, Place, Request, Root, Settings, Switch, Unreadable, Written,
};

/// In these modes a person is asked, or the call is refused.
const ASKING: [&str; 4] = ["default", "acceptEdits", "plan", "dontAsk"];

/// Only agents that read these settings too, and may not know what asking looks like here, send these.
const OF_OTHERS: [&str; 3] = ["cursor_version", "conversation_id", "generation_id"];

pub(super) static DIALECT: Dialect = Dialect {
    name: "claude",
    agent: "Claude Code",
    read,
    write,
    settings: Settings {
        project: &[Place { path: ".claude/settings.json", ..PLACE }],
        user: &[Place { path: "settings.json", ..PLACE }],
        home: Homes { variable: Some("CLAUDE_CONFIG_DIR"), folder: ".claude" },
        switches: &[
            Switch { root: Root::Project, path: ".claude/settings.json", ..OFF },
            Switch { root: Root::Project, path: ".claude/settings.local.json", ..OFF },
            Switch { root: Root::User, path: "settings.json", ..OFF },
            Switch { root: Root::Machine, path: MANAGED, ..OFF },
            Switch { root: Root::Machine, path: MANAGED, keys: &["allowManagedHooksOnly"], off: Off::Is(true) },
        ],
        after: "Claude Code before 2.1.295 does not know onFailure: there, a hook that cannot start lets calls through.",
    },
};

const PLACE: Place = Place {
    path: "",
    own: false,
    comments: false,
    begins: &[],
    lists: &[&["hooks", "PreToolUse"]],
    entry: |command, _| {
        json!({
            "hooks": [{ "type": "command", "command": command, "timeout": SECONDS, "onFailure": "block" }]
        })
    },
};

const OFF: Switch = Switch { root: Root::User, path: "", keys: &["disableAllHooks"], off: Off::Is(true) };

/// What an administrator has set.
const MANAGED: &str = if cfg!(target_os = "macos") {
    "/Library/Application Support/ClaudeCode/managed-settings.json"
} else {
    "/etc/claude-code/managed-settings.json"
};

fn read(payload: &Payload) -> Result<Request, Unreadable> {
    Ok(Request::read(payload)?.asking(asks(payload)))
}

fn asks(payload: &Payload) -> bool {
    let known = payload.text("permission_mode").is_none_or(|mode| ASKING.contains(&mode));
    let others = OF_OTHERS.iter().any(|key| payload.has(key));
    // Copilot sends a time and no transcript.
    let copilot = payload.has("timestamp") && !payload.has("transcript_path");
    known && !others && !copilot
}

fn write(answer: &Answer) -> Written {
    match answer.decision {
        Decision::Pass => Written::NOTHING,
        Decision::Deny => Written::refusal(answer),
        Decision::Ask => {
            let output = value!({ "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": "ask",
                "permissionDecisionReason": answer.reason,
            }});
            Written { stdout: format!("{output}\n"), ..Written::NOTHING }
        }
    }
}
