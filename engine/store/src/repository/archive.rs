//! The archive of a repository: content that nothing needs any more, kept for a replay.

use std::io;

use tutti_model::flowfile::Content;

use super::Repository;
use crate::content::{ClaimGuard, Limits};
use crate::error::{Result, StoreError};
use crate::folder::Folder;
use crate::options::Options;
use crate::watermark::{PART_BYTES_MAX, part_bytes};

/// How much content is archived. A disk that cannot be asked is a large one.
pub(super) fn limits(content: &dyn Folder, options: &Options) -> Limits {
    let of_disk = || content.space().map_or(PART_BYTES_MAX, part_bytes);
    let bytes_max = options.archive_bytes_max.unwrap_or_else(of_disk);
    Limits { bytes_max, period: options.archive_period }
}

impl Repository {
    /// Bytes of the archived files, and how many there are. Other files hold archived content too,
    /// beside what is needed.
    pub fn archive_usage(&self) -> (u64, usize) {
        self.shared.content.archive_usage()
    }

    /// Keeps `content`, which may be archived, as long as what this hands back lives; content that
    /// is empty needs no keeping. Every byte of it is read before: what is archived may never have
    /// been synced.
    ///
    /// # Errors
    /// When it is not there any more, is damaged or cannot be read.
    pub fn revive(&self, content: &Content) -> Result<Option<ClaimGuard>> {
        let Content::Stored(slice) = content.original() else { return Ok(None) };
        let guard = self.shared.content.revive(slice.claim)?;
        let mut reader = self.shared.content.open_slice(&slice)?;
        let read = io::copy(&mut reader, &mut io::sink());
        let place = || self.shared.content.file_name(slice.claim.segment);
        read.map_err(|error| {
            error.downcast::<StoreError>().unwrap_or_else(|io| StoreError::io("read", place(), io))
        })?;
        Ok(Some(guard))
    }
}
