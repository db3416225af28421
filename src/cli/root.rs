//! Where the repository's root is, and how a folder is called that lies in it.
//!
//! Whoever shows places in code (a pull request, an editor at the repository's root) knows files by their path from there.

use std::path::{Component, Path, PathBuf};

use crate::input::InputError;

/// Tools keep copies of other repositories in these: a `.git` in them is not that of the configuration.
const OF_OTHERS: [&str; 2] = [".terraform", ".terragrunt-cache"];

/// A folder as it is called from the root: `envs/prod`, with `/` on every system. The root is `wanted`; else the nearest
/// folder with `.git`, upwards; else the current one. Where none of them holds the folder, nobody knows a root, and the
/// name is empty, as for the root itself.
pub(super) fn name_of(folder: &Path, wanted: Option<&Path>) -> Result<String, InputError> {
    let Some(wanted) = wanted else {
        return Ok(folder
            .canonicalize()
            .ok()
            .and_then(|folder| below(&folder, &root_of(&folder)?))
            .unwrap_or_default());
    };
    let refuse = |what: String| {
        InputError::new(&wanted.to_string_lossy(), what)
            .help("give --source-root the folder that the repository was checked out into")
    };
    let root = wanted.canonicalize().map_err(|error| refuse(format!("it cannot be read as a folder: {error}")))?;
    // A folder that cannot be read is refused where it is read.
    let Ok(real) = folder.canonicalize() else { return Ok(String::new()) };
    below(&real, &root).ok_or_else(|| refuse(format!("the folder {} does not lie in it", folder.display())))
}

/// A file as it is called from the root of the repository that it lies in, which `wanted` may name; `None` where it lies
/// in none.
pub(super) fn name_of_file(file: &Path, wanted: Option<&Path>) -> Option<String> {
    let real = file.canonicalize().ok()?;
    let root = match wanted {
        Some(wanted) => wanted.canonicalize().ok()?,
        None => root_of(real.parent()?)?,
    };
    below(&real, &root)
}

fn root_of(folder: &Path) -> Option<PathBuf> {
    let mut upwards = folder.ancestors().filter(|folder| !is_of_others(folder));
    // A work tree and a submodule have a file of that name.
    let repository = upwards.find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    repository.or_else(|| std::env::current_dir().ok()?.canonicalize().ok())
}

fn is_of_others(folder: &Path) -> bool {
    folder.components().any(|step| OF_OTHERS.iter().any(|name| step.as_os_str() == *name))
}

/// A path below another one, in steps with `/` between them.
pub(super) fn below(path: &Path, root: &Path) -> Option<String> {
    let steps = path.strip_prefix(root).ok()?.components().map(|step| match step {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    Some(steps.collect::<Option<Vec<_>>>()?.join("/"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that panics has failed")]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{below, name_of};

    fn folder(root: &Path, name: &str) -> std::path::PathBuf {
        let folder = root.join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn the_nearest_repository_is_the_root() {
        let place = tempfile::tempdir().unwrap();
        let (outer, inner) = (folder(place.path(), "a/.git"), folder(place.path(), "a/sub/live/prod"));
        assert_eq!(name_of(&inner, None).unwrap(), "sub/live/prod");
        assert_eq!(name_of(&inner.join("../prod"), None).unwrap(), "sub/live/prod");
        // A submodule, or another work tree.
        fs::write(place.path().join("a/sub/.git"), "gitdir: ../.git/modules/sub").unwrap();
        assert_eq!(name_of(&inner, None).unwrap(), "live/prod");
        assert_eq!(name_of(outer.parent().unwrap(), None).unwrap(), "", "the root itself");
    }

    #[test]
    fn a_copy_of_another_repository_is_none() {
        let place = tempfile::tempdir().unwrap();
        folder(place.path(), ".git");
        let copy = folder(place.path(), "live/.terragrunt-cache/x/modules/vpc");
        folder(place.path(), "live/.terragrunt-cache/x/.git");
        assert_eq!(name_of(&copy, None).unwrap(), "live/.terragrunt-cache/x/modules/vpc");
    }

    #[test]
    fn the_root_may_be_said() {
        let place = tempfile::tempdir().unwrap();
        let (root, inner) = (folder(place.path(), "checkout"), folder(place.path(), "checkout/live/prod"));
        assert_eq!(name_of(&inner, None).unwrap(), "", "it is in no repository, nor where the tests run");
        assert_eq!(name_of(&inner, Some(&root)).unwrap(), "live/prod");
        let error = name_of(&root, Some(&inner)).unwrap_err().to_string();
        assert!(error.contains("does not lie in it"), "{error}");
        let error = name_of(&inner, Some(&root.join("nowhere"))).unwrap_err().to_string();
        assert!(error.contains("cannot be read as a folder"), "{error}");
        assert_eq!(below(&root, &inner), None);
    }
}
