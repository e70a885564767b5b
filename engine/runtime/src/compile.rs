//! Makes a flow that can be started from one that is valid.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tutti_model::definition::{Schedule, State};
use tutti_model::spec::InputRequirement;
use tutti_model::valid::{EndpointKind, ValidConnection, ValidFlow, ValidProcessor};
use tutti_sdk::{BuildContext, BuildError, Catalog, Runnable};
use tutti_store::{Repository, StoreError};

use crate::connection::Connection;
use crate::effects::Effects;
use crate::environment::Environment;
use crate::node::{Node, Phase, Shared};
use crate::route::Routes;

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
}

/// Builds every processor and opens every queue; tells everything that hinders it at once.
pub(crate) fn compile(
    flow: &ValidFlow,
    catalog: &Arc<Catalog>,
    repository: &Arc<Repository>,
    environment: &Environment,
) -> Result<Shared, Vec<CompileError>> {
    let mut errors = not_run(flow);
    let mut nodes = Vec::new();
    let mut indices = HashMap::new();
    for processor in flow.processors() {
        match node(processor, catalog) {
            Ok(node) => {
                indices.insert(processor.path.clone(), nodes.len());
                nodes.push(node);
            }
            Err(error) => errors.push(error),
        }
    }
    let mut connections = Vec::new();
    for connection in flow.connections() {
        let ends = (indices.get(&connection.from.path), indices.get(&connection.to.path));
        // An end that is missing here was told above.
        let (Some(from), Some(to)) = ends else { continue };
        match repository.open_queue(&connection.path) {
            Ok(queue) => {
                let index = connections.len();
                connect(&mut nodes, connection, index, (*from, *to));
                connections.push(Connection::new(
                    connection.path.clone(),
                    queue,
                    (*from, *to),
                    connection.back_pressure,
                ));
            }
            Err(source) => {
                errors.push(CompileError::Queue { path: connection.path.clone(), source });
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let activity = Arc::new(Notify::new());
    Ok(Shared {
        repository: Arc::clone(repository),
        catalog: Arc::clone(catalog),
        environment: environment.clone(),
        connections,
        nodes,
        effects: Effects::start(Arc::clone(&activity)),
        activity,
        errors: 0.into(),
    })
}

fn connect(
    nodes: &mut [Node],
    connection: &ValidConnection,
    index: usize,
    (from, to): (usize, usize),
) {
    for relationship in &connection.relationships {
        nodes[from].routes.connect(relationship, index);
    }
    nodes[from].outputs.push(index);
    nodes[to].inputs.push(index);
}

/// What the flow has that the engine does not run.
fn not_run(flow: &ValidFlow) -> Vec<CompileError> {
    let mut found = Vec::new();
    let mut note = |path: &str, what| {
        found.push(CompileError::NotRun { path: path.to_owned(), what });
    };
    for group in flow.groups() {
        group.groups.iter().for_each(|inner| note(&inner.path, "process groups"));
        group.services.iter().for_each(|service| note(&service.path, "controller services"));
        group.funnels.iter().for_each(|funnel| note(funnel, "funnels"));
        let ports = group.input_ports.iter().chain(&group.output_ports);
        ports.for_each(|port| note(&port.path, "ports"));
        for processor in &group.processors {
            if matches!(processor.schedule, Schedule::Cron { .. }) {
                note(&processor.path, "cron schedules");
            }
        }
        for connection in &group.connections {
            if !connection.expiration.is_zero() {
                note(&connection.path, "expirations");
            }
            if !connection.prioritizers.is_empty() {
                note(&connection.path, "prioritizers");
            }
            let is_known = |kind| kind == EndpointKind::Processor;
            if !is_known(connection.from.kind) || !is_known(connection.to.kind) {
                note(&connection.path, "connections of ports and funnels");
            }
        }
    }
    found
}

fn node(processor: &ValidProcessor, catalog: &Catalog) -> Result<Node, CompileError> {
    let Some(built) = catalog.get(&processor.type_name) else {
        return Err(CompileError::NotRun {
            path: processor.path.clone(),
            what: "processors of a type that is not in the catalog",
        });
    };
    let runnable = build(processor, built)?;
    let mut routes = Routes::default();
    processor.relationships.iter().for_each(|relationship| routes.declare(relationship));
    let period = match &processor.schedule {
        Schedule::Period(period) => *period,
        Schedule::Cron { .. } => Duration::ZERO,
    };
    Ok(Node {
        path: processor.path.clone(),
        type_name: processor.type_name.clone(),
        processor: runnable,
        is_source: built.spec().input != InputRequirement::Required,
        is_enabled: processor.state == State::Enabled,
        period,
        concurrent_tasks: processor.concurrent_tasks,
        penalty: processor.penalty_duration,
        yield_duration: processor.yield_duration,
        bulletin_level: processor.bulletin_level,
        retry: processor.retry.clone(),
        parameters: Arc::clone(&processor.parameters),
        routes,
        ends: processor.auto_terminate.clone(),
        inputs: Vec::new(),
        outputs: Vec::new(),
        metrics: crate::metrics::Metrics::default(),
        transferred: Mutex::default(),
        wake: Notify::new(),
        phase: Mutex::new(Phase::Stopped),
        active: 0.into(),
        generation: 0.into(),
        is_idle: false.into(),
        start_failure: Mutex::default(),
        next_input: 0.into(),
    })
}

fn build(
    processor: &ValidProcessor,
    built: &tutti_sdk::ProcessorType,
) -> Result<Arc<dyn Runnable>, CompileError> {
    let text = |(name, value): (&String, &tutti_model::value::Value)| {
        (name.clone(), value.expose().to_owned())
    };
    let values = processor.properties.declared.iter().map(text).collect();
    let context = BuildContext {
        component: processor.path.clone(),
        dynamic: processor.properties.dynamic.iter().map(text).collect(),
        ..BuildContext::default()
    };
    built
        .build(&values, &context)
        .map_err(|source| CompileError::Build { path: processor.path.clone(), source })
}
