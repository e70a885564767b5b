//! What waits in the queues of a flow, looked at without being taken.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use tutti_model::flowfile::{Content, ContentSlice, FlowFile};
use tutti_store::{ContentReader, Listed, QueueId, Repository, StoreError};
use utoipa::ToSchema;

use crate::flow::Flow;

/// The most flowfiles that are listed at a time.
pub const PAGE_MAX: usize = 1_000;
/// How many are looked at for a page, about, and for how long: who wants more goes on from there.
const LOOK_MAX: u64 = 50_000;
const LOOK_TIME_MAX: Duration = Duration::from_millis(500);

/// Flowfiles of a queue, in the order in which they came.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueuePage {
    /// How many there are in all, those in work included.
    pub count: u64,
    /// Bytes of their content.
    pub bytes: u64,
    /// Some of them.
    pub flowfiles: Vec<WaitingFlowFile>,
    /// The number after which the next page begins; none when this is the last. With a filter a
    /// page may have less than it might, even nothing, and yet not be the last.
    #[schema(required)]
    pub next: Option<u64>,
    /// How many were looked at to find these.
    pub looked: u64,
}

/// Which of the flowfiles of a queue are listed.
pub struct Wish<'w> {
    /// Those behind this number.
    pub after: u64,
    /// So many at most.
    pub max: usize,
    /// Those of which this says so.
    pub filter: Option<&'w dyn Fn(&FlowFile) -> bool>,
}

/// A flowfile in a queue.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QueuedFlowfile)]
pub struct WaitingFlowFile {
    /// Its place in the queue; never given to another one.
    pub number: u64,
    /// Its attribute `uuid`.
    pub uuid: String,
    /// Its attribute `filename`, when it has one.
    #[schema(required)]
    pub filename: Option<String>,
    /// Bytes of its content; of content that is made when it is read, bytes of what that is made
    /// from.
    pub bytes: u64,
    /// What makes its content when it is read, as `audio/frames`; none for stored content.
    #[schema(required)]
    pub derived: Option<String>,
    /// When it, or what it came from, entered the flow, in milliseconds since 1970.
    pub entered_ms: i64,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// Whether a processor works on it.
    pub in_flight: bool,
    /// All its attributes.
    pub attributes: BTreeMap<String, String>,
}

/// The stored content of a flowfile that waits.
pub struct WaitingContent {
    /// The flowfile.
    pub flowfile: WaitingFlowFile,
    /// Where its content lies: no other content ever lies there. None when it is empty.
    pub slice: Option<ContentSlice>,
    /// Its content, or what that is made from; none when it is empty.
    pub reader: Option<ContentReader>,
}

/// Why a queue cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum WaitingError {
    /// The flow has no such connection.
    #[error("the flow has no connection \"{path}\"")]
    NoConnection {
        /// What was asked for.
        path: String,
    },
    /// The flowfile is not there, or has gone on meanwhile.
    #[error("no flowfile {number} waits in \"{path}\": it may have gone on")]
    NoFlowFile {
        /// The connection.
        path: String,
        /// The flowfile's number.
        number: u64,
    },
    /// The repository cannot read it.
    #[error("what waits in \"{path}\" cannot be read")]
    Repository {
        /// The connection.
        path: String,
        /// Why.
        source: StoreError,
    },
}

impl Flow {
    /// Flowfiles that wait in the connection. May wait for a disk.
    ///
    /// # Errors
    /// When there is no such connection, or it cannot be read.
    pub fn waiting(&self, path: &str, wish: &Wish<'_>) -> Result<QueuePage, WaitingError> {
        let (repository, queue) = self.queue(path)?;
        let failed = |source| WaitingError::Repository { path: path.to_owned(), source };
        let counts = repository.counts(queue).map_err(failed)?;
        let (count, bytes) = (counts.flowfiles, counts.bytes);
        let (max, begun) = (wish.max.clamp(1, PAGE_MAX), Instant::now());
        let (mut flowfiles, mut looked, mut next) = (Vec::new(), 0, Some(wish.after));
        while let Some(after) = next {
            let is_long = looked >= LOOK_MAX || begun.elapsed() >= LOOK_TIME_MAX;
            if flowfiles.len() >= max || is_long {
                break;
            }
            let block = if wish.filter.is_some() { PAGE_MAX } else { max };
            let mut listed = repository.list(queue, after, block + 1).map_err(failed)?;
            let is_more = listed.len() > block;
            listed.truncate(block);
            next = listed.last().filter(|_| is_more).map(|last| last.sequence);
            for (index, one) in listed.iter().enumerate() {
                if flowfiles.len() >= max {
                    // The rest of the block is looked at for the next page.
                    next = index.checked_sub(1).map(|before| listed[before].sequence);
                    break;
                }
                looked += 1;
                if wish.filter.is_none_or(|wants| wants(&one.flowfile)) {
                    flowfiles.push(WaitingFlowFile::of(one));
                }
            }
        }
        Ok(QueuePage { count, bytes, flowfiles, next, looked })
    }

    /// One of the flowfiles that wait in the connection, with its content. May wait for a disk.
    ///
    /// # Errors
    /// When it is not there any more, or cannot be read.
    pub fn waiting_content(&self, path: &str, number: u64) -> Result<WaitingContent, WaitingError> {
        let (repository, queue) = self.queue(path)?;
        let failed = |source| WaitingError::Repository { path: path.to_owned(), source };
        let after = number.saturating_sub(1);
        let listed = repository.list(queue, after, 1).map_err(failed)?;
        let found = listed.first().filter(|listed| listed.sequence == number);
        let Some(listed) = found else {
            return Err(WaitingError::NoFlowFile { path: path.to_owned(), number });
        };
        let slice = match listed.flowfile.content().original() {
            Content::Stored(slice) => Some(slice),
            Content::Empty | Content::Derived(_) => None,
        };
        let open = |slice: &ContentSlice| repository.open_content(slice).map_err(failed);
        let reader = slice.as_ref().map(open).transpose()?;
        Ok(WaitingContent { flowfile: WaitingFlowFile::of(listed), slice, reader })
    }

    fn queue(&self, path: &str) -> Result<(Arc<Repository>, QueueId), WaitingError> {
        let shared = self.versions().current();
        let connection = shared.connections.iter().find(|connection| connection.path == path);
        let connection =
            connection.ok_or_else(|| WaitingError::NoConnection { path: path.to_owned() })?;
        Ok((Arc::clone(&shared.repository), connection.queue))
    }
}

impl WaitingFlowFile {
    fn of(Listed { sequence, flowfile, is_in_flight }: &Listed) -> Self {
        let attributes = flowfile.attributes().iter();
        let derived = match flowfile.content() {
            Content::Derived(derived) => Some(derived.kind.to_string()),
            Content::Empty | Content::Stored(_) => None,
        };
        Self {
            number: *sequence,
            uuid: flowfile.uuid().to_owned(),
            filename: flowfile.attribute("filename").map(ToOwned::to_owned),
            bytes: flowfile.size_bytes(),
            derived,
            entered_ms: entered(flowfile),
            attempts: flowfile.attempts(),
            in_flight: *is_in_flight,
            attributes: attributes
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }
}

fn entered(flowfile: &FlowFile) -> i64 {
    flowfile.entry_date().0
}
