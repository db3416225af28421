//! `--template`, `--stack-resources`, `--stack`, `--stack-policy`: what tells of a stack beside its change set.

use std::path::PathBuf;

use super::inputs::load;
use crate::input::{self, InputError, Limits, Stacks, Tells};

/// Files about stacks; each option may be given several times. Which stack each is about is told by the file itself, or by what it has in common with a change set.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct Options {
    /// The template that a change set's stack was deployed with: what `aws cloudformation get-template` prints, or the
    /// template itself, in JSON or YAML. It shows what else there is, and who refers to whom
    #[arg(long, value_name = "FILE", help_heading = "Stacks")]
    template: Vec<PathBuf>,

    /// What a stack consists of: what `aws cloudformation list-stack-resources` or `describe-stack-resources` prints
    #[arg(long, value_name = "FILE", help_heading = "Stacks")]
    stack_resources: Vec<PathBuf>,

    /// The stack as it is: what `aws cloudformation describe-stacks` prints. Its tags are those of its objects. A second
    /// one of the same stack says what it shall be
    #[arg(long, value_name = "FILE", help_heading = "Stacks")]
    stack: Vec<PathBuf>,

    /// The stack's policy: what `aws cloudformation get-stack-policy` prints, or the policy itself. A second one is the one
    /// that shall be set
    #[arg(long, value_name = "FILE", help_heading = "Stacks")]
    stack_policy: Vec<PathBuf>,
}

impl Options {
    /// Reads all files.
    pub(super) fn load(&self, limits: &Limits, errors: &mut Vec<InputError>) -> Stacks {
        let mut stacks = Stacks::default();
        let all = [
            (Tells::Template, &self.template),
            (Tells::Resources, &self.stack_resources),
            (Tells::Stack, &self.stack),
            (Tells::Policy, &self.stack_policy),
        ];
        for (tells, path) in all.into_iter().flat_map(|(tells, paths)| paths.iter().map(move |path| (tells, path))) {
            let name = path.to_string_lossy().into_owned();
            let read = load(path, &name, limits)
                .and_then(|bytes| stacks.read(tells, &name, &input::decode(&name, &bytes)?, limits));
            errors.extend(read.err());
        }
        stacks
    }
}
