//! A flow's tests: the file `NAME.tests.json` beside `NAME.json`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::document::Document;
use tutti_model::suite::{self, Suite};
use tutti_sdk::Catalog;

use crate::error::CliError;
use crate::flow_file;

/// What the name of a file of tests ends with.
const SUFFIX: &str = ".tests.json";

/// Whether `path` is that of tests.
pub(crate) fn is_tests(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().ends_with(SUFFIX.as_bytes()))
}

/// The tests that belong to the flow at `path`, if it has some.
pub(crate) fn beside(path: &Path) -> Result<Option<PathBuf>, CliError> {
    if flow_file::is_standard_input(path) {
        return Ok(None);
    }
    let tests = path.with_extension("tests.json");
    match fs::exists(&tests) {
        Ok(exists) => Ok(exists.then_some(tests)),
        Err(source) => Err(CliError::Read { path: tests, source }),
    }
}

/// The flow that the tests at `path` are of.
pub(crate) fn flow_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(SUFFIX).unwrap_or(&name);
    path.with_file_name(format!("{name}.json"))
}

/// Reads tests, as far as they can be.
pub(crate) fn read(path: &Path) -> Result<Result<Suite, Vec<Diagnostic>>, CliError> {
    let document =
        flow_file::text(path)?.and_then(|text| Document::parse(&text, &flow_file::name(path)));
    Ok(document.map(|document| Suite::parse(&document)))
}

/// What is wrong with the tests at `path`, by themselves and beside their flow.
pub(crate) fn check(path: &Path, catalog: &Catalog) -> Result<Vec<Diagnostic>, CliError> {
    let suite = match read(path)? {
        Ok(suite) => suite,
        Err(findings) => return Ok(findings),
    };
    let flow: Option<FlowDefinition> = match flow_file::read(&flow_of(path)) {
        Ok(flow) => flow.ok(),
        // Tests may come before their flow.
        Err(CliError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    Ok(match flow {
        Some(flow) => suite::check(&suite, &flow, catalog),
        None => suite.diagnostics(),
    })
}
