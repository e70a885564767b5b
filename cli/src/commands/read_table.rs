//! The process in which the server reads a table that no process with anything dear in it may read.
//!
//! It takes no more memory and time than it gives itself before it reads the first byte.

use std::io;
use std::process::ExitCode;

use rustix::process::Resource;
use tutti_server::{TableProgram, read_table_apart};

use crate::apart::{self, ENVIRONMENT, limit};
use crate::error::CliError;

/// What it is called with.
const NAME: &str = "read-table";
/// Bytes of memory, those included that are reserved and never touched.
const MEMORY_MAX: u64 = 1 << 30;
/// Seconds of a processor.
const SECONDS_MAX: u64 = 20;

/// Answers whoever asks over standard input.
pub(crate) fn run() -> Result<ExitCode, CliError> {
    limit(&[
        (Resource::As, MEMORY_MAX),
        (Resource::Cpu, SECONDS_MAX),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ])?;
    let output = io::BufWriter::new(io::stdout());
    read_table_apart(io::stdin(), output).map_err(CliError::Output)?;
    Ok(ExitCode::SUCCESS)
}

/// This very program.
pub(crate) fn program() -> TableProgram {
    TableProgram { path: apart::program(), argument: NAME, environment: ENVIRONMENT }
}
