//! Ways out for stacks of CloudFormation: what a template, a stack's policy or another change set can do.

pub(super) mod import;
pub(super) mod keep;
pub(super) mod nested;
pub(super) mod policy;
pub(super) mod protect;
pub(super) mod refactor;
pub(super) mod split;
pub mod yaml;

use super::shell;

/// A stack that is nested in no other, as a command names it, and a logical id in it.
struct Place<'t> {
    stack: String,
    logical: &'t str,
}

impl<'t> Place<'t> {
    /// Where an address leads; `None` in a nested stack, whose name is another than its place.
    fn of(address: &'t str) -> Option<Self> {
        let (stack, logical) = address.split_once('/')?;
        let fits = yaml::is_name(stack) && yaml::is_logical(logical);
        fits.then(|| Some(Self { stack: shell::quoted(stack)?, logical }))?
    }
}
