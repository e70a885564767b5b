//! Files that appear in a folder whole or not at all.
//!
//! Until it is whole, a file has a hidden name that does not depend on its own, and holds a lock
//! that ends with the process that writes it, however that ends. So what is left of a kill can be
//! told from what is being written: nothing holds its lock. It is removed when the folder is first
//! written to, and what has a lock never is.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, DirEntry, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use tempfile::{Builder, NamedTempFile};
use tutti_sdk::ProcessError;

use crate::files::paths;

/// What a hidden name begins with and ends with.
const PREFIX: &str = ".tutti-";
const SUFFIX: &str = ".part";
/// Bytes that are in memory at a time.
const BUFFER_BYTES: usize = 256 * 1024;
/// Folders that are remembered; then all are forgotten, and looked at once more.
const FOLDERS_MAX: usize = 10_000;
/// How often another hidden file is tried when one is taken away before it has its lock.
const ATTEMPTS_MAX: u32 = 8;

/// The folders that one processor writes to.
#[derive(Default)]
pub(crate) struct Folders {
    swept: Mutex<HashSet<PathBuf>>,
}

impl Folders {
    /// Writes all of `reader` to `target`, in a folder that is there, brings it to the disk, and
    /// hands back how many bytes that were. `None` when there is something of that name and it is
    /// not to be replaced.
    pub(crate) fn write(
        &self,
        reader: &mut dyn Read,
        target: &Path,
        replace: bool,
    ) -> Result<Option<u64>, ProcessError> {
        let folder = target.parent().unwrap_or(Path::new("."));
        if target.file_name().is_some_and(is_hidden_name) {
            return Err(ProcessError::user(format!(
                "\"{}\" is a name for files that are being written: the next run would remove it",
                target.display()
            ))
            .with_help(format!("give it a name without \"{PREFIX}\" or without \"{SUFFIX}\"")));
        }
        self.sweep(folder);
        let failed = |action, error| paths::error(action, target, error);
        let part = hidden(folder).map_err(|error| failed("write", error))?;
        let bytes = copy(reader, part.as_file(), target)?;
        part.as_file().sync_all().map_err(|error| failed("bring to the disk", error))?;
        // What has not got its name is removed when it is dropped.
        let named = if replace { part.persist(target) } else { part.persist_noclobber(target) };
        match named.map_err(|error| error.error) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !replace => {
                return Ok(None);
            }
            Err(error) => return Err(failed("name the file", error)),
        }
        paths::sync_folder(folder)?;
        Ok(Some(bytes))
    }

    /// Removes what killed processes left in `folder`, the first time that it is written to. What
    /// cannot be removed is hidden, and tried again after the next start.
    fn sweep(&self, folder: &Path) {
        let mut swept = self.swept.lock();
        if swept.contains(folder) {
            return;
        }
        if swept.len() >= FOLDERS_MAX {
            swept.clear();
        }
        swept.insert(folder.to_path_buf());
        drop(swept);
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            if is_hidden(&entry) {
                drop(remove_left(&entry.path()));
            }
        }
    }
}

/// A hidden file in `folder`, locked.
fn hidden(folder: &Path) -> io::Result<NamedTempFile> {
    for _ in 0..ATTEMPTS_MAX {
        let part = Builder::new()
            .prefix(PREFIX)
            .suffix(SUFFIX)
            // As any new file; the process's mask takes away what is to be taken away.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)?;
        match part.as_file().try_lock() {
            // Between its making and its lock it looks like one that was left.
            Ok(()) if is_at(part.as_file(), part.path())? => return Ok(part),
            Ok(()) | Err(TryLockError::WouldBlock) => {}
            // On a disk without locks, nothing is ever taken for left.
            Err(TryLockError::Error(_)) => return Ok(part),
        }
    }
    Err(io::Error::other("something removes what is being written"))
}

fn is_hidden(entry: &DirEntry) -> bool {
    is_hidden_name(&entry.file_name()) && entry.file_type().is_ok_and(|kind| kind.is_file())
}

/// Whether a file of that name is one that is being written, or was left half.
pub(crate) fn is_hidden_name(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(PREFIX.as_bytes()) && name.ends_with(SUFFIX.as_bytes())
}

/// Removes a hidden file that nobody writes any more.
fn remove_left(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(path)?;
    // Who writes it may have named it and gone, since it was found here.
    if file.try_lock().is_ok() && is_at(&file, path)? {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// Whether `file` still has that name.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let there = match path.symlink_metadata() {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    Ok(paths::identity(&file.metadata()?) == paths::identity(&there))
}

/// Copies everything into `file`, which is to be `target`, and hands back how much that was.
fn copy(reader: &mut dyn Read, mut file: &File, target: &Path) -> Result<u64, ProcessError> {
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut bytes = 0;
    loop {
        let count = match fill(reader, &mut buffer) {
            Ok(0) => return Ok(bytes),
            Ok(count) => count,
            Err(error) => return Err(ProcessError::unreadable(error)),
        };
        bytes += count as u64;
        file.write_all(buffer.get(..count).unwrap_or_default())
            .map_err(|error| paths::error("write", target, error))?;
    }
}

/// Reads until `buffer` is full or nothing is left.
fn fill(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests;
