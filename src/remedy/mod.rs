//! Ways out: what to do instead, as text to paste where that is possible.
//!
//! A way out is one file: it looks at one finding with all facts, and either fits or does not. They stand in the order in
//! which they are offered; the last one always fits, so no finding is left without. Whatever text is to be pasted is made
//! of addresses and of values that nobody has to hide, and is written so that no string of a plan can be anything but
//! a string in it.

mod advice;
mod as_asked;
mod code;
mod create_first;
mod hcl;
mod ignore_changes;
mod moved;
mod removed;
mod revert;
mod secret;
mod shell;
mod shifted;
mod snapshot;
mod split;
mod stack;
mod triggered;
mod wait;

use crate::facts::{Cause, ChangeFacts, Facts};
use crate::plan::Plan;
use crate::rules::Found;

/// What to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayOut {
    /// Which way it is, such as `moved`.
    pub id: &'static str,
    /// What to do, in a sentence or two.
    pub text: String,
    /// What to paste.
    pub paste: Option<Paste>,
}

/// Text to paste.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paste {
    /// What it is.
    pub language: Language,
    /// The text, without a line end behind the last line.
    pub text: String,
}

/// What a text to paste is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Blocks for a `.tf` file. A block that is there already takes the arguments in.
    Hcl,
    /// Lines for a `.tfvars` file.
    Variables,
    /// Commands.
    Shell,
    /// Lines for a template of CloudFormation, as they stand under `Resources`. A resource that is there already takes them in.
    Yaml,
}

impl Language {
    /// The word that reports use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Hcl => "hcl",
            Self::Variables => "tfvars",
            Self::Shell => "sh",
            Self::Yaml => "yaml",
        }
    }
}

/// One finding, with everything that a way out may look at.
struct Subject<'c, 'p, 'a> {
    facts: &'c Facts<'p, 'a>,
    found: &'c Found,
    /// The change that it is about; none for a plan as a whole.
    change: Option<&'c ChangeFacts<'p, 'a>>,
    /// The change where it began, which may be the same.
    root: Option<(usize, &'c ChangeFacts<'p, 'a>)>,
}

impl<'c, 'p, 'a> Subject<'c, 'p, 'a> {
    fn new(facts: &'c Facts<'p, 'a>, found: &'c Found) -> Self {
        let place = found.change;
        let change = place.and_then(|place| facts.changes.get(place));
        let root = change.and_then(|change| change.cause.change).or(place);
        let root = root.and_then(|place| Some((place, facts.changes.get(place)?)));
        Self { facts, found, change, root }
    }

    fn plan(&self) -> Option<&'p Plan<'a>> {
        self.facts.plans.get(self.found.plan)
    }

    /// It is about a change set of a stack.
    fn is_stack(&self) -> bool {
        self.facts.is_stack(self.found.plan)
    }

    /// The old and the new address, where the change began with something that was only renamed.
    fn renamed(&self) -> Option<(&'c str, &'c str)> {
        self.facts.renames.statement(self.root?.0)
    }

    /// Where the change comes from.
    fn cause(&self) -> Option<&'c Cause> {
        self.change.map(|change| &change.cause)
    }

    /// OpenTofu made the plan, as far as that can be told: unlike Terraform of its age it does not say whether its plans can
    /// be applied and are complete.
    fn is_tofu(&self) -> bool {
        self.plan().is_some_and(|plan| {
            let header = &plan.header;
            header.tool_version.is_some() && header.applyable.is_none() && header.complete.is_none()
        }) && self.tool_is_at_least((1, 8))
    }

    /// The program's name.
    fn program(&self) -> &'static str {
        if self.is_tofu() { "tofu" } else { "terraform" }
    }

    /// The tool that made the plan is at least of this version, or does not say.
    fn tool_is_at_least(&self, wanted: (u32, u32)) -> bool {
        let version = self.plan().and_then(|plan| plan.header.tool_version.as_deref()).unwrap_or("1.9");
        let mut parts = version.split(['.', '-']).map(|part| part.parse().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= wanted
    }
}

/// A way out: what it is called, and when it fits.
struct Way {
    find: fn(&Subject<'_, '_, '_>) -> Option<WayOut>,
}

/// All ways out, in the order in which they are offered. A new one is one file and one line.
const WAYS: &[Way] = &[
    as_asked::WAY,
    triggered::WAY,
    moved::WAY,
    shifted::WAY,
    shifted::LIST,
    wait::WAY,
    revert::WAY,
    ignore_changes::WAY,
    removed::WAY,
    create_first::WAY,
    advice::WAY,
    snapshot::WAY,
    split::WAY,
];

/// The same for what is changed by a change set.
const WAYS_IN_A_STACK: &[Way] = &[
    stack::nested::WAY,
    stack::policy::WAY,
    stack::refactor::WAY,
    stack::import::WAY,
    revert::WAY,
    stack::keep::WAY,
    advice::WAY,
    snapshot::WAY,
    stack::split::WAY,
    stack::protect::WAY,
];

/// So many ways out are offered for one finding.
const MOST: usize = 4;

/// The ways out that fit what was found, the best first. There is always one.
#[must_use]
pub fn ways_out(facts: &Facts<'_, '_>, found: &Found) -> Vec<WayOut> {
    let subject = Subject::new(facts, found);
    let ways = if facts.is_stack(found.plan) { WAYS_IN_A_STACK } else { WAYS };
    let mut ways: Vec<WayOut> = ways.iter().filter_map(|way| (way.find)(&subject)).collect();
    // Advice is for where nothing more concrete fits.
    if ways.first().is_some_and(|way| way.id != advice::ID && way.id != snapshot::ID) {
        ways.retain(|way| way.id != advice::ID);
    }
    // An index that shifted is no edit of one object.
    if ways.iter().any(|way| way.id == shifted::ID) {
        ways.retain(|way| way.id != revert::ID);
    }
    // What two of them say in one way, the first says best.
    let mut seen = Vec::new();
    ways.retain(|way| {
        !seen.contains(&way.id) && {
            seen.push(way.id);
            true
        }
    });
    ways.truncate(MOST);
    ways
}

pub use moved::all as renamed;
pub use revert::shown;
pub use stack::yaml::join as join_yaml;

#[cfg(test)]
mod tests {
    use super::WAYS;

    #[test]
    fn there_are_ways_out() {
        assert!(WAYS.len() > 8);
    }
}
