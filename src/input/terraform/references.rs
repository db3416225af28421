//! Resolves references through modules: `var.x` to the caller's expression, `module.m.out` to the module's output.
//!
//! Variables, outputs, module calls and provider settings become blocks of their own that carry references on, so that
//! a variable used in a hundred places and fed by a hundred resources costs two hundred references, not ten thousand.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::configuration::{Call, Expression, Expressions, Module, ProviderSettings, Resource};
use super::rows::Text;
use crate::plan::Step;
use crate::plan::{Block, BlockKind, Configuration, Key, KeyMatch, Keys, Reference};

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

/// A carrier whose expression is one name and nothing else: an index into it is an index into what it names.
struct Whole<'a> {
    head: Text<'a>,
    prefix: String,
    depth: usize,
}

/// What an expression tells of the key that a bare name in it was indexed with.
#[derive(Clone, Copy)]
enum Indexed<'k> {
    /// Nothing.
    No,
    /// The referring block's own key at this place.
    ByOwnKey(usize),
    /// A constant.
    By(&'k Key),
}

/// Collects all blocks first, so that a reference can point forward, then resolves.
pub(super) struct Resolver<'a> {
    places: HashMap<String, usize>,
    blocks: Vec<Block<'a>>,
    wholes: HashMap<usize, Whole<'a>>,
    through_locals: usize,
}

impl<'a> Resolver<'a> {
    pub(super) fn run(root: Module<'a>, providers: BTreeMap<Text<'a>, ProviderSettings<'a>>) -> Configuration<'a> {
        let mut resolver =
            Self { places: HashMap::new(), blocks: Vec::new(), wholes: HashMap::new(), through_locals: 0 };
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
        for block in &mut resolver.blocks {
            block.references.shrink_to_fit();
        }
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
                let address = format!("{inner}var.{}", expression.attribute.0);
                self.add(&address, BlockKind::Carrier, below);
                self.whole(&address, std::slice::from_ref(expression), prefix, depth);
            }
            for (output, value) in &call.module.outputs.0 {
                let address = format!("{inner}output.{}", output.0);
                self.add(&address, BlockKind::Carrier, below);
                self.whole(&address, &value.expression.0, &inner, below);
            }
            self.declare(&inner, below, &call.module);
        }
    }

    /// Notes a carrier whose expression is one name and nothing else.
    fn whole(&mut self, address: &str, expressions: &[Expression<'a>], prefix: &str, depth: usize) {
        let [expression] = expressions else { return };
        if let ([head, ..], 1) = (expression.references.as_slice(), heads(&expression.references).len()) {
            if let Some(place) = self.places.get(address) {
                self.wholes.insert(*place, Whole { head: head.clone(), prefix: prefix.to_owned(), depth });
            }
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
            self.push(
                &address,
                Reference { attribute: "provider".into(), target: provider, keys: Keys::shared(depth) },
            );
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
        let keys = Keys::shared(depth);
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
            let found = self.find(&target.0, scope, Indexed::No, RESOURCES);
            if let Some((target, keys)) = found {
                self.push(from, Reference { attribute: "depends_on".into(), target, keys });
            }
        }
    }

    fn expressions(&mut self, from: &str, expressions: Expressions<'a>, scope: &Scope<'_>) {
        for Expression { attribute, references } in expressions.0 {
            let heads = heads(&references);
            let by_key = heads.iter().any(|head| *head == "each.key" || *head == "count.index");
            let indexed = scope.own_key.filter(|_| by_key).map_or(Indexed::No, Indexed::ByOwnKey);
            if heads.iter().any(|head| head.starts_with("local.")) {
                self.through_locals = self.through_locals.saturating_add(1);
            }
            for head in &heads {
                if let Some((target, keys)) = self.find(head, scope, indexed, OUTPUTS) {
                    self.push(from, Reference { attribute: attribute.0.clone(), target, keys });
                }
            }
        }
    }

    /// The block that a reference means. An index that is an expression is cut off in the format, so a bare name that
    /// stands beside `each.key` was most likely indexed by it.
    fn find(&self, reference: &str, scope: &Scope<'_>, indexed: Indexed<'_>, whole: &str) -> Option<(usize, Keys)> {
        let steps = crate::plan::steps(reference)?;
        let (local, step, rest) = match steps.as_slice() {
            [first, name, rest @ ..] if first.name == "var" => {
                return self.through(
                    &format!("var.{}", name.name),
                    Keys::shared(scope.depth),
                    &name.key,
                    scope,
                    (indexed, rest.is_empty()),
                );
            }
            [first, call, output, rest @ ..] if first.name == "module" => {
                let keys = Keys::then(scope.depth, key(call, Indexed::No));
                let local = format!("module.{}.output.{}", call.name, output.name);
                return self.through(&local, keys, &output.key, scope, (indexed, rest.is_empty()));
            }
            [first, call] if first.name == "module" => (format!("module.{}.{whole}", call.name), call, &[][..]),
            [first, kind, name, rest @ ..] if first.name == "data" || first.name == "ephemeral" => {
                (format!("{}.{}.{}", first.name, kind.name, name.name), name, rest)
            }
            [kind, name, rest @ ..] => (format!("{}.{}", kind.name, name.name), name, rest),
            _ => return None,
        };
        let target = *self.places.get(&format!("{}{local}", scope.prefix))?;
        let indexed = if rest.is_empty() { indexed } else { Indexed::No };
        Some((target, Keys::then(scope.depth, key(step, indexed))))
    }

    /// A variable or output; an index into one that is a list of all instances goes on to the instance.
    fn through(
        &self,
        local: &str,
        keys: Keys,
        index: &Key,
        scope: &Scope<'_>,
        (indexed, bare): (Indexed<'_>, bool),
    ) -> Option<(usize, Keys)> {
        let target = *self.places.get(&format!("{}{local}", scope.prefix))?;
        let index = match (index, indexed) {
            (Key::None, Indexed::By(outer)) if bare => outer,
            (own, _) => own,
        };
        let inner = self.wholes.get(&target).filter(|_| *index != Key::None).and_then(|whole| {
            let scope = Scope { prefix: &whole.prefix, depth: whole.depth, own_key: None };
            let (target, inner) = self.find(&whole.head.0, &scope, Indexed::By(index), OUTPUTS)?;
            (self.blocks.get(target)?.kind != BlockKind::Carrier).then(|| (target, inner.seen_through(&keys)))
        });
        Some(inner.unwrap_or((target, keys)))
    }
}

/// What the key of a step must be.
fn key(step: &Step<'_>, indexed: Indexed<'_>) -> KeyMatch {
    match (&step.key, indexed) {
        (Key::None, Indexed::ByOwnKey(place)) => KeyMatch::Same(place),
        (Key::None, Indexed::By(key)) => KeyMatch::Likely(key.clone()),
        (Key::None, Indexed::No) => KeyMatch::Any,
        (key, _) => KeyMatch::Is(key.clone()),
    }
}

/// The carrier of what a module's call refers to: `count`, `for_each`, `depends_on`.
const CALL: &str = "(call)";
/// The carrier of all resources of a module, for `depends_on = [module.m]`.
const RESOURCES: &str = "(resources)";
/// The carrier of all outputs of a module, for a reference to the module as a whole.
const OUTPUTS: &str = "(outputs)";

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
