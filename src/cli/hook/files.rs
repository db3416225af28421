//! Files that a command names, as far as a hook reads them.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use crate::command::Files;

/// The files of this machine.
pub(super) struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path, most: usize) -> Option<Vec<u8>> {
        // Before it is opened: opening a pipe would wait for somebody who writes.
        if !fs::metadata(path).is_ok_and(|about| about.is_file()) {
            return None;
        }
        let mut bytes = Vec::new();
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    fn exists(&self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok()
    }
}
