//! Records in sled, the only place that knows it.
//!
//! sled panics on some damage and refuses everything after a failed write; here both become
//! errors, and the next use opens it anew at its last flush (docs/adr/0002).

use std::fs::{self, File};
use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use parking_lot::{Mutex, MutexGuard};

use super::{Batch, KeyValue, Visitor};
use crate::error::{Result, StoreError};

/// Entries in one leaf: the unit that sled reads and writes.
const LEAF_FANOUT: usize = 128;
/// Room for leaves in memory, in bytes.
const CACHE_BYTES: usize = 32 * 1024 * 1024;

/// How long a failed store may take to let go of its folder.
const ABANDON_WAIT: std::time::Duration = std::time::Duration::from_secs(2);

type Db = sled::Db<LEAF_FANOUT>;

type Iter = sled::Iter<LEAF_FANOUT>;

/// An ordered map in a folder.
///
/// sled's handles cannot be shared between threads: one is for the flusher, one for readers, so
/// that no reader waits for a disk that is being flushed to.
pub struct SledKeyValue {
    path: PathBuf,
    /// `None` after a failure, until the next write opens it again.
    writer: Mutex<Option<Db>>,
    reader: Mutex<Option<Db>>,
    /// Used iterators. sled flushes when one is dropped, which only the flusher is to wait for.
    used: Mutex<Vec<Iter>>,
}

impl SledKeyValue {
    /// Opens the store in the folder `path`, and makes it if there is none.
    pub fn open(path: &Path) -> Result<Self> {
        let db = open(path)?;
        Ok(Self {
            path: path.to_path_buf(),
            reader: Mutex::new(Some(db.clone())),
            writer: Mutex::new(Some(db)),
            used: Mutex::default(),
        })
    }

    /// Runs `work` as the writer. After a failure the store is opened again at its last flush.
    fn write(&self, action: &'static str, work: impl FnOnce(&Db) -> io::Result<()>) -> Result<()> {
        let mut writer = self.writer.lock();
        let db = if let Some(db) = writer.take() {
            db
        } else {
            let db = open(&self.path)?;
            *self.reader.lock() = Some(db.clone());
            db
        };
        let db = writer.insert(db);
        let used = std::mem::take(&mut *self.used.lock());
        let done = guarded(&self.path, action, || {
            drop(used);
            work(db)
        });
        if done.is_err() {
            self.abandon(writer);
        }
        done
    }

    fn read<T>(&self, work: impl FnOnce(&Db) -> io::Result<T>) -> Result<T> {
        let reader = self.reader.lock();
        let Some(db) = reader.as_ref() else {
            let failed = io::Error::other("its last write failed; it is opened again");
            return Err(StoreError::io("read", &self.path, failed));
        };
        guarded(&self.path, "read", || work(db))
    }

    /// Lets go of a store that failed while writing.
    fn abandon(&self, mut writer: MutexGuard<'_, Option<Db>>) {
        let handles = (writer.take(), self.reader.lock().take());
        let used = std::mem::take(&mut *self.used.lock());
        // Its destructors flush once more, which may fail again, panic or wait for the flush that
        // failed: on a thread of its own, so that none of it reaches the caller.
        let (done, wait) = std::sync::mpsc::channel();
        let dropper = std::thread::Builder::new().name("store-abandon".into()).spawn(move || {
            let _ = catch_unwind(AssertUnwindSafe(|| drop(used)));
            let _ = catch_unwind(AssertUnwindSafe(|| drop(handles)));
            let _ = done.send(());
        });
        if dropper.is_ok() {
            let _ = wait.recv_timeout(ABANDON_WAIT);
        }
    }
}

fn open(path: &Path) -> Result<Db> {
    guarded(path, "open", || {
        follow_snapshot(&path.join("metadata"))?;
        let mut config = sled::Config::new().path(path).cache_capacity_bytes(CACHE_BYTES);
        // sled's own flusher ends the process when a write fails.
        config.flush_every_ms = None;
        config.zstd_compression_level = 1;
        config.open()
    })
}

/// Adds an empty log where no log follows the newest snapshot.
///
/// Opening writes a new snapshot under the number of the newest log, deletes what that replaces,
/// and begins a log. A kill before the last step leaves a snapshot alone; sled would open that by
/// writing it anew under its own name and then deleting it, and with it everything.
fn follow_snapshot(metadata: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(metadata) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let number = |name: &str, prefix| u64::from_str_radix(name.strip_prefix(prefix)?, 16).ok();
    let (mut snapshot, mut log) = (None, None);
    for entry in entries {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        snapshot = snapshot.max(number(&name, "snapshot_"));
        log = log.max(number(&name, "log_"));
    }
    match snapshot {
        Some(newest) if log <= snapshot => {
            File::create(metadata.join(format!("log_{:016x}", newest + 1)))?.sync_all()
        }
        _ => Ok(()),
    }
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
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => damaged(error.to_string()),
            _ => StoreError::io(action, path, error),
        }),
        Err(panic) => {
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("it gave up without a message");
            Err(damaged(message.lines().next().unwrap_or_default().to_owned()))
        }
    }
}

impl KeyValue for SledKeyValue {
    fn apply(&self, batch: &Batch) -> Result<()> {
        self.write("write", |db| {
            let mut writes = sled::Batch::default();
            for (key, value) in batch {
                match value {
                    Some(value) => writes.insert(key.as_slice(), value.as_slice()),
                    None => writes.remove(key.as_slice()),
                }
            }
            db.apply_batch(writes)
        })
    }

    fn flush(&self) -> Result<()> {
        self.write("flush", |db| db.flush().map(drop))
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
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_between_two_steps_of_opening_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = SledKeyValue::open(folder.path()).unwrap();
        store.apply(&Batch::from([(b"key".to_vec(), Some(b"value".to_vec()))])).unwrap();
        store.flush().unwrap();
        drop(store);
        drop(SledKeyValue::open(folder.path()).unwrap());
        for entry in fs::read_dir(folder.path().join("metadata")).unwrap() {
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
}
