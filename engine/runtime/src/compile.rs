//! Makes a flow that can be started from one that is valid.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tutti_model::bulletin::{Bulletin, Level};
use tutti_model::definition::{BulletinLevel, Schedule, ScheduledState};
use tutti_model::parameter::Parameters;
use tutti_model::spec::InputRequirement;
use tutti_model::valid::{
    Endpoint, EndpointKind, ValidConnection, ValidFlow, ValidGroup, ValidProcessor,
};
use tutti_sdk::{BuildContext, BuildError, Catalog};
use tutti_store::{QueueId, Repository, StoreError};

use crate::connection::Connection;
use crate::control::Control;
use crate::cycles::Cycles;
use crate::effects::Effects;
use crate::environment::Environment;
use crate::failures::Failures;
use crate::node::{Base, Blueprint, Node, Settings, Shared};
use crate::pass_through::ANONYMOUS;
use crate::route::Routes;
use crate::services;

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

/// Builds every processor and opens every queue; tells everything that hinders it at once.
pub(crate) fn compile(
    flow: &Arc<ValidFlow>,
    catalog: &Arc<Catalog>,
    repository: &Arc<Repository>,
    environment: &Environment,
) -> Result<Shared, Vec<CompileError>> {
    let runtime = Handle::try_current().map_err(|_| vec![CompileError::NoRuntime])?;
    let base = Arc::new(Base {
        repository: Arc::clone(repository),
        environment: environment.clone(),
        runtime,
        errors: AtomicU64::new(0),
    });
    let mut errors = Vec::new();
    let (services, places) = services::compile(flow, catalog, &base, &mut errors);
    let (mut nodes, indices) = nodes(flow, catalog, &places, &mut errors);
    let ends = ends(flow, &indices, &mut errors);
    // Before its queues are made: a flow that cannot run leaves nothing behind.
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut connections = connections(flow, repository, &mut nodes, &ends)?;
    prioritize(flow, repository, &connections)?;
    for node in &mut nodes {
        settle_source(node, &connections, catalog);
    }
    settle_cycles(&mut nodes, &mut connections);
    let left_over = tell_left_over(flow, repository, environment);
    let activity = Arc::new(Notify::new());
    let executor = Arc::clone(&environment.executor);
    let effects = Effects::start(&base.runtime, executor, Arc::clone(&activity));
    Ok(Shared {
        base,
        name: flow.name.as_str().into(),
        definition: Arc::clone(flow),
        catalog: Arc::clone(catalog),
        effects: Arc::new(effects),
        services,
        holds_services: AtomicBool::new(false),
        connections,
        left_over,
        nodes,
        activity,
        triggers: AtomicU64::new(0),
        failures: Failures::default(),
    })
}

/// Gives every queue its order. Last, as a flow that runs already has the same queues: where
/// something else hinders, nothing of it is to change.
fn prioritize(
    flow: &ValidFlow,
    repository: &Repository,
    connections: &[Connection],
) -> Result<(), Vec<CompileError>> {
    let pairs = flow.connections().zip(connections);
    let failed = pairs.filter_map(|(connection, compiled)| {
        let source = repository.prioritize(compiled.queue, &connection.prioritizers).err()?;
        Some(CompileError::Queue { path: connection.path.clone(), source })
    });
    unless_empty(failed.collect())
}

fn unless_empty(errors: Vec<CompileError>) -> Result<(), Vec<CompileError>> {
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

type Indices = HashMap<Endpoint, usize>;

/// Everything that connections end at.
fn nodes(
    flow: &ValidFlow,
    catalog: &Catalog,
    services: &services::Indices,
    errors: &mut Vec<CompileError>,
) -> (Vec<Node>, Indices) {
    let mut nodes = Vec::new();
    let mut indices = Indices::new();
    let mut add = |kind, node: Node| {
        let path = node.path.clone();
        match node.build(catalog) {
            Ok(processor) => node.control.install(processor),
            Err(source) => {
                errors.push(CompileError::Build { path: path.to_string(), source });
            }
        }
        indices.insert(Endpoint { kind, path: path.to_string() }, nodes.len());
        nodes.push(node);
    };
    for group in flow.groups() {
        for processor in &group.processors {
            let mut node = processor_node(&flow.name, processor);
            node.services = services::named(&processor.properties, services);
            add(EndpointKind::Processor, node);
        }
        for pass_through in pass_throughs(group) {
            add(pass_through.kind, pass_through_node(&flow.name, &pass_through, &group.parameters));
        }
    }
    (nodes, indices)
}

/// A funnel or a port.
struct PassThrough<'g> {
    kind: EndpointKind,
    type_name: &'static str,
    path: &'g str,
    state: ScheduledState,
}

fn pass_throughs(group: &ValidGroup) -> impl Iterator<Item = PassThrough<'_>> {
    let funnels = group.funnels.iter();
    let inputs = group.input_ports.iter();
    let outputs = group.output_ports.iter();
    funnels
        .map(|path| (EndpointKind::Funnel, "funnel", path, ScheduledState::Enabled))
        .chain(inputs.map(|each| (EndpointKind::InputPort, "input port", &each.path, each.state)))
        .chain(
            outputs.map(|each| (EndpointKind::OutputPort, "output port", &each.path, each.state)),
        )
        .map(|(kind, type_name, path, state)| PassThrough { kind, type_name, path, state })
}

fn processor_node(flow: &str, processor: &ValidProcessor) -> Node {
    let text = |(name, value): (&String, &tutti_model::value::Value)| {
        (name.clone(), value.expose().to_owned())
    };
    let blueprint = Blueprint::Type {
        values: processor.properties.declared.iter().map(text).collect(),
        context: BuildContext {
            component: processor.path.clone(),
            dynamic: processor.properties.dynamic.iter().map(text).collect(),
        },
    };
    let settings = Settings {
        is_enabled: processor.state == ScheduledState::Enabled,
        schedule: processor.schedule.clone(),
        concurrent_tasks: usize::try_from(processor.concurrent_tasks).unwrap_or(usize::MAX).max(1),
        penalty: processor.penalty_duration,
        yield_duration: processor.yield_duration,
        bulletin_level: processor.bulletin_level,
        retry: processor.retry.clone(),
        parameters: Arc::clone(&processor.parameters),
    };
    let relationships = processor.relationships.iter().map(String::as_str);
    let routes = Routes::new(relationships, &processor.auto_terminate);
    node(flow, &processor.path, &processor.type_name, blueprint, settings, routes)
}

fn pass_through_node(flow: &str, pass_through: &PassThrough, parameters: &Arc<Parameters>) -> Node {
    let PassThrough { type_name, path, state, .. } = *pass_through;
    let settings = Settings {
        is_enabled: state == ScheduledState::Enabled,
        schedule: Schedule::Period(Duration::ZERO),
        concurrent_tasks: 1,
        penalty: Duration::ZERO,
        yield_duration: tutti_model::definition::Processor::YIELD_DURATION,
        bulletin_level: BulletinLevel::default(),
        retry: None,
        parameters: Arc::clone(parameters),
    };
    let routes = Routes::new([ANONYMOUS], &std::collections::BTreeSet::new());
    node(flow, path, type_name, Blueprint::PassThrough, settings, routes)
}

fn node(
    flow: &str,
    path: &str,
    type_name: &str,
    blueprint: Blueprint,
    settings: Settings,
    routes: Routes,
) -> Node {
    Node {
        path: path.into(),
        type_name: type_name.to_owned(),
        state_name: in_repository(flow, path).into(),
        blueprint,
        settings,
        services: BTreeMap::new(),
        is_source: false,
        routes,
        inputs: Vec::new(),
        outputs: Vec::new(),
        loops: Vec::new(),
        downstream: Vec::new(),
        component: 0,
        metrics: Arc::default(),
        control: Control::new(),
        changes: AtomicU64::new(0),
        wake: Notify::new(),
        next_input: AtomicUsize::new(0),
    }
}

/// What the thing `path` of `flow` is called in a repository, which may serve several flows. The
/// name of a flow has no `/`.
fn in_repository(flow: &str, path: &str) -> String {
    format!("{flow}/{path}")
}

/// Where each connection begins and ends, as indices of nodes.
fn ends(
    flow: &ValidFlow,
    indices: &Indices,
    errors: &mut Vec<CompileError>,
) -> Vec<(usize, usize)> {
    let of = |connection: &ValidConnection| {
        let ends = indices.get(&connection.from).zip(indices.get(&connection.to));
        if ends.is_none() {
            errors.push(CompileError::NotRun {
                path: connection.path.clone(),
                what: "connections to something that is not in the flow",
            });
        }
        ends.map(|(&from, &to)| (from, to))
    };
    flow.connections().filter_map(of).collect()
}

/// Opens the queues of the connections with these ends, and makes those that are missing.
fn connections(
    flow: &ValidFlow,
    repository: &Repository,
    nodes: &mut [Node],
    ends: &[(usize, usize)],
) -> Result<Vec<Connection>, Vec<CompileError>> {
    let (mut connections, mut errors) = (Vec::new(), Vec::new());
    for (connection, &ends) in flow.connections().zip(ends) {
        match repository.open_queue(&in_repository(&flow.name, &connection.path)) {
            Ok(queue) => {
                connect(nodes, connection, connections.len(), ends);
                connections.push(Connection::new(
                    connection.path.clone(),
                    queue,
                    ends,
                    connection.back_pressure,
                    connection.expiration,
                ));
            }
            Err(source) => {
                errors.push(CompileError::Queue { path: connection.path.clone(), source });
            }
        }
    }
    unless_empty(errors)?;
    Ok(connections)
}

fn connect(
    nodes: &mut [Node],
    connection: &ValidConnection,
    index: usize,
    (from, to): (usize, usize),
) {
    let source = &mut nodes[from];
    if connection.relationships.is_empty() {
        source.routes.connect(ANONYMOUS, index);
    }
    for relationship in &connection.relationships {
        source.routes.connect(relationship, index);
    }
    if from == to {
        // It never keeps its processor from running, as nobody else would empty it.
        source.loops.push(index);
    } else {
        source.outputs.push(index);
    }
    nodes[to].inputs.push(index);
}

/// A source is what may run without input and gets none from others. A funnel or port that leads
/// nowhere holds what comes.
fn settle_source(node: &mut Node, connections: &[Connection], catalog: &Catalog) {
    match node.blueprint {
        Blueprint::PassThrough => node.settings.is_enabled &= !node.outputs.is_empty(),
        Blueprint::Type { .. } => {
            let gets_input = node.inputs.iter().any(|input| {
                let connection = &connections[*input];
                connection.from != connection.to
            });
            let spec = catalog.get(&node.type_name).map(tutti_sdk::ProcessorType::spec);
            let needs_input = spec.is_none_or(|spec| spec.input == InputRequirement::Required);
            node.is_source = !gets_input && !needs_input;
        }
    }
}

fn settle_cycles(nodes: &mut [Node], connections: &mut [Connection]) {
    let ends: Vec<_> = connections.iter().map(|each| (each.from, each.to)).collect();
    let cycles = Cycles::of(nodes.len(), &ends);
    for (index, node) in nodes.iter_mut().enumerate() {
        node.component = cycles.component(index);
        if node.is_source {
            node.downstream = cycles.downstream(index);
        }
    }
    for (index, connection) in connections.iter_mut().enumerate() {
        connection.leads_back = cycles.leads_back(index);
    }
}

/// Flowfiles of this flow in queues that it does not have any more are not lost, but nobody takes
/// them: somebody has to know. Hands back these queues.
fn tell_left_over(
    flow: &ValidFlow,
    repository: &Repository,
    environment: &Environment,
) -> Vec<(String, QueueId)> {
    let mut left_over = Vec::new();
    let known: std::collections::HashSet<String> =
        flow.connections().map(|each| in_repository(&flow.name, &each.path)).collect();
    let own = in_repository(&flow.name, "");
    for (name, queue) in repository.queues() {
        let Some(path) = name.strip_prefix(&own).filter(|_| !known.contains(&name)) else {
            continue;
        };
        let waiting = repository.counts(queue).map_or(0, |counts| counts.flowfiles);
        if waiting == 0 {
            continue;
        }
        let message = format!(
            "{waiting} flowfiles wait in \"{path}\", a connection that the flow does not have \
             any more"
        );
        tracing::warn!(flow = %flow.name, "{message}");
        let now = environment.clock.now();
        let bulletin = Bulletin {
            flow: Some(flow.name.as_str().into()),
            help: Some("give the flow this connection again to go on with them".to_owned()),
            ..Bulletin::new(Level::Warning, now, flow.name.as_str(), message)
        };
        repository.bulletins().report(bulletin, path);
        left_over.push((path.to_owned(), queue));
    }
    left_over
}
