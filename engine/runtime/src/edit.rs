//! A change of a flow that may be running: another version of it takes over.
//!
//! What is the same in both goes on and notices nothing; what is not is stopped, at the boundary of
//! a session, and started again. When anything hinders that, the old version goes on as it was.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::OwnedMutexGuard;
use tutti_model::valid::{Endpoint, EndpointKind, ValidFlow, ValidGroup};
use tutti_store::{StoreError, TryCommitError};
use utoipa::ToSchema;

use crate::compile::{self, CompileError, Version};
use crate::control;
use crate::environment::milliseconds;
use crate::executor::blocking;
use crate::flow::{Flow, Versions};
use crate::idle::LeftOver;
use crate::node::{Node, Shared};
use crate::renamed::Renamed;
use crate::run::Seat;
use crate::same::Same;
use crate::services::{self, ServiceNode};
use crate::stopped;

/// What a change of a flow would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApplyPreview)]
pub struct Preview {
    /// What would go on, stop and start.
    #[serde(flatten)]
    pub edited: Edited,
    /// What waits now for those that are changed or removed, by connection; empty queues are left
    /// out.
    pub queues: Vec<Waiting>,
    /// What hinders it: flowfiles in connections that would not be there any more.
    pub left_over: Vec<LeftOver>,
}

/// A queue that holds something for what a change stops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WaitingQueue)]
pub struct Waiting {
    /// The connection, as it is called now.
    pub path: String,
    /// Where it leads: a path of `changed` or `removed`.
    pub to: String,
    /// How many flowfiles wait there, those that are worked on included.
    pub flowfiles: u64,
    /// Bytes of their content.
    pub bytes: u64,
}

impl Preview {
    /// Of a flow that does not run yet.
    pub fn first(flow: &ValidFlow) -> Self {
        let added = ends(flow).into_iter().map(|end| end.path).collect();
        Self { edited: Edited { added, ..Edited::default() }, ..Self::default() }
    }
}

/// What a change of a flow did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApplyEffects)]
pub struct Edited {
    /// Processors, funnels and ports that went on as they were.
    pub kept: usize,
    /// Those that are not the same, by their paths: they were stopped, and those that ran before
    /// run again.
    pub changed: Vec<String>,
    /// Those that are new; they run if the flow does.
    pub added: Vec<String>,
    /// Those that the flow does not have any more.
    pub removed: Vec<String>,
    /// Why nobody knows whether the change outlives a crash, where its repository does not say so.
    #[serde(skip)]
    pub unsure: Option<String>,
}

/// How a flow is changed.
#[derive(Default)]
pub struct EditOptions {
    /// How long processors that are changed may work on.
    pub wait_max: Duration,
    /// Whether what waits in connections that the flow does not have any more goes into the trash;
    /// otherwise it hinders the change.
    pub is_trashing: bool,
    /// What is done when all is ready, and must be done before the change counts. May wait for a
    /// disk. The change may still fail after that.
    pub first: Option<First>,
}

impl EditOptions {
    /// A change that waits no longer than that.
    pub fn within(wait_max: Duration) -> Self {
        Self { wait_max, ..Self::default() }
    }
}

/// What is done before a change of a flow counts.
pub type First = Box<dyn FnOnce() -> Result<(), Box<dyn Error + Send + Sync>> + Send>;

/// Why a flow was not changed. It goes on as it was.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// No flow of that name runs.
    #[error("no flow \"{name}\" runs here")]
    NotFound {
        /// The name.
        name: String,
    },
    /// Another change is under way.
    #[error("another change of the flow is under way: wait for it, and look at what it did first")]
    Busy,
    /// It cannot be run.
    #[error("the changed flow cannot be run")]
    Compile(Vec<CompileError>),
    /// Flowfiles would be left that nobody takes.
    #[error("flowfiles wait in connections that would not be there any more: {}", told(.0))]
    NotEmpty(Vec<LeftOver>),
    /// Processors work longer than was to be waited for.
    #[error("these have not stopped within {} seconds: {}", seconds, quoted(paths))]
    TooLong {
        /// How long was waited.
        seconds: u64,
        /// The processors.
        paths: Vec<String>,
    },
    /// A processor that is changed was started meanwhile.
    #[error("\"{path}\" was started while the flow was to be changed: try again")]
    Started {
        /// The processor.
        path: String,
    },
    /// What was to be done before could not be done.
    #[error("what comes before the change could not be done")]
    First(#[source] Box<dyn Error + Send + Sync>),
    /// The repository refuses.
    #[error("the repository cannot take the change")]
    Repository(#[source] StoreError),
    /// The engine stops.
    #[error("the engine stops, and takes no change any more")]
    Stopping,
}

impl From<Vec<CompileError>> for EditError {
    fn from(errors: Vec<CompileError>) -> Self {
        Self::Compile(errors)
    }
}

fn told(waiting: &[LeftOver]) -> String {
    let told = waiting.iter().map(|each| format!("{} in \"{}\"", each.flowfiles, each.path));
    told.collect::<Vec<_>>().join(", ")
}

fn quoted(paths: &[String]) -> String {
    paths.iter().map(|path| format!("\"{path}\"")).collect::<Vec<_>>().join(", ")
}

impl Flow {
    /// What [`Flow::edit`] would do at this moment. Changes nothing, and may wait for a disk.
    pub fn preview(&self, flow: &ValidFlow) -> Preview {
        let old = self.versions().current();
        let same = Same::of(&old.definition, flow);
        let left_over = Renamed::between(&old, flow).left_over(&old);
        let queues = waiting(&old, &same);
        Preview { edited: edited(&old, &ends(flow), &same), queues, left_over }
    }

    /// Changes the flow to `flow`, whose name is the same, also while it runs. Waits for the
    /// sessions of the processors that are not the same, no longer than the options say; all others
    /// go on meanwhile. Dropped before it ends it changes nothing.
    ///
    /// # Errors
    /// When the flow could not be changed. It goes on as it was.
    pub async fn edit(
        &self,
        flow: &Arc<ValidFlow>,
        options: EditOptions,
    ) -> Result<Edited, EditError> {
        let EditOptions { wait_max, is_trashing, first } = options;
        let versions = self.versions();
        let turn = Arc::clone(&versions.editing).try_lock_owned().map_err(|_| EditError::Busy)?;
        let old = versions.current();
        if flow.name != **old.name() {
            return Err(EditError::NotFound { name: flow.name.clone() });
        }
        let same = Same::of(&old.definition, flow);
        let mut renamed = Renamed::between(&old, flow);
        let draft = compile::draft(flow, &old.base, Some(&old), &same)?;
        // Nobody is to stop for what cannot be, if that can be seen before.
        if !is_trashing {
            check_is_empty(&renamed, &old)?;
        }
        let interruption = Interruption::begin(versions, &old, &same, turn);
        interruption.wait(wait_max).await?;
        if is_trashing {
            // Nobody puts anything there any more.
            renamed.throw_away(&old);
        }
        check_is_empty(&renamed, &old)?;
        let version = draft.finish(Some(&old), &renamed.queues)?;
        if let Some(first) = first {
            let executor = &*old.environment.executor;
            let done = blocking(executor, &old.runtime, first).await;
            done.ok_or(EditError::Stopping)?.map_err(EditError::First)?;
        }
        loop {
            old.repository.room().await;
            let mut current = versions.current.write();
            if !is_ready(&old, &version, &mut renamed, &interruption)? {
                continue;
            }
            *current = take_over(&old, version, &renamed, interruption);
            return Ok(edited(&old, &ends(flow), &same));
        }
    }
}

fn check_is_empty(renamed: &Renamed, old: &Shared) -> Result<(), EditError> {
    let left_over = renamed.left_over(old);
    if left_over.is_empty() { Ok(()) } else { Err(EditError::NotEmpty(left_over)) }
}

/// Does all that may fail; whether that is done, or there was no room for it. Nothing may start
/// or stop meanwhile.
fn is_ready(
    old: &Shared,
    version: &Version,
    renamed: &mut Renamed,
    interruption: &Interruption,
) -> Result<bool, EditError> {
    if let Some(node) = interruption.nodes().find(|node| node.control.run().is_some()) {
        return Err(EditError::Started { path: node.path.to_string() });
    }
    check_is_empty(renamed, old)?;
    renamed.make_way(old).map_err(EditError::Repository)?;
    compile::prioritize(&version.shared)?;
    let Some(commit) = renamed.commit(&old.repository, old.name()) else { return Ok(true) };
    let error = match old.repository.try_commit(commit) {
        Ok(_) => return Ok(true),
        Err(TryCommitError::Full(_)) => return Ok(false),
        Err(TryCommitError::Failed(error)) => error,
    };
    if let Err(errors) = compile::prioritize(old) {
        for error in errors {
            tracing::error!("the order of a queue was not put back: {error}");
        }
    }
    Err(EditError::Repository(error))
}

/// From here on nothing fails. Hands back the version that is now the flow.
fn take_over(
    old: &Shared,
    version: Version,
    renamed: &Renamed,
    interruption: Interruption,
) -> Arc<Shared> {
    interruption.succeed();
    let new = version.install();
    for (index, node) in new.nodes.iter().enumerate() {
        if let Some(run) = node.control.run() {
            run.move_to(Seat { shared: Arc::clone(&new), index });
        }
    }
    renamed.remove_gone(old);
    if new.holds_services.load(Ordering::SeqCst) {
        new.services.iter().for_each(|service| service.hold(true));
    }
    let before: HashMap<&str, &Node> = old.nodes.iter().map(|node| (&*node.path, node)).collect();
    let is_new = |node: &Node| {
        let before = before.get(&*node.path);
        before.is_none_or(|before| !before.settings.is_enabled)
    };
    let is_started = new.is_started.load(Ordering::SeqCst);
    let stopped = stopped::stopped(&new.repository, new.name()).values;
    let is_wanted = |node: &Node| is_new(node) && stopped.get(&node.path).is_none();
    let starts = |node: &Node| control::take_return(node) || is_started && is_wanted(node);
    control::start_all(&new, starts);
    for node in &new.nodes {
        // It may have more room, or other work; its driver is to leave the old version.
        node.wake.notify_one();
    }
    new.activity.notify_waiters();
    new
}

/// All processors, funnels and ports.
fn ends(flow: &ValidFlow) -> Vec<Endpoint> {
    let end = |kind: EndpointKind, path: &String| Endpoint { kind, path: path.clone() };
    let of_group = |group: &ValidGroup| {
        let processors = group.processors.iter().map(|one| end(EndpointKind::Processor, &one.path));
        let funnels = group.funnels.iter().map(|path| end(EndpointKind::Funnel, path));
        let inputs = group.input_ports.iter().map(|one| end(EndpointKind::InputPort, &one.path));
        let outputs = group.output_ports.iter().map(|one| end(EndpointKind::OutputPort, &one.path));
        processors.chain(funnels).chain(inputs).chain(outputs).collect::<Vec<_>>()
    };
    flow.groups().flat_map(of_group).collect()
}

fn edited(old: &Shared, new: &[Endpoint], same: &Same) -> Edited {
    let before: HashSet<&str> = old.nodes.iter().map(|node| &*node.path).collect();
    let after: HashSet<&str> = new.iter().map(|end| end.path.as_str()).collect();
    let mut edited = Edited { kept: same.ends.len(), ..Edited::default() };
    for end in new.iter().filter(|end| !same.ends.contains(end)) {
        let is_there = before.contains(end.path.as_str());
        let list = if is_there { &mut edited.changed } else { &mut edited.added };
        list.push(end.path.clone());
    }
    let gone = old.nodes.iter().filter(|node| !after.contains(&*node.path));
    edited.removed = gone.map(|node| node.path.to_string()).collect();
    edited
}

/// What holds something for nodes that are not the same.
fn waiting(old: &Shared, same: &Same) -> Vec<Waiting> {
    let waiting = old.connections.iter().filter_map(|connection| {
        let to = old.nodes.get(connection.to).filter(|node| !is_same(same, node))?;
        let counts = old.repository.counts(connection.queue).ok()?;
        (counts.flowfiles > 0).then(|| Waiting {
            path: connection.path.clone(),
            to: to.path.to_string(),
            flowfiles: counts.flowfiles,
            bytes: counts.bytes,
        })
    });
    waiting.collect()
}

fn is_same(same: &Same, node: &Node) -> bool {
    same.ends.contains(&node.endpoint())
}

/// What is not the same is stopped, and starts again as it was unless the change succeeds.
struct Interruption {
    versions: Arc<Versions>,
    old: Arc<Shared>,
    /// Indices of the old version's.
    nodes: Vec<usize>,
    services: Vec<Arc<ServiceNode>>,
    /// No other change may begin before everything is as it was.
    turn: Option<OwnedMutexGuard<()>>,
}

impl Interruption {
    fn begin(
        versions: &Arc<Versions>,
        old: &Arc<Shared>,
        same: &Same,
        turn: OwnedMutexGuard<()>,
    ) -> Self {
        let is_changed = |index: &usize| !is_same(same, &old.nodes[*index]);
        let nodes = (0..old.nodes.len()).filter(is_changed).collect();
        let is_changed = |each: &&Arc<ServiceNode>| !same.services.contains(&each.path);
        let services = old.services.iter().filter(is_changed).cloned().collect();
        let turn = Some(turn);
        let (versions, old) = (Arc::clone(versions), Arc::clone(old));
        let interruption = Self { versions, old, nodes, services, turn };
        {
            let _nobody_starts = interruption.versions.current.read();
            interruption.nodes().for_each(control::interrupt);
            interruption.services.iter().for_each(|service| service.hold(false));
        }
        interruption
    }

    fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().map(|index| &self.old.nodes[*index])
    }

    /// Ends when nothing that is changed is at work any more.
    async fn wait(&self, wait_max: Duration) -> Result<(), EditError> {
        let stopped = async {
            stopped(&self.old, &self.nodes).await;
            services::off(&self.old.base, &self.services).await;
        };
        let stopping = |node: &&Node| node.control.phase() == control::Phase::Stopping;
        tokio::select! {
            biased;
            () = stopped => Ok(()),
            () = self.old.environment.clock.sleep_ms(milliseconds(wait_max)) => {
                let paths = self.nodes().filter(stopping).map(|node| node.path.to_string());
                let off = |each: &&Arc<ServiceNode>| each.phase() != services::Phase::Off;
                let services = self.services.iter().filter(off).map(|each| each.path.clone());
                let paths = paths.chain(services).collect();
                Err(EditError::TooLong { seconds: wait_max.as_secs(), paths })
            }
        }
    }

    fn succeed(mut self) {
        self.turn = None;
    }
}

impl Drop for Interruption {
    fn drop(&mut self) {
        let Some(turn) = self.turn.take() else { return };
        let (versions, old) = (Arc::clone(&self.versions), Arc::clone(&self.old));
        let nodes = std::mem::take(&mut self.nodes);
        self.old.runtime.spawn(async move {
            restore(&versions, &old, &nodes).await;
            drop(turn);
        });
    }
}

/// Starts again what was stopped in vain.
async fn restore(versions: &Versions, old: &Arc<Shared>, nodes: &[usize]) {
    {
        let _nobody_stops = versions.current.write();
        if old.holds_services.load(Ordering::SeqCst) {
            old.services.iter().for_each(|service| service.hold(true));
        }
    }
    for index in nodes {
        stopped(old, &[*index]).await;
        let _nobody_stops = versions.current.write();
        let path = &old.nodes[*index].path;
        control::start_all(old, |node| node.path == *path && control::take_return(node));
    }
}

async fn stopped(shared: &Shared, nodes: &[usize]) {
    let paths: Vec<_> = nodes.iter().map(|index| &*shared.nodes[*index].path).collect();
    control::stopped(shared, |node| paths.contains(&&*node.path)).await;
}
