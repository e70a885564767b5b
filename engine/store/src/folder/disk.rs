//! Files on a disk.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Folder, Space, StoredFile};
use crate::error::{Result, StoreError};

/// A folder on a disk.
pub struct DiskFolder {
    path: PathBuf,
}

impl DiskFolder {
    /// The folder `path`, which is made if it is not there.
    pub fn open(path: &Path) -> Result<Self> {
        make(path).map_err(|error| StoreError::io("create", path, error))?;
        Ok(Self { path: path.to_path_buf() })
    }
}

/// Makes a folder and those above it, so that not even a power failure takes them away again.
pub(crate) fn make(path: &Path) -> io::Result<()> {
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let missing: Vec<&Path> = path.ancestors().take_while(is_missing).collect();
    if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
        fs::create_dir_all(above)?;
    }
    // What lies in it is nobody else's business: attributes, content, the words of drafts.
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        made => made?,
    }
    // The name of each is in the one above it.
    for above in missing.into_iter().filter_map(Path::parent) {
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        sync(above)?;
    }
    Ok(())
}

/// Makes what lies at `path` durable: the bytes of a file, or the names in a folder.
pub(crate) fn sync(path: &Path) -> io::Result<()> {
    #[cfg(test)]
    tests::SYNCED.with_borrow_mut(|synced| synced.push(path.to_path_buf()));
    File::open(path)?.sync_all()
}

/// Makes everything in the folder `path` durable, and the folder itself.
pub(crate) fn sync_all(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_all(&entry.path())?;
        } else if entry.metadata()?.len() > 0 {
            sync(&entry.path())?;
        }
    }
    sync(path)
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

struct DiskFile {
    path: PathBuf,
    file: File,
}

impl DiskFile {
    fn failed(&self, action: &'static str) -> impl FnOnce(io::Error) -> StoreError + '_ {
        move |error| StoreError::io(action, &self.path, error)
    }
}

impl StoredFile for DiskFile {
    fn write_at(&self, bytes: &[u8], offset: u64) -> Result<()> {
        self.file.write_all_at(bytes, offset).map_err(self.failed("write"))
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.file.read_at(rest, offset + filled as u64) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed("read")(error)),
            }
        }
        Ok(filled)
    }

    fn sync(&self) -> Result<()> {
        self.file.sync_data().map_err(self.failed("sync"))
    }

    fn is_linked(&self) -> Result<bool> {
        let own = self.file.metadata().map_err(self.failed("inspect"))?;
        match fs::metadata(&self.path) {
            Ok(named) => Ok((named.dev(), named.ino()) == (own.dev(), own.ino())),
            Err(error) if is_missing(&error) => Ok(false),
            Err(error) => Err(self.failed("inspect")(error)),
        }
    }

    fn length(&self) -> Result<u64> {
        Ok(self.file.metadata().map_err(self.failed("inspect"))?.len())
    }

    fn truncate(&self, length: u64) -> Result<()> {
        self.file.set_len(length).map_err(self.failed("truncate"))
    }
}

impl Folder for DiskFolder {
    fn describe(&self, name: &str) -> String {
        self.path.join(name).display().to_string()
    }

    fn create(&self, name: &str) -> Result<Arc<dyn StoredFile>> {
        let path = self.path.join(name);
        let create = || OpenOptions::new().read(true).write(true).create_new(true).open(&path);
        let created = match create() {
            // The folder was removed since it was opened. What is above it is not made: without
            // that, the data folder itself is gone.
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir(&self.path)
                .and_then(|()| self.path.parent().map_or(Ok(()), sync))
                .and_then(|()| create()),
            created => created,
        };
        let file = created.map_err(|error| StoreError::io("create", &path, error))?;
        Ok(Arc::new(DiskFile { path, file }))
    }

    fn open(&self, name: &str) -> Result<Arc<dyn StoredFile>> {
        let path = self.path.join(name);
        let opened = OpenOptions::new().read(true).write(true).open(&path);
        let file = opened.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                StoreError::not_found(format!("file \"{}\"", path.display()))
            }
            _ => StoreError::io("open", &path, error),
        })?;
        Ok(Arc::new(DiskFile { path, file }))
    }

    fn remove(&self, name: &str) -> Result<()> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::io("remove", &path, error))
            }
            _ => Ok(()),
        }
    }

    fn list(&self) -> Result<Vec<(String, u64)>> {
        let failed = |error| StoreError::io("list", &self.path, error);
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let metadata = entry.metadata().map_err(failed)?;
            if let (true, Ok(name)) = (metadata.is_file(), entry.file_name().into_string()) {
                files.push((name, metadata.len()));
            }
        }
        files.sort();
        Ok(files)
    }

    fn sync(&self) -> Result<()> {
        sync(&self.path).map_err(|error| StoreError::io("sync", &self.path, error))
    }

    fn space(&self) -> Result<Space> {
        let asked = rustix::fs::statvfs(&self.path);
        let disk =
            asked.map_err(|error| StoreError::io("ask the disk of", &self.path, error.into()))?;
        Ok(Space {
            free_bytes: disk.f_bavail.saturating_mul(disk.f_frsize),
            total_bytes: disk.f_blocks.saturating_mul(disk.f_frsize),
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::RefCell;

    use super::*;

    thread_local! {
        /// What this thread synced, in order.
        pub(crate) static SYNCED: RefCell<Vec<PathBuf>> = const { RefCell::new(Vec::new()) };
    }

    /// What was synced since the last call.
    pub(crate) fn take_synced() -> Vec<PathBuf> {
        SYNCED.take()
    }

    /// The system refuses to sync what is on no disk, so only who asks it hears that.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_sync_asks_the_system() {
        let device = DiskFolder::open(Path::new("/dev")).unwrap().open("null").unwrap();
        device.write_at(b"bytes", 0).unwrap();
        assert!(matches!(device.sync(), Err(StoreError::Io { action: "sync", .. })));
        let folder = DiskFolder::open(Path::new("/proc")).unwrap();
        assert!(matches!(folder.sync(), Err(StoreError::Io { action: "sync", .. })));
    }

    #[test]
    fn every_name_of_a_new_path_is_durable() {
        let folder = tempfile::tempdir().unwrap();
        take_synced();
        make(&folder.path().join("a/b/c")).unwrap();
        let above = ["a/b", "a", ""].map(|name| folder.path().join(name));
        assert_eq!(take_synced(), above);
        make(&folder.path().join("a/b/c")).unwrap();
        assert!(take_synced().is_empty(), "it was there");
    }
}
