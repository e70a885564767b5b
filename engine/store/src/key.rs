//! The keys of the one tree that holds everything that must be atomic together.
//!
//! One letter tells the kind; numbers are big-endian so that keys sort as they do.

use crate::queue::QueueId;

/// Numbers of the repository: the epoch, limits of sequences, the provenance log's end.
pub(crate) const META: u8 = b'm';
/// Names of queues.
pub(crate) const QUEUE: u8 = b'n';
/// Flowfiles in queues.
pub(crate) const RECORD: u8 = b'q';
/// Runs of flowfiles in queues.
pub(crate) const RUN: u8 = b'r';
/// What is gone of runs.
pub(crate) const RUN_GONE: u8 = b'g';
/// State of components.
pub(crate) const STATE: u8 = b's';
/// Versions of the state of components.
pub(crate) const STATE_VERSION: u8 = b'v';
/// How often the process died over the flowfile in a place of a queue.
pub(crate) const DEATHS: u8 = b'd';
/// Records that could not be used, as they were, under their former key; and flowfiles that are
/// parked.
pub(crate) const QUARANTINE: u8 = b'x';

pub(crate) fn meta(name: &str) -> Vec<u8> {
    [&[META], name.as_bytes()].concat()
}

pub(crate) fn queue(id: QueueId) -> Vec<u8> {
    [&[QUEUE][..], &id.0.to_be_bytes()].concat()
}

pub(crate) fn record(id: QueueId, sequence: u64) -> Vec<u8> {
    [&[RECORD][..], &id.0.to_be_bytes(), &sequence.to_be_bytes()].concat()
}

pub(crate) fn parse_queue(key: &[u8]) -> Option<QueueId> {
    let (&[QUEUE], id) = key.split_first_chunk()? else { return None };
    Some(QueueId(u32::from_be_bytes(id.try_into().ok()?)))
}

pub(crate) fn parse_record(key: &[u8]) -> Option<(QueueId, u64)> {
    let (&[RECORD], rest) = key.split_first_chunk()? else { return None };
    let (id, sequence) = rest.split_first_chunk()?;
    Some((QueueId(u32::from_be_bytes(*id)), u64::from_be_bytes(sequence.try_into().ok()?)))
}

/// A run, by the number of its first flowfile.
pub(crate) fn run(id: QueueId, first: u64) -> Vec<u8> {
    [&[RUN][..], &id.0.to_be_bytes(), &first.to_be_bytes()].concat()
}

pub(crate) fn run_gone(id: QueueId, first: u64) -> Vec<u8> {
    [&[RUN_GONE][..], &id.0.to_be_bytes(), &first.to_be_bytes()].concat()
}

/// The queue and the first number that a key of a run, or of what is gone of one, names.
pub(crate) fn parse_run(key: &[u8]) -> Option<(QueueId, u64)> {
    let (kind, rest) = key.split_first()?;
    let (id, first) = rest.split_first_chunk()?;
    matches!(*kind, RUN | RUN_GONE).then_some(())?;
    Some((QueueId(u32::from_be_bytes(*id)), u64::from_be_bytes(first.try_into().ok()?)))
}

pub(crate) fn state(component: &str, name: &str) -> Vec<u8> {
    let length = u32::try_from(component.len()).unwrap_or(u32::MAX);
    [&[STATE][..], &length.to_be_bytes(), component.as_bytes(), name.as_bytes()].concat()
}

pub(crate) fn parse_state(key: &[u8]) -> Option<(&str, &str)> {
    let (&[STATE], rest) = key.split_first_chunk()? else { return None };
    let (length, rest) = rest.split_first_chunk()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (component, name) = rest.split_at_checked(length)?;
    Some((std::str::from_utf8(component).ok()?, std::str::from_utf8(name).ok()?))
}

pub(crate) fn state_version(component: &str) -> Vec<u8> {
    [&[STATE_VERSION], component.as_bytes()].concat()
}

pub(crate) fn parse_state_version(key: &[u8]) -> Option<&str> {
    let (&[STATE_VERSION], component) = key.split_first_chunk()? else { return None };
    std::str::from_utf8(component).ok()
}

pub(crate) fn deaths(id: QueueId, sequence: u64) -> Vec<u8> {
    [&[DEATHS][..], &id.0.to_be_bytes(), &sequence.to_be_bytes()].concat()
}

/// The place that a key of deaths names.
pub(crate) fn parse_deaths(key: &[u8]) -> Option<(QueueId, u64)> {
    let (&[DEATHS], rest) = key.split_first_chunk()? else { return None };
    let (id, sequence) = rest.split_first_chunk()?;
    Some((QueueId(u32::from_be_bytes(*id)), u64::from_be_bytes(sequence.try_into().ok()?)))
}

pub(crate) fn quarantine(key: &[u8]) -> Vec<u8> {
    [&[QUARANTINE], key].concat()
}

/// A key in words, for messages.
pub(crate) fn describe(key: &[u8]) -> String {
    if let Some((queue, sequence)) = parse_record(key) {
        return format!("record {sequence} of queue {}", queue.0);
    }
    if let Some((queue, first)) = parse_run(key) {
        return format!("the run of queue {} from record {first} on", queue.0);
    }
    if let Some((queue, sequence)) = parse_deaths(key) {
        return format!("the deaths over record {sequence} of queue {}", queue.0);
    }
    if let Some((component, name)) = parse_state(key) {
        return format!("state \"{name}\" of \"{component}\"");
    }
    format!("key \"{}\"", key.escape_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back_and_sort_by_sequence() {
        let key = record(QueueId(7), 300);
        assert_eq!(parse_record(&key), Some((QueueId(7), 300)));
        assert!(key > record(QueueId(7), 299) && key < record(QueueId(8), 0));
        assert_eq!(parse_state(&state("a/b", "k\0")), Some(("a/b", "k\0")));
        assert_eq!(parse_queue(&queue(QueueId(9))), Some(QueueId(9)));
        assert_eq!(parse_deaths(&deaths(QueueId(9), 4)), Some((QueueId(9), 4)));
        assert_eq!(parse_state_version(&state_version("é")), Some("é"));
        for wrong in [&b""[..], b"q", b"qabc", b"s\xff\xff\xff\xff", b"n12345"] {
            assert_eq!((parse_record(wrong), parse_state(wrong)), (None, None));
            assert_eq!((parse_queue(wrong), parse_deaths(wrong)), (None, None));
        }
    }
}
