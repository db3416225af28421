//! Whether sources fit a plan, and which of their modules is which of the plan's.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::configuration::{ConfigurationPart, Module};
use super::rows::Object;
use super::written::is_own;
use crate::plan::{Action, Declarations, Guarded, Instance as Existing, Mode, Moved, Place, ResourceChange};
use crate::sources::{self, Sources};

/// More instances of modules are not followed where only the sources say which there are.
const MOST: usize = 10_000;
/// So deep are modules followed inside each other.
const DEEPEST: usize = 64;

/// The plan's modules that the sources have.
#[derive(Default)]
pub(super) struct Instances<'s> {
    /// One for each call, the outer ones first.
    pub(super) list: Vec<Instance<'s>>,
    /// The plan has no configuration, so the sources stand in for it.
    pub(super) everything: bool,
    /// What they say of the plan as a whole.
    pub(super) declared: Declarations,
}

/// One module of the plan.
pub(super) struct Instance<'s> {
    /// Empty, or `module.a.module.b.`.
    pub(super) prefix: String,
    /// How many module steps the prefix has.
    pub(super) depth: usize,
    /// Its name among installed modules: empty, or `a.b`.
    key: String,
    pub(super) module: &'s sources::Module,
}

impl<'s> Instance<'s> {
    fn call(&self, sources: &'s Sources, name: &str) -> Option<Self> {
        let call = self.module.calls.iter().find(|call| call.block.name == name)?;
        let key = if self.key.is_empty() { name.to_owned() } else { format!("{}.{name}", self.key) };
        let module = sources.called(&key, self.module, call)?;
        Some(Self {
            prefix: format!("{}module.{name}.", self.prefix),
            depth: self.depth.saturating_add(1),
            key,
            module,
        })
    }
}

/// What the plan has and the sources do not.
#[derive(Default)]
struct Lacks {
    blocks: Vec<String>,
    modules: Vec<String>,
}

impl<'s> Instances<'s> {
    /// Pairs the plan's modules with those of the sources. Sources that do not fit add nothing but a gap.
    pub(super) fn of(
        sources: Option<&'s Sources>,
        configuration: Option<&ConfigurationPart<'_>>,
        changes: &[ResourceChange<'_>],
        existing: &[Existing<'_>],
    ) -> Self {
        let Some(sources) = sources else { return Self::default() };
        let Some(module) = sources.root() else {
            return Self::only_gap("The sources have no root module, so nothing of them is used.".to_owned());
        };
        let wanted = configuration.and_then(ConfigurationPart::root).map_or_else(
            || if configuration.is_none() { from_rows(changes, existing) } else { BTreeSet::new() },
            configured,
        );
        let has: HashSet<String> = names(module).collect();
        let (known, missing): (Vec<&String>, Vec<&String>) = wanted.iter().partition(|name| has.contains(*name));
        let fits = if wanted.is_empty() {
            configuration.is_none() || module.resources.is_empty()
        } else {
            known.len() > missing.len()
        };
        if !fits {
            let first = missing.first().map(|name| format!(", {name} for one")).unwrap_or_default();
            return Self::only_gap(format!(
                "The sources do not fit this plan: of its {} blocks they lack {}{first}. Nothing of them is used.",
                wanted.len(),
                missing.len()
            ));
        }
        Self::paired(sources, module, configuration)
    }

    fn only_gap(gap: String) -> Self {
        Self { declared: Declarations { gaps: vec![gap], ..Declarations::default() }, ..Self::default() }
    }

    fn paired(
        sources: &'s Sources,
        module: &'s sources::Module,
        configuration: Option<&ConfigurationPart<'_>>,
    ) -> Self {
        let root = Instance { prefix: String::new(), depth: 0, key: String::new(), module };
        let mut found = Self { everything: configuration.is_none(), ..Self::default() };
        let mut lacks = Lacks::default();
        match configuration.and_then(ConfigurationPart::root) {
            Some(plan) => found.pair(sources, root, plan, &mut lacks),
            None if found.everything => found.follow(sources, root),
            None => found.list.push(root),
        }
        found.declare(sources, &lacks);
        found
    }

    /// Goes through the plan's modules.
    fn pair(&mut self, sources: &'s Sources, instance: Instance<'s>, plan: &Module<'_>, lacks: &mut Lacks) {
        let has: HashSet<&str> = instance.module.resources.iter().map(|resource| resource.name.as_str()).collect();
        let missing = plan.resources.iter().map(|Object(r)| &*r.address.0).filter(|name| !has.contains(name));
        lacks.blocks.extend(missing.map(|name| format!("{}{name}", instance.prefix)));
        let mut inner = Vec::new();
        for (name, call) in &plan.module_calls.0 {
            match instance.call(sources, &name.0) {
                Some(module) => inner.push((module, &call.module.0)),
                None => lacks.modules.push(format!("{}module.{}", instance.prefix, name.0)),
            }
        }
        self.list.push(instance);
        for (module, plan) in inner {
            self.pair(sources, module, plan, lacks);
        }
    }

    /// Goes through the modules as the sources call them. Files may call each other in a circle.
    fn follow(&mut self, sources: &'s Sources, root: Instance<'s>) {
        let mut open = std::collections::VecDeque::from([root]);
        while let Some(instance) = open.pop_front() {
            let calls = instance.module.calls.iter().filter(|_| instance.depth < DEEPEST);
            open.extend(calls.filter_map(|call| instance.call(sources, &call.block.name)));
            self.list.push(instance);
            if self.list.len() >= MOST {
                self.declared.gaps.push(format!("The sources call more than {MOST} modules: not all are followed."));
                return;
            }
        }
    }

    /// Gathers what concerns the plan as a whole.
    fn declare(&mut self, sources: &Sources, lacks: &Lacks) {
        let folders: BTreeSet<&str> = self.list.iter().map(|instance| instance.module.folder.as_str()).collect();
        let problems = sources.problems_in(&folders);
        let gaps = problems
            .map(|problem| {
                format!("{}:{} {}: what it declares is not seen.", problem.place.file, problem.place.line, problem.what)
            })
            .chain(some("The sources do not have", &lacks.blocks, "of the plan: they are older or newer than it."))
            .chain(some("The sources of", &lacks.modules, "are not there: `terraform init` downloads them."));
        self.declared.gaps.extend(gaps);
        let mut seen = HashSet::new();
        for module in self.list.iter().map(|instance| instance.module) {
            if seen.insert(&module.folder) && is_own(module) {
                self.declared.moved.extend(moved(module));
            }
        }
        self.declared.guarded = guarded(sources, self);
        self.declared.left = left(sources, self);
    }
}

/// A sentence about a few of many.
fn some(before: &str, names: &[String], after: &str) -> Option<String> {
    let (first, more) = (names.first()?, names.len().saturating_sub(1));
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(format!("{before} {first}{more} {after}"))
}

fn moved(module: &sources::Module) -> impl Iterator<Item = Moved> {
    let moved = module.moved.iter().map(|(from, to, place)| Moved {
        from: from.clone(),
        to: Some(to.clone()),
        destroys: false,
        place: place.clone(),
    });
    let removed = module.removed.iter().map(|(from, destroys, place)| Moved {
        from: from.clone(),
        to: None,
        destroys: *destroys,
        place: place.clone(),
    });
    moved.chain(removed)
}

/// The modules that were installed and that nothing calls any more, with their addresses.
fn uncalled<'s>(sources: &'s Sources, instances: &Instances<'_>) -> Vec<(String, &'s sources::Module)> {
    let called: HashSet<&str> = instances.list.iter().map(|instance| instance.key.as_str()).collect();
    let left = sources.installed().filter(|(key, _)| !key.is_empty() && !called.contains(key));
    left.map(|(key, module)| (format!("module.{}", key.replace('.', ".module.")), module)).collect()
}

/// What still stands in them.
fn left(sources: &Sources, instances: &Instances<'_>) -> BTreeMap<String, Place> {
    let mut left = BTreeMap::new();
    for (address, module) in uncalled(sources, instances) {
        let places = module.resources.iter().filter_map(|resource| Some((&resource.name, resource.place.clone()?)));
        left.extend(places.map(|(name, place)| (format!("{address}.{name}"), place)));
    }
    left
}

/// The guarded blocks of every module but the root, sorted by address: first those of modules that were installed and
/// that nothing calls any more, then those of every folder.
fn guarded(sources: &Sources, instances: &Instances<'_>) -> Vec<Guarded> {
    let root = sources.root().map(|module| &module.folder);
    let left = uncalled(sources, instances).into_iter().map(|(address, module)| (Some(address), module));
    let folders = sources.all().filter(|module| Some(&module.folder) != root).map(|module| (None, module));
    let mut found: Vec<Guarded> = left
        .chain(folders)
        .flat_map(|(address, module)| {
            let guarded = module.resources.iter().filter(|resource| resource.lifecycle.prevent_destroy);
            guarded.filter_map(move |resource| {
                let (address, module) = (resource.name.clone(), address.clone());
                Some(Guarded { address, module, place: resource.place.clone()? })
            })
        })
        .collect();
    found.sort_by(|a, b| a.address.cmp(&b.address));
    found
}

/// What the root module of a plan declares.
fn configured(root: &Module<'_>) -> BTreeSet<String> {
    let resources = root.resources.iter().map(|Object(resource)| resource.address.0.to_string());
    resources.chain(root.module_calls.0.keys().map(|name| format!("module.{}", name.0))).collect()
}

/// What a root module must declare for these rows: what stays or is made.
fn from_rows(changes: &[ResourceChange<'_>], existing: &[Existing<'_>]) -> BTreeSet<String> {
    let goes: HashSet<&str> =
        changes.iter().filter(|c| c.action == Action::Delete).map(|change| &*change.address).collect();
    let stays = existing.iter().filter(|i| i.mode == Mode::Managed && !goes.contains(&*i.address)).map(|i| &*i.block);
    let made = changes.iter().filter(|c| c.mode == Mode::Managed && c.action.creates()).map(|change| &*change.block);
    stays
        .chain(made)
        .map(|block| match block.split('.').collect::<Vec<_>>().as_slice() {
            ["module", name, ..] => format!("module.{name}"),
            _ => block.to_owned(),
        })
        .collect()
}

/// The names of a module's resources and calls.
fn names(module: &sources::Module) -> impl Iterator<Item = String> {
    let resources = module.resources.iter().map(|resource| resource.name.clone());
    resources.chain(module.calls.iter().map(|call| format!("module.{}", call.block.name)))
}
