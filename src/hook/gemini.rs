//! Gemini CLI: `BeforeTool`, `docs/hooks/reference.md` in google-gemini/gemini-cli.
//!
//! Exit code 2 with a word on standard error denies. With any other code the call runs; text on standard output that is
//! no JSON is taken for permission. Nobody can be asked. The time-out is in thousandths of a second.

use jsonc_parser::json;

use super::settings::THOUSANDTHS;
use super::{Answer, Decision, Dialect, Homes, Off, Place, Request, Root, Settings, Switch, Written};

pub(super) static DIALECT: Dialect = Dialect {
    name: "gemini",
    agent: "Gemini CLI",
    read: Request::read,
    write,
    settings: Settings {
        project: &[Place { path: ".gemini/settings.json", ..PLACE }],
        user: &[Place { path: "settings.json", ..PLACE }],
        home: Homes { variable: None, folder: ".gemini" },
        switches: &[
            Switch { root: Root::Project, keys: &["hooksConfig", "enabled"], ..OFF },
            Switch { root: Root::Project, keys: &["hooksConfig", "disabled"], off: Off::Lists("blastgate"), ..OFF },
            Switch { root: Root::Project, keys: &["hooks", "enabled"], ..OFF },
            Switch { root: Root::Project, keys: &["hooks", "disabled"], off: Off::Lists("blastgate"), ..OFF },
            Switch { root: Root::Project, keys: &["tools", "enableHooks"], ..OFF },
            Switch { root: Root::User, path: "settings.json", keys: &["hooksConfig", "enabled"], off: Off::Is(false) },
            Switch {
                root: Root::User,
                path: "settings.json",
                keys: &["hooksConfig", "disabled"],
                off: Off::Lists("blastgate"),
            },
            Switch { root: Root::User, path: "settings.json", keys: &["tools", "enableHooks"], off: Off::Is(false) },
        ],
        after: "In a folder that is not trusted Gemini CLI runs no hooks.",
    },
};

const OFF: Switch = Switch { root: Root::Project, path: ".gemini/settings.json", keys: &[], off: Off::Is(false) };

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
