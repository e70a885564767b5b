//! The engine as the server shows it: a flow, if there is one, on its way from start to stop.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tutti_model::valid::ValidFlow;
use tutti_runtime::{Environment, Flow};
use tutti_sdk::{Catalog, ProcessorType};
use tutti_server::Service;
use tutti_store::Repository;

use crate::data_folder;
use crate::describe;
use crate::error::CliError;
use crate::threads::End;

/// Requests to end, from whoever makes them. Copies are handles of the same requests.
#[derive(Clone, Default)]
pub(crate) struct Requests {
    /// To end when tasks have ended.
    pub(crate) stop: CancellationToken,
    /// To end at once.
    pub(crate) terminate: CancellationToken,
}

/// What is served.
pub(crate) struct Engine {
    definition: Option<ValidFlow>,
    catalog: Arc<Catalog>,
    flow: OnceLock<Flow>,
    is_started: AtomicBool,
    requests: Requests,
}

impl Engine {
    /// Serves this flow, or none.
    pub(crate) fn new(definition: Option<ValidFlow>) -> Self {
        Self {
            definition,
            catalog: Arc::new(tutti_processors::catalog()),
            flow: OnceLock::new(),
            is_started: AtomicBool::new(false),
            requests: Requests::default(),
        }
    }

    pub(crate) fn requests(&self) -> &Requests {
        &self.requests
    }

    /// Opens the data folder and starts the flow, unless a stop was asked for meanwhile. Takes as
    /// long as the folder needs to be read; must be called where blocking is allowed.
    pub(crate) fn start(&self, folder: &Path) -> Result<Arc<Repository>, CliError> {
        let repository = data_folder::open(folder)?;
        if let Some(definition) = &self.definition {
            let environment = Environment::system().map_err(CliError::Threads)?;
            let flow = Flow::compile(definition, &self.catalog, &repository, &environment)
                .map_err(|errors| CliError::Compile { errors })?;
            let flow = self.flow.get_or_init(|| flow);
            if !self.requests.stop.is_cancelled() {
                flow.start();
            }
        }
        self.is_started.store(true, Ordering::SeqCst);
        Ok(repository)
    }

    /// Stops the flow: waits for its tasks, and until all they did is durable and has had its
    /// effects; or leaves them behind when a termination is asked for.
    pub(crate) async fn stop(&self) -> Result<End, CliError> {
        let Some(flow) = self.flow.get() else { return Ok(End::Clean) };
        let settle = async {
            flow.stop().await;
            flow.until_idle().await
        };
        tokio::select! {
            settled = settle => settled.map(|_| End::Clean).map_err(CliError::Repository),
            () = self.requests.terminate.cancelled() => {
                flow.terminate();
                Ok(End::Terminated)
            }
        }
    }

    fn state(&self) -> &'static str {
        match (self.requests.stop.is_cancelled(), self.is_started.load(Ordering::SeqCst)) {
            (true, _) => "stopping",
            (false, true) => "running",
            (false, false) => "starting",
        }
    }
}

impl Service for Engine {
    fn is_ready(&self) -> bool {
        self.state() == "running"
    }

    fn status(&self) -> Value {
        let flows: Vec<_> = self.flow.get().map(Flow::status).into_iter().collect();
        json!({ "version": env!("CARGO_PKG_VERSION"), "state": self.state(), "flows": flows })
    }

    fn flows(&self) -> Value {
        let flows = self.definition.iter().map(|flow| {
            json!({
                "name": flow.name,
                "description": flow.root.description,
                "processors": flow.processors().map(|each| &each.path).collect::<Vec<_>>(),
                "connections": flow.connections().map(|each| &each.path).collect::<Vec<_>>(),
            })
        });
        flows.collect()
    }

    fn processor_types(&self) -> Value {
        self.catalog.types().map(ProcessorType::spec).map(describe::json).collect()
    }

    fn stop(&self) {
        self.requests.stop.cancel();
    }
}
