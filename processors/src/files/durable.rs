//! Files that were written are brought to the disk, many at a time.
//!
//! Never says of a file that it is there before the disk has said so, and never lets one that
//! failed answer for another.

#[cfg(target_os = "linux")]
mod whole;

use std::fs::File;
use std::io;
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Threads that wait for the disk at a time, for one batch.
const THREADS_MAX: usize = 8;

/// Brings files to the disk; hands back for each, in their order, whether it is there.
pub(crate) fn sync(files: &[&File]) -> Vec<io::Result<()>> {
    #[cfg(target_os = "linux")]
    if let Some(synced) = whole::sync(files) {
        return synced;
    }
    one_by_one(files)
}

/// Brings each to the disk by itself. While one waits for the disk the next ones do, too: what they
/// wait for is often the same flush.
fn one_by_one(files: &[&File]) -> Vec<io::Result<()>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut synced = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(place) else { return synced };
            synced.push((place, file.sync_data()));
        }
    };
    let mut synced = thread::scope(|scope| {
        // Where the system gives no thread, those that are there do all of it.
        let others: Vec<_> = (1..files.len().min(THREADS_MAX))
            .map_while(|_| thread::Builder::new().spawn_scoped(scope, work).ok())
            .collect();
        let mut synced = work();
        for other in others {
            synced.extend(other.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
        }
        synced
    });
    synced.sort_unstable_by_key(|(place, _)| *place);
    synced.into_iter().map(|(_, synced)| synced).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn one_that_fails_fails_alone() {
        let mut good: Vec<File> = (0..20).map(|_| tempfile::tempfile().unwrap()).collect();
        for file in &mut good {
            file.write_all(b"sound").unwrap();
        }
        // A device cannot be brought to a disk.
        let bad = File::options().write(true).open("/dev/full").unwrap();
        let mut files: Vec<&File> = good.iter().collect();
        files.insert(7, &bad);
        for synced in [sync(&files), one_by_one(&files)] {
            let failed = synced.iter().map(Result::is_err);
            assert_eq!(failed.collect::<Vec<_>>(), (0..21).map(|at| at == 7).collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_files_are_there_at_once() {
        assert!(sync(&[]).is_empty());
    }
}
