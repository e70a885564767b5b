//! A processor, as its author writes it, and as an engine runs it.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use tutti_model::spec::{
    AttributeSpec, ContentSpec, Dependency, FitCheck, InputRequirement, ProcessorSpec,
    PropertyError, RelationshipSpec, RemovalSpec, Removed, ValueError,
};

use crate::property::Properties;
use crate::{Probe, ProcessError, ProcessorContext, Session, Verification};

/// Goes there when all went well.
pub const SUCCESS: &str = "success";
/// Goes there when it could not be worked on.
pub const FAILURE: &str = "failure";

/// Whether what could not be worked on goes there: as in NiFi, some write it with a capital.
pub fn is_failure(relationship: &str) -> bool {
    relationship.eq_ignore_ascii_case(FAILURE)
}

/// What is known of the content that a type of processor hands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Makes {
    relationship: Option<&'static str>,
    when: Option<(&'static str, &'static [&'static str])>,
    media_type: Option<&'static str>,
}

impl Makes {
    /// By `relationship`, content of a media type, as `application/json`, or `audio/*` for one of
    /// several.
    pub const fn of(relationship: &'static str, media_type: &'static str) -> Self {
        Self { relationship: Some(relationship), when: None, media_type: Some(media_type) }
    }

    /// By `relationship`, what came in, as it came.
    pub const fn as_it_came(relationship: &'static str) -> Self {
        Self { relationship: Some(relationship), when: None, media_type: None }
    }

    /// By each relationship of which nothing else is said, what came in, as it came.
    pub const fn all_as_it_came() -> Self {
        Self { relationship: None, when: None, media_type: None }
    }

    /// The same, only where a property has one of these values.
    pub const fn when(self, property: &'static str, values: &'static [&'static str]) -> Self {
        Self { when: Some((property, values)), ..self }
    }

    fn spec(self) -> ContentSpec {
        ContentSpec {
            relationship: self.relationship.map(Into::into),
            when: self.when.map(dependency),
            media_type: self.media_type.map(Into::into),
        }
    }
}

fn dependency((property, values): (&'static str, &[&'static str])) -> Dependency {
    Dependency {
        property: property.into(),
        values: values.iter().map(|value| (*value).into()).collect(),
    }
}

/// What a processor takes away outside of its flow.
#[derive(Debug, Clone, Copy)]
pub struct Removes {
    what: Removed,
    from: &'static [&'static str],
    when: Option<(&'static str, &'static [&'static str])>,
}

impl Removes {
    /// That, from where these properties say.
    pub const fn of(what: Removed, from: &'static [&'static str]) -> Self {
        Self { what, from, when: None }
    }

    /// The same, only where a property has one of these values.
    pub const fn when(self, property: &'static str, values: &'static [&'static str]) -> Self {
        Self { when: Some((property, values)), ..self }
    }

    fn spec(self) -> RemovalSpec {
        RemovalSpec {
            what: self.what,
            from: self.from.iter().map(|name| (*name).into()).collect(),
            when: self.when.map(dependency),
        }
    }
}

/// What a type of processor says about itself besides its properties.
#[derive(Debug, Clone)]
pub struct Description {
    /// The name of the type, as flows call it.
    pub type_name: &'static str,
    /// Other names by which flows may call it, sorted: for those who know it by another name.
    pub aliases: &'static [&'static str],
    /// One sentence.
    pub summary: &'static str,
    /// The rest, in Markdown: guarantees, limits, sources.
    pub description: &'static str,
    /// Words that find it.
    pub tags: &'static [&'static str],
    /// Whether it takes input.
    pub input: InputRequirement,
    /// Media types of content that it works on, as `audio/*`; none: any. What is of no other is
    /// refused before the flow runs, so that only what could never go well is left out.
    pub accepts: &'static [&'static str],
    /// What is certain of the content that it hands on, the first that holds. What goes to
    /// `failure` is [what came in](crate::FAILURE) without being named.
    pub makes: &'static [Makes],
    /// Names and descriptions of its ways out, `success` first.
    pub relationships: &'static [(&'static str, &'static str)],
    /// Names and descriptions of attributes that it reads.
    pub reads: &'static [(&'static str, &'static str)],
    /// Names and descriptions of attributes that it writes, with units.
    pub writes: &'static [(&'static str, &'static str)],
    /// How often a source is triggered when the flow does not say; `0 sec`: as often as possible.
    pub period: &'static str,
    /// Whether only one task may run at a time.
    pub serial: bool,
    /// Whether it is a source that never runs dry: each trigger makes flowfiles.
    pub endless: bool,
    /// Whether it reads or writes outside of its flow: files, objects, networks. Tests of flows put
    /// something else in its place.
    pub outside: bool,
    /// What it takes away there, if it does: whoever starts it is told before.
    pub removes: Option<Removes>,
    /// The name of a flow in `flows/` that shows it.
    pub example_flow: Option<&'static str>,
}

impl Description {
    /// A processor that works on what comes in and knows `success` and `failure`.
    pub const fn transform(type_name: &'static str, summary: &'static str) -> Self {
        Self {
            type_name,
            aliases: &[],
            summary,
            description: "",
            tags: &[],
            input: InputRequirement::Required,
            accepts: &[],
            makes: &[],
            relationships: &[
                (SUCCESS, "Flowfiles that were worked on."),
                (FAILURE, "Flowfiles that could not be worked on."),
            ],
            reads: &[],
            writes: &[],
            period: "0 sec",
            serial: false,
            endless: false,
            outside: false,
            removes: None,
            example_flow: None,
        }
    }
}

/// What the flow says about one processor or service besides its properties.
#[derive(Debug, Clone, Default)]
pub struct BuildContext {
    /// The thing, by its path of names in the flow.
    pub component: String,
    /// Values of the properties that the user named, in the flow's order.
    pub dynamic: Vec<(String, String)>,
}

/// Why a processor or service cannot be built from its properties.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Values are wrong, or do not go together: all that are, in the order in which they are
    /// declared.
    #[error("{}", joined(.0))]
    Properties(Vec<PropertyError>),
    /// Something else than a property is to blame.
    #[error(transparent)]
    Other(#[from] ProcessError),
}

impl BuildError {
    /// Fails unless there is nothing `wrong`.
    pub fn unless_empty(wrong: Vec<PropertyError>) -> Result<(), Self> {
        if wrong.is_empty() { Ok(()) } else { Err(Self::Properties(wrong)) }
    }
}

fn joined(errors: &[PropertyError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// A type of processor, as its author writes it.
#[async_trait]
pub trait Processor: Send + Sync + Sized + 'static {
    /// Its properties; `#[derive(Properties)]` makes their specification from the doc comments.
    type Properties: Properties;

    /// What it says about itself.
    fn describe() -> Description;

    /// One processor of a flow. Also runs when a flow is only validated: it must not touch anything
    /// outside, and what does so begins with [`on_scheduled`](Processor::on_scheduled).
    fn build(properties: Self::Properties, context: &BuildContext) -> Result<Self, BuildError>;

    /// Works on what the session gives. The engine commits when it ends well, and rolls back,
    /// penalises and reports when it ends with an error or panics. Runs in as many tasks at a
    /// time as the flow says, all on the same `self`.
    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError>;

    /// Runs at a start, before any processor that is started with it does anything: the place to
    /// let others of this process know what it will do. Must be quick, and wait for nothing. May
    /// run more than once before a start.
    fn on_starting(&self) {}

    /// Runs once before the first trigger after a start: the place to open what all sessions
    /// share. An error keeps it from starting, and is tried again later.
    async fn on_scheduled(&self, _context: &ProcessorContext) -> Result<(), ProcessError> {
        Ok(())
    }

    /// Runs once after the last trigger of a stop, unless the processor was terminated: the place
    /// to close what [`on_scheduled`](Processor::on_scheduled) opened.
    async fn on_stopped(&self, _context: &ProcessorContext) {}

    /// Tries out whether it can work: whether what it reads is there, and what it writes to
    /// answers.
    /// Must change nothing, inside or outside, and need no start. One entry for each thing that is
    /// tried; none for what works on flowfiles alone.
    async fn verify(&self, _probe: &Probe) -> Vec<Verification> {
        Vec::new()
    }
}

/// A built processor, as an engine runs it. Every [`Processor`] is one; implemented directly only
/// for types that are described while the program runs, see [`ProcessorType::new`].
#[async_trait]
pub trait Runnable: Send + Sync {
    /// As [`Processor::on_starting`].
    fn on_starting(&self) {}
    /// As [`Processor::on_scheduled`].
    async fn on_scheduled(&self, context: &ProcessorContext) -> Result<(), ProcessError>;
    /// As [`Processor::on_trigger`].
    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError>;
    /// As [`Processor::on_stopped`].
    async fn on_stopped(&self, context: &ProcessorContext);
    /// As [`Processor::verify`].
    async fn verify(&self, _probe: &Probe) -> Vec<Verification> {
        Vec::new()
    }
}

#[async_trait]
impl<P: Processor> Runnable for P {
    fn on_starting(&self) {
        Processor::on_starting(self);
    }

    async fn on_scheduled(&self, context: &ProcessorContext) -> Result<(), ProcessError> {
        Processor::on_scheduled(self, context).await
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        Processor::on_trigger(self, session).await
    }

    async fn on_stopped(&self, context: &ProcessorContext) {
        Processor::on_stopped(self, context).await;
    }

    async fn verify(&self, probe: &Probe) -> Vec<Verification> {
        Processor::verify(self, probe).await
    }
}

/// Property names and values after parameters and defaults have been filled in.
pub type PropertyValues = BTreeMap<String, String>;

type Build =
    dyn Fn(&PropertyValues, &BuildContext) -> Result<Arc<dyn Runnable>, BuildError> + Send + Sync;

/// A type of processor, as a catalog holds it.
pub struct ProcessorType {
    spec: ProcessorSpec,
    build: Box<Build>,
}

impl ProcessorType {
    /// The type of `P`.
    pub fn of<P: Processor>() -> Self {
        Self::new(spec_of::<P>(), build::<P>)
    }

    /// A type that says `spec` about itself, each of which `build` makes: for types that are known
    /// only while the program runs. As [`Processor::build`], `build` must touch nothing outside.
    pub fn new(
        spec: ProcessorSpec,
        build: impl Fn(&PropertyValues, &BuildContext) -> Result<Arc<dyn Runnable>, BuildError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self { spec, build: Box::new(build) }
    }

    /// What it says about itself.
    pub fn spec(&self) -> &ProcessorSpec {
        &self.spec
    }

    /// One processor of a flow. `values` holds the declared properties; those that the user named
    /// come in the context.
    pub fn build(
        &self,
        values: &PropertyValues,
        context: &BuildContext,
    ) -> Result<Arc<dyn Runnable>, BuildError> {
        (self.build)(values, context)
    }
}

fn build<P: Processor>(
    values: &PropertyValues,
    context: &BuildContext,
) -> Result<Arc<dyn Runnable>, BuildError> {
    Ok(Arc::new(P::build(P::Properties::parse(values, &context.dynamic)?, context)?))
}

fn spec_of<P: Processor>() -> ProcessorSpec {
    let description = P::describe();
    let attributes = |pairs: &'static [(&'static str, &'static str)]| {
        let spec = |&(name, description): &(&'static str, &'static str)| AttributeSpec {
            name: name.into(),
            description: description.into(),
        };
        pairs.iter().map(spec).collect()
    };
    ProcessorSpec {
        type_name: description.type_name.into(),
        aliases: description.aliases.iter().map(|&alias| alias.into()).collect(),
        summary: description.summary.into(),
        description: description.description.into(),
        tags: description.tags.iter().map(|&tag| tag.into()).collect(),
        input: description.input,
        accepts: description.accepts.iter().map(|&kind| kind.into()).collect(),
        makes: makes(&description),
        relationships: description
            .relationships
            .iter()
            .map(|&(name, description)| RelationshipSpec {
                name: name.into(),
                description: description.into(),
            })
            .collect(),
        properties: P::Properties::specs(),
        dynamic: P::Properties::dynamic(),
        reads: attributes(description.reads),
        writes: attributes(description.writes),
        period: description.period.into(),
        serial: description.serial,
        endless: description.endless,
        outside: description.outside,
        removes: description.removes.map(Removes::spec),
        example_flow: description.example_flow.map(Into::into),
        fits: FitCheck::new(misfits::<P>),
    }
}

/// What it says of the content that it hands on, and that what could not be worked on goes as it
/// came.
fn makes(description: &Description) -> Vec<ContentSpec> {
    let said = description.makes;
    let failures = description.relationships.iter().map(|(name, _)| *name);
    let failures = failures
        .filter(|name| is_failure(name) && said.iter().all(|each| each.relationship != Some(*name)))
        .map(Makes::as_it_came);
    said.iter().copied().chain(failures).map(Makes::spec).collect()
}

/// Why a processor cannot be built; what is built is dropped.
fn misfits<P: Processor>(
    values: &PropertyValues,
    dynamic: &[(String, String)],
) -> Vec<PropertyError> {
    let context = BuildContext { dynamic: dynamic.to_vec(), ..BuildContext::default() };
    build::<P>(values, &context).err().map(misfit).unwrap_or_default()
}

/// What is wrong with the properties of what cannot be built.
pub(crate) fn misfit(error: BuildError) -> Vec<PropertyError> {
    match error {
        BuildError::Properties(errors) => errors,
        BuildError::Other(error) => {
            let refused = ValueError::new(error.chain());
            let error = match error.help() {
                Some(help) => refused.with_help(help),
                None => refused,
            };
            vec![PropertyError { properties: Vec::new(), error }]
        }
    }
}
