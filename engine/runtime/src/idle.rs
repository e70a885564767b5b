//! Whether a flow has anything left to do.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde::Serialize;
use tutti_model::bulletin::{Bulletin, Level};
use tutti_model::flowfile::Timestamp;
use tutti_store::{QueueId, Repository, Shortage, StoreError};
use utoipa::ToSchema;

use crate::connection::Connection;
use crate::control::Phase;
use crate::environment::milliseconds;
use crate::executor::blocking;
use crate::flow::Versions;
use crate::node::{Node, Shared};
use crate::run::Run;

/// What has to wait longer for its next attempt is left to the next run, which makes it at once:
/// what fails so long is not mended by a wait. With the usual penalty, which doubles, that is the
/// sixth attempt.
pub(crate) const AWAITED_MAX: Duration = Duration::from_mins(5);

/// What keeps a flow from coming to an end by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stuck {
    /// Services and processors that could not be started, with why.
    pub not_started: Vec<(String, String)>,
    /// Connections that hold flowfiles which nobody will take, with how many.
    pub waiting: Vec<(String, u64)>,
    /// Of these, connections with flowfiles that were tried in vain, with how many: their
    /// processor has no way out for them, and trying again does not help by itself.
    pub in_vain: Vec<(String, u64)>,
    /// Queues with flowfiles of connections that the flow does not have any more.
    pub left_over: Vec<LeftOver>,
    /// What the disk lacks for sources to go on.
    pub shortage: Option<Shortage>,
}

/// A connection that the flow does not have any more, and whose queue is not empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LeftOverQueue)]
pub struct LeftOver {
    /// Its name.
    pub path: String,
    /// How many flowfiles wait there.
    pub flowfiles: u64,
}

impl LeftOver {
    /// What waits in a queue, if something does. What cannot be asked is not empty.
    pub(crate) fn of(repository: &Repository, path: &str, queue: QueueId) -> Option<Self> {
        let flowfiles = repository.counts(queue).map_or(u64::MAX, |counts| counts.flowfiles);
        (flowfiles > 0).then(|| Self { path: path.to_owned(), flowfiles })
    }
}

impl Stuck {
    /// Whether nothing is stuck: all work is done.
    pub fn is_empty(&self) -> bool {
        self.not_started.is_empty()
            && self.waiting.is_empty()
            && self.left_over.is_empty()
            && self.shortage.is_none()
    }
}

/// What of a flow's work is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// All that can be done, after penalties too that pass within [`AWAITED_MAX`]; not what was
    /// tried in vain.
    Penalties,
    /// What can be done now: what waits for a penalty to pass is as safe in its queue.
    NoPenalties,
}

/// Ends when nothing is left to do, and hands back what could not be done.
pub(crate) async fn until_idle(
    versions: &Versions,
    patience: Patience,
) -> Result<Stuck, Arc<StoreError>> {
    let mut told_until = Timestamp(0);
    loop {
        let shared = &*versions.current();
        let activity = shared.activity.notified();
        tokio::pin!(activity);
        activity.as_mut().enable();
        if let Some(triggers) = idle_since(shared, patience) {
            flush(shared).await?;
            // Effects become due with the flush, and take their time.
            if shared.effects.pending() == 0 {
                if idle_since(shared, patience) == Some(triggers) {
                    return Ok(stuck(shared));
                }
                continue;
            }
        } else if patience == Patience::Penalties && told_until <= shared.environment.clock.now() {
            told_until = tell_wait(shared).unwrap_or_default();
        }
        activity.await;
    }
}

/// Makes everything that was committed durable.
pub(crate) async fn flush(shared: &Shared) -> Result<(), Arc<StoreError>> {
    let repository = Arc::clone(&shared.repository);
    let executor = &*shared.environment.executor;
    let flushed = blocking(executor, &shared.runtime, move || repository.flush()).await;
    flushed.unwrap_or_else(|| {
        tracing::error!("the flush panicked, which is a bug");
        Err(Arc::new(StoreError::Closed))
    })
}

/// Whether nothing is at work and nobody will find work; if so, after how many triggers.
///
/// The looks at the processors are one after the other, and what is seen must hold for one moment:
/// with no task at work at its beginning and no trigger begun until its end, nothing changed.
fn idle_since(shared: &Shared, patience: Patience) -> Option<u64> {
    let triggers = shared.triggers.load(Ordering::SeqCst);
    let is_active = |node: &Node| node.control.run().is_some_and(|run| run.active() > 0);
    let is_idle = !shared.nodes.iter().any(is_active)
        && shared.nodes.iter().all(|node| is_quiet(shared, node, patience));
    (is_idle && shared.triggers.load(Ordering::SeqCst) == triggers).then_some(triggers)
}

/// Whether `node`, which is not at work, will not be by itself.
fn is_quiet(shared: &Shared, node: &Node, patience: Patience) -> bool {
    let Some(run) = node.control.run() else { return true };
    if shared.start_failure(node).is_some() {
        return true;
    }
    match node.control.phase() {
        Phase::Stopped => return true,
        Phase::Starting | Phase::Stopping => return false,
        Phase::Running => {}
    }
    // What it waits for then only the next attempt can start.
    let has_failed = |after: &Node| shared.start_failure(after).is_some();
    let has_nothing = if shared.is_source_now(node).unwrap_or(node.is_source) {
        run.found_nothing.load(Ordering::SeqCst)
            || shared.repository.is_short()
            || !run.has_begun() && shared.starting_after(node).any(has_failed)
    } else {
        has_no_work(shared, node, patience) || is_at_rest(shared, node, &run, patience)
    };
    // What is full is emptied by others, who are not quiet; if they are, it will stay full.
    has_nothing || shared.has_room(node).is_ok_and(|has_room| !has_room)
}

/// Whether nothing waits for `node`, but for what may be left there.
fn has_no_work(shared: &Shared, node: &Node, patience: Patience) -> bool {
    // A queue that cannot be asked is taken for one that is not empty.
    let Ok(offered) = shared.offered(node) else { return false };
    offered.iter().all(|input| {
        let connection = &shared.connections[*input];
        connection.counts(&shared.repository).is_ok_and(|counts| {
            counts.flowfiles == counts.in_vain
                || counts.flowfiles == counts.penalized
                    && (patience == Patience::NoPenalties || awaited(shared, connection).is_none())
        })
    })
}

/// Whether `node` rests, and nothing that is waited for ends that.
fn is_at_rest(shared: &Shared, node: &Node, run: &Run, patience: Patience) -> bool {
    let Some(rest) = shared.rest(node, run) else { return false };
    let now = shared.environment.clock.now();
    let latest = match patience {
        Patience::Penalties => now.plus_ms(milliseconds(AWAITED_MAX)),
        Patience::NoPenalties => now,
    };
    let is_awaited = |moment: Option<Timestamp>| moment.is_some_and(|moment| moment <= latest);
    let mut inputs = node.inputs.iter().map(|input| &shared.connections[*input]);
    !is_awaited(rest.until) && !inputs.any(|input| is_awaited(awaited(shared, input)))
}

/// When something in `connection` is tried again, if that is waited for. It is not for what comes
/// back to its processor, by itself or through others: the flow wants it tried for ever.
fn awaited(shared: &Shared, connection: &Connection) -> Option<Timestamp> {
    let circle = |index: usize| shared.nodes[index].component;
    if circle(connection.from) == circle(connection.to) {
        return None;
    }
    let latest = shared.environment.clock.now().plus_ms(milliseconds(AWAITED_MAX));
    let next = shared.repository.next_awaited(connection.queue).ok()?;
    next.filter(|next| *next <= latest)
}

/// Says what is waited for, if there is nothing else to do; hands back until when.
fn tell_wait(shared: &Shared) -> Option<Timestamp> {
    idle_since(shared, Patience::NoPenalties)?;
    let now = shared.environment.clock.now();
    let mut last = None;
    for connection in &shared.connections {
        let next = awaited(shared, connection).filter(|next| *next > now);
        let Some(next) = next else { continue };
        let Ok(counts) = connection.counts(&shared.repository) else { continue };
        let message = format!(
            "waiting for flowfiles of \"{}\" to be tried again: {}, the first in {} s; one that \
             has to wait more than {} s is left to the next run",
            connection.path,
            counts.penalized.saturating_sub(counts.in_vain),
            next.since_ms(now).div_ceil(1_000),
            AWAITED_MAX.as_secs()
        );
        let node = &shared.nodes[connection.to];
        shared.report(node, Bulletin::new(Level::Info, now, &*node.path, message));
        last = last.max(Some(next));
    }
    for node in &shared.nodes {
        let rest = node.control.run().and_then(|run| shared.rest(node, &run));
        let Some(until) = rest.and_then(|rest| rest.until).filter(|until| *until > now) else {
            continue;
        };
        let message = format!(
            "waiting for more flowfiles, or until {} s have passed",
            until.since_ms(now).div_ceil(1_000)
        );
        shared.report(node, Bulletin::new(Level::Info, now, &*node.path, message));
        last = last.max(Some(until));
    }
    last
}

fn stuck(shared: &Shared) -> Stuck {
    let not_started = shared.not_started().into_iter();
    let not_started = not_started.filter_map(|each| Some((each.path, each.reason?))).collect();
    let shortage = shared.repository.shortage().filter(|_| shared.is_taking_in());
    let left_over = shared.left_over.iter();
    // One that cannot be asked was emptied, and is gone.
    let left_over = left_over.filter(|(_, queue)| shared.repository.counts(*queue).is_ok());
    let left_over = left_over
        .filter_map(|(path, queue)| LeftOver::of(&shared.repository, path, *queue))
        .collect();
    let mut stuck = Stuck { not_started, left_over, shortage, ..Stuck::default() };
    for connection in &shared.connections {
        let Ok(counts) = connection.counts(&shared.repository) else { continue };
        if counts.flowfiles > 0 {
            stuck.waiting.push((connection.path.clone(), counts.flowfiles));
        }
        if counts.in_vain > 0 {
            stuck.in_vain.push((connection.path.clone(), counts.in_vain));
        }
    }
    stuck
}
