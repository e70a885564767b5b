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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tutti_model::flowfile::{Attributes, Content, FlowFile, FlowFileId, Timestamp};
    use tutti_model::provenance::EventType;

    use super::*;

    fn event(uuid: &str, parents: &[String]) -> ProvenanceEvent {
        let flowfile = FlowFile {
            id: FlowFileId(7),
            entry_date: Timestamp(-2),
            lineage_start: Timestamp(-3),
            penalized_until: None,
            attempts: 0,
            attributes: Attributes::from_iter([("uuid", uuid)]),
            content: Content::Empty,
        };
        ProvenanceEvent {
            parents: parents.iter().map(|parent| parent.as_str().into()).collect(),
            relationship: Some("success".into()),
            ..ProvenanceEvent::new(EventType::Fork, Timestamp(-1), ("f", "a/b"), &flowfile)
        }
    }

    /// Reads all that can be read; says how many events that were, and whether it ended well.
    fn read(mut frames: &[u8]) -> (Vec<ProvenanceEvent>, bool) {
        let mut events = Vec::new();
        while let Some(next) = next(&mut frames) {
            match next {
                Ok(event) => events.push(event),
                Err(reason) => {
                    assert!(!reason.is_empty());
                    return (events, false);
                }
            }
        }
        (events, true)
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_loop(bytes: Vec<u8>) {
            prop_assert!(read(&bytes).0.len() <= bytes.len() / LENGTH_BYTES);
        }

        #[test]
        fn changed_frames_hand_out_only_what_was_written(
            written in prop::collection::vec(
                (".{0,9}", prop::collection::vec(".{0,9}", 0..3)),
                1..5,
            ),
            at: prop::sample::Index,
            change in 1..=u8::MAX,
            cut in prop::option::of(any::<prop::sample::Index>()),
        ) {
            let events: Vec<_> =
                written.iter().map(|(uuid, parents)| event(uuid, parents)).collect();
            let mut frames = Vec::new();
            for event in &events {
                encode(event, &mut frames);
            }
            prop_assert_eq!(read(&frames), (events.clone(), true));
            if let Some(length) = cut {
                frames.truncate(length.index(frames.len()));
            } else {
                let at = at.index(frames.len());
                frames[at] ^= change;
            }
            let (found, ended_well) = read(&frames);
            prop_assert!(events.starts_with(&found));
            // Only a cut between two frames looks like an end.
            prop_assert!(!ended_well || cut.is_some());
            prop_assert!(found.len() < events.len());
        }

        /// A payload whose checksum is right but that is no event: lengths in it may say anything.
        #[test]
        fn a_wrong_payload_under_a_right_checksum_is_an_error_or_an_event(
            parents in prop::collection::vec(".{0,9}", 0..3),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        ) {
            let mut record = record::encode(&event("u", &parents));
            let payload = 5;
            for (at, value) in changes {
                let at = payload + at.index(record.len() - payload);
                record[at] = value;
            }
            let checksum = crc32c::crc32c(&record[payload..]);
            record[1..payload].copy_from_slice(&checksum.to_le_bytes());
            let mut frames = (record.len() as u32).to_le_bytes().to_vec();
            frames.extend_from_slice(&record);
            let (found, ended_well) = read(&frames);
            prop_assert_eq!(found.len(), usize::from(ended_well));
        }
    }
}
