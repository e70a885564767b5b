//! `tutti run`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tutti_model::valid::ValidFlow;
use tutti_runtime::{Environment, Flow, Status, Stuck};
use tutti_store::Repository;

use crate::course::Course;
use crate::data_folder::{self, DataArguments};
use crate::error::{CliError, FAILED, WRONG};
use crate::flow_file;
use crate::interrupts::Interrupts;
use crate::output::{self, Results, say};
use crate::parameters::ParameterArguments;
use crate::progress;
use crate::settings::Settings;
use crate::summary::Summary;
use crate::threads::{self, End};

/// Runs one flow
///
/// Without --until-idle it runs until it is interrupted (Ctrl-C or SIGTERM); then sources stop,
/// what is in the flow comes to its end, and so does the command. A second interrupt ends it at
/// once; nothing is lost by that, and the next run with the same --data goes on.
///
/// Standard error shows how far it is; standard output, at the end, what each processor did. A
/// flowfile counts as failed each time that a processor sends it to its relationship "failure",
/// wherever that leads; one that is tried again and then goes well does not.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  everything went well\n  1  a flowfile failed, a processor \
                  reported an error or could not be started, flowfiles are left that nobody takes, \
                  or records were damaged and put aside\n  2  wrong usage, an unreadable file, \
                  or a flow with mistakes\n\nExample:\n  tutti run flows/audio-features.json \
                  --param input=recordings --param output=file:///tmp/features --until-idle"
)]
pub(crate) struct Run {
    /// The flow's file
    #[arg(value_name = "FLOW")]
    flow: PathBuf,
    #[command(flatten)]
    parameters: ParameterArguments,
    #[command(flatten)]
    data: DataArguments,
    /// Ends when there is nothing left to do
    #[arg(long)]
    until_idle: bool,
    /// Prints the summary as JSON on standard output
    #[arg(long)]
    json: bool,
}

impl Run {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let flow = flow_file::valid(&self.flow, &self.parameters, settings)?;
        let Some(flow) = flow else { return Ok(WRONG.into()) };
        let repository = data_folder::open(&self.data.folder(settings))?;
        let course = Course::of(&flow);
        let runtime = threads::start()?;
        let ended = runtime.block_on(self.drive(&flow, &course, &repository));
        let end = ended.as_ref().map_or(End::Terminated, |(_, _, end)| *end);
        threads::end(runtime, end);
        let (status, stuck, _) = ended?;
        let summary = Summary::new(status, stuck, &course, repository.recovery());
        data_folder::close(repository)?;
        if self.json {
            let mut results = Results::new();
            results.pretty(&summary)?;
            results.finish()?;
        } else {
            summary.tell(&course)?;
        }
        Ok(if summary.is_ok() { ExitCode::SUCCESS } else { FAILED.into() })
    }

    async fn drive(
        &self,
        flow: &ValidFlow,
        course: &Course,
        repository: &Arc<Repository>,
    ) -> Result<(Status, Stuck, End), CliError> {
        let environment = Environment::system().map_err(CliError::Threads)?;
        let catalog = Arc::new(tutti_processors::catalog());
        let flow = Flow::compile(flow, &catalog, repository, &environment)
            .map_err(|errors| CliError::Compile { errors })?;
        let interrupts = Interrupts::listen()?;
        flow.start();
        let settled = tokio::select! {
            settled = self.settle(&flow, interrupts) => settled,
            never = progress::follow(&flow, course) => match never {},
        };
        output::end_progress();
        let (stuck, end) = settled?;
        Ok((flow.status(), stuck, end))
    }

    /// Ends when the flow has nothing left to do, or does not run any more.
    async fn settle(
        &self,
        flow: &Flow,
        mut interrupts: Interrupts,
    ) -> Result<(Stuck, End), CliError> {
        let stuck = tokio::select! {
            stuck = flow.until_idle(), if self.until_idle => stuck,
            () = interrupts.next() => {
                say("stopping: what is in the flow comes to its end; interrupt again to stop now");
                tokio::select! {
                    stuck = flow.drain() => stuck,
                    () = interrupts.next() => {
                        flow.terminate();
                        return Ok((left_over(&flow.status()), End::Terminated));
                    }
                }
            }
        };
        let stuck = stuck.map_err(CliError::Repository)?;
        flow.stop().await;
        Ok((stuck, End::Clean))
    }
}

/// What a termination leaves in the queues.
fn left_over(status: &Status) -> Stuck {
    let connections = status.connections.iter().filter(|connection| connection.queued > 0);
    let waiting = connections.map(|connection| (connection.path.clone(), connection.queued));
    Stuck { not_started: Vec::new(), waiting: waiting.collect() }
}
