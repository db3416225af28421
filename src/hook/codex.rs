//! Codex CLI: `PreToolUse`, <https://developers.openai.com/codex/hooks> and `codex-rs/hooks` in openai/codex.
//!
//! Exit code 2 blocks where standard error says why; without a word there it does not. `ask` and `allow` are errors, and
//! an error lets the call run, as do all other codes, a time-out, and a hook that ends before it has read its input.
//! There is no setting that makes it fail closed. The directory that a call runs in is not told, only where the turn
//! began (openai/codex#32360).

use jsonc_parser::json;

use super::settings::SECONDS;
use super::{
    Answer, Decision, Dialect, Homes, Off, Payload, Place, Request, Root, Settings, Switch, Unreadable, Written,
};

pub(super) static DIALECT: Dialect = Dialect {
    name: "codex",
    agent: "Codex",
    read,
    write,
    settings: Settings {
        project: &[Place { path: ".codex/hooks.json", ..PLACE }],
        user: &[Place { path: "hooks.json", ..PLACE }],
        home: Homes { variable: Some("CODEX_HOME"), folder: ".codex" },
        switches: &[
            Switch { root: Root::User, path: "config.toml", keys: &["features", "hooks"], off: Off::Is(false) },
            Switch { root: Root::User, path: "config.toml", keys: &["features", "codex_hooks"], off: Off::Is(false) },
            Switch {
                root: Root::Project,
                path: ".codex/config.toml",
                keys: &["features", "hooks"],
                off: Off::Is(false),
            },
            Switch {
                root: Root::User,
                path: "config.toml",
                keys: &["hooks", "state"],
                off: Off::LacksTrust("pre_tool_use"),
            },
        ],
        after: "Codex runs a hook only once you have trusted it: start codex, enter /hooks, and trust this one.",
    },
};

const PLACE: Place = Place {
    path: "",
    own: false,
    comments: false,
    begins: &[],
    lists: &[&["hooks", "PreToolUse"]],
    entry: |command, _| json!({ "hooks": [{ "type": "command", "command": command, "timeout": SECONDS }] }),
};

fn read(payload: &Payload) -> Result<Request, Unreadable> {
    Ok(Request::read(payload)?.where_it_began())
}

fn write(answer: &Answer) -> Written {
    match answer.decision {
        Decision::Pass => Written::NOTHING,
        Decision::Ask | Decision::Deny => Written::refusal(answer),
    }
}
