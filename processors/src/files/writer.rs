//! Whether somebody has a file open for writing.
//!
//! Never says yes of a file that nobody writes where that could last: it would never be picked up.

use std::fs::File;
use std::io;

/// The command that chooses a signal, as Linux's `fcntl.h` has it and libc has not.
#[cfg(target_os = "linux")]
const F_SETSIG: libc::c_int = 10;

/// Whether somebody has `file`, which is open for reading only, open for writing.
///
/// Linux gives a lease on a file to read only where nobody can write it, and only to whoever owns
/// the file or may do everything. `false` where that cannot be told: of files of others, on file
/// systems without leases, and on those of other machines, which know only their own writers.
#[cfg(target_os = "linux")]
pub(crate) fn has_writer(file: &File) -> bool {
    // Who opens the file for writing while the lease is held waits for its end, and this process
    // gets a signal: one that ends it, unless another is asked for. Nothing listens to this one.
    if !control(file, F_SETSIG, libc::SIGURG).is_ok_and(|()| !is_remote(file)) {
        return false;
    }
    let lease = control(file, libc::F_SETLEASE, libc::F_RDLCK);
    if lease.is_ok() {
        // It ends with the file at the latest.
        let _ = control(file, libc::F_SETLEASE, libc::F_UNLCK);
    }
    lease.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
}

/// Elsewhere nobody can tell.
#[cfg(not(target_os = "linux"))]
pub(crate) fn has_writer(_: &File) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn control(file: &File, command: libc::c_int, value: libc::c_int) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    // SAFETY: the descriptor is open as long as `file` is, and these commands take a number: they
    // touch no memory of this process.
    #[allow(unsafe_code, reason = "neither the standard library nor rustix knows leases")]
    let result = unsafe { libc::fcntl(file.as_raw_fd(), command, value) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Whether the file is on another machine: there a lease is refused for other reasons, too.
#[cfg(target_os = "linux")]
fn is_remote(file: &File) -> bool {
    /// NFS, SMB before version 2 and since: what Linux calls them.
    const REMOTE: [u64; 3] = [0x6969, 0xFF53_4D42, 0xFE53_4D42];
    // The sign of the number depends on the machine.
    rustix::fs::fstatfs(file).is_ok_and(|there| REMOTE.contains(&u64::from(there.f_type as u32)))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_that_is_open_for_writing_has_a_writer() {
        let written = tempfile::NamedTempFile::new().unwrap();
        let read = || File::open(written.path()).unwrap();
        assert!(has_writer(&read()));
        let path = written.into_temp_path();
        let file = File::open(&path).unwrap();
        let _also_read = File::open(&path).unwrap();
        assert!(!has_writer(&file));
        let writer = File::options().append(true).open(&path).unwrap();
        assert!(has_writer(&file));
        drop(writer);
        assert!(!has_writer(&file), "no lease is left behind either");
    }
}
