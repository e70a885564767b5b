//! The engine of a command: the runtime's, with the built-in processors.

use std::sync::Arc;

use tutti_model::valid::ValidFlow;
use tutti_runtime::{Engine, Environment};

use crate::error::CliError;

/// An engine for this flow, or for none, on this machine.
pub(crate) fn new(flow: Option<ValidFlow>) -> Result<Arc<Engine>, CliError> {
    let environment = Environment::system().map_err(CliError::Threads)?;
    Ok(Arc::new(Engine::new(flow, Arc::new(tutti_processors::catalog()), environment)))
}
