//! What happened to flowfiles, as people and programs look at it.

use serde::Serialize;
use tutti_model::flowfile::Attributes;
use tutti_model::provenance::EventType;
use tutti_store::{LoggedEvent, QueueId, Repository, Search, StoreError};
use utoipa::ToSchema;

use crate::engine::Engine;

/// An event of the provenance log.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProvenanceEvent)]
pub struct EventStatus {
    /// Its number in the log; one that is not durable yet may lose it to another in a crash.
    pub number: u64,
    /// What happened.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// When, in UTC.
    pub time: String,
    /// The flow.
    pub flow: String,
    /// The processor, by its path of names in the flow.
    pub component: String,
    /// The `uuid` of the flowfile.
    pub uuid: String,
    /// The `uuid`s that it came from.
    #[schema(value_type = Vec<String>)]
    pub parents: Vec<Box<str>>,
    /// The `uuid`s that came from it.
    #[schema(value_type = Vec<String>)]
    pub children: Vec<Box<str>>,
    /// Its attributes after the event.
    #[schema(value_type = BTreeMap<String, String>)]
    pub attributes: Attributes,
    /// Bytes of its content after the event.
    pub bytes: u64,
    /// What was taken from a queue for it, and can be replayed as long as its content is there.
    #[schema(required)]
    pub input: Option<InputStatus>,
    /// The relationship that it went to.
    #[schema(required, value_type = Option<String>)]
    pub relationship: Option<Box<str>>,
    /// The system outside, as a URI without secrets.
    #[schema(required, value_type = Option<String>)]
    pub transit_uri: Option<Box<str>>,
    /// Bytes that went there.
    #[schema(required)]
    pub transit_bytes: Option<u64>,
    /// More, in words.
    #[schema(required, value_type = Option<String>)]
    pub details: Option<Box<str>>,
}

/// A flowfile as it was when it was taken from a queue.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = EventInput)]
pub struct InputStatus {
    /// The queue, as `FLOW/CONNECTION`; none when it is gone.
    #[schema(required)]
    pub queue: Option<String>,
    /// Its `uuid`.
    pub uuid: String,
    /// Its attributes.
    #[schema(value_type = BTreeMap<String, String>)]
    pub attributes: Attributes,
    /// Bytes of its content.
    pub bytes: u64,
}

/// Events that were asked for.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = ProvenancePage)]
pub struct History {
    /// The newest first.
    pub events: Vec<EventStatus>,
    /// What of the log could not be read.
    pub damaged: Vec<String>,
}

/// Why the log could not be searched.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The engine does not run.
    #[error("the engine does not run")]
    NotRunning,
    /// The log cannot be read.
    #[error("the provenance log cannot be read")]
    Repository(#[source] StoreError),
}

impl EventStatus {
    /// As it is shown.
    pub fn of(repository: &Repository, event: &LoggedEvent) -> Self {
        let input = event.input.as_ref().map(|input| InputStatus {
            queue: repository.queue_name(QueueId(input.queue)),
            uuid: input.flowfile.uuid().to_owned(),
            attributes: input.flowfile.attributes().clone(),
            bytes: input.flowfile.size_bytes(),
        });
        Self {
            number: event.number,
            event_type: event.event_type,
            time: event.time.to_string(),
            flow: event.flow.to_string(),
            component: event.component.to_string(),
            uuid: event.uuid.to_string(),
            parents: event.parents.clone(),
            children: event.children.clone(),
            attributes: event.attributes.clone(),
            bytes: event.content.size_bytes(),
            input,
            relationship: event.relationship.clone(),
            transit_uri: event.transit_uri.clone(),
            transit_bytes: event.transit_bytes,
            details: event.details.clone(),
        }
    }
}

impl Engine {
    /// What the log has of that, also of what is not durable yet. Scans it, and may take as long.
    ///
    /// # Errors
    /// When there is no log, or it cannot be read.
    pub fn history(&self, search: &Search) -> Result<History, HistoryError> {
        let repository = self.repository().ok_or(HistoryError::NotRunning)?;
        let found = repository.search(search).map_err(HistoryError::Repository)?;
        let events = found.events.iter().map(|event| EventStatus::of(&repository, event)).collect();
        Ok(History { events, damaged: found.damaged.iter().map(StoreError::chain).collect() })
    }
}
