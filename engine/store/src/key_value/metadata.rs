//! What sled's logs must be before it opens them.
//!
//! sled takes a log that ends in a damaged batch for one that a crash ended, whichever log it is,
//! and goes on with the next: what the rest of it held would be missing without a word. Only the
//! newest log may end so, and there the witness tells what is missing. Never changes a log.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Bytes of a batch's length: six for the number, two for its checksum.
const LENGTH_BYTES: usize = 8;
/// Bytes of a batch's checksum, after its end.
const CHECKSUM_BYTES: usize = 4;
/// sled begins another log only when one has more than this.
const FULL_LOG_BYTES_MIN: usize = 64 * 1024;
/// What sled adds to the checksum.
const CHECKSUM_MASK: u32 = 0xAF;

/// Checks the logs in sled's folder `metadata`, and adds one where none follows the newest
/// snapshot. Hands back the files that sled will read: the snapshot, and the logs in order.
///
/// Opening writes a new snapshot under the number of the newest log, deletes what that replaces,
/// and begins a log. A kill before the last step leaves a snapshot alone; sled would open that by
/// writing it anew under its own name and then deleting it, and with it everything.
pub(super) fn prepare(metadata: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(metadata) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let number = |name: &str, prefix| u64::from_str_radix(name.strip_prefix(prefix)?, 16).ok();
    let (mut snapshot, mut logs) = (None, Vec::new());
    for entry in entries {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        snapshot = snapshot.max(number(&name, "snapshot_"));
        logs.extend(number(&name, "log_"));
    }
    let Some(snapshot) = snapshot else {
        // The first is there before the first log.
        let is_new = logs.is_empty();
        return if is_new { Ok(Vec::new()) } else { Err(damaged("there is no snapshot".into())) };
    };
    // What the snapshot holds already, a kill may have left.
    logs.retain(|log| *log > snapshot);
    logs.sort_unstable();
    let path = |log: u64| metadata.join(format!("log_{log:016x}"));
    let mut read = vec![metadata.join(format!("snapshot_{snapshot:016x}"))];
    let Some((_, rotated)) = logs.split_last() else {
        File::create(path(snapshot + 1))?.sync_all()?;
        return Ok(read);
    };
    for (log, expected) in logs.iter().zip(snapshot + 1..) {
        if *log != expected {
            return Err(damaged(format!("there is no log \"{}\"", path(expected).display())));
        }
    }
    for log in rotated {
        let bytes = fs::read(path(*log))?;
        let end = end_of_batches(&bytes);
        if end < bytes.len() || end <= FULL_LOG_BYTES_MIN {
            let name = path(*log);
            return Err(damaged(format!("log \"{}\" is damaged at byte {end}", name.display())));
        }
    }
    read.extend(logs.into_iter().map(path));
    Ok(read)
}

fn damaged(reason: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// Up to where `log` is whole batches.
fn end_of_batches(log: &[u8]) -> usize {
    batches(log).map(|batch| LENGTH_BYTES + batch.len() + CHECKSUM_BYTES).sum()
}

/// What the whole batches of `log` hold, up to the first that is not.
pub(super) fn batches(mut log: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (batch, rest) = split_batch(log)?;
        log = rest;
        Some(batch)
    })
}

/// What the first batch of `log` holds, if that is whole, and what follows it.
fn split_batch(log: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, _) = log.split_first_chunk::<LENGTH_BYTES>()?;
    let (number, checksum) = length.split_at(LENGTH_BYTES - 2);
    if !crc32fast::hash(number).to_le_bytes().starts_with(checksum) {
        return None;
    }
    let mut bytes = [0; LENGTH_BYTES];
    bytes[..number.len()].copy_from_slice(number);
    let bytes = usize::try_from(u64::from_le_bytes(bytes)).ok()?;
    let (batch, rest) = log.split_at_checked(bytes.checked_add(LENGTH_BYTES)?)?;
    let (checksum, rest) = rest.split_first_chunk::<CHECKSUM_BYTES>()?;
    let is_whole = crc32fast::hash(batch) ^ CHECKSUM_MASK == u32::from_le_bytes(*checksum);
    is_whole.then(|| (&batch[LENGTH_BYTES..], rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A batch of these bytes, as sled writes it.
    fn batch(bytes: &[u8]) -> Vec<u8> {
        let number = bytes.len().to_le_bytes();
        let number = &number[..LENGTH_BYTES - 2];
        let checksum = crc32fast::hash(number).to_le_bytes();
        let mut written = [number, &checksum[..2], bytes].concat();
        let checksum = crc32fast::hash(&written) ^ CHECKSUM_MASK;
        written.extend_from_slice(&checksum.to_le_bytes());
        written
    }

    proptest! {
        #[test]
        fn a_log_ends_where_its_last_whole_batch_does(
            batches in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..5),
            rest: Vec<u8>,
            at: prop::sample::Index,
            change in 1..=u8::MAX,
        ) {
            let mut log: Vec<u8> = batches.iter().flat_map(|bytes| batch(bytes)).collect();
            let length = log.len();
            prop_assert_eq!(end_of_batches(&log), length);
            log.extend_from_slice(&rest);
            // Whatever follows: it could be a batch, and is none.
            prop_assert_eq!(end_of_batches(&log), length);
            if length > 0 {
                let at = at.index(length);
                log[at] ^= change;
                prop_assert!(end_of_batches(&log) <= at);
            }
        }
    }
}
