//! The process in which the server runs a processor on samples.
//!
//! It takes no more memory and time than it gives itself before it reads the first byte.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use rustix::process::Resource;
use tutti_server::{TrialProgram, try_apart};

use crate::apart::{self, ENVIRONMENT, limit};
use crate::error::CliError;

/// What it is called with.
const NAME: &str = "try-processor";
/// Bytes of memory that it writes to; of these the sandbox has 0.9 GB for its tables, which mostly
/// are never touched.
const MEMORY_MAX: u64 = 5 << 29;
/// Seconds of a processor: two cores for as long as the server waits.
const SECONDS_MAX: u64 = 120;
/// Bytes of a file, as what was compiled for the cache, or what is too much for memory.
const FILE_MAX: u64 = 1 << 30;

/// Answers whoever asks over standard input, with the components beside flows at `paths`.
pub(crate) fn run(paths: &[PathBuf]) -> Result<ExitCode, CliError> {
    limit(&[
        (Resource::Data, MEMORY_MAX),
        (Resource::Cpu, SECONDS_MAX),
        (Resource::Fsize, FILE_MAX),
        (Resource::Core, 0),
    ])?;
    let catalog = Arc::new(crate::catalog::beside(paths));
    try_apart(io::stdin().lock(), io::stdout().lock(), &catalog).map_err(CliError::Output)?;
    Ok(ExitCode::SUCCESS)
}

/// This very program, for flows at `paths`.
pub(crate) fn program<'p>(paths: impl IntoIterator<Item = &'p PathBuf>) -> TrialProgram {
    let paths = paths.into_iter().map(|path| path.clone().into_os_string());
    TrialProgram {
        path: apart::program(),
        arguments: [OsString::from(NAME)].into_iter().chain(paths).collect(),
        environment: ENVIRONMENT,
    }
}
