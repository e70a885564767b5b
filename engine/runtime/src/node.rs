//! One processor of a compiled flow, and what all of them share.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tutti_model::bulletin::{Bulletin, Level};
use tutti_model::definition::{BulletinLevel, Schedule};
use tutti_model::flowfile::Timestamp;
use tutti_model::parameter::Parameters;
use tutti_model::valid::{Endpoint, EndpointKind, ValidFlow, ValidRetry};
use tutti_sdk::{BuildContext, BuildError, Catalog, ProcessError, Runnable};
use tutti_store::{QueueId, Repository, StoreError};

use crate::connection::{Connection, Room};
use crate::control::{self, Control, Phase};
use crate::effects::Effects;
use crate::environment::Environment;
use crate::failures::Failures;
use crate::metrics::Metrics;
use crate::pass_through::PassThrough;
use crate::route::Routes;
use crate::services::{self, ServiceNode, hindrance};
use crate::status::NotStarted;

/// What everything of a flow stands on. It is the same for all versions of the flow.
pub(crate) struct Base {
    pub(crate) name: Arc<str>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) repository: Arc<Repository>,
    pub(crate) environment: Environment,
    pub(crate) runtime: Handle,
    /// Of all versions, so that they keep their order and all are waited for.
    pub(crate) effects: Effects,
    /// Something ended: a task, an effect, a start, a stop.
    pub(crate) activity: Arc<Notify>,
    /// Triggers of all processors that ever began.
    pub(crate) triggers: AtomicU64,
    /// Bulletins of level error since the flow was compiled.
    pub(crate) errors: AtomicU64,
    /// What was sent to `failure` since then.
    pub(crate) failures: Failures,
    /// Whether the flow was started, and not stopped as a whole since.
    pub(crate) is_started: AtomicBool,
    /// Whether the flow needs its services.
    pub(crate) holds_services: AtomicBool,
}

/// One version of a flow: what its processors share.
pub(crate) struct Shared {
    pub(crate) base: Arc<Base>,
    /// The flow that this was made from.
    pub(crate) definition: Arc<ValidFlow>,
    pub(crate) services: Vec<Arc<ServiceNode>>,
    pub(crate) connections: Vec<Connection>,
    /// Queues that held flowfiles of connections which the flow does not have any more.
    pub(crate) left_over: Vec<(String, QueueId)>,
    pub(crate) nodes: Vec<Node>,
}

impl Deref for Shared {
    type Target = Base;

    fn deref(&self) -> &Base {
        &self.base
    }
}

/// How a node's processor is made.
pub(crate) enum Blueprint {
    /// From its type and its properties.
    Type { values: BTreeMap<String, String>, context: BuildContext },
    /// A funnel or a port.
    PassThrough,
}

/// What the flow says of a processor besides its properties.
pub(crate) struct Settings {
    pub(crate) is_enabled: bool,
    pub(crate) schedule: Schedule,
    pub(crate) concurrent_tasks: usize,
    pub(crate) penalty: Duration,
    pub(crate) yield_duration: Duration,
    pub(crate) bulletin_level: BulletinLevel,
    pub(crate) retry: Option<ValidRetry>,
    pub(crate) parameters: Arc<Parameters>,
}

/// One processor, funnel or port in one version of its flow.
pub(crate) struct Node {
    pub(crate) kind: EndpointKind,
    pub(crate) path: Arc<str>,
    pub(crate) type_name: String,
    /// Whose state it is, unique in the repository.
    pub(crate) state_name: Box<str>,
    pub(crate) blueprint: Blueprint,
    pub(crate) settings: Settings,
    /// The services that its properties name, by these names, indices of the flow's.
    pub(crate) services: BTreeMap<String, usize>,
    /// Whether it is triggered without input.
    pub(crate) is_source: bool,
    pub(crate) routes: Routes,
    /// Connections that lead here, indices of the flow's.
    pub(crate) inputs: Vec<usize>,
    /// Connections that lead away to others, indices of the flow's.
    pub(crate) outputs: Vec<usize>,
    /// Connections that lead from here back to here, indices of the flow's; inputs too.
    pub(crate) loops: Vec<usize>,
    /// All that its flowfiles may come to, if it is a source.
    pub(crate) downstream: Vec<usize>,
    /// What it shares with the processors that it lies on a circle with.
    pub(crate) component: usize,
    /// What it did. Counts outlive a version of the flow, as do those of its routes.
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) life: Arc<Life>,
}

/// What stands for a processor in all versions of its flow: a session that began in one of them
/// and ends in another still wakes whoever is there now.
pub(crate) struct Life {
    pub(crate) control: Control,
    /// How often a service that it uses was changed: what it concluded before may not hold now.
    pub(crate) changes: AtomicU64,
    /// There may be work, or room, or an end. Only its driver waits for it.
    pub(crate) wake: Notify,
    /// The turn of its incoming queues at being asked first.
    pub(crate) next_input: AtomicUsize,
}

impl Life {
    pub(crate) fn new() -> Self {
        Self {
            control: Control::new(),
            changes: AtomicU64::new(0),
            wake: Notify::new(),
            next_input: AtomicUsize::new(0),
        }
    }
}

impl Deref for Node {
    type Target = Life;

    fn deref(&self) -> &Life {
        &self.life
    }
}

impl Node {
    /// What the flow calls it.
    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint { kind: self.kind, path: self.path.to_string() }
    }

    /// Stands for what `before` does in an earlier version of the flow.
    pub(crate) fn succeed(&mut self, before: &Self) {
        self.life = Arc::clone(&before.life);
        if self.type_name == before.type_name {
            self.metrics = Arc::clone(&before.metrics);
            self.routes.succeed(&before.routes);
        }
    }

    /// Whether time says when it is triggered, and not only work.
    pub(crate) fn is_timed(&self) -> bool {
        self.settings.schedule != Schedule::Period(Duration::ZERO)
    }

    /// A new processor, as the flow says.
    pub(crate) fn build(&self, catalog: &Catalog) -> Result<Arc<dyn Runnable>, BuildError> {
        match &self.blueprint {
            Blueprint::PassThrough => Ok(Arc::new(PassThrough)),
            Blueprint::Type { values, context } => match catalog.get(&self.type_name) {
                Some(built) => built.build(values, context),
                None => Err(BuildError::Other(ProcessError::internal(format!(
                    "there is no type \"{}\" in the catalog",
                    self.type_name
                )))),
            },
        }
    }
}

impl Shared {
    /// The name of the flow.
    pub(crate) fn name(&self) -> &Arc<str> {
        &self.base.name
    }

    /// The services that `node` uses.
    pub(crate) fn used_by(&self, node: &Node) -> Vec<Arc<ServiceNode>> {
        node.services.values().map(|index| Arc::clone(&self.services[*index])).collect()
    }

    /// Whether every connection that leads away from `node` has room.
    pub(crate) fn has_room(&self, node: &Node) -> Result<bool, StoreError> {
        for output in &node.outputs {
            if !self.connections[*output].has_room(&self.repository)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How much `node` may take at a time: what hands on everything as it is takes what fits into
    /// all that comes after it, anything else as much as it wants.
    pub(crate) fn appetite(&self, node: &Node) -> Result<Room, StoreError> {
        let mut room = Room::ENDLESS;
        if matches!(node.blueprint, Blueprint::PassThrough) {
            for output in &node.outputs {
                let connection = &self.connections[*output];
                room = room.and(connection.room(&connection.counts(&self.repository)?));
            }
        }
        Ok(room)
    }

    /// The connections that `node` may take from now. When one that leads back to it is full that
    /// is such ones only: otherwise everything that waits before it would end up there, and no
    /// source would ever wait.
    pub(crate) fn offered<'n>(&self, node: &'n Node) -> Result<Cow<'n, [usize]>, StoreError> {
        let full = self.full_loops(node)?;
        Ok(if full.is_empty() { node.inputs.as_slice().into() } else { full.into() })
    }

    /// Whether `node` makes flowfiles without input now: a source, unless what leads back to it is
    /// full.
    pub(crate) fn is_source_now(&self, node: &Node) -> Result<bool, StoreError> {
        Ok(node.is_source && self.full_loops(node)?.is_empty())
    }

    /// What the flowfiles of the source `node` may come to and is still being started, or could
    /// not be: what is not taken in is safer where it is.
    pub(crate) fn starting_after(&self, node: &Node) -> impl Iterator<Item = &Node> {
        let after = node.downstream.iter().map(|index| &self.nodes[*index]);
        after.filter(|each| each.control.phase() == Phase::Starting)
    }

    /// Whether a source runs, and would take in more.
    pub(crate) fn is_taking_in(&self) -> bool {
        let runs = |node: &Node| node.control.phase() == Phase::Running;
        self.nodes.iter().any(|node| node.is_source && runs(node))
    }

    /// Lets sources look whether what they waited for has started, or is not to start any more.
    pub(crate) fn wake_sources(&self) {
        self.nodes.iter().filter(|node| node.is_source).for_each(|node| node.wake.notify_one());
    }

    /// Why `node` could not be started, as long as it could not: its own start failed, or that of
    /// a service that it waits for.
    pub(crate) fn start_failure(&self, node: &Node) -> Option<String> {
        node.control.start_failure().or_else(|| {
            let waits = node.control.phase() == Phase::Starting;
            let (path, _) = waits.then(|| hindrance(&self.used_by(node))).flatten()?;
            Some(format!("it waits for the service \"{path}\""))
        })
    }

    /// Services and processors that are to run and were not started yet.
    pub(crate) fn not_started(&self) -> Vec<NotStarted> {
        let of_service = |service: &Arc<ServiceNode>| {
            let reason = service.failure();
            let is_meant = reason.is_some() || service.phase() == services::Phase::Enabling;
            is_meant.then(|| self.one_not_started("service", &service.path, reason))
        };
        let of_processor = |node: &Node| {
            let reason = self.start_failure(node);
            let is_meant = reason.is_some() || node.control.phase() == Phase::Starting;
            is_meant.then(|| self.one_not_started("processor", &node.path, reason))
        };
        let services = self.services.iter().filter_map(of_service);
        services.chain(self.nodes.iter().filter_map(of_processor)).collect()
    }

    fn one_not_started(
        &self,
        what: &'static str,
        path: &str,
        reason: Option<String>,
    ) -> NotStarted {
        NotStarted { flow: self.name().to_string(), what, path: path.to_owned(), reason }
    }

    fn full_loops(&self, node: &Node) -> Result<Vec<usize>, StoreError> {
        let mut full = Vec::new();
        for index in &node.loops {
            let connection = &self.connections[*index];
            if !connection.is_below(&connection.counts(&self.repository)?) {
                full.push(*index);
            }
        }
        Ok(full)
    }

    /// When `node` can take the next flowfile, if one waits; in the past or now when at once.
    pub(crate) fn next_ready(
        &self,
        node: &Node,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let mut next: Option<Timestamp> = None;
        for input in self.offered(node)?.iter() {
            let counts = self.connections[*input].counts(&self.repository)?;
            if let Some(ready) = counts.next_ready(now) {
                next = Some(next.map_or(ready, |next| next.min(ready)));
            }
        }
        Ok(next)
    }

    /// Tells the sources of `node`'s connections that wait for room to look again.
    pub(crate) fn tell_sources(&self, node: &Node) {
        for input in &node.inputs {
            let connection = &self.connections[*input];
            if connection.take_waiting() {
                self.nodes[connection.from].wake.notify_one();
            }
        }
    }

    /// An attempt of `node` is to be repeated: in a drain it takes no more, nor does what lies on a
    /// circle with it, or the same would come round to it.
    pub(crate) fn leave_the_rest(&self, node: &Node) {
        if !node.control.run().is_some_and(|run| run.is_draining()) {
            return;
        }
        let on_circle = |each: &&Node| each.component == node.component;
        self.nodes.iter().filter(on_circle).for_each(control::request_stop);
    }

    /// Shows an error with its causes and what to do.
    pub(crate) fn report_error(&self, node: &Node, error: &ProcessError) {
        self.report_failed(node, Level::Error, error);
    }

    /// Shows an error that is no more than `level`, as what it is about is tried again.
    pub(crate) fn report_failed(&self, node: &Node, level: Level, error: &ProcessError) {
        let now = self.environment.clock.now();
        self.report(
            node,
            Bulletin {
                flow: Some((**self.name()).into()),
                help: error.help().map(Into::into),
                ..Bulletin::new(level, now, &*node.path, error.chain())
            },
        );
    }

    /// Shows a bulletin to the operator, unless the processor shows only graver ones.
    pub(crate) fn report(&self, node: &Node, bulletin: Bulletin) {
        self.base.report(node.settings.bulletin_level, bulletin);
    }
}

impl Base {
    /// Shows a bulletin to the operator, unless it is less grave than `shown`.
    pub(crate) fn report(&self, shown: BulletinLevel, bulletin: Bulletin) {
        log(&bulletin);
        if bulletin.level == Level::Error {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
        if bulletin.level.is_shown(shown) {
            self.repository.report(bulletin);
        }
    }
}

/// Writes a bulletin to the log, whatever the processor shows.
fn log(bulletin: &Bulletin) {
    // As texts: in lines they are quoted and escaped, in JSON they are what they are.
    let Bulletin { message, .. } = bulletin;
    let (flow, processor) = (bulletin.flow.as_deref(), &*bulletin.component);
    let filename = bulletin.filename.as_deref();
    let help = bulletin.help.as_deref();
    macro_rules! log {
        ($level:ident) => {
            tracing::$level!(target: "flow", flow, processor, filename, help, "{message}")
        };
    }
    match bulletin.level {
        Level::Debug => log!(debug),
        Level::Info => log!(info),
        Level::Warning => log!(warn),
        Level::Error => log!(error),
    }
}
