//! Objects, blocks and references of a stack as they are found, for change sets and for templates.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value as Json;

use super::functions::{Found, pieces};
use crate::plan::{
    Attributes, Block, BlockKind, Configuration, Estate, Instance, Keys, Mode, Recorded, Reference, Shared,
};

/// Everything that is known of one stack and the stacks nested in it.
#[derive(Default)]
pub(super) struct Builder {
    instances: Vec<Instance<'static>>,
    blocks: Vec<Block<'static>>,
    /// The places of the blocks, by address.
    places: HashMap<String, usize>,
    /// The places of the objects, by address.
    objects: HashMap<String, usize>,
    imported: BTreeMap<Vec<String>, usize>,
    /// The references that were added: from where, to where, and by which attribute.
    known: HashSet<(usize, usize, String)>,
    exports: Vec<Shared>,
    imports: Vec<Shared>,
}

/// What names mean where a value stands.
pub(super) trait Scope {
    /// The addresses that a name may stand for.
    fn stands_for(&self, name: &str) -> Vec<String>;

    /// A value with everything put in that is known.
    fn put_in(&self, value: &Json) -> Json {
        value.clone()
    }
}

impl Builder {
    /// Declares a block; one that is there already stays.
    pub(super) fn block(&mut self, address: &str, kind: BlockKind) -> usize {
        if let Some(place) = self.places.get(address) {
            return *place;
        }
        let place = self.blocks.len();
        self.places.insert(address.to_owned(), place);
        self.blocks.push(Block {
            address: Arc::from(address),
            kind,
            depth: 0,
            references: Vec::new(),
            provisioners: Box::default(),
            written: None,
        });
        place
    }

    /// Adds an object that exists; one that is there already stays. Returns its place among the objects.
    pub(super) fn object(&mut self, address: &str, kind: &str, mode: Mode, values: Attributes<'static>) -> usize {
        self.block(address, if mode == Mode::Managed { BlockKind::Managed } else { BlockKind::Carrier });
        if let Some(place) = self.objects.get(address) {
            return *place;
        }
        let place = self.instances.len();
        self.objects.insert(address.to_owned(), place);
        self.instances.push(Instance {
            address: Cow::Owned(address.to_owned()),
            block: Cow::Owned(address.to_owned()),
            keys: Box::default(),
            mode,
            kind: Cow::Owned(kind.to_owned()),
            deposed: None,
            values,
            depends_on: Recorded::default(),
        });
        place
    }

    /// The addresses of the blocks that begin so, sorted.
    pub(super) fn within(&self, start: &str) -> Vec<String> {
        let mut found: Vec<String> = self.places.keys().filter(|address| address.starts_with(start)).cloned().collect();
        found.sort_unstable();
        found
    }

    /// Adds the edges of everything that a value refers to.
    pub(super) fn connect(&mut self, from: &str, attribute: &str, value: &Json, scope: &impl Scope) {
        let mut found = Found::default();
        found.look_into(value);
        for address in found.names.iter().flat_map(|name| scope.stands_for(name)) {
            self.refer(from, attribute, &address);
        }
        for name in found.imports {
            let import = self.import(pieces(&scope.put_in(&name)));
            self.refer(from, attribute, &import);
        }
    }

    /// The carrier of what is imported under a name.
    fn import(&mut self, name: Vec<String>) -> String {
        if let Some(place) = self.imported.get(&name) {
            return format!("import.{place}");
        }
        let next = self.imported.len();
        let address = format!("import.{next}");
        let instance = self.object(&address, "import", Mode::Data, Attributes::default());
        self.imported.insert(name.clone(), next);
        self.imports.push(Shared { name, instance });
        address
    }

    /// What an object hands out under a name that is shared by all stacks.
    pub(super) fn export(&mut self, address: &str, name: Vec<String>) {
        if let Some(instance) = self.objects.get(address) {
            self.exports.push(Shared { name, instance: *instance });
        }
    }

    /// One block refers to another, where both are there.
    pub(super) fn refer(&mut self, from: &str, attribute: &str, to: &str) {
        let (Some(from), Some(target)) = (self.places.get(from).copied(), self.places.get(to).copied()) else { return };
        if from == target {
            return;
        }
        if self.known.insert((from, target, attribute.to_owned()))
            && let Some(block) = self.blocks.get_mut(from)
        {
            let attribute = Cow::Owned(attribute.to_owned());
            block.references.push(Reference { attribute, target, keys: Keys::default() });
        }
    }

    /// The estate and the configuration of all of it.
    pub(super) fn finish(self) -> (Estate<'static>, Configuration<'static>) {
        let estate =
            Estate { instances: self.instances, exports: self.exports, imports: self.imports, ..Estate::default() };
        (estate, Configuration::new(self.blocks, 0))
    }
}
