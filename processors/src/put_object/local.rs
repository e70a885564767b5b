//! A folder of this machine as an object store: a key is a path below it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tutti_sdk::{ContentReader, ProcessError};

use super::ConflictResolution;
use super::upload::{Counted, Stored, check_size, conflicting};
use crate::files::emptied;
use crate::files::folder::Folders;
use crate::files::paths;

const HELP: &str = "choose a shorter key: in a folder no part may be longer than 255 bytes, and \
                    none may be an object and a folder at once";

/// What to put, and where.
pub(super) struct LocalPut {
    pub(super) folders: Arc<Folders>,
    /// The folder that is the store.
    pub(super) root: PathBuf,
    pub(super) location: object_store::path::Path,
    pub(super) conflict: ConflictResolution,
}

impl LocalPut {
    /// Puts all of `reader`; `None` when there is an object already and is to be left.
    pub(super) fn run(&self, reader: ContentReader) -> Result<Option<Stored>, ProcessError> {
        let target = self.root.join(self.location.as_ref());
        emptied::refuse(&target)?;
        let folder = target.parent().unwrap_or(&self.root);
        let replaces = self.conflict == ConflictResolution::Replace;
        self.check_parts(&target, folder)?;
        match target.symlink_metadata() {
            Ok(there) if there.is_dir() => return Err(self.is_both(&target, "a folder")),
            Ok(_) if !replaces => return conflicting(self.conflict, &self.location),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(of_key("look for", &target, error)),
        }
        make_folder(folder)?;
        let mut reader = Counted::new(reader);
        if self.folders.write(&mut reader, &target, replaces)?.is_none() {
            return conflicting(self.conflict, &self.location);
        }
        emptied::delivered(&target);
        self.sync_above(folder)?;
        let there =
            fs::metadata(&target).map_err(|error| paths::error("verify", &target, error))?;
        check_size(there.len(), reader.size_bytes(), &self.location)?;
        Ok(Some(reader.stored(None, None)))
    }

    /// No part of the key but the last may be an object.
    fn check_parts(&self, target: &Path, folder: &Path) -> Result<(), ProcessError> {
        let mut above = folder.ancestors().take_while(|path| *path != self.root);
        if above.any(Path::is_file) {
            return Err(self.is_both(target, "below another object"));
        }
        Ok(())
    }

    fn is_both(&self, target: &Path, what: &str) -> ProcessError {
        ProcessError::user(format!(
            "cannot put the object \"{}\": {:?} is {what}",
            self.location,
            paths::to_text(target)
        ))
        .with_help(HELP)
    }

    /// Brings the folders that lead to the object to the disk: another task may have made them, and
    /// not come so far.
    fn sync_above(&self, folder: &Path) -> Result<(), ProcessError> {
        if folder == self.root {
            return Ok(());
        }
        for above in folder.ancestors().skip(1) {
            paths::sync_folder(above)?;
            if above == self.root {
                break;
            }
        }
        Ok(())
    }
}

fn make_folder(folder: &Path) -> Result<(), ProcessError> {
    paths::make_folder(folder).map_err(with_help)
}

fn of_key(action: &str, target: &Path, error: io::Error) -> ProcessError {
    with_help(paths::error(action, target, error))
}

/// What is for good is the key's fault.
fn with_help(error: ProcessError) -> ProcessError {
    if error.retry() == tutti_sdk::Retry::Never { error.with_help(HELP) } else { error }
}
