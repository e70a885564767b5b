//! Replays: flowfiles come once more into the queues that they were taken from, as they were then.
//!
//! Either all that is asked for comes, in one commit with its REPLAY events, or nothing. Nobody
//! asks whether a queue is full: as with NiFi, a replay is not held up by back-pressure.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use serde::Serialize;
use tutti_model::flowfile::{FlowFile, core_attribute};
use tutti_model::provenance::{EventType, Input, ProvenanceEvent};
use tutti_sdk::host::{Clock, Random, new_uuid};
use tutti_store::{
    ClaimGuard, Commit, LoggedEvent, QueueId, Repository, Search, StoreError, Ticket,
};
use utoipa::ToSchema;

use crate::flow::Flow;

/// Says of a flowfile that it is a replay, and since when; NiFi's names.
const REPLAY: &str = "flowfile.replay";
const REPLAY_TIMESTAMP: &str = "flowfile.replay.timestamp";
/// Events that are replayed at once, at most: a commit is in memory as a whole.
const EVENTS_MAX: usize = 10_000;

/// Why an event is not replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The log does not have it.
    #[error("there is no event {event} in the provenance log")]
    Unknown {
        /// Its number.
        event: u64,
    },
    /// Nothing was taken from a queue for it.
    #[error(
        "event {event} cannot be replayed: no single flowfile was taken from a queue for it, at \
         \"{component}\""
    )]
    NoInput {
        /// Its number.
        event: u64,
        /// The flow and the processor.
        component: String,
    },
    /// The queue that its flowfile was taken from is gone.
    #[error(
        "event {event} cannot be replayed: the connection to \"{component}\" that its flowfile \
         came by is not there any more"
    )]
    NoQueue {
        /// Its number.
        event: u64,
        /// The flow and the processor.
        component: String,
    },
    /// None of the flows that run takes from that queue, so that nobody would work on it.
    #[error(
        "event {event} cannot be replayed: no flow that runs has the connection \"{queue}\" any \
         more, by which its flowfile came"
    )]
    NoConnection {
        /// Its number.
        event: u64,
        /// The queue, as the repository calls it.
        queue: String,
    },
    /// The content is gone from the archive, or damaged.
    #[error("event {event} cannot be replayed: its content of {bytes} bytes is not there any more")]
    NoContent {
        /// Its number.
        event: u64,
        /// How much it was.
        bytes: u64,
        /// How that shows.
        source: StoreError,
    },
    /// More than is replayed at once.
    #[error("{count} events cannot be replayed at once, only {EVENTS_MAX}")]
    TooMany {
        /// How many were asked for.
        count: usize,
    },
    /// The repository refuses.
    #[error("the data folder cannot be used")]
    Repository(#[source] Arc<StoreError>),
    /// The engine does not run, or ended before the replay was durable.
    #[error("the engine does not run")]
    NotRunning,
}

impl ReplayError {
    /// What whoever asked can do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => {
                "\"tutti provenance\" shows which there are; the eldest are given up when the log \
                 is full"
            }
            Self::NoInput { .. } => {
                "choose an event of what came to a processor by a connection, such as the ROUTE, \
                 SEND or DROP after it; what a source takes in comes again from there"
            }
            Self::NoQueue { .. } => {
                "choose a later event of the flowfile, at a processor that is still there"
            }
            Self::NoConnection { .. } => {
                "give the flow this connection again, or choose an event of the flowfile at a \
                 connection that is there"
            }
            Self::NoContent { .. } => {
                "bring it in from its source again; --archive-max and --archive-period say how \
                 much is kept for replays, and how long"
            }
            Self::TooMany { .. } => "replay them a part at a time",
            Self::Repository(error) => error.help(),
            Self::NotRunning => "try again once it runs",
        }
    }
}

impl From<StoreError> for ReplayError {
    fn from(error: StoreError) -> Self {
        Self::Repository(Arc::new(error))
    }
}

/// A flowfile that comes once more, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReplayedFlowfile)]
pub struct Replayed {
    /// The event that is replayed.
    pub event: u64,
    /// The queue that it comes into, as the repository calls it.
    pub queue: String,
    /// The flowfile that was taken then.
    #[schema(value_type = String)]
    pub parent: Box<str>,
    /// The one that comes now; none before it does.
    #[schema(required, value_type = Option<String>)]
    pub uuid: Option<Box<str>>,
    /// Its attribute `filename`.
    #[schema(required, value_type = Option<String>)]
    pub filename: Option<Box<str>>,
    /// Bytes of its content.
    pub bytes: u64,
}

/// A replay that can be done: everything that it needs is there, and stays as long as this lives.
pub struct Replay<'r> {
    repository: &'r Repository,
    planned: Vec<Planned>,
}

struct Planned {
    number: u64,
    event: ProvenanceEvent,
    input: Input,
    queue: String,
    /// What was archived is not deleted meanwhile.
    _content: Option<ClaimGuard>,
}

/// A replay that was committed.
pub struct Committed {
    /// What comes once more, in the order of the numbers of the events.
    pub replayed: Vec<Replayed>,
    /// When it is durable.
    pub ticket: Ticket,
    /// The queues, each with the bytes of what came.
    pub(crate) put: Vec<(QueueId, u64)>,
}

impl<'r> Replay<'r> {
    /// Looks whether these events can be replayed. Reads every byte of content that is asked for.
    ///
    /// # Errors
    /// All that hinders it.
    pub fn of(
        repository: &'r Repository,
        events: &BTreeSet<u64>,
    ) -> Result<Self, Vec<ReplayError>> {
        let count = events.len();
        if count > EVENTS_MAX {
            return Err(vec![ReplayError::TooMany { count }]);
        }
        let search = Search { numbers: events.clone(), ..Search::newest(count) };
        let searched = repository.search(&search).map_err(|error| vec![error.into()])?;
        let mut found: BTreeMap<u64, ProvenanceEvent> = searched
            .events
            .into_iter()
            .map(|LoggedEvent { number, event }| (number, event))
            .collect();
        let (mut planned, mut errors) = (Vec::new(), Vec::new());
        for number in events {
            match plan(repository, *number, found.remove(number)) {
                Ok(one) => planned.push(one),
                Err(error) => errors.push(error),
            }
        }
        if errors.iter().any(|error| matches!(error, ReplayError::Unknown { .. })) {
            // What could not be read may have held them.
            errors.extend(searched.damaged.into_iter().map(ReplayError::from));
        }
        if errors.is_empty() { Ok(Self { repository, planned }) } else { Err(errors) }
    }

    /// Refuses what none of these flows, which are all that run, would work on.
    ///
    /// # Errors
    /// All that would wait for nobody.
    pub fn check_connections(&self, flows: &[Flow]) -> Result<(), Vec<ReplayError>> {
        let taken_from: HashSet<QueueId> = flows.iter().flat_map(Flow::queues).collect();
        let is_stranded = |planned: &&Planned| !taken_from.contains(&QueueId(planned.input.queue));
        let refused = self.planned.iter().filter(is_stranded).map(|planned| {
            let queue = planned.queue.clone();
            ReplayError::NoConnection { event: planned.number, queue }
        });
        let errors: Vec<_> = refused.collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// What would come once more.
    pub fn planned(&self) -> Vec<Replayed> {
        self.planned.iter().map(|planned| planned.told(None)).collect()
    }

    /// Does it. Waits while the open epoch is full.
    ///
    /// # Errors
    /// When the repository refuses; nothing comes then.
    pub fn commit(self, clock: &dyn Clock, random: &dyn Random) -> Result<Committed, ReplayError> {
        let now = clock.now();
        let (mut commit, mut replayed, mut put) = (Commit::default(), Vec::new(), Vec::new());
        for planned in &self.planned {
            let Planned { number, event, input, .. } = planned;
            let uuid = new_uuid(random);
            let taken = &input.flowfile;
            let mut attributes = taken.attributes().clone();
            attributes.insert(REPLAY, "true");
            attributes.insert(REPLAY_TIMESTAMP, now.to_string());
            attributes.insert(core_attribute::UUID, &uuid);
            let flowfile = FlowFile::new(self.repository.next_id(), now)
                .with_lineage_start(taken.lineage_start())
                .with_attributes(attributes)
                .with_content(taken.content().clone());
            let place = (Arc::clone(&event.flow), Arc::clone(&event.component));
            commit.events.push(ProvenanceEvent {
                parents: vec![taken.uuid().into()],
                children: vec![uuid.as_str().into()],
                details: Some(format!("of event {number}").into()),
                ..ProvenanceEvent::new(EventType::Replay, now, place, &flowfile)
            });
            let queue = QueueId(input.queue);
            put.push((queue, flowfile.size_bytes()));
            commit.put.push((queue, flowfile));
            replayed.push(planned.told(Some(uuid.into())));
        }
        let ticket = self.repository.commit(commit)?;
        Ok(Committed { replayed, ticket, put })
    }
}

impl Planned {
    fn told(&self, uuid: Option<Box<str>>) -> Replayed {
        Replayed {
            event: self.number,
            queue: self.queue.clone(),
            parent: self.input.flowfile.uuid().into(),
            uuid,
            filename: self.input.flowfile.attribute(core_attribute::FILENAME).map(Into::into),
            bytes: self.input.flowfile.size_bytes(),
        }
    }
}

fn plan(
    repository: &Repository,
    number: u64,
    event: Option<ProvenanceEvent>,
) -> Result<Planned, ReplayError> {
    let event = event.ok_or(ReplayError::Unknown { event: number })?;
    let component = || format!("{}/{}", event.flow, event.component);
    let no_input = || ReplayError::NoInput { event: number, component: component() };
    let input = event.input.clone().ok_or_else(no_input)?;
    let queue = repository
        .queue_name(QueueId(input.queue))
        .ok_or_else(|| ReplayError::NoQueue { event: number, component: component() })?;
    let content = repository.revive(input.flowfile.content()).map_err(|source| match source {
        StoreError::NotFound { .. } | StoreError::Corrupt { .. } => {
            ReplayError::NoContent { event: number, bytes: input.flowfile.size_bytes(), source }
        }
        source => source.into(),
    })?;
    Ok(Planned { number, event, input, queue, _content: content })
}
