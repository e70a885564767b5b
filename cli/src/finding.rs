//! What a service finds wrong with a flow, in lines.

use std::fmt;

use serde::Deserialize;
use tutti_model::codes::Severity;
use tutti_model::diagnostic::Element;

/// A finding as a service sends it, as far as it is told. Its codes may be newer than this program.
#[derive(Debug, Deserialize)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    code: String,
    message: String,
    help: Option<String>,
    element: Option<Element>,
}

impl fmt::Display for Finding {
    /// Several lines, the last without an end.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, code, message, help, element } = self;
        write!(formatter, "{severity}[{code}]: {message}")?;
        if let Some(Element { kind, path }) = element {
            write!(formatter, "\n  = in {kind} {path:?}")?;
        }
        match help {
            Some(help) => write!(formatter, "\n  = help: {help}"),
            None => Ok(()),
        }
    }
}
