//! Content goes to a store, whole or not at all, a few megabytes of it in memory.

use std::fmt::Write as _;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::path::Path;
use object_store::{
    Attributes, MultipartUpload, ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions,
    PutOptions, PutPayload, PutResult,
};
use sha2::{Digest, Sha256};
use tutti_sdk::model::chain;
use tutti_sdk::{ContentReader, ProcessError, Session};

use super::ConflictResolution;

/// What is put in one request at most, and the size of the first parts of larger content.
pub(super) const PART_BYTES: usize = 8 * 1024 * 1024;
/// How much of what a store says is told, in bytes.
const ERROR_BYTES_MAX: usize = 500;
/// What stores answer to a key or metadata that they will never take.
const TOO_LARGE: [&str; 3] = ["KeyTooLong", "InvalidResourceName", "MetadataTooLarge"];
/// Stores allow 10,000 parts: after so many the parts are twice as large, and so on.
const PARTS_OF_ONE_SIZE: usize = 1_500;

/// What to put, and where.
pub(super) struct Upload<'a> {
    pub(super) session: &'a Session,
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) location: Path,
    pub(super) attributes: Attributes,
    pub(super) conflict: ConflictResolution,
    pub(super) timeout: Duration,
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
        self.session.blocking(move || parts.next(max)).await?
    }

    async fn exists(&self) -> Result<bool, ProcessError> {
        match self.within_time("look for", self.store.head(&self.location)).await? {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(self.failed("look for", &error)),
        }
    }

    /// `None` when another object came first.
    async fn put_at_once(&self, bytes: Bytes) -> Result<Option<PutResult>, ProcessError> {
        let put = |mode| {
            let options =
                PutOptions { mode, attributes: self.attributes.clone(), ..PutOptions::default() };
            let payload = PutPayload::from_bytes(bytes.clone());
            self.within_time("put", self.store.put_opts(&self.location, payload, options))
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
            Err(error) => Err(self.failed("put", &error)),
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
            .within_time("begin to put", begun)
            .await?
            .map_err(|error| self.failed("begin to put", &error))?;
        let sent = self.send_parts(&mut *upload, parts, first).await;
        if !matches!(sent, Ok(Some(_))) {
            // Should the abort fail too, the store's own clean-up takes the parts away; the error
            // that matters is the first.
            drop(self.within_time("abort", upload.abort()).await);
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
                self.within_time("put a part of", sent)
                    .await?
                    .map_err(|error| self.failed("put a part of", &error))?;
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
        match self.within_time("complete", upload.complete()).await? {
            Ok(result) => Ok(Some((result, parts))),
            Err(object_store::Error::Precondition { .. }) if creates => Ok(None),
            Err(error) => Err(self.failed("complete", &error)),
        }
    }

    /// Asks the store what it has.
    async fn verified(&self, result: PutResult, parts: Counted) -> Result<Stored, ProcessError> {
        let there = self
            .within_time("verify", self.store.head(&self.location))
            .await?
            .map_err(|error| self.failed("verify", &error))?;
        check_size(there.size, parts.size_bytes, &self.location)?;
        Ok(parts.stored(result.e_tag, result.version))
    }

    /// What `request` gives, or an error when it takes too long.
    async fn within_time<T>(
        &self,
        action: &str,
        request: impl Future<Output = T>,
    ) -> Result<T, ProcessError> {
        let timeout_ms = u64::try_from(self.timeout.as_millis()).unwrap_or(u64::MAX);
        tokio::select! {
            biased;
            result = request => Ok(result),
            () = self.session.clock().sleep_ms(timeout_ms) => Err(ProcessError::external(format!(
                "the object store did not answer for {timeout_ms} ms when it was to {action} \
                 \"{}\"",
                self.location
            ))
            .with_help(
                "check that the store runs and can be reached, or raise the request timeout",
            )),
        }
    }

    fn failed(&self, action: &str, error: &object_store::Error) -> ProcessError {
        use object_store::Error as E;
        let message = format!("cannot {action} the object \"{}\"", self.location);
        if is_of_key(error) {
            return ProcessError::user(message)
                .caused_by(short(error))
                .with_help("choose a key, and metadata, that the store can have");
        }
        let help = match error {
            E::NotFound { .. } => "check that the bucket exists",
            E::PermissionDenied { .. } => {
                "give the account the right to write to the bucket, and check that there is an \
                 access key: without one requests are not signed"
            }
            E::Unauthenticated { .. } => "check the access key and its secret",
            _ => "check that the store runs, can be reached and has room",
        };
        ProcessError::external(message).caused_by(short(error)).with_help(help)
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

/// Whether the store can never have an object of that key, or with that metadata.
fn is_of_key(error: &object_store::Error) -> bool {
    let told = chain(error);
    if TOO_LARGE.iter().any(|code| told.contains(code)) {
        return true;
    }
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = next {
        if matches!(cause.downcast_ref(), Some(object_store::Error::InvalidPath { .. })) {
            return true;
        }
        next = cause.source();
    }
    false
}

/// How long it took and how often it was tried, which the library puts into what it says, left out:
/// what happens again is to be told in the same words.
fn without_times(text: &str) -> String {
    let cut = || {
        let begin = text.find("Error performing ")?;
        let (front, back) = text.split_at(begin + text.get(begin..)?.find(" in ")?);
        Some(format!("{front}{}", back.get(back.find(" - ")?..)?))
    };
    cut().unwrap_or_else(|| text.to_owned())
}

/// What a store says and what caused it, without the pages that some of them answer.
fn short(error: &object_store::Error) -> String {
    let mut text = without_times(&chain(error));
    if text.len() > ERROR_BYTES_MAX {
        text.truncate(text.floor_char_boundary(ERROR_BYTES_MAX));
        text.push_str(" …");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_again_is_told_in_the_same_words() {
        let told = "Generic S3 error: Error performing PUT http://a/b in 322.522533ms, after \
                    3 retries, max_retries: 3, retry_timeout: 30s - HTTP error: refused";
        let same = "Generic S3 error: Error performing PUT http://a/b - HTTP error: refused";
        assert_eq!(without_times(told), same);
        for other in ["no such thing", "Error performing PUT http://a/b in 3s", ""] {
            assert_eq!(without_times(other), other);
        }
    }
}
