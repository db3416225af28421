//! What a shell knows while it runs: variables, functions, aliases, its directory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use super::super::shell::Node;
use super::Input;

/// A variable's value: `None` is one that is not known. Several are an array's.
pub(super) type Value = Option<Vec<String>>;

/// How many meanings of a name are kept.
const MOST: usize = 8;

/// The state of a shell.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// A variable that is not here comes from the environment, which nobody knows.
    pub(super) variables: BTreeMap<String, Value>,
    /// Variables that cannot be set, or that change what they are set to: what they hold is not known.
    pub(super) strange: BTreeSet<String>,
    /// Several bodies for a name: it may be any of them.
    pub(super) functions: BTreeMap<String, Vec<Rc<Node>>>,
    pub(super) aliases: BTreeMap<String, Vec<String>>,
    /// `None` is not known.
    pub(super) dir: Option<PathBuf>,
    /// What can be read from descriptors that the line opened.
    pub(super) descriptors: BTreeMap<String, Input>,
    /// `$1`, `$2`, …
    pub(super) positional: Value,
}

impl Scope {
    /// What is known where this state may be or the other one, which came out of it.
    pub(super) fn or(&self, other: &Self) -> Self {
        let mut both = other.clone();
        for (name, value) in &mut both.variables {
            if self.variables.get(name).is_some_and(|before| before != value) {
                *value = None;
            }
        }
        // What was unset may be set.
        for name in self.variables.keys() {
            both.variables.entry(name.clone()).or_insert(None);
        }
        for (name, bodies) in &self.functions {
            let known = both.functions.entry(name.clone()).or_default();
            for body in bodies {
                if known.len() < MOST && !known.iter().any(|other| Rc::ptr_eq(other, body)) {
                    known.push(Rc::clone(body));
                }
            }
        }
        for (name, texts) in &self.aliases {
            let known = both.aliases.entry(name.clone()).or_default();
            for text in texts {
                if known.len() < MOST && !known.contains(text) {
                    known.push(text.clone());
                }
            }
        }
        both.strange.extend(self.strange.iter().cloned());
        if self.dir != both.dir {
            both.dir = None;
        }
        if self.positional != both.positional {
            both.positional = None;
        }
        both
    }

    /// Where a path leads from here.
    pub(super) fn path(&self, text: &str) -> Option<PathBuf> {
        joined(self.dir.as_deref(), text)
    }
}

/// Joins a path to a directory, with `.` and `..` taken out as a shell does. A path that starts at `~` or `/` needs none.
pub(crate) fn joined(dir: Option<&Path>, text: &str) -> Option<PathBuf> {
    let path = Path::new(text);
    let base = if path.is_absolute() || text.starts_with('~') { Path::new("") } else { dir? };
    let mut done = PathBuf::new();
    for part in base.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = done.pop(),
            other => done.push(other),
        }
    }
    Some(done)
}
