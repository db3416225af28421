//! Where settings files are, and how they are read and replaced.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::hook::{Dialect, Place, Root, Scope};

/// The folders that settings are in.
pub(super) struct Folders {
    /// The project's.
    pub(super) project: PathBuf,
    /// The agent's own of the user.
    pub(super) user: PathBuf,
}

impl Folders {
    /// The folders for an agent. The project is where one stands.
    pub(super) fn find(dialect: &Dialect) -> Result<Self, String> {
        let project =
            std::env::current_dir().map_err(|error| format!("the current directory cannot be read: {error}"))?;
        let home = &dialect.settings.home;
        let moved = home.variable.and_then(std::env::var_os).filter(|value| !value.is_empty()).map(PathBuf::from);
        let user = match moved {
            Some(moved) => std::path::absolute(moved).map_err(|error| format!("its folder has no path: {error}"))?,
            None => std::env::home_dir().ok_or("the home directory is not known: set HOME")?.join(home.folder),
        };
        Ok(Self { project, user })
    }

    pub(super) fn of(&self, scope: Scope) -> &Path {
        match scope {
            Scope::Project => &self.project,
            Scope::User => &self.user,
        }
    }

    pub(super) fn root(&self, root: Root) -> &Path {
        match root {
            Root::Project => &self.project,
            Root::User => &self.user,
            Root::Machine => Path::new("/"),
        }
    }

    /// The files of a place: one, or every one that is there.
    pub(super) fn files(&self, scope: Scope, place: &Place) -> Vec<PathBuf> {
        let path = self.of(scope).join(place.path);
        if path.file_stem().is_none_or(|stem| stem != "*") {
            return vec![path];
        }
        let entries = path.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
        let mut files: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "json") && path.is_file())
            .collect();
        files.sort();
        files
    }
}

/// A file's text; empty where there is none.
pub(super) fn read(path: &Path) -> Result<String, String> {
    match fs::read(path) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(format!("it cannot be read: {error}")),
    }
}

/// Replaces a file as a whole: whoever reads it meanwhile finds the old text or the new one. A link stays a link.
pub(super) fn write(path: &Path, text: &str) -> Result<(), String> {
    replace(path, text).map_err(|error| format!("it cannot be written: {error}"))
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = if fs::symlink_metadata(path).is_ok() { path.canonicalize()? } else { path.to_path_buf() };
    let folder = path.parent().ok_or_else(|| io::Error::other("it is in no folder"))?;
    fs::create_dir_all(folder)?;
    let mut aside = tempfile::Builder::new().prefix(".blastgate-").tempfile_in(folder)?;
    aside.write_all(text.as_bytes())?;
    aside.as_file().sync_all()?;
    match fs::metadata(&path) {
        Ok(before) => keep(aside.path(), &before)?,
        Err(_) => open_as_new(aside.path())?,
    }
    aside.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// Gives a file the owner and permissions that the one before had.
#[cfg(unix)]
fn keep(aside: &Path, before: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, chown};
    let now = fs::metadata(aside)?;
    if (now.uid(), now.gid()) != (before.uid(), before.gid()) {
        chown(aside, Some(before.uid()), Some(before.gid()))?;
    }
    fs::set_permissions(aside, before.permissions())
}

#[cfg(not(unix))]
fn keep(aside: &Path, before: &fs::Metadata) -> io::Result<()> {
    fs::set_permissions(aside, before.permissions())
}

/// A temporary file is its owner's alone; settings of a project are for all who may read the project.
#[cfg(unix)]
fn open_as_new(aside: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(aside, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_as_new(_: &Path) -> io::Result<()> {
    Ok(())
}
