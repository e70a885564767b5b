//! Before the first trigger of a run and after the last.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use tutti_sdk::{ProcessError, ProcessorContext};

use super::panicked;
use crate::environment::milliseconds;
use crate::node::{Node, Shared};
use crate::run::{Mode, Run};

/// The first pause after a start that failed; it doubles.
const PAUSE_MIN: Duration = Duration::from_millis(500);
/// The longest such pause.
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// Prepares the processor, again and again until it succeeds; whether it did before a stop.
pub(super) async fn on_scheduled(
    shared: &Shared,
    node: &Node,
    run: &Run,
    context: &ProcessorContext,
) -> bool {
    let mut pause = PAUSE_MIN;
    while run.goes_on() {
        let Err(error) = attempt(run, context).await else {
            run.set_prepared();
            node.control.set_start_failure(None);
            shared.wake_sources();
            shared.activity.notify_waiters();
            return true;
        };
        shared.report_error(node, &error);
        node.control.set_start_failure(Some(&error));
        shared.activity.notify_waiters();
        if run.mode == Mode::Once {
            return false;
        }
        sleep(shared, node, run, pause).await;
        pause = (pause * 2).min(PAUSE_MAX);
    }
    false
}

async fn attempt(run: &Run, context: &ProcessorContext) -> Result<(), ProcessError> {
    let scheduled = AssertUnwindSafe(run.processor.on_scheduled(context)).catch_unwind().await;
    scheduled.unwrap_or_else(|panic| {
        Err(panicked(&*panic, "this is a bug of the processor; its start is tried again"))
    })
}

/// Ends when the time has passed or the run is to stop; input that comes meanwhile has to wait.
async fn sleep(shared: &Shared, node: &Node, run: &Run, time: Duration) {
    let sleep = shared.environment.clock.sleep_ms(milliseconds(time));
    tokio::pin!(sleep);
    while run.goes_on() {
        // Time first: what wakes it again and again must not keep it from going on.
        tokio::select! {
            biased;
            () = &mut sleep => return,
            () = node.wake.notified() => {}
        }
    }
}

/// Lets the processor put away what it had prepared.
pub(super) async fn on_stopped(
    shared: &Shared,
    node: &Node,
    run: &Run,
    context: &ProcessorContext,
) {
    if let Err(panic) = AssertUnwindSafe(run.processor.on_stopped(context)).catch_unwind().await {
        let help = "this is a bug of the processor; it has stopped all the same";
        shared.report_error(node, &panicked(&*panic, help));
    }
}
