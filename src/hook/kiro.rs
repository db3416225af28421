//! Kiro: `preToolUse` of its command line 2.x, `PreToolUse` of 3 and of the editor since 1.0,
//! <https://kiro.dev/docs/cli/hooks> and <https://kiro.dev/docs/cli/v3/hooks>.
//!
//! Exit code 2 blocks, with standard error for the model; with any other code the call runs. Nobody can be asked. Before
//! 1.0 the editor tells a hook nothing and leaves its input open: what cannot be read is denied there too.

use jsonc_parser::json;

use super::settings::{SECONDS, THOUSANDTHS};
use super::{Answer, Decision, Dialect, Homes, Place, Request, Settings, Written};

pub(super) static DIALECT: Dialect = Dialect {
    name: "kiro",
    agent: "Kiro",
    read: Request::read,
    write,
    settings: Settings {
        project: &[
            Place { path: ".kiro/hooks/blastgate.json", ..FILE },
            Place { path: ".kiro/agents/*.json", ..AGENT },
        ],
        user: &[Place { path: "hooks/blastgate.json", ..FILE }, Place { path: "agents/*.json", ..AGENT }],
        home: Homes { variable: None, folder: ".kiro" },
        switches: &[],
        after: "Kiro's command line 2.x knows hooks in agents only: its built-in agent has none, so make one, let it be \
                the default, and install again. The editor reads a project's hooks only.",
    },
};

const FILE: Place = Place {
    path: "",
    own: true,
    comments: false,
    begins: &[("version", "\"v1\"")],
    lists: &[&["hooks"]],
    entry: |command, _| {
        json!({
            "name": "blastgate",
            "trigger": "PreToolUse",
            "action": { "type": "command", "command": command },
            "timeout": SECONDS,
            "enabled": true
        })
    },
};

/// An agent of the command line 2.x, and of Amazon Q.
pub(super) const AGENT: Place = Place {
    path: "",
    own: false,
    comments: false,
    begins: &[],
    lists: &[&["hooks", "preToolUse"]],
    entry: |command, _| json!({ "command": command, "timeout_ms": THOUSANDTHS }),
};

pub(super) fn write(answer: &Answer) -> Written {
    match answer.decision {
        Decision::Pass => Written::NOTHING,
        Decision::Ask | Decision::Deny => Written::refusal(answer),
    }
}
