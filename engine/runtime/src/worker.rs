//! One task of one processor: waits until there is work and room, triggers, and settles.
//!
//! Nothing here polls: a task sleeps until it is woken, or until a time that it knows.

use std::future::pending;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::FutureExt;
use tutti_model::flowfile::Timestamp;
use tutti_sdk::bulletin::{Bulletin, Level};
use tutti_sdk::host::SessionHost;
use tutti_sdk::{ProcessError, Session};

use crate::host::TriggerHost;
use crate::metrics::add;
use crate::node::{Node, Shared};

/// A processor that panicked pauses so long, as NiFi's administrative yield.
const PANIC_PAUSE: Duration = Duration::from_secs(30);
/// The first pause of a processor that has input and takes none of it; it doubles.
const BORED_MIN: Duration = Duration::from_millis(10);
/// The longest such pause.
const BORED_MAX: Duration = Duration::from_secs(1);

/// What a trigger came to.
enum Outcome {
    Worked,
    /// Nothing was taken or made; with when a penalised flowfile becomes due.
    Idle(Option<Timestamp>),
    /// The processor asked to pause, or failed.
    Pause(Duration),
}

/// Runs until the processor is stopped or terminated.
pub(crate) async fn run(shared: Arc<Shared>, index: usize, generation: u64) {
    let node = &shared.nodes[index];
    let mut bored = BORED_MIN;
    while node.is_running(generation) {
        match is_ready(&shared, node) {
            Ok(true) => {}
            Ok(false) => {
                node.wake.notified().await;
                continue;
            }
            Err(error) => {
                tracing::error!(processor = %node.path, "{}", error.chain());
                shared.environment.clock.sleep_ms(1_000).await;
                continue;
            }
        }
        // Another task of this processor may find work as well; this one is about to be busy.
        if !node.inputs.is_empty() && shared.waiting(node).is_ok_and(|waiting| waiting > 1) {
            node.wake.notify_one();
        }
        node.active.fetch_add(1, Ordering::SeqCst);
        let outcome = trigger(&shared, index, generation).await;
        if node.is_source {
            node.is_idle.store(!matches!(outcome, Outcome::Worked), Ordering::SeqCst);
        }
        node.active.fetch_sub(1, Ordering::SeqCst);
        shared.activity.notify_waiters();
        match outcome {
            Outcome::Worked => bored = BORED_MIN,
            Outcome::Pause(pause) => {
                // Only a stop ends a pause early; a wake that comes meanwhile is kept for later.
                wait(&shared, node, generation, Some(pause), false).await;
                continue;
            }
            Outcome::Idle(due) if !node.is_source => {
                let left = idle_time(&shared, node, due, &mut bored);
                wait(&shared, node, generation, left, true).await;
                continue;
            }
            Outcome::Idle(_) => {
                if node.period.is_zero() {
                    wait(&shared, node, generation, Some(bored), false).await;
                    bored = (bored * 2).min(BORED_MAX);
                    continue;
                }
            }
        }
        if node.is_source && !node.period.is_zero() {
            wait(&shared, node, generation, Some(node.period), false).await;
        }
    }
}

/// Whether the processor may be triggered now.
fn is_ready(shared: &Shared, node: &Node) -> tutti_store::Result<bool> {
    Ok((node.is_source || shared.waiting(node)? > 0) && shared.has_room(node)?)
}

/// How long a processor that took nothing sleeps unless it is woken.
fn idle_time(
    shared: &Shared,
    node: &Node,
    due: Option<Timestamp>,
    bored: &mut Duration,
) -> Option<Duration> {
    if let Some(due) = due {
        let left_ms = due.since_ms(shared.environment.clock.now());
        return Some(Duration::from_millis(left_ms.max(1)));
    }
    if shared.waiting(node).is_ok_and(|waiting| waiting == 0) {
        return None;
    }
    // It has input and wants none of it now: it may be waiting for time to pass.
    let pause = *bored;
    *bored = (*bored * 2).min(BORED_MAX);
    Some(pause)
}

/// Sleeps for `time` (for ever without one), until a stop, and if asked until it is woken.
async fn wait(
    shared: &Shared,
    node: &Node,
    generation: u64,
    time: Option<Duration>,
    until_woken: bool,
) {
    let sleep = async {
        match time {
            Some(time) => {
                let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
                shared.environment.clock.sleep_ms(milliseconds).await;
            }
            None => pending().await,
        }
    };
    tokio::pin!(sleep);
    loop {
        tokio::select! {
            () = &mut sleep => return,
            () = node.wake.notified() => {
                if until_woken || !node.is_running(generation) {
                    return;
                }
            }
        }
    }
}

async fn trigger(shared: &Arc<Shared>, index: usize, generation: u64) -> Outcome {
    let node = &shared.nodes[index];
    let clock = &shared.environment.clock;
    let started_ms = clock.monotonic_ms();
    let host = Arc::new(TriggerHost::new(Arc::clone(shared), index, generation));
    let mut session = Session::new(Arc::clone(&host) as Arc<dyn SessionHost>);
    let triggered = AssertUnwindSafe(node.processor.on_trigger(&mut session)).catch_unwind().await;
    let (ended, pause) = match triggered {
        Ok(Ok(())) => (session.commit().await, node.yield_duration),
        Ok(Err(error)) => (Err(error), node.yield_duration),
        Err(panic) => (Err(panicked(&*panic)), PANIC_PAUSE),
    };
    add(&node.metrics.tasks, 1);
    add(&node.metrics.task_ms, clock.monotonic_ms().saturating_sub(started_ms));
    match ended {
        Ok(()) if session.has_yielded() => Outcome::Pause(node.yield_duration),
        Ok(()) if session.has_worked() => Outcome::Worked,
        Ok(()) => Outcome::Idle(host.next_due()),
        Err(error) => {
            add(&node.metrics.rollbacks, 1);
            host.start_failing();
            session.rollback(true);
            host.settle_exhausted().await;
            report(shared, node, &error);
            Outcome::Pause(pause)
        }
    }
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> ProcessError {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    ProcessError::internal(format!("the processor panicked: {text}"))
        .with_help("this is a bug of the processor; what it had taken is back in its queue")
}

pub(crate) fn report(shared: &Shared, node: &Node, error: &ProcessError) {
    shared.report(
        node,
        Bulletin {
            level: Level::Error,
            time: shared.environment.clock.now(),
            component: node.path.as_str().into(),
            flowfile: None,
            message: error.chain(),
            help: error.help().map(Into::into),
        },
    );
}
