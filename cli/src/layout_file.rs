//! A flow's layout: the file `NAME.layout.json` beside `NAME.json`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tutti_model::diagnostic::Diagnostic;
use tutti_model::layout::{self, Layout};

use crate::error::CliError;
use crate::flow_file;

/// What the name of a layout ends with.
const SUFFIX: &str = ".layout.json";

/// Whether `path` is that of a layout.
pub(crate) fn is_layout(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().ends_with(SUFFIX.as_bytes()))
}

/// The layout that belongs to the flow at `path`, if it has one.
pub(crate) fn beside(path: &Path) -> Result<Option<PathBuf>, CliError> {
    if flow_file::is_standard_input(path) {
        return Ok(None);
    }
    let layout = path.with_extension("layout.json");
    match fs::exists(&layout) {
        Ok(exists) => Ok(exists.then_some(layout)),
        Err(source) => Err(CliError::Read { path: layout, source }),
    }
}

/// The layout of the flow at `path`, which has none where there is no file; what is wrong with it
/// when it cannot be read.
pub(crate) fn of_flow(path: &Path) -> Result<Result<Layout, Vec<Diagnostic>>, CliError> {
    let Some(path) = beside(path)? else { return Ok(Ok(Layout::new())) };
    let text = match flow_file::text(&path)? {
        Ok(text) => text,
        Err(wrong) => return Ok(Err(wrong)),
    };
    Ok(match Layout::parse(&text) {
        Ok(layout) => Ok(layout),
        Err(_) => Err(layout::check(&text, &flow_file::name(&path), None)),
    })
}

/// What is wrong with the layout at `path`, whose text this is, by itself and beside its flow.
pub(crate) fn check(path: &Path, text: &str) -> Result<Vec<Diagnostic>, CliError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(SUFFIX).unwrap_or(&name);
    let flow = match flow_file::read(&path.with_file_name(format!("{name}.json"))) {
        Ok(flow) => flow.ok(),
        // A layout may come before its flow, or be looked at alone.
        Err(CliError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    Ok(layout::check(text, &flow_file::name(path), flow.as_ref()))
}
