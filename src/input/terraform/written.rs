//! What the sources add to a plan's configuration: local values, further references, places.

use super::lookup::{Found, Indexed, OUTPUTS, RESOURCES, Scope, Whole, indexed};
use super::references::Resolver;
use super::sourced::{Instance, Instances};
use crate::plan::{BlockKind, CALL, Keys, Place, Text};
use crate::sources::{Declared, Expression, Module};

impl Resolver<'_> {
    /// Gives what only the sources know a place: local values; all blocks where the plan has no configuration.
    pub(super) fn declare_written(&mut self, sources: &Instances<'_>) {
        for instance in &sources.list {
            for local in &instance.module.locals {
                let address = format!("{}{}", instance.prefix, local.name);
                self.add(&address, BlockKind::Carrier, instance.depth);
                self.whole_of(&address, local.expressions.first(), &instance.prefix, instance.depth);
            }
            if sources.everything {
                self.declare_all(instance, sources);
            }
        }
    }

    /// Declares a module's blocks as if the plan had them.
    fn declare_all(&mut self, instance: &Instance<'_>, sources: &Instances<'_>) {
        let Instance { prefix, depth, module, .. } = instance;
        for resource in &module.resources {
            let is_data = ["data.", "ephemeral."].iter().any(|mode| resource.name.starts_with(mode));
            let kind = if is_data { BlockKind::Data } else { BlockKind::Managed };
            self.add(&format!("{prefix}{}", resource.name), kind, *depth);
        }
        if prefix.is_empty() {
            let variables = module.variables.iter().map(|variable| format!("var.{}", variable.name));
            let outputs = module.outputs.iter().map(|output| format!("output.{}", output.name));
            variables.chain(outputs).for_each(|address| self.add(&address, BlockKind::Carrier, 0));
        }
        for call in &module.calls {
            let (inner, below) = (format!("{prefix}module.{}.", call.block.name), depth.saturating_add(1));
            for role in [CALL, RESOURCES, OUTPUTS] {
                self.add(&format!("{inner}{role}"), BlockKind::Carrier, below);
            }
            for expression in call.block.expressions.iter().filter(|expression| is_argument(expression)) {
                let address = format!("{inner}var.{}", expression.attribute);
                self.add(&address, BlockKind::Carrier, below);
                self.whole_of(&address, Some(expression), prefix, *depth);
            }
            let called = sources.list.iter().find(|other| other.prefix == inner);
            for output in called.into_iter().flat_map(|called| &called.module.outputs) {
                let address = format!("{inner}output.{}", output.name);
                self.add(&address, BlockKind::Carrier, below);
                self.whole_of(&address, output.expressions.first(), &inner, below);
            }
        }
    }

    /// Notes a carrier whose expression is one name and nothing else.
    fn whole_of(&mut self, address: &str, expression: Option<&Expression>, prefix: &str, depth: usize) {
        let Some(place) = self.places.get(address) else { return };
        if let Some([head]) = expression.map(|expression| expression.references.as_slice()) {
            let whole = Whole { head: Text(head.clone().into()), prefix: prefix.to_owned(), depth };
            self.wholes.entry(*place).or_insert(whole);
        }
    }

    /// Local values and the settings of providers. They come before the resources, which refer to them where they lead on.
    pub(super) fn written_first(&mut self, sources: &Instances<'_>) {
        for instance in &sources.list {
            for local in &instance.module.locals {
                let scope = Scope::of(&instance.prefix, instance.depth);
                self.write(&format!("{}{}", instance.prefix, local.name), local, &scope);
            }
            let module = instance.prefix.strip_suffix('.').map(|module| format!("{module}:")).unwrap_or_default();
            for provider in &instance.module.providers {
                let address = format!("provider.{module}{}", provider.name);
                self.write(&address, provider, &Scope::of(&instance.prefix, instance.depth));
            }
        }
    }

    /// Everything else, module by module, the outer ones first.
    pub(super) fn written(&mut self, sources: &Instances<'_>) {
        for instance in &sources.list {
            let Instance { prefix, depth, module, .. } = instance;
            let outside = Scope::of(prefix, *depth);
            let own = Scope { own_key: Some(*depth), ..outside.clone() };
            for resource in &module.resources {
                self.write(&format!("{prefix}{}", resource.name), resource, &own);
            }
            for output in &module.outputs {
                self.write(&format!("{prefix}output.{}", output.name), output, &outside);
            }
            for variable in module.variables.iter().filter(|_| prefix.is_empty()) {
                self.write(&format!("var.{}", variable.name), variable, &outside);
            }
            self.written_calls(instance, &own);
            self.carry_written(instance, sources.everything);
        }
    }

    /// The calls of a module: what each argument refers to, and what the call as a whole does.
    fn written_calls(&mut self, instance: &Instance<'_>, scope: &Scope<'_>) {
        for call in &instance.module.calls {
            let inner = format!("{}module.{}.", instance.prefix, call.block.name);
            let whole = call.block.expressions.iter().filter(|expression| !is_argument(expression)).cloned().collect();
            let head = Declared {
                expressions: whole,
                place: call.block.place.clone(),
                attributes: call.block.attributes.clone(),
                depends_on: call.block.depends_on.clone(),
                ..Declared::default()
            };
            self.write(&format!("{inner}{CALL}"), &head, scope);
            for (name, place) in &call.block.attributes {
                let address = format!("{inner}var.{name}");
                self.write_place(&address, place);
                for expression in call.block.expressions.iter().filter(|expression| expression.attribute == *name) {
                    self.refer(&address, expression, scope);
                }
            }
        }
    }

    /// Lets what is in a module stand on what its call refers to; the plan knows only of what is no local value.
    fn carry_written(&mut self, instance: &Instance<'_>, everything: bool) {
        let Instance { prefix, depth, module, .. } = instance;
        if prefix.is_empty() {
            return;
        }
        let call = format!("{prefix}{CALL}");
        let further = self.places.get(call.as_str()).is_some_and(|place| self.leads_further(*place));
        for resource in &module.resources {
            let address = format!("{prefix}{}", resource.name);
            if further {
                self.carry_by_sources(&address, &call, *depth);
            }
            if everything {
                self.carry_by_sources(&format!("{prefix}{RESOURCES}"), &address, *depth);
            }
        }
        for output in module.outputs.iter().filter(|_| everything) {
            let address = format!("{prefix}output.{}", output.name);
            self.carry_by_sources(&format!("{prefix}{OUTPUTS}"), &address, *depth);
        }
        for inner in module.calls.iter().map(|call| format!("{prefix}module.{}.", call.block.name)) {
            if further {
                self.carry_by_sources(&format!("{inner}{CALL}"), &call, *depth);
            }
            if everything {
                self.carry_by_sources(&format!("{prefix}{RESOURCES}"), &format!("{inner}{RESOURCES}"), *depth);
            }
        }
    }

    fn carry_by_sources(&mut self, from: &str, to: &str, depth: usize) {
        if let Some(&target) = self.places.get(to) {
            self.push(from, "".into(), Found { target, keys: Keys::shared(depth), by_sources: true });
        }
    }

    /// Adds what the sources say of one block.
    fn write(&mut self, address: &str, declared: &Declared, scope: &Scope<'_>) {
        if !self.places.contains_key(address) {
            return;
        }
        for expression in &declared.expressions {
            self.refer(address, expression, scope);
        }
        for target in &declared.depends_on {
            if let Some(found) = self.find(target, scope, Indexed::No, RESOURCES) {
                self.push(address, "depends_on".into(), Found { by_sources: true, ..found });
            }
        }
        let Some(block) = self.block_mut(address) else { return };
        let new = declared.provisioners.iter().filter(|new| !block.provisioners.contains(new));
        block.provisioners = block.provisioners.iter().chain(new).cloned().collect();
        let written = block.written.get_or_insert_default();
        written.place = written.place.take().or_else(|| declared.place.clone());
        for (name, place) in &declared.attributes {
            written.attributes.entry(name.clone()).or_insert_with(|| place.clone());
        }
        if declared.lifecycle != crate::plan::Lifecycle::default() {
            written.lifecycle = declared.lifecycle.clone();
        }
    }

    fn write_place(&mut self, address: &str, place: &Place) {
        if let Some(block) = self.block_mut(address) {
            block.written.get_or_insert_default().place.get_or_insert_with(|| place.clone());
        }
    }

    fn refer(&mut self, address: &str, expression: &Expression, scope: &Scope<'_>) {
        let names = || expression.references.iter().map(String::as_str);
        let indexed = indexed(names(), scope);
        let mut dead_end = false;
        for name in names() {
            match self.find(name, scope, indexed, OUTPUTS) {
                Some(found) => {
                    let attribute = expression.attribute.to_string().into();
                    self.push(address, attribute, Found { by_sources: true, ..found });
                }
                // A local value that another one uses and that no file declares, or no file that could be read.
                None => dead_end |= expression.attribute.is_empty() && name.starts_with("local."),
            }
        }
        self.through_locals = self.through_locals.saturating_add(usize::from(dead_end));
    }
}

/// An argument of a module's call, which feeds a variable; the others concern the call itself.
fn is_argument(expression: &Expression) -> bool {
    !["count", "for_each"].contains(&&*expression.attribute)
}

/// A module's folder lies inside the root module's, and was not downloaded.
pub(super) fn is_own(module: &Module) -> bool {
    !module.folder.starts_with('/') && module.folder.split('/').all(|step| step != ".." && step != ".terraform")
}
