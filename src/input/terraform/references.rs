//! Resolves references through modules: `var.x` to the caller's expression, `module.m.out` to the module's output.
//!
//! Variables, outputs, module calls and provider settings become blocks of their own that carry references on, so that
//! a variable used in a hundred places and fed by a hundred resources costs two hundred references, not ten thousand.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::configuration::{Call, Expression, Expressions, Module, ProviderSettings, Resource};
use super::rows::Object;
use crate::plan::Step;
use crate::plan::{Block, BlockKind, Configuration, Key, KeyMatch, Keys, Reference, Text};

/// Where a reference is written: in which module, and which of the block's keys `each.key` means.
#[derive(Clone)]
struct Scope<'s> {
    /// The module's prefix: empty, or `module.a.module.b.`.
    prefix: &'s str,
    /// How many module steps the prefix has.
    depth: usize,
    /// The place of the key that `each.key` and `count.index` stand for.
    own_key: Option<usize>,
    /// Through how many variables and outputs an index was followed to get here.
    followed: usize,
}

/// An index is followed through so many variables and outputs. Past it the list as a whole is meant.
const FARTHEST: usize = 64;

/// Which carriers of a module's call somebody needs.
#[derive(Clone, Copy, Default)]
struct Carried {
    /// The call refers to something: everything in the module stands on that.
    call: bool,
    /// Something waits for all resources of the module.
    resources: bool,
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
    places: HashMap<Arc<str>, usize>,
    blocks: Vec<Block<'a>>,
    wholes: HashMap<usize, Whole<'a>>,
    constants: BTreeMap<usize, &'a str>,
    /// Modules that some `depends_on` names: their resources must be known together.
    waited_for: HashSet<String>,
    through_locals: usize,
}

impl<'a> Resolver<'a> {
    pub(super) fn run(root: Module<'a>, providers: BTreeMap<Text<'a>, ProviderSettings<'a>>) -> Configuration<'a> {
        let mut resolver = Self {
            places: HashMap::new(),
            blocks: Vec::new(),
            wholes: HashMap::new(),
            constants: BTreeMap::new(),
            waited_for: HashSet::new(),
            through_locals: 0,
        };
        for name in root.variables.0.keys() {
            resolver.add(&format!("var.{}", name.0), BlockKind::Carrier, 0);
        }
        resolver.declare("", 0, &root);
        for (key, settings) in &providers {
            let module = settings.module_address.as_ref().map(|text| &*text.0).unwrap_or_default();
            let depth = module.split("module.").count().saturating_sub(1);
            resolver.add(&format!("provider.{}", key.0), BlockKind::Carrier, depth);
        }
        for (key, settings) in providers {
            resolver.provider(&key, settings);
        }
        resolver.module(&Scope { prefix: "", depth: 0, own_key: None, followed: 0 }, root, Carried::default());
        for block in &mut resolver.blocks {
            block.references.shrink_to_fit();
        }
        drop(resolver.places);
        Configuration::new(resolver.blocks, resolver.through_locals).with_constants(resolver.constants)
    }

    fn add(&mut self, address: &str, kind: BlockKind, depth: usize) {
        if !self.places.contains_key(address) {
            let address: Arc<str> = address.into();
            self.places.insert(Arc::clone(&address), self.blocks.len());
            let (references, provisioners, written) = (Vec::new(), Box::default(), None);
            self.blocks.push(Block { address, kind, depth, references, provisioners, written });
        }
    }

    /// Gives every block of a module and of the modules in it its place.
    fn declare(&mut self, prefix: &str, depth: usize, module: &Module<'a>) {
        for Object(resource) in &module.resources {
            let kind = if resource.is_managed() { BlockKind::Managed } else { BlockKind::Data };
            self.add(&format!("{prefix}{}", resource.address.0), kind, depth);
            self.wait_for(prefix, &resource.depends_on);
        }
        for output in module.outputs.0.values() {
            self.wait_for(prefix, &output.depends_on);
        }
        for (name, call) in &module.module_calls.0 {
            self.wait_for(prefix, &call.depends_on);
            let inner = format!("{prefix}module.{}.", name.0);
            let below = depth.saturating_add(1);
            for role in [CALL, RESOURCES, OUTPUTS] {
                self.add(&format!("{inner}{role}"), BlockKind::Carrier, below);
            }
            for expression in &call.expressions.0 {
                let address = format!("{inner}var.{}", expression.attribute.0);
                self.add(&address, BlockKind::Carrier, below);
                self.whole(&address, std::slice::from_ref(expression), prefix, depth);
                if let Some((constant, place)) = expression.constant.zip(self.places.get(address.as_str())) {
                    self.constants.insert(*place, constant);
                }
            }
            for (output, value) in &call.module.0.outputs.0 {
                let address = format!("{inner}output.{}", output.0);
                self.add(&address, BlockKind::Carrier, below);
                self.whole(&address, &value.expression.0, &inner, below);
            }
            self.declare(&inner, below, &call.module.0);
        }
    }

    /// Notes the modules that a `depends_on` names.
    fn wait_for(&mut self, prefix: &str, targets: &[Text<'a>]) {
        let modules = targets.iter().filter_map(|target| match crate::plan::steps(&target.0)?.as_slice() {
            [first, call] if first.name == "module" => Some(format!("{prefix}module.{}.", call.name)),
            _ => None,
        });
        self.waited_for.extend(modules);
    }

    /// Notes a carrier whose expression is one name and nothing else.
    fn whole(&mut self, address: &str, expressions: &[Expression<'a>], prefix: &str, depth: usize) {
        let [expression] = expressions else { return };
        if let [head] = expression.references.as_ref()
            && let Some(place) = self.places.get(address)
        {
            self.wholes.insert(*place, Whole { head: head.clone(), prefix: prefix.to_owned(), depth });
        }
    }

    fn provider(&mut self, key: &Text<'a>, settings: ProviderSettings<'a>) {
        let module = settings.module_address.map(|text| text.0.into_owned()).unwrap_or_default();
        let prefix = if module.is_empty() { String::new() } else { format!("{module}.") };
        let depth = module.split("module.").count().saturating_sub(1);
        let scope = Scope { prefix: &prefix, depth, own_key: None, followed: 0 };
        self.expressions(&format!("provider.{}", key.0), settings.expressions, &scope);
    }

    /// Resolves all references written in a module.
    fn module(&mut self, scope: &Scope<'_>, module: Module<'a>, carried: Carried) {
        for Object(resource) in module.resources {
            self.resource(scope, resource, carried);
        }
        if let Some(outer) = scope.prefix.strip_suffix('.') {
            for (name, output) in module.outputs.0 {
                let address = format!("{outer}.output.{}", name.0);
                self.expressions(&address, output.expression, scope);
                self.depends_on(&address, output.depends_on, scope);
                self.carry(&format!("{outer}.{OUTPUTS}"), &address, scope.depth);
            }
        }
        for (name, call) in module.module_calls.0 {
            self.call(scope, &name, call, carried);
        }
    }

    fn resource(&mut self, scope: &Scope<'_>, resource: Resource<'a>, carried: Carried) {
        let address = format!("{}{}", scope.prefix, resource.address.0);
        let provisioners = resource.provisioners();
        if let Some(block) = self.block_mut(&address) {
            block.provisioners = provisioners.into();
        }
        let scope = Scope { own_key: Some(scope.depth), ..scope.clone() };
        self.expressions(&address, resource.expressions, &scope);
        self.expressions(&address, resource.count_expression, &scope);
        self.expressions(&address, resource.for_each_expression, &scope);
        self.depends_on(&address, resource.depends_on, &scope);
        let provider = resource.provider_config_key.and_then(|key| self.provider_of(&key.0));
        // Settings that refer to nothing carry nothing.
        if let Some((target, provider)) = provider.filter(|(_, provider)| !provider.references.is_empty()) {
            let keys = Keys::shared(provider.depth.min(scope.depth));
            self.push(&address, Reference { attribute: "provider".into(), target, keys });
        }
        if carried.resources {
            self.carry(&format!("{}{RESOURCES}", scope.prefix), &address, scope.depth);
        }
        if carried.call {
            self.carry(&address, &format!("{}{CALL}", scope.prefix), scope.depth);
        }
    }

    fn block_mut(&mut self, address: &str) -> Option<&mut Block<'a>> {
        self.places.get(address).and_then(|place| self.blocks.get_mut(*place))
    }

    /// A provider's settings by its key; before Terraform 1.1 a module's resources name a key that only the root has.
    fn provider_of(&self, key: &str) -> Option<(usize, &Block<'a>)> {
        let mut key = key;
        loop {
            if let Some(place) = self.places.get(format!("provider.{key}").as_str()) {
                return Some((*place, self.blocks.get(*place)?));
            }
            key = key.split_once(':')?.1;
        }
    }

    fn call(&mut self, scope: &Scope<'_>, name: &Text<'a>, call: Call<'a>, carried: Carried) {
        let inner = format!("{}module.{}.", scope.prefix, name.0);
        // Written in the caller's module, where `each.key` is the key of the call itself.
        let outside = Scope { own_key: Some(scope.depth), ..scope.clone() };
        let address = format!("{inner}{CALL}");
        for expression in call.expressions.0 {
            let variable = format!("{inner}var.{}", expression.attribute.0);
            self.expressions(&variable, Expressions(Box::new([expression])), &outside);
        }
        self.expressions(&address, call.count_expression, &outside);
        self.expressions(&address, call.for_each_expression, &outside);
        self.depends_on(&address, call.depends_on, &outside);
        if carried.call {
            self.carry(&address, &format!("{}{CALL}", scope.prefix), scope.depth);
        }
        if carried.resources {
            self.carry(&format!("{}{RESOURCES}", scope.prefix), &format!("{inner}{RESOURCES}"), scope.depth);
        }
        let carried = Carried {
            call: self.block_mut(&address).is_some_and(|block| !block.references.is_empty()),
            resources: carried.resources || self.waited_for.contains(&inner),
        };
        let inside = Scope { prefix: &inner, depth: scope.depth.saturating_add(1), own_key: None, followed: 0 };
        self.module(&inside, call.module.0, carried);
    }

    /// Lets one block refer to another of the same module, or of one inside it.
    fn carry(&mut self, from: &str, to: &str, depth: usize) {
        let Some(&target) = self.places.get(to) else { return };
        let keys = Keys::shared(depth);
        if let Some(block) = self.block_mut(from) {
            block.references.push(Reference { attribute: "".into(), target, keys });
        }
    }

    fn push(&mut self, from: &str, reference: Reference<'a>) {
        if let Some(block) = self.block_mut(from)
            && !block.references.contains(&reference)
        {
            block.references.push(reference);
        }
    }

    fn depends_on(&mut self, from: &str, targets: Box<[Text<'a>]>, scope: &Scope<'_>) {
        for target in targets {
            let found = self.find(&target.0, scope, Indexed::No, RESOURCES);
            if let Some((target, keys)) = found {
                self.push(from, Reference { attribute: "depends_on".into(), target, keys });
            }
        }
    }

    fn expressions(&mut self, from: &str, expressions: Expressions<'a>, scope: &Scope<'_>) {
        for Expression { attribute, references, .. } in expressions.0 {
            let names = || references.iter().map(|reference| &*reference.0);
            let by_key = names().any(|name| name == "each.key" || name == "count.index");
            let indexed = scope.own_key.filter(|_| by_key).map_or(Indexed::No, Indexed::ByOwnKey);
            // Tags that come from a local value stand on nothing.
            let is_label = ["tags", "labels", "default_tags"].contains(&&*attribute.0);
            if !is_label && names().any(|name| name.starts_with("local.")) {
                self.through_locals = self.through_locals.saturating_add(1);
            }
            for name in names() {
                if let Some((target, keys)) = self.find(name, scope, indexed, OUTPUTS) {
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
        let target = *self.places.get(format!("{}{local}", scope.prefix).as_str())?;
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
        let target = *self.places.get(format!("{}{local}", scope.prefix).as_str())?;
        // `Key::None` stands for the referring block's own key until the way to the instances is known.
        let (index, own) = match (index, indexed) {
            (Key::None, Indexed::By(outer)) if bare => (Some(outer), None),
            (Key::None, Indexed::ByOwnKey(place)) if bare => (Some(&Key::None), Some(place)),
            (Key::None, _) => (None, None),
            (own, _) => (Some(own), None),
        };
        let followed = scope.followed.saturating_add(1);
        let whole = self.wholes.get(&target).filter(|_| followed <= FARTHEST);
        let inner = whole.zip(index).and_then(|(whole, index)| {
            let scope = Scope { prefix: &whole.prefix, depth: whole.depth, own_key: None, followed };
            let (target, inner) = self.find(&whole.head.0, &scope, Indexed::By(index), OUTPUTS)?;
            let seen = inner.seen_through(&keys);
            let seen = match own {
                Some(place) => seen.with_own_key(place),
                None => seen,
            };
            (self.blocks.get(target)?.kind != BlockKind::Carrier).then_some((target, seen))
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
