//! One file becomes content.

use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;

use tutti_sdk::model::flowfile::Content;
use tutti_sdk::{ContentWriter, ProcessError, Session};
use url::Url;

use super::attributes;
use super::listing::{Candidate, Version};
use super::writer;
use crate::paths;

/// Bytes that are in memory at a time.
const BUFFER_BYTES: usize = 256 * 1024;

/// A file that was read to its end and did not change meanwhile.
pub(super) struct PickedUp {
    pub(super) path: PathBuf,
    pub(super) version: Version,
    pub(super) content: Content,
    pub(super) attributes: Vec<(&'static str, String)>,
    pub(super) uri: String,
}

/// What became of a file.
pub(super) enum Outcome {
    /// It was read.
    Copied(Box<PickedUp>),
    /// It changed; another look will find it again.
    Changed,
    /// Somebody has it open for writing; another look will find it again.
    Written,
    /// It cannot be read.
    Unreadable(ProcessError),
}

/// Copies a file into new content. An error is one of writing: nothing that the file could help.
pub(super) async fn copy(
    session: &Session,
    candidate: &Candidate,
) -> Result<Outcome, ProcessError> {
    let writer = session.write()?;
    let candidate = candidate.clone();
    session.blocking(move || copy_now(&candidate, writer)).await?
}

fn copy_now(candidate: &Candidate, mut content: ContentWriter) -> Result<Outcome, ProcessError> {
    let path = &candidate.path;
    let unreadable = |action, error| Ok(Outcome::Unreadable(paths::error(action, path, error)));
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return unreadable("open", error),
    };
    let metadata = match file.metadata() {
        Ok(metadata) if Version::of(&metadata) == candidate.version => metadata,
        Ok(_) => return Ok(Outcome::Changed),
        Err(error) => return unreadable("look at", error),
    };
    if writer::has_writer(&file) {
        return Ok(Outcome::Written);
    }
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => content
                .write_all(buffer.get(..count).unwrap_or_default())
                .map_err(|error| cannot_store(candidate, error))?,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return unreadable("read", error),
        }
    }
    if !candidate.is_unchanged() {
        return Ok(Outcome::Changed);
    }
    let content = content.finish().map_err(|error| cannot_store(candidate, error))?;
    Ok(Outcome::Copied(Box::new(PickedUp {
        path: path.clone(),
        version: candidate.version,
        content,
        attributes: attributes::of(candidate, &metadata),
        uri: Url::from_file_path(attributes::absolute(path))
            .map_or_else(|()| format!("file://{}", paths::to_text(path)), String::from),
    })))
}

fn cannot_store(candidate: &Candidate, error: std::io::Error) -> ProcessError {
    ProcessError::external(format!(
        "cannot store the content of {:?}",
        paths::to_text(&candidate.path)
    ))
    .caused_by(error)
    .with_help("make room on the disk of the data folder, or check it; the file stays where it is")
}
