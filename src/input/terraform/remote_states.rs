//! The blocks of what a `terraform_remote_state` has read: one for each output that is named, and one for all together.
//!
//! Who uses one output stands on what is behind that one; the objects that carry the values are made by `outputs`.

use super::configuration::{Expressions, Module, Resource};
use super::references::Resolver;
use super::rows::Object;
use crate::plan::{BlockKind, Key, Step};

impl<'a> Resolver<'a> {
    /// Adds the block of all outputs that a remote state has: who uses the data source as a whole stands on them all,
    /// and each of them on what the data source itself refers to.
    pub(super) fn remote_state(&mut self, prefix: &str, depth: usize, resource: &Resource<'a>) {
        if resource.is_managed() || !resource.address.0.starts_with(REMOTE_STATES) {
            return;
        }
        let source = format!("{prefix}{}", resource.address.0);
        let whole = format!("{source}.outputs");
        self.add(&whole, BlockKind::Data, depth);
        self.carry(&whole, &source, depth.saturating_add(1));
    }

    /// Gives every output of a remote state that a module names its place.
    pub(super) fn used_outputs(&mut self, prefix: &str, depth: usize, module: &Module<'a>) {
        for Object(resource) in &module.resources {
            for expressions in [&resource.expressions, &resource.count_expression, &resource.for_each_expression] {
                self.remote_outputs(prefix, depth, expressions);
            }
        }
        for call in module.module_calls.0.values() {
            for expressions in [&call.expressions, &call.count_expression, &call.for_each_expression] {
                self.remote_outputs(prefix, depth, expressions);
            }
        }
        for output in module.outputs.0.values() {
            self.remote_outputs(prefix, depth, &output.expression);
        }
    }

    pub(super) fn remote_outputs(&mut self, prefix: &str, depth: usize, expressions: &Expressions<'a>) {
        let names = expressions.0.iter().flat_map(|expression| expression.references.iter());
        for name in names.filter(|name| name.0.starts_with(REMOTE_STATES)) {
            let Some((source, output)) = crate::plan::steps(&name.0).as_deref().and_then(remote_output) else {
                continue;
            };
            let source = format!("{prefix}{source}");
            let address = format!("{source}.outputs.{output}");
            if !self.has(&address) {
                self.add(&address, BlockKind::Data, depth);
                self.carry(&address, &source, depth.saturating_add(1));
                self.carry(&format!("{source}.outputs"), &address, depth.saturating_add(1));
            }
        }
    }
}

/// The beginning of the addresses of all remote states of a module.
const REMOTE_STATES: &str = "data.terraform_remote_state.";

/// The data source and the output in `data.terraform_remote_state.NAME.outputs.OUTPUT`, written with a dot or an index.
pub(super) fn remote_output(steps: &[Step<'_>]) -> Option<(String, String)> {
    match steps {
        [_, kind, name, outputs, rest @ ..] if outputs.name == "outputs" => {
            let output = match (&outputs.key, rest) {
                (Key::Text(output), _) => output.to_string(),
                (Key::None, [output, ..]) => output.name.to_owned(),
                _ => return None,
            };
            Some((format!("data.{}.{}", kind.name, name.name), output))
        }
        _ => None,
    }
}
