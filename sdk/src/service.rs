//! A controller service, as its author writes it, and as an engine enables it: something that is
//! configured once and used by several processors.
//!
//! Who uses a service knows its kind, a trait, and never its type.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use tutti_model::spec::{FitCheck, PropertyError, ServiceSpec};

use crate::processor::{BuildContext, BuildError, PropertyValues, misfit};
use crate::property::Properties;
use crate::{ProcessError, ServiceContext};

/// What a service can be to those who use it: implemented for a trait object, as in
/// `impl ServiceKind for dyn MapCache`.
pub trait ServiceKind: Send + Sync + 'static {
    /// The name of the kind, in words: `map cache`.
    const KIND: &'static str;
}

/// What a service offers: an object of its kind.
#[derive(Clone)]
pub struct Offer(Arc<dyn Any + Send + Sync>);

impl Offer {
    /// An offer of `object`.
    pub fn of<K: ServiceKind + ?Sized>(object: Arc<K>) -> Self {
        Self(Arc::new(object))
    }

    /// The object, if it is of the kind `K`.
    pub fn take<K: ServiceKind + ?Sized>(&self) -> Option<Arc<K>> {
        self.0.downcast_ref::<Arc<K>>().cloned()
    }
}

impl fmt::Debug for Offer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Offer")
    }
}

/// What a type of service says about itself besides its properties.
#[derive(Debug, Clone, Default)]
pub struct ServiceDescription {
    /// The name of the type, as flows call it.
    pub type_name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// The rest, in Markdown: guarantees, limits.
    pub description: &'static str,
    /// Words that find it.
    pub tags: &'static [&'static str],
    /// The name of a flow in `flows/` that shows it.
    pub example_flow: Option<&'static str>,
}

/// A type of service, as its author writes it.
#[async_trait]
pub trait Service: Send + Sync + Sized + 'static {
    /// Its properties; `#[derive(Properties)]` makes their specification from the doc comments.
    type Properties: Properties;

    /// What it is to those who use it.
    type Kind: ServiceKind + ?Sized;

    /// What it says about itself.
    fn describe() -> ServiceDescription;

    /// One service of a flow. Also runs when a flow is only validated: it must not touch anything
    /// outside, and what does so begins with [`on_enabled`](Service::on_enabled).
    fn build(properties: Self::Properties, context: &BuildContext) -> Result<Self, BuildError>;

    /// What those who use it get. They use it only while it is enabled.
    fn offer(self: Arc<Self>) -> Arc<Self::Kind>;

    /// Runs before the first that uses it starts: the place to open what they share. An error keeps
    /// it from being enabled, and is tried again later; those who use it wait.
    async fn on_enabled(&self, _context: &ServiceContext) -> Result<(), ProcessError> {
        Ok(())
    }

    /// Runs when the last that used it has stopped: the place to close what
    /// [`on_enabled`](Service::on_enabled) opened.
    async fn on_disabled(&self, _context: &ServiceContext) {}
}

/// A built service, as an engine enables it. Every [`Service`] is one.
#[async_trait]
pub trait EnabledService: Send + Sync {
    /// As [`Service::offer`].
    fn offer(self: Arc<Self>) -> Offer;
    /// As [`Service::on_enabled`].
    async fn on_enabled(&self, context: &ServiceContext) -> Result<(), ProcessError>;
    /// As [`Service::on_disabled`].
    async fn on_disabled(&self, context: &ServiceContext);
}

#[async_trait]
impl<S: Service> EnabledService for S {
    fn offer(self: Arc<Self>) -> Offer {
        Offer::of(Service::offer(self))
    }

    async fn on_enabled(&self, context: &ServiceContext) -> Result<(), ProcessError> {
        Service::on_enabled(self, context).await
    }

    async fn on_disabled(&self, context: &ServiceContext) {
        Service::on_disabled(self, context).await;
    }
}

type Build = dyn Fn(&PropertyValues, &BuildContext) -> Result<Arc<dyn EnabledService>, BuildError>
    + Send
    + Sync;

/// A type of service, as a catalog holds it.
pub struct ServiceType {
    spec: ServiceSpec,
    build: Box<Build>,
}

impl ServiceType {
    /// The type of `S`.
    pub fn of<S: Service>() -> Self {
        let build = |values: &PropertyValues, context: &BuildContext| {
            Ok(Arc::new(build::<S>(values, context)?) as Arc<dyn EnabledService>)
        };
        Self { spec: spec_of::<S>(), build: Box::new(build) }
    }

    /// What it says about itself.
    pub fn spec(&self) -> &ServiceSpec {
        &self.spec
    }

    /// One service of a flow. `values` holds the declared properties; those that the user named
    /// come in the context.
    pub fn build(
        &self,
        values: &PropertyValues,
        context: &BuildContext,
    ) -> Result<Arc<dyn EnabledService>, BuildError> {
        (self.build)(values, context)
    }
}

fn build<S: Service>(values: &PropertyValues, context: &BuildContext) -> Result<S, BuildError> {
    S::build(S::Properties::parse(values, &context.dynamic)?, context)
}

fn spec_of<S: Service>() -> ServiceSpec {
    let description = S::describe();
    ServiceSpec {
        type_name: description.type_name.into(),
        summary: description.summary.into(),
        description: description.description.into(),
        tags: description.tags.iter().map(|&tag| tag.into()).collect(),
        offers: S::Kind::KIND.into(),
        properties: S::Properties::specs(),
        dynamic: S::Properties::dynamic(),
        example_flow: description.example_flow.map(Into::into),
        fits: FitCheck::new(misfits::<S>),
    }
}

fn misfits<S: Service>(
    values: &PropertyValues,
    dynamic: &[(String, String)],
) -> Vec<PropertyError> {
    let context = BuildContext { dynamic: dynamic.to_vec(), ..BuildContext::default() };
    build::<S>(values, &context).err().map(misfit).unwrap_or_default()
}
