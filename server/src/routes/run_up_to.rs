//! A flow runs up to one of its processors: all that lies before it is started, and it is triggered
//! once when something has come to it.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;
use tutti_model::valid::ValidFlow;
use tutti_runtime::{ControlError, Flow};

/// How often somebody looks whether something has come.
const PERIOD: Duration = Duration::from_millis(100);
/// How long that is waited for.
const WAIT_MAX: Duration = Duration::from_mins(10);

/// How many processors may be waited for at a time.
const WAITING_MAX: usize = 16;
static WAITING: Semaphore = Semaphore::const_new(WAITING_MAX);

/// Why nothing runs up to a processor.
#[derive(Debug, thiserror::Error)]
pub(super) enum RunUpToError {
    #[error(transparent)]
    Control(#[from] ControlError),
    #[error("{WAITING_MAX} processors are waited for already, each for ten minutes at most")]
    Busy,
}

/// Starts what lies before `path`, and returns; whoever asked sees in the flow how it goes. What
/// runs already goes on.
pub(super) fn begin(flow: &Flow, path: &str) -> Result<(), RunUpToError> {
    let definition = flow.definition();
    let is_there = definition.processors().any(|one| one.path == path);
    if !is_there {
        return Err(ControlError::NotFound { path: path.to_owned() }.into());
    }
    let permit = WAITING.try_acquire().map_err(|_| RunUpToError::Busy)?;
    // One that runs would take all that comes.
    flow.request_processor_stop(path)?;
    let mut failed = None;
    for before in before(&definition, path) {
        match flow.start_processor(&before) {
            // What takes no part or runs already hinders nobody.
            Ok(()) | Err(ControlError::Disabled { .. } | ControlError::NotStopped { .. }) => {}
            Err(error) => failed = Some(error),
        }
    }
    tokio::spawn(once(flow.clone(), path.to_owned(), permit));
    failed.map_or(Ok(()), |error| Err(error.into()))
}

/// All ends of connections that something comes to `path` by, but for itself.
fn before(flow: &ValidFlow, path: &str) -> BTreeSet<String> {
    let (mut before, mut next) = (BTreeSet::new(), vec![path.to_owned()]);
    while let Some(end) = next.pop() {
        for connection in flow.connections().filter(|one| one.to.path == end) {
            let from = &connection.from.path;
            if from != path && before.insert(from.clone()) {
                next.push(from.clone());
            }
        }
    }
    before
}

/// Triggers `path` when something has come to it, unless it is started meanwhile, or is gone.
async fn once(flow: Flow, path: String, _permit: SemaphorePermit<'static>) {
    let begun = Instant::now();
    while begun.elapsed() < WAIT_MAX {
        if flow.has_work(&path) {
            let (begun, at) = (flow.clone(), path.clone());
            // To start it may build it, which takes its time.
            match spawn_blocking(move || begun.begin_once(&at)).await {
                Ok(Ok(once)) => {
                    if once.ended().await {
                        return;
                    }
                }
                // It has not stopped yet, or somebody was quicker.
                Ok(Err(ControlError::NotStopped { .. })) => {}
                Ok(Err(_)) | Err(_) => return,
            }
        }
        tokio::time::sleep(PERIOD).await;
    }
    tracing::info!("\"{path}\" was not run: nothing has come to it");
}
