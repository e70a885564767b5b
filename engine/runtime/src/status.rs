//! A flow as it is at one moment, for people and programs to look at.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;
use tutti_model::spec::Text;
use tutti_store::{CountedBulletin, Health, Repository};
use utoipa::ToSchema;

use crate::control::Phase;
use crate::failures::FailureStatus;
use crate::meters::MeterStatus;
use crate::metrics::Totals;
use crate::node::{Node, Shared};
use crate::places::PlaceStatus;
use crate::route::Route;
use crate::services::{self, ServiceNode};

/// How many bulletins a status shows.
const BULLETINS_MAX: usize = 100;

/// What a flow or a processor is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RunState)]
pub enum FlowState {
    /// It does nothing.
    Stopped,
    /// It prepares to run.
    Starting,
    /// It could not be started, which is tried again.
    StartFailed,
    /// It works whenever there is work.
    Running,
    /// Its last tasks are ending.
    Stopping,
    /// The flow says that it takes no part.
    Disabled,
}

/// A flow at one moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FlowStatus)]
pub struct Status {
    /// Its name.
    pub name: String,
    /// What it is doing.
    pub state: FlowState,
    /// Its services, sorted by path.
    pub services: Vec<ServiceStatus>,
    /// Its processors, sorted by path.
    pub processors: Vec<ProcessorStatus>,
    /// Its connections, sorted by path.
    pub connections: Vec<ConnectionStatus>,
    /// Its flowfiles, counted since it was compiled.
    #[serde(flatten)]
    pub flowfiles: FlowCounts,
    /// Errors reported since it was compiled.
    pub errors: u64,
    /// Flowfiles that were sent to a relationship called `failure`, newest first; not all when
    /// there are many.
    pub failures: Vec<FailureStatus>,
    /// The newest bulletins of it and of what all flows share, newest first.
    pub bulletins: Vec<BulletinStatus>,
    /// What hinders commits from becoming durable, or sources from taking in more, if anything.
    #[schema(required)]
    pub health: Option<String>,
}

/// Flowfiles of a whole flow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FlowCounts {
    /// Sent on by sources.
    pub entered: u64,
    /// At the end of their lives.
    pub ended: u64,
    /// In queues and in work at this moment.
    pub queued: u64,
    /// Sent to a relationship called `failure`, each time that one was.
    pub failed: u64,
    /// Parked in the quarantine, as the process had died over them.
    pub parked: u64,
}

impl fmt::Display for FlowCounts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entered, ended, queued, failed, parked } = self;
        write!(formatter, "flowfiles: {entered} in, {ended} out, {queued} queued")?;
        if *failed > 0 {
            write!(formatter, ", {failed} failed")?;
        }
        if *parked > 0 {
            write!(formatter, ", {parked} parked")?;
        }
        Ok(())
    }
}

/// What a service is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ServiceState {
    /// Nobody needs it.
    Stopped,
    /// It prepares to be used.
    Enabling,
    /// It could not be enabled, which is tried again.
    EnableFailed,
    /// It is there for those who use it.
    Enabled,
    /// It puts away what it had prepared.
    Disabling,
    /// The flow says that it takes no part.
    Disabled,
}

/// A service at one moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceStatus {
    /// Names from the flow down to it, joined by `/`.
    pub path: String,
    /// Its type.
    #[serde(rename = "type")]
    pub type_name: String,
    /// What it is doing.
    pub state: ServiceState,
    /// Why it could not be enabled, as long as it could not.
    #[schema(required)]
    pub enable_failure: Option<String>,
}

/// A processor at one moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessorStatus {
    /// Names from the flow down to it, joined by `/`.
    pub path: String,
    /// Its type.
    #[serde(rename = "type")]
    pub type_name: String,
    /// What it is doing.
    pub state: FlowState,
    /// Whether it brings flowfiles in: it needs no input, and gets none from others.
    pub is_source: bool,
    /// Tasks at work at this moment.
    pub active_tasks: usize,
    /// What it did.
    pub totals: Totals,
    /// How many flowfiles went to each relationship.
    pub transferred: BTreeMap<String, u64>,
    /// How many of these went to `failure`.
    pub failed: u64,
    /// Where it sent content to, outside of the flow, in the order of the first time.
    pub sent_to: Vec<PlaceStatus>,
    /// What it counts by names of its own, as `damaged recordings`.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub counters: BTreeMap<Text, u64>,
    /// How much it uses of what it may use, as a script of time and memory.
    pub meters: Vec<MeterStatus>,
    /// Relationships whose flowfiles end here.
    pub auto_terminated: Vec<String>,
    /// Why it could not be started, as long as it could not.
    #[schema(required)]
    pub start_failure: Option<String>,
}

/// A connection at one moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionStatus {
    /// Its name.
    pub path: String,
    /// Flowfiles in its queue, those in work included.
    pub queued: u64,
    /// Bytes of their content.
    pub queued_bytes: u64,
    /// Of these flowfiles, how many are in work.
    pub in_flight: u64,
    /// Of these flowfiles, how many waited for their penalty to pass when they were last looked at.
    pub penalized: u64,
    /// Of these, how many are tried without hope: their processor failed with them, has no way out
    /// for them, and trying again does not help by itself.
    pub in_vain: u64,
    /// Flowfiles that came in since the flow was compiled.
    pub flowfiles_in: u64,
    /// Bytes of their content.
    pub bytes_in: u64,
    /// Flowfiles that left it since then.
    pub flowfiles_out: u64,
    /// Bytes of their content.
    pub bytes_out: u64,
    /// Flowfiles that ended in it since then, as they had waited too long.
    pub flowfiles_expired: u64,
    /// Bytes of their content.
    pub bytes_expired: u64,
    /// Whether it is full, so that its source waits.
    pub back_pressure: bool,
}

/// A processor or service that is to run and was not started yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotStarted {
    /// Its flow.
    pub flow: String,
    /// `processor` or `service`.
    pub what: &'static str,
    /// Names from the flow down to it, joined by `/`.
    pub path: String,
    /// Why it could not be started, or what it waits for; none as long as the first attempt is
    /// under way.
    pub reason: Option<String>,
}

/// A message to the operator. Of warnings and errors of a component that differ only in names,
/// numbers, paths and what stands in quotes it is the last.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Bulletin)]
pub struct BulletinStatus {
    /// `debug`, `info`, `warning` or `error`.
    #[schema(value_type = String)]
    pub level: &'static str,
    /// When it was last seen, in milliseconds since 1970.
    pub time_ms: i64,
    /// The flow that it comes from; none when it comes from what all flows share.
    #[schema(required)]
    pub flow: Option<String>,
    /// Who says it.
    pub component: String,
    /// The flowfile's `uuid`, when it is about one.
    #[schema(required)]
    pub flowfile: Option<String>,
    /// Its `filename`, when it has one.
    #[schema(required)]
    pub filename: Option<String>,
    /// What happened, where.
    pub message: String,
    /// What to do.
    #[schema(required)]
    pub help: Option<String>,
    /// How often it was seen.
    pub count: u64,
    /// When it was first seen, in milliseconds since 1970.
    pub first_ms: i64,
}

pub(crate) fn status(shared: &Shared) -> Status {
    let mut processors: Vec<_> = shared.nodes.iter().map(processor).collect();
    processors.sort_by(|left, right| left.path.cmp(&right.path));
    let mut connections: Vec<_> =
        (0..shared.connections.len()).map(|index| connection(shared, index)).collect();
    connections.sort_by(|left, right| left.path.cmp(&right.path));
    let mut services: Vec<_> = shared.services.iter().map(|each| service(each)).collect();
    services.sort_by(|left, right| left.path.cmp(&right.path));
    let has = |state| processors.iter().any(|processor| processor.state == state);
    let states =
        [FlowState::StartFailed, FlowState::Starting, FlowState::Stopping, FlowState::Running];
    Status {
        name: shared.name().to_string(),
        state: states.into_iter().find(|state| has(*state)).unwrap_or(FlowState::Stopped),
        flowfiles: flowfiles(&processors, &connections),
        services,
        processors,
        connections,
        errors: shared.errors.load(Ordering::Relaxed),
        failures: shared.failures.told(),
        bulletins: bulletins(shared),
        health: health(&shared.repository),
    }
}

fn health(repository: &Repository) -> Option<String> {
    match repository.health() {
        Health::Working => {
            repository.shortage().map(|shortage| format!("{shortage}; {}", shortage.help()))
        }
        Health::Waiting { cause, attempts } => {
            Some(format!("{} (attempt {attempts}); {}", cause.chain(), cause.help()))
        }
    }
}

fn flowfiles(processors: &[ProcessorStatus], connections: &[ConnectionStatus]) -> FlowCounts {
    let sources = processors.iter().filter(|processor| processor.is_source);
    FlowCounts {
        entered: sources.flat_map(|source| source.transferred.values()).sum(),
        ended: processors.iter().map(|processor| processor.totals.flowfiles_ended).sum(),
        queued: connections.iter().map(|connection| connection.queued).sum(),
        failed: processors.iter().map(|processor| processor.failed).sum(),
        parked: processors.iter().map(|processor| processor.totals.parked).sum(),
    }
}

fn service(node: &ServiceNode) -> ServiceStatus {
    let enable_failure = node.failure();
    let state = match node.phase() {
        _ if !node.is_enabled => ServiceState::Disabled,
        services::Phase::Off => ServiceState::Stopped,
        services::Phase::Enabling if enable_failure.is_some() => ServiceState::EnableFailed,
        services::Phase::Enabling => ServiceState::Enabling,
        services::Phase::Enabled => ServiceState::Enabled,
        services::Phase::Disabling => ServiceState::Disabling,
    };
    ServiceStatus {
        path: node.path.clone(),
        type_name: node.type_name.clone(),
        state,
        enable_failure,
    }
}

fn processor(node: &Node) -> ProcessorStatus {
    let start_failure = node.control.start_failure();
    let state = match node.control.phase() {
        _ if !node.settings.is_enabled => FlowState::Disabled,
        Phase::Stopped => FlowState::Stopped,
        Phase::Starting if start_failure.is_some() => FlowState::StartFailed,
        Phase::Starting => FlowState::Starting,
        Phase::Running => FlowState::Running,
        Phase::Stopping => FlowState::Stopping,
    };
    let routes = || node.routes.iter();
    let transferred = |route: &Route| route.transferred.load(Ordering::Relaxed);
    ProcessorStatus {
        path: node.path.to_string(),
        type_name: node.type_name.clone(),
        state,
        is_source: node.is_source,
        active_tasks: node.control.run().map_or(0, |run| run.active()),
        totals: node.metrics.totals(),
        transferred: routes()
            .map(|(name, route)| (name.to_owned(), transferred(route)))
            .filter(|(_, count)| *count > 0)
            .collect(),
        failed: node.routes.failure().map_or(0, |(_, route)| transferred(route)),
        sent_to: node.metrics.sent_to.told(),
        counters: node.metrics.counters.told(),
        meters: node.metrics.meters.told(),
        auto_terminated: routes()
            .filter(|(_, route)| route.is_auto_terminated)
            .map(|(name, _)| name.to_owned())
            .collect(),
        start_failure,
    }
}

fn connection(shared: &Shared, index: usize) -> ConnectionStatus {
    let connection = &shared.connections[index];
    let traffic = &connection.traffic;
    let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
    // A queue that cannot be asked holds what it held; the repository tells why in its health.
    let counts = connection.counts(&shared.repository).unwrap_or_default();
    ConnectionStatus {
        path: connection.path.clone(),
        queued: counts.flowfiles,
        queued_bytes: counts.bytes,
        in_flight: counts.in_flight,
        penalized: counts.penalized,
        in_vain: counts.in_vain,
        flowfiles_in: read(&traffic.incoming.flowfiles),
        bytes_in: read(&traffic.incoming.bytes),
        flowfiles_out: read(&traffic.outgoing.flowfiles),
        bytes_out: read(&traffic.outgoing.bytes),
        flowfiles_expired: read(&traffic.expired.flowfiles),
        bytes_expired: read(&traffic.expired.bytes),
        back_pressure: !connection.is_below(&counts),
    }
}

fn bulletins(shared: &Shared) -> Vec<BulletinStatus> {
    let newest = shared.repository.bulletins().newest_of_flow(shared.name(), BULLETINS_MAX);
    let shown = |CountedBulletin { bulletin, count, first }| BulletinStatus {
        level: bulletin.level.name(),
        time_ms: bulletin.time.0,
        flow: bulletin.flow.map(Into::into),
        component: bulletin.component.into(),
        flowfile: bulletin.flowfile.map(Into::into),
        filename: bulletin.filename.map(Into::into),
        message: bulletin.message,
        help: bulletin.help,
        count,
        first_ms: first.0,
    };
    newest.into_iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_spoken_of_only_when_there_are_some() {
        let mut counts = FlowCounts { entered: 3, ended: 1, queued: 2, failed: 0, parked: 0 };
        assert_eq!(counts.to_string(), "flowfiles: 3 in, 1 out, 2 queued");
        counts.failed = 1;
        assert_eq!(counts.to_string(), "flowfiles: 3 in, 1 out, 2 queued, 1 failed");
        counts.parked = 2;
        assert_eq!(counts.to_string(), "flowfiles: 3 in, 1 out, 2 queued, 1 failed, 2 parked");
    }
}
