//! The commands, one file each.

mod analyze;
mod completions;
mod component;
mod delete;
mod deploy;
mod diff;
mod explain;
mod expression;
mod fmt;
mod functions;
mod health;
mod import;
mod new;
mod parameters;
mod plan;
mod processors;
mod provenance;
mod quarantine;
mod queue;
mod read_table;
mod replay;
mod rollback;
mod run;
mod schema;
mod serve;
mod services;
mod state;
mod test;
mod token;
mod trash;
mod try_processor;
mod types;
mod user;
mod validate;

use std::process::ExitCode;

use clap::Subcommand;

use crate::error::CliError;
use crate::settings::Settings;

/// What tutti can be told to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(run::Run),
    Analyze(analyze::Analyze),
    Serve(serve::Serve),
    Health(health::Health),
    Deploy(deploy::Deploy),
    Plan(plan::Plan),
    Rollback(rollback::Rollback),
    Delete(delete::Delete),
    Validate(validate::Validate),
    Test(test::Test),
    Explain(explain::Explain),
    #[command(name = "fmt")]
    Format(fmt::Format),
    Diff(diff::Diff),
    Import(import::Import),
    Parameters(parameters::Parameters),
    Processors(processors::Processors),
    Component(component::Component),
    New(new::New),
    Queue(queue::Queue),
    Provenance(provenance::Provenance),
    State(state::State),
    Services(services::Services),
    Quarantine(quarantine::Quarantine),
    Trash(trash::Trash),
    Schema(schema::Schema),
    Expression(expression::Evaluate),
    Functions(functions::Functions),
    User(user::User),
    Token(token::Token),
    Completions(completions::Completions),
    /// Reads a table for `tutti serve`, which asks over its input.
    #[command(hide = true)]
    ReadTable,
    /// Runs a processor on samples for `tutti serve`, which asks over its input.
    #[command(hide = true)]
    TryProcessor {
        paths: Vec<std::path::PathBuf>,
    },
}

pub(crate) fn run(command: Command, settings: &Settings) -> Result<ExitCode, CliError> {
    match command {
        Command::Run(run) => run.run(settings),
        Command::Analyze(analyze) => analyze.run(),
        Command::Serve(serve) => serve.run(settings),
        Command::Health(health) => health.run(settings),
        Command::Deploy(deploy) => deploy.run(),
        Command::Plan(plan) => plan.run(),
        Command::Rollback(rollback) => rollback.run(),
        Command::Delete(delete) => delete.run(),
        Command::Validate(validate) => validate.run(settings),
        Command::Test(test) => test.run(),
        Command::Explain(explain) => explain.run(),
        Command::Format(format) => format.run(),
        Command::Diff(diff) => diff.run(),
        Command::Import(import) => import.run(),
        Command::Parameters(parameters) => parameters.run(settings),
        Command::Processors(processors) => processors.run(),
        Command::New(new) => new.run(),
        Command::Component(component) => component.run(),
        Command::Queue(queue) => queue.run(settings),
        Command::Provenance(provenance) => provenance.run(settings),
        Command::State(state) => state.run(settings),
        Command::Services(services) => services.run(),
        Command::Quarantine(quarantine) => quarantine.run(settings),
        Command::Trash(trash) => trash.run(settings),
        Command::Schema(schema) => schema.run(),
        Command::Expression(expression) => expression.run(),
        Command::Functions(functions) => functions.run(),
        Command::User(user) => user.run(settings),
        Command::Token(token) => token.run(settings),
        Command::Completions(completions) => completions.run(),
        Command::ReadTable => read_table::run(),
        Command::TryProcessor { paths } => try_processor::run(&paths),
    }
}
