//! The binary `tutti`: reads the command line, wires the crates together, and says how it went.
//!
//! It holds no logic that a crate could hold.

mod apart;
mod archive;
mod arguments;
mod catalog;
mod changes;
mod commands;
mod data_folder;
mod deaths;
mod demo;
mod engine;
mod error;
mod finding;
mod flow_file;
mod flow_files;
mod interrupts;
mod layout_file;
mod listen;
mod log;
mod markdown;
mod memory;
mod output;
mod parameters;
mod programs;
mod progress;
#[cfg(test)]
mod reference_tests;
mod remote;
mod reproducer;
mod served;
mod settings;
mod shutdown;
mod small_file;
mod stdout;
mod summary;
mod target;
mod tests_file;
mod trash;
mod users_file;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

use arguments::Arguments;
use error::CliError;

/// What one thread makes another lets go of: flowfiles and events end with the flusher, and a
/// recording's blocks wander over all cores. This allocator is made for it (docs/benchmarks.md).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    programs::find_none();
    memory::use_small_pages();
    catalog::keep_compiled();
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            error.exit_code()
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, CliError> {
    let settings = settings::Settings::resolve(&arguments.common)?;
    log::start(&settings)?;
    commands::run(arguments.command, &settings)
}
