//! Resolves references through modules: `var.x` to the caller's expression, `module.m.out` to the module's output.
//!
//! Variables, outputs, module calls and provider settings become blocks of their own that carry references on, so that
//! a variable used in a hundred places and fed by a hundred resources costs two hundred references, not ten thousand.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::configuration::{Call, Expression, Expressions, Module, ProviderSettings, Resource};
use super::rows::Text;
use crate::plan::{Block, BlockKind, Configuration, Key, KeyMatch, Reference};

/// Where a reference is written: in which module, and which of the block's keys `each.key` means.
#[derive(Clone)]
struct Scope<'s> {
    /// The module's prefix: empty, or `module.a.module.b.`.
    prefix: &'s str,
    /// How many module steps the prefix has.
    depth: usize,
    /// The place of the key that `each.key` and `count.index` stand for.
    own_key: Option<usize>,
}

/// Collects all blocks first, so that a reference can point forward, then resolves.
pub(super) struct Resolver<'a> {
    places: HashMap<String, usize>,
    blocks: Vec<Block<'a>>,
    through_locals: usize,
}

impl<'a> Resolver<'a> {
    pub(super) fn run(root: Module<'a>, providers: BTreeMap<Text<'a>, ProviderSettings<'a>>) -> Configuration<'a> {
        let mut resolver = Self { places: HashMap::new(), blocks: Vec::new(), through_locals: 0 };
        resolver.declare("", 0, &root);
        for (key, settings) in &providers {
            let module = settings.module_address.as_ref().map(|text| &*text.0).unwrap_or_default();
            let depth = module.split("module.").count().saturating_sub(1);
            resolver.add(&format!("provider.{}", key.0), BlockKind::Carrier, depth);
        }
        for (key, settings) in providers {
            resolver.provider(&key, settings);
        }
        resolver.module("", 0, root, false);
        Configuration { blocks: resolver.blocks, present: true, through_locals: resolver.through_locals }
    }

    fn add(&mut self, address: &str, kind: BlockKind, depth: usize) {
        if !self.places.contains_key(address) {
            self.places.insert(address.to_owned(), self.blocks.len());
            let address = Cow::Owned(address.to_owned());
            self.blocks.push(Block { address, kind, depth, references: Vec::new(), provisioners: Vec::new() });
        }
    }

    /// Gives every block of a module and of the modules in it its place.
    fn declare(&mut self, prefix: &str, depth: usize, module: &Module<'a>) {
        for resource in &module.resources {
            let data = matches!(resource.mode.as_ref().map(|m| &*m.0), Some("data" | "ephemeral"));
            let kind =
                if data || resource.address.0.starts_with("data.") { BlockKind::Data } else { BlockKind::Managed };
            self.add(&format!("{prefix}{}", resource.address.0), kind, depth);
        }
        for (name, call) in &module.module_calls.0 {
            let inner = format!("{prefix}module.{}.", name.0);
            let below = depth.saturating_add(1);
            for role in [CALL, RESOURCES, OUTPUTS] {
                self.add(&format!("{inner}{role}"), BlockKind::Carrier, below);
            }
            for expression in &call.expressions.0 {
                self.add(&format!("{inner}var.{}", expression.attribute.0), BlockKind::Carrier, below);
            }
            for output in call.module.outputs.0.keys() {
                self.add(&format!("{inner}output.{}", output.0), BlockKind::Carrier, below);
            }
            self.declare(&inner, below, &call.module);
        }
    }

    fn provider(&mut self, key: &Text<'a>, settings: ProviderSettings<'a>) {
        let module = settings.module_address.map(|text| text.0.into_owned()).unwrap_or_default();
        let prefix = if module.is_empty() { String::new() } else { format!("{module}.") };
        let depth = module.split("module.").count().saturating_sub(1);
        let scope = Scope { prefix: &prefix, depth, own_key: None };
        self.expressions(&format!("provider.{}", key.0), settings.expressions, &scope);
    }

    /// Resolves all references written in a module. `called` says that the module's call carries references.
    fn module(&mut self, prefix: &str, depth: usize, module: Module<'a>, called: bool) {
        let scope = Scope { prefix, depth, own_key: None };
        for resource in module.resources {
            self.resource(&scope, resource, called);
        }
        if let Some(outer) = prefix.strip_suffix('.') {
            for (name, output) in module.outputs.0 {
                let address = format!("{outer}.output.{}", name.0);
                self.expressions(&address, output.expression, &scope);
                self.depends_on(&address, output.depends_on, &scope);
                self.carry(&format!("{outer}.{OUTPUTS}"), &address, depth);
            }
        }
        for (name, call) in module.module_calls.0 {
            self.call(&scope, &name, call, called);
        }
    }

    fn resource(&mut self, scope: &Scope<'_>, resource: Resource<'a>, called: bool) {
        let address = format!("{}{}", scope.prefix, resource.address.0);
        let provisioners = resource.provisioners();
        if let Some(block) = self.places.get(&address).and_then(|at| self.blocks.get_mut(*at)) {
            block.provisioners = provisioners;
        }
        let scope = Scope { own_key: Some(scope.depth), ..scope.clone() };
        self.expressions(&address, resource.expressions, &scope);
        self.expressions(&address, resource.count_expression, &scope);
        self.expressions(&address, resource.for_each_expression, &scope);
        self.depends_on(&address, resource.depends_on, &scope);
        if let Some(provider) = resource.provider_config_key.and_then(|key| self.provider_of(&key.0)) {
            let depth = self.blocks.get(provider).map_or(0, |block| block.depth).min(scope.depth);
            self.push(&address, Reference { attribute: "provider".into(), target: provider, keys: same(depth) });
        }
        if !scope.prefix.is_empty() {
            self.carry(&format!("{}{RESOURCES}", scope.prefix), &address, scope.depth);
            if called {
                self.carry(&address, &format!("{}{CALL}", scope.prefix), scope.depth);
            }
        }
    }

    /// A provider's settings by its key; before Terraform 1.1 a module's resources name a key that only the root has.
    fn provider_of(&self, key: &str) -> Option<usize> {
        let mut key = key;
        loop {
            if let Some(place) = self.places.get(&format!("provider.{key}")) {
                return Some(*place);
            }
            key = key.split_once(':')?.1;
        }
    }

    fn call(&mut self, scope: &Scope<'_>, name: &Text<'a>, call: Call<'a>, called: bool) {
        let inner = format!("{}module.{}.", scope.prefix, name.0);
        let depth = scope.depth.saturating_add(1);
        // Written in the caller's module, where `each.key` is the key of the call itself.
        let outside = Scope { own_key: Some(scope.depth), ..scope.clone() };
        let address = format!("{inner}{CALL}");
        for expression in call.expressions.0 {
            let variable = format!("{inner}var.{}", expression.attribute.0);
            self.expressions(&variable, Expressions(vec![expression]), &outside);
        }
        self.expressions(&address, call.count_expression, &outside);
        self.expressions(&address, call.for_each_expression, &outside);
        self.depends_on(&address, call.depends_on, &outside);
        if called {
            self.carry(&address, &format!("{}{CALL}", scope.prefix), scope.depth);
        }
        let carries =
            self.places.get(&address).and_then(|at| self.blocks.get(*at)).is_some_and(|b| !b.references.is_empty());
        self.module(&inner, depth, call.module, carries);
        if !scope.prefix.is_empty() {
            self.carry(&format!("{}{RESOURCES}", scope.prefix), &format!("{inner}{RESOURCES}"), scope.depth);
        }
    }

    /// Lets one block refer to another of the same module, or of one inside it.
    fn carry(&mut self, from: &str, to: &str, depth: usize) {
        let Some(&target) = self.places.get(to) else { return };
        let keys = self.keys_for(target, same(depth));
        if let Some(block) = self.places.get(from).and_then(|at| self.blocks.get_mut(*at)) {
            block.references.push(Reference { attribute: "".into(), target, keys });
        }
    }

    fn push(&mut self, from: &str, reference: Reference<'a>) {
        if let Some(block) = self.places.get(from).and_then(|at| self.blocks.get_mut(*at)) {
            if !block.references.contains(&reference) {
                block.references.push(reference);
            }
        }
    }

    fn depends_on(&mut self, from: &str, targets: Vec<Text<'a>>, scope: &Scope<'_>) {
        for target in targets {
            let found = self.find(&target.0, scope, None, RESOURCES);
            if let Some((target, keys)) = found {
                self.push(from, Reference { attribute: "depends_on".into(), target, keys });
            }
        }
    }

    fn expressions(&mut self, from: &str, expressions: Expressions<'a>, scope: &Scope<'_>) {
        for Expression { attribute, references } in expressions.0 {
            let heads = heads(&references);
            let by_key = heads.iter().any(|head| *head == "each.key" || *head == "count.index");
            let own_key = scope.own_key.filter(|_| by_key);
            if heads.iter().any(|head| head.starts_with("local.")) {
                self.through_locals = self.through_locals.saturating_add(1);
            }
            for head in &heads {
                if let Some((target, keys)) = self.find(head, scope, own_key, OUTPUTS) {
                    self.push(from, Reference { attribute: attribute.0.clone(), target, keys });
                }
            }
        }
    }

    /// The block that a reference means. `own_key` is given where the expression holds `each.key` or `count.index`:
    /// an index that is an expression is cut off in the format, so a bare name beside one was most likely indexed by it.
    fn find(
        &self,
        reference: &str,
        scope: &Scope<'_>,
        own_key: Option<usize>,
        whole: &str,
    ) -> Option<(usize, Vec<KeyMatch>)> {
        let steps = crate::plan::steps(reference)?;
        let (local, step, bare) = match steps.as_slice() {
            [first, name, ..] if first.name == "var" => (format!("var.{}", name.name), None, false),
            [first, call] if first.name == "module" => (format!("module.{}.{whole}", call.name), Some(call), true),
            [first, call, output, ..] if first.name == "module" => {
                (format!("module.{}.output.{}", call.name, output.name), Some(call), false)
            }
            [first, kind, name, rest @ ..] if first.name == "data" || first.name == "ephemeral" => {
                (format!("{}.{}.{}", first.name, kind.name, name.name), Some(name), rest.is_empty())
            }
            [kind, name, rest @ ..] => (format!("{}.{}", kind.name, name.name), Some(name), rest.is_empty()),
            _ => return None,
        };
        let target = *self.places.get(&format!("{}{local}", scope.prefix))?;
        let mut keys = same(scope.depth);
        if let Some(step) = step {
            keys.push(match (&step.key, own_key.filter(|_| bare)) {
                (Key::None, Some(place)) => KeyMatch::Same(place),
                (Key::None, None) => KeyMatch::Any,
                (key, _) => KeyMatch::Is(key.clone()),
            });
        }
        Some((target, self.keys_for(target, keys)))
    }

    /// Fills up to as many keys as the target's instances have.
    fn keys_for(&self, target: usize, mut keys: Vec<KeyMatch>) -> Vec<KeyMatch> {
        if let Some(block) = self.blocks.get(target) {
            let own = usize::from(block.kind != BlockKind::Carrier);
            keys.resize(block.depth.saturating_add(own), KeyMatch::Any);
        }
        keys
    }
}

/// The carrier of what a module's call refers to: `count`, `for_each`, `depends_on`.
const CALL: &str = "(call)";
/// The carrier of all resources of a module, for `depends_on = [module.m]`.
const RESOURCES: &str = "(resources)";
/// The carrier of all outputs of a module, for a reference to the module as a whole.
const OUTPUTS: &str = "(outputs)";

fn same(depth: usize) -> Vec<KeyMatch> {
    (0..depth).map(KeyMatch::Same).collect()
}

/// The references proper: the format lists each followed by its own prefixes, which say nothing new.
fn heads<'t>(references: &'t [Text<'_>]) -> Vec<&'t str> {
    let mut heads: Vec<&str> = Vec::new();
    let mut last = "";
    for reference in references {
        let reference = &*reference.0;
        let implied = last.len() > reference.len() && last.starts_with(reference);
        if !implied && !heads.contains(&reference) {
            heads.push(reference);
        }
        last = reference;
    }
    heads
}

#[cfg(test)]
mod tests {
    use super::{Text, heads};

    #[test]
    fn prefixes_of_the_reference_before_are_implied() {
        let list = ["a.b[0].id", "a.b[0]", "a.b", "a.b", "each.key", "module.m.out.x", "module.m.out", "module.m"];
        let texts: Vec<Text<'_>> = list.iter().map(|text| Text((*text).into())).collect();
        assert_eq!(heads(&texts), ["a.b[0].id", "a.b", "each.key", "module.m.out.x"]);
    }
}
