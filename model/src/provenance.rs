//! What happened to flowfiles: one event for each thing that a reader of a lineage asks for.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::flowfile::{Attributes, Content, FlowFile, FlowFileId, Timestamp};

/// NiFi's event types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventType {
    /// Made from nothing.
    Create,
    /// Came from an external system, which pushed or was polled.
    Receive,
    /// Its content was replaced by that of an external resource.
    Fetch,
    /// Went to an external system.
    Send,
    /// Its content was uploaded by its identity alone.
    Upload,
    /// An external system was told to do something.
    RemoteInvocation,
    /// Was handed to somebody who looked at it.
    Download,
    /// Its life ended.
    Drop,
    /// Its life ended because it had waited too long.
    Expire,
    /// Others were made from it.
    Fork,
    /// It was made from several others.
    Join,
    /// A copy was made.
    Clone,
    /// Its content changed.
    ContentModified,
    /// Its attributes changed.
    AttributesModified,
    /// It was sent to a relationship for a reason worth keeping.
    Route,
    /// Somebody added a remark.
    Addinfo,
    /// It was put back into a queue from an earlier event.
    Replay,
}

impl EventType {
    /// All of them. Their places here are in files: new ones come last.
    pub const ALL: [Self; 17] = [
        Self::Create,
        Self::Receive,
        Self::Fetch,
        Self::Send,
        Self::Upload,
        Self::RemoteInvocation,
        Self::Download,
        Self::Drop,
        Self::Expire,
        Self::Fork,
        Self::Join,
        Self::Clone,
        Self::ContentModified,
        Self::AttributesModified,
        Self::Route,
        Self::Addinfo,
        Self::Replay,
    ];
}

/// A flowfile as it was when it was taken from its queue: what a replay puts back. It is a handle
/// of that flowfile, so that an event costs next to nothing by it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Input {
    /// The queue, by its number in the repository: it may have got another name since.
    pub queue: u32,
    /// The flowfile, from which that of the event may have been made. Its identity, lineage,
    /// attributes and content count; what its stay in the queue was like is not kept.
    pub flowfile: FlowFile,
}

impl Input {
    /// `flowfile`, as it was taken from the queue with this number.
    pub fn new(queue: u32, flowfile: &FlowFile) -> Self {
        Self { queue, flowfile: flowfile.clone() }
    }

    /// Whether it is the same handle, as with events of one session.
    pub fn is_same(&self, other: &Self) -> bool {
        self.queue == other.queue && self.flowfile.is_same(&other.flowfile)
    }
}

impl PartialEq for Input {
    fn eq(&self, other: &Self) -> bool {
        let (own, others) = (&self.flowfile, &other.flowfile);
        self.queue == other.queue
            && own.id() == others.id()
            && own.lineage_start() == others.lineage_start()
            && own.attributes() == others.attributes()
            && own.content() == others.content()
    }
}

/// One event of one flowfile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProvenanceEvent {
    /// What happened.
    pub event_type: EventType,
    /// When, by the injected clock.
    pub time: Timestamp,
    /// The name of the flow.
    pub flow: Arc<str>,
    /// The processor, by its path of names in the flow.
    pub component: Arc<str>,
    /// The flowfile.
    pub flowfile: FlowFileId,
    /// Its `uuid`.
    pub uuid: Box<str>,
    /// The `uuid`s it came from (`Join`, and `Fork` or `Clone` seen from the child).
    pub parents: Vec<Box<str>>,
    /// The `uuid`s that came from it.
    pub children: Vec<Box<str>>,
    /// Its attributes after the event.
    pub attributes: Attributes,
    /// Its content after the event.
    pub content: Content,
    /// What was taken from a queue for it; nothing for what a source made, or what several became.
    pub input: Option<Input>,
    /// The relationship it went to, where it went to one.
    pub relationship: Option<Box<str>>,
    /// The external system (`Receive`, `Fetch`, `Send`, `RemoteInvocation`), as a URI without
    /// secrets.
    pub transit_uri: Option<Box<str>>,
    /// How many bytes went there (`Send`). Not always those of the content as it is kept: derived
    /// content is made on the way.
    pub transit_bytes: Option<u64>,
    /// Why, in words.
    pub details: Option<Box<str>>,
}

impl ProvenanceEvent {
    /// What happened to `flowfile`, as it is now, at the processor `component` of `flow`; without
    /// what only some types of events have.
    pub fn new(
        event_type: EventType,
        time: Timestamp,
        (flow, component): (impl Into<Arc<str>>, impl Into<Arc<str>>),
        flowfile: &FlowFile,
    ) -> Self {
        Self {
            event_type,
            time,
            flow: flow.into(),
            component: component.into(),
            flowfile: flowfile.id(),
            uuid: flowfile.uuid().into(),
            parents: Vec::new(),
            children: Vec::new(),
            attributes: flowfile.attributes().clone(),
            content: flowfile.content().clone(),
            input: None,
            relationship: None,
            transit_uri: None,
            transit_bytes: None,
            details: None,
        }
    }
}
