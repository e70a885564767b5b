//! Events as bytes.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use tutti_model::flowfile::{Attributes, Content, ContentSlice, FlowFileId};
use tutti_model::provenance::{EventType, Input, ProvenanceEvent};
use uuid::Uuid;

use super::bytes::{put, put_signed, put_text};
use super::{BYTES_MAX, EVENTS_MAX, WEIGHT_BYTES_MAX, content, has, identity, input};

/// An earlier event, and its place.
type Base<'e> = (usize, &'e ProvenanceEvent);

/// A block that is being written.
#[derive(Default)]
pub(in crate::provenance) struct Encoder<'e> {
    out: Vec<u8>,
    events: Vec<&'e ProvenanceEvent>,
    /// Names that were written, by their number.
    names: HashMap<&'e str, u64, RandomState>,
    /// The last event of each flowfile.
    last: HashMap<FlowFileId, usize, RandomState>,
    /// Flow and component of the last event, with their numbers: those of the next are mostly the
    /// same, and are shared.
    places: [Option<(&'e str, u64)>; 2],
    /// The last event with an input.
    last_input: Option<&'e ProvenanceEvent>,
    /// What a reader of this will have in memory.
    weight_bytes: usize,
}

impl<'e> Encoder<'e> {
    /// Whether the next event is for another block.
    pub(in crate::provenance) fn is_full(&self) -> bool {
        self.events.len() >= EVENTS_MAX
            || self.out.len() >= BYTES_MAX
            || self.weight_bytes >= WEIGHT_BYTES_MAX
    }

    /// The block.
    pub(in crate::provenance) fn finish(self) -> Vec<u8> {
        self.out
    }

    /// Appends an event to a block that is not full.
    pub(in crate::provenance) fn add(&mut self, event: &'e ProvenanceEvent) {
        let index = self.events.len();
        let (time, flowfile) =
            self.events.last().map_or((0, 0), |before| (before.time.0, before.flowfile.0));
        let last = self.last.insert(event.flowfile, index).map(|last| (last, self.events[last]));
        let base = last.filter(|(_, base)| base.uuid == event.uuid);
        self.events.push(event);
        let mut flags = 0;
        for (is, flag) in [
            (base.is_some(), has::BASE),
            (
                base.is_none_or(|(_, base)| !is_equal(&base.attributes, &event.attributes)),
                has::ATTRIBUTES,
            ),
            (base.is_none_or(|(_, base)| base.content != event.content), has::CONTENT),
            (event.relationship.is_some(), has::RELATIONSHIP),
            (event.transit_uri.is_some() || event.transit_bytes.is_some(), has::TRANSIT),
            (event.details.is_some(), has::DETAILS),
            (!event.parents.is_empty() || !event.children.is_empty(), has::FAMILY),
            (event.input.is_some(), has::INPUT),
        ] {
            flags |= if is { flag } else { 0 };
        }
        let kind = EventType::ALL.iter().position(|kind| *kind == event.event_type);
        self.out.extend([kind.unwrap_or_default() as u8, flags]);
        put_signed(&mut self.out, event.time.0.wrapping_sub(time));
        put_signed(&mut self.out, event.flowfile.0.wrapping_sub(flowfile).cast_signed());
        self.place(0, &event.flow);
        self.place(1, &event.component);
        if let Some((last, _)) = base {
            put(&mut self.out, (index - last) as u64);
        } else {
            self.identity(&event.uuid);
        }
        if flags & has::ATTRIBUTES != 0 {
            let base = base.map(|(_, base)| &base.attributes);
            self.attributes(&event.attributes, base, &event.uuid);
        }
        if flags & has::CONTENT != 0 {
            self.content(&event.content);
        }
        for name in [&event.relationship, &event.details].into_iter().flatten() {
            self.name(name);
        }
        if flags & has::TRANSIT != 0 {
            put(&mut self.out, u64::from(event.transit_uri.is_some()));
            if let Some(uri) = &event.transit_uri {
                put_text(&mut self.out, uri);
            }
            put(&mut self.out, u64::from(event.transit_bytes.is_some()));
            if let Some(bytes) = event.transit_bytes {
                put(&mut self.out, bytes);
            }
        }
        if flags & has::FAMILY != 0 {
            for family in [&event.parents, &event.children] {
                put(&mut self.out, family.len() as u64);
                for uuid in family {
                    self.identity(uuid);
                }
            }
        }
        if let Some(input) = &event.input {
            self.input(input, index, base);
        }
    }

    /// The input of the event `index`. Mostly it is that of an earlier event of the session, or the
    /// flowfile as an earlier event left it.
    fn input(&mut self, input: &'e Input, index: usize, base: Option<Base<'e>>) {
        let event = self.events[index];
        let is = |other: &ProvenanceEvent| other.input.as_ref().is_some_and(|it| it.is_same(input));
        let before = self.last_input.replace(event);
        if base.is_some_and(|(_, base)| is(base)) {
            return put(&mut self.out, input::OF_BASE);
        }
        if before.is_some_and(is) {
            return put(&mut self.out, input::OF_LAST);
        }
        put(&mut self.out, input::QUEUE + u64::from(input.queue));
        let taken = &input.flowfile;
        put_signed(&mut self.out, taken.lineage_start().0.wrapping_sub(event.time.0));
        let of_input = || self.last.get(&taken.id()).map(|last| (*last, self.events[*last]));
        let left = if taken.id() == event.flowfile { base } else { of_input() };
        let left = left.filter(|(_, left)| {
            left.content == *taken.content() && is_equal(&left.attributes, taken.attributes())
        });
        let Some((last, _)) = left else {
            put(&mut self.out, 0);
            let number = taken.id().0.wrapping_sub(event.flowfile.0).cast_signed();
            put_signed(&mut self.out, number);
            self.attributes(taken.attributes(), Some(&event.attributes), &event.uuid);
            let is_other = *taken.content() != event.content;
            put(&mut self.out, u64::from(is_other));
            if is_other {
                self.content(taken.content());
            }
            return;
        };
        put(&mut self.out, (index - last) as u64);
    }

    fn place(&mut self, index: usize, name: &'e str) {
        if let Some((last, number)) = self.places[index]
            && std::ptr::eq(last, name)
        {
            self.weight_bytes += name.len();
            put(&mut self.out, number);
        } else {
            let number = self.name(name);
            self.places[index] = Some((name, number));
        }
    }

    /// Something that is likely to come again: its number, where it is known, which is handed back.
    fn name(&mut self, name: &'e str) -> u64 {
        self.weight_bytes += name.len();
        let next = self.names.len() as u64;
        let number = *self.names.entry(name).or_insert(next);
        put(&mut self.out, number);
        if number == next {
            put_text(&mut self.out, name);
        }
        number
    }

    fn identity(&mut self, uuid: &str) {
        if let Some(binary) = binary(uuid) {
            put(&mut self.out, identity::BINARY);
            self.out.extend_from_slice(binary.as_bytes());
        } else {
            put(&mut self.out, identity::TEXT);
            put_text(&mut self.out, uuid);
        }
    }

    /// All attributes, or what became of those of the base: gone ones, and others.
    fn attributes(&mut self, attributes: &'e Attributes, base: Option<&'e Attributes>, uuid: &str) {
        self.weight_bytes += attributes.text_bytes();
        let (gone, others) = (&mut Vec::new(), &mut Vec::new());
        if let Some(base) = base {
            differences(base, attributes, gone, others);
            put(&mut self.out, gone.len() as u64);
            for name in gone {
                self.name(name);
            }
        } else {
            others.extend(attributes.iter());
        }
        put(&mut self.out, others.len() as u64);
        for &mut (name, value) in others {
            self.name(name);
            if value == uuid {
                put(&mut self.out, 0);
            } else {
                put(&mut self.out, value.len() as u64 + 1);
                self.out.extend_from_slice(value.as_bytes());
            }
        }
    }

    fn content(&mut self, content: &'e Content) {
        match content {
            Content::Empty => put(&mut self.out, content::EMPTY),
            Content::Stored(slice) => {
                put(&mut self.out, content::STORED);
                self.slice(slice);
            }
            Content::Derived(derived) => {
                put(&mut self.out, content::DERIVED);
                self.slice(&derived.source);
                self.name(&derived.kind);
                self.name(&derived.recipe);
            }
        }
    }

    fn slice(&mut self, slice: &ContentSlice) {
        let ContentSlice { claim, offset, length } = slice;
        for value in [claim.segment, claim.offset, claim.length, *offset, *length] {
            put(&mut self.out, value);
        }
    }
}

/// Bytes that are in every block which names `uuid`.
pub(in crate::provenance) fn identity_bytes(uuid: &str) -> Vec<u8> {
    binary(uuid).map_or_else(|| uuid.as_bytes().to_vec(), |binary| binary.as_bytes().to_vec())
}

/// `uuid`, if its text can be told from it.
fn binary(uuid: &str) -> Option<Uuid> {
    let mut text = Uuid::encode_buffer();
    let parsed = Uuid::try_parse(uuid).ok()?;
    (parsed.hyphenated().encode_lower(&mut text) == uuid).then_some(parsed)
}

/// Names that are gone from `before`, and names and values in `after` that are not the same there.
fn differences<'e>(
    before: &'e Attributes,
    after: &'e Attributes,
    gone: &mut Vec<&'e str>,
    others: &mut Vec<(&'e str, &'e str)>,
) {
    let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
    while let Some(&(name, value)) = after.peek() {
        match before.peek() {
            Some(&(known, _)) if known < name => {
                gone.push(known);
                before.next();
            }
            Some(&(known, old)) if known == name => {
                if old != value {
                    others.push((name, value));
                }
                before.next();
                after.next();
            }
            _ => {
                others.push((name, value));
                after.next();
            }
        }
    }
    gone.extend(before.map(|(name, _)| name));
}

fn is_equal(left: &Attributes, right: &Attributes) -> bool {
    left.is_same(right) || left == right
}
