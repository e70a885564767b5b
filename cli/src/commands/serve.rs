//! `tutti serve`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tutti_runtime::Goal;
use tutti_server::{Limits, Server};
use tutti_store::Options;

use crate::archive::ArchiveArguments;
use crate::data_folder::{self, DataArguments, DiskArguments};
use crate::deaths::DeathsArguments;
use crate::error::{CliError, FAILED, WRONG};
use crate::listen::{ExposureArguments, ListenArguments};
use crate::output::{Results, complain, say};
use crate::parameters::ParameterArguments;
use crate::settings::Settings;
use crate::shutdown::ShutdownArguments;
use crate::{engine, flow_file, interrupts};

/// Runs a flow as a service, with an HTTP interface
///
/// Prints its address on one line as soon as the flow runs. Without a flow only the interface is
/// there. Ctrl-C, SIGTERM, SIGHUP and a POST to /api/v1/stop end it when the tasks at work have
/// ended, after --shutdown-seconds at the latest; a second Ctrl-C or SIGTERM ends it at once.
/// Nothing is lost by any of these: the next start with the same --data goes on. Under nohup it
/// stays when its terminal is closed.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  it was asked to stop, and did\n  1  something failed, or tasks \
                  were cut off by a second interrupt, or took too \
                  long\n  2  wrong usage, an unreadable file, or a \
                  flow with mistakes\n\nExample:\n  tutti serve flows/audio-features.json \\\n    \
                  --param input=recordings --param output=file:///tmp/features"
)]
pub(crate) struct Serve {
    /// The flow's file; "-" is standard input
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
    #[command(flatten)]
    disk: DiskArguments,
    #[command(flatten)]
    archive: ArchiveArguments,
    #[command(flatten)]
    shutdown: ShutdownArguments,
    #[command(flatten)]
    deaths: DeathsArguments,
}

impl Serve {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let catalog = tutti_processors::catalog();
        let flow = match &self.flow {
            None => None,
            Some(path) => match flow_file::valid(path, &self.parameters, settings, &catalog)? {
                None => return Ok(WRONG.into()),
                flow => flow,
            },
        };
        let address = self.listen.address(settings);
        let server = Server::bind(address, self.exposure.exposure(settings))?;
        let url = format!("http://{}", server.address());
        let engine = engine::new(flow, catalog, self.shutdown.limit(settings))?;
        interrupts::obey(&engine, "tasks that are at work come to their end")?;
        let service = Arc::clone(&engine);
        let serving = server.start(service, Limits::default())?;
        let folder = self.data.folder(settings);
        let options = Options {
            deaths_max: self.deaths.limit(settings),
            archive_bytes_max: self.archive.bytes_max(settings),
            archive_period: self.archive.period(settings),
            ..self.disk.options(settings)
        };
        let open = move || data_folder::open(&folder, options);
        let ended = engine.run(open, Goal::Serve, move || announce(&url));
        serving.end();
        let ended = ended?;
        if ended.flows.is_empty() {
            say("stopped");
        }
        for flow in &ended.flows {
            let counts = flow.status.flowfiles;
            let is_left = counts.queued > 0;
            let rest = if is_left { "; the next start goes on with what is queued" } else { "" };
            say(&format!("stopped; {counts}{rest}"));
        }
        Ok(if ended.is_terminated { FAILED.into() } else { ExitCode::SUCCESS })
    }
}

/// Says where the service is. Nobody may read the line; the service is there all the same.
fn announce(url: &str) {
    let mut results = Results::new();
    let said = results.line(&format!("listening on {url}")).and_then(|()| results.finish());
    if let Err(error) = said {
        complain(&error);
    }
}
