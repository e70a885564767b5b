//! A block of events: what happened in one epoch, or a part of it.
//!
//! A flowfile's second event says only what changed since its first, and every name is written
//! once: a flow of small flowfiles writes a tenth of what its events would take one by one.

mod bytes;
mod decode;
mod encode;

pub(super) use self::decode::decode;
pub(super) use self::encode::{Encoder, identity_bytes};

/// Events in one block, at most: what a reader has in memory at a time.
const EVENTS_MAX: usize = 4_096;
/// A block that has so many bytes takes no further event.
const BYTES_MAX: usize = 1024 * 1024;
/// Nor does one whose events have so many bytes of text in memory, where names and attributes that
/// were written once are in many of them.
const WEIGHT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What an event has of what it may have, as bits of a byte.
mod has {
    /// An earlier event of the same flowfile in this block.
    pub(super) const BASE: u8 = 1;
    /// Attributes that are not those of its base.
    pub(super) const ATTRIBUTES: u8 = 2;
    /// Content that is not that of its base.
    pub(super) const CONTENT: u8 = 4;
    pub(super) const RELATIONSHIP: u8 = 8;
    pub(super) const TRANSIT: u8 = 16;
    pub(super) const DETAILS: u8 = 32;
    /// Parents or children.
    pub(super) const FAMILY: u8 = 64;
    pub(super) const INPUT: u8 = 128;
}

/// How an input is written.
mod input {
    /// It is that of the base.
    pub(super) const OF_BASE: u64 = 0;
    /// It is that of the last event that has one.
    pub(super) const OF_LAST: u64 = 1;
    /// It is the queue's with this number, counted from here on.
    pub(super) const QUEUE: u64 = 2;
}

/// Kinds of content.
mod content {
    pub(super) const EMPTY: u64 = 0;
    pub(super) const STORED: u64 = 1;
    pub(super) const DERIVED: u64 = 2;
}

/// How a `uuid` is written.
mod identity {
    /// Sixteen bytes.
    pub(super) const BINARY: u64 = 0;
    /// As it is: it does not look like one.
    pub(super) const TEXT: u64 = 1;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tutti_model::flowfile::{
        Attributes, Claim, Content, ContentSlice, DerivedContent, FlowFile, FlowFileId, Timestamp,
    };
    use tutti_model::provenance::{EventType, Input, ProvenanceEvent};

    use super::*;

    /// The beginning of `events` as a block, and how many events that are.
    fn encode(events: &[ProvenanceEvent]) -> (Vec<u8>, usize) {
        let mut encoder = Encoder::default();
        let fit = events.iter().take_while(|event| {
            let has_room = !encoder.is_full();
            if has_room {
                encoder.add(event);
            }
            has_room
        });
        let count = fit.count();
        (encoder.finish(), count)
    }

    const UUID: &str = "0b2c1d3e-4f50-4617-8293-a4b5c6d7e8f9";

    fn content() -> impl Strategy<Value = Content> {
        let slice =
            (0..3u64, any::<u64>(), any::<u64>(), any::<u64>(), any::<u64>(), any::<bool>());
        let slice = slice.prop_map(|(segment, at, length, offset, part, is_whole)| {
            let claim = Claim { segment, offset: at, length };
            let part = ContentSlice { claim, offset, length: part };
            if is_whole { ContentSlice::whole(claim) } else { part }
        });
        prop_oneof![
            Just(Content::Empty),
            slice.clone().prop_map(Content::Stored),
            (slice, "[a-c]{1,2}", ".{0,9}").prop_map(|(source, kind, recipe)| {
                let (kind, recipe) = (kind.into(), recipe.into());
                Content::Derived(DerivedContent { source, kind, recipe }.into())
            }),
        ]
    }

    prop_compose! {
        fn some_input()(
            queue in prop_oneof![0..3u32, Just(u32::MAX)],
            flowfile in prop_oneof![0..6u64, any::<u64>()],
            lineage_start: i64,
            attributes in prop::collection::btree_map("[a-d]|uuid", "[a-b]{0,2}", 0..5),
            content in content(),
        ) -> Input {
            let (flowfile, lineage_start) = (FlowFileId(flowfile), Timestamp(lineage_start));
            let flowfile = FlowFile::new(flowfile, lineage_start)
                .with_attributes(attributes.into_iter().collect())
                .with_content(content);
            Input { queue, flowfile }
        }
    }

    prop_compose! {
        fn event()(
            kind in 0..EventType::ALL.len(),
            time: i64,
            names in prop::array::uniform4("[ab]{1,2}"),
            flowfile in 0..6u64,
            identity in prop_oneof![Just(UUID.to_owned()), "[xy]", Just(UUID.to_uppercase())],
            family in prop::collection::vec(prop_oneof![Just(UUID.to_owned()), ".{0,5}"], 0..3),
            attributes in prop::collection::btree_map("[a-d]", "[a-b]{0,2}", 0..5),
            content in content(),
            taken in prop::option::of(some_input()),
            has in prop::array::uniform4(any::<bool>()),
        ) -> ProvenanceEvent {
            let [flow, component, relationship, details] = names;
            let family = |is: bool| -> Vec<Box<str>> {
                let family = family.iter().filter(|_| is);
                family.map(|each| each.as_str().into()).collect()
            };
            ProvenanceEvent {
                event_type: EventType::ALL[kind],
                time: Timestamp(time),
                flow: flow.into(),
                component: component.into(),
                flowfile: FlowFileId(flowfile),
                attributes: attributes
                    .into_iter()
                    .chain([("uuid".to_owned(), identity.clone())])
                    .collect::<Attributes>(),
                uuid: identity.into(),
                parents: family(has[0]),
                children: family(has[1]),
                content,
                input: taken,
                relationship: has[2].then(|| relationship.into()),
                transit_uri: has[3].then(|| "file:///x".into()),
                transit_bytes: has[0].then_some(flowfile.wrapping_sub(1)),
                details: has[3].then(|| details.into()),
            }
        }
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(events in prop::collection::vec(event(), 0..20)) {
            let (bytes, count) = encode(&events);
            prop_assert_eq!(count, events.len());
            prop_assert_eq!(decode(&bytes), Ok(events));
        }

        /// As sessions have them: taken as left before, told by several events, given to children.
        #[test]
        fn inputs_that_go_on_from_others_come_out(
            events in prop::collection::vec(event(), 2..20),
            sources in prop::collection::vec((0..3, any::<prop::sample::Index>()), 20),
        ) {
            let mut events = events;
            for at in 1..events.len() {
                let (how, of) = sources[at];
                let source = events[of.index(at)].clone();
                let event = &mut events[at];
                match how {
                    0 => event.input = source.input,
                    1 => {
                        let ProvenanceEvent { flowfile, attributes, content, .. } = source;
                        let flowfile = FlowFile::new(flowfile, Timestamp(3))
                            .with_attributes(attributes)
                            .with_content(content);
                        event.input = Some(Input { queue: at as u32, flowfile });
                    }
                    _ => {}
                }
            }
            let (bytes, _) = encode(&events);
            prop_assert_eq!(decode(&bytes), Ok(events));
        }

        #[test]
        fn no_bytes_make_it_panic_or_make_much_of_little(bytes: Vec<u8>) {
            let _ = decode(&bytes);
        }

        #[test]
        fn changed_bytes_make_it_neither_panic_nor_loop(
            events in prop::collection::vec(event(), 1..6),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        ) {
            let (mut bytes, _) = encode(&events);
            for (at, value) in changes {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            if let Ok(events) = decode(&bytes) {
                prop_assert!(events.len() <= bytes.len());
            }
        }

        /// Its checksum tells that it was cut, and not what it says.
        #[test]
        fn a_cut_block_is_an_error_or_the_beginning(
            events in prop::collection::vec(event(), 1..6),
            length: prop::sample::Index,
        ) {
            let (bytes, _) = encode(&events);
            if let Ok(found) = decode(&bytes[..length.index(bytes.len())]) {
                prop_assert!(found.len() < events.len() && events.starts_with(&found));
            }
        }
    }

    #[test]
    fn a_block_ends_where_it_is_full_and_the_next_goes_on() {
        let event = |number: u64, text: &str| ProvenanceEvent {
            event_type: EventType::Create,
            time: Timestamp(0),
            flow: "flow".into(),
            component: "component".into(),
            flowfile: FlowFileId(number),
            uuid: UUID.into(),
            parents: Vec::new(),
            children: Vec::new(),
            attributes: Attributes::from_iter([("text", text)]),
            content: Content::Empty,
            input: None,
            relationship: None,
            transit_uri: None,
            transit_bytes: None,
            details: None,
        };
        let many: Vec<_> = (0..5_000).map(|number| event(number, "")).collect();
        let (first, count) = encode(&many);
        assert_eq!((count, decode(&first).unwrap().len()), (EVENTS_MAX, EVENTS_MAX));
        let (_, rest) = encode(&many[count..]);
        assert_eq!(count + rest, many.len());
        let long = "x".repeat(BYTES_MAX);
        assert_eq!(encode(&[event(0, &long), event(1, &long)]).1, 1, "at least one fits");
        // Alike in bytes, and not in memory.
        let mut changed: Vec<_> = (0..100).map(|_| event(7, &long[..BYTES_MAX / 2])).collect();
        for (number, event) in changed.iter_mut().enumerate() {
            event.attributes.insert("number", number.to_string());
        }
        let (bytes, count) = encode(&changed);
        assert!(bytes.len() < BYTES_MAX && count < 20, "{} {count}", bytes.len());
        assert_eq!(decode(&bytes).unwrap(), changed[..count]);
    }

    #[test]
    fn the_further_events_of_a_flowfile_cost_little() {
        let mut created = ProvenanceEvent {
            event_type: EventType::Create,
            time: Timestamp(1_700_000_000_000),
            flow: "a flow with a name".into(),
            component: "a group/a processor".into(),
            flowfile: FlowFileId(1 << 40),
            uuid: UUID.into(),
            parents: Vec::new(),
            children: Vec::new(),
            attributes: Attributes::from_iter([
                ("uuid", UUID),
                ("filename", UUID),
                ("path", "./"),
                ("mime.type", "audio/flac"),
            ]),
            content: Content::Empty,
            input: None,
            relationship: None,
            transit_uri: None,
            transit_bytes: None,
            details: None,
        };
        let first = encode(std::slice::from_ref(&created)).0.len();
        let mut events = vec![created.clone()];
        // As it was left, so it was taken.
        let taken = FlowFile::new(created.flowfile, created.time)
            .with_attributes(created.attributes.clone())
            .with_content(created.content.clone());
        created.input = Some(Input::new(7, &taken));
        created.event_type = EventType::AttributesModified;
        created.attributes.insert("key", "C major");
        events.push(created.clone());
        created.event_type = EventType::Drop;
        created.relationship = Some("success".into());
        events.push(created);
        let all = encode(&events).0.len();
        assert!(all - first < 50, "{first} {all}");
    }
}
