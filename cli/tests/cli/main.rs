//! The real binary, called as a user or a script calls it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod analyze;
mod deploy;
mod diff;
mod documented;
mod explain;
mod expression;
mod fmt;
mod functions;
mod health;
mod import;
mod import_services;
mod parameters;
mod processors;
mod quarantine;
mod queue;
mod run;
mod schema;
mod serve;
mod service;
mod services;
mod settings;
mod silence;
mod test;
mod validate;
mod workplace;

use std::process::{Command, Output, Stdio};

/// The binary, untouched by the environment of whoever runs the tests.
fn tutti(arguments: &[&str]) -> Command {
    let mut command = untouched(BINARY);
    command.args(arguments);
    command
}

/// The path of the binary.
const BINARY: &str = env!("CARGO_BIN_EXE_tutti");

/// A program that is to call the binary.
fn untouched(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os()
        .filter(|(name, _)| name.to_str().is_some_and(|name| name.starts_with("TUTTI_")))
    {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).env("NO_COLOR", "1");
    command
}

/// `command`, for which SIGHUP is what it is by itself, even where the tests run under nohup.
#[cfg(target_os = "linux")]
fn with_hangups(command: &Command) -> Command {
    let mut hearing = Command::new("env");
    hearing.arg("--default-signal=HUP").arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => hearing.env(name, value),
            None => hearing.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        hearing.current_dir(folder);
    }
    hearing.stdin(Stdio::null());
    hearing
}

fn finish(mut command: Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}
