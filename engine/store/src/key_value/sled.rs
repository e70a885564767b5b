//! Records in sled, the only place that knows it.
//!
//! sled panics on some damage and refuses everything after a failed write; here both become
//! errors, and the next write goes on with a copy of its last flush (docs/adr/0002). As that has a
//! price, sled is not asked to write where the disk is known to refuse.

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;

use super::generation::Generations;
use super::{Batch, KeyValue, Visitor, message, metadata, quiet, slabs};
use crate::error::{Result, StoreError};
use crate::folder::disk;

/// Entries in one leaf: the unit that sled reads and writes.
const LEAF_FANOUT: usize = 128;
/// Room for leaves in memory, in bytes.
const CACHE_BYTES: usize = 32 * 1024 * 1024;

/// Used iterators that are kept before a reader drops them itself.
const USED_MAX: usize = 64;

/// How often one process goes on after sled failed: each time leaves memory and about 80 open files
/// behind.
const FAILURES_MAX: u32 = 8;
/// After a failure the disk is tried before each of so many writes.
const TRIED_WRITES: u32 = 1_000;
/// What sled writes beside a batch, generously, in bytes.
const ROOM_BYTES_MIN: u64 = 1024 * 1024;

type Db = sled::Db<LEAF_FANOUT>;

type Iter = sled::Iter<LEAF_FANOUT>;

/// An ordered map in a folder.
///
/// sled's handles cannot be shared between threads: one is for the flusher, one for readers, so
/// that no reader waits for a disk that is being flushed to.
pub struct SledKeyValue {
    path: PathBuf,
    writer: Mutex<Writer>,
    /// `None` after a failure, until the next write opens it again.
    reader: Mutex<Option<Db>>,
    /// Used iterators. sled flushes when one is dropped, and keeps it to itself when that fails:
    /// they go only when there is nothing to flush.
    used: Mutex<Vec<Iter>>,
}

struct Writer {
    /// `None` after a failure.
    db: Option<Db>,
    generations: Generations,
    /// The folder that counts is that of a store that failed.
    is_forsaken: bool,
    failures: u32,
    /// Writes before which the disk is to be tried.
    tries_left: u32,
    /// Something was applied since the last flush.
    is_dirty: bool,
}

impl SledKeyValue {
    /// Opens the store in the folder `path`, and makes it if there is none.
    pub fn open(path: &Path) -> Result<Self> {
        let generations = guarded(path, "open", || Generations::open(path))?;
        let db = open(&generations.folder())?;
        let reader = Mutex::new(Some(db.clone()));
        let writer = Writer {
            db: Some(db),
            generations,
            is_forsaken: false,
            failures: 0,
            tries_left: 0,
            is_dirty: false,
        };
        Ok(Self {
            path: path.to_path_buf(),
            reader,
            writer: Mutex::new(writer),
            used: Mutex::default(),
        })
    }

    /// Runs `work` as the writer, after a failure with a copy of the last flush, if there is `room`
    /// for that too, in bytes.
    fn write(
        &self,
        writer: &mut Writer,
        action: &'static str,
        room: u64,
        work: impl FnOnce(&Db) -> io::Result<()>,
    ) -> Result<()> {
        let db = if let Some(db) = writer.db.take() {
            db
        } else {
            let db = writer.open_again(&self.path, room)?;
            *self.reader.lock() = Some(db.clone());
            db
        };
        let done = guarded(&self.path, action, || work(writer.db.insert(db)));
        if done.is_err() {
            self.forsake(writer);
        }
        done
    }

    /// Drops iterators that were used up.
    fn tidy(&self, writer: &Writer) {
        if !writer.is_dirty {
            // Not under its lock, which readers need.
            let used = std::mem::take(&mut *self.used.lock());
            // Nothing is to be written, so nothing can be lost.
            let _ = guarded(&self.path, "tidy", || {
                drop(used);
                Ok(())
            });
        }
    }

    fn read<T>(&self, work: impl FnOnce(&Db) -> io::Result<T>) -> Result<T> {
        let reader = self.reader.lock();
        let Some(db) = reader.as_ref() else {
            let failed = io::Error::other("its last write failed; it is opened again");
            return Err(StoreError::io("read", &self.path, failed));
        };
        guarded(&self.path, "read", || work(db))
    }

    /// Lets go of a store that failed while writing, without its destructors: they would wait for
    /// ever for the flush that failed.
    fn forsake(&self, writer: &mut Writer) {
        std::mem::forget((writer.db.take(), self.reader.lock().take()));
        std::mem::forget(std::mem::take(&mut *self.used.lock()));
        writer.is_forsaken = true;
        writer.is_dirty = false;
        writer.failures += 1;
        writer.tries_left = TRIED_WRITES;
    }
}

impl Writer {
    /// Refuses a write of `room` bytes that the disk would refuse, before sled hears of it.
    fn check_disk(&mut self, path: &Path, room: u64) -> Result<()> {
        if !guarded(path, "inspect", || self.generations.has_room(room))? {
            return Err(StoreError::DiskFull { path: path.to_path_buf() });
        }
        if self.tries_left > 0 {
            guarded(path, "write", || self.generations.try_disk(room))?;
            self.tries_left -= 1;
        }
        Ok(())
    }

    fn open_again(&mut self, path: &Path, room: u64) -> Result<Db> {
        if self.is_forsaken {
            if self.failures >= FAILURES_MAX {
                let reason = format!("it failed {FAILURES_MAX} times; start the program again");
                return Err(StoreError::io("open again", path, io::Error::other(reason)));
            }
            guarded(path, "copy", || self.generations.advance(room))?;
            self.is_forsaken = false;
        }
        open(&self.generations.folder())
    }
}

fn open(path: &Path) -> Result<Db> {
    // What a process wrote and had no time to sync is read as if it were durable, and what builds
    // on it is: so now it has to be. sled calls the program `sync` for this (docs/adr/0002).
    guarded(path, "sync", || disk::sync_all(path))?;
    guarded(path, "open", || {
        slabs::check(path, &metadata::prepare(&path.join("metadata"))?)?;
        let mut config = sled::Config::new().path(path).cache_capacity_bytes(CACHE_BYTES);
        // sled's own flusher ends the process when a write fails.
        config.flush_every_ms = None;
        config.zstd_compression_level = 1;
        config.open()
    })
}

/// Runs `work`; a panic becomes an error.
fn guarded<T>(
    path: &Path,
    action: &'static str,
    work: impl FnOnce() -> io::Result<T>,
) -> Result<T> {
    let damaged = |reason: String| {
        StoreError::corrupt("the key-value store", path.display().to_string(), reason)
    };
    match quiet::catch(work) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                damaged(message::without_places(&error.to_string()))
            }
            _ => StoreError::io(action, path, message::original(error)),
        }),
        Err(message) => Err(damaged(message::without_places(&message))),
    }
}

impl KeyValue for SledKeyValue {
    fn apply(&self, batch: &Batch) -> Result<()> {
        let bytes = batch.iter().map(|(key, value)| key.len() + value.as_ref().map_or(0, Vec::len));
        let room = (bytes.sum::<usize>() as u64).saturating_mul(2).max(ROOM_BYTES_MIN);
        let mut writer = self.writer.lock();
        writer.check_disk(&self.path, room)?;
        self.write(&mut writer, "write", room, |db| {
            let mut changes = sled::Batch::default();
            for (key, value) in batch {
                match value {
                    Some(value) => changes.insert(key.as_slice(), value.as_slice()),
                    None => changes.remove(key.as_slice()),
                }
            }
            db.apply_batch(changes)
        })?;
        writer.is_dirty = true;
        Ok(())
    }

    fn flush(&self) -> Result<()> {
        let mut writer = self.writer.lock();
        self.write(&mut writer, "flush", ROOM_BYTES_MIN, |db| db.flush().map(drop))?;
        writer.is_dirty = false;
        self.tidy(&writer);
        Ok(())
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        self.read(|db| Ok(db.get(key)?.map(|value| value.to_vec())))
    }

    fn scan(&self, from: &[u8], visit: &mut Visitor<'_>) -> Result<()> {
        self.read(|db| {
            let mut entries = db.range(from..);
            let mut scanned = Ok(());
            for entry in entries.by_ref() {
                match entry {
                    Ok((key, value)) if visit(&key, &value) == ControlFlow::Continue(()) => {}
                    Ok(_) => break,
                    Err(error) => {
                        scanned = Err(error);
                        break;
                    }
                }
            }
            self.used.lock().push(entries);
            scanned
        })?;
        // Where nobody writes, no flush ever drops them.
        if self.used.lock().len() >= USED_MAX
            && let Some(writer) = self.writer.try_lock()
        {
            self.tidy(&writer);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::folder::disk::tests::take_synced;

    #[test]
    fn what_readers_leave_behind_is_bounded_even_where_nobody_writes() {
        let folder = tempfile::tempdir().unwrap();
        let store = SledKeyValue::open(folder.path()).unwrap();
        store.apply(&Batch::from([(b"key".to_vec(), Some(b"value".to_vec()))])).unwrap();
        store.flush().unwrap();
        for _ in 0..10 * USED_MAX {
            store.scan(b"", &mut |_, _| ControlFlow::Break(())).unwrap();
        }
        assert!(store.used.lock().len() <= USED_MAX);
    }

    #[test]
    fn what_a_killed_process_wrote_is_durable_before_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = SledKeyValue::open(folder.path()).unwrap();
        store.apply(&Batch::from([(b"key".to_vec(), Some(b"value".to_vec()))])).unwrap();
        store.flush().unwrap();
        drop(store);
        let generation = folder.path().join("0000000001");
        let mut expected = vec![folder.path().to_path_buf(), generation.clone()];
        for name in ["", "metadata", "slabs"] {
            for entry in fs::read_dir(generation.join(name)).unwrap() {
                let entry = entry.unwrap();
                if entry.metadata().unwrap().len() > 0 {
                    expected.push(entry.path());
                }
            }
        }
        take_synced();
        SledKeyValue::open(folder.path()).unwrap();
        let mut synced = take_synced();
        // The names of its folders, the last of which is its own.
        assert_eq!(synced.last(), Some(&generation));
        synced.sort();
        expected.sort();
        assert_eq!(synced, expected);
        assert!(synced.iter().any(|path| path.to_string_lossy().contains("/slabs/")));
        assert!(synced.iter().any(|path| path.to_string_lossy().contains("/metadata/log_")));
    }

    #[test]
    fn a_kill_between_two_steps_of_opening_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = SledKeyValue::open(folder.path()).unwrap();
        store.apply(&Batch::from([(b"key".to_vec(), Some(b"value".to_vec()))])).unwrap();
        store.flush().unwrap();
        drop(store);
        drop(SledKeyValue::open(folder.path()).unwrap());
        for entry in fs::read_dir(folder.path().join("0000000001/metadata")).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap().to_string_lossy().starts_with("log_") {
                fs::remove_file(path).unwrap();
            }
        }
        for _ in 0..3 {
            let store = SledKeyValue::open(folder.path()).unwrap();
            assert_eq!(store.get(b"key").unwrap().as_deref(), Some(&b"value"[..]));
        }
    }

    #[test]
    fn a_missing_file_of_values_is_an_error_wherever_they_lie() {
        let value = |number: u8| vec![number; 1_000 * usize::from(number)];
        let filled = || {
            let folder = tempfile::tempdir().unwrap();
            let store = SledKeyValue::open(folder.path()).unwrap();
            let batch = (1..=20).map(|number| (vec![number], Some(value(number)))).collect();
            store.apply(&batch).unwrap();
            store.flush().unwrap();
            folder
        };
        let slabs = |folder: &Path| -> Vec<PathBuf> {
            let entries = fs::read_dir(folder.join("0000000001/slabs")).unwrap();
            let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
            files.retain(|path| path.metadata().unwrap().len() > 0);
            files.sort();
            files
        };
        let count = slabs(filled().path()).len();
        assert!(count > 0);
        for index in 0..count {
            let folder = filled();
            fs::remove_file(&slabs(folder.path())[index]).unwrap();
            let mut found = 0;
            let read = SledKeyValue::open(folder.path()).and_then(|store| {
                store.scan(b"", &mut |_, _| {
                    found += 1;
                    ControlFlow::Continue(())
                })
            });
            let Err(error) = read else { panic!("it read {found} of 20 values") };
            assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
            let message = error.to_string();
            assert!(message.contains(&folder.path().display().to_string()), "{message}");
            assert!(!message.contains(".rs"), "a place in the source: {message}");
        }
    }
}
