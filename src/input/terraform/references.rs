//! Resolves references through modules: `var.x` to the caller's expression, `module.m.out` to the module's output.
//!
//! Variables, outputs, module calls and provider settings become blocks of their own that carry references on, so that
//! a variable used in a hundred places and fed by a hundred resources costs two hundred references, not ten thousand.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::configuration::{Call, Expression, Expressions, Module, ProviderSettings, Resource};
use super::lookup::{Found, Indexed, OUTPUTS, RESOURCES, Scope, Whole, indexed};
use super::rows::Object;
use super::sourced::Instances;
use crate::plan::{Block, BlockKind, CALL, Configuration, Keys, Reference, Text};

/// Which carriers of a module's call somebody needs.
#[derive(Clone, Copy, Default)]
struct Carried {
    /// The call refers to something: everything in the module stands on that.
    call: bool,
    /// Something waits for all resources of the module.
    resources: bool,
}

/// Collects all blocks first, so that a reference can point forward, then resolves.
pub(super) struct Resolver<'a> {
    pub(super) places: HashMap<Arc<str>, usize>,
    pub(super) blocks: Vec<Block<'a>>,
    pub(super) wholes: HashMap<usize, Whole<'a>>,
    /// Modules that some `depends_on` names: their resources must be known together.
    waited_for: HashSet<String>,
    pub(super) through_locals: usize,
}

impl<'a> Resolver<'a> {
    /// Resolves what the plan says, and with it what the sources say of the same modules.
    pub(super) fn run(
        root: Module<'a>,
        providers: BTreeMap<Text<'a>, ProviderSettings<'a>>,
        sources: &Instances<'_>,
    ) -> Configuration<'a> {
        let mut resolver = Self {
            places: HashMap::new(),
            blocks: Vec::new(),
            wholes: HashMap::new(),
            waited_for: HashSet::new(),
            through_locals: 0,
        };
        resolver.declare("", 0, &root);
        resolver.root_variables(&root, &providers);
        resolver.declare_written(sources);
        for (key, settings) in &providers {
            let module = settings.module_address.as_ref().map(|text| &*text.0).unwrap_or_default();
            let depth = module.split("module.").count().saturating_sub(1);
            resolver.add(&format!("provider.{}", key.0), BlockKind::Carrier, depth);
            let prefix = if module.is_empty() { String::new() } else { format!("{module}.") };
            resolver.remote_outputs(&prefix, depth, &settings.expressions);
        }
        for (key, settings) in providers {
            resolver.provider(&key, settings);
        }
        resolver.written_first(sources);
        resolver.module(&Scope::of("", 0), root, Carried::default());
        resolver.written(sources);
        for block in &mut resolver.blocks {
            block.references.shrink_to_fit();
        }
        drop(resolver.places);
        Configuration::new(resolver.blocks, resolver.through_locals)
    }

    pub(super) fn add(&mut self, address: &str, kind: BlockKind, depth: usize) {
        if !self.places.contains_key(address) {
            let address: Arc<str> = address.into();
            self.places.insert(Arc::clone(&address), self.blocks.len());
            let (references, provisioners, written) = (Vec::new(), Box::default(), None);
            self.blocks.push(Block { address, kind, depth, references, provisioners, written });
        }
    }

    /// There is a block at this address.
    pub(super) fn has(&self, address: &str) -> bool {
        self.places.contains_key(address)
    }

    /// Gives every block of a module and of the modules in it its place.
    fn declare(&mut self, prefix: &str, depth: usize, module: &Module<'a>) {
        for Object(resource) in &module.resources {
            let kind = if resource.is_managed() { BlockKind::Managed } else { BlockKind::Data };
            self.add(&format!("{prefix}{}", resource.address.0), kind, depth);
            self.wait_for(prefix, &resource.depends_on);
            self.remote_state(prefix, depth, resource);
        }
        self.used_outputs(prefix, depth, module);
        for (name, output) in &module.outputs.0 {
            self.wait_for(prefix, &output.depends_on);
            if prefix.is_empty() {
                self.add(&format!("output.{}", name.0), BlockKind::Carrier, depth);
            }
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
            }
            for (output, value) in &call.module.0.outputs.0 {
                let address = format!("{inner}output.{}", output.0);
                self.add(&address, BlockKind::Carrier, below);
                self.whole(&address, &value.expression.0, &inner, below);
            }
            self.declare(&inner, below, &call.module.0);
        }
    }

    /// Gives the root module's variables a place, those that something refers to: nothing stands behind them, but
    /// whatever follows a reference can say where it ends.
    fn root_variables(&mut self, root: &Module<'a>, providers: &BTreeMap<Text<'a>, ProviderSettings<'a>>) {
        let resources = root.resources.iter().flat_map(|Object(resource)| {
            [&resource.expressions, &resource.count_expression, &resource.for_each_expression]
        });
        let calls = root
            .module_calls
            .0
            .values()
            .flat_map(|call| [&call.expressions, &call.count_expression, &call.for_each_expression]);
        let settings = providers.values().filter(|settings| settings.module_address.is_none());
        let all = resources.chain(calls).chain(settings.map(|settings| &settings.expressions));
        for reference in all.flat_map(|expressions| &expressions.0).flat_map(|expression| &expression.references) {
            let name = reference.0.strip_prefix("var.").and_then(|rest| rest.split(['.', '[']).next());
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                self.add(&format!("var.{name}"), BlockKind::Carrier, 0);
            }
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
        let scope = Scope::of(&prefix, depth);
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
                self.expressions(&address, output.expression.called("value"), scope);
                self.depends_on(&address, output.depends_on, scope);
                self.carry(&format!("{outer}.{OUTPUTS}"), &address, scope.depth);
            }
        } else {
            // Nothing here stands on what is handed out, so what cannot be seen of it is no gap.
            let through_locals = self.through_locals;
            for (name, output) in module.outputs.0 {
                let address = format!("output.{}", name.0);
                self.expressions(&address, output.expression.called("value"), scope);
                self.depends_on(&address, output.depends_on, scope);
            }
            self.through_locals = through_locals;
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
        self.expressions(&address, resource.count_expression.called("count"), &scope);
        self.expressions(&address, resource.for_each_expression.called("for_each"), &scope);
        self.depends_on(&address, resource.depends_on, &scope);
        let provider = resource.provider_config_key.and_then(|key| self.provider_of(&key.0));
        // Settings that refer to nothing carry nothing.
        if let Some((target, depth)) = provider {
            let (plain, keys) = (self.leads_on(target), Keys::shared(depth.min(scope.depth)));
            if plain || self.leads_further(target) {
                self.push(&address, "provider".into(), Found { target, keys, by_sources: !plain });
            }
        }
        if carried.resources {
            self.carry(&format!("{}{RESOURCES}", scope.prefix), &address, scope.depth);
        }
        if carried.call {
            self.carry(&address, &format!("{}{CALL}", scope.prefix), scope.depth);
        }
    }

    pub(super) fn block_mut(&mut self, address: &str) -> Option<&mut Block<'a>> {
        self.places.get(address).and_then(|place| self.blocks.get_mut(*place))
    }

    /// A provider's settings by its key; before Terraform 1.1 a module's resources name a key that only the root has.
    fn provider_of(&self, key: &str) -> Option<(usize, usize)> {
        let mut key = key;
        loop {
            if let Some(place) = self.places.get(format!("provider.{key}").as_str()) {
                return Some((*place, self.blocks.get(*place)?.depth));
            }
            key = key.split_once(':')?.1;
        }
    }

    /// A carrier refers to something by what only the sources say. A constant is nothing to stand on.
    pub(super) fn leads_further(&self, place: usize) -> bool {
        let stands = |reference: &Reference<'_>| {
            let target = self.blocks.get(reference.target);
            target.is_some_and(|target| {
                let name = target.address.rsplit("module.").next().unwrap_or_default();
                let may_be_constant = target.depth == 0 && name.starts_with("var.") || name.contains("local.");
                !may_be_constant || target.all_references().next().is_some()
            })
        };
        self.blocks.get(place).is_some_and(|block| block.further().iter().any(stands))
    }

    /// A carrier refers to something by what the plan says. A variable of the root module is nothing to stand on.
    fn leads_on(&self, place: usize) -> bool {
        let stands = |reference: &Reference<'_>| {
            let target = self.blocks.get(reference.target);
            target.is_some_and(|target| target.depth > 0 || !target.address.starts_with("var."))
        };
        self.blocks.get(place).is_some_and(|block| block.references.iter().any(stands))
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
        self.expressions(&address, call.count_expression.called("count"), &outside);
        self.expressions(&address, call.for_each_expression.called("for_each"), &outside);
        self.depends_on(&address, call.depends_on, &outside);
        if carried.call {
            self.carry(&address, &format!("{}{CALL}", scope.prefix), scope.depth);
        }
        if carried.resources {
            self.carry(&format!("{}{RESOURCES}", scope.prefix), &format!("{inner}{RESOURCES}"), scope.depth);
        }
        let carried = Carried {
            call: self.places.get(address.as_str()).is_some_and(|place| self.leads_on(*place)),
            resources: carried.resources || self.waited_for.contains(&inner),
        };
        let inside = Scope::of(&inner, scope.depth.saturating_add(1));
        self.module(&inside, call.module.0, carried);
    }

    /// Lets one block refer to another of the same module, or of one inside it.
    pub(super) fn carry(&mut self, from: &str, to: &str, depth: usize) {
        let Some(&target) = self.places.get(to) else { return };
        let keys = Keys::shared(depth);
        if let Some(block) = self.block_mut(from) {
            block.references.push(Reference { attribute: "".into(), target, keys });
        }
    }

    /// Notes a reference, apart where only the sources know of it.
    pub(super) fn push(&mut self, from: &str, attribute: Cow<'a, str>, found: Found) {
        let Found { target, keys, by_sources } = found;
        let Some(block) = self.block_mut(from) else { return };
        let known = |reference: &Reference<'_>| {
            reference.target == target && reference.attribute == attribute && reference.keys == keys
        };
        if block.references.iter().any(known) || block.further().iter().any(known) {
            return;
        }
        if by_sources {
            let attribute = Cow::Owned(attribute.into_owned());
            let written = block.written.get_or_insert_default();
            written.references.push(Reference { attribute, target, keys });
        } else {
            block.references.push(Reference { attribute, target, keys });
        }
    }

    fn depends_on(&mut self, from: &str, targets: Box<[Text<'a>]>, scope: &Scope<'_>) {
        for target in targets {
            if let Some(found) = self.find(&target.0, scope, Indexed::No, RESOURCES) {
                self.push(from, "depends_on".into(), found);
            }
        }
    }

    fn expressions(&mut self, from: &str, expressions: Expressions<'a>, scope: &Scope<'_>) {
        for Expression { attribute, references } in expressions.0 {
            let names = || references.iter().map(|reference| &*reference.0);
            let indexed = indexed(names(), scope);
            // Tags that come from a local value stand on nothing.
            let is_label = ["tags", "labels", "default_tags"].contains(&&*attribute.0);
            let mut dead_end = false;
            for name in names() {
                match self.find(name, scope, indexed, OUTPUTS) {
                    Some(found) => self.push(from, attribute.0.clone(), found),
                    None => dead_end |= !is_label && name.starts_with("local."),
                }
            }
            self.through_locals = self.through_locals.saturating_add(usize::from(dead_end));
        }
    }
}
