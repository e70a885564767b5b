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

/// Threads that wait for the disk beside those that have the batches, in the whole process: however
/// many batches there are, the disk is the same.
const HELPERS_MAX: usize = 7;

static HELPERS: AtomicUsize = AtomicUsize::new(0);

/// A thread more that may wait for the disk, until this is dropped.
struct Helper<'c>(&'c AtomicUsize);

impl<'c> Helper<'c> {
    fn of(count: &'c AtomicUsize) -> Option<Self> {
        let more = |count| (count < HELPERS_MAX).then_some(count + 1);
        let is_one_more = count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more).is_ok();
        is_one_more.then(|| Self(count))
    }
}

impl Drop for Helper<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

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
        // Where there is no further thread, those that are there do all of it.
        let help = |_| {
            let helper = Helper::of(&HELPERS)?;
            let name = "file-sync".to_owned();
            let help = move || {
                let _helper = helper;
                work()
            };
            thread::Builder::new().name(name).spawn_scoped(scope, help).ok()
        };
        let others: Vec<_> = (1..files.len()).map_while(help).collect();
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
        #[cfg(target_os = "linux")]
        let together = whole::together(&files).unwrap();
        #[cfg(not(target_os = "linux"))]
        let together = sync(&files);
        for synced in [together, one_by_one(&files)] {
            let failed = synced.iter().map(Result::is_err);
            assert_eq!(failed.collect::<Vec<_>>(), (0..21).map(|at| at == 7).collect::<Vec<_>>());
        }
    }

    #[test]
    fn helpers_are_bounded_and_come_back() {
        let count = AtomicUsize::new(0);
        for _ in 0..2 {
            let helpers: Vec<_> = (0..HELPERS_MAX).map(|_| Helper::of(&count)).collect();
            assert!(helpers.iter().all(Option::is_some));
            assert!(Helper::of(&count).is_none());
        }
        assert_eq!(count.into_inner(), 0);
    }

    #[test]
    fn no_files_are_there_at_once() {
        assert!(sync(&[]).is_empty());
    }
}
