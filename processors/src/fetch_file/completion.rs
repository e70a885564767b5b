//! A file that was fetched is moved out of the way.

use std::fs::{self, File, FileTimes};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{Access, AtFlags, CWD, accessat};
use tutti_sdk::ProcessError;

use super::MoveConflict;
use crate::files::emptied;
use crate::files::folder::Folders;
use crate::files::paths;
use crate::files::reading;
use crate::files::version::Version;

/// Where a file is to be moved to.
pub(super) struct Moving {
    target: PathBuf,
    folder: PathBuf,
    conflict: MoveConflict,
}

/// A file that is to be moved.
pub(super) struct Move {
    pub(super) path: PathBuf,
    pub(super) version: Version,
    pub(super) moving: Moving,
    /// What a name of its own is made with.
    pub(super) id: String,
    pub(super) folders: Arc<Folders>,
}

impl Moving {
    pub(super) fn new(
        path: &Path,
        folder: PathBuf,
        conflict: MoveConflict,
    ) -> Result<Self, ProcessError> {
        let name = path.file_name().ok_or_else(|| {
            ProcessError::user(format!("{:?} names no file", paths::to_text(path)))
                .with_help("let \"File to Fetch\" end with the name of a file")
        })?;
        Ok(Self { target: folder.join(name), folder, conflict })
    }

    /// Fails where it is known already that the file cannot be moved: nothing is fetched then.
    pub(super) fn check(&self) -> Result<(), ProcessError> {
        emptied::refuse(&self.target)?;
        paths::make_folder(&self.folder)?;
        accessat(CWD, &self.folder, Access::WRITE_OK, AtFlags::EACCESS)
            .map_err(|error| paths::error("move files to", &self.folder, error.into()))?;
        if self.conflict == MoveConflict::Fail && self.target.symlink_metadata().is_ok() {
            return Err(self.is_there());
        }
        Ok(())
    }

    fn is_there(&self) -> ProcessError {
        ProcessError::user(format!("there is a file {:?} already", paths::to_text(&self.target)))
            .with_help("take it away, or choose another move conflict strategy")
    }
}

impl Move {
    /// Moves the file, unless it is another one by now, or is about to be.
    pub(super) fn run(self) -> Result<(), ProcessError> {
        self.move_it().map_err(|error| match error.help() {
            Some(help) => {
                let help = format!("its content was fetched: move it by hand; {help}");
                error.with_help(help)
            }
            None => error,
        })
    }

    fn move_it(&self) -> Result<(), ProcessError> {
        let Moving { target, folder, conflict } = &self.moving;
        if is_same(&self.path, target) || !reading::is_as_read(&self.path, self.version)? {
            return Ok(());
        }
        if self.to(target, *conflict == MoveConflict::Replace)? {
            return Ok(());
        }
        match conflict {
            MoveConflict::Fail => Err(self.moving.is_there()),
            MoveConflict::Keep => reading::delete(&self.path, self.version),
            MoveConflict::Rename | MoveConflict::Replace => {
                let own = folder.join(self.own_name());
                if self.to(&own, false)? { Ok(()) } else { Err(self.moving.is_there()) }
            }
        }
    }

    /// Moves it to `target`; `false` when there is something that is not to be replaced.
    fn to(&self, target: &Path, replaces: bool) -> Result<bool, ProcessError> {
        let failed = |error| paths::error("move the file to", target, error);
        let moved = if replaces {
            fs::rename(&self.path, target).map(|()| true)
        } else {
            rename_new(&self.path, target)
        };
        match moved {
            Ok(true) => paths::sync_folder(&self.moving.folder)?,
            Ok(false) => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                if !self.copy_to(target, replaces)? {
                    return Ok(false);
                }
            }
            Err(error) => return Err(failed(error)),
        }
        emptied::delivered(target);
        Ok(true)
    }

    /// The same to another disk.
    fn copy_to(&self, target: &Path, replaces: bool) -> Result<bool, ProcessError> {
        let failed = |error| paths::error("read", &self.path, error);
        let mut file = File::open(&self.path).map_err(failed)?;
        let there = file.metadata().map_err(failed)?;
        if self.folders.write(&mut file, target, replaces)?.is_none() {
            return Ok(false);
        }
        // A disk that cannot keep them has the content all the same.
        if let Ok(copy) = File::options().write(true).open(target) {
            let times = there.modified().map(|time| FileTimes::new().set_modified(time));
            drop(times.and_then(|times| copy.set_times(times)));
            drop(copy.set_permissions(there.permissions()));
        }
        reading::delete(&self.path, self.version)?;
        Ok(true)
    }

    fn own_name(&self) -> PathBuf {
        let name = self.moving.target.file_name().unwrap_or_default();
        let name = Path::new(name);
        let mut own = name.file_stem().unwrap_or_default().to_owned();
        own.push(format!("-{}", self.id));
        if let Some(extension) = name.extension() {
            own.push(".");
            own.push(extension);
        }
        own.into()
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    let identity = |path| fs::metadata(path).ok().map(|there| paths::identity(&there));
    identity(one).is_some_and(|one| Some(one) == identity(other))
}

/// Gives a file a new name; `false` when something has it.
fn rename_new(from: &Path, to: &Path) -> io::Result<bool> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            Ok(()) => return Ok(true),
            Err(Errno::EXIST) => return Ok(false),
            // Not every file system can.
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if to.symlink_metadata().is_ok() {
        return Ok(false);
    }
    fs::rename(from, to).map(|()| true)
}
