//! Bytes as events. Whatever the bytes say, it neither panics nor makes much of little.

use std::sync::Arc;

use tutti_model::flowfile::{
    Attributes, Claim, Content, ContentSlice, DerivedContent, FlowFile, FlowFileId, Timestamp,
};
use tutti_model::provenance::{EventType, Input, ProvenanceEvent};
use uuid::Uuid;

use super::bytes::{Reader, Wrong};
use super::{EVENTS_MAX, WEIGHT_BYTES_MAX, content, has, identity, input};

/// The events of a block, in the order in which they happened, or what is wrong with it.
pub(in crate::provenance) fn decode(bytes: &[u8]) -> Result<Vec<ProvenanceEvent>, String> {
    let reader = Reader(bytes);
    let (names, events) = (Vec::new(), Vec::new());
    let mut decoder = Decoder { reader, names, events, last_input: None, weight_bytes: 0 };
    while !decoder.reader.0.is_empty() {
        let event = decoder.event().map_err(|wrong| {
            format!("event {} of its block cannot be decoded: {wrong}", decoder.events.len())
        })?;
        decoder.events.push(event);
    }
    Ok(decoder.events)
}

struct Decoder<'b> {
    reader: Reader<'b>,
    names: Vec<&'b str>,
    events: Vec<ProvenanceEvent>,
    last_input: Option<Input>,
    weight_bytes: usize,
}

impl<'b> Decoder<'b> {
    fn event(&mut self) -> Result<ProvenanceEvent, Wrong> {
        if self.events.len() >= EVENTS_MAX || self.weight_bytes >= WEIGHT_BYTES_MAX {
            return Err("it has too many");
        }
        let kind = usize::from(self.reader.byte()?);
        let event_type = *EventType::ALL.get(kind).ok_or("its type is unknown")?;
        let flags = self.reader.byte()?;
        let is = |flag: u8| flags & flag != 0;
        let before = self.events.last();
        let (time, number) = before.map_or((0, 0), |before| (before.time.0, before.flowfile.0));
        let time = Timestamp(time.wrapping_add(self.reader.signed()?));
        let flowfile = FlowFileId(number.wrapping_add(self.reader.signed()?.cast_unsigned()));
        let (flow, component) = (self.name()?.into(), self.name()?.into());
        let base = if is(has::BASE) { Some(self.base()?) } else { None };
        let uuid = match base {
            Some(base) => self.events[base].uuid.clone(),
            None => self.identity()?,
        };
        let attributes = match base {
            Some(base) if !is(has::ATTRIBUTES) => self.events[base].attributes.clone(),
            _ => {
                let base = base.map(|base| self.events[base].attributes.clone());
                self.attributes(&uuid, base)?
            }
        };
        let content = match base {
            Some(base) if !is(has::CONTENT) => self.events[base].content.clone(),
            _ => self.content()?,
        };
        let relationship = if is(has::RELATIONSHIP) { Some(self.name()?.into()) } else { None };
        let details = if is(has::DETAILS) { Some(self.name()?.into()) } else { None };
        let (mut transit_uri, mut transit_bytes) = (None, None);
        if is(has::TRANSIT) {
            if self.reader.is_true()? {
                transit_uri = Some(self.reader.text()?.into());
            }
            if self.reader.is_true()? {
                transit_bytes = Some(self.reader.number()?);
            }
        }
        let (mut parents, mut children) = (Vec::new(), Vec::new());
        if is(has::FAMILY) {
            (parents, children) = (self.family()?, self.family()?);
        }
        let mut event = ProvenanceEvent {
            event_type,
            time,
            flow,
            component,
            flowfile,
            uuid,
            parents,
            children,
            attributes,
            content,
            input: None,
            relationship,
            transit_uri,
            transit_bytes,
            details,
        };
        if is(has::INPUT) {
            event.input = Some(self.input(&event, base)?);
            self.last_input.clone_from(&event.input);
        }
        Ok(event)
    }

    /// The input of `event`, which goes on from `base`.
    fn input(&mut self, event: &ProvenanceEvent, base: Option<usize>) -> Result<Input, Wrong> {
        let queue = match self.reader.number()? {
            input::OF_BASE => {
                let base = base.and_then(|base| self.events[base].input.clone());
                return base.ok_or("its base has no input");
            }
            input::OF_LAST => return self.last_input.clone().ok_or("no input was before it"),
            queue => u32::try_from(queue - input::QUEUE)
                .map_err(|_| "its queue's number is too large")?,
        };
        let lineage_start = Timestamp(event.time.0.wrapping_add(self.reader.signed()?));
        let back = usize::try_from(self.reader.number()?).unwrap_or(usize::MAX);
        if back > 0 {
            let left = self.events.len().checked_sub(back).ok_or("its input is as none left it")?;
            let ProvenanceEvent { flowfile, attributes, content, .. } = &self.events[left];
            let flowfile = FlowFile::new(*flowfile, lineage_start)
                .with_attributes(attributes.clone())
                .with_content(content.clone());
            return Ok(Input { queue, flowfile });
        }
        let number = event.flowfile.0.wrapping_add(self.reader.signed()?.cast_unsigned());
        let attributes = self.attributes(&event.uuid, Some(event.attributes.clone()))?;
        let content = if self.reader.is_true()? { self.content()? } else { event.content.clone() };
        let flowfile = FlowFile::new(FlowFileId(number), lineage_start)
            .with_attributes(attributes)
            .with_content(content);
        Ok(Input { queue, flowfile })
    }

    /// The index of the event that this one goes on from.
    fn base(&mut self) -> Result<usize, Wrong> {
        let back = usize::try_from(self.reader.number()?).unwrap_or(usize::MAX);
        let base = self.events.len().checked_sub(back);
        base.filter(|base| *base < self.events.len()).ok_or("it goes on from none")
    }

    fn name(&mut self) -> Result<&'b str, Wrong> {
        let number = usize::try_from(self.reader.number()?).unwrap_or(usize::MAX);
        if number > self.names.len() {
            return Err("it uses a name before it says it");
        }
        if number == self.names.len() {
            self.names.push(self.reader.text()?);
        }
        let name = self.names[number];
        self.weight_bytes += name.len();
        Ok(name)
    }

    fn identity(&mut self) -> Result<Box<str>, Wrong> {
        match self.reader.number()? {
            identity::BINARY => {
                let uuid = Uuid::from_slice(self.reader.bytes(16)?).map_err(|_| "no uuid")?;
                Ok(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer())[..].into())
            }
            identity::TEXT => Ok(self.reader.text()?.into()),
            _ => Err("a uuid is of an unknown kind"),
        }
    }

    fn family(&mut self) -> Result<Vec<Box<str>>, Wrong> {
        (0..self.reader.count()?).map(|_| self.identity()).collect()
    }

    fn attributes(&mut self, uuid: &str, base: Option<Attributes>) -> Result<Attributes, Wrong> {
        let has_base = base.is_some();
        let mut attributes = base.unwrap_or_default();
        if has_base {
            for _ in 0..self.reader.count()? {
                attributes.remove(self.name()?);
            }
        }
        for _ in 0..self.reader.count()? {
            let name = self.name()?;
            let value = match self.reader.number()? {
                0 => uuid,
                length => self.reader.text_of(usize::try_from(length - 1).unwrap_or(usize::MAX))?,
            };
            attributes.insert(name, value);
        }
        self.weight_bytes += attributes.text_bytes();
        Ok(attributes)
    }

    fn content(&mut self) -> Result<Content, Wrong> {
        Ok(match self.reader.number()? {
            content::EMPTY => Content::Empty,
            content::STORED => Content::Stored(self.slice()?),
            content::DERIVED => Content::Derived(Arc::new(DerivedContent {
                source: self.slice()?,
                kind: self.name()?.into(),
                recipe: Arc::from(self.name()?),
            })),
            _ => return Err("its content is of an unknown kind"),
        })
    }

    fn slice(&mut self) -> Result<ContentSlice, Wrong> {
        let mut number = || self.reader.number();
        let claim = Claim { segment: number()?, offset: number()?, length: number()? };
        Ok(ContentSlice { claim, offset: number()?, length: number()? })
    }
}
