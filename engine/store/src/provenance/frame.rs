//! One block in the log: a length, and a record of the number of its first event and the block.

use tutti_model::provenance::ProvenanceEvent;

use super::block;
use crate::error::Result;
use crate::folder::StoredFile;
use crate::record;

/// Bytes of the length.
const LENGTH_BYTES: usize = 8;
/// Bytes of the number of the first event.
const NUMBER_BYTES: usize = 8;
/// How much of a file is read at once in search of frames.
const READ_BYTES: usize = 64 * 1024;

/// Events as they are appended to the log.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Encoded {
    /// Frames, one after the other.
    pub(crate) frames: Vec<u8>,
    /// How many events they hold.
    pub(crate) events: u64,
}

/// `events`, the first of which has the number `first`. The same events give the same bytes.
pub(crate) fn encode<'e>(
    events: impl IntoIterator<Item = &'e ProvenanceEvent>,
    first: u64,
) -> Encoded {
    let mut made = Encoded::default();
    let (mut encoder, mut begin) = (block::Encoder::default(), first);
    for event in events {
        if encoder.is_full() {
            append(&mut made.frames, begin, std::mem::take(&mut encoder));
            begin = first + made.events;
        }
        encoder.add(event);
        made.events += 1;
    }
    append(&mut made.frames, begin, encoder);
    made
}

fn append(frames: &mut Vec<u8>, first: u64, encoder: block::Encoder<'_>) {
    let block = encoder.finish();
    if block.is_empty() {
        return;
    }
    let length = (record::HEADER.len() + NUMBER_BYTES + block.len()) as u64;
    frames.extend_from_slice(&length.to_le_bytes());
    let begin = frames.len();
    frames.extend_from_slice(&record::HEADER);
    frames.extend_from_slice(&first.to_le_bytes());
    frames.extend_from_slice(&block);
    record::seal(&mut frames[begin..]);
}

/// Frames of a file from one place to another, found by their lengths.
pub(super) struct Frames<'f> {
    file: &'f dyn StoredFile,
    at: u64,
    end: u64,
    /// What was read of the file, and where that begins.
    buffer: Vec<u8>,
    buffer_at: u64,
}

/// Where a record lies in its file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) begin: u64,
    pub(super) length: u64,
}

impl Place {
    /// What the record there holds: the number of the first event, and the block.
    pub(super) fn read(self, file: &dyn StoredFile) -> Result<Result<(u64, Vec<u8>), String>> {
        let mut bytes = vec![0; usize::try_from(self.length).unwrap_or(usize::MAX)];
        let count = file.read_at(&mut bytes, self.begin)?;
        bytes.truncate(count);
        let payload = match record::payload(&bytes) {
            Ok(payload) => payload,
            Err(reason) => return Ok(Err(reason)),
        };
        let Some((first, block)) = payload.split_first_chunk::<NUMBER_BYTES>() else {
            return Ok(Err("it has no number".into()));
        };
        let (first, begin) = (u64::from_le_bytes(*first), bytes.len() - block.len());
        bytes.drain(..begin);
        Ok(Ok((first, bytes)))
    }
}

impl<'f> Frames<'f> {
    pub(super) fn new(file: &'f dyn StoredFile, begin: u64, end: u64) -> Self {
        Self { file, at: begin, end, buffer: Vec::new(), buffer_at: begin }
    }

    /// The place of the next record; `None` at the end, an error where there is no frame.
    pub(super) fn next(&mut self) -> Result<Option<Result<Place, String>>> {
        if self.at >= self.end {
            return Ok(None);
        }
        let Some(length) = self.length()? else {
            return Ok(Some(Err("a frame ends within its length".into())));
        };
        let begin = self.at + LENGTH_BYTES as u64;
        if length > self.end.saturating_sub(begin) {
            return Ok(Some(Err(format!("a frame of {length} bytes ends too early"))));
        }
        self.at = begin + length;
        Ok(Some(Ok(Place { begin, length })))
    }

    fn length(&mut self) -> Result<Option<u64>> {
        let here = |buffer: &[u8], buffer_at: u64, at: u64| {
            let from = usize::try_from(at - buffer_at).ok()?;
            Some(u64::from_le_bytes(*buffer.get(from..)?.first_chunk::<LENGTH_BYTES>()?))
        };
        if let Some(length) = here(&self.buffer, self.buffer_at, self.at) {
            return Ok(Some(length));
        }
        let wanted = usize::try_from(self.end - self.at).unwrap_or(usize::MAX).min(READ_BYTES);
        self.buffer.resize(wanted, 0);
        self.buffer_at = self.at;
        let count = self.file.read_at(&mut self.buffer, self.at)?;
        self.buffer.truncate(count);
        Ok(here(&self.buffer, self.buffer_at, self.at))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tutti_model::flowfile::{Attributes, FlowFile, FlowFileId, Timestamp};
    use tutti_model::provenance::EventType;

    use super::*;
    use crate::folder::{Folder, MemoryFolder};
    use crate::provenance::block;

    fn event(uuid: &str, number: u64) -> ProvenanceEvent {
        let flowfile = FlowFile::new(FlowFileId(number), Timestamp(-2))
            .with_lineage_start(Timestamp(-3))
            .with_attributes(Attributes::from_iter([("uuid", uuid)]));
        ProvenanceEvent {
            relationship: Some("success".into()),
            ..ProvenanceEvent::new(EventType::Fork, Timestamp(-1), ("f", "a/b"), &flowfile)
        }
    }

    /// Reads all that can be read; says how many events that were, and whether all was well.
    fn read(bytes: &[u8]) -> (Vec<ProvenanceEvent>, bool) {
        let file = MemoryFolder::default().create("log").unwrap();
        file.write_at(bytes, 0).unwrap();
        let mut frames = Frames::new(&*file, 0, bytes.len() as u64);
        let (mut events, mut is_well) = (Vec::new(), true);
        while let Some(next) = frames.next().unwrap() {
            let Ok(place) = next else { return (events, false) };
            let payload = place.read(&*file).unwrap();
            match payload.and_then(|(_, block)| block::decode(&block)) {
                Ok(more) => events.extend(more),
                Err(reason) => {
                    assert!(!reason.is_empty());
                    is_well = false;
                }
            }
        }
        (events, is_well)
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_loop(bytes: Vec<u8>) {
            prop_assert!(read(&bytes).0.len() <= bytes.len());
        }

        #[test]
        fn changed_frames_hand_out_only_what_was_written(
            written in prop::collection::vec(".{0,9}", 1..5),
            at: prop::sample::Index,
            change in 1..=u8::MAX,
            cut in prop::option::of(any::<prop::sample::Index>()),
        ) {
            let numbered = written.iter().zip(0..);
            let events: Vec<_> = numbered.map(|(uuid, number)| event(uuid, number)).collect();
            let mut frames: Vec<u8> =
                events.iter().flat_map(|event| encode([event], 7).frames).collect();
            prop_assert_eq!(read(&frames), (events.clone(), true));
            if let Some(length) = cut {
                frames.truncate(length.index(frames.len()));
            } else {
                let at = at.index(frames.len());
                frames[at] ^= change;
            }
            let (found, is_well) = read(&frames);
            prop_assert!(found.iter().all(|event| events.contains(event)));
            prop_assert!(found.is_sorted_by_key(|event| event.flowfile));
            // Only a cut between two frames looks like an end.
            prop_assert!(!is_well || cut.is_some());
            prop_assert!(found.len() < events.len());
        }
    }

    #[test]
    fn each_block_has_the_number_of_its_first_event() {
        let long = "x".repeat(2 * 1024 * 1024);
        let events = [event("a", 1), event(&long, 2), event("b", 3), event("c", 4)];
        let encoded = encode(&events, 40);
        assert_eq!(encoded.events, 4);
        let file = MemoryFolder::default().create("log").unwrap();
        file.write_at(&encoded.frames, 0).unwrap();
        let mut frames = Frames::new(&*file, 0, encoded.frames.len() as u64);
        let mut found = Vec::new();
        while let Some(place) = frames.next().unwrap() {
            let (first, block) = place.unwrap().read(&*file).unwrap().unwrap();
            found.push((first, block::decode(&block).unwrap().len()));
        }
        assert_eq!(found, [(40, 2), (42, 2)]);
    }

    #[test]
    fn frames_longer_than_what_is_read_at_once_are_found() {
        let long = "x".repeat(READ_BYTES * 2);
        let events = [event("a", 1), event(&long, 2), event("b", 3)];
        let frames: Vec<u8> = events.iter().flat_map(|event| encode([event], 7).frames).collect();
        assert_eq!(read(&frames), (events.to_vec(), true));
    }
}
