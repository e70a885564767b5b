//! One event in the log: a length, and a record.

use tutti_model::provenance::ProvenanceEvent;

use crate::record;

/// Bytes of the length.
const LENGTH_BYTES: usize = 4;

/// Appends `event` to `frames`.
pub(crate) fn encode(event: &ProvenanceEvent, frames: &mut Vec<u8>) {
    let record = record::encode(event);
    frames.extend_from_slice(&(record.len() as u32).to_le_bytes());
    frames.extend_from_slice(&record);
}

/// Takes the first event off `frames`; `None` at their end.
pub(super) fn next(frames: &mut &[u8]) -> Option<Result<ProvenanceEvent, String>> {
    if frames.is_empty() {
        return None;
    }
    let Some((length, rest)) = frames.split_first_chunk::<LENGTH_BYTES>() else {
        return Some(Err("a frame ends within its length".into()));
    };
    let length = u32::from_le_bytes(*length) as usize;
    let Some((record, rest)) = rest.split_at_checked(length) else {
        return Some(Err(format!("a frame of {length} bytes ends too early")));
    };
    *frames = rest;
    Some(record::decode(record))
}
