//! The configuration as a reader resolved it: blocks, and who refers to whom.
//!
//! A block is a resource, a data source, or one of the things that carry a reference on: a variable, an output, a
//! module call, a provider's settings. References are resolved by the reader, which knows the language; what is left
//! here is plain: this block refers to that block, and of that block's instances to those whose keys match.

use std::borrow::Cow;

/// All blocks of one plan's configuration. A [`Reference`] names its target by its place in this list.
#[derive(Debug, Default)]
pub struct Configuration<'a> {
    /// The blocks.
    pub blocks: Vec<Block<'a>>,
    /// The plan carried its configuration.
    pub present: bool,
    /// References that end at a local value, which the format does not describe.
    pub through_locals: usize,
}

/// One block.
#[derive(Debug)]
pub struct Block<'a> {
    /// The address without keys; for what is not a resource, a name that no resource can have.
    pub address: Cow<'a, str>,
    /// What it is.
    pub kind: BlockKind,
    /// How many module steps its address has.
    pub depth: usize,
    /// What it refers to.
    pub references: Vec<Reference<'a>>,
    /// Programs that it runs when it is made or destroyed.
    pub provisioners: Vec<Provisioner>,
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
    /// Which instances are meant: one entry for each key of the target.
    pub keys: Vec<KeyMatch>,
}

/// What one key of the target must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyMatch {
    /// Anything.
    Any,
    /// This key.
    Is(super::Key),
    /// The same as the referring instance's key at this place: its module's, or its own by `each.key` and `count.index`.
    Same(usize),
}

/// A program that runs beside the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provisioner {
    /// `local-exec`, `remote-exec`, `file` or another.
    pub kind: String,
    /// The command lines, `None` where one is not a literal.
    pub commands: Option<Vec<String>>,
    /// It runs a script file.
    pub runs_file: bool,
}
