//! `tutti serve`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tutti_model::chain;
use tutti_model::definition::FlowDefinition;
use tutti_model::layout::Layout;
use tutti_runtime::Goal;
use tutti_sdk::Catalog;
use tutti_server::{Damage, FlowFiles, Limits, Parameters, Server, Studio};
use tutti_store::Options;

use crate::archive::ArchiveArguments;
use crate::data_folder::{self, DataArguments, DiskArguments};
use crate::deaths::DeathsArguments;
use crate::error::{CliError, FAILED, WRONG};
use crate::flow_file::{self, Runnable};
use crate::listen::{ExposureArguments, ListenArguments};
use crate::output::{Results, complain, say};
use crate::parameters::ParameterArguments;
use crate::settings::Settings;
use crate::shutdown::ShutdownArguments;
use crate::{engine, interrupts, layout_file};

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

/// Where in the data folder the logs of drafts lie.
const DRAFTS: &str = "drafts";

impl Serve {
    /// What gives parameters their values: as at the start, so also for a flow that is changed.
    fn values(&self, settings: &Settings) -> Parameters {
        let (arguments, files) = (self.parameters.clone(), settings.parameter_files.clone());
        Box::new(move |flow| arguments.values(flow, &files).map_err(|error| chain(&error)))
    }

    /// The flow and its layout; `None` when one of them is wrong, which is said.
    fn read(
        &self,
        path: &Path,
        settings: &Settings,
        catalog: &Catalog,
    ) -> Result<Option<(Runnable, Layout)>, CliError> {
        let flow = flow_file::runnable(path, &self.parameters, settings, catalog)?;
        let layout = layout_file::of_flow(path)?;
        if let Err(wrong) = &layout {
            for finding in wrong {
                say(&format!("{finding}\n"));
            }
        }
        Ok(flow.zip(layout.ok()))
    }

    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let catalog = Arc::new(tutti_processors::catalog());
        let flow = match &self.flow {
            None => None,
            Some(path) => match self.read(path, settings, &catalog)? {
                None => return Ok(WRONG.into()),
                flow => flow,
            },
        };
        let (flow, draft) = flow
            .map(|(Runnable { definition, valid }, layout)| (valid, (definition, layout)))
            .unzip();
        let address = self.listen.address(settings);
        let server = Server::bind(address, self.exposure.exposure(settings))?;
        let url = format!("http://{}", server.address());
        let engine = engine::new(flow, Arc::clone(&catalog), self.shutdown.limit(settings))?;
        interrupts::obey(&engine, "tasks that are at work come to their end")?;
        let parameters = self.values(settings);
        let studio = Arc::new(Studio::new(engine.clone(), catalog, parameters));
        let service = Arc::clone(&engine);
        let serving = server.start(service, Arc::clone(&studio), Limits::default())?;
        let folder = self.data.folder(settings);
        let options = Options {
            deaths_max: self.deaths.limit(settings),
            archive_bytes_max: self.archive.bytes_max(settings),
            archive_period: self.archive.period(settings),
            ..self.disk.options(settings)
        };
        let files = self.flow.as_ref().filter(|path| !flow_file::is_standard_input(path));
        let files = files.map(|path| FlowFiles { flow: path.clone() });
        let open = move || {
            let repository = data_folder::open(&folder, options)?;
            // The folder is this process's own from here on.
            if let Some((flow, layout)) = draft {
                open_draft(&studio, &folder.join(DRAFTS), &flow, &layout, files);
            }
            Ok(repository)
        };
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

/// Opens the draft of the flow that is served, and says what was damaged. A flow runs also when
/// nobody can edit it.
fn open_draft(
    studio: &Studio,
    folder: &Path,
    flow: &FlowDefinition,
    layout: &Layout,
    files: Option<FlowFiles>,
) {
    let damage = match studio.open(folder, flow, layout, files) {
        Ok(damage) => damage,
        Err(error) => {
            say(&format!("error: the flow runs, but cannot be edited: {}", chain(&error)));
            return;
        }
    };
    for damage in damage {
        say(&match damage {
            Damage::Log { put_aside, revision: Some(revision) } => format!(
                "error: the log of what was edited is damaged behind revision {revision}: it goes \
                 on from there, and a copy of all is in \"{}\"",
                put_aside.display()
            ),
            Damage::Log { put_aside, revision: None } => format!(
                "error: the log of what was edited is damaged: it begins anew with the flow as it \
                 is, and a copy of all is in \"{}\"",
                put_aside.display()
            ),
            Damage::File { revision } => format!(
                "warning: the flow's file and what was edited here have changed the same: the file \
                 counts, and revision {revision} has what was edited"
            ),
        });
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
