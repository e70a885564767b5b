//! A flow's file, read as far as it can be.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::document::{self, Document, TEXT_MAX_BYTES};
use tutti_model::parameter::ParameterValues;
use tutti_model::valid::ValidFlow;
use tutti_sdk::Catalog;

use crate::error::CliError;
use crate::output::say;

/// The path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Whether `path` stands for standard input.
pub(crate) fn is_standard_input(path: &Path) -> bool {
    path == Path::new(STANDARD_INPUT)
}

/// The text of a flow's file, or what standard input holds when `path` is `-`; or what is wrong
/// when that is no text.
pub(crate) fn text(path: &Path) -> Result<Result<String, Vec<Diagnostic>>, CliError> {
    let bytes = if is_standard_input(path) {
        read_bytes(io::stdin().lock()).map_err(CliError::Input)?
    } else {
        let bytes = File::open(path).and_then(read_bytes);
        bytes.map_err(|source| CliError::Read { path: path.to_owned(), source })?
    };
    Ok(document::decode(bytes, &name(path)))
}

/// Reads to the end, or so far that one can tell that it is too long for a flow.
fn read_bytes(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(TEXT_MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What a file is called in messages.
pub(crate) fn name(path: &Path) -> String {
    if is_standard_input(path) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// Reads a flow's file: the flow with what is wrong in it noted, or, when no structure can be made
/// out at all, only what is wrong.
pub(crate) fn read(path: &Path) -> Result<Result<FlowDefinition, Vec<Diagnostic>>, CliError> {
    let document = text(path)?.and_then(|text| Document::parse(&text, &name(path)));
    Ok(document.map(|document| FlowDefinition::parse(&document)))
}

/// What is known of a flow that is to be run with its parameters.
pub(crate) struct Examined {
    /// As it is written, when its structure is certain.
    pub(crate) definition: Option<FlowDefinition>,
    /// As it runs, when it can.
    pub(crate) valid: Option<ValidFlow>,
    /// What is wrong with it, or hardly meant.
    pub(crate) findings: Vec<Diagnostic>,
}

/// Reads a flow that is to be run, and says nothing of it.
pub(crate) fn examine(
    path: &Path,
    values: impl Fn(&FlowDefinition) -> Result<ParameterValues, CliError>,
    catalog: &Catalog,
) -> Result<Examined, CliError> {
    let flow = match read(path)? {
        Ok(flow) => flow,
        Err(findings) => return Ok(Examined { definition: None, valid: None, findings }),
    };
    let values = values(&flow)?;
    let (valid, findings) = match tutti_model::validate(&flow, catalog, &values) {
        Ok(mut valid) => {
            let warnings = std::mem::take(&mut valid.warnings);
            (Some(valid), warnings)
        }
        Err(findings) => (None, findings),
    };
    let definition = Some(flow).filter(|flow| flow.unread().is_empty());
    Ok(Examined { definition, valid, findings })
}

impl Examined {
    /// Says what is wrong with it or hardly meant.
    pub(crate) fn tell(&self) {
        for finding in &self.findings {
            say(&format!("{finding}\n"));
        }
        if self.valid.is_none() {
            say(&format!("the flow is not run: {}", counted(&self.findings)));
            say_more(&self.findings);
        }
    }
}

/// How many errors and warnings there are.
pub(crate) fn counted(findings: &[Diagnostic]) -> String {
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = findings.len() - errors;
    let ending = |count| if count == 1 { "" } else { "s" };
    format!("{errors} error{}, {warnings} warning{}", ending(errors), ending(warnings))
}

/// Says how to know more of findings, if there are any: of the first that is an error, or else the
/// first.
pub(crate) fn say_more(findings: &[Diagnostic]) {
    let error = findings.iter().find(|finding| finding.is_error());
    if let Some(finding) = error.or(findings.first()) {
        say(&format!("more about a code, with an example: tutti explain {}", finding.code));
    }
}

#[cfg(test)]
mod tests {
    use tutti_model::codes::Code;

    use super::*;

    #[test]
    fn of_a_text_that_never_ends_only_so_much_is_read_that_this_is_told() {
        let bytes = read_bytes(io::repeat(b'a')).unwrap();
        assert_eq!(bytes.len(), TEXT_MAX_BYTES + 1);
        assert_eq!(document::decode(bytes, "endless").unwrap_err()[0].code, Code::Limit);
    }
}
