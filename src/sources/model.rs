//! What a module's files declare.

use std::collections::BTreeMap;

use crate::plan::{Lifecycle, Place, Provisioner};

/// The files of one folder.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// Where it lies, relative to the root module.
    pub(crate) folder: String,
    /// Resources, data sources and ephemeral ones, each called by its address in the module.
    pub(crate) resources: Vec<Declared>,
    /// Local values, each called `local.NAME`; where one is an object, its members too, as `local.NAME.MEMBER`.
    pub(crate) locals: Vec<Declared>,
    /// Calls of other modules, each called by the call's name.
    pub(crate) calls: Vec<Call>,
    /// Outputs, each called by its name.
    pub(crate) outputs: Vec<Declared>,
    /// Variables, each called by its name.
    pub(crate) variables: Vec<Declared>,
    /// Provider settings, each called by its name and, behind a dot, its alias.
    pub(crate) providers: Vec<Declared>,
    /// `moved` blocks: from and to.
    pub(crate) moved: Vec<(String, String, Place)>,
    /// `removed` blocks: from, and whether the object is destroyed.
    pub(crate) removed: Vec<(String, bool, Place)>,
}

/// One block, or one local value.
#[derive(Debug, Default)]
pub(crate) struct Declared {
    pub(crate) name: String,
    pub(crate) place: Option<Place>,
    /// What its expressions refer to, those of nested and of dynamic blocks included.
    pub(crate) expressions: Vec<Expression>,
    /// Where each attribute and nested block begins first, and, in nested blocks, each attribute by its path:
    /// `disk.0.size`, or `disk.*.size` where a `dynamic` block makes them.
    pub(crate) attributes: BTreeMap<Box<str>, Place>,
    pub(crate) depends_on: Vec<String>,
    pub(crate) lifecycle: Lifecycle,
    pub(crate) provisioners: Vec<Provisioner>,
}

/// One expression's references.
#[derive(Debug, Clone)]
pub(crate) struct Expression {
    /// The attribute or nested block of the resource in which it stands.
    pub(crate) attribute: Box<str>,
    pub(crate) references: Vec<String>,
}

/// The call of a module.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) block: Declared,
    /// `source`, where it is a literal.
    pub(crate) source: Option<String>,
}

impl Call {
    /// The folder of a module that lies beside the calling one.
    pub(crate) fn local(&self) -> Option<&str> {
        let is_local = |source: &&str| [".", ".."].contains(&source.split('/').next().unwrap_or_default());
        self.source.as_deref().filter(is_local)
    }
}
