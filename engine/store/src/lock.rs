//! The data folder's lock and format: one process at a time, and only a format that it knows.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

use crate::error::{Result, StoreError};
use crate::folder::disk;

/// The folder of records within the data folder.
pub(crate) const RECORDS: &str = "records";
/// The format that this program reads and writes.
const FORMAT: u32 = 3;
/// The file that says so.
const FORMAT_FILE: &str = "format";
/// What the format file says before the number.
const FORMAT_TITLE: &str = "tutti data folder, format ";

/// How often, and how long each time, to wait for what a process left that is not there any more.
const WAITS_MAX: u32 = 400;
const WAIT: Duration = Duration::from_millis(5);

/// The file that names the process.
const NAME: &str = "lock";

/// What lies in a data folder.
const OWN: [&str; 7] = ["at-work", "content", "epoch", FORMAT_FILE, NAME, "provenance", RECORDS];

/// Holds the data folder until it is dropped.
///
/// The folder itself is locked, as any file in it may be deleted: the file `lock` only names the
/// process, for messages.
#[derive(Debug)]
pub(crate) struct FolderLock {
    folder: File,
}

impl FolderLock {
    /// Locks the folder `path`, which is made if it is not there. Of one that another process holds
    /// nothing is changed.
    pub(crate) fn take(path: &Path) -> Result<Self> {
        disk::make(path).map_err(|error| StoreError::io("create", path, error))?;
        let name = path.join(NAME);
        let folder = File::open(path).map_err(|error| StoreError::io("open", path, error))?;
        match lock(&folder, &name) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = holder(&name).map_or("another process".into(), |pid| {
                    format!("process {}", pid.as_raw_nonzero())
                });
                return Err(StoreError::Locked { path: path.to_path_buf(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(StoreError::io("lock", path, error)),
        }
        refuse_foreign(path)?;
        let process = format!("{}\n", std::process::id());
        fs::write(&name, process).map_err(|error| StoreError::io("write", &name, error))?;
        Ok(Self { folder })
    }
}

/// Refuses a folder of somebody's files, so that ours do not come among them. What is hidden, and
/// what a disk has of itself, does not count.
fn refuse_foreign(path: &Path) -> Result<()> {
    let failed = |error| StoreError::io("list", path, error);
    let mut foreign = None;
    for entry in fs::read_dir(path).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let name = name.to_string_lossy();
        if OWN.contains(&&*name) {
            return Ok(());
        }
        if !name.starts_with('.') && name != "lost+found" {
            foreign = Some(name.into_owned());
        }
    }
    match foreign {
        Some(found) => Err(StoreError::Foreign { path: path.to_path_buf(), found }),
        None => Ok(()),
    }
}

/// Locks the folder, and waits a while when the process that `name` names is not there any more.
///
/// sled tries to start a program as it opens (docs/adr/0002). Between its birth and its end such a
/// child holds all that its parent holds, also when that was killed meanwhile.
fn lock(folder: &File, name: &Path) -> std::result::Result<(), TryLockError> {
    for _ in 0..WAITS_MAX {
        match folder.try_lock() {
            Err(TryLockError::WouldBlock) if holder(name).is_some_and(|pid| !is_alive(pid)) => {
                thread::sleep(WAIT);
            }
            tried => return tried,
        }
    }
    folder.try_lock()
}

/// The process that the file `name` names.
fn holder(name: &Path) -> Option<Pid> {
    let mut text = String::new();
    File::open(name).ok()?.take(64).read_to_string(&mut text).ok()?;
    Pid::from_raw(text.trim().parse().ok()?)
}

/// Whether there is such a process, also when it is somebody else's.
fn is_alive(pid: Pid) -> bool {
    test_kill_process(pid) != Err(Errno::SRCH)
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // A closed file is unlocked anyway; this only says so.
        let _ = self.folder.unlock();
    }
}

/// What the format file of a data folder that may be opened says.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Format {
    /// The known format.
    Known,
    /// Nothing, or it is not there. Whether the folder is of the known format is seen in its
    /// records, which have versions of their own.
    Lost,
}

impl Format {
    /// Writes a lost format anew, once the records were read; hands back what to tell.
    pub(crate) fn settle(&self, path: &Path) -> Result<Option<String>> {
        if *self == Self::Known {
            return Ok(None);
        }
        write_format(path)?;
        Ok(Some(format!(
            "the format file \"{}\" was gone or empty: the records are of format {FORMAT}, so it \
            was written anew",
            path.join(FORMAT_FILE).display()
        )))
    }
}

/// Checks the format of the folder `path`, or writes it into a new one.
pub(crate) fn check_format(path: &Path) -> Result<Format> {
    let name = path.join(FORMAT_FILE);
    match fs::read(&name) {
        Ok(bytes) if bytes.is_empty() && path.join(RECORDS).exists() => Ok(Format::Lost),
        Ok(bytes) if bytes.is_empty() => write_format(path).map(|()| Format::Known),
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            let number = text.strip_prefix(FORMAT_TITLE).and_then(|rest| rest.strip_suffix('\n'));
            match number.map(str::parse::<u32>) {
                Some(Ok(FORMAT)) => Ok(Format::Known),
                Some(Ok(number)) => Err(StoreError::Version {
                    path: path.to_path_buf(),
                    found: number.to_string(),
                    known: FORMAT,
                }),
                _ => Err(StoreError::corrupt(
                    "the format",
                    name.display().to_string(),
                    format!("it says \"{}\"", text.trim_end().escape_debug()),
                )),
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if path.join(RECORDS).exists() {
                return Ok(Format::Lost);
            }
            write_format(path).map(|()| Format::Known)
        }
        Err(error) => Err(StoreError::io("read", &name, error)),
    }
}

fn write_format(path: &Path) -> Result<()> {
    write_synced(&path.join(FORMAT_FILE), &format!("{FORMAT_TITLE}{FORMAT}\n"))?;
    disk::sync(path).map_err(|error| StoreError::io("sync", path, error))
}

/// Writes `text` to the file `name` so that it is there whole or not at all.
fn write_synced(name: &Path, text: &str) -> Result<()> {
    let failed = |error| StoreError::io("write", name, error);
    let temporary = name.with_extension("new");
    let mut file = File::create(&temporary).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| disk::sync(&temporary)).map_err(failed)?;
    fs::rename(&temporary, name).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::disk::tests::take_synced;

    #[test]
    fn what_a_dead_process_left_locked_is_waited_for_and_a_living_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let lock = FolderLock::take(folder.path()).unwrap();
        let told = FolderLock::take(folder.path()).unwrap_err().to_string();
        assert!(told.contains(&format!("process {}", std::process::id())), "{told}");
        // As a child of a killed process holds it: the file names one that is gone.
        let mut gone = std::process::Command::new("true").spawn().unwrap();
        gone.wait().unwrap();
        fs::write(folder.path().join("lock"), format!("{}\n", gone.id())).unwrap();
        let child = thread::spawn(move || {
            thread::sleep(WAIT * 10);
            drop(lock);
        });
        FolderLock::take(folder.path()).unwrap();
        child.join().unwrap();
    }

    #[test]
    fn a_folder_of_other_files_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let names = || fs::read_dir(folder.path()).unwrap().count();
        for (name, is_refused) in [(".hidden", false), ("lost+found", false), ("a.wav", true)] {
            fs::write(folder.path().join(name), "x").unwrap();
            let before = names();
            match FolderLock::take(folder.path()) {
                Err(StoreError::Foreign { found, .. }) => {
                    assert_eq!((is_refused, &*found, names()), (true, name, before));
                }
                taken => {
                    drop(taken.unwrap());
                    assert!(!is_refused, "{name}");
                    fs::remove_file(folder.path().join(NAME)).unwrap();
                }
            }
        }
        // With one of ours among them it is a data folder, whatever somebody has put there.
        fs::create_dir(folder.path().join(RECORDS)).unwrap();
        FolderLock::take(folder.path()).unwrap();
    }

    #[test]
    fn the_format_is_durable_before_it_has_its_name_and_then_its_name_is() {
        let folder = tempfile::tempdir().unwrap();
        take_synced();
        assert_eq!(check_format(folder.path()).unwrap(), Format::Known);
        assert_eq!(take_synced(), [folder.path().join("format.new"), folder.path().into()]);
        assert_eq!(check_format(folder.path()).unwrap(), Format::Known);
        assert!(take_synced().is_empty(), "nothing was written");
    }
}
