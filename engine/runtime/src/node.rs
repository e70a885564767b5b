//! One processor of a compiled flow, and what all of them share.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tutti_model::definition::BulletinLevel;
use tutti_model::parameter::Parameters;
use tutti_model::valid::ValidRetry;
use tutti_sdk::bulletin::{Bulletin, Level};
use tutti_sdk::{Catalog, Runnable};
use tutti_store::{Repository, StoreError};

use crate::connection::Connection;
use crate::effects::Effects;
use crate::environment::Environment;
use crate::metrics::Metrics;
use crate::route::Routes;

/// What a flow's processors share.
pub(crate) struct Shared {
    pub(crate) repository: Arc<Repository>,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) environment: Environment,
    pub(crate) connections: Vec<Connection>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) effects: Effects,
    /// Something ended: a task, an effect, a start.
    pub(crate) activity: Arc<Notify>,
    /// Bulletins of level error since the flow was compiled.
    pub(crate) errors: AtomicU64,
}

/// What a processor is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Stopped,
    Starting,
    Running,
    Stopping,
}

pub(crate) struct Node {
    pub(crate) path: String,
    pub(crate) type_name: String,
    pub(crate) processor: Arc<dyn Runnable>,
    pub(crate) is_source: bool,
    pub(crate) is_enabled: bool,
    /// Between two triggers of a source, or of a processor that runs without input.
    pub(crate) period: Duration,
    pub(crate) concurrent_tasks: u32,
    pub(crate) penalty: Duration,
    pub(crate) yield_duration: Duration,
    pub(crate) bulletin_level: BulletinLevel,
    pub(crate) retry: Option<ValidRetry>,
    pub(crate) parameters: Arc<Parameters>,
    pub(crate) routes: Routes,
    pub(crate) ends: BTreeSet<String>,
    /// Connections that lead here, indices of the flow's.
    pub(crate) inputs: Vec<usize>,
    /// Connections that lead away, indices of the flow's.
    pub(crate) outputs: Vec<usize>,
    pub(crate) metrics: Metrics,
    pub(crate) transferred: Mutex<BTreeMap<Box<str>, u64>>,
    /// There may be work, or room.
    pub(crate) wake: Notify,
    pub(crate) phase: Mutex<Phase>,
    pub(crate) active: AtomicUsize,
    /// Sessions of an earlier generation do not count any more.
    pub(crate) generation: AtomicU64,
    /// As a source: its last trigger found nothing.
    pub(crate) is_idle: AtomicBool,
    /// It could not be started, and why.
    pub(crate) start_failure: Mutex<Option<String>>,
    pub(crate) next_input: AtomicUsize,
}

impl Node {
    pub(crate) fn phase(&self) -> Phase {
        *self.phase.lock()
    }

    pub(crate) fn is_running(&self, generation: u64) -> bool {
        self.phase() == Phase::Running && self.generation.load(Ordering::SeqCst) == generation
    }
}

impl Shared {
    /// Whether every connection that leads away from `node` has room.
    pub(crate) fn has_room(&self, node: &Node) -> Result<bool, StoreError> {
        for output in &node.outputs {
            if !self.connections[*output].has_room(&self.repository)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Flowfiles that wait for `node`, those in work left out, penalised ones not.
    pub(crate) fn waiting(&self, node: &Node) -> Result<u64, StoreError> {
        let mut waiting = 0;
        for input in &node.inputs {
            let counts = self.connections[*input].counts(&self.repository)?;
            waiting += counts.flowfiles.saturating_sub(counts.in_flight);
        }
        Ok(waiting)
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

    /// Shows a bulletin to the operator, unless the processor shows only graver ones.
    pub(crate) fn report(&self, node: &Node, bulletin: Bulletin) {
        let level = bulletin.level;
        if level == Level::Error {
            self.errors.fetch_add(1, Ordering::Relaxed);
            tracing::error!(processor = %bulletin.component, "{}", bulletin.message);
        } else {
            tracing::info!(processor = %bulletin.component, "{}", bulletin.message);
        }
        if !is_shown(level, node.bulletin_level) {
            return;
        }
        let mut kept = tutti_store::Bulletin::new(
            store_level(level),
            bulletin.time,
            bulletin.component,
            bulletin.message,
        );
        kept.flowfile = bulletin.flowfile;
        kept.help = bulletin.help;
        self.repository.bulletins().report(kept);
    }
}

fn is_shown(level: Level, least: BulletinLevel) -> bool {
    let least = match least {
        BulletinLevel::Debug => Level::Debug,
        BulletinLevel::Info => Level::Info,
        BulletinLevel::Warning => Level::Warning,
        BulletinLevel::Error => Level::Error,
        BulletinLevel::None => return false,
    };
    level >= least
}

fn store_level(level: Level) -> tutti_store::Level {
    match level {
        Level::Debug => tutti_store::Level::Debug,
        Level::Info => tutti_store::Level::Info,
        Level::Warning => tutti_store::Level::Warning,
        Level::Error => tutti_store::Level::Error,
    }
}
