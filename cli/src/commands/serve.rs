//! `tutti serve`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tutti_model::chain;
use tutti_model::definition::FlowDefinition;
use tutti_model::layout::Layout;
use tutti_runtime::{Goal, SystemClock, follow_names};
use tutti_sdk::host::Clock as _;
use tutti_server::{Damage, FlowFiles, Home, Limits, Parameters, Server, Studio};
use tutti_store::{Options, StoreError};

use super::{read_table, try_processor};
use crate::archive::ArchiveArguments;
use crate::data_folder::{self, DataArguments, DiskArguments};
use crate::deaths::DeathsArguments;
use crate::error::{CliError, FAILED, WRONG};
use crate::listen::{EntranceArguments, ListenArguments};
use crate::output::{Results, complain, say};
use crate::parameters::ParameterArguments;
use crate::settings::Settings;
use crate::shutdown::ShutdownArguments;
use crate::trash::TrashArguments;
use crate::users_file::UsersArguments;
use crate::{demo, engine, interrupts, served};

/// Runs flows as a service, with the canvas in the browser
///
/// Prints its address on one line as soon as the flows run: open it in a browser. Flows can be
/// drawn, changed and looked into there, or by the interface for programs; what is applied is
/// written to their files. Ctrl-C, SIGTERM, SIGHUP and a POST to /api/v1/stop end it when the tasks
/// at work have ended, after --shutdown-seconds at the latest; a second Ctrl-C or SIGTERM ends it
/// at once. Nothing is lost by any of these: the next start with the same --data goes on. Under
/// nohup it stays when its terminal is closed.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  it was asked to stop, and did\n  1  something failed, or tasks \
                  were cut off by a second interrupt, or took too \
                  long\n  2  wrong usage, an unreadable file, or a \
                  flow with mistakes\n\nExample:\n  tutti serve flows/audio-features.json \\\n    \
                  --param input=recordings --param output=file:///tmp/features"
)]
pub(crate) struct Serve {
    /// A flow's file, or a folder of flows: all of them are served, and flows that are made are
    /// kept there; "-" is standard input. Beside a file those are served that were made so, in the
    /// folder "flows" in the data folder [default: that folder]
    #[arg(value_name = "FLOW")]
    flow: Option<PathBuf>,
    #[command(flatten)]
    parameters: ParameterArguments,
    #[command(flatten)]
    listen: ListenArguments,
    #[command(flatten)]
    entrance: EntranceArguments,
    #[command(flatten)]
    users: UsersArguments,
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    disk: DiskArguments,
    #[command(flatten)]
    archive: ArchiveArguments,
    #[command(flatten)]
    trash: TrashArguments,
    #[command(flatten)]
    shutdown: ShutdownArguments,
    #[command(flatten)]
    deaths: DeathsArguments,
}

/// Where in the data folder the logs of drafts lie.
const DRAFTS: &str = "drafts";
/// Where in the data folder the recordings of the demo lie.
const DEMO: &str = "demo";
/// Where in the data folder flows lie when nobody says where.
const FLOWS: &str = "flows";

impl Serve {
    /// What gives parameters their values: as at the start, so also for a flow that is changed. It
    /// may have lost some, and others are made here.
    fn values(&self, settings: &Settings) -> Parameters {
        let (arguments, files) = (self.parameters.clone(), settings.parameter_files.clone());
        Box::new(move |flow| arguments.declared(flow, &files).map_err(|error| chain(&error)))
    }

    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let folder = self.data.folder(settings);
        let parameters = &self.parameters;
        let made = folder.join(FLOWS);
        let catalog = Arc::new(crate::catalog::beside(self.flow.iter().chain([&made])));
        let all = match &self.flow {
            Some(path) => served::read(path, &made, parameters, settings, &catalog)?,
            None => Some(served::folder(&made, parameters, settings, &catalog)?),
        };
        let Some(all) = all else { return Ok(WRONG.into()) };
        let (flows, drafts): (Vec<_>, Vec<_>) =
            all.flows.into_iter().map(|one| (one.valid, one.draft)).unzip();
        let demo = folder.join(DEMO);
        let home = Home {
            logs: folder.join(DRAFTS),
            flows: all.folder,
            demo: Box::new(move || demo::make(&demo)),
        };
        let users = self.users.path(&self.data, settings);
        let entrance = self.entrance.entrance(&self.listen, settings, users);
        let server = Server::bind(&entrance)?;
        let scheme = if entrance.tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", server.address());
        let mut limits = Limits::default();
        if let Some(count) = self.entrance.requests_per_second(settings) {
            limits.requests_per_second = count;
        }
        let engine = engine::new(
            flows.into_iter().flatten().collect(),
            Arc::clone(&catalog),
            self.shutdown.limit(settings),
        )?;
        interrupts::obey(&engine, "tasks that are at work come to their end")?;
        let parameters = self.values(settings);
        let studio = Arc::new(Studio::new(Arc::new(engine.clone()), catalog, parameters));
        let service = Arc::new(Arc::clone(&engine));
        let tries = try_processor::program(self.flow.iter().chain([&made]));
        let tables = read_table::program();
        let serving = server.start(service, Arc::clone(&studio), tables, tries, limits)?;
        let options = Options {
            deaths_max: self.deaths.limit(settings),
            archive_bytes_max: self.archive.bytes_max(settings),
            archive_period: self.archive.period(settings),
            trash_period: self.trash.period(settings),
            ..self.disk.options(settings)
        };
        let open = move || -> Result<_, Arc<StoreError>> {
            let repository = data_folder::open(&folder, options)?;
            // The folder is this process's own from here on.
            studio.settle(home);
            for (flow, ..) in &drafts {
                if let Some((old, new)) = studio.other_last_time(flow) {
                    follow_names(&repository, &old, &new, SystemClock::default().now())?;
                }
            }
            // On the disk before any draft says that this is what runs.
            repository.flush()?;
            for (flow, layout, files) in drafts {
                open_draft(&studio, &flow, &layout, files);
            }
            studio.complete();
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
            let name = match ended.flows.len() {
                1 => String::new(),
                _ => format!(" \"{}\"", flow.status.name),
            };
            say(&format!("stopped{name}; {counts}{rest}"));
        }
        Ok(if ended.is_terminated { FAILED.into() } else { ExitCode::SUCCESS })
    }
}

/// Opens the draft of the flow that is served, and says what was damaged. A flow runs also when
/// nobody can edit it.
fn open_draft(studio: &Studio, flow: &FlowDefinition, layout: &Layout, files: Option<FlowFiles>) {
    let damage = match studio.open(flow, layout, files) {
        Ok(damage) => damage,
        Err(error) => {
            let name = &flow.name.value;
            say(&format!("error: the flow \"{name}\" cannot be edited: {}", chain(&error)));
            return;
        }
    };
    for damage in damage {
        let how = if matches!(damage, Damage::Log { .. }) { "error" } else { "warning" };
        say(&format!("{how}: {damage}"));
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
