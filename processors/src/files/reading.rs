//! Files become content, and are deleted when that is safe.
//!
//! Never deletes a file that is another one than was read, or that somebody writes.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use tutti_sdk::ProcessError;
use url::Url;

use crate::files::attributes;
use crate::files::paths;
use crate::files::version::Version;
use crate::files::writer;

/// Bytes that are in memory at a time, while files are read.
pub(crate) const BUFFER_BYTES: usize = 256 * 1024;

/// What keeps a file from becoming content.
#[derive(Debug)]
pub(crate) enum Hindrance {
    /// It cannot be read.
    Reading(ProcessError),
    /// Content cannot be written: nothing that the file could help.
    Storing(ProcessError),
}

/// Copies to the end of `file`, which has the name `path`, through `buffer`.
pub(crate) fn copy(
    file: &mut File,
    path: &Path,
    content: &mut dyn Write,
    buffer: &mut [u8],
) -> Result<(), Hindrance> {
    loop {
        match file.read(buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => content
                .write_all(buffer.get(..count).unwrap_or_default())
                .map_err(|error| Hindrance::Storing(cannot_store(path, error)))?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Hindrance::Reading(paths::error("read", path, error))),
        }
    }
}

/// The content of a file cannot be kept.
pub(crate) fn cannot_store(path: &Path, error: io::Error) -> ProcessError {
    ProcessError::external(format!("cannot store the content of {:?}", paths::to_text(path)))
        .caused_by(error)
        .with_help(
            "make room on the disk of the data folder, or check it; the file stays where it is",
        )
}

/// How a file is called in events.
pub(crate) fn uri(path: &Path) -> String {
    Url::from_file_path(attributes::absolute(path))
        .map_or_else(|()| format!("file://{}", paths::to_text(path)), String::from)
}

/// Whether a file is still the one that was read, and nobody writes it. A file that is gone is not.
pub(crate) fn is_as_read(path: &Path, version: Version) -> Result<bool, ProcessError> {
    let is_written = || File::open(path).is_ok_and(|file| writer::has_writer(&file));
    match fs::metadata(path) {
        Ok(metadata) => Ok(Version::of(&metadata) == version && !is_written()),
        Err(error) if is_gone(&error) => Ok(false),
        Err(error) => Err(paths::error("look at", path, error)),
    }
}

/// Deletes a file that was read, unless it is another one by now, or is about to be.
pub(crate) fn delete(path: &Path, version: Version) -> Result<(), ProcessError> {
    if !is_as_read(path, version)? {
        return Ok(());
    }
    match fs::remove_file(path) {
        Err(error) if !is_gone(&error) => Err(paths::error("delete", path, error)),
        _ => Ok(()),
    }
}

fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}
