//! Where agents keep their hooks, and what is written there. The files are looked after elsewhere.

use jsonc_parser::cst::CstInputValue;

/// Whom a setting is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Everybody who works in this project.
    Project,
    /// One user, in all projects.
    User,
}

/// The folder that a user's settings are in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Homes {
    /// The variable that moves it.
    pub variable: Option<&'static str>,
    /// Where it is otherwise, from the user's home.
    pub folder: &'static str,
}

/// How an agent's hooks are set up.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The files in a project, from its folder.
    pub project: &'static [Place],
    /// The files of a user, from the agent's own folder.
    pub user: &'static [Place],
    /// That folder.
    pub home: Homes,
    /// What switches hooks off, wherever that stands.
    pub switches: &'static [Switch],
    /// What a person still has to do, or should know, once it is installed.
    pub after: &'static str,
}

/// A file with hooks.
#[derive(Debug)]
pub(crate) struct Place {
    /// Its path. `*` for its name means every such file that is there; none is made.
    pub path: &'static str,
    /// It holds nothing of others.
    pub own: bool,
    /// The agent reads it with comments.
    pub comments: bool,
    /// What a new file begins with, before the hooks.
    pub begins: &'static [(&'static str, &'static str)],
    /// The lists that the hook stands in: the keys to each.
    pub lists: &'static [&'static [&'static str]],
    /// The hook as it stands in such a list; of the command as the shell of Unix reads it, and as `PowerShell` does.
    pub entry: fn(&str, &str) -> CstInputValue,
}

/// Where a file with a switch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    /// In the project.
    Project,
    /// In the agent's own folder of the user.
    User,
    /// At this path on the machine.
    Machine,
}

/// Something in a settings file that switches hooks off.
#[derive(Debug)]
pub(crate) struct Switch {
    /// Where the file is.
    pub root: Root,
    /// Its path from there. One that ends in `.toml` is TOML; any other is JSON.
    pub path: &'static str,
    /// The keys to the value.
    pub keys: &'static [&'static str],
    /// What there means that this hook does not run.
    pub off: Off,
}

/// A value that means that a hook does not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Off {
    /// This truth value.
    Is(bool),
    /// A list that names it.
    Lists(&'static str),
    /// A table without the user's trust in it: of entries `FILE:EVENT:GROUP:HOOK`, for this event.
    LacksTrust(&'static str),
}

impl Settings {
    /// The files of a scope.
    #[must_use]
    pub fn places(&self, scope: Scope) -> &'static [Place] {
        match scope {
            Scope::Project => self.project,
            Scope::User => self.user,
        }
    }
}

/// So long an agent may wait, in seconds: longer than the hook ever takes.
pub(super) const SECONDS: u32 = 30;
/// The same in thousandths.
pub(super) const THOUSANDTHS: u32 = 30_000;
