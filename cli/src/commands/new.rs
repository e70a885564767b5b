//! `tutti new`.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use tutti_scripting::TEMPLATES;

use crate::error::{CliError, WRONG};
use crate::output::say;

/// Makes something to begin with
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tutti new processor stem --lang javascript")]
pub(crate) struct New {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A processor of your own, as a component: a folder with its source, and how to build it
    Processor {
        /// The folder, which is made
        folder: PathBuf,
        /// The language
        #[arg(long, value_enum)]
        lang: Language,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Language {
    C,
    Javascript,
    Python,
}

impl Language {
    fn name(self) -> &'static str {
        match self {
            Self::C => "c",
            Self::Javascript => "javascript",
            Self::Python => "python",
        }
    }
}

impl New {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let What::Processor { folder, lang } = &self.what;
        let template = TEMPLATES.iter().find(|(language, _)| *language == lang.name());
        let Some((_, files)) = template else {
            say(&format!("error: there is no template for {}", lang.name()));
            return Ok(WRONG.into());
        };
        let failed = |path: &PathBuf| {
            let path = path.clone();
            move |source| CliError::Write { path, source }
        };
        if let Some(parent) = folder.parent() {
            fs::create_dir_all(parent).map_err(failed(folder))?;
        }
        // One that is there is nobody's to write into.
        fs::create_dir(folder).map_err(failed(folder))?;
        for (name, text) in *files {
            let path = folder.join(name);
            fs::write(&path, text).map_err(failed(&path))?;
        }
        say(&format!("\"{}\" is made; its README.md says how to build it", folder.display()));
        Ok(ExitCode::SUCCESS)
    }
}
