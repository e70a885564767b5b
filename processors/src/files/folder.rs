//! Files that appear in folders whole or not at all, each by itself or many together.
//!
//! Until it is whole and on the disk, a file has a hidden name and a lock. So what is left of a
//! kill can be told from what is being written: nothing holds its lock. It is removed when the
//! folder is first written to.

mod part;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use tempfile::NamedTempFile;
use tutti_sdk::ProcessError;

use crate::files::{durable, paths};

pub(crate) use part::is_hidden_name;

/// Bytes that are in memory at a time.
const BUFFER_BYTES: usize = 256 * 1024;
/// Folders that are remembered; then all are forgotten, and looked at once more.
const FOLDERS_MAX: usize = 10_000;

/// The folders that one processor writes to.
#[derive(Default)]
pub(crate) struct Folders {
    swept: Mutex<HashSet<PathBuf>>,
}

/// What became of a file: how many bytes it has. `None` when there was something of that name that
/// was not to be replaced.
pub(crate) type Outcome = Result<Option<u64>, ProcessError>;

/// Files that are written, and not at their places yet. What is dropped leaves nothing.
pub(crate) struct Batch<'f> {
    folders: &'f Folders,
    buffer: Vec<u8>,
    files: Vec<Written>,
}

/// A file that is whole, and hidden.
struct Written {
    part: NamedTempFile,
    target: PathBuf,
    replaces: bool,
    bytes: u64,
}

impl Folders {
    /// Writes all of `reader` to `target`, in a folder that is there, and brings it to the disk.
    pub(crate) fn write(&self, reader: &mut dyn Read, target: &Path, replaces: bool) -> Outcome {
        let mut batch = self.batch();
        batch.write(reader, target, replaces)?;
        // One was written, and one comes out.
        batch.finish().swap_remove(0)
    }

    /// For files that appear together.
    pub(crate) fn batch(&self) -> Batch<'_> {
        Batch { folders: self, buffer: vec![0; BUFFER_BYTES], files: Vec::new() }
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
            if part::is_hidden(&entry) {
                drop(part::remove_left(&entry.path()));
            }
        }
    }
}

impl Batch<'_> {
    /// Writes all of `reader`, to be at `target`, in a folder that is there, when the batch is
    /// finished.
    pub(crate) fn write(
        &mut self,
        reader: &mut dyn Read,
        target: &Path,
        replaces: bool,
    ) -> Result<(), ProcessError> {
        if target.file_name().is_some_and(is_hidden_name) {
            return Err(ProcessError::user(format!(
                "\"{}\" is a name for files that are being written: the next run would remove it",
                target.display()
            ))
            .with_help(format!(
                "give it a name without \"{}\" or without \"{}\"",
                part::PREFIX,
                part::SUFFIX
            )));
        }
        let folder = folder_of(target);
        self.folders.sweep(folder);
        let part = part::hidden(folder).map_err(|error| paths::error("write", target, error))?;
        let bytes = part::copy(reader, part.as_file(), target, &mut self.buffer)?;
        self.files.push(Written { part, target: target.to_owned(), replaces, bytes });
        Ok(())
    }

    /// Whether nothing was written since the batch was finished last.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Brings what was written to the disk, gives each file its name, and brings the names to the
    /// disk. Hands back what became of each, in the order in which they were written: one that
    /// fails fails alone.
    pub(crate) fn finish(&mut self) -> Vec<Outcome> {
        let files = std::mem::take(&mut self.files);
        let parts: Vec<_> = files.iter().map(|file| file.part.as_file()).collect();
        let synced = durable::sync(&parts);
        let name = |(file, synced): (Written, io::Result<()>)| {
            synced.map_err(|error| paths::error("bring to the disk", &file.target, error))?;
            file.name()
        };
        let named: Vec<_> = files.into_iter().zip(synced).map(name).collect();
        let folders = sync_folders(named.iter().flatten().flatten());
        let end = |named: Result<Option<Named>, _>| {
            let Some(Named { target, bytes }) = named? else { return Ok(None) };
            let folder = folder_of(&target);
            match folders.get(folder) {
                Some(Err(error)) => Err(paths::error("bring to the disk", folder, same(error))),
                _ => Ok(Some(bytes)),
            }
        };
        named.into_iter().map(end).collect()
    }
}

/// A file that is at its place.
struct Named {
    target: PathBuf,
    bytes: u64,
}

impl Written {
    /// Gives the file its name. What does not get it is removed.
    fn name(self) -> Result<Option<Named>, ProcessError> {
        let Self { part, target, replaces, bytes } = self;
        let named = if replaces { part.persist(&target) } else { part.persist_noclobber(&target) };
        match named.map_err(|error| error.error) {
            Ok(_) => Ok(Some(Named { target, bytes })),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !replaces => Ok(None),
            Err(error) => Err(paths::error("name the file", &target, error)),
        }
    }
}

/// Brings the names of files to the disk, each folder once: it may say only once what went wrong.
fn sync_folders<'n>(named: impl Iterator<Item = &'n Named>) -> HashMap<PathBuf, io::Result<()>> {
    let mut folders = HashMap::new();
    for Named { target, .. } in named {
        let folder = folder_of(target);
        if !folders.contains_key(folder) {
            folders.insert(folder.to_owned(), paths::sync_names(folder));
        }
    }
    folders
}

/// What went wrong with several files, for one of them.
fn same(error: &io::Error) -> io::Error {
    error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

fn folder_of(target: &Path) -> &Path {
    target.parent().unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests;
