//! `tutti processors`.

use std::io;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use tutti_model::spec::ProcessorSpec;
use tutti_sdk::Catalog;

use crate::error::CliError;
use crate::markdown;
use crate::output::{self, Results};

/// Shows the types of processors that flows are made of
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tutti processors list\n  tutti processors show GetFile")]
pub(crate) struct Processors {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lists all types with one sentence on each
    List {
        /// Prints all their declarations as JSON
        #[arg(long)]
        json: bool,
    },
    /// Shows what one type says of itself: properties, relationships, attributes
    Show {
        /// The type, e.g. GetFile
        name: String,
        /// Prints its declaration as JSON
        #[arg(long)]
        json: bool,
    },
}

impl Processors {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let catalog = tutti_processors::catalog();
        let mut results = Results::new();
        match &self.action {
            Action::List { json: true } => {
                let all: Vec<_> = specs(&catalog).collect();
                results.pretty(&all)?;
            }
            Action::List { json: false } => {
                let width = specs(&catalog).map(|spec| spec.type_name.len()).max().unwrap_or(0);
                for spec in specs(&catalog) {
                    results.line(&format!("{:width$}  {}", spec.type_name, spec.summary))?;
                }
            }
            Action::Show { name, json: true } => {
                results.pretty(find(&catalog, name)?)?;
            }
            Action::Show { name, json: false } => {
                let page = tutti_sdk::reference::page(find(&catalog, name)?);
                let has_colours = output::has_colours(&io::stdout());
                results.line(markdown::render(&page, has_colours).trim_end())?;
            }
        }
        results.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

fn specs(catalog: &Catalog) -> impl Iterator<Item = &ProcessorSpec> {
    catalog.types().map(tutti_sdk::ProcessorType::spec)
}

fn find<'a>(catalog: &'a Catalog, name: &str) -> Result<&'a ProcessorSpec, CliError> {
    if let Some(found) = catalog.get(name) {
        return Ok(found.spec());
    }
    let help = tutti_model::nearest(name, specs(catalog).map(|spec| &*spec.type_name))
        .map_or("\"tutti processors list\" shows all".to_owned(), |meant| {
            format!("did you mean \"{meant}\"?")
        });
    Err(CliError::UnknownProcessor { name: name.to_owned(), help })
}
