//! The content repository: bytes in append-only segment files, shared, counted and verified.
//!
//! It never writes to a claim again, and never deletes one that anything durable refers to
//! (docs/adr/0003).

mod archive;
mod block;
mod buffer;
mod reader;
mod reclaim;
mod references;
mod segment;
mod writer;

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tutti_model::flowfile::{Claim, ContentSlice};

pub(crate) use self::archive::Limits;
use self::buffer::{BufferedFile, copy};
pub use self::reader::ContentReader;
pub(crate) use self::references::References;
use self::segment::{Active, Segment, Segments};
pub use self::writer::{ClaimGuard, ContentWriter};
use crate::error::{Result, StoreError};
use crate::folder::{Folder, StoredFile};

/// A segment that has this many bytes takes no further content.
pub const SEGMENT_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Where the bytes of `claim` end in its segment file.
pub(crate) fn claim_end(claim: Claim) -> u64 {
    block::end(claim.offset, claim.length).unwrap_or(u64::MAX)
}

/// Content in segment files.
pub(crate) struct ContentRepository {
    folder: Arc<dyn Folder>,
    segments: Mutex<Segments>,
    references: References,
    /// Of what is archived.
    limits: Limits,
}

impl ContentRepository {
    /// The repository in `folder`, with nothing referred to yet.
    pub(crate) fn open(folder: Arc<dyn Folder>, limits: Limits) -> Result<Self> {
        let mut segments = Segments::default();
        for (name, length) in folder.list()? {
            let Some(number) = segment::parse_name(&name) else { continue };
            segments.next_number = segments.next_number.max(number + 1);
            let segment =
                Segment { file: None, length, synced: length, is_active: false, is_suspect: false };
            segments.known.insert(number, segment);
        }
        let segments = Mutex::new(segments);
        Ok(Self { folder, segments, references: References::default(), limits })
    }

    /// No new segment may have a number below `number`, not even after all files are gone.
    pub(crate) fn reserve_numbers(&self, number: u64) {
        let mut segments = self.segments.lock();
        segments.next_number = segments.next_number.max(number);
    }

    /// Begins new content.
    pub(crate) fn create(self: &Arc<Self>) -> ContentWriter {
        ContentWriter::new(Arc::clone(self))
    }

    /// A segment for whoever is first, to be put back.
    fn take_shared(&self) -> Result<Active> {
        let pooled = self.segments.lock().pool.pop();
        pooled.map_or_else(|| self.create_segment(), Ok)
    }

    fn create_segment(&self) -> Result<Active> {
        let number = {
            let mut segments = self.segments.lock();
            segments.next_number += 1;
            segments.next_number - 1
        };
        let name = segment::file_name(number);
        let file = self.with_room(|| self.folder.create(&name))?;
        if let Err(error) = self.with_room(|| file.write_at(block::MAGIC, 0)) {
            // A file without content; if it cannot be removed now, the next opening does.
            let _ = self.folder.remove(&name);
            return Err(error);
        }
        let length = block::MAGIC.len() as u64;
        let file = Arc::new(BufferedFile::new(file, length));
        let segment = Segment {
            file: Some(Arc::clone(&file)),
            length,
            synced: 0,
            is_active: true,
            is_suspect: false,
        };
        let mut segments = self.segments.lock();
        segments.known.insert(number, segment);
        segments.is_folder_dirty = true;
        Ok(Active { number, file, written: length })
    }

    /// Takes a segment back, for the next one if it has room.
    fn put_back(&self, active: Active) {
        if active.written >= SEGMENT_BYTES_MAX {
            self.retire(&active);
            return;
        }
        let mut segments = self.segments.lock();
        if let Some(segment) = segments.known.get_mut(&active.number) {
            segment.length = segment.length.max(active.written);
            segments.pool.push(active);
        }
    }

    /// Ends a segment: nothing more is written to it.
    fn retire(&self, active: &Active) {
        // For a replay. What is needed stays in memory until it is written.
        let _ = active.file.write_out();
        if let Some(segment) = self.segments.lock().known.get_mut(&active.number) {
            segment.length = segment.length.max(active.written);
            segment.is_active = false;
        }
        self.references.offer(active.number);
    }

    /// A reader of `slice`, at its beginning.
    pub(crate) fn open_slice(&self, slice: &ContentSlice) -> Result<ContentReader> {
        let claim = slice.claim;
        self.check(claim)?;
        if slice.offset.checked_add(slice.length).is_none_or(|end| end > claim.length) {
            return Err(StoreError::not_found(format!(
                "part of {} bytes from {} on in content of {} bytes",
                slice.length, slice.offset, claim.length
            )));
        }
        let name = segment::file_name(claim.segment);
        let open = self.segments.lock().known.get(&claim.segment).and_then(|s| s.file.clone());
        let file: Arc<dyn StoredFile> = match open {
            Some(file) => file,
            None => self.folder.open(&name)?,
        };
        Ok(ContentReader {
            file,
            name: self.folder.describe(&name),
            slice: *slice,
            position: 0,
            block: Vec::new(),
            block_number: None,
        })
    }

    /// Whether all of `claim` is there, as far as lengths tell.
    pub(crate) fn check(&self, claim: Claim) -> Result<()> {
        self.check_in(&self.segments.lock(), claim)
    }

    fn check_in(&self, segments: &Segments, claim: Claim) -> Result<()> {
        let place = || self.file_name(claim.segment);
        let Some(segment) = segments.known.get(&claim.segment) else {
            return Err(StoreError::not_found(format!("content file \"{}\"", place())));
        };
        if block::end(claim.offset, claim.length).is_none_or(|end| end > segment.length) {
            return Err(StoreError::corrupt(
                format!("content of {} bytes at byte {}", claim.length, claim.offset),
                place(),
                format!("the file has only {} bytes", segment.length),
            ));
        }
        Ok(())
    }

    /// Whether there is a file of that segment.
    pub(crate) fn has_segment(&self, number: u64) -> bool {
        self.segments.lock().known.contains_key(&number)
    }

    /// The file of a segment, for messages.
    pub(crate) fn file_name(&self, number: u64) -> String {
        self.folder.describe(&segment::file_name(number))
    }

    /// Keeps every segment that there is, whatever refers to it; hands back how many.
    pub(crate) fn hold_all(&self) -> usize {
        let segments = self.segments.lock();
        segments.known.keys().map(|&number| self.references.add(number)).count()
    }

    pub(crate) fn references(&self) -> &References {
        &self.references
    }

    /// Makes the content of `claims` durable: the claims of an epoch before its records.
    pub(crate) fn sync(&self, claims: &BTreeMap<u64, u64>) -> Result<()> {
        if claims.is_empty() {
            return Ok(());
        }
        for (&number, &needed) in claims {
            self.sync_segment(number, needed)?;
        }
        // As late as can be: what follows may delete where the content came from.
        for &number in claims.keys() {
            self.ensure_linked(number)?;
        }
        if std::mem::take(&mut self.segments.lock().is_folder_dirty) {
            self.folder.sync().inspect_err(|_| self.segments.lock().is_folder_dirty = true)?;
        }
        Ok(())
    }

    fn sync_segment(&self, number: u64, needed: u64) -> Result<()> {
        let (file, from, length, is_suspect) = {
            let segments = self.segments.lock();
            let Some(segment) = segments.known.get(&number).filter(|it| it.synced < needed) else {
                return Ok(());
            };
            (segment.file.clone(), segment.synced, segment.length, segment.is_suspect)
        };
        let file: Arc<dyn StoredFile> = match file {
            Some(file) => file,
            // It was archived.
            None => self.open_segment(number)?,
        };
        if is_suspect {
            // The system may count pages as clean that never reached the disk: writing them again
            // makes the next sync mean what it says.
            copy(&*file, &*file, from, length)?;
        }
        let synced = file.sync();
        let mut segments = self.segments.lock();
        if let Some(segment) = segments.known.get_mut(&number) {
            segment.is_suspect = synced.is_err();
            if synced.is_ok() {
                segment.synced = segment.synced.max(length);
            }
        }
        synced
    }

    /// The file of a segment, under its name.
    fn open_segment(&self, number: u64) -> Result<Arc<dyn StoredFile>> {
        let name = segment::file_name(number);
        self.folder.open(&name).map_err(|error| match error {
            StoreError::NotFound { .. } => {
                StoreError::ContentGone { place: self.folder.describe(&name) }
            }
            error => error,
        })
    }

    /// Makes sure that a segment whose bytes are durable can be found. One whose file was removed
    /// is written again under its name, as long as this process has it open.
    fn ensure_linked(&self, number: u64) -> Result<()> {
        let name = segment::file_name(number);
        let gone = || StoreError::ContentGone { place: self.folder.describe(&name) };
        let open = {
            let segments = self.segments.lock();
            let Some(segment) = segments.known.get(&number) else { return Ok(()) };
            segment.file.clone()
        };
        let Some(file) = open else { return self.open_segment(number).map(drop) };
        if !file.is_linked()? {
            let again = file.write_again(|| self.folder.create(&name));
            again.map_err(|error| match error {
                StoreError::Io { action: "create", .. } => gone(),
                error => error,
            })?;
            self.segments.lock().is_folder_dirty = true;
            tracing::warn!("{}: the file was written again", gone());
        }
        let mut segments = self.segments.lock();
        if let Some(segment) = segments.known.get_mut(&number)
            && segment.synced >= segment.length
            && !segment.is_active
        {
            segment.file = None;
        }
        Ok(())
    }

    /// Lets go of the pool; empty segments become garbage.
    pub(crate) fn retire_pool(&self) {
        let pool = std::mem::take(&mut self.segments.lock().pool);
        for active in &pool {
            self.retire(active);
        }
    }

    /// Bytes of all segment files, archived ones included, and how many files there are.
    pub(crate) fn usage(&self) -> (u64, usize) {
        let segments = self.segments.lock();
        let known = segments.known.values().map(|segment| segment.length);
        let bytes = known.chain(segments.condemned.values().copied()).sum();
        (bytes, segments.known.len() + segments.condemned.len())
    }
}
