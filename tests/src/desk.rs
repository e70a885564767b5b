//! A folder for a flow that reads recordings and fills an object store: what goes in, where its
//! data lies, what comes out.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::binary::Run;

/// A folder of a test's own, gone with it.
pub struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// Nothing in it but an empty folder `in`.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn new() -> io::Result<Self> {
        let desk = Self { folder: tempfile::tempdir()? };
        fs::create_dir(desk.path("in"))?;
        Ok(desk)
    }

    /// A place in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The URL of the folder `store` as an object store.
    pub fn store(&self) -> String {
        format!("file://{}", self.path("store").display())
    }

    /// The flow at `path` over `input` into the object store at the URL `output`, with its data in
    /// the folder `data`.
    pub fn flow(&self, path: &Path, input: &Path, output: &str) -> Run {
        Run::flow(path, &self.path("data")).parameter("input", input).parameter("output", output)
    }

    /// The names of the objects in a bucket of the store, sorted.
    ///
    /// # Errors
    /// Whatever the disk says, but for a missing bucket.
    pub fn names(&self, bucket: &str) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(self.path("store").join(bucket)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names = entries.map(|entry| entry.map(name)).collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }
}
