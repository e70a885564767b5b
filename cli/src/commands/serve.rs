//! `tutti serve`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio::sync::oneshot;
use tutti_model::valid::ValidFlow;
use tutti_server::Server;
use tutti_store::Repository;

use crate::data_folder::{self, DataArguments};
use crate::engine::{Engine, Requests};
use crate::error::{CliError, FAILED, WRONG};
use crate::flow_file;
use crate::interrupts::Interrupts;
use crate::listen::{ExposureArguments, ListenArguments};
use crate::output::{Results, complain, say};
use crate::parameters::ParameterArguments;
use crate::settings::Settings;
use crate::threads::{self, End};

/// Runs a flow as a service, with an HTTP interface
///
/// Prints its address on one line as soon as the flow runs. Without a flow only the interface is
/// there. Ctrl-C, SIGTERM and a POST to /api/v1/stop end it when the tasks at work have ended; a
/// second Ctrl-C or SIGTERM ends it at once. Nothing is lost by either: the next start with the
/// same --data goes on.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  it was asked to stop, and did\n  1  something failed, or tasks \
                  were cut off by a second interrupt\n  2  wrong usage, an unreadable file, or a \
                  flow with mistakes\n\nExample:\n  tutti serve flows/audio-features.json --param \
                  input=recordings --param output=file:///tmp/features"
)]
pub(crate) struct Serve {
    /// The flow's file
    #[arg(value_name = "FLOW")]
    flow: Option<PathBuf>,
    #[command(flatten)]
    parameters: ParameterArguments,
    #[command(flatten)]
    listen: ListenArguments,
    #[command(flatten)]
    exposure: ExposureArguments,
    #[command(flatten)]
    data: DataArguments,
}

impl Serve {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let flow = match &self.flow {
            None => None,
            Some(path) => match flow_file::valid(path, &self.parameters, settings)? {
                None => return Ok(WRONG.into()),
                flow => flow,
            },
        };
        let runtime = threads::start()?;
        let served = runtime.block_on(self.serve(flow, settings));
        threads::end(runtime, served.as_ref().map_or(End::Terminated, |(end, _)| *end));
        let (end, repository) = served?;
        repository.map_or(Ok(()), data_folder::close)?;
        Ok(if end == End::Clean { ExitCode::SUCCESS } else { FAILED.into() })
    }

    async fn serve(
        &self,
        flow: Option<ValidFlow>,
        settings: &Settings,
    ) -> Result<(End, Option<Arc<Repository>>), CliError> {
        let interrupts = Interrupts::listen()?;
        let address = self.listen.address(settings);
        let server = Server::bind(address, self.exposure.exposure(settings)).await?;
        let address = server.address();
        let engine = Arc::new(Engine::new(flow));
        tokio::spawn(obey(interrupts, engine.requests().clone()));
        let (end, ended) = oneshot::channel::<()>();
        let service = Arc::clone(&engine);
        let stop = engine.requests().stop.clone();
        let serving = tokio::spawn(async move {
            let result = server.serve(service, async { drop(ended.await) }).await;
            // A server that fails takes the flow with it.
            stop.cancel();
            result
        });
        let folder = self.data.folder(settings);
        let starting = Arc::clone(&engine);
        let started = tokio::task::spawn_blocking(move || starting.start(&folder));
        let worked = work(&engine, started, &format!("http://{address}")).await;
        drop(end);
        let result = serving.await.map_err(|error| CliError::Threads(error.into()))?;
        let worked = worked?;
        result?;
        Ok(worked)
    }
}

/// From the start to the end.
async fn work(
    engine: &Engine,
    started: tokio::task::JoinHandle<Result<Arc<Repository>, CliError>>,
    url: &str,
) -> Result<(End, Option<Arc<Repository>>), CliError> {
    let Requests { stop, terminate } = engine.requests();
    let repository = tokio::select! {
        started = started => started.map_err(|error| CliError::Threads(error.into()))??,
        () = terminate.cancelled() => return Ok((End::Terminated, None)),
    };
    if !stop.is_cancelled()
        && let Err(error) = announce(url)
    {
        // Nobody reads the line; the service is there all the same.
        complain(&error);
    }
    stop.cancelled().await;
    let end = engine.stop().await?;
    Ok((end, Some(repository)))
}

fn announce(url: &str) -> Result<(), CliError> {
    let mut results = Results::new();
    results.line(&format!("listening on {url}"))?;
    results.finish()
}

/// Turns interrupts into requests.
async fn obey(mut interrupts: Interrupts, requests: Requests) {
    interrupts.next().await;
    say("stopping: tasks that are at work come to their end; interrupt again to stop now");
    requests.stop.cancel();
    interrupts.next().await;
    requests.terminate.cancel();
}
