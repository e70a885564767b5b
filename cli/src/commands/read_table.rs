//! The process in which the server reads a table that no process with anything dear in it may read.
//!
//! It takes no more memory and time than it gives itself before it reads the first byte.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tutti_server::{TableProgram, read_table_apart};

use crate::error::CliError;

/// What it is called with.
const NAME: &str = "read-table";
/// The allocator reserves 1 GB at its start otherwise, which counts.
const ENVIRONMENT: &[(&str, &str)] = &[("MIMALLOC_ARENA_RESERVE", "0")];
/// Bytes of memory, those included that are reserved and never touched.
const MEMORY_MAX: u64 = 1 << 30;
/// Seconds of a processor.
const SECONDS_MAX: u64 = 20;

/// Answers whoever asks over standard input.
pub(crate) fn run() -> Result<ExitCode, CliError> {
    for (resource, limit) in [
        (Resource::As, MEMORY_MAX),
        (Resource::Cpu, SECONDS_MAX),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ] {
        // Where the system gives this process less, it is that.
        let limit = getrlimit(resource).maximum.map_or(limit, |maximum| maximum.min(limit));
        let limits = Rlimit { current: Some(limit), maximum: Some(limit) };
        setrlimit(resource, limits).map_err(|error| CliError::Threads(error.into()))?;
    }
    let output = io::BufWriter::new(io::stdout());
    read_table_apart(io::stdin(), output).map_err(CliError::Output)?;
    Ok(ExitCode::SUCCESS)
}

/// This very program, even where its file was replaced meanwhile.
pub(crate) fn program() -> TableProgram {
    let own = PathBuf::from("/proc/self/exe");
    let path = if own.exists() { own } else { std::env::current_exe().unwrap_or_default() };
    TableProgram { path, argument: NAME, environment: ENVIRONMENT }
}
