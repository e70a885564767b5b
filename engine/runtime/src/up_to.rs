//! A flow runs up to one of its processors.
//!
//! Must never trigger that processor twice, nor take what has come for anybody else: until it was
//! triggered it runs as any other does, and is stopped as any other is.

use std::sync::Arc;

use crate::control::{self, ControlError};
use crate::flow::Flow;
use crate::node::Shared;
use crate::run::Mode;

/// What lies before a processor up to which a flow runs.
#[derive(Debug, Default)]
pub struct UpTo {
    /// The paths of what runs by that.
    pub started: Vec<String>,
    /// Why the rest does not.
    pub failed: Vec<ControlError>,
}

impl Flow {
    /// Starts all that lies before the processor at `path`, and triggers that once when something
    /// has come to it, however long that takes. What runs already goes on, but for the processor
    /// itself. May take its time, as processors may be built first.
    pub fn run_up_to(&self, path: &str) -> Result<UpTo, ControlError> {
        // One that runs would take all that comes.
        self.request_processor_stop(path)?;
        match self.start_fed(path) {
            Ok(()) => {}
            // Its last tasks are at work.
            Err(ControlError::NotStopped { .. }) => self.start_when_stopped(path),
            Err(error) => return Err(error),
        }
        self.with_one(path, |shared, index| {
            let mut up_to = UpTo::default();
            for before in before(shared, index) {
                match control::start(shared, before, Mode::Continuous) {
                    Ok(_) => up_to.started.push(shared.nodes[before].path.to_string()),
                    // What takes no part or runs already hinders nobody.
                    Err(ControlError::Disabled { .. } | ControlError::NotStopped { .. }) => {}
                    Err(error) => up_to.failed.push(error),
                }
            }
            up_to
        })
    }

    fn start_fed(&self, path: &str) -> Result<(), ControlError> {
        self.with_one(path, |shared, index| control::start(shared, index, Mode::OnceFed).map(drop))?
    }

    fn start_when_stopped(&self, path: &str) {
        let (flow, path) = (self.clone(), path.to_owned());
        self.threads().spawn(async move {
            let shared = flow.versions().current();
            control::stopped(&shared, |node| *node.path == *path).await;
            if let Err(error) = flow.start_fed(&path) {
                // Somebody was quicker, or has changed the flow.
                tracing::info!("the flow does not run up to \"{path}\": {error}");
            }
        });
    }
}

/// All that something comes to a processor by, but for itself.
fn before(shared: &Arc<Shared>, index: usize) -> Vec<usize> {
    let (mut before, mut next) = (Vec::new(), vec![index]);
    while let Some(end) = next.pop() {
        for connection in shared.connections.iter().filter(|one| one.to == end) {
            let from = connection.from;
            if from != index && !before.contains(&from) {
                before.push(from);
                next.push(from);
            }
        }
    }
    before
}
