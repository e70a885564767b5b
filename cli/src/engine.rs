//! The engine of a command: the runtime's, on this machine.

use std::sync::Arc;
use std::time::Duration;

use tutti_model::valid::ValidFlow;
use tutti_runtime::{Engine, Environment};
use tutti_sdk::Catalog;

use crate::error::CliError;

/// An engine for these flows, with the processors of `catalog`, whose stop takes no
/// longer than `shutdown_max`.
pub(crate) fn new(
    flows: Vec<ValidFlow>,
    catalog: Arc<Catalog>,
    shutdown_max: Duration,
) -> Result<Arc<Engine>, CliError> {
    let environment = Environment::system().map_err(CliError::Threads)?;
    Ok(Arc::new(Engine::new(flows, catalog, environment, shutdown_max)))
}
