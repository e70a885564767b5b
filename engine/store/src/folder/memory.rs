//! Files in memory, which can fail, crash and rot on demand; for tests and simulation.
//!
//! They fail as disks do: of a write that fails half may be there, and what a sync failed on counts
//! as clean and never gets to the disk unless it is written again.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use super::{Folder, Space, StoredFile};
use crate::error::{Result, StoreError};
use crate::fault::Faults;

#[derive(Default)]
struct Bytes {
    current: Vec<u8>,
    synced: Vec<u8>,
    /// Where something was written that the next sync takes to the disk.
    dirty: Vec<Range<usize>>,
}

impl Bytes {
    fn write(&mut self, bytes: &[u8], offset: usize) {
        let end = offset + bytes.len();
        if self.current.len() < end {
            self.current.resize(end, 0);
        }
        self.current[offset..end].copy_from_slice(bytes);
        self.dirty.push(offset..end);
    }

    fn sync(&mut self) {
        self.synced.resize(self.current.len(), 0);
        for range in std::mem::take(&mut self.dirty) {
            // Cut in the meantime.
            let range = range.start.min(self.current.len())..range.end.min(self.current.len());
            self.synced[range.clone()].copy_from_slice(&self.current[range]);
        }
    }
}

#[derive(Default)]
struct Files {
    current: BTreeMap<String, Arc<Mutex<Bytes>>>,
    synced: BTreeMap<String, Arc<Mutex<Bytes>>>,
}

/// Files in memory. Copies share them; what is not synced is gone after [`MemoryFolder::crash`].
#[derive(Clone, Default)]
pub struct MemoryFolder {
    files: Arc<Mutex<Files>>,
    faults: Faults,
    /// Bytes that are said to be taken of a disk without end.
    taken: Arc<AtomicU64>,
}

impl MemoryFolder {
    /// An empty folder that fails when `faults` says so.
    pub fn new(faults: Faults) -> Self {
        Self { faults, ..Self::default() }
    }

    /// Forgets every byte and every name that was not synced.
    pub fn crash(&self) {
        let mut files = self.files.lock();
        files.current = files.synced.clone();
        for bytes in files.current.values() {
            let bytes = &mut *bytes.lock();
            bytes.current.clone_from(&bytes.synced);
            bytes.dirty.clear();
        }
    }

    /// From now on it says that so many bytes are free. What is written does not change that.
    pub fn set_free_bytes(&self, free_bytes: u64) {
        self.taken.store(u64::MAX - free_bytes, Ordering::SeqCst);
    }

    /// Takes everything that was written to the disk: a process that dies loses nothing of that.
    pub fn keep(&self) {
        let mut files = self.files.lock();
        files.synced = files.current.clone();
        for bytes in files.current.values() {
            let bytes = &mut *bytes.lock();
            bytes.synced.clone_from(&bytes.current);
            bytes.dirty.clear();
        }
    }

    /// Changes a file behind the back of whoever uses it.
    pub fn damage(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> bool {
        let Some(bytes) = self.files.lock().current.get(name).cloned() else { return false };
        let bytes = &mut *bytes.lock();
        change(&mut bytes.current);
        bytes.synced.clone_from(&bytes.current);
        true
    }
}

struct MemoryFile {
    name: String,
    bytes: Arc<Mutex<Bytes>>,
    files: Arc<Mutex<Files>>,
    faults: Faults,
}

impl StoredFile for MemoryFile {
    fn write_at(&self, bytes: &[u8], offset: u64) -> Result<()> {
        let failed = self.faults.check("write", &self.name);
        let written = if failed.is_ok() { bytes.len() } else { bytes.len() / 2 };
        self.bytes.lock().write(&bytes[..written], offset as usize);
        failed
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize> {
        self.faults.check("read", &self.name)?;
        let bytes = self.bytes.lock();
        let rest = bytes.current.get(offset as usize..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn sync(&self) -> Result<()> {
        let failed = self.faults.check("sync", &self.name);
        let mut bytes = self.bytes.lock();
        if failed.is_err() {
            bytes.dirty.clear();
        } else {
            bytes.sync();
        }
        failed
    }

    fn is_linked(&self) -> Result<bool> {
        self.faults.check("read", &self.name)?;
        let files = self.files.lock();
        Ok(files.current.get(&self.name).is_some_and(|named| Arc::ptr_eq(named, &self.bytes)))
    }

    fn length(&self) -> Result<u64> {
        Ok(self.bytes.lock().current.len() as u64)
    }

    fn truncate(&self, length: u64) -> Result<()> {
        self.faults.check("write", &self.name)?;
        self.bytes.lock().current.resize(length as usize, 0);
        Ok(())
    }
}

impl MemoryFolder {
    fn file(&self, name: &str, bytes: Arc<Mutex<Bytes>>) -> Arc<dyn StoredFile> {
        let (files, faults) = (Arc::clone(&self.files), self.faults.clone());
        Arc::new(MemoryFile { name: name.to_owned(), bytes, files, faults })
    }
}

impl Folder for MemoryFolder {
    fn describe(&self, name: &str) -> String {
        format!("{name} in memory")
    }

    fn create(&self, name: &str) -> Result<Arc<dyn StoredFile>> {
        self.faults.check("write", name)?;
        let bytes = Arc::<Mutex<Bytes>>::default();
        let mut files = self.files.lock();
        if files.current.contains_key(name) {
            return Err(StoreError::io("create", name, io::ErrorKind::AlreadyExists.into()));
        }
        files.current.insert(name.to_owned(), Arc::clone(&bytes));
        drop(files);
        Ok(self.file(name, bytes))
    }

    fn open(&self, name: &str) -> Result<Arc<dyn StoredFile>> {
        self.faults.check("read", name)?;
        let found = self.files.lock().current.get(name).cloned();
        let bytes = found.ok_or_else(|| StoreError::not_found(format!("file \"{name}\"")))?;
        Ok(self.file(name, bytes))
    }

    fn remove(&self, name: &str) -> Result<()> {
        self.faults.check("remove", name)?;
        self.files.lock().current.remove(name);
        Ok(())
    }

    fn list(&self) -> Result<Vec<(String, u64)>> {
        let files = self.files.lock();
        Ok(files
            .current
            .iter()
            .map(|(name, bytes)| (name.clone(), bytes.lock().current.len() as u64))
            .collect())
    }

    fn sync(&self) -> Result<()> {
        self.faults.check("sync", "folder")?;
        let mut files = self.files.lock();
        files.synced = files.current.clone();
        Ok(())
    }

    fn space(&self) -> Result<Space> {
        let free_bytes = u64::MAX - self.taken.load(Ordering::SeqCst);
        Ok(Space { free_bytes, total_bytes: u64::MAX })
    }
}
