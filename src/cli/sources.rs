//! A folder to its sources: the files of the root module and of every module that it calls.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::input::InputError;
use crate::sources::{self, Sources, Tree};

/// What is read at most. A configuration is far smaller; a folder given by mistake may be the whole disk.
const MOST_FILES: usize = 20_000;
const MOST_BYTES: u64 = 64 << 20;
const MOST_FOLDERS: usize = 20_000;
/// So often modules that are called from modules are looked for.
const ROUNDS: usize = 32;

/// Where the tools note which modules they installed.
const MANIFEST: &str = ".terraform/modules/modules.json";

/// Reads the sources of the root module in a folder, which is called `at` from the repository's root.
pub(super) fn load(folder: &Path, at: String) -> Result<Sources, InputError> {
    let name = folder.to_string_lossy();
    let refuse = |what: String| InputError::new(&name, what).help("give the folder that the plan was made in");
    let listed = fs::read_dir(folder).map_err(|error| refuse(format!("it cannot be read as a folder: {error}")))?;
    drop(listed);
    let mut reader = Reader { folder, tree: Tree { at, ..Tree::default() }, bytes: 0, seen: BTreeSet::new() };
    let full = |()| refuse(format!("it has more than {MOST_FILES} files or {MOST_BYTES} bytes of configuration"));
    reader.module("").map_err(full)?;
    if !reader.tree.files.keys().any(|file| sources::is_source(file)) {
        return Err(refuse("there is no .tf file in it".to_owned()));
    }
    if let Some(manifest) = reader.text(MANIFEST).map_err(full)? {
        let read = sources::manifest(&manifest).ok_or_else(|| refuse(format!("{MANIFEST} in it cannot be read")))?;
        let on_disk = folder.canonicalize();
        let seen =
            |module: String| on_disk.as_ref().map_or_else(|_| module.clone(), |folder| from_inside(&module, folder));
        reader.tree.modules = read.into_iter().map(|(key, module)| (key, seen(module))).collect();
    }
    let mut sources = Sources::read(&reader.tree);
    for _ in 0..ROUNDS {
        let files = reader.tree.files.len();
        sources.missing().iter().try_for_each(|module| reader.module(module)).map_err(full)?;
        if reader.tree.files.len() == files {
            break;
        }
        sources = Sources::read(&reader.tree);
    }
    let files = reader.tree.files.len();
    reader.below();
    if reader.tree.files.len() > files {
        sources = Sources::read(&reader.tree);
    }
    Ok(sources)
}

/// Adds the values of variables that lie in a folder and in those right below it to sources that came without: a saved plan
/// keeps the values, but not where they were written.
pub(super) fn add_values(folder: &Path, tree: &mut Tree) {
    let mut reader = Reader { folder, tree: Tree::default(), bytes: 0, seen: BTreeSet::new() };
    let below = entries(folder).into_iter().filter(|(name, is_folder)| *is_folder && !name.starts_with('.'));
    let folders = std::iter::once(String::new()).chain(below.map(|(name, _)| name));
    // Beyond the limits nothing more is read, and what is there adds no more than places.
    let _ = folders.take(MOST_FILES).try_for_each(|folder| reader.files(&folder, sources::is_values));
    for (path, text) in reader.tree.files {
        tree.files.entry(path).or_insert(text);
    }
}

struct Reader<'f> {
    folder: &'f Path,
    tree: Tree,
    bytes: u64,
    seen: BTreeSet<String>,
}

impl Reader<'_> {
    fn path(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.folder.to_owned() } else { self.folder.join(path) }
    }

    /// Reads the files of one module's folder. One that is not there adds nothing: the plan's report says so.
    fn module(&mut self, folder: &str) -> Result<(), ()> {
        if !self.seen.insert(folder.to_owned()) {
            return Ok(());
        }
        self.files(folder, |name| sources::is_source(name) || sources::is_values(name))
    }

    /// Reads the files of a folder whose names are wanted.
    fn files(&mut self, folder: &str, wanted: impl Fn(&str) -> bool) -> Result<(), ()> {
        for (name, _) in entries(&self.path(folder)).into_iter().filter(|(name, _)| wanted(name)) {
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if let Some(text) = self.text(&path)? {
                self.tree.files.insert(path, text);
            }
        }
        Ok(())
    }

    /// Reads the folders inside that nothing calls, as many as the limits leave room for: a module that was called before
    /// may be one of them.
    fn below(&mut self) {
        let mut open = vec![String::new()];
        while let Some(folder) = open.pop() {
            for (name, is_folder) in entries(&self.path(&folder)) {
                if !is_folder || name.starts_with('.') {
                    continue;
                }
                let inner = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                if self.seen.len() >= MOST_FOLDERS || self.module(&inner).is_err() {
                    return;
                }
                open.push(inner);
            }
        }
    }

    /// A file's text; none where it cannot be read, which loses nothing of the others. An error is more than the limits.
    fn text(&mut self, path: &str) -> Result<Option<String>, ()> {
        let path = self.path(path);
        // Before it is opened: opening a pipe would wait for somebody who writes.
        if !fs::metadata(&path).is_ok_and(|about| about.is_file()) {
            return Ok(None);
        }
        let Ok(file) = File::open(path) else { return Ok(None) };
        let mut bytes = Vec::new();
        let left = MOST_BYTES.saturating_sub(self.bytes);
        if file.take(left.saturating_add(1)).read_to_end(&mut bytes).is_err() {
            return Ok(None);
        }
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.bytes > MOST_BYTES || self.tree.files.len() >= MOST_FILES {
            return Err(());
        }
        // What is not UTF-8 is no configuration either: the parser says so, with the place.
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// A module's folder as it is called from the root module's: some tools note where on this machine it lies, and write
/// `\\` on Windows.
fn from_inside(module: &str, folder: &Path) -> String {
    let path = Path::new(module);
    if !path.is_absolute() {
        return if cfg!(windows) { module.replace('\\', "/") } else { module.to_owned() };
    }
    let shared = folder.ancestors().find_map(|outer| Some((outer, super::root::below(path, outer)?)));
    match shared.filter(|(outer, _)| outer.parent().is_some()) {
        Some((outer, inner)) => {
            let out = folder.components().count().saturating_sub(outer.components().count());
            format!("{}{inner}", "../".repeat(out))
        }
        None => module.to_owned(),
    }
}

/// The names in a folder and whether each is itself a folder, sorted. A link to a folder is not followed.
fn entries(folder: &Path) -> Vec<(String, bool)> {
    let listed = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<(String, bool)> = listed
        .filter_map(|entry| {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            entry.file_name().into_string().ok().map(|name| (name, is_folder))
        })
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::from_inside;

    #[cfg(unix)]
    #[test]
    fn modules_are_called_from_the_root_module() {
        let seen = |module| from_inside(module, Path::new("/srv/repo/live/prod"));
        assert_eq!(seen("modules/db"), "modules/db");
        assert_eq!(seen("../../modules/db"), "../../modules/db");
        assert_eq!(seen("/srv/repo/live/prod/.terraform/modules/db"), ".terraform/modules/db");
        assert_eq!(seen("/srv/repo/modules/db"), "../../modules/db");
        assert_eq!(seen("/opt/modules/db"), "/opt/modules/db", "they share nothing but the disk");
    }
}
