//! A service that counts, and a processor that counts with it: what a test sees of their lives.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use futures::FutureExt;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tutti_model::spec::InputRequirement;
use tutti_sdk::property::ServiceRef;
use tutti_sdk::{
    BuildContext, BuildError, Description, ProcessError, Processor, ProcessorContext, Properties,
    SUCCESS, Service, ServiceContext, ServiceDescription, ServiceKind, Session, async_trait,
};

use super::{Ended, Log, settle};

/// What a test sees and decides, by a key that stands in the flow.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) log: Log<String>,
    /// How often enabling fails, by the service's name.
    pub(crate) failures: Arc<Mutex<HashMap<String, u64>>>,
    /// Which sessions fail after they have counted, by their number.
    pub(crate) failing: Arc<Mutex<Vec<u64>>>,
    pub(crate) sessions: Arc<AtomicU64>,
}

pub(crate) static WORLDS: LazyLock<Mutex<HashMap<String, World>>> = LazyLock::new(Mutex::default);

pub(crate) fn world(key: &str) -> World {
    let mut worlds = WORLDS.lock();
    let new = || World {
        log: Log::new(),
        failures: Arc::default(),
        failing: Arc::default(),
        sessions: Arc::default(),
    };
    worlds.entry(key.to_owned()).or_insert_with(new).clone()
}

/// A kind: something that counts.
pub(crate) trait Tally: Send + Sync {
    fn context(&self) -> ServiceContext;
}

impl ServiceKind for dyn Tally {
    const KIND: &'static str = "tally";
}

#[derive(Properties)]
pub(crate) struct CounterProperties {
    /// The world.
    pub(crate) key: String,
    /// Another one, which must be there first.
    pub(crate) other: Option<ServiceRef<dyn Tally>>,
}

pub(crate) struct Counter {
    properties: CounterProperties,
    context: Mutex<Option<ServiceContext>>,
}

#[async_trait]
impl Service for Counter {
    type Properties = CounterProperties;
    type Kind = dyn Tally;

    fn describe() -> ServiceDescription {
        let summary = "Counts.";
        ServiceDescription { type_name: "Counter", summary, ..ServiceDescription::default() }
    }

    fn build(properties: CounterProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self { properties, context: Mutex::default() })
    }

    fn offer(self: Arc<Self>) -> Arc<dyn Tally> {
        self
    }

    async fn on_enabled(&self, context: &ServiceContext) -> Ended {
        let world = world(&self.properties.key);
        if let Some(other) = &self.properties.other {
            context.service(other)?;
        }
        if let Some(left) = world.failures.lock().get_mut(context.component())
            && *left > 0
        {
            *left -= 1;
            assert!(*left != 100, "on purpose");
            return Err(ProcessError::external("nobody answers").with_help("wait"));
        }
        world.log.note(format!("enabled {}", context.component()));
        let is_told = context.is_stopping() || context.stopping().now_or_never().is_some();
        assert!(!is_told && context.has_room() && !context.is_source());
        context.writers().create()?;
        *self.context.lock() = Some(context.clone());
        Ok(())
    }

    async fn on_disabled(&self, context: &ServiceContext) {
        context.stopping().await;
        world(&self.properties.key).log.note(format!("disabled {}", context.component()));
        *self.context.lock() = None;
    }
}

impl Tally for Counter {
    fn context(&self) -> ServiceContext {
        self.context.lock().clone().unwrap()
    }
}

#[derive(Properties)]
pub(crate) struct UserProperties {
    /// The world.
    pub(crate) key: String,
    /// What it counts with.
    pub(crate) service: ServiceRef<dyn Tally>,
}

pub(crate) struct User(pub(crate) UserProperties);

#[async_trait]
impl Processor for User {
    type Properties = UserProperties;

    fn describe() -> Description {
        let input = InputRequirement::Required;
        Description { input, ..Description::transform("User", "Counts what comes.") }
    }

    fn build(properties: UserProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_scheduled(&self, context: &ProcessorContext) -> Ended {
        context.service(&self.0.service)?;
        world(&self.0.key).log.note(format!("start {}", context.component()));
        Ok(())
    }

    async fn on_trigger(&self, session: &mut Session) -> Ended {
        let world = world(&self.0.key);
        let Some(flowfile) = session.get()? else { return Ok(()) };
        let counter = session.context().service(&self.0.service)?.context();
        let held = session.hold(&counter).await?;
        let count: u64 = held.values().get("count").map_or(0, |text| text.parse().unwrap());
        // Others have every chance to come in between.
        settle().await;
        session.hold(&counter).await?.set("count", Some((count + 1).to_string()));
        session.transfer(flowfile, SUCCESS);
        let number = world.sessions.fetch_add(1, Ordering::SeqCst);
        if world.failing.lock().contains(&number) {
            return Err(ProcessError::external("not now"));
        }
        Ok(())
    }

    async fn on_stopped(&self, context: &ProcessorContext) {
        world(&self.0.key).log.note(format!("stop {}", context.component()));
    }
}

/// What a flow says of such a service.
pub(crate) fn counter(key: &str, other: Option<&str>) -> Value {
    let mut properties = json!({ "Key": key });
    if let Some(other) = other {
        properties["Other"] = json!(other);
    }
    json!({ "type": "Counter", "properties": properties })
}
