//! What becomes of content that nothing refers to any more: it is kept for a replay as long as
//! there is room, then deleted; or referred to again.
//!
//! It never deletes what is referred to: whoever refers to a segment again does so under the lock
//! under which it is decided that it goes.

use std::sync::Arc;

use tutti_model::flowfile::{Claim, Timestamp};

use super::{ContentRepository, segment};
use crate::content::writer::ClaimGuard;
use crate::error::{Result, StoreError};

impl ContentRepository {
    /// Archives what nothing refers to any more, and deletes what the archive does not keep; hands
    /// back how many files were deleted. What cannot be deleted now is tried again with the next
    /// call.
    pub(crate) fn reclaim(&self, now: Timestamp) -> Result<usize> {
        for number in self.references.take_garbage() {
            self.archive(number, now);
        }
        {
            let mut segments = self.segments.lock();
            while let Some(number) = segments.archive.pop_beyond(&self.limits, now) {
                self.condemn(&mut segments, number);
            }
        }
        self.delete_condemned()
    }

    /// Deletes the eldest of what is archived, so many bytes if there are; hands back how many.
    pub(crate) fn give_way(&self, bytes: u64) -> Result<u64> {
        let mut given = 0;
        {
            let mut segments = self.segments.lock();
            while given < bytes
                && let Some((number, bytes)) = segments.archive.pop()
            {
                given += bytes;
                self.condemn(&mut segments, number);
            }
        }
        self.delete_condemned().map(|_| given)
    }

    /// Does `write`, and once more when there was no room for it and the archive gives some up.
    pub(crate) fn with_room<T>(&self, mut write: impl FnMut() -> Result<T>) -> Result<T> {
        let written = write();
        let is_full = matches!(written, Err(StoreError::DiskFull { .. }));
        let gave_way =
            is_full && self.give_way(super::SEGMENT_BYTES_MAX).is_ok_and(|given| given > 0);
        if gave_way { write() } else { written }
    }

    /// Bytes of the archived files, and how many there are.
    pub(crate) fn archive_usage(&self) -> (u64, usize) {
        self.segments.lock().archive.usage()
    }

    /// When the next archived file is to be deleted for its age.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.segments.lock().archive.next_due(&self.limits)
    }

    /// Offers every segment that nothing refers to.
    pub(crate) fn offer_unreferenced(&self) {
        let segments = self.segments.lock();
        let idle = segments
            .known
            .iter()
            .filter(|(number, segment)| !segment.is_active && self.references.count(**number) == 0);
        idle.for_each(|(&number, _)| self.references.offer(number));
    }

    /// Keeps the content of `claim`, which may be archived, as long as the guard lives. Whether its
    /// bytes are as they were is seen when they are read.
    pub(crate) fn revive(self: &Arc<Self>, claim: Claim) -> Result<ClaimGuard> {
        let mut segments = self.segments.lock();
        self.check_in(&segments, claim)?;
        if self.references.count(claim.segment) == 0 {
            segments.archive.remove(claim.segment);
        }
        self.references.add(claim.segment);
        if let Some(segment) = segments.known.get_mut(&claim.segment) {
            // What was never durable was not synced; a process before this one may have left it.
            segment.synced = 0;
        }
        segments.is_folder_dirty = true;
        drop(segments);
        Ok(ClaimGuard::new(Arc::clone(self), claim))
    }

    /// Archives a segment, or condemns it.
    fn archive(&self, number: u64, now: Timestamp) {
        let (file, is_kept) = {
            let segments = self.segments.lock();
            let Some(segment) = segments.known.get(&number).filter(|each| !each.is_active) else {
                return;
            };
            (segment.file.clone(), self.limits.admit(segment.length))
        };
        // It may have to wait for the disk, and others need the lock.
        let is_written = is_kept && file.is_none_or(|file| file.write_out().is_ok());
        let mut segments = self.segments.lock();
        if self.references.count(number) > 0 {
            return;
        }
        if !is_written {
            return self.condemn(&mut segments, number);
        }
        if let Some(segment) = segments.known.get_mut(&number) {
            // As many files as fit would be open.
            segment.file = None;
            let bytes = segment.length;
            segments.archive.add(number, bytes, now);
        }
    }

    /// From now on nobody finds the segment; its file is to be deleted.
    fn condemn(&self, segments: &mut segment::Segments, number: u64) {
        if self.references.count(number) == 0
            && let Some(segment) = segments.known.remove(&number)
        {
            segments.condemned.insert(number, segment.length);
        }
    }

    fn delete_condemned(&self) -> Result<usize> {
        let condemned: Vec<u64> = self.segments.lock().condemned.keys().copied().collect();
        let (mut count, mut failed) = (0, None);
        for number in condemned {
            match self.folder.remove(&segment::file_name(number)) {
                Ok(()) => {
                    count += 1;
                    self.segments.lock().condemned.remove(&number);
                }
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(count), Err)
    }
}
