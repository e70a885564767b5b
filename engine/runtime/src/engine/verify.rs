//! A processor is tried out, whether it runs or not: another of its kind is built, asked, and
//! dropped.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::timeout;
use tutti_model::bulletin::Bulletin;
use tutti_model::flowfile::{FlowFile, FlowFileId};
use tutti_model::state::StateMap;
use tutti_model::valid::ValidProcessor;
use tutti_sdk::host::{BoxFuture, Clock, ContentHost, ContentSink, ProcessorHost, Random, Work};
use tutti_sdk::{
    BuildError, Catalog, Offer, Probe, ProcessError, ProcessorContext, Runnable, Verification,
    verified,
};

use super::{Engine, Stage};
use crate::compile;
use crate::environment::Environment;

/// How long all of it may take.
const VERIFY_MAX: Duration = Duration::from_secs(20);

/// Why a processor is not tried out.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The engine has not begun, or stops.
    #[error("the engine does not run, and tries nothing")]
    NotRunning,
}

impl Engine {
    /// Tries out whether `processor` could work in the flow of that name, which need not run.
    /// `sample` are the attributes of a flowfile, for its expressions. Takes at most 20 seconds.
    ///
    /// # Errors
    /// When the engine does not run.
    pub async fn verify(
        &self,
        flow: &str,
        processor: &ValidProcessor,
        sample: Option<BTreeMap<String, String>>,
    ) -> Result<Vec<Verification>, VerifyError> {
        let threads = match &*self.stage.lock() {
            Stage::Running(.., threads) => threads.clone(),
            Stage::Starting(..) | Stage::Ended(..) => return Err(VerifyError::NotRunning),
        };
        let parameters = processor.parameters.iter();
        let host = ProbeHost {
            flow: flow.into(),
            component: processor.path.as_str().into(),
            parameters: parameters
                .map(|(name, value)| (name.clone(), value.expose().to_owned()))
                .collect(),
            environment: self.environment.clone(),
            threads: threads.clone(),
        };
        let sample = sample.map(|attributes| {
            let mut sample = FlowFile::new(FlowFileId(0), self.environment.clock.now());
            for (name, value) in attributes {
                sample.set_attribute(&name, value);
            }
            sample
        });
        let probe = Probe::new(ProcessorContext::new(Arc::new(host)), sample);
        // To build it takes its time, and an expression of it computes as long as it does: not on a
        // thread that flows need, nor on that of who asks.
        let (handle, catalog) = (threads.clone(), Arc::clone(&self.catalog));
        let processor = processor.clone();
        let trying = move || {
            let runnable = match built(&catalog, &processor) {
                Ok(runnable) => runnable,
                Err(error) => {
                    let error = ProcessError::user("it cannot be built").caused_by(error);
                    return Ok(vec![verified("Properties", Err(error))]);
                }
            };
            handle.block_on(async { timeout(VERIFY_MAX, runnable.verify(&probe)).await })
        };
        let failed =
            |message: &str| vec![verified("All of it", Err(ProcessError::external(message)))];
        Ok(match threads.spawn_blocking(trying).await {
            Ok(Ok(told)) => told,
            Ok(Err(_)) => failed("there was no answer within 20 seconds"),
            Err(_) => failed("the processor panicked, which is a bug"),
        })
    }
}

fn built(catalog: &Catalog, processor: &ValidProcessor) -> Result<Arc<dyn Runnable>, BuildError> {
    let kind = catalog.get(&processor.type_name).ok_or_else(|| {
        ProcessError::user(format!("there is no type \"{}\"", processor.type_name))
    })?;
    let (values, context) = compile::given(&processor.path, &processor.properties);
    kind.build(&values, &context)
}

/// The other side of a processor that is tried out: it has parameters, time and threads, and
/// nothing that lasts.
struct ProbeHost {
    flow: Arc<str>,
    component: Arc<str>,
    parameters: BTreeMap<String, String>,
    environment: Environment,
    threads: Handle,
}

impl ProcessorHost for ProbeHost {
    fn flow(&self) -> &Arc<str> {
        &self.flow
    }

    fn component(&self) -> &Arc<str> {
        &self.component
    }

    fn state(&self, _: &str) -> Result<Option<String>, ProcessError> {
        Ok(None)
    }

    fn state_all(&self) -> Result<StateMap, ProcessError> {
        Ok(StateMap::default())
    }

    fn service(&self, _: &str) -> Option<Offer> {
        None
    }

    fn parameter(&self, name: &str) -> Option<String> {
        self.parameters.get(name).cloned()
    }

    fn clock(&self) -> &dyn Clock {
        &*self.environment.clock
    }

    fn random(&self) -> &dyn Random {
        &*self.environment.random
    }

    fn host_name(&self) -> String {
        self.environment.machine.name.clone()
    }

    fn host_address(&self) -> String {
        self.environment.machine.address.clone()
    }

    fn run(&self, work: Work, job: Box<dyn FnOnce() + Send>) -> BoxFuture<'_, ()> {
        self.environment.executor.start(&self.threads, work, job)
    }

    fn report(&self, _: Bulletin) {}

    fn is_stopping(&self) -> bool {
        false
    }

    fn stopping(&self) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }

    fn has_room(&self) -> bool {
        true
    }

    fn is_source(&self) -> bool {
        false
    }

    fn contents(&self) -> Arc<dyn ContentHost> {
        Arc::new(NoContents)
    }
}

/// Whoever is tried out makes no content.
struct NoContents;

impl ContentHost for NoContents {
    fn create(&self) -> Result<Box<dyn ContentSink>, ProcessError> {
        Err(ProcessError::internal("a processor that is tried out makes no content"))
    }
}
