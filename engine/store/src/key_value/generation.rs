//! The folder that sled works in, and the copy that takes its place after a failed write.
//!
//! After a failed write sled waits for ever for what failed, even in its destructors, and keeps
//! its folder locked while the process lives. So the process forgets it, and goes on with a copy
//! of the folder under the next number. A copy takes that number only when all of it is durable:
//! the highest number is always whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::fs::statvfs;

use crate::folder::disk;

/// Bytes that are written at once to see whether there is room.
const PROBE_BYTES: usize = 64 * 1024;
/// The file that shows whether there is room.
const PROBE: &str = "room";
/// What the name of a copy in the making ends with.
const UNFINISHED: &str = ".copy";

/// The numbered folders of one store, of which the newest counts.
pub(super) struct Generations {
    path: PathBuf,
    number: u64,
}

impl Generations {
    /// Those in the folder `path`; the first is made if there is none. What a newer one replaced
    /// is removed.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        disk::make(path)?;
        let mut numbers = Vec::new();
        for entry in fs::read_dir(path)? {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            if let Ok(number) = name.parse::<u64>() {
                numbers.push(number);
            } else if name.ends_with(UNFINISHED) {
                fs::remove_dir_all(path.join(&*name))?;
            } else if name == PROBE {
                fs::remove_file(path.join(PROBE))?;
            }
        }
        let number = numbers.iter().copied().max().unwrap_or(1);
        let generations = Self { path: path.to_path_buf(), number };
        // A kill may have come before the name of the newest was durable.
        disk::sync(path)?;
        for replaced in numbers.into_iter().filter(|found| *found != number) {
            fs::remove_dir_all(generations.numbered(replaced))?;
        }
        disk::make(&generations.folder())?;
        Ok(generations)
    }

    fn numbered(&self, number: u64) -> PathBuf {
        self.path.join(format!("{number:010}"))
    }

    /// The folder that counts.
    pub(super) fn folder(&self) -> PathBuf {
        self.numbered(self.number)
    }

    /// Whether there is room for `bytes` more on the disk, as far as it says.
    pub(super) fn has_room(&self, bytes: u64) -> io::Result<bool> {
        let disk = statvfs(&self.path)?;
        // A file system that does not know its size says that it has none.
        Ok(disk.f_blocks == 0 || disk.f_bavail.saturating_mul(disk.f_frsize) >= bytes)
    }

    /// Writes `bytes` to the disk, to see that it takes them, and removes them again.
    pub(super) fn try_disk(&self, bytes: u64) -> io::Result<()> {
        let path = self.path.join(PROBE);
        let tried = probe(&path, bytes);
        if tried.is_err() {
            // What there is of it is in the way of others; the next try begins it anew.
            let _ = fs::remove_file(path);
        }
        tried
    }

    /// Goes on with a copy of the folder, once there is room for it and for `room` bytes more.
    pub(super) fn advance(&mut self, room: u64) -> io::Result<()> {
        let (before, next) = (self.folder(), self.numbered(self.number + 1));
        let copy = next.with_extension(UNFINISHED.trim_start_matches('.'));
        match fs::remove_dir_all(&copy) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // A thread of the forgotten store may still be putting logs together, which removes some.
        let names = list(&before)?;
        let copied = copy_synced(&before, &copy).and_then(|()| probe(&copy.join(PROBE), room));
        if let Err(error) = copied {
            // It is in the way of those who need room; the next attempt removes what is left.
            let _ = fs::remove_dir_all(&copy);
            return Err(error);
        }
        if list(&before)? != names || list(&copy)?.len() != names.len() {
            return Err(io::Error::other("its files changed while they were copied"));
        }
        fs::rename(&copy, &next)?;
        self.number += 1;
        disk::sync(&self.path)?;
        // If it cannot be removed now, the next opening does.
        let _ = fs::remove_dir_all(before);
        Ok(())
    }
}

/// The paths of everything in `folder`, sorted.
fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.extend(list(&entry.path())?);
        }
        found.push(entry.path());
    }
    found.sort();
    Ok(found)
}

fn copy_synced(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_synced(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            disk::sync(&target)?;
        }
    }
    disk::sync(to)
}

/// Whether `bytes` find room in a file, which is removed again.
fn probe(path: &Path, bytes: u64) -> io::Result<()> {
    let mut file = File::create(path)?;
    let block = vec![0; PROBE_BYTES];
    for _ in 0..bytes.div_ceil(PROBE_BYTES as u64) {
        file.write_all(&block)?;
    }
    file.sync_all()?;
    fs::remove_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::disk::tests::take_synced;

    #[test]
    fn the_highest_number_counts_and_the_rest_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records");
        let mut generations = Generations::open(&path).unwrap();
        fs::create_dir(generations.folder().join("metadata")).unwrap();
        fs::write(generations.folder().join("metadata/log"), b"bytes").unwrap();
        take_synced();
        generations.advance(100_000).unwrap();
        let copied = ["metadata/log", "metadata", ""];
        let copied = copied.map(|name| path.join("0000000002.copy").join(name));
        assert_eq!(
            take_synced(),
            [&copied[..], std::slice::from_ref(&path)].concat(),
            "and then its name"
        );
        assert_eq!(generations.folder(), path.join("0000000002"));
        assert_eq!(fs::read(path.join("0000000002/metadata/log")).unwrap(), b"bytes");
        assert_eq!(fs::read_dir(&path).unwrap().count(), 1);
        // As a kill within the next copy, or right after it, leaves them.
        fs::create_dir(path.join("0000000003.copy")).unwrap();
        fs::create_dir_all(path.join("0000000001/metadata")).unwrap();
        fs::write(path.join(PROBE), b"a part").unwrap();
        let again = Generations::open(&path).unwrap();
        assert_eq!(again.folder(), path.join("0000000002"));
        assert_eq!(fs::read_dir(&path).unwrap().count(), 1);
    }
}
