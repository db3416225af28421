//! Amazon Q Developer's command line, from which Kiro's came: the same dialect, `docs/hooks.md` in
//! aws/amazon-q-developer-cli. Hooks are in agents only.

use super::kiro::{AGENT, write};
use super::{Dialect, Homes, Place, Request, Settings};

pub(super) static DIALECT: Dialect = Dialect {
    name: "amazonq",
    agent: "Amazon Q",
    read: Request::read,
    write,
    settings: Settings {
        project: &[Place { path: ".amazonq/cli-agents/*.json", ..AGENT }],
        user: &[Place { path: "cli-agents/*.json", ..AGENT }],
        home: Homes { variable: None, folder: ".aws/amazonq" },
        switches: &[],
        after: "Amazon Q knows hooks in agents only: its built-in agent has none, so let an agent with the hook be the \
                default.",
    },
};
