//! One file becomes content.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use tutti_sdk::model::flowfile::Content;
use tutti_sdk::{ContentWriter, ProcessError, Session};

use crate::files::attributes::Owners;
use crate::files::reading::{self, Hindrance};
use crate::files::version::{Candidate, Version};
use crate::files::{attributes, paths, writer};

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

/// Copies files into new contents, in one go; what became of each, in their order. An error is one
/// of writing: nothing that the files could help.
pub(super) async fn copy(
    session: &Session,
    candidates: Vec<Candidate>,
) -> Result<Vec<(Candidate, Outcome)>, ProcessError> {
    let writers = session.writers();
    let copy_all = move || {
        let mut copying = Copying::default();
        let copy = |candidate: Candidate| {
            let outcome = copying.copy(&candidate, writers.create()?)?;
            Ok((candidate, outcome))
        };
        candidates.into_iter().map(copy).collect()
    };
    session.blocking(copy_all).await?
}

/// What files that are copied one after the other have in common.
struct Copying {
    buffer: Vec<u8>,
    owners: Owners,
}

impl Default for Copying {
    fn default() -> Self {
        Self { buffer: vec![0; reading::BUFFER_BYTES], owners: Owners::default() }
    }
}

impl Copying {
    fn copy(
        &mut self,
        candidate: &Candidate,
        mut content: ContentWriter,
    ) -> Result<Outcome, ProcessError> {
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
        if let Some(hindered) = self.copy_bytes(candidate, &mut file, &mut content)? {
            return Ok(hindered);
        }
        let mut attributes = attributes::of_place(candidate, &metadata);
        attributes.extend(attributes::of_file(&metadata, &mut self.owners));
        let content = content.finish().map_err(|error| reading::cannot_store(path, error))?;
        Ok(Outcome::Copied(Box::new(PickedUp {
            path: path.clone(),
            version: candidate.version,
            content,
            attributes,
            uri: reading::uri(path),
        })))
    }

    /// Copies to the end of the file; hands back what came between, if something did.
    fn copy_bytes(
        &mut self,
        candidate: &Candidate,
        file: &mut File,
        content: &mut dyn Write,
    ) -> Result<Option<Outcome>, ProcessError> {
        match reading::copy(file, &candidate.path, content, &mut self.buffer) {
            Ok(()) => {}
            Err(Hindrance::Reading(error)) => return Ok(Some(Outcome::Unreadable(error))),
            Err(Hindrance::Storing(error)) => return Err(error),
        }
        Ok((!candidate.is_unchanged()).then_some(Outcome::Changed))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    /// Somebody who writes to the file while it is read, and what was read.
    struct Meanwhile<'p>(&'p PathBuf, Vec<u8>);

    impl Write for Meanwhile<'_> {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            fs::write(self.0, "longer than it was")?;
            self.1.write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_changes_while_it_is_read_is_left_to_another_look() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "as it was").unwrap();
        let version = Version::of(&fs::metadata(&path).unwrap());
        let candidate = Candidate { path, folder: PathBuf::new(), version };
        let mut copying = Copying::default();
        let mut file = File::open(&candidate.path).unwrap();
        let mut content = Vec::new();
        assert!(copying.copy_bytes(&candidate, &mut file, &mut content).unwrap().is_none());
        assert_eq!(content, b"as it was");
        let mut file = File::open(&candidate.path).unwrap();
        let mut content = Meanwhile(&candidate.path, Vec::new());
        let hindered = copying.copy_bytes(&candidate, &mut file, &mut content).unwrap();
        assert!(matches!(hindered, Some(Outcome::Changed)));
        assert!(!content.1.is_empty());
    }
}
