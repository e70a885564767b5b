//! The connections of a flow, and their queues in the repository.

use std::collections::{HashMap, HashSet};

use tutti_model::bulletin::{Bulletin, Level};
use tutti_model::valid::{Endpoint, EndpointKind, ValidConnection, ValidFlow};
use tutti_store::{QueueId, Repository};

use super::CompileError;
use crate::connection::Connection;
use crate::cycles::Cycles;
use crate::node::{Base, Node, Shared};
use crate::pass_through::ANONYMOUS;

/// What the thing `path` of `flow` is called in a repository, which may serve several flows. The
/// name of a flow has no `/`.
pub(crate) fn in_repository(flow: &str, path: &str) -> String {
    format!("{flow}/{path}")
}

/// Where each connection begins and ends, as indices of nodes.
pub(super) fn ends(
    flow: &ValidFlow,
    nodes: &[Node],
    errors: &mut Vec<CompileError>,
) -> Vec<(usize, usize)> {
    let ends = nodes.iter().enumerate();
    let indices: HashMap<(EndpointKind, &str), usize> =
        ends.map(|(index, node)| ((node.kind, &*node.path), index)).collect();
    let index = |end: &Endpoint| indices.get(&(end.kind, end.path.as_str())).copied();
    let of = |connection: &ValidConnection| {
        let ends = index(&connection.from).zip(index(&connection.to));
        if ends.is_none() {
            errors.push(CompileError::NotRun {
                path: connection.path.clone(),
                what: "connections to something that is not in the flow",
            });
        }
        ends
    };
    flow.connections().filter_map(of).collect()
}

/// Opens the queues of the connections with these ends, and makes those that are missing.
pub(super) fn open(
    flow: &ValidFlow,
    repository: &Repository,
    queues: &HashMap<String, QueueId>,
    nodes: &mut [Node],
    ends: &[(usize, usize)],
) -> Result<Vec<Connection>, Vec<CompileError>> {
    let (mut connections, mut errors) = (Vec::new(), Vec::new());
    for (connection, &ends) in flow.connections().zip(ends) {
        let opened = match queues.get(&connection.path) {
            Some(queue) => Ok(*queue),
            None => repository.open_queue(&in_repository(&flow.name, &connection.path)),
        };
        match opened {
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

pub(super) fn settle_cycles(nodes: &mut [Node], connections: &mut [Connection]) {
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

/// Gives every queue its order. Last, as a version of the flow that runs already has the same
/// queues: where something else hinders, nothing of it is to change.
pub(crate) fn prioritize(shared: &Shared) -> Result<(), Vec<CompileError>> {
    let pairs = shared.definition.connections().zip(&shared.connections);
    let failed = pairs.filter_map(|(connection, compiled)| {
        let ordered = shared.repository.prioritize(compiled.queue, &connection.prioritizers);
        let source = ordered.err()?;
        Some(CompileError::Queue { path: connection.path.clone(), source })
    });
    unless_empty(failed.collect())
}

fn unless_empty(errors: Vec<CompileError>) -> Result<(), Vec<CompileError>> {
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Flowfiles of this flow in queues that it does not have any more are not lost, but nobody takes
/// them: somebody has to know. Hands back these queues. Those that are empty go at a start, when no
/// other version of the flow has them, so that nothing can be replayed into them.
pub(super) fn tell_left_over(
    base: &Base,
    connections: &[Connection],
    old: Option<&Shared>,
) -> Vec<(String, QueueId)> {
    let mut left_over = Vec::new();
    let mut known: HashSet<QueueId> = connections.iter().map(|each| each.queue).collect();
    // What the version before had is empty by now, or on its way into the trash.
    known.extend(old.into_iter().flat_map(|old| &old.connections).map(|each| each.queue));
    let own = in_repository(&base.name, "");
    for (name, queue) in base.repository.queues() {
        let Some(path) = name.strip_prefix(&own).filter(|_| !known.contains(&queue)) else {
            continue;
        };
        let waiting = base.repository.counts(queue).map_or(0, |counts| counts.flowfiles);
        if waiting == 0 {
            if old.is_none() {
                remove_empty(base, path, queue);
            }
            continue;
        }
        let message = format!(
            "{waiting} flowfiles wait in \"{path}\", a connection that the flow does not have \
             any more"
        );
        tracing::warn!(flow = %base.name, "{message}");
        let bulletin = Bulletin {
            flow: Some((*base.name).into()),
            help: Some(
                "bring them back from the flow's trash, or give the flow this connection again"
                    .to_owned(),
            ),
            ..Bulletin::new(Level::Warning, base.environment.clock.now(), &*base.name, message)
        };
        base.repository.bulletins().report(bulletin, path);
        left_over.push((path.to_owned(), queue));
    }
    left_over
}

/// Removes a queue that is left over, unless something in the quarantine has its place there.
fn remove_empty(base: &Base, path: &str, queue: QueueId) {
    let removed = match base.repository.has_put_aside(queue) {
        Ok(true) => Ok(()),
        Ok(false) => base.repository.remove_queue(queue),
        Err(error) => Err(error),
    };
    if let Err(error) = removed {
        let why = error.chain();
        tracing::warn!(flow = %base.name, "the queue of \"{path}\" is still there: {why}");
    }
}
