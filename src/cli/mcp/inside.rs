//! Files that lie in the folders that the server may read, and no others.
//!
//! A path is resolved with its links, must then lie in a root, and is opened from that root on without leaving it: whatever is
//! put in its place in between leads nowhere else. What was opened is looked at, and that is read.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use crate::input::InputError;

/// A file that was read.
#[derive(Debug)]
pub(super) struct Found {
    /// What it holds.
    pub(super) bytes: Vec<u8>,
    /// Where it is, links resolved.
    pub(super) path: PathBuf,
    /// The root that it lies in, links resolved.
    pub(super) root: PathBuf,
}

/// The roots, links resolved. Each must be a folder.
pub(super) fn roots(given: &[PathBuf]) -> Result<Vec<PathBuf>, InputError> {
    let root = |path: &PathBuf| {
        let refuse = |what: String| InputError::new(&path.to_string_lossy(), what).help("give --root a folder");
        let real = path.canonicalize().map_err(|error| refuse(format!("it cannot be read as a folder: {error}")))?;
        if real.is_dir() { Ok(real) } else { Err(refuse("it is no folder".to_owned())) }
    };
    given.iter().map(root).collect()
}

/// Reads a file of at most so many bytes.
pub(super) fn read(roots: &[PathBuf], asked: &str, most: usize) -> Result<Found, InputError> {
    let failed = |error: &io::Error| {
        InputError::new(asked, format!("it cannot be read: {error}")).help("check the path and its permissions")
    };
    let (path, root) = find(roots, asked).ok_or_else(|| nowhere(roots, asked))?;
    let below = path.strip_prefix(&root).unwrap_or(&path);
    let folder = Dir::open_ambient_dir(&root, ambient_authority()).map_err(|error| failed(&error))?;
    let no_file =
        || InputError::new(asked, "it is no file: a folder, a pipe or a device").help("give the file of a plan");
    // The root itself.
    if below.as_os_str().is_empty() {
        return Err(no_file());
    }
    // Before it is opened: opening alone may do something to a device.
    if !folder.symlink_metadata(below).map_err(|error| failed(&error))?.is_file() {
        return Err(no_file());
    }
    let file = folder.open_with(below, &options()).map_err(|error| failed(&error))?;
    let about = file.metadata().map_err(|error| failed(&error))?;
    if !about.is_file() {
        return Err(no_file());
    }
    let limit = u64::try_from(most).unwrap_or(u64::MAX);
    // Before it is read: reading it may take all the memory that there is.
    if about.len() > limit {
        return Err(InputError::too_large(asked, most));
    }
    let mut bytes = Vec::new();
    // It may grow meanwhile.
    file.into_std().take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    if bytes.len() > most { Err(InputError::too_large(asked, most)) } else { Ok(Found { bytes, path, root }) }
}

/// The file that a path names, and its root. A relative path begins at the first root that has it.
fn find(roots: &[PathBuf], asked: &str) -> Option<(PathBuf, PathBuf)> {
    roots.iter().find_map(|from| {
        let path = from.join(Path::new(asked)).canonicalize().ok()?;
        let root = roots.iter().find(|root| path.starts_with(root))?;
        Some((path, root.clone()))
    })
}

/// What lies outside is not told from what does not exist.
fn nowhere(roots: &[PathBuf], asked: &str) -> InputError {
    let roots: Vec<String> = roots.iter().map(|root| root.display().to_string()).collect();
    InputError::new(asked, format!("there is no such file inside of what this server may read: {}", roots.join(", ")))
        .help("give a path in there, or let a person start the server with another --root")
}

/// A pipe that was put there is opened without waiting for somebody who writes.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NONBLOCK.bits();
        options.custom_flags(i32::try_from(flags).unwrap_or_default());
    }
    options
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "a test that panics has failed")]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::{read, roots};

    #[test]
    fn only_what_lies_inside_is_read() {
        let place = tempfile::tempdir().unwrap();
        let (root, outside) = (place.path().join("root"), place.path().join("outside"));
        fs::create_dir_all(root.join("live")).unwrap();
        fs::create_dir_all(&outside).unwrap();
        fs::write(root.join("live/plan.json"), "inside").unwrap();
        fs::write(outside.join("secret.json"), "outside").unwrap();
        symlink("live/plan.json", root.join("near.json")).unwrap();
        symlink(root.join("live"), root.join("absolute")).unwrap();
        symlink(outside.join("secret.json"), root.join("far.json")).unwrap();
        symlink(&outside, root.join("away")).unwrap();
        let allowed = roots(std::slice::from_ref(&root)).unwrap();
        let text = |path: &str| read(&allowed, path, 100).map(|found| found.bytes).map_err(|error| error.what);
        let absolute = root.join("live/plan.json");
        for path in
            ["live/plan.json", "near.json", "absolute/plan.json", "live/../near.json", absolute.to_str().unwrap()]
        {
            assert_eq!(text(path).unwrap(), b"inside", "{path}");
        }
        let nowhere = text("nothing").unwrap_err();
        let secret = outside.join("secret.json");
        let near = format!("{}-2/x", root.display());
        for path in [
            "far.json",
            "away/secret.json",
            "../outside/secret.json",
            secret.to_str().unwrap(),
            "/etc/passwd",
            "",
            "\0",
            "live/plan.json\0",
            "/proc/self/environ",
            &near,
            "/nothing/at/all",
        ] {
            let refused = text(path).unwrap_err();
            assert!(refused == nowhere || refused.starts_with("it is no file"), "{path}: {refused}");
        }
    }

    #[test]
    fn what_is_no_file_is_refused_at_once() {
        let place = tempfile::tempdir().unwrap();
        let pipe = place.path().join("pipe");
        let mode = rustix::fs::Mode::RUSR;
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        fs::create_dir(place.path().join("folder")).unwrap();
        fs::write(place.path().join("large"), "12345").unwrap();
        let allowed = roots(&[place.path().to_owned()]).unwrap();
        for path in ["pipe", "folder", "."] {
            assert!(read(&allowed, path, 100).unwrap_err().what.starts_with("it is no file"), "{path}");
        }
        assert!(read(&allowed, "large", 4).unwrap_err().what.contains("larger than the limit"));
        assert!(read(&allowed, "large", 5).is_ok());
        // More than there is memory for, though nearly all of it is a hole.
        fs::File::create(place.path().join("huge")).unwrap().set_len(1 << 40).unwrap();
        assert!(read(&allowed, "huge", 1 << 39).unwrap_err().what.contains("larger than the limit"));
        let disk = roots(&["/".into()]).unwrap();
        assert!(read(&disk, "/dev/zero", 100).unwrap_err().what.starts_with("it is no file"));
        assert!(roots(&[place.path().join("large")]).is_err());
    }
}
