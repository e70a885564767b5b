//! Queues: flowfiles between two processors, in the order in which they were committed, or in the
//! order of the queue's prioritizers.
//!
//! A queue holds a bounded window in memory; what does not fit, its tail, lies in the key-value
//! store and, in runs of thousands, in files of its own, and is read back in the order of the
//! commits: prioritizers order what is in the window. A flowfile that was taken stays the queue's
//! until a commit says otherwise.

pub(crate) mod order;
pub(crate) mod tail;
pub(crate) mod window;

use std::collections::BTreeMap;

use tutti_model::flowfile::{FlowFile, Timestamp};
use tutti_model::provenance::ProvenanceEvent;

use crate::ticket::Callback;

/// A queue of this repository; never given to another queue.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct QueueId(pub u32);

/// The place of a flowfile that was taken from a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Receipt {
    /// The queue.
    pub queue: QueueId,
    /// Its place there; unique in the repository, for ever.
    pub sequence: u64,
}

/// A flowfile that was taken from a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Where it belongs, for the commit or to give it back.
    pub receipt: Receipt,
    /// As it is in the queue.
    pub flowfile: FlowFile,
}

/// How a flowfile that was taken goes back to its place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GiveBack {
    /// Until when nobody may take it.
    pub penalized_until: Option<Timestamp>,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// Nobody expects that another attempt helps. A restart forgets it.
    pub is_in_vain: bool,
    /// Nobody waits for the next attempt, which comes all the same. A restart forgets it.
    pub is_left: bool,
}

/// A change of one name in a component's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateChange {
    /// Whose.
    pub component: Box<str>,
    /// The name.
    pub key: Box<str>,
    /// The new value, `None` to remove it.
    pub value: Option<Box<str>>,
}

/// Other names for what keeps all that it holds. All get them at once, so that two may swap theirs.
#[derive(Debug, Default)]
pub struct Renames {
    /// Names for queues.
    pub queues: BTreeMap<QueueId, Box<str>>,
    /// Names for the state of components, by the names that they have.
    pub components: BTreeMap<Box<str>, Box<str>>,
}

/// Everything that happens together, at once or not at all.
#[derive(Debug, Default)]
pub struct Commit {
    /// Flowfiles that leave their queues.
    pub taken: Vec<Receipt>,
    /// Flowfiles that enter queues, in this order.
    pub put: Vec<(QueueId, FlowFile)>,
    /// Other names. Boxed, as hardly any commit has some.
    pub renames: Option<Box<Renames>>,
    /// Changes of state, of components as they are called after that.
    pub state: Vec<StateChange>,
    /// What happened.
    pub events: Vec<ProvenanceEvent>,
    /// Called once when it is durable or lost. Those of several commits are called one after the
    /// other, in the order in which the commits were applied.
    pub then: Option<Callback>,
}

/// What a queue holds, flowfiles in work included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Flowfiles.
    pub flowfiles: u64,
    /// Bytes of their content.
    pub bytes: u64,
    /// Flowfiles that were taken and neither committed nor given back.
    pub in_flight: u64,
    /// Flowfiles that wait for their penalty to pass, or did when somebody last polled.
    pub penalized: u64,
    /// Of these, how many nobody expects anything of: see [`GiveBack::is_in_vain`].
    pub in_vain: u64,
    /// When the first of these becomes due.
    pub next_due: Option<Timestamp>,
}

impl Counts {
    /// When there is something to take: at once (`now`), later, or not before something comes.
    pub fn next_ready(&self, now: Timestamp) -> Option<Timestamp> {
        let is_ready = self.flowfiles > self.in_flight.saturating_add(self.penalized);
        if is_ready { Some(now) } else { self.next_due.map(|due| due.max(now)) }
    }
}

/// One flowfile in a queue, for viewing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its place.
    pub sequence: u64,
    /// As it is.
    pub flowfile: FlowFile,
    /// Whether it was taken.
    pub is_in_flight: bool,
}
