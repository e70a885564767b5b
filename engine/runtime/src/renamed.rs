//! What has another name in another version of its flow, and keeps what it holds.
//!
//! A text has no identities besides names. What is gone and what is new are one thing when they are
//! alike, and neither is like anything else that is gone or new: a guess would give what waits to
//! somebody whom it is not for.

use std::collections::HashMap;

use tutti_model::flowfile::Timestamp;
use tutti_model::valid::{Endpoint, EndpointKind, ValidConnection, ValidFlow};
use tutti_store::{Commit, QueueId, Renames, Repository, StoreError};

use crate::compile::in_repository;
use crate::idle::LeftOver;
use crate::node::Shared;
use crate::{services, stopped};

/// What has another name, and what is gone.
#[derive(Default)]
pub(crate) struct Renamed {
    /// The queues of renamed connections, by their new paths.
    pub(crate) queues: HashMap<String, QueueId>,
    /// Connections that the flow does not have any more.
    gone: Vec<(String, QueueId)>,
    names: Vec<(QueueId, Box<str>)>,
    components: Vec<(Box<str>, Box<str>)>,
    /// The paths of processors.
    processors: Vec<(String, String)>,
}

impl Renamed {
    /// Between the version that runs and another one.
    pub(crate) fn between(old: &Shared, new: &ValidFlow) -> Self {
        let queues = old.connections.iter().map(|each| (each.path.clone(), each.queue));
        Self::of(&old.definition, queues, new)
    }

    /// Between two versions, the queues of the first of which are these, by their paths.
    fn of(
        before: &ValidFlow,
        queues: impl Iterator<Item = (String, QueueId)>,
        new: &ValidFlow,
    ) -> Self {
        let mut renamed = Self::default();
        let processors = alike(
            before.processors().map(|each| (each.path.as_str(), each)),
            new.processors().map(|each| (each.path.as_str(), each)),
            |old, new| {
                old.type_name == new.type_name
                    && old.properties == new.properties
                    && old.parameters == new.parameters
            },
        );
        let services = alike(
            before.groups().flat_map(|group| &group.services).map(|each| (&*each.path, each)),
            new.groups().flat_map(|group| &group.services).map(|each| (&*each.path, each)),
            |old, new| {
                old.type_name == new.type_name
                    && old.properties == new.properties
                    && old.parameters == new.parameters
            },
        );
        let flow = &new.name;
        for (from, to) in &processors {
            let name = |path| in_repository(flow, path).into();
            renamed.components.push((name(from), name(to)));
            renamed.processors.push(((*from).to_owned(), (*to).to_owned()));
        }
        for (from, to) in services {
            let name = |path| services::state_name(flow, path);
            renamed.components.push((name(from), name(to)));
        }
        let now = |end: &Endpoint| match processors.get(end.path.as_str()) {
            Some(path) if end.kind == EndpointKind::Processor => {
                Endpoint { kind: end.kind, path: (*path).to_owned() }
            }
            _ => end.clone(),
        };
        let connections = alike(
            before.connections().map(|each| (each.path.as_str(), each)),
            new.connections().map(|each| (each.path.as_str(), each)),
            |old: &&ValidConnection, new: &&ValidConnection| {
                now(&old.from) == new.from
                    && now(&old.to) == new.to
                    && old.relationships == new.relationships
            },
        );
        let is_there = |path: &str| new.connections().any(|each| each.path == path);
        for (from, queue) in queues.filter(|(path, _)| !is_there(path)) {
            if let Some(path) = connections.get(from.as_str()) {
                renamed.queues.insert((*path).to_owned(), queue);
                renamed.names.push((queue, in_repository(flow, path).into()));
            } else {
                renamed.gone.push((from, queue));
            }
        }
        renamed
    }

    /// What waits in connections that are gone.
    pub(crate) fn left_over(&self, old: &Shared) -> Vec<LeftOver> {
        let gone = self.gone.iter();
        gone.filter_map(|(path, queue)| LeftOver::of(&old.repository, path, *queue)).collect()
    }

    /// Has what waits in connections that are gone go into the trash from now on.
    pub(crate) fn throw_away(&mut self, old: &Shared) {
        let now = old.environment.clock.now();
        self.gone.retain(|(path, queue)| {
            let is_empty = old.repository.counts(*queue).is_ok_and(|counts| counts.flowfiles == 0);
            if !is_empty {
                self.names.push((*queue, old.repository.trash_name(old.name(), path, now)));
            }
            is_empty
        });
    }

    /// Makes way for the new names of queues: one of that name that no connection of `old` has is
    /// left over of another version. It goes into the trash, or away where nothing is in it.
    pub(crate) fn make_way(&mut self, old: &Shared) -> Result<(), StoreError> {
        let known = old.repository.queues();
        let now = old.environment.clock.now();
        let taken: Vec<_> = self.names.iter().map(|(queue, _)| *queue).collect();
        let mut thrown = Vec::new();
        for (_, name) in &self.names {
            let Some(queue) = known.get(&**name).filter(|queue| !taken.contains(queue)) else {
                continue;
            };
            thrown.extend(out_of_the_way(&old.repository, *queue, name, now)?);
        }
        self.names.extend(thrown);
        Ok(())
    }

    /// Gives everything of a flow its new name, if something has one.
    pub(crate) fn commit(&self, repository: &Repository, flow: &str) -> Option<Commit> {
        let renames = Renames {
            queues: self.names.iter().cloned().collect(),
            components: self.components.iter().cloned().collect(),
        };
        let processors = self.processors.iter().map(|(from, to)| (from.as_str(), to.as_str()));
        let state = stopped::renamed(repository, flow, processors);
        let is_empty =
            renames.queues.is_empty() && renames.components.is_empty() && state.is_empty();
        let renames = Some(Box::new(renames));
        (!is_empty).then(|| Commit { renames, state, ..Commit::default() })
    }

    /// Removes the queues of connections that are gone, which are empty.
    pub(crate) fn remove_gone(&self, old: &Shared) {
        for (path, queue) in &self.gone {
            if let Err(error) = old.repository.remove_queue(*queue) {
                tracing::warn!("the queue of \"{path}\" is still there: {}", error.chain());
            }
        }
    }
}

/// What makes a queue give its name to another one; nothing where it is empty, and removed.
fn out_of_the_way(
    repository: &Repository,
    queue: QueueId,
    name: &str,
    now: Timestamp,
) -> Result<Option<(QueueId, Box<str>)>, StoreError> {
    let flowfiles = repository.counts(queue)?.flowfiles;
    if flowfiles == 0 {
        repository.remove_queue(queue)?;
        return Ok(None);
    }
    let (flow, connection) = name.split_once('/').unwrap_or((name, ""));
    tracing::warn!(
        %flow,
        "{flowfiles} flowfiles that were left in \"{connection}\" are in the trash: another \
         connection has this name now"
    );
    Ok(Some((queue, repository.trash_name(flow, connection, now))))
}

/// Gives what is called as in `old` its name in `new`: what was written of a flow may be newer than
/// what the repository knows of it, as a change of it was cut off, or somebody changed its file.
/// Where both names have something, what has the new one already goes into the trash. For a flow
/// that does not run.
///
/// # Errors
/// When the repository refuses; everything is called as before then.
pub fn follow_names(
    repository: &Repository,
    old: &ValidFlow,
    new: &ValidFlow,
    now: Timestamp,
) -> Result<(), StoreError> {
    let known = repository.queues();
    let queue = |path: &str| known.get(&in_repository(&old.name, path)).copied();
    let queues = old.connections().filter_map(|each| Some((each.path.clone(), queue(&each.path)?)));
    let mut renamed = Renamed::of(old, queues, new);
    let mut names = Vec::new();
    for (queue, name) in std::mem::take(&mut renamed.names) {
        if let Some(other) = known.get(&*name) {
            // What has nothing in it needs no name, and what is there stays.
            if repository.counts(queue)?.flowfiles == 0 {
                continue;
            }
            names.extend(out_of_the_way(repository, *other, &name, now)?);
        }
        names.push((queue, name));
    }
    renamed.names = names;
    let has_state = |component: &str| repository.state(component).version > 0;
    renamed.components.retain(|(from, to)| has_state(from) && !has_state(to));
    let commit = renamed.commit(repository, &new.name);
    commit.map_or(Ok(()), |commit| repository.commit(commit).map(drop))
}

/// Pairs of what is only in `old` and what is only in `new` and is the only one like it.
fn alike<'f, T>(
    old: impl Iterator<Item = (&'f str, T)>,
    new: impl Iterator<Item = (&'f str, T)>,
    is_alike: impl Fn(&T, &T) -> bool,
) -> HashMap<&'f str, &'f str> {
    let (mut gone, mut added): (HashMap<_, _>, HashMap<_, _>) = (old.collect(), new.collect());
    let both: Vec<_> = gone.keys().filter(|path| added.contains_key(*path)).copied().collect();
    for path in both {
        gone.remove(path);
        added.remove(path);
    }
    let only = |one: &T, others: &HashMap<&'f str, T>, is: &dyn Fn(&T, &T) -> bool| {
        let mut like = others.iter().filter(|(_, other)| is(one, other)).map(|(path, _)| *path);
        like.next().filter(|_| like.next().is_none())
    };
    let pair = |(from, one): (&&'f str, &T)| {
        let to = only(one, &added, &is_alike)?;
        let back = only(added.get(to)?, &gone, &|new, old| is_alike(old, new))?;
        (back == *from).then_some((*from, to))
    };
    gone.iter().filter_map(pair).collect()
}
