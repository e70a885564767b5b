//! One trigger: a session, the processor's work on it, and a commit or a rollback.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::FutureExt;
use tutti_model::bulletin::Level;
use tutti_sdk::host::SessionHost;
use tutti_sdk::{ProcessError, ProcessorContext, Retry, Session};

use super::panicked;
use crate::host::TriggerHost;
use crate::metrics::add;
use crate::node::{Node, Shared};
use crate::run::Run;
use crate::watch::{self, Watched};

/// A processor that panicked pauses so long, as NiFi's administrative yield.
const PANIC_PAUSE: Duration = Duration::from_secs(30);
const PANIC_HELP: &str = "this is a bug of the processor; what it had taken is back in its queue";

/// Triggers once; whether anything was moved, so that another trigger may find more.
pub(super) async fn trigger(
    shared: &Arc<Shared>,
    index: usize,
    run: &Arc<Run>,
    context: &ProcessorContext,
) -> bool {
    let node = &shared.nodes[index];
    let clock = &shared.environment.clock;
    let Ok(watched) = watch::enter(shared, node, run).await else { return false };
    let active = Run::activate(run);
    // After `activate`: whoever looks for idleness relies on this order.
    shared.triggers.fetch_add(1, Ordering::SeqCst);
    let started_ns = clock.monotonic_ns();
    // Before it looks: what comes meanwhile it may not have seen.
    let arrived = shared.arrived(node);
    let host = TriggerHost::new(Arc::clone(shared), index, Arc::clone(run), watched);
    run.register(&host);
    let mut session = Session::new(context.clone(), Arc::clone(&host) as Arc<dyn SessionHost>);
    let work = AssertUnwindSafe(run.processor.on_trigger(&mut session)).catch_unwind();
    let triggered = match host.watched() {
        Some(watched) => watched.watch(shared, node, work).await,
        None => work.await,
    };
    let (ended, pause) = match triggered {
        Ok(Ok(())) => (session.commit().await, node.settings.yield_duration),
        Ok(Err(error)) => (Err(error), node.settings.yield_duration),
        Err(panic) => (Err(panicked("processor", &*panic, PANIC_HELP)), PANIC_PAUSE),
    };
    let now_ms = clock.monotonic_ms();
    match &ended {
        Ok(()) if session.has_yielded() => {
            add(&node.metrics.yields, 1);
            run.pause(now_ms, node.settings.yield_duration);
        }
        Ok(()) => {}
        Err(error) => {
            roll_back(shared, node, (run, &host), &mut session, error).await;
            run.pause(now_ms, pause);
        }
    }
    if let Some(pause) = host.requested_pause() {
        run.pause(now_ms, pause);
    }
    let has_moved = host.has_moved();
    let hides = host.watched().is_some_and(Watched::hides);
    let may_rest = ended.is_ok() && node.settings.concurrent_tasks == 1 && !hides;
    let rest = session.rests().filter(|_| may_rest);
    run.set_rest(rest.map(|rest| shared.resting(node, rest, arrived)));
    set_pace(shared, node, run, has_moved);
    add(&node.metrics.tasks, 1);
    add(&node.metrics.task_ns, clock.monotonic_ns().saturating_sub(started_ns));
    if let Some(watched) = host.watched() {
        watched.leave(shared, host.requested_pause().is_some());
    }
    drop(active);
    has_moved && ended.is_ok()
}

/// Puts back what the session had taken, and tells why.
async fn roll_back(
    shared: &Shared,
    node: &Node,
    (run, host): (&Run, &TriggerHost),
    session: &mut Session,
    error: &ProcessError,
) {
    if run.is_terminated() {
        // Whoever terminated it knows, and has put everything back.
        session.rollback(false);
        return;
    }
    add(&node.metrics.rollbacks, 1);
    host.begin_failing(error.retry());
    session.rollback(true);
    let is_over = host.settle_exhausted(error).await;
    if error.retry() == Retry::Later && !is_over {
        shared.leave_the_rest(node);
    }
    if error.retry() == Retry::Later && host.is_trying_again() && !is_over {
        shared.report_failed(node, Level::Warning, error);
    } else {
        shared.report_error(node, error);
    }
}

/// Notes how a trigger went, for the time of the next one.
fn set_pace(shared: &Shared, node: &Node, run: &Run, has_moved: bool) {
    let clock = &shared.environment.clock;
    run.found_nothing.store(!has_moved, Ordering::SeqCst);
    if has_moved {
        run.not_bored();
        return;
    }
    let now = clock.now();
    // Input that is there and was not taken may be wanted later, when time has passed.
    let may_find_more = node.is_source
        || shared.next_ready(node, now).is_ok_and(|ready| ready.is_some_and(|ready| ready <= now));
    if may_find_more {
        run.pause_bored(clock.monotonic_ms());
    }
}
