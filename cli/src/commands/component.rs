//! `tutti component`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;
use tutti_flowtest::{Sample, Tried, try_processor};
use tutti_model::definition::FlowDefinition;
use tutti_model::document::Document;
use tutti_model::parameter::ParameterValues;
use tutti_runtime::SystemClock;
use tutti_scripting::ComponentFile;
use tutti_sdk::host::Clock;
use tutti_sdk::{FAILURE, reference};

use crate::error::{CliError, WRONG};
use crate::markdown;
use crate::output::{self, Results, say};

/// Looks at processors that are components: files of WebAssembly beside flows
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tutti component inspect stem.wasm\n  tutti component test \
                  stem.wasm --content song.txt --attribute filename=song.txt")]
pub(crate) struct Component {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Shows what a component says of itself, and the type that flows call it by
    Inspect {
        /// The component's file
        file: PathBuf,
        /// Prints its declaration as JSON
        #[arg(long)]
        json: bool,
    },
    /// Says whether a component can be a processor
    Verify {
        /// The component's file
        file: PathBuf,
    },
    /// Runs a component on one flowfile, and shows what it sends
    Test {
        /// The component's file
        file: PathBuf,
        /// A file with the flowfile's content; empty without it
        #[arg(long, value_name = "FILE")]
        content: Option<PathBuf>,
        /// An attribute of the flowfile; may be given several times
        #[arg(long = "attribute", value_name = "NAME=VALUE", value_parser = pair)]
        attributes: Vec<(String, String)>,
        /// A property of the processor; may be given several times
        #[arg(long = "property", value_name = "NAME=VALUE", value_parser = pair)]
        properties: Vec<(String, String)>,
    },
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// What the processor is called that a test runs.
const NAME: &str = "Component";

impl Component {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let (Action::Inspect { file, .. } | Action::Verify { file } | Action::Test { file, .. }) =
            &self.action;
        let component = match ComponentFile::open(file) {
            Ok(component) => component,
            Err(fault) => {
                say(&format!("error: {fault}"));
                return Ok(WRONG.into());
            }
        };
        let mut results = Results::new();
        match self.action {
            Action::Inspect { json: true, .. } => results.pretty(&json!({
                "digest": component.digest,
                "version": component.version,
                "type": component.spec,
            }))?,
            Action::Inspect { .. } => {
                let page = reference::page(&component.spec);
                let has_colours = output::has_colours(&std::io::stdout());
                results.line(markdown::render(&page, has_colours).trim_end())?;
                results.line(&format!("\nversion {}", component.version))?;
                results.line(&format!("sha256  {}", component.digest))?;
            }
            Action::Verify { .. } => {
                results.line(&format!("{} can be a processor", component.spec.type_name))?;
            }
            Action::Test { content, attributes, properties, .. } => {
                let content = match content {
                    Some(path) => {
                        fs::read(&path).map_err(|source| CliError::Read { path, source })?
                    }
                    None => Vec::new(),
                };
                let attributes = attributes.into_iter().collect();
                let sample = Sample { attributes, content: content.into() };
                let Some(tried) = tried(component, properties, sample) else {
                    return Ok(WRONG.into());
                };
                let failed = tell(&tried, &mut results)?;
                results.finish()?;
                return Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS });
            }
        }
        results.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What the component makes of a flowfile; nothing where it cannot be tried, which is said.
fn tried(
    component: ComponentFile,
    properties: Vec<(String, String)>,
    sample: Sample,
) -> Option<Tried> {
    let properties: BTreeMap<String, String> = properties.into_iter().collect();
    let flow = json!({
        "format": 1,
        "name": "test",
        "processors": { NAME: { "type": component.spec.type_name, "properties": properties } },
    });
    let catalog = Arc::new(crate::catalog::catalog().with([component.into_type()]));
    let document = Document::parse(&flow.to_string(), "the arguments").ok()?;
    let flow = FlowDefinition::parse(&document);
    let values = ParameterValues::new();
    let processor = match tutti_model::validate_processor(&flow, &*catalog, &values, NAME)? {
        Ok(processor) => processor,
        Err(wrong) => {
            for finding in wrong {
                say(&format!("error: {}", finding.message));
            }
            return None;
        }
    };
    let now = SystemClock::default().now();
    match try_processor(&catalog, "test", now, processor, vec![sample]) {
        Ok(tried) => Some(tried),
        Err(error) => {
            say(&format!("error: {error}"));
            None
        }
    }
}

/// Shows what came of it; whether it failed.
fn tell(tried: &Tried, results: &mut Results) -> Result<bool, CliError> {
    for told in &tried.told {
        say(&format!("{}: {}", told.level, told.message));
    }
    for sent in &tried.sent {
        results.line(&format!("to {}", sent.relationship))?;
        for (name, value) in &sent.attributes {
            results.line(&format!("  {name}: {value}"))?;
        }
        match &sent.content() {
            Ok(content) => match std::str::from_utf8(content) {
                Ok(text) => results.line(text)?,
                Err(_) => results.line(&format!("  {} bytes", content.len()))?,
            },
            Err(why) => results.line(&format!("  {why}"))?,
        }
    }
    for meter in &tried.meters {
        say(&format!("{}: {} of {} {:?}", meter.name, meter.used, meter.limit, meter.unit));
    }
    let failed = tried.sent.iter().any(|sent| sent.relationship == FAILURE);
    Ok(failed || tried.left > 0 || tried.unended.is_some())
}
