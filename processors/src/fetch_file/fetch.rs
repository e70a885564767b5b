//! A file that a flowfile names becomes content.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tutti_sdk::model::flowfile::Content;
use tutti_sdk::{ContentWriter, ProcessError};

use super::completion::Moving;
use crate::files::paths;
use crate::files::reading::{self, Hindrance};
use crate::files::version::Version;

/// What to fetch, and where it is to be moved to.
pub(super) struct Job {
    pub(super) path: PathBuf,
    pub(super) moving: Option<Moving>,
}

/// A file that was read to its end and did not change meanwhile.
pub(super) struct Fetched {
    pub(super) content: Content,
    pub(super) path: PathBuf,
    pub(super) version: Version,
    pub(super) moving: Option<Moving>,
}

/// What became of a file.
pub(super) enum Outcome {
    Fetched(Box<Fetched>),
    /// There is none.
    NotFound(ProcessError),
    /// It may not be read.
    Denied(ProcessError),
}

impl Job {
    pub(super) fn run(self, content: ContentWriter) -> Result<Outcome, ProcessError> {
        let path = &self.path;
        match fs::metadata(path) {
            Ok(there) if there.is_file() => {}
            Ok(_) => return Err(no_file(path)),
            Err(error) => return unreadable("look at", path, error),
        }
        if let Some(moving) = &self.moving {
            moving.check()?;
        }
        match File::open(path) {
            Ok(file) => self.read(file, content),
            Err(error) => unreadable("open", path, error),
        }
    }

    fn read(self, mut file: File, mut content: ContentWriter) -> Result<Outcome, ProcessError> {
        let Self { path, moving } = self;
        let failed = |error| paths::error("look at", &path, error);
        let version = Version::of(&file.metadata().map_err(failed)?);
        let mut buffer = vec![0; reading::BUFFER_BYTES];
        reading::copy(&mut file, &path, &mut content, &mut buffer).map_err(|hindrance| {
            match hindrance {
                Hindrance::Reading(error) | Hindrance::Storing(error) => error,
            }
        })?;
        if fs::metadata(&path).map(|there| Version::of(&there)).ok() != Some(version) {
            return Err(ProcessError::external(format!(
                "the file {:?} changed while it was read",
                paths::to_text(&path)
            ))
            .with_help(
                "let it be fetched when it is whole, as by a minimum age where it is listed",
            ));
        }
        let content = content.finish().map_err(|error| reading::cannot_store(&path, error))?;
        Ok(Outcome::Fetched(Box::new(Fetched { content, path, version, moving })))
    }
}

fn unreadable(action: &str, path: &Path, error: io::Error) -> Result<Outcome, ProcessError> {
    let kind = error.kind();
    let error = paths::error(action, path, error);
    match kind {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(Outcome::NotFound(error)),
        io::ErrorKind::PermissionDenied => Ok(Outcome::Denied(error)),
        _ => Err(error),
    }
}

fn no_file(path: &Path) -> ProcessError {
    ProcessError::user(format!("{:?} is no file", paths::to_text(path)))
        .with_help("name a file, and not a folder, a pipe or a device")
}
