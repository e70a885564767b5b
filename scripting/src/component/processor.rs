//! A processor that is a component.

use std::sync::Arc;
use std::time::Duration;

use tutti_sdk::model::spec::ProcessorSpec;
use tutti_sdk::property::{DataSize, Evaluated, PropertyType};
use tutti_sdk::{
    BuildContext, BuildError, Probe, ProcessError, ProcessorContext, Properties, PropertyValues,
    Runnable, Session, Verification, async_trait, verified,
};

use crate::guest::Setup;
use crate::limits::Limits;
use crate::program::{LinkedComponent, Program};
use crate::script::Script;
use crate::tasks::{Tasks, checked};

/// The names of [`ComponentLimits`].
pub(super) const LIMIT_NAMES: [&str; 2] = ["Time Limit", "Memory Limit"];

/// What every component has besides its own properties.
#[derive(Debug, Properties)]
pub(super) struct ComponentLimits {
    /// How long the component may work on one flowfile; then it is stopped, and the flowfile goes
    /// to `failure`.
    #[property(default = "30 sec")]
    time_limit: Duration,
    /// How much memory the component may use.
    #[property(default = "64 MB")]
    memory_limit: DataSize,
}

/// Bytes of content that one call may write.
const WRITTEN_BYTES_MAX: u64 = 4 << 30;

struct ComponentProcessor {
    linked: Arc<LinkedComponent>,
    setup: Arc<Setup>,
    tasks: Tasks,
}

/// One of `spec`, which the component has said of itself.
pub(super) fn build(
    spec: &ProcessorSpec,
    linked: &Arc<LinkedComponent>,
    values: &PropertyValues,
    context: &BuildContext,
) -> Result<Arc<dyn Runnable>, BuildError> {
    let mut wrong = Vec::new();
    let limits = tutti_sdk::property::group::<ComponentLimits>(values, &mut wrong);
    let mut properties = Vec::new();
    let named = spec.properties.iter().filter(|one| !LIMIT_NAMES.contains(&&*one.name));
    let named = named.filter_map(|one| {
        let value = values.get(&*one.name).map(String::as_str).or(one.default.as_deref())?;
        Some((one.name.to_string(), value.to_owned()))
    });
    for (name, text) in named.chain(context.dynamic.iter().cloned()) {
        let kind = <Evaluated<String> as PropertyType>::kind();
        match Evaluated::<String>::parse(&text, &kind) {
            Ok(value) => properties.push((name, value)),
            Err(error) => {
                wrong.push(tutti_sdk::model::spec::PropertyError::of(name, error));
            }
        }
    }
    BuildError::unless_empty(wrong)?;
    let Some(limits) = limits else {
        return Err(ProcessError::internal("the limits of the component are lost").into());
    };
    let setup = Setup {
        relationships: spec.relationships.iter().map(|one| one.name.to_string()).collect(),
        properties,
        limits: Limits {
            memory_bytes: limits.memory_limit.bytes() as usize,
            time: limits.time_limit,
            written_bytes: WRITTEN_BYTES_MAX,
        },
    };
    Ok(Arc::new(ComponentProcessor {
        linked: Arc::clone(linked),
        setup: Arc::new(setup),
        tasks: Tasks::default(),
    }))
}

impl ComponentProcessor {
    /// The component, of which there is an instance.
    async fn loaded(&self, context: &ProcessorContext) -> Result<Arc<Script>, ProcessError> {
        let program = Program::Component(Arc::clone(&self.linked));
        checked(Arc::new(Script::new(program, Arc::clone(&self.setup), false)), context).await
    }
}

#[async_trait]
impl Runnable for ComponentProcessor {
    async fn on_scheduled(&self, context: &ProcessorContext) -> Result<(), ProcessError> {
        self.tasks.begin(self.loaded(context).await?);
        Ok(())
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        self.tasks.trigger(session, self.setup.limits, false).await
    }

    async fn on_stopped(&self, _: &ProcessorContext) {
        self.tasks.end();
    }

    async fn verify(&self, probe: &Probe) -> Vec<Verification> {
        const STEP: &str = "Instantiate the component";
        let tried = self.loaded(probe.context()).await;
        vec![verified(STEP, tried.map(|_| "it can be instantiated".to_owned()))]
    }
}
