//! Whether files could be read and written here: asked, and nothing is touched.

use std::io;
use std::path::Path;

use rustix::fs::{Access, access};
use tutti_sdk::ProcessError;

use super::paths;

/// How many names of a folder are counted.
const NAMES_MAX: usize = 10_000;

/// Reads the names in a folder, and says how many there are.
pub(crate) fn read_folder(path: &Path) -> Result<String, ProcessError> {
    let failed = |cause| paths::error("read the folder", path, cause);
    let mut count = 0;
    for entry in std::fs::read_dir(path).map_err(failed)?.take(NAMES_MAX) {
        entry.map_err(failed)?;
        count += 1;
    }
    let more = if count == NAMES_MAX { " or more" } else { "" };
    Ok(format!("there are {count}{more} names in \"{}\"", paths::to_text(path)))
}

/// Whether names may be made and removed in a folder; with `makes` one that is not there may be
/// made.
pub(crate) fn write_folder(path: &Path, makes: bool) -> Result<String, ProcessError> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let shown = paths::to_text(&path);
    let there = path.ancestors().find(|each| each.symlink_metadata().is_ok());
    let there = there.unwrap_or(Path::new("/"));
    if there != path && !makes {
        let missing = io::Error::from(io::ErrorKind::NotFound);
        return Err(paths::error("write to the folder", &path, missing));
    }
    if !there.is_dir() {
        let is_none = io::Error::from(io::ErrorKind::NotADirectory);
        return Err(paths::error("write to the folder", there, is_none));
    }
    access(there, Access::WRITE_OK | Access::EXEC_OK)
        .map_err(|cause| paths::error("write to the folder", there, cause.into()))?;
    Ok(if there == path {
        format!("\"{shown}\" may be written to")
    } else {
        format!("\"{shown}\" is not there yet and may be made")
    })
}

/// Whether a file may be read.
pub(crate) fn read_file(path: &Path) -> Result<String, ProcessError> {
    let failed = |cause| paths::error("read the file", path, cause);
    let metadata = path.metadata().map_err(failed)?;
    if !metadata.is_file() {
        let shown = paths::to_text(path);
        return Err(ProcessError::user(format!("\"{shown}\" is no file")));
    }
    access(path, Access::READ_OK).map_err(|cause| failed(cause.into()))?;
    Ok(format!("\"{}\" has {} bytes", paths::to_text(path), metadata.len()))
}
