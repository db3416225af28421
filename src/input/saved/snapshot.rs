//! The configuration that a plan was made from, as the plan file keeps it.
//!
//! `tfconfig/modules.json` lists the modules: `Key` (the names of the calls, joined by dots; empty for the root) and
//! `Dir` (where it lay, from the directory that the tool ran in). The files of a module are `tfconfig/m-KEY/FILE`. That is
//! how `internal/plans/planfile/config_snapshot.go` of Terraform and OpenTofu writes and reads it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::Deserialize;

use super::archive::{Archive, malformed};
use crate::input::InputError;
use crate::sources::Tree;

const MODULES: &str = "tfconfig/modules.json";
const FILES: &str = "tfconfig/m-";
/// What one text may have, and all of them: far above what people write.
const MOST_BYTES: usize = 64 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Module {
    #[serde(default)]
    key: String,
    dir: String,
}

/// Reads the configuration.
pub(super) fn read(name: &str, archive: &mut Archive<'_>) -> Result<Tree, InputError> {
    if !archive.has(MODULES) {
        return Err(malformed(name, "it has no configuration in it"));
    }
    let list = archive.text(MODULES, MOST_BYTES)?;
    let list: Vec<Module> =
        serde_json::from_str(&list).map_err(|_| malformed(name, "its list of modules cannot be read"))?;
    let mut folders = BTreeMap::new();
    for module in list {
        if folders.insert(module.key, folder(&module.dir)).is_some() {
            return Err(malformed(name, "its list of modules names one twice"));
        }
    }
    let entries: Vec<String> = archive.names().filter(|entry| entry.starts_with(FILES)).map(str::to_owned).collect();
    let (mut files, mut left) = (BTreeMap::new(), MOST_BYTES);
    for entry in entries {
        let (key, file) = entry.strip_prefix(FILES).and_then(|rest| rest.rsplit_once('/')).unwrap_or_default();
        let folder = folders
            .get(key)
            .filter(|_| !file.is_empty())
            .ok_or_else(|| malformed(name, "a source file in it belongs to no module"))?;
        let text = archive.text(&entry, left)?;
        left = left.saturating_sub(text.len());
        let path = if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") };
        match files.entry(path) {
            Entry::Vacant(place) => {
                place.insert(text);
            }
            // A module that is called twice is written twice.
            Entry::Occupied(known) if *known.get() == text => {}
            Entry::Occupied(_) => return Err(malformed(name, "one of its source files has two contents")),
        }
    }
    Ok(Tree { at: String::new(), files, modules: folders.into_iter().collect() })
}

/// A folder as people write it: forward slashes, no dots but leading ones that lead out of the directory.
fn folder(dir: &str) -> String {
    let dir = dir.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in dir.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." && parts.last().is_some_and(|last| *last != "..") {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    let root = if dir.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::folder;

    #[test]
    fn folders_are_written_as_people_know_them() {
        for (dir, known) in [
            (".", ""),
            ("modules/db", "modules/db"),
            ("./modules/../modules/db/", "modules/db"),
            (r"modules\db", "modules/db"),
            ("../shared/./net", "../shared/net"),
            ("../../x", "../../x"),
            (".terraform/modules/vpc", ".terraform/modules/vpc"),
            ("/srv/modules/x", "/srv/modules/x"),
        ] {
            assert_eq!(folder(dir), known, "{dir}");
        }
    }
}
