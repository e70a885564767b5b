//! A file that is being written: hidden, and locked.
//!
//! Its name does not depend on the one that it will have, and its lock ends with the process that
//! writes it, however that ends. What has a lock is never removed.

use std::ffi::OsStr;
use std::fs::{self, DirEntry, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};
use tutti_sdk::ProcessError;

use crate::files::paths;

/// What a hidden name begins with and ends with.
pub(super) const PREFIX: &str = ".tutti-";
pub(super) const SUFFIX: &str = ".part";
/// How often another hidden file is tried when one is taken away before it has its lock.
const ATTEMPTS_MAX: u32 = 8;

/// A hidden file in `folder`, locked.
pub(super) fn hidden(folder: &Path) -> io::Result<NamedTempFile> {
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

pub(super) fn is_hidden(entry: &DirEntry) -> bool {
    is_hidden_name(&entry.file_name()) && entry.file_type().is_ok_and(|kind| kind.is_file())
}

/// Whether a file of that name is one that is being written, or was left half.
pub(crate) fn is_hidden_name(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(PREFIX.as_bytes()) && name.ends_with(SUFFIX.as_bytes())
}

/// Removes a hidden file that nobody writes any more.
pub(super) fn remove_left(path: &Path) -> io::Result<()> {
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

/// Copies everything into `file`, which is to be `target`, through `buffer`, and hands back how
/// much that was.
pub(super) fn copy(
    reader: &mut dyn Read,
    mut file: &File,
    target: &Path,
    buffer: &mut [u8],
) -> Result<u64, ProcessError> {
    let mut bytes = 0;
    loop {
        let count = match fill(reader, buffer) {
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
