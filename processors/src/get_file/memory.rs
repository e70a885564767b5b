//! What the source knows between two triggers; nothing that a restart must not forget.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use parking_lot::Mutex;

use super::listing::Listing;
use crate::files::paths;
use crate::files::version::{Candidate, Version};
use crate::news::News;

/// What one trigger picks up. Unless it is committed, whatever ends the trigger, it is found again.
pub(super) struct Taken<'m> {
    memory: &'m Mutex<Memory>,
    paths: Vec<PathBuf>,
    pub(super) is_committed: bool,
}

impl<'m> Taken<'m> {
    pub(super) fn new(memory: &'m Mutex<Memory>) -> Self {
        Self { memory, paths: Vec::new(), is_committed: false }
    }

    /// A file that is to be deleted, and not to be picked up again until then.
    pub(super) fn note(&mut self, path: &Path, version: Version) {
        self.memory.lock().taken.insert(path.to_owned(), version);
        self.paths.push(path.to_owned());
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if !self.is_committed {
            let mut memory = self.memory.lock();
            for path in &self.paths {
                memory.taken.remove(path);
            }
            memory.listed_at_ms = None;
        }
    }
}

#[derive(Default)]
pub(super) struct Memory {
    /// Files to pick up, in the order of the listing.
    pub(super) waiting: VecDeque<Candidate>,
    /// Files that were picked up in this run and are to be deleted.
    pub(super) taken: BTreeMap<PathBuf, Version>,
    /// Those of them that were deleted since the last look began, which may have seen them before.
    deleted: Vec<PathBuf>,
    listed_at_ms: Option<u64>,
    /// Problems that were told.
    pub(super) news: News,
}

impl Memory {
    /// Whether the interval since the last look is over; notes the look if so.
    pub(super) fn is_time(&mut self, now_ms: u64, interval_ms: u64) -> bool {
        let is_time =
            self.listed_at_ms.is_none_or(|last| now_ms.saturating_sub(last) >= interval_ms);
        if is_time {
            self.listed_at_ms = Some(now_ms);
            // A look that begins now sees none of them.
            for path in self.deleted.drain(..) {
                self.taken.remove(&path);
            }
        }
        is_time
    }

    /// A file that was picked up is not there any more, unless it is another one by now.
    pub(super) fn note_deleted(&mut self, path: PathBuf) {
        self.deleted.push(path);
    }

    /// Takes in files that were found, and says whether there are any.
    pub(super) fn wait_for(&mut self, ready: Vec<Candidate>) -> bool {
        self.waiting.extend(ready);
        !self.waiting.is_empty()
    }

    pub(super) fn next_batch(&mut self, max: usize) -> Vec<Candidate> {
        let count = max.min(self.waiting.len());
        self.waiting.drain(..count).collect()
    }

    /// Drops what is known of files that are not there any more.
    pub(super) fn forget_vanished(&mut self, listing: &Listing) {
        self.taken.retain(|path, _| !listing.has_vanished(&paths::to_text(path)));
        let is_there =
            |about: &String| listing.seen.contains(about) || listing.look.troubled.contains(about);
        self.news.retain(is_there);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_deleted_during_a_look_is_known_to_it_and_forgotten_by_the_next() {
        let mut memory = Memory::default();
        assert!(memory.is_time(7, 0));
        let path = PathBuf::from("a.wav");
        let version = Version::of(&std::fs::metadata(".").unwrap());
        memory.taken.insert(path.clone(), version);
        memory.note_deleted(path.clone());
        assert_eq!(memory.taken.get(&path), Some(&version));
        assert!(!memory.is_time(8, 5) && memory.taken.contains_key(&path));
        assert!(memory.is_time(12, 5) && memory.taken.is_empty());
    }

    #[test]
    fn what_was_not_committed_is_found_again_however_the_trigger_ended() {
        let memory = Mutex::<Memory>::default();
        let path = Path::new("a.wav");
        let version = Version::of(&std::fs::metadata(".").unwrap());
        for is_committed in [false, true] {
            assert!(memory.lock().is_time(7, 0));
            let mut taken = Taken::new(&memory);
            taken.note(path, version);
            assert!(memory.lock().taken.contains_key(path), "not twice at the same time");
            taken.is_committed = is_committed;
            drop(taken);
            let memory = memory.lock();
            assert_eq!(memory.taken.contains_key(path), is_committed);
            assert_eq!(memory.listed_at_ms.is_some(), is_committed, "and looked for at once");
        }
    }
}
