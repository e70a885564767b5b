//! The content of a flowfile as an event of the provenance log had it.
//!
//! Must never keep content from going: it is there as long as something refers to it, or the
//! archive keeps it.

use serde::Deserialize;
use tutti_model::flowfile::{Attributes, Content};
use tutti_store::{ContentReader, LoggedEvent, Repository, Search, StoreError};
use utoipa::ToSchema;

use crate::Engine;

/// Which content of an event is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum EventSide {
    /// What was taken from a queue for it.
    Input,
    /// What the flowfile had after it.
    #[default]
    Output,
}

/// The content of a flowfile as it was; of content that is made when it is read, what that is made
/// from.
pub struct EventContent {
    /// The attributes that it had then.
    pub attributes: Attributes,
    /// Bytes of it.
    pub bytes: u64,
    /// None when it is empty.
    pub reader: Option<ContentReader>,
}

/// Why there is no content of an event.
#[derive(Debug, thiserror::Error)]
pub enum EventContentError {
    /// The engine does not run.
    #[error("the engine does not run")]
    NotRunning,
    /// The log does not have it.
    #[error("there is no event {event} in the provenance log")]
    Unknown {
        /// Its number.
        event: u64,
    },
    /// Nothing was taken from a queue for it.
    #[error("no single flowfile was taken from a queue for event {event}")]
    NoInput {
        /// Its number.
        event: u64,
    },
    /// Nothing refers to it any more, and the archive does not keep it; or it is damaged.
    #[error("the content of event {event} is not there any more")]
    Gone {
        /// Its number.
        event: u64,
        /// How that shows.
        source: StoreError,
    },
    /// The repository cannot read.
    #[error("the data folder cannot be read")]
    Repository(#[source] StoreError),
}

impl Engine {
    /// The content of an event. Scans the log, and may take as long.
    ///
    /// # Errors
    /// When there is none any more, or it cannot be read.
    pub fn event_content(
        &self,
        event: u64,
        side: EventSide,
    ) -> Result<EventContent, EventContentError> {
        let repository = self.repository().ok_or(EventContentError::NotRunning)?;
        let search = Search { numbers: [event].into(), ..Search::newest(1) };
        let searched = repository.search(&search).map_err(EventContentError::Repository)?;
        let found = searched.events.into_iter().find(|one| one.number == event);
        let LoggedEvent { event: found, .. } = found.ok_or(EventContentError::Unknown { event })?;
        match side {
            EventSide::Output => open(&repository, event, found.attributes, &found.content),
            EventSide::Input => {
                let input = found.input.ok_or(EventContentError::NoInput { event })?;
                let flowfile = input.flowfile;
                open(&repository, event, flowfile.attributes().clone(), flowfile.content())
            }
        }
    }
}

fn open(
    repository: &Repository,
    event: u64,
    attributes: Attributes,
    content: &Content,
) -> Result<EventContent, EventContentError> {
    let reader = match content.original() {
        Content::Empty | Content::Derived(_) => None,
        Content::Stored(slice) => Some(repository.open_content(&slice)),
    };
    let reader = reader.transpose().map_err(|source| match source {
        StoreError::NotFound { .. } | StoreError::Corrupt { .. } => {
            EventContentError::Gone { event, source }
        }
        source => EventContentError::Repository(source),
    })?;
    Ok(EventContent { attributes, bytes: content.size_bytes(), reader })
}
