//! Makes a flow that can be started from one that is valid.
//!
//! In two steps: a draft is built and touches nothing, so that a flow which cannot run leaves
//! nothing behind, and the version that is made of it has the queues.

mod connections;
mod nodes;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tutti_model::valid::ValidFlow;
use tutti_sdk::{BuildError, Catalog, Runnable};
use tutti_store::{QueueId, Repository, StoreError};

use crate::effects::Effects;
use crate::environment::Environment;
use crate::failures::Failures;
use crate::node::{Base, Node, Shared};
use crate::same::Same;
use crate::services::{self, ServiceNode};

pub(crate) use connections::{in_repository, prioritize};
pub(crate) use nodes::given;

/// Why a valid flow cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// A processor cannot be built from its properties.
    #[error("processor \"{path}\" cannot be built")]
    Build {
        /// The processor.
        path: String,
        /// Why.
        source: BuildError,
    },
    /// A service cannot be built from its properties.
    #[error("service \"{path}\" cannot be built")]
    BuildService {
        /// The service.
        path: String,
        /// Why.
        source: BuildError,
    },
    /// The flow uses something that is not run yet.
    #[error("\"{path}\": {what} can be drawn and validated, but not run yet")]
    NotRun {
        /// The thing.
        path: String,
        /// What it is.
        what: &'static str,
    },
    /// The repository cannot open a queue.
    #[error("connection \"{path}\" has no queue")]
    Queue {
        /// The connection.
        path: String,
        /// Why.
        source: StoreError,
    },
    /// There are no threads to run on.
    #[error("a flow can only be compiled in a tokio runtime")]
    NoRuntime,
}

/// What all versions of `flow` stand on.
pub(crate) fn base(
    flow: &ValidFlow,
    catalog: &Arc<Catalog>,
    repository: &Arc<Repository>,
    environment: &Environment,
) -> Result<Arc<Base>, Vec<CompileError>> {
    let runtime = Handle::try_current().map_err(|_| vec![CompileError::NoRuntime])?;
    let activity = Arc::new(Notify::new());
    let executor = Arc::clone(&environment.executor);
    Ok(Arc::new(Base {
        name: flow.name.as_str().into(),
        catalog: Arc::clone(catalog),
        repository: Arc::clone(repository),
        environment: environment.clone(),
        effects: Effects::start(&runtime, executor, Arc::clone(&activity)),
        runtime,
        activity,
        triggers: AtomicU64::new(0),
        errors: AtomicU64::new(0),
        failures: Failures::default(),
        is_started: AtomicBool::new(false),
        holds_services: AtomicBool::new(false),
    }))
}

/// A version of a flow before it has its queues.
pub(crate) struct Draft {
    base: Arc<Base>,
    flow: Arc<ValidFlow>,
    services: Vec<Arc<ServiceNode>>,
    nodes: Vec<Node>,
    /// What was built for the nodes, but for those that go on with what they have.
    built: Vec<Option<Arc<dyn Runnable>>>,
    /// Where each connection begins and ends, as indices of nodes.
    ends: Vec<(usize, usize)>,
}

/// A version of a flow, and what is to be installed in its nodes when it becomes the one.
pub(crate) struct Version {
    pub(crate) shared: Arc<Shared>,
    pub(crate) built: Vec<Option<Arc<dyn Runnable>>>,
}

impl Version {
    /// Gives the nodes what was built for them. They must be stopped.
    pub(crate) fn install(self) -> Arc<Shared> {
        for (node, built) in self.shared.nodes.iter().zip(self.built) {
            if let Some(processor) = built {
                node.control.install(processor);
            }
        }
        self.shared
    }
}

/// Builds every service and processor that is not the `same` as in `old`; tells everything that
/// hinders it at once.
pub(crate) fn draft(
    flow: &Arc<ValidFlow>,
    base: &Arc<Base>,
    old: Option<&Shared>,
    same: &Same,
) -> Result<Draft, Vec<CompileError>> {
    let mut errors = Vec::new();
    let is_kept = |service: &&Arc<ServiceNode>| same.services.contains(&service.path);
    let kept = old.into_iter().flat_map(|old| &old.services).filter(is_kept);
    let kept: Vec<_> = kept.cloned().collect();
    let services = services::compile(flow, base, &kept, &mut errors);
    let paths = services.iter().enumerate();
    let places = paths.map(|(index, service)| (service.path.clone(), index)).collect();
    let mut nodes = nodes::nodes(flow, &places);
    let mut built = Vec::new();
    let before: HashMap<&str, &Node> =
        old.into_iter().flat_map(|old| &old.nodes).map(|node| (&*node.path, node)).collect();
    for node in &mut nodes {
        if let Some(before) = before.get(&*node.path) {
            node.succeed(before);
        }
        let end = node.endpoint();
        built.push(if same.ends.contains(&end) {
            None
        } else {
            match node.build(&base.catalog) {
                Ok(processor) => Some(processor),
                Err(source) => {
                    errors.push(CompileError::Build { path: end.path, source });
                    None
                }
            }
        });
    }
    let ends = connections::ends(flow, &nodes, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Draft { base: Arc::clone(base), flow: Arc::clone(flow), services, nodes, built, ends })
}

impl Draft {
    /// Opens every queue, and makes those that are missing. A connection in `queues` has that
    /// queue, which may have another name yet.
    pub(crate) fn finish(
        self,
        old: Option<&Shared>,
        queues: &HashMap<String, QueueId>,
    ) -> Result<Version, Vec<CompileError>> {
        let Self { base, flow, services, mut nodes, built, ends } = self;
        let mut connections =
            connections::open(&flow, &base.repository, queues, &mut nodes, &ends)?;
        let before = old.into_iter().flat_map(|old| &old.connections);
        let before: HashMap<QueueId, _> = before.map(|each| (each.queue, each)).collect();
        for connection in &mut connections {
            if let Some(before) = before.get(&connection.queue) {
                connection.succeed(before);
            }
        }
        for node in &mut nodes {
            nodes::settle_source(node, &connections, &base.catalog);
        }
        connections::settle_cycles(&mut nodes, &mut connections);
        let left_over = connections::tell_left_over(&base, &connections, old);
        let shared = Shared { base, definition: flow, services, connections, left_over, nodes };
        Ok(Version { shared: Arc::new(shared), built })
    }
}
