//! Processes of this very program that do one thing for `tutti serve`, within limits that they give
//! themselves before they read a byte.

use std::path::PathBuf;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::error::CliError;

/// What their environment has. The allocator reserves 1 GB at its start otherwise, which counts.
pub(crate) const ENVIRONMENT: &[(&str, &str)] = &[("MIMALLOC_ARENA_RESERVE", "0")];

/// Where this program is, even where its file was replaced meanwhile.
pub(crate) fn program() -> PathBuf {
    let own = PathBuf::from("/proc/self/exe");
    if own.exists() { own } else { std::env::current_exe().unwrap_or_default() }
}

/// Takes no more than that from now on.
pub(crate) fn limit(limits: &[(Resource, u64)]) -> Result<(), CliError> {
    for &(resource, limit) in limits {
        // Where the system gives this process less, it is that.
        let limit = getrlimit(resource).maximum.map_or(limit, |maximum| maximum.min(limit));
        let limits = Rlimit { current: Some(limit), maximum: Some(limit) };
        setrlimit(resource, limits).map_err(|error| CliError::Threads(error.into()))?;
    }
    Ok(())
}
