//! The driver of one processor: waits until there is work and room, and starts tasks.
//!
//! Nothing here polls: a driver sleeps until it is woken, or until a time that it knows.

mod prepare;
mod timetable;
mod trigger;

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures::FutureExt;
use tokio::task::{JoinError, JoinSet};
use tutti_model::definition::Schedule;
use tutti_sdk::{ProcessError, ProcessorContext};
use tutti_store::StoreError;

use crate::environment::milliseconds;
use crate::host::{store_error, surroundings};
use crate::node::{Node, Shared};
use crate::run::{Mode, Run, Seat};
use crate::services::Using;

pub(crate) use prepare::Pauses;
use timetable::Stand;
pub(crate) use timetable::Timetable;

/// How long to wait before a repository that refused to tell is asked again.
const REFUSED_PAUSE: Duration = Duration::from_secs(1);

/// How long a source waits before it looks again whether the disk has room for more.
const SHORTAGE_PAUSE: Duration = Duration::from_secs(1);

/// How long a processor with work goes on before the others have their turn.
const TURN: Duration = Duration::from_micros(500);
/// What has put more than this before another that is at work is ahead, and waits a moment between
/// its turns. So queues are short, and most of what passes them never has to go to the disk.
const AHEAD_MIN: u64 = 1_000;
/// The most triggers of a turn, where time stands still.
const TURN_TRIGGERS: u32 = 1_000;

const ENGINE_HELP: &str = "this is a bug of the engine; please report it";

/// What a driver does next.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// Start a task.
    Start,
    /// Look again at that moment of the monotonic clock, or when woken.
    At(u64),
    /// Look again when woken.
    Wait,
}

/// Runs a processor until its run is stopped; dropped when it is terminated.
pub(crate) async fn drive(run: Arc<Run>) {
    let ending = Ending(Arc::clone(&run));
    let context = surroundings(&run);
    let using = {
        let seat = run.seat();
        Using::of(&seat.shared.base, seat.shared.used_by(seat.node()))
    };
    if prepare::services(&run, &using).await && prepare::on_scheduled(&run, &context).await {
        work(&run, &context).await;
        prepare::on_stopped(&run, &context).await;
    }
    drop(using);
    drop(ending);
}

/// Ends a run with its driver, also when that is dropped: a run that stayed would hold its flow.
struct Ending(Arc<Run>);

impl Drop for Ending {
    fn drop(&mut self) {
        let seat = self.0.seat();
        seat.node().control.finish(&self.0);
        seat.shared.wake_sources();
        seat.shared.activity.notify_waiters();
    }
}

async fn work(run: &Arc<Run>, context: &ProcessorContext) {
    let mut tasks = JoinSet::new();
    while run.goes_on() {
        let seat = run.seat();
        let (shared, node) = (&*seat.shared, seat.node());
        while let Some(ended) = tasks.try_join_next() {
            tell_join(shared, node, ended);
        }
        let next = match next(shared, node, run, tasks.len()) {
            Ok(next) => next,
            Err(error) => refused(shared, node, run, error),
        };
        if next == Next::Start {
            let task = task(Arc::clone(run), context.clone());
            if node.settings.concurrent_tasks == 1 {
                drop(seat);
                alone(run, task).await;
                if run.mode.ends(true) {
                    break;
                }
                continue;
            }
            tasks.spawn(task);
        }
        if run.mode.ends(next == Next::Start) {
            break;
        }
        match next {
            // The others start at the same tick.
            Next::Start if node.is_source => {}
            Next::At(moment_ms) => {
                let left_ms = moment_ms.saturating_sub(shared.environment.clock.monotonic_ms());
                let sleep = shared.environment.clock.sleep_ms(left_ms);
                // Whichever comes, everything is looked at anew: none can starve another.
                tokio::select! {
                    biased;
                    Some(ended) = tasks.join_next() => tell_join(shared, node, ended),
                    () = node.wake.notified() => {}
                    () = sleep => {}
                }
            }
            // A task that has taken its work wakes the driver, to look for work for one more.
            Next::Start | Next::Wait => tokio::select! {
                biased;
                Some(ended) = tasks.join_next() => tell_join(shared, node, ended),
                () = node.wake.notified() => {}
            },
        }
    }
    while let Some(ended) = tasks.join_next().await {
        let seat = run.seat();
        tell_join(&seat.shared, seat.node(), ended);
    }
}

/// What there is to do when `tasks` are at work.
fn next(shared: &Shared, node: &Node, run: &Run, tasks: usize) -> Result<Next, StoreError> {
    let clock = &shared.environment.clock;
    if tasks >= node.settings.concurrent_tasks {
        return Ok(Next::Wait);
    }
    let now_ms = clock.monotonic_ms();
    let not_before_ms = run.not_before_ms();
    if not_before_ms > now_ms && run.mode == Mode::Continuous {
        return Ok(Next::At(not_before_ms));
    }
    let now = clock.now();
    let timetable = run.timetable.as_ref();
    match timetable.map(|timetable| timetable.stand(now)) {
        Some(Stand::In(left_ms)) => return Ok(Next::At(now_ms.saturating_add(left_ms))),
        Some(Stand::Over) => return Ok(Next::Wait),
        Some(Stand::Due) | None => {}
    }
    let is_source = shared.is_source_now(node)?;
    if is_source && !run.has_begun() {
        if run.mode == Mode::Continuous && shared.starting_after(node).next().is_some() {
            return Ok(Next::Wait);
        }
        run.begin();
    }
    // What is in the flow goes on, and makes room.
    if is_source && shared.repository.is_short() {
        return Ok(Next::At(now_ms.saturating_add(milliseconds(SHORTAGE_PAUSE))));
    }
    if !is_source {
        match (shared.next_work(node, run, now)?, timetable) {
            (Some(ready), _) if ready <= now => {}
            // The time passes without work: what comes later waits for the next.
            (_, Some(timetable)) => {
                timetable.pass(now);
                return Ok(Next::At(now_ms));
            }
            (Some(ready), None) => {
                return Ok(Next::At(now_ms.saturating_add(ready.since_ms(now))));
            }
            (None, None) => return Ok(Next::Wait),
        }
    }
    if !shared.has_room(node)? {
        return Ok(Next::Wait);
    }
    // The next tick of a timer counts from here, for all tasks of the processor.
    if let Schedule::Period(period) = node.settings.schedule {
        run.pause(now_ms, period);
    }
    if let Some(timetable) = timetable {
        timetable.pass(now);
    }
    Ok(Next::Start)
}

/// Does the work of the only task of a processor, without one of its own: that costs more than most
/// triggers.
async fn alone(run: &Run, task: impl Future<Output = ()>) {
    if let Err(panic) = AssertUnwindSafe(task).catch_unwind().await {
        let seat = run.seat();
        tell_panic(&seat.shared, seat.node(), &panicked("engine", &*panic, ENGINE_HELP));
    }
}

/// Triggers as long as there is work, and at least once.
async fn task(run: Arc<Run>, context: ProcessorContext) {
    let mut seat = run.seat();
    let mut turn = Turn::begin(&seat);
    loop {
        let has_worked = trigger::trigger(&seat.shared, seat.index, &run, &context).await;
        let is_done = !has_worked || run.mode.ends(true) || !run.goes_on();
        // The flow may be another by now.
        seat = run.seat();
        // What the driver knows better is left to it.
        let goes_on = || matches!(next(&seat.shared, seat.node(), &run, 0), Ok(Next::Start));
        if is_done || seat.node().is_timed() || !goes_on() {
            // Only now can there be nothing left to do.
            seat.shared.activity.notify_waiters();
            return;
        }
        if turn.is_over(&seat) {
            let_others(seat).await;
            seat = run.seat();
            turn = Turn::begin(&seat);
        }
    }
}

/// Lets others have their turn. Unlike tokio's `yield_now` it is not kept back until all others of
/// its thread have had theirs, so that a thread with nothing to do takes it over.
async fn pass() {
    let mut has_passed = false;
    poll_fn(|context| {
        if has_passed {
            return Poll::Ready(());
        }
        has_passed = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Triggers in a row.
struct Turn {
    until_ns: u64,
    triggers: u32,
}

impl Turn {
    fn begin(seat: &Seat) -> Self {
        let now_ns = seat.shared.environment.clock.monotonic_ns();
        Self { until_ns: now_ns.saturating_add(TURN.as_nanos() as u64), triggers: 0 }
    }

    /// Whether it is the others' turn after one more trigger.
    fn is_over(&mut self, seat: &Seat) -> bool {
        self.triggers += 1;
        let now_ns = seat.shared.environment.clock.monotonic_ns();
        self.triggers >= TURN_TRIGGERS || now_ns >= self.until_ns
    }
}

/// However much work there is, the others and the API have their turn.
async fn let_others(seat: Seat) {
    let Seat { shared, .. } = &seat;
    let is_ahead = seat.node().outputs.iter().any(|output| is_ahead(shared, *output));
    let moment = is_ahead.then(|| shared.environment.executor.moment());
    // Whoever waits holds no flow that may be replaced meanwhile.
    drop(seat);
    if let Some(moment) = moment {
        moment.await;
    }
    pass().await;
}

/// Whether much waits in a connection for a processor that is at work on it.
fn is_ahead(shared: &Shared, connection: usize) -> bool {
    let connection = &shared.connections[connection];
    let counts = connection.counts(&shared.repository);
    let next = shared.nodes[connection.to].control.run();
    counts.is_ok_and(|counts| counts.flowfiles > AHEAD_MIN)
        && next.is_some_and(|next| next.active() > 0)
}

fn refused(shared: &Shared, node: &Node, run: &Run, error: StoreError) -> Next {
    shared.report_error(node, &store_error("cannot look for work", error));
    let now_ms = shared.environment.clock.monotonic_ms();
    run.pause(now_ms, REFUSED_PAUSE);
    Next::At(now_ms.saturating_add(milliseconds(REFUSED_PAUSE)))
}

/// A processor's panic is caught where it is triggered: one that comes here is the engine's own.
fn tell_join(shared: &Shared, node: &Node, ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tell_panic(shared, node, &panicked("engine", &*error.into_panic(), ENGINE_HELP));
    }
}

fn tell_panic(shared: &Shared, node: &Node, error: &ProcessError) {
    shared.report_error(node, error);
    shared.activity.notify_waiters();
}

/// What a panic of `what` said, as an error.
pub(crate) fn panicked(what: &str, panic: &(dyn std::any::Any + Send), help: &str) -> ProcessError {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    ProcessError::internal(format!("the {what} panicked: {text}")).with_help(help)
}
