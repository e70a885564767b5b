//! `tutti processors`.

use std::process::ExitCode;

use clap::Args;
use tutti_model::spec::{ProcessorSpec, Text};
use tutti_sdk::{ProcessorType, reference};

use super::types::{Action, Declaration, answer};
use crate::error::CliError;

/// Shows the types of processors that flows are made of
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tutti processors list\n  tutti processors show GetFile")]
pub(crate) struct Processors {
    #[command(subcommand)]
    action: Action,
}

impl Processors {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let catalog = crate::catalog::catalog();
        let all: Vec<_> = catalog.types().map(ProcessorType::spec).collect();
        answer(&all, &self.action)
    }
}

impl Declaration for ProcessorSpec {
    const WHAT: &'static str = "processor";

    fn name(&self) -> &str {
        &self.type_name
    }

    fn aliases(&self) -> &[Text] {
        &self.aliases
    }

    fn summary(&self) -> &str {
        &self.summary
    }

    fn page(&self) -> String {
        reference::page(self)
    }
}
