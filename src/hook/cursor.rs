//! Cursor: `beforeShellExecution`, `beforeMCPExecution` and `preToolUse`, <https://cursor.com/docs/hooks>.
//!
//! Exit code 2 denies, as does `permission: "deny"`; both are given. A hook that fails lets the call run, unless it has
//! `failClosed`; then an answer without a decision counts as a failure too. So what passes is answered with
//! `permission: "allow"`, which gives no permission here: Cursor's own approvals are asked all the same. For the same reason
//! `ask` is not used: a command on the user's list of allowed ones runs without a question, whatever a hook asks
//! (<https://forum.cursor.com/t/144244> and <https://forum.cursor.com/t/155434>).

use jsonc_parser::json;
use serde_json::json as value;

use super::settings::SECONDS;
use super::{Answer, Decision, Dialect, Event, Homes, Place, Request, Settings, Written};

pub(super) static DIALECT: Dialect = Dialect {
    name: "cursor",
    agent: "Cursor",
    read: Request::read,
    write,
    settings: Settings {
        project: &[Place { path: ".cursor/hooks.json", ..PLACE }],
        user: &[Place { path: "hooks.json", ..PLACE }],
        home: Homes { variable: None, folder: ".cursor" },
        switches: &[],
        after: "Restart Cursor; its settings show under Hooks what it has loaded.",
    },
};

const PLACE: Place = Place {
    path: "",
    own: false,
    comments: false,
    begins: &[("version", "1")],
    lists: &[
        &["hooks", "beforeShellExecution"],
        &["hooks", "beforeMCPExecution"],
        // File tools fire only this one.
        &["hooks", "preToolUse"],
    ],
    entry: |command, _| json!({ "command": command, "timeout": SECONDS, "failClosed": true }),
};

fn write(answer: &Answer) -> Written {
    let reason = &answer.reason;
    match (answer.decision, answer.event) {
        (Decision::Pass, Event::Other) => Written { stdout: "{}\n".to_owned(), ..Written::NOTHING },
        (Decision::Pass, Event::Gate) => {
            Written { stdout: "{\"permission\":\"allow\"}\n".to_owned(), ..Written::NOTHING }
        }
        (Decision::Ask | Decision::Deny, _) => {
            let output = value!({ "permission": "deny", "user_message": reason, "agent_message": reason });
            Written { stdout: format!("{output}\n"), ..Written::refusal(answer) }
        }
    }
}
