//! Before the first trigger of a run and after the last.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tutti_sdk::{ProcessError, ProcessorContext};

use super::panicked;
use crate::environment::milliseconds;
use crate::run::{Mode, Run};
use crate::services::Using;

/// The first pause after a start that failed; it doubles.
const PAUSE_MIN: Duration = Duration::from_millis(500);
/// The longest such pause.
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// The pauses of what is tried again and again.
pub(crate) struct Pauses(Duration);

impl Pauses {
    pub(crate) fn new() -> Self {
        Self(PAUSE_MIN)
    }

    pub(crate) fn next(&mut self) -> Duration {
        let pause = self.0;
        self.0 = (pause * 2).min(PAUSE_MAX);
        pause
    }
}

/// Waits for the services that the processor uses; whether they are enabled, and it is still to
/// run. One that is triggered once does not wait for a service that fails.
pub(super) async fn services(run: &Run, using: &Using) -> bool {
    let life = Arc::clone(&run.seat().node().life);
    let is_hopeless = || run.mode == Mode::Once && using.hindrance().is_some();
    let is_enabled = using.enabled(|| run.goes_on() && !is_hopeless(), &life.wake).await;
    if !is_enabled && run.goes_on() {
        let waited_for = using.hindrance();
        let error = waited_for.map(|(path, why)| {
            ProcessError::external(format!("the service \"{path}\" is not enabled: {why}"))
        });
        life.control.set_start_failure(error.as_ref());
    }
    is_enabled
}

/// Prepares the processor, again and again until it succeeds; whether it did before a stop.
pub(super) async fn on_scheduled(run: &Run, context: &ProcessorContext) -> bool {
    let mut pauses = Pauses::new();
    while run.goes_on() {
        let attempted = attempt(run, context).await;
        let seat = run.seat();
        let (shared, node) = (&seat.shared, seat.node());
        let Err(error) = attempted else {
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
        drop(seat);
        sleep(run, pauses.next()).await;
    }
    false
}

async fn attempt(run: &Run, context: &ProcessorContext) -> Result<(), ProcessError> {
    let scheduled = AssertUnwindSafe(run.processor.on_scheduled(context)).catch_unwind().await;
    scheduled.unwrap_or_else(|panic| {
        Err(panicked(
            "processor",
            &*panic,
            "this is a bug of the processor; its start is tried again",
        ))
    })
}

/// Ends when the time has passed or the run is to stop; input that comes meanwhile has to wait.
async fn sleep(run: &Run, time: Duration) {
    let seat = run.seat();
    let (base, life) = (Arc::clone(&seat.shared.base), Arc::clone(&seat.node().life));
    drop(seat);
    let sleep = base.environment.clock.sleep_ms(milliseconds(time));
    tokio::pin!(sleep);
    while run.goes_on() {
        // Time first: what wakes it again and again must not keep it from going on.
        tokio::select! {
            biased;
            () = &mut sleep => return,
            () = life.wake.notified() => {}
        }
    }
}

/// Lets the processor put away what it had prepared.
pub(super) async fn on_stopped(run: &Run, context: &ProcessorContext) {
    if let Err(panic) = AssertUnwindSafe(run.processor.on_stopped(context)).catch_unwind().await {
        let help = "this is a bug of the processor; it has stopped all the same";
        let seat = run.seat();
        seat.shared.report_error(seat.node(), &panicked("processor", &*panic, help));
    }
}
