//! Lists and shows types of processors or services, for the commands of both.

use std::io;
use std::process::ExitCode;

use clap::Subcommand;
use serde::Serialize;
use tutti_model::spec::Text;

use crate::error::CliError;
use crate::markdown;
use crate::output::{self, Results};

/// What is asked about types.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Lists all types with one sentence on each
    List {
        /// Prints all their declarations as JSON
        #[arg(long)]
        json: bool,
    },
    /// Shows what one type says of itself
    Show {
        /// The type, as the list names it
        name: String,
        /// Prints its declaration as JSON
        #[arg(long)]
        json: bool,
    },
}

/// What a type says about itself.
pub(super) trait Declaration: Serialize {
    /// What it is a type of, which is the command's name but for its end.
    const WHAT: &'static str;
    fn name(&self) -> &str;
    /// Other names of it.
    fn aliases(&self) -> &[Text] {
        &[]
    }
    fn summary(&self) -> &str;
    fn page(&self) -> String;
}

/// Answers about the types that `all` are.
pub(super) fn answer<D: Declaration>(all: &[&D], action: &Action) -> Result<ExitCode, CliError> {
    let mut results = Results::new();
    match action {
        Action::List { json: true } => {
            results.pretty(&all)?;
        }
        Action::List { json: false } => {
            let width = all.iter().map(|each| each.name().len()).max().unwrap_or(0);
            for each in all {
                let also = if each.aliases().is_empty() {
                    String::new()
                } else {
                    format!(" Also {}.", each.aliases().join(", "))
                };
                results.line(&format!("{:width$}  {}{also}", each.name(), each.summary()))?;
            }
        }
        Action::Show { name, json: true } => {
            results.pretty(find(all, name)?)?;
        }
        Action::Show { name, json: false } => {
            let has_colours = output::has_colours(&io::stdout());
            let page = find(all, name)?.page();
            results.line(markdown::render(&page, has_colours).trim_end())?;
        }
    }
    results.finish()?;
    Ok(ExitCode::SUCCESS)
}

fn find<'d, D: Declaration>(all: &[&'d D], name: &str) -> Result<&'d D, CliError> {
    let by_name = all.iter().find(|each| each.name() == name);
    let by_alias = || all.iter().find(|each| each.aliases().iter().any(|alias| alias == name));
    if let Some(found) = by_name.or_else(by_alias) {
        return Ok(found);
    }
    let what = D::WHAT;
    let names = all.iter().flat_map(|each| {
        let aliases = each.aliases().iter().map(|alias| &**alias);
        std::iter::once(each.name()).chain(aliases)
    });
    let help = tutti_model::nearest(name, names)
        .map_or(format!("\"tutti {what}s list\" shows all"), |meant| {
            format!("did you mean \"{meant}\"?")
        });
    Err(CliError::UnknownType { what, name: name.to_owned(), help })
}
