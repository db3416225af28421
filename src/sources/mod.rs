//! The `.tf` files of a configuration: what the plan's JSON leaves out of it.
//!
//! A plan's JSON has no local values, no `dynamic` blocks, no `lifecycle` arguments, no `moved` and `removed` blocks,
//! and no lines. The files have them all. What they say is added to what the plan says and never takes anything away:
//! a file that cannot be read is a [`Problem`], and the plan is judged all the same.
//!
//! The files come as plain text in a [`Tree`]: from a folder, or from the copy that a saved plan carries. The language is
//! described at <https://developer.hashicorp.com/terraform/language/files> and
//! <https://opentofu.org/docs/language/files/>.

mod declare;
mod expression;
mod json;
mod model;
mod syntax;
#[cfg(test)]
mod tests;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::plan::Place;
pub(crate) use model::{Call, Declared, Expression, Module};
use values::Values;
pub use values::is_values;

/// How long one file may be: far above what people write, and what it becomes in memory is many times as much.
const MOST_BYTES: usize = 4 << 20;

/// The files of a root module and of the modules in it, as they lie beside each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Where the root module lies, seen from the root of its repository, such as `envs/prod`: every place is told from
    /// there. Empty where it lies in that root, and where nobody knows.
    pub at: String,
    /// The text of each file, by its path relative to the root module, with `/` between folders: `main.tf`,
    /// `modules/net/main.tf`, `../shared/main.tf`. Values of variables may be among them, `terraform.tfvars`. Files of other
    /// names are passed over.
    pub files: BTreeMap<String, String>,
    /// Where each installed module lies: its key, such as `network.subnets`, and its folder, relative to the root module.
    /// The root module has the empty key; it lies in the folder without a name if it is not listed.
    pub modules: Vec<(String, String)>,
}

/// What the files declare.
#[derive(Debug, Default)]
pub struct Sources {
    /// What stands before the files' paths.
    at: String,
    /// By folder.
    modules: BTreeMap<String, Module>,
    /// The folders of installed modules, by key.
    keys: BTreeMap<String, String>,
    /// What files say of the root module's variables.
    values: Values,
    problems: Vec<Problem>,
}

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is wrong.
    pub place: Place,
    /// What is wrong, a few words that follow the place.
    pub what: String,
    folder: String,
}

/// Whether a tool reads a file of this name as a part of a module.
#[must_use]
pub fn is_source(name: &str) -> bool {
    let ignored = name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
    let endings = [".tf", ".tf.json", ".tofu", ".tofu.json"];
    !ignored && endings.iter().any(|ending| name.ends_with(ending) && name.len() > ending.len())
}

/// Reads a manifest of installed modules, `.terraform/modules/modules.json`: keys and folders. `None` where it is none.
#[must_use]
pub fn manifest(text: &str) -> Option<Vec<(String, String)>> {
    #[derive(Deserialize)]
    struct Manifest {
        #[serde(rename = "Modules")]
        modules: Vec<Row>,
    }
    #[derive(Deserialize)]
    struct Row {
        #[serde(rename = "Key")]
        key: String,
        #[serde(rename = "Dir")]
        folder: String,
    }
    let manifest: Manifest = serde_json::from_str(text).ok()?;
    Some(manifest.modules.into_iter().map(|row| (row.key, row.folder)).collect())
}

impl Sources {
    /// Reads all files. A file that cannot be read becomes a problem; nothing else is lost with it.
    ///
    /// ```
    /// use blastgate::sources::{Sources, Tree};
    ///
    /// let mut tree = Tree { at: "envs/prod".to_owned(), ..Tree::default() };
    /// tree.files.insert("main.tf".to_owned(), "resource \"aws_vpc\" \"main\" {}\n".to_owned());
    /// tree.files.insert("broken.tf".to_owned(), "resource {".to_owned());
    /// let sources = Sources::read(&tree);
    /// assert!(!sources.is_empty() && sources.problems()[0].what == "is not HCL");
    /// ```
    #[must_use]
    pub fn read(tree: &Tree) -> Self {
        let mut sources = Self { at: tree.at.clone(), ..Self::default() };
        for (key, folder) in &tree.modules {
            sources.keys.insert(key.clone(), normal(folder));
        }
        let mut folders: BTreeMap<String, Vec<(&str, &str)>> = BTreeMap::new();
        for (path, text) in &tree.files {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            if is_source(name) {
                folders.entry(normal(folder)).or_default().push((name, text));
            }
        }
        sources.read_values(tree);
        for (folder, files) in folders {
            let module = sources.folder(&folder, &files);
            sources.modules.insert(folder, module);
        }
        sources
    }

    /// Reads the values of variables, in the root module's folder and wherever else they lie. One that cannot be read gives no
    /// place, and nothing else is lost with it.
    fn read_values(&mut self, tree: &Tree) {
        let root = self.keys.get("").filter(|root| !root.is_empty()).map(|root| format!("{root}/")).unwrap_or_default();
        let is_wanted = |path: &str| is_values(path.rsplit_once('/').map_or(path, |(_, name)| name));
        let files = tree.files.iter().filter(|(path, text)| is_wanted(path) && text.len() <= MOST_BYTES);
        let files = files.map(|(path, text)| {
            let path = normal(path);
            let inside = path.strip_prefix(&root).unwrap_or(&path).to_owned();
            (inside, join(&self.at, &path), text.as_str())
        });
        self.values = Values::read(files.collect());
    }

    /// Where a variable of the root module is given the value that it has; `is` tells whether a literal is that value, `None`
    /// where nobody can say.
    pub(crate) fn given(&self, variable: &str, is: impl Fn(&str) -> Option<bool>) -> Option<&Place> {
        self.values.of(variable, is)
    }

    /// Reads one folder: first the plain files, then those that override them, each in the order of their names.
    fn folder(&mut self, folder: &str, files: &[(&str, &str)]) -> Module {
        let names: BTreeSet<&str> = files.iter().map(|(name, _)| *name).collect();
        // OpenTofu reads `main.tofu` in place of a `main.tf` beside it.
        let hidden = |name: &str| {
            [(".tf", ".tofu"), (".tf.json", ".tofu.json")].iter().any(|(ending, instead)| {
                name.strip_suffix(ending).is_some_and(|stem| names.contains(format!("{stem}{instead}").as_str()))
            })
        };
        let is_override = |name: &str| {
            let stem = name.split('.').next().unwrap_or_default();
            stem == "override" || stem.ends_with("_override")
        };
        let mut entries = Vec::new();
        for overrides in [false, true] {
            for (name, text) in files.iter().filter(|(name, _)| is_override(name) == overrides && !hidden(name)) {
                let read = self.file(folder, name, text);
                if overrides { syntax::lay_over(&mut entries, read) } else { entries.extend(read) }
            }
        }
        declare::module(folder, &entries)
    }

    fn file(&mut self, folder: &str, name: &str, text: &str) -> Vec<syntax::Entry> {
        let path = join(&self.at, &join(folder, name));
        let problem = |place, what: String| Problem { place, what, folder: folder.to_owned() };
        if text.len() > MOST_BYTES {
            let place = Place { file: path.into(), line: 1 };
            self.problems.push(problem(place, format!("is longer than {MOST_BYTES} bytes and was not read")));
            return Vec::new();
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let is_json = name.rsplit_once('.').is_some_and(|(_, ending)| ending == "json");
        let read = if is_json { json::read(&path, text) } else { syntax::native(&path, text) };
        read.unwrap_or_else(|place| {
            let what = if is_json { "is not JSON that the tool reads" } else { "is not HCL" };
            self.problems.push(problem(place, what.to_owned()));
            Vec::new()
        })
    }

    /// There is no file in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty()
    }

    /// Files that could not be read, in every folder.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Folders that are called or installed as modules and of which no file was given.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let called = self.modules.values().flat_map(|module| {
            module.calls.iter().filter_map(|call| call.local().map(|source| join(&module.folder, source)))
        });
        let wanted: BTreeSet<String> = called.chain(self.keys.values().cloned()).collect();
        wanted.into_iter().filter(|folder| !self.modules.contains_key(folder)).collect()
    }

    /// The root module.
    pub(crate) fn root(&self) -> Option<&Module> {
        self.modules.get(self.keys.get("").map_or("", String::as_str))
    }

    /// The module behind a call: where it was installed, else where its source lies beside the caller.
    pub(crate) fn called(&self, key: &str, caller: &Module, call: &Call) -> Option<&Module> {
        let installed = self.keys.get(key).and_then(|folder| self.modules.get(folder));
        let beside = || self.modules.get(&join(&caller.folder, call.local()?));
        installed.or_else(beside)
    }

    /// The modules that were installed, by key, whether they are called any more or not.
    pub(crate) fn installed(&self) -> impl Iterator<Item = (&str, &Module)> {
        self.keys.iter().filter_map(|(key, folder)| Some((key.as_str(), self.modules.get(folder)?)))
    }

    /// Every folder's module.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Module> {
        self.modules.values()
    }

    /// The problems of the folders that a plan's modules come from.
    pub(crate) fn problems_in<'s>(&'s self, folders: &'s BTreeSet<&str>) -> impl Iterator<Item = &'s Problem> {
        self.problems.iter().filter(move |problem| folders.contains(problem.folder.as_str()))
    }
}

/// A path seen from a folder.
fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() || path.starts_with('/') { normal(path) } else { normal(&format!("{folder}/{path}")) }
}

/// A path without `.` and, as far as that is possible, without `..`; an absolute one stays one.
#[must_use]
pub fn normal(path: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/').filter(|step| !step.is_empty() && *step != ".") {
        match steps.last() {
            Some(last) if step == ".." && *last != ".." => drop(steps.pop()),
            _ => steps.push(step),
        }
    }
    if path.starts_with('/') { format!("/{}", steps.join("/")) } else { steps.join("/") }
}
