//! What the life of an engine came to.

use crate::{Status, Stuck};

/// How a flow ended.
#[derive(Debug)]
pub struct FlowOutcome {
    /// The flow in the end.
    pub status: Status,
    /// What is not done.
    pub stuck: Stuck,
}

impl FlowOutcome {
    /// That of a flow that was terminated and left in this state: what it had taken is back.
    pub(super) fn terminated(status: Status) -> Self {
        let connections = status.connections.iter().filter(|connection| connection.queued > 0);
        let waiting = connections.map(|connection| (connection.path.clone(), connection.queued));
        Self { stuck: Stuck { waiting: waiting.collect(), ..Stuck::default() }, status }
    }

    /// Whether all of its work is done, and nothing failed.
    pub fn is_ok(&self) -> bool {
        let Self { status, stuck } = self;
        status.flowfiles.failed == 0 && status.errors == 0 && stuck.is_empty()
    }
}

/// How an engine ended.
#[derive(Debug)]
pub struct Outcome {
    /// Its flows. There are none when it was ended before they began, or when they did not tell
    /// any more.
    pub flows: Vec<FlowOutcome>,
    /// Records of the data folder that were put aside, when it was opened and since.
    pub put_aside: usize,
    /// Records that had been put aside before.
    pub put_aside_before: usize,
    /// Flowfiles whose records were there when the folder was opened, and are not any more.
    pub vanished: u64,
    /// Flowfiles that are parked in the data folder, in all, as the process had died over them.
    pub parked: u64,
    /// Whether tasks were left behind, or the folder was not closed, because somebody did not
    /// want to wait. Nothing is lost by that: the next start goes on.
    pub is_terminated: bool,
}

impl Outcome {
    /// Whether all work of all flows is done, nothing failed, and nothing was found damaged.
    pub fn is_ok(&self) -> bool {
        !self.is_terminated
            && self.put_aside == 0
            && self.vanished == 0
            && self.flows.iter().all(FlowOutcome::is_ok)
    }
}
