//! `tutti explain`.

use std::io;
use std::process::ExitCode;

use clap::Args;
use tutti_model::codes::{Code, index_markdown, markdown};

use crate::error::CliError;
use crate::markdown::render;
use crate::output::{Results, has_colours};

/// Says what a kind of mistake means, and what would be right
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tutti explain T0206\n  tutti explain")]
pub(crate) struct Explain {
    /// The code that a message shows; without it all are listed
    code: Option<String>,
}

impl Explain {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let page = match &self.code {
            None => index_markdown(),
            Some(asked) => {
                // T0206, t206 and 206 are the same.
                let number = |text: &str| {
                    text.trim_start_matches(['T', 't']).trim_start_matches('0').to_owned()
                };
                let meant = number(asked);
                let code = Code::ALL.iter().find(|code| number(code.as_str()) == meant);
                let unknown = || CliError::UnknownCode { code: asked.clone() };
                markdown(*code.ok_or_else(unknown)?)
            }
        };
        let mut results = Results::new();
        results.line(render(&page, has_colours(&io::stdout())).trim_end())?;
        results.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}
