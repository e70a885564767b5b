//! A flow's file, read as far as it can be.

use std::fs;
use std::path::Path;

use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::document::Document;

use crate::error::CliError;

/// Reads a flow's file: the flow with what is wrong in it noted, or, when no structure can be made
/// out at all, only what is wrong.
pub(crate) fn read(path: &Path) -> Result<Result<FlowDefinition, Vec<Diagnostic>>, CliError> {
    let text = fs::read_to_string(path)
        .map_err(|source| CliError::Read { path: path.to_owned(), source })?;
    let document = Document::parse(&text, &path.display().to_string());
    Ok(document.map(|document| FlowDefinition::parse(&document)))
}
