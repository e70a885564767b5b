//! How far one look goes, and where it never goes.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::files::paths::{self, Identity};

/// How deep folders may lie below the one that is searched.
pub(crate) const DEPTH_MAX: usize = 128;
/// Names that one look reads, in all folders.
pub(super) const NAMES_MAX: usize = 2_000_000;

/// The file that marks a data folder, and how it begins.
const DATA_FOLDER_FILE: &str = "format";
const DATA_FOLDER_TITLE: &[u8] = b"tutti data folder, ";

/// The folders that a look was in, each with its place below the first.
#[derive(Default)]
pub(crate) struct Visited(HashMap<Identity, PathBuf>);

impl Visited {
    /// Notes a folder; hands back its earlier place where it was noted before.
    pub(super) fn note(&mut self, folder: &Metadata, below: &Path) -> Option<PathBuf> {
        let key = paths::identity(folder);
        if let Some(earlier) = self.0.get(&key) {
            return Some(earlier.clone());
        }
        self.0.insert(key, below.to_owned());
        None
    }

    /// Where a folder lies, if it was noted.
    pub(crate) fn place(&self, folder: Identity) -> Option<PathBuf> {
        self.0.get(&folder).cloned()
    }
}

/// Whether a folder, which holds `names`, is one that Tutti keeps its own data in: of this process
/// or another.
pub(super) fn is_data_folder(path: &Path, names: &[OsString]) -> bool {
    let mut title = Vec::new();
    names.iter().any(|name| name == OsStr::new(DATA_FOLDER_FILE))
        && path.join(DATA_FOLDER_FILE).is_file()
        && File::open(path.join(DATA_FOLDER_FILE))
            .and_then(|file| file.take(DATA_FOLDER_TITLE.len() as u64).read_to_end(&mut title))
            .is_ok_and(|_| title == DATA_FOLDER_TITLE)
}

/// Whether what a folder holds are no files on a disk, but what the kernel tells.
#[cfg(target_os = "linux")]
pub(super) fn is_of_the_kernel(path: &Path) -> bool {
    const SYSFS: u64 = 0x6265_6572;
    const PROC: u64 = 0x9fa0;
    // The sign of the number depends on the machine.
    rustix::fs::statfs(path)
        .is_ok_and(|there| [SYSFS, PROC].contains(&u64::from(there.f_type as u32)))
}

/// Elsewhere there are no such folders that look like others.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_of_the_kernel(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_the_one_that_the_store_writes() {
        let store = include_str!("../../../../engine/store/src/lock.rs");
        assert!(store.contains(std::str::from_utf8(DATA_FOLDER_TITLE).unwrap()));
        assert!(store.contains(&format!("\"{DATA_FOLDER_FILE}\"")));
    }
}
