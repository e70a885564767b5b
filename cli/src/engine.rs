//! The engine of a command: the runtime's, on this machine.

use std::sync::Arc;

use tutti_model::valid::ValidFlow;
use tutti_runtime::{Engine, Environment};
use tutti_sdk::Catalog;

use crate::error::CliError;

/// An engine for this flow, or for none, with the processors of `catalog`.
pub(crate) fn new(flow: Option<ValidFlow>, catalog: Catalog) -> Result<Arc<Engine>, CliError> {
    let environment = Environment::system().map_err(CliError::Threads)?;
    Ok(Arc::new(Engine::new(flow, Arc::new(catalog), environment)))
}
