//! The configuration as a reader resolved it: blocks, and who refers to whom.
//!
//! A block is a resource, a data source, or one of the things that carry a reference on: a variable, an output, a
//! module call, a provider's settings. References are resolved by the reader, which knows the language; what is left
//! here is plain: this block refers to that block, and of that block's instances to those whose keys match.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
use std::sync::Arc;

use super::{Attributes, Value};

/// All blocks of one plan's configuration. A [`Reference`] names its target by its place in this list.
#[derive(Default)]
pub struct Configuration<'a> {
    /// The blocks.
    pub blocks: Vec<Block<'a>>,
    by_address: Vec<u32>,
    /// The plan carried its configuration.
    pub present: bool,
    /// References that end at a local value, which the format does not describe.
    pub through_locals: usize,
    /// What module calls give to variables where that is a constant, by the variable's place, as JSON.
    constants: BTreeMap<usize, &'a str>,
}

impl<'a> Configuration<'a> {
    /// Takes the blocks of a plan that carried its configuration.
    #[must_use]
    pub fn new(blocks: Vec<Block<'a>>, through_locals: usize) -> Self {
        let mut by_address: Vec<u32> = (0..u32::try_from(blocks.len()).unwrap_or(u32::MAX)).collect();
        by_address.sort_unstable_by_key(|place| blocks.get(*place as usize).map(|block| &block.address));
        Self { blocks, by_address, present: true, through_locals, constants: BTreeMap::new() }
    }

    /// The same with the constants that module calls give to variables, as JSON texts by the variable's place.
    #[must_use]
    pub fn with_constants(self, constants: BTreeMap<usize, &'a str>) -> Self {
        Self { constants, ..self }
    }

    /// A module's call gives the variable at this place this very value, as a constant. A constant may be a secret, so
    /// all that can be asked is whether it is a value that is known already.
    #[must_use]
    pub fn is_given(&self, place: usize, value: &Value<'_>) -> bool {
        self.constants.get(&place).is_some_and(|text| Attributes::new(Some(text), None, None).view() == *value)
    }

    /// A block's place in the list.
    #[must_use]
    pub fn place(&self, address: &str) -> Option<usize> {
        let at = |place: &u32| self.blocks.get(*place as usize).map_or("", |block| &*block.address);
        let found = self.by_address.binary_search_by(|place| at(place).cmp(address)).ok()?;
        self.by_address.get(found).map(|place| *place as usize)
    }

    /// A block by its address.
    #[must_use]
    pub fn block(&self, address: &str) -> Option<&Block<'a>> {
        self.blocks.get(self.place(address)?)
    }

    /// Where a block is written; `None` where the sources were not given or do not have it.
    #[must_use]
    pub fn written(&self, address: &str) -> Option<&Written> {
        self.block(address)?.written.as_deref()
    }

    /// The places of the `module` blocks through which a block's module is called, the outermost first.
    #[must_use]
    pub fn called_from(&self, address: &str) -> Vec<&Place> {
        let ends = address.match_indices('.').map(|(end, _)| address.get(..=end).unwrap_or_default());
        let modules = ends.skip(1).step_by(2).take_while(|prefix| {
            let mut steps = prefix.trim_end_matches('.').rsplit('.').skip(1);
            steps.next() == Some("module")
        });
        modules.filter_map(|module| self.written(&format!("{module}{CALL}"))?.place.as_ref()).collect()
    }
}

/// The carrier of what a module's call refers to, behind the module's prefix: `module.net.(call)`.
pub(crate) const CALL: &str = "(call)";

impl fmt::Debug for Configuration<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The constants are left out: nobody has said which of them are secrets.
        f.debug_struct("Configuration").field("blocks", &self.blocks).finish_non_exhaustive()
    }
}

/// One block.
#[derive(Debug)]
pub struct Block<'a> {
    /// The address without keys; for what is not a resource, a name that no resource can have.
    pub address: Arc<str>,
    /// What it is.
    pub kind: BlockKind,
    /// How many module steps its address has.
    pub depth: usize,
    /// What it refers to.
    pub references: Vec<Reference<'a>>,
    /// Programs that it runs when it is made or destroyed.
    pub provisioners: Box<[Provisioner]>,
    /// Where and how it is written, where the sources were given.
    pub written: Option<Box<Written>>,
}

impl<'a> Block<'a> {
    /// What only the sources know that it refers to: through local values, or in `dynamic` blocks.
    #[must_use]
    pub fn further(&self) -> &[Reference<'static>] {
        self.written.as_ref().map(|written| written.references.as_slice()).unwrap_or_default()
    }

    /// Everything that it refers to: what the plan says, then what only the sources know.
    #[must_use]
    pub fn all_references(&self) -> impl DoubleEndedIterator<Item = &Reference<'a>> {
        let further: &[Reference<'a>] = self.further();
        self.references.iter().chain(further)
    }
}

/// A place in a source file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, seen from the root of its repository where that is known, else from the root module's folder, with `/`
    /// between folders.
    pub file: Arc<str>,
    /// The line, counted from one.
    pub line: u32,
}

/// What the sources say of a block beyond what a plan does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Written {
    /// Where the block begins; for a module's variable, the argument in the calling `module` block.
    pub place: Option<Place>,
    /// What it refers to beyond what the plan says. It adds to what is stood on, and is kept apart so that nothing that
    /// is read from the plan depends on it.
    pub references: Vec<Reference<'static>>,
    /// Where each of its attributes and nested blocks begins, by name; in nested blocks by path: `disk.0.size`, or
    /// `disk.*.size` where a `dynamic` block makes them.
    pub attributes: BTreeMap<Box<str>, Place>,
    /// Its `lifecycle` arguments.
    pub lifecycle: Lifecycle,
}

impl Written {
    /// Where an attribute stands, by its path in a plan: as deep as the files tell, else where what holds it begins. A path
    /// may leave out which of several blocks is meant; then it is the first.
    #[must_use]
    pub fn attribute(&self, path: &str) -> Option<&Place> {
        let ends = path.rmatch_indices('.').map(|(end, _)| path.get(..end).unwrap_or_default());
        let any = |step: &str| if step.parse::<usize>().is_ok() { "*".to_owned() } else { step.to_owned() };
        std::iter::once(path).chain(ends).find_map(|name| {
            let known = self.attributes.get(name);
            known
                .or_else(|| self.attributes.get(name.split('.').map(any).collect::<Vec<_>>().join(".").as_str()))
                .or_else(|| self.in_some_block(name))
        })
    }

    /// The same where a path has no numbers.
    fn in_some_block(&self, path: &str) -> Option<&Place> {
        let first = format!("{}.", path.split_once('.')?.0);
        let is_named = |step: &&str| step.parse::<usize>().is_err() && *step != "*";
        let inside = self.attributes.range::<str, _>((Bound::Included(first.as_str()), Bound::Unbounded));
        let mut inside = inside.take_while(|(known, _)| known.starts_with(&first));
        let found = inside.find(|(known, _)| known.split('.').filter(is_named).eq(path.split('.')));
        found.map(|(_, place)| place)
    }

    /// The files have blocks of this name in it, rather than an attribute.
    #[must_use]
    pub fn has_blocks(&self, name: &str) -> bool {
        let inside = format!("{name}.");
        self.attributes
            .range::<str, _>((Bound::Included(inside.as_str()), Bound::Unbounded))
            .next()
            .is_some_and(|(path, _)| path.starts_with(&inside))
    }
}

/// The `lifecycle` arguments of a resource, as far as they are literals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// `prevent_destroy`.
    pub prevent_destroy: bool,
    /// `create_before_destroy`.
    pub create_before_destroy: bool,
    /// The attributes under `ignore_changes`; `all` for all of them.
    pub ignore_changes: Box<[String]>,
}

/// What the sources say of a plan as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declarations {
    /// `moved` and `removed` blocks of the root module and of modules that lie inside its folder: they tell of an
    /// earlier life of this configuration, where those of a module that others use too do not.
    pub moved: Vec<Moved>,
    /// Resources with `prevent_destroy` in modules other than the root, sorted by their address in the module: where a
    /// block still stands though its module is called no more.
    pub guarded: Vec<Guarded>,
    /// Where the resources stand of modules that were installed and that nothing calls any more, by the addresses of their
    /// blocks.
    pub left: BTreeMap<String, Place>,
    /// What the sources could not tell, each a sentence.
    pub gaps: Vec<String>,
}

/// A `moved` or `removed` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The address that was left, in the module of the block.
    pub from: String,
    /// The new address; none for a `removed` block.
    pub to: Option<String>,
    /// A `removed` block that destroys the object.
    pub destroys: bool,
    /// Where it stands.
    pub place: Place,
}

/// A resource that its author guarded with `prevent_destroy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded {
    /// Its address in its module.
    pub address: String,
    /// The address of the module that has it, where that was installed and nothing calls it any more.
    pub module: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A managed resource.
    Managed,
    /// A data source or ephemeral resource.
    Data,
    /// A variable, an output, a module call or a provider's settings: it only carries references on.
    Carrier,
}

/// One reference of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference<'a> {
    /// The attribute or nested block in whose expression it stands.
    pub attribute: Cow<'a, str>,
    /// The place of the target in [`Configuration::blocks`].
    pub target: usize,
    /// Which instances are meant.
    pub keys: Keys,
}

/// Which instances of a target are meant, by their keys.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys {
    /// So many keys, from the first on, are the referring instance's own: both stand in the same module.
    pub shared: usize,
    /// What the keys after those must be; any key where there is no entry.
    pub then: Box<[KeyMatch]>,
}

/// What one key of the target must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyMatch {
    /// Anything.
    Any,
    /// This key.
    Is(super::Key),
    /// This key where an instance has it, else anything: an index into a list that was made of all instances.
    Likely(super::Key),
    /// The same as the referring instance's key at this place, by `each.key` or `count.index`, where an instance has it.
    Same(usize),
}

impl Keys {
    /// The same module, up to a depth.
    #[must_use]
    pub fn shared(depth: usize) -> Self {
        Self { shared: depth, then: Box::default() }
    }

    /// The same module, up to a depth, then one key.
    #[must_use]
    pub fn then(depth: usize, key: KeyMatch) -> Self {
        let then = if key == KeyMatch::Any { Box::default() } else { Box::new([key]) as Box<[KeyMatch]> };
        Self { shared: depth, then }
    }

    /// What the key at a place must be.
    #[must_use]
    pub fn at(&self, place: usize) -> KeyMatch {
        match place.checked_sub(self.shared) {
            None => KeyMatch::Same(place),
            Some(after) => self.then.get(after).cloned().unwrap_or(KeyMatch::Any),
        }
    }

    /// The same, where a likely key that is still open is the referring block's own key at a place.
    #[must_use]
    pub fn with_own_key(self, place: usize) -> Self {
        let open = KeyMatch::Likely(super::Key::None);
        let fill = |key: KeyMatch| if key == open { KeyMatch::Same(place) } else { key };
        Self { shared: self.shared, then: self.then.into_iter().map(fill).collect() }
    }

    /// These keys as seen by something that refers to the referring block with `outer`.
    #[must_use]
    pub fn seen_through(&self, outer: &Self) -> Self {
        let mapped = |key: KeyMatch| match key {
            KeyMatch::Same(place) => outer.at(place),
            other => other,
        };
        let length = self.shared.saturating_add(self.then.len());
        let all: Vec<KeyMatch> = (0..length).map(|place| mapped(self.at(place))).collect();
        let shared = all.iter().enumerate().take_while(|(place, key)| **key == KeyMatch::Same(*place)).count();
        Self { shared, then: all.into_iter().skip(shared).collect() }
    }
}

/// A program that runs beside the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provisioner {
    /// `local-exec`, `remote-exec`, `file` or another.
    pub kind: String,
    /// The command lines, `None` where one is not a literal.
    pub commands: Option<Vec<String>>,
    /// The program that the command is given to, with its arguments; none for the default shell.
    pub interpreter: Vec<String>,
    /// It runs a script file.
    pub runs_file: bool,
}
