//! Content goes to a store, whole or not at all, a few megabytes of it in memory.

use std::fmt::Write as _;
use std::io::{self, Read};
use std::sync::Arc;

use bytes::Bytes;
use object_store::path::Path;
use object_store::{
    Attributes, MultipartUpload, ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions,
    PutOptions, PutPayload, PutResult,
};
use sha2::{Digest, Sha256};
use tutti_sdk::{ContentReader, ProcessError};

use super::ConflictResolution;
use crate::objects::requests::Requests;

/// What is put in one request at most, and the size of the first parts of larger content.
pub(super) const PART_BYTES: usize = 8 * 1024 * 1024;
/// Stores allow 10,000 parts: after so many the parts are twice as large, and so on.
const PARTS_OF_ONE_SIZE: usize = 1_500;

/// What to put, and where.
pub(super) struct Upload<'a> {
    pub(super) requests: Requests<'a>,
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) location: Path,
    pub(super) attributes: Attributes,
    pub(super) conflict: ConflictResolution,
}

/// What the store has now.
pub(super) struct Stored {
    /// The store's tag of this version, where it gives one.
    pub(super) e_tag: Option<String>,
    /// The store's name of this version, where it keeps versions.
    pub(super) version: Option<String>,
    pub(super) size_bytes: u64,
    pub(super) sha256: String,
}

/// Reads content, and notes how much and what it was.
pub(super) struct Counted {
    reader: ContentReader,
    hash: Sha256,
    size_bytes: u64,
}

impl Counted {
    pub(super) fn new(reader: ContentReader) -> Self {
        Self { reader, hash: Sha256::new(), size_bytes: 0 }
    }

    pub(super) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// The next part, shorter than `bytes_max` only at the end.
    fn next(mut self, bytes_max: usize) -> Result<(Self, Bytes), ProcessError> {
        let mut part = Vec::new();
        (&mut self)
            .take(bytes_max as u64)
            .read_to_end(&mut part)
            .map_err(ProcessError::unreadable)?;
        Ok((self, part.into()))
    }

    /// What the store has when it has all that was read, with the store's tag and version of it.
    pub(super) fn stored(self, e_tag: Option<String>, version: Option<String>) -> Stored {
        let mut sha256 = String::new();
        for byte in self.hash.finalize() {
            // Writing to a text cannot fail.
            let _ = write!(sha256, "{byte:02x}");
        }
        Stored { e_tag, version, size_bytes: self.size_bytes, sha256 }
    }
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        self.size_bytes += count as u64;
        Ok(count)
    }
}

impl Upload<'_> {
    /// Puts all of `reader`; `None` when there is an object already and is to be left.
    pub(super) async fn put(&self, reader: ContentReader) -> Result<Option<Stored>, ProcessError> {
        if self.conflict != ConflictResolution::Replace && self.exists().await? {
            return conflicting(self.conflict, &self.location);
        }
        let (parts, first) = self.next(Counted::new(reader), PART_BYTES).await?;
        if first.len() < PART_BYTES {
            let Some(result) = self.put_at_once(first).await? else {
                return conflicting(self.conflict, &self.location);
            };
            return self.verified(result, parts).await.map(Some);
        }
        let Some((result, parts)) = self.put_in_parts(parts, first).await? else {
            return conflicting(self.conflict, &self.location);
        };
        self.verified(result, parts).await.map(Some)
    }

    async fn next(&self, parts: Counted, max: usize) -> Result<(Counted, Bytes), ProcessError> {
        self.requests.context.blocking(move || parts.next(max)).await?
    }

    async fn exists(&self) -> Result<bool, ProcessError> {
        match self.requests.within_time("look for", self.store.head(&self.location)).await? {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(self.requests.failed("look for", &error)),
        }
    }

    /// `None` when another object came first.
    async fn put_at_once(&self, bytes: Bytes) -> Result<Option<PutResult>, ProcessError> {
        let put = |mode| {
            let options =
                PutOptions { mode, attributes: self.attributes.clone(), ..PutOptions::default() };
            let payload = PutPayload::from_bytes(bytes.clone());
            self.requests.within_time("put", self.store.put_opts(&self.location, payload, options))
        };
        let result = if self.conflict == ConflictResolution::Replace {
            put(PutMode::Overwrite).await?
        } else {
            match put(PutMode::Create).await? {
                // Not every store can; that there was no object was asked before.
                Err(
                    object_store::Error::NotImplemented { .. }
                    | object_store::Error::NotSupported { .. },
                ) => put(PutMode::Overwrite).await?,
                other => other,
            }
        };
        match result {
            Ok(result) => Ok(Some(result)),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(None),
            Err(error) => Err(self.requests.failed("put", &error)),
        }
    }

    /// `None` when another object came first.
    async fn put_in_parts(
        &self,
        parts: Counted,
        first: Bytes,
    ) -> Result<Option<(PutResult, Counted)>, ProcessError> {
        let options = PutMultipartOptions {
            attributes: self.attributes.clone(),
            ..PutMultipartOptions::default()
        };
        let begun = self.store.put_multipart_opts(&self.location, options);
        let mut upload = self
            .requests
            .within_time("begin to put", begun)
            .await?
            .map_err(|error| self.requests.failed("begin to put", &error))?;
        let sent = self.send_parts(&mut *upload, parts, first).await;
        if !matches!(sent, Ok(Some(_))) {
            // Should the abort fail too, the store's own clean-up takes the parts away; the error
            // that matters is the first.
            drop(self.requests.within_time("abort", upload.abort()).await);
        }
        sent
    }

    async fn send_parts(
        &self,
        upload: &mut dyn MultipartUpload,
        mut parts: Counted,
        mut part: Bytes,
    ) -> Result<Option<(PutResult, Counted)>, ProcessError> {
        let mut size = PART_BYTES;
        let mut count = 0_usize;
        loop {
            let is_last = part.len() < size;
            if !part.is_empty() {
                let sent = upload.put_part(PutPayload::from_bytes(part));
                self.requests
                    .within_time("put a part of", sent)
                    .await?
                    .map_err(|error| self.requests.failed("put a part of", &error))?;
            }
            if is_last {
                break;
            }
            count += 1;
            if count.is_multiple_of(PARTS_OF_ONE_SIZE) {
                size *= 2;
            }
            (parts, part) = self.next(parts, size).await?;
        }
        let creates = self.conflict != ConflictResolution::Replace;
        // Not every store refuses by itself to replace what came in the meantime.
        if creates && self.exists().await? {
            return Ok(None);
        }
        match self.requests.within_time("complete", upload.complete()).await? {
            Ok(result) => Ok(Some((result, parts))),
            Err(object_store::Error::Precondition { .. }) if creates => Ok(None),
            Err(error) => Err(self.requests.failed("complete", &error)),
        }
    }

    /// Asks the store what it has.
    async fn verified(&self, result: PutResult, parts: Counted) -> Result<Stored, ProcessError> {
        let there = self
            .requests
            .within_time("verify", self.store.head(&self.location))
            .await?
            .map_err(|error| self.requests.failed("verify", &error))?;
        check_size(there.size, parts.size_bytes, &self.location)?;
        Ok(parts.stored(result.e_tag, result.version))
    }
}

/// What becomes of content when there is an object already that is not to be replaced.
pub(super) fn conflicting(
    conflict: ConflictResolution,
    location: &Path,
) -> Result<Option<Stored>, ProcessError> {
    if conflict == ConflictResolution::Ignore {
        return Ok(None);
    }
    Err(ProcessError::user(format!("there is an object \"{location}\" already"))
        .with_help("choose another key, or another conflict resolution strategy"))
}

/// Fails unless the store has as many bytes as it was given.
pub(super) fn check_size(there: u64, given: u64, location: &Path) -> Result<(), ProcessError> {
    if there == given {
        return Ok(());
    }
    Err(ProcessError::external(format!(
        "the store has {there} bytes of \"{location}\" and was given {given}"
    ))
    .with_help("check whether somebody else writes the same object"))
}
