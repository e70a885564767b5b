//! Follows files that are changed while the server runs, on a thread of its own: a disk that does
//! not answer holds up nobody.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, SystemTime};

/// How often files are looked at.
const PERIOD: Duration = Duration::from_millis(500);

/// Files that are read anew together once one of them is another.
pub(crate) struct Followed {
    pub(crate) files: Vec<PathBuf>,
    /// Takes them; what hinders that is told, and what was there before goes on.
    pub(crate) read: Box<dyn FnMut() -> Result<(), String> + Send>,
    seen: Vec<Option<Stamp>>,
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    /// A file that was put in the place of another has a number of its own.
    number: u64,
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&metadata);
        #[cfg(not(unix))]
        let number = 0;
        Some(Self { modified: metadata.modified().ok(), length: metadata.len(), number })
    }
}

impl Followed {
    /// Must be called before the files are read for the first time, so that nothing is missed.
    pub(crate) fn new(files: Vec<PathBuf>) -> Self {
        let seen = files.iter().map(|path| Stamp::of(path)).collect();
        Self { files, read: Box::new(|| Ok(())), seen }
    }

    /// What is done when they change.
    pub(crate) fn reading(
        mut self,
        read: impl FnMut() -> Result<(), String> + Send + 'static,
    ) -> Self {
        self.read = Box::new(read);
        self
    }

    fn look(&mut self) {
        let found: Vec<_> = self.files.iter().map(|path| Stamp::of(path)).collect();
        if found == self.seen {
            return;
        }
        self.seen = found;
        if let Err(why) = (self.read)() {
            tracing::error!("what has changed is not taken, what was there before holds: {why}");
        }
    }
}

/// Files are followed until this is dropped.
#[derive(Debug)]
pub(crate) struct Following {
    _end: Sender<()>,
}

/// Follows files.
pub(crate) fn follow(mut all: Vec<Followed>) -> std::io::Result<Following> {
    let (end, ended) = channel();
    thread::Builder::new().name("api-files".to_owned()).spawn(move || {
        while ended.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
            for followed in &mut all {
                followed.look();
            }
        }
    })?;
    Ok(Following { _end: end })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_file_is_read_once_for_each_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let reads = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&reads);
        let mut followed = Followed::new(vec![path.clone()]).reading(move || {
            count.fetch_add(1, Ordering::SeqCst);
            Err("as told".to_owned())
        });
        let mut looked = || {
            followed.look();
            followed.look();
            reads.load(Ordering::SeqCst)
        };
        assert_eq!(looked(), 0);
        fs::write(&path, "a").unwrap();
        assert_eq!(looked(), 1);
        // Of the same length, in the same moment.
        let other = folder.path().join("other");
        fs::write(&other, "b").unwrap();
        fs::rename(&other, &path).unwrap();
        assert_eq!(looked(), 2);
        fs::remove_file(&path).unwrap();
        assert_eq!(looked(), 3);
    }
}
