//! `tutti run`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use tutti_model::valid::ValidFlow;
use tutti_runtime::{Environment, Flow, Status, Stuck};
use tutti_store::{Options, Repository};

use crate::error::{CliError, FAILED, WRONG};
use crate::flow_file;
use crate::output::{Results, say};
use crate::parameters::ParameterArguments;
use crate::settings::Settings;

/// Where the data lies when nobody says where.
const DATA_DEFAULT: &str = ".tutti";

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
    /// The folder for queues, content and state; made if it is not there
    #[arg(long, value_name = "DIR", env = "TUTTI_DATA", default_value = DATA_DEFAULT)]
    data: PathBuf,
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
        let Some(flow) = self.valid_flow(settings)? else { return Ok(WRONG.into()) };
        let repository = Repository::open(&self.data, Options::default())
            .map_err(|source| CliError::Repository { source: Arc::new(source) })?;
        self.tell_recovery(&repository);
        let repository = Arc::new(repository);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(CliError::Threads)?;
        let ended = runtime.block_on(self.drive(&flow, &repository));
        // What still computes after a second interrupt does not count any more.
        runtime.shutdown_background();
        let (status, stuck) = ended?;
        if let Ok(repository) = Arc::try_unwrap(repository) {
            repository.close().map_err(|source| CliError::Repository { source })?;
        }
        self.tell(status, stuck)
    }

    fn valid_flow(&self, settings: &Settings) -> Result<Option<ValidFlow>, CliError> {
        let catalog = tutti_processors::catalog();
        let findings = match flow_file::read(&self.flow)? {
            Err(unreadable) => unreadable,
            Ok(flow) => {
                let values = self.parameters.values(&flow, &settings.parameter_files)?;
                match tutti_model::validate(&flow, &catalog, &values) {
                    Ok(valid) => return Ok(Some(valid)),
                    Err(findings) => findings,
                }
            }
        };
        for finding in findings {
            say(&format!("{finding}\n"));
        }
        Ok(None)
    }

    fn tell_recovery(&self, repository: &Repository) {
        for damaged in &repository.recovery().quarantined {
            say(&format!(
                "warning: {} in \"{}\" cannot be used and was put aside: {}",
                damaged.what,
                self.data.display(),
                damaged.reason
            ));
        }
    }

    async fn drive(
        &self,
        flow: &ValidFlow,
        repository: &Arc<Repository>,
    ) -> Result<(Status, Stuck), CliError> {
        let environment = Environment::system().map_err(CliError::Threads)?;
        let catalog = Arc::new(tutti_processors::catalog());
        let flow = Flow::compile(flow, &catalog, repository, &environment)
            .map_err(|errors| CliError::Compile { errors })?;
        let mut interrupts = Interrupts::listen()?;
        flow.start();
        let repository_error = |source| CliError::Repository { source };
        let stuck = tokio::select! {
            stuck = flow.until_idle(), if self.until_idle => stuck.map_err(repository_error)?,
            () = interrupts.next() => {
                say("stopping: what is in the flow comes to its end; interrupt again to stop now");
                tokio::select! {
                    stuck = flow.drain() => stuck.map_err(repository_error)?,
                    () = interrupts.next() => {
                        flow.terminate();
                        Stuck::default()
                    }
                }
            }
        };
        flow.stop().await;
        Ok((flow.status(), stuck))
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

/// Ctrl-C and SIGTERM.
struct Interrupts {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Interrupts {
    fn listen() -> Result<Self, CliError> {
        #[cfg(unix)]
        {
            let kind = tokio::signal::unix::SignalKind::terminate();
            let terminate = tokio::signal::unix::signal(kind).map_err(CliError::Threads)?;
            Ok(Self { terminate })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        drop(tokio::signal::ctrl_c().await);
    }
}
