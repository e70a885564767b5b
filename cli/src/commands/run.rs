//! `tutti run`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use tutti_model::valid::ValidFlow;
use tutti_runtime::{Environment, Flow, Status, Stuck};
use tutti_store::Repository;

use crate::data_folder::{self, DataArguments};
use crate::error::{CliError, FAILED, WRONG};
use crate::flow_file;
use crate::interrupts::Interrupts;
use crate::output::{Results, say};
use crate::parameters::ParameterArguments;
use crate::settings::Settings;
use crate::threads::{self, End};

/// Runs one flow
///
/// Without --until-idle it runs until it is interrupted (Ctrl-C or SIGTERM); then sources stop,
/// what is in the flow comes to its end, and so does the command. A second interrupt ends it at
/// once; nothing is lost by that, and the next run with the same --data goes on.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tutti run flows/audio-features.json --param input=recordings \
                        --param output=file:///tmp/features --until-idle"
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

/// What a run came to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    #[serde(flatten)]
    status: Status,
    /// Whether nothing failed.
    ok: bool,
    /// Flowfiles that went to a relationship called `failure`.
    failed: u64,
    /// Processors that could not be started, with why.
    not_started: Vec<(String, String)>,
    /// Connections that still hold flowfiles.
    waiting: Vec<(String, u64)>,
}

impl Run {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let flow = flow_file::valid(&self.flow, &self.parameters, settings)?;
        let Some(flow) = flow else { return Ok(WRONG.into()) };
        let repository = data_folder::open(&self.data.folder(settings))?;
        let runtime = threads::start()?;
        let ended = runtime.block_on(self.drive(&flow, &repository));
        let end = ended.as_ref().map_or(End::Terminated, |(_, _, end)| *end);
        threads::end(runtime, end);
        let (status, stuck, _) = ended?;
        data_folder::close(repository)?;
        self.tell(status, stuck)
    }

    async fn drive(
        &self,
        flow: &ValidFlow,
        repository: &Arc<Repository>,
    ) -> Result<(Status, Stuck, End), CliError> {
        let environment = Environment::system().map_err(CliError::Threads)?;
        let catalog = Arc::new(tutti_processors::catalog());
        let flow = Flow::compile(flow, &catalog, repository, &environment)
            .map_err(|errors| CliError::Compile { errors })?;
        let mut interrupts = Interrupts::listen()?;
        flow.start();
        let stuck = tokio::select! {
            stuck = flow.until_idle(), if self.until_idle => stuck.map_err(CliError::Repository)?,
            () = interrupts.next() => {
                say("stopping: what is in the flow comes to its end; interrupt again to stop now");
                tokio::select! {
                    stuck = flow.drain() => stuck.map_err(CliError::Repository)?,
                    () = interrupts.next() => {
                        flow.terminate();
                        let status = flow.status();
                        let stuck = left_over(&status);
                        return Ok((status, stuck, End::Terminated));
                    }
                }
            }
        };
        flow.stop().await;
        Ok((flow.status(), stuck, End::Clean))
    }

    fn tell(&self, status: Status, stuck: Stuck) -> Result<ExitCode, CliError> {
        let failures = |processor: &tutti_runtime::ProcessorStatus| {
            processor.transferred.get("failure").copied().unwrap_or(0)
        };
        let failed = status.processors.iter().map(failures).sum();
        let ok = failed == 0 && status.errors == 0 && stuck.is_empty();
        let Stuck { not_started, waiting } = stuck;
        let summary = Summary { status, ok, failed, not_started, waiting };
        let mut results = Results::new();
        if self.json {
            results.pretty(&summary)?;
        } else {
            table(&summary, &mut results)?;
        }
        results.finish()?;
        Ok(if ok { ExitCode::SUCCESS } else { FAILED.into() })
    }
}

/// What a termination leaves in the queues.
fn left_over(status: &Status) -> Stuck {
    let connections = status.connections.iter().filter(|connection| connection.queued > 0);
    let waiting = connections.map(|connection| (connection.path.clone(), connection.queued));
    Stuck { not_started: Vec::new(), waiting: waiting.collect() }
}

fn table(summary: &Summary, results: &mut Results) -> Result<(), CliError> {
    let processors = &summary.status.processors;
    let width = processors.iter().map(|each| each.path.chars().count()).max().unwrap_or(0).max(9);
    results.line(&format!(
        "{:width$}  {:>10}  {:>10}  {:>10}  {:>10}",
        "processor", "in", "out", "ended", "ms"
    ))?;
    for each in processors {
        let totals = &each.totals;
        results.line(&format!(
            "{:width$}  {:>10}  {:>10}  {:>10}  {:>10}",
            each.path,
            totals.flowfiles_in,
            totals.flowfiles_out,
            totals.flowfiles_ended,
            totals.task_ms
        ))?;
    }
    for bulletin in summary.status.bulletins.iter().filter(|each| each.level == "error") {
        results.line(&format!("error: {}: {}", bulletin.component, bulletin.message))?;
        if let Some(help) = &bulletin.help {
            results.line(&format!("  {help}"))?;
        }
    }
    for (path, why) in &summary.not_started {
        results.line(&format!("not started: {path}: {why}"))?;
    }
    for (path, count) in &summary.waiting {
        results.line(&format!("still waiting: {count} in {path}"))?;
    }
    Ok(())
}
