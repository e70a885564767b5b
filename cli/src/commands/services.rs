//! `tutti services`.

use std::process::ExitCode;

use clap::Args;
use tutti_model::spec::ServiceSpec;
use tutti_sdk::{ServiceType, reference};

use super::types::{Action, Declaration, answer};
use crate::error::CliError;

/// Shows the types of services that processors of a flow share
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tutti services list\n  tutti services show MapCache")]
pub(crate) struct Services {
    #[command(subcommand)]
    action: Action,
}

impl Services {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let catalog = crate::catalog::catalog();
        let all: Vec<_> = catalog.services().map(ServiceType::spec).collect();
        answer(&all, &self.action)
    }
}

impl Declaration for ServiceSpec {
    const WHAT: &'static str = "service";

    fn name(&self) -> &str {
        &self.type_name
    }

    fn summary(&self) -> &str {
        &self.summary
    }

    fn page(&self) -> String {
        reference::service_page(self)
    }
}
