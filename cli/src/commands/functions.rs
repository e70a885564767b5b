//! `tutti functions`.

use std::io;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use tutti_expression::{FunctionSpec, ValueType, functions, reference, sections, similar};

use crate::error::CliError;
use crate::markdown;
use crate::output::{self, Results};

/// Shows the functions of the Expression Language
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tutti functions list\n  tutti functions show substring\n  \
                        tutti expression '${filename:substring(0, 4)}' --attribute \
                        filename=song.flac")]
pub(crate) struct Functions {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lists all functions with one sentence on each
    List {
        /// Prints all their declarations as JSON
        #[arg(long)]
        json: bool,
    },
    /// Shows what one function takes and gives, with an example
    Show {
        /// The function, e.g. substring
        name: String,
        /// Prints its declaration as JSON
        #[arg(long)]
        json: bool,
    },
}

impl Functions {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let mut results = Results::new();
        match &self.action {
            Action::List { json: true } => {
                results.pretty(&functions().map(declaration).collect::<Vec<_>>())?;
            }
            Action::List { json: false } => {
                let width = functions().map(|each| each.usage().len()).max().unwrap_or(0);
                for (index, section) in sections().iter().enumerate() {
                    if index > 0 {
                        results.line("")?;
                    }
                    results.line(&format!("{}:", section.title))?;
                    for each in section.functions {
                        results.line(&format!("  {:width$}  {}", each.usage(), each.summary))?;
                    }
                }
            }
            Action::Show { name, json: true } => {
                results.pretty(&find(name)?.into_iter().map(declaration).collect::<Vec<_>>())?;
            }
            Action::Show { name, json: false } => {
                let pages: Vec<String> = find(name)?.into_iter().map(reference::function).collect();
                let has_colours = output::has_colours(&io::stdout());
                results.line(markdown::render(&pages.join("\n"), has_colours).trim_end())?;
            }
        }
        results.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// All functions of that name: one may be called with a value and without.
fn find(name: &str) -> Result<Vec<&'static FunctionSpec>, CliError> {
    let found: Vec<_> = functions().filter(|each| each.name == name).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let help = similar(name).map_or("\"tutti functions list\" shows all".to_owned(), |meant| {
        format!("did you mean \"{meant}\"?")
    });
    Err(CliError::UnknownFunction { name: name.to_owned(), help })
}

fn declaration(function: &FunctionSpec) -> Value {
    let arguments: Vec<Value> = function
        .arguments
        .iter()
        .map(|argument| {
            json!({
                "name": argument.name,
                "type": argument.value_type().name(),
                "optional": argument.optional,
                "repeated": argument.repeated,
            })
        })
        .collect();
    json!({
        "name": function.name,
        "usage": function.usage(),
        "summary": function.summary,
        "of": function.subject_type().map(ValueType::name),
        "arguments": arguments,
        "gives": function.returns.name(),
        "example": function.example,
    })
}
