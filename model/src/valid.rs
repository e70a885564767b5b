//! A flow that is right: everything resolved, ready to be compiled by an engine.
//!
//! Only [`crate::validate`] makes one. Nothing in it refers to the text that it came from.

mod course;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::definition::{
    BackPressure, Backoff, BulletinLevel, Prioritizer, Schedule, ScheduledState,
};
use crate::diagnostic::Diagnostic;
use crate::parameter::Parameters;
use crate::value::Value;

pub use course::Course;

/// A flow that can run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ValidFlow {
    /// Its name.
    pub name: String,
    /// What it is made of.
    pub root: ValidGroup,
    /// What is hardly meant as it is written.
    pub warnings: Vec<Diagnostic>,
}

impl ValidFlow {
    /// A flow with nothing in it.
    pub fn empty(name: &str) -> Self {
        Self { name: name.to_owned(), root: ValidGroup::default(), warnings: Vec::new() }
    }

    /// A flow in which `processor` takes what waits in a queue, and whatever it sends ends; with
    /// the path of that queue.
    pub fn alone(name: &str, mut processor: ValidProcessor) -> (Self, String) {
        processor.auto_terminate = processor.relationships.iter().cloned().collect();
        processor.state = ScheduledState::Enabled;
        let from = Endpoint { kind: EndpointKind::Funnel, path: format!("{} in", processor.path) };
        let to = Endpoint { kind: EndpointKind::Processor, path: processor.path.clone() };
        let connection = ValidConnection {
            path: format!("{} -> {}", from.path, to.path),
            relationships: BTreeSet::new(),
            back_pressure: BackPressure::default(),
            expiration: Duration::ZERO,
            prioritizers: Vec::new(),
            from,
            to,
        };
        let queue = connection.path.clone();
        let root = ValidGroup {
            funnels: vec![connection.from.path.clone()],
            connections: vec![connection],
            processors: vec![processor],
            ..ValidGroup::default()
        };
        (Self { name: name.to_owned(), root, warnings: Vec::new() }, queue)
    }

    /// The root and all groups in it, parents first.
    pub fn groups(&self) -> impl Iterator<Item = &ValidGroup> {
        self.root.all()
    }

    /// The processors of all groups.
    pub fn processors(&self) -> impl Iterator<Item = &ValidProcessor> {
        self.groups().flat_map(|group| &group.processors)
    }

    /// The connections of all groups.
    pub fn connections(&self) -> impl Iterator<Item = &ValidConnection> {
        self.groups().flat_map(|group| &group.connections)
    }
}

/// A flow or a group in it. Things are sorted by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidGroup {
    /// Names from the flow down to it, joined by `/`; empty for the flow itself.
    pub path: String,
    /// What it is for.
    pub description: String,
    /// The parameters that its properties see, with their values.
    pub parameters: Arc<Parameters>,
    /// Controller services.
    pub services: Vec<ValidService>,
    /// Processors.
    pub processors: Vec<ValidProcessor>,
    /// Connections.
    pub connections: Vec<ValidConnection>,
    /// Funnels, by their paths.
    pub funnels: Vec<String>,
    /// Ports through which flowfiles enter.
    pub input_ports: Vec<ValidPort>,
    /// Ports through which flowfiles leave.
    pub output_ports: Vec<ValidPort>,
    /// Remarks by their names.
    pub labels: BTreeMap<String, String>,
    /// Groups in it.
    pub groups: Vec<ValidGroup>,
}

impl ValidGroup {
    /// This one and all groups in it, parents first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Self> {
        let mut waiting = vec![self];
        std::iter::from_fn(move || {
            let group = waiting.pop()?;
            waiting.extend(group.groups.iter().rev());
            Some(group)
        })
    }
}

/// The properties of a processor or service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidProperties {
    /// Those that its type declares, with defaults filled in; absent where there is neither a
    /// value nor a default. Parameters are replaced, save where expressions are allowed.
    pub declared: BTreeMap<String, Value>,
    /// Those that the user named.
    pub dynamic: BTreeMap<String, Value>,
    /// For each property that names a service the path of that service.
    pub services: BTreeMap<String, String>,
}

/// A controller service.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidService {
    /// Names from the flow down to it, joined by `/`.
    pub path: String,
    /// Its type.
    pub type_name: String,
    /// What it is for.
    pub description: String,
    /// Its properties.
    pub properties: ValidProperties,
    /// The parameters that expressions see.
    pub parameters: Arc<Parameters>,
    /// Whether it takes part.
    pub state: ScheduledState,
}

/// A processor.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidProcessor {
    /// Names from the flow down to it, joined by `/`.
    pub path: String,
    /// Its type.
    pub type_name: String,
    /// What it is for.
    pub description: String,
    /// Its properties.
    pub properties: ValidProperties,
    /// The parameters that expressions see.
    pub parameters: Arc<Parameters>,
    /// Its ways out: those of its type, then those that properties make.
    pub relationships: Vec<String>,
    /// When it is triggered.
    pub schedule: Schedule,
    /// How many tasks may run at a time; 1 for a type that runs one at a time.
    pub concurrent_tasks: u32,
    /// How long a penalized flowfile waits.
    pub penalty_duration: Duration,
    /// How long it pauses when it has yielded.
    pub yield_duration: Duration,
    /// The least severe bulletins that it shows.
    pub bulletin_level: BulletinLevel,
    /// What is tried again.
    pub retry: Option<ValidRetry>,
    /// Relationships whose flowfiles end here; none of them is connected.
    pub auto_terminate: BTreeSet<String>,
    /// Whether it takes part.
    pub state: ScheduledState,
}

/// Which relationships' flowfiles are tried again before they leave.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidRetry {
    /// The relationships.
    pub relationships: BTreeSet<String>,
    /// How often.
    pub attempts: u32,
    /// What happens in between.
    pub backoff: Backoff,
    /// The longest time in between.
    pub maximum: Duration,
}

/// A queue between two things.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidConnection {
    /// Its name, unique in the flow; see [`crate::definition::Connection::id`].
    pub path: String,
    /// Where flowfiles come from.
    pub from: Endpoint,
    /// The relationships of the processor that they come from; none for ports and funnels.
    pub relationships: BTreeSet<String>,
    /// Where they go to.
    pub to: Endpoint,
    /// When it is full.
    pub back_pressure: BackPressure,
    /// How long flowfiles may wait in it; zero is for ever.
    pub expiration: Duration,
    /// Which flowfiles go first.
    pub prioritizers: Vec<Prioritizer>,
}

/// What a connection ends at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndpointKind {
    /// A processor.
    Processor,
    /// A funnel.
    Funnel,
    /// An input port: the source of connections in its group, the target of those outside.
    InputPort,
    /// An output port: the target of connections in its group, the source of those outside.
    OutputPort,
}

/// One end of a connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// What it is.
    pub kind: EndpointKind,
    /// Names from the flow down to it, joined by `/`; unique in the flow.
    pub path: String,
}

/// A port of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidPort {
    /// Names from the flow down to it, joined by `/`.
    pub path: String,
    /// What it is for.
    pub description: String,
    /// Whether it takes part.
    pub state: ScheduledState,
}
