//! A flow as somebody wrote it: typed, with the place of every part, not yet validated.
//!
//! Equality is that of meaning: order, spelling of times and sizes, left out defaults and places
//! make no difference.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, ElementKind};
use crate::document::Document;
use crate::report::Report;
use crate::text::{Located, Place, Source};

mod settings;

pub(crate) use settings::Word;
pub use settings::{
    BackPressure, Backoff, BulletinLevel, EndpointName, Prioritizer, Retry, Schedule,
    ScheduledState,
};

/// The version of the format that this crate reads and writes.
pub const FORMAT_VERSION: u32 = 1;

/// Things by their names, in the order of the names; the place is that of the name.
pub type Named<T> = BTreeMap<String, Located<T>>;

/// A flow as it was written.
#[derive(Debug, Clone, Default)]
pub struct FlowDefinition {
    /// Its name, which is also that of its file.
    pub name: Located<String>,
    /// The JSON Schema that editors are told to use.
    pub schema: Option<String>,
    /// Parameter contexts, for this flow and its groups.
    pub parameter_contexts: Named<ParameterContext>,
    /// What it is made of.
    pub root: Group,
    pub(crate) source: Source,
    pub(crate) report: Report,
    /// Whether nothing but its beginning could be read, so that more mistakes would mislead.
    pub(crate) is_opaque: bool,
}

impl FlowDefinition {
    /// An empty flow.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned().into(), ..Self::default() }
    }

    /// Reads a flow. What cannot be read is noted and left out, so that [`crate::check`] and
    /// [`crate::validate`] find the mistakes in the rest as well.
    pub fn parse(document: &Document) -> Self {
        crate::read::flow(document)
    }

    /// Reads a flow whose meaning is certain as a whole; `file` is what messages call it.
    ///
    /// # Errors
    /// With what hinders that; see [`Self::unread`].
    pub fn read(text: &str, file: &str) -> Result<Self, Vec<Diagnostic>> {
        let flow = Self::parse(&Document::parse(text, file)?);
        let unread = flow.unread();
        if unread.is_empty() { Ok(flow) } else { Err(unread) }
    }

    /// What could not be read, in the order of the text. A flow with errors here is never valid.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.report.clone().finish(&self.source)
    }

    /// What keeps one from knowing what the text means as a whole; then all of
    /// [`Self::diagnostics`]. Nothing where it is certain: what is almost JSON, and values without
    /// quotes, are.
    pub fn unread(&self) -> Vec<Diagnostic> {
        let all = self.diagnostics();
        let is_certain =
            |one: &Diagnostic| matches!(one.code, Code::Loose | Code::NotText) || !one.is_error();
        if all.iter().all(is_certain) { Vec::new() } else { all }
    }
}

impl PartialEq for FlowDefinition {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.schema == other.schema
            && self.parameter_contexts == other.parameter_contexts
            && self.root == other.root
    }
}

/// A flow, or a part of it with ports of its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    /// What it is for.
    pub description: String,
    /// The parameter context that its properties refer to; without one that of its parent.
    pub parameter_context: Option<Located<String>>,
    /// Controller services, for this group and those in it.
    pub services: Named<Service>,
    /// Processors.
    pub processors: Named<Processor>,
    /// Connections, sorted by their ends and relationships.
    pub connections: Vec<Located<Connection>>,
    /// Funnels.
    pub funnels: Named<Funnel>,
    /// Ports through which flowfiles enter.
    pub input_ports: Named<Port>,
    /// Ports through which flowfiles leave.
    pub output_ports: Named<Port>,
    /// Remarks on the canvas.
    pub labels: Named<Label>,
    /// Groups in it.
    pub groups: Named<Group>,
}

impl Group {
    /// The names of what it has of that kind; those of connections are their [`Connection::id`]s.
    pub(crate) fn names(&self, kind: ElementKind) -> Vec<String> {
        fn all<T>(named: &Named<T>) -> Vec<String> {
            named.keys().cloned().collect()
        }
        match kind {
            ElementKind::Service => all(&self.services),
            ElementKind::Processor => all(&self.processors),
            ElementKind::Connection => self.connections.iter().map(|one| one.id()).collect(),
            ElementKind::Funnel => all(&self.funnels),
            ElementKind::InputPort => all(&self.input_ports),
            ElementKind::OutputPort => all(&self.output_ports),
            ElementKind::Label => all(&self.labels),
            ElementKind::Group => all(&self.groups),
            ElementKind::ParameterContext | ElementKind::Parameter | ElementKind::Test => {
                Vec::new()
            }
        }
    }
}

/// A set of parameters.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParameterContext {
    /// What it is for.
    pub description: String,
    /// Contexts whose parameters it has as well; its own come first, then those of the first.
    pub inherits: Vec<Located<String>>,
    /// Its own parameters.
    pub parameters: Named<Parameter>,
}

/// A value that differs between places, or is secret.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameter {
    /// What it is for.
    pub description: String,
    /// Whether nobody is to see its value.
    pub sensitive: bool,
    /// Its value when none is given from outside. A sensitive one never has one.
    pub value: Option<Located<String>>,
}

/// The value of a property, as it was written.
#[derive(Clone, Default)]
pub struct Property {
    /// Where its name was written.
    pub name_place: Place,
    /// Its value, with parameters and expressions in it.
    pub value: Located<String>,
}

impl Property {
    /// A property that never stood in a text.
    pub fn new(value: impl Into<String>) -> Self {
        Self { name_place: Place::default(), value: value.into().into() }
    }
}

impl PartialEq for Property {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl fmt::Debug for Property {
    /// Without the value: which properties are secret only the processor's specification knows.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "({} characters)", self.value.chars().count())
    }
}

/// A controller service: something configured once and used by several processors.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Service {
    /// The type of service.
    pub type_name: Located<String>,
    /// What it is for.
    pub description: String,
    /// Its properties, by name.
    pub properties: BTreeMap<String, Property>,
    /// Whether it takes part.
    pub state: ScheduledState,
}

/// A processor.
#[derive(Debug, Clone, PartialEq)]
pub struct Processor {
    /// The type of processor.
    pub type_name: Located<String>,
    /// What it is for.
    pub description: String,
    /// Its properties, by name.
    pub properties: BTreeMap<String, Property>,
    /// When it is triggered; without one as its type prefers.
    pub schedule: Option<Located<Schedule>>,
    /// How many tasks may run at a time.
    pub concurrent_tasks: Located<u32>,
    /// How long a penalized flowfile waits.
    pub penalty_duration: Duration,
    /// How long it pauses when it has yielded.
    pub yield_duration: Duration,
    /// The least severe bulletins that it shows.
    pub bulletin_level: BulletinLevel,
    /// What is tried again.
    pub retry: Option<Retry>,
    /// Relationships whose flowfiles end here, sorted.
    pub auto_terminate: Vec<Located<String>>,
    /// Whether it takes part.
    pub state: ScheduledState,
}

impl Processor {
    /// NiFi's default.
    pub const PENALTY_DURATION: Duration = Duration::from_secs(30);
    /// NiFi's default.
    pub const YIELD_DURATION: Duration = Duration::from_secs(1);
    /// The most tasks that may run at a time.
    pub const CONCURRENT_TASKS_MAX: u32 = 1024;

    /// A processor with the default settings.
    pub fn new(type_name: &str) -> Self {
        Self {
            type_name: type_name.to_owned().into(),
            description: String::new(),
            properties: BTreeMap::new(),
            schedule: None,
            concurrent_tasks: 1.into(),
            penalty_duration: Self::PENALTY_DURATION,
            yield_duration: Self::YIELD_DURATION,
            bulletin_level: BulletinLevel::default(),
            retry: None,
            auto_terminate: Vec::new(),
            state: ScheduledState::default(),
        }
    }
}

/// A queue between two things.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// Where flowfiles come from.
    pub from: Located<EndpointName>,
    /// The relationships of the processor that they come from, sorted; none for ports and funnels.
    pub relationships: Vec<Located<String>>,
    /// Where they go to.
    pub to: Located<EndpointName>,
    /// When it is full.
    pub back_pressure: BackPressure,
    /// How long flowfiles may wait in it; zero is for ever.
    pub expiration: Duration,
    /// Which flowfiles go first; the order of their coming decides what these leave open.
    pub prioritizers: Vec<Prioritizer>,
}

impl Connection {
    /// A connection with the default settings.
    pub fn new(from: EndpointName, relationships: &[&str], to: EndpointName) -> Self {
        let mut relationships: Vec<Located<String>> =
            relationships.iter().map(|name| (*name).to_owned().into()).collect();
        relationships.sort_by(|left, right| left.value.cmp(&right.value));
        Self {
            from: from.into(),
            relationships,
            to: to.into(),
            back_pressure: BackPressure::default(),
            expiration: Duration::ZERO,
            prioritizers: Vec::new(),
        }
    }

    /// Its name within its group, e.g. `Decode [success] -> Extract`. It changes only when an end
    /// or a relationship does.
    pub fn id(&self) -> String {
        let relationships = self.relationships.iter().map(|name| name.value.as_str());
        connection_id(&self.from.value.to_string(), relationships, &self.to.value.to_string())
    }
}

/// The name of a connection between these ends that carries these relationships.
pub fn connection_id<'r>(
    from: &str,
    relationships: impl IntoIterator<Item = &'r str>,
    to: &str,
) -> String {
    let mut relationships: Vec<&str> = relationships.into_iter().collect();
    relationships.sort_unstable();
    match relationships.as_slice() {
        [] => format!("{from} -> {to}"),
        some => format!("{from} [{}] -> {to}", some.join(", ")),
    }
}

/// A port of a group.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Port {
    /// What it is for.
    pub description: String,
    /// Whether it takes part.
    pub state: ScheduledState,
}

/// A place where connections meet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Funnel {}

/// A remark on the canvas.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Label {
    /// The remark, in Markdown.
    pub text: String,
}
