//! All that a file system holds is brought to the disk, and with it some files.
//!
//! One by one, each of many small files costs several writes and a flush; together they cost a few
//! writes and one flush. But all that others have written there is waited for, too: so it is done
//! only where little is
//! ([why](../../../../docs/adr/0021-many-files-are-brought-to-the-disk-together.md)).

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;

/// Fewer files are brought to the disk one by one.
const FILES_MIN: usize = 4;
/// So much may wait to be written in the whole system, these files included: a second's work of a
/// disk that is not fast.
const DIRTY_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// ext4, XFS and Btrfs, as Linux calls them: these bring all to the disk as durably as a file, and
/// say when they cannot. Others, above all those that a program serves, may promise less.
const FIT: [u64; 3] = [0xEF53, 0x5846_5342, 0x9123_683E];

/// Brings `files` to the disk, with all of their file system; `None` when they are to be brought
/// there one by one.
pub(super) fn sync(files: &[&File]) -> Option<Vec<io::Result<()>>> {
    if files.len() < FILES_MIN || !is_one_fit(files) || dirty_bytes()? > DIRTY_BYTES_MAX {
        return None;
    }
    together(files)
}

/// Brings the one file system of `files` to the disk; `None` when something went wrong there: each
/// file can tell for itself whether it was that.
pub(super) fn together(files: &[&File]) -> Option<Vec<io::Result<()>>> {
    let first = files.first()?;
    rustix::fs::syncfs(first).ok()?;
    // ext2, and ext4 without a journal, have the same number and may leave it in the disk's cache.
    first.sync_data().ok()?;
    Some(files.iter().map(|file| written(file)).collect())
}

/// Whether all lie in one file system, and that is fit for it.
fn is_one_fit(files: &[&File]) -> bool {
    let device = |file: &File| file.metadata().ok().map(|there| there.dev());
    let Some(first) = files.first() else { return false };
    let Some(one) = device(first) else { return false };
    let Ok(there) = rustix::fs::fstatfs(first) else { return false };
    // The sign of the number depends on the machine.
    FIT.contains(&u64::from(there.f_type as u32))
        && files.iter().all(|file| device(file) == Some(one))
}

/// How much waits to be written in the whole system, in bytes.
fn dirty_bytes() -> Option<u64> {
    let told = fs::read_to_string("/proc/meminfo").ok()?;
    let waiting = kilobytes(&told, "Dirty:")?.saturating_add(kilobytes(&told, "Writeback:")?);
    Some(waiting.saturating_mul(1024))
}

fn kilobytes(told: &str, name: &str) -> Option<u64> {
    let line = told.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// Whether the bytes of a file were written that the system has begun to write: before Linux 5.8
/// only the file itself says so.
fn written(file: &File) -> io::Result<()> {
    // SAFETY: the descriptor is open as long as `file` is, and the call touches no memory of this
    // process.
    #[allow(unsafe_code, reason = "neither the standard library nor rustix has it")]
    let result =
        unsafe { libc::sync_file_range(file.as_raw_fd(), 0, 0, libc::SYNC_FILE_RANGE_WAIT_AFTER) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn files_of_one_file_system_are_brought_there_together() {
        let mut files: Vec<File> = (0..FILES_MIN).map(|_| tempfile::tempfile().unwrap()).collect();
        for file in &mut files {
            file.write_all(b"sound").unwrap();
        }
        let files: Vec<&File> = files.iter().collect();
        let synced = together(&files).unwrap();
        assert!(synced.len() == FILES_MIN && synced.iter().all(Result::is_ok), "{synced:?}");
        assert!(sync(&files[1..]).is_none(), "these are few");
    }

    #[test]
    fn other_files_are_not() {
        let files: Vec<File> = (0..FILES_MIN).map(|_| tempfile::tempfile().unwrap()).collect();
        let mut files: Vec<&File> = files.iter().collect();
        let elsewhere = File::open("/proc/self/stat").unwrap();
        assert!(!is_one_fit(&[&elsewhere; FILES_MIN]), "nothing of that is on a disk");
        files.push(&elsewhere);
        assert!(!is_one_fit(&files));
        assert!(!is_one_fit(&[]));
    }

    #[test]
    fn what_waits_to_be_written_is_known() {
        assert_eq!(kilobytes("Mem: 7 kB\nDirty:   12 kB\nWriteback: 1 kB\n", "Dirty:"), Some(12));
        for told in ["", "Dirty: 12", "Dirty: x kB", "Dirty: 99999999999999999999 kB"] {
            assert_eq!(kilobytes(told, "Dirty:"), None, "{told}");
        }
        assert!(dirty_bytes().is_some());
    }
}
