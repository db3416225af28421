//! Gemini CLI: `BeforeTool`, `docs/hooks/reference.md` in google-gemini/gemini-cli.
//!
//! Exit code 2 with a word on standard error denies. With any other code the call runs; text on standard output that is
//! no JSON is taken for permission. Nobody can be asked. The time-out is in thousandths of a second.

use jsonc_parser::json;

use super::settings::THOUSANDTHS;
use super::{Answer, Decision, Dialect, Homes, Place, Request, Settings, Written};

pub(super) static DIALECT: Dialect = Dialect {
    name: "gemini",
    agent: "Gemini CLI",
    read: Request::read,
    write,
    settings: Settings {
        project: &[Place { path: ".gemini/settings.json", ..PLACE }],
        user: &[Place { path: "settings.json", ..PLACE }],
        home: Homes { variable: None, folder: ".gemini" },
        after: "In a folder that is not trusted Gemini CLI runs no hooks.",
    },
};

const PLACE: Place = Place {
    path: "",
    own: false,
    comments: true,
    begins: &[],
    lists: &[&["hooks", "BeforeTool"]],
    entry: |command, _| {
        json!({
            "hooks": [{ "name": "blastgate", "type": "command", "command": command, "timeout": THOUSANDTHS }]
        })
    },
};

fn write(answer: &Answer) -> Written {
    match answer.decision {
        Decision::Pass => Written::NOTHING,
        Decision::Ask | Decision::Deny => Written::refusal(answer),
    }
}
