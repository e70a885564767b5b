//! A flow's file, read as far as it can be.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use tutti_model::codes::Code;
use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::document::{Document, TEXT_MAX_BYTES};
use tutti_model::valid::ValidFlow;

use crate::error::CliError;
use crate::output::say;
use crate::parameters::ParameterArguments;
use crate::settings::Settings;

/// The path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Whether `path` stands for standard input.
pub(crate) fn is_standard_input(path: &Path) -> bool {
    path == Path::new(STANDARD_INPUT)
}

/// The text of a flow's file, or what standard input holds when `path` is `-`.
pub(crate) fn text(path: &Path) -> Result<String, CliError> {
    if is_standard_input(path) {
        return read_text(io::stdin().lock()).map_err(CliError::Input);
    }
    let text = File::open(path).and_then(read_text);
    text.map_err(|source| CliError::Read { path: path.to_owned(), source })
}

/// Reads a text. Of one that is longer than a flow may be only so much that this is told.
fn read_text(reader: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.take(TEXT_MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > TEXT_MAX_BYTES {
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// What a file is called in messages.
pub(crate) fn name(path: &Path) -> String {
    if is_standard_input(path) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// Reads a flow's file: the flow with what is wrong in it noted, or, when no structure can be made
/// out at all, only what is wrong.
pub(crate) fn read(path: &Path) -> Result<Result<FlowDefinition, Vec<Diagnostic>>, CliError> {
    let document = Document::parse(&text(path)?, &name(path));
    Ok(document.map(|document| FlowDefinition::parse(&document)))
}

/// Reads a flow that is to be run: valid in itself and with its parameters. Says what is wrong or
/// hardly meant; `None` when it cannot be run.
pub(crate) fn valid(
    path: &Path,
    parameters: &ParameterArguments,
    settings: &Settings,
) -> Result<Option<ValidFlow>, CliError> {
    let validated = match read(path)? {
        Err(unreadable) => Err(unreadable),
        Ok(flow) => {
            let values = parameters.values(&flow, &settings.parameter_files)?;
            tutti_model::validate(&flow, &tutti_processors::catalog(), &values)
        }
    };
    let (flow, findings) = match validated {
        Ok(mut flow) => {
            let warnings: Vec<Diagnostic> =
                std::mem::take(&mut flow.warnings).into_iter().map(refused).collect();
            let is_run = !warnings.iter().any(Diagnostic::is_error);
            (is_run.then_some(flow), warnings)
        }
        Err(findings) => (None, findings.into_iter().map(refused).collect()),
    };
    for finding in findings {
        say(&format!("{finding}\n"));
    }
    Ok(flow)
}

/// What is no more than a warning while a flow is only looked at, and hinders a run.
fn refused(finding: Diagnostic) -> Diagnostic {
    if finding.code == Code::NotRun { finding.into_error() } else { finding }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_text_that_never_ends_only_so_much_is_read_that_its_length_is_told() {
        let text = read_text(io::repeat("ä".as_bytes()[0])).unwrap();
        let findings = Document::parse(&text, "endless").unwrap_err();
        assert!(findings[0].message.contains("more than"), "{}", findings[0].message);
        assert!(read_text(&b"\xff"[..]).is_err());
    }
}
