//! `tutti run`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tutti_model::definition::ScheduledState;
use tutti_model::spec::SpecSource;
use tutti_model::valid::{Course, ValidFlow, ValidProcessor};
use tutti_runtime::Goal;
use tutti_sdk::Catalog;
use tutti_store::{Options, Repository};

use crate::archive::ArchiveArguments;
use crate::data_folder::{self, DataArguments, DiskArguments};
use crate::deaths::DeathsArguments;
use crate::error::{CliError, FAILED, WRONG};

use crate::output::{Results, say};
use crate::parameters::ParameterArguments;
use crate::progress::Progress;
use crate::settings::Settings;
use crate::shutdown::ShutdownArguments;
use crate::summary::Summary;
use crate::trash::TrashArguments;
use crate::{engine, flow_file, interrupts};

/// Runs one flow
///
/// Without --until-idle it runs until it is interrupted (Ctrl-C, SIGTERM, or SIGHUP as when its
/// terminal is closed); then sources stop, what is in the flow comes to its end, and so does the
/// command, after --shutdown-seconds at the latest. Nothing is tried again: a processor that would
/// have to takes no more, and what is before it waits. A second Ctrl-C or SIGTERM ends the command
/// at once. Nothing is lost by any of these: the next run with the same --data goes on.
///
/// Standard error shows how far it is; standard output, at the end, what each processor did. A
/// flowfile counts as failed each time that a processor sends it to its relationship "failure",
/// wherever that leads; one that is tried again and then goes well does not. The task time of a
/// processor is what its tasks took in all: of tasks at the same time each counts.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  everything went well\n  1  a flowfile failed, a processor \
                  reported an error or could not be\n     started, flowfiles are left for the \
                  next run, as after a second\n     interrupt or a stop that took too long, or \
                  records were damaged\n     and put aside\n  2  wrong usage, an unreadable file, \
                  or a flow with mistakes\n\n\
                  Example:\n  tutti run flows/audio-features.json --until-idle \\\n    --param \
                  input=recordings --param output=file:///tmp/features"
)]
pub(crate) struct Run {
    /// The flow's file; "-" is standard input
    #[arg(value_name = "FLOW")]
    flow: PathBuf,
    #[command(flatten)]
    parameters: ParameterArguments,
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
    /// Ends when there is nothing left to do, but what has to wait for more than 5 minutes
    #[arg(long)]
    until_idle: bool,
    /// Prints the summary as JSON on standard output
    #[arg(long)]
    json: bool,
}

impl Run {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let catalog = Arc::new(crate::catalog::beside([&self.flow]));
        let values = |flow: &_| self.parameters.values(flow, &settings.parameter_files);
        let flow = flow_file::examine(&self.flow, values, &catalog)?;
        flow.tell();
        let Some(flow) = flow.valid else { return Ok(WRONG.into()) };
        let course = Course::of(&flow);
        if self.until_idle {
            tell_what_is_endless(&flow, &catalog);
        }
        let engine = engine::new(vec![flow], catalog, self.shutdown.limit(settings))?;
        interrupts::obey(&engine, "what is in the flow comes to its end")?;
        let progress = Progress::follow(&engine)?;
        let goal = if self.until_idle { Goal::Finish } else { Goal::Drain };
        let folder = self.data.folder(settings);
        let is_known = Repository::is_there(&folder);
        let opened = folder.clone();
        let options = Options {
            deaths_max: self.deaths.limit(settings),
            archive_bytes_max: self.archive.bytes_max(settings),
            archive_period: self.archive.period(settings),
            trash_period: self.trash.period(settings),
            ..self.disk.options(settings)
        };
        let ended = engine.run(move || data_folder::open(&opened, options), goal, || {});
        let summary = ended.map(Summary::new);
        progress.end(summary.as_ref().ok().and_then(Option::as_ref).map(Summary::counts));
        // It says nothing when it was ended before it began: whoever did that knows.
        let Some(summary) = summary? else { return Ok(FAILED.into()) };
        if self.json {
            let mut results = Results::new();
            results.pretty(&summary)?;
            results.finish()?;
        } else {
            summary.tell(&course)?;
        }
        if summary.is_ok() && summary.is_idle() {
            say(
                "nothing was done: no source found anything new; check where and for what it looks",
            );
            if is_known {
                say(&format!(
                    "  what earlier runs have picked up is remembered in \"{}\": with another \
                     --data what is still there is picked up again",
                    folder.display()
                ));
            }
        }
        Ok(if summary.is_ok() { ExitCode::SUCCESS } else { FAILED.into() })
    }
}

/// Says which sources never run dry, as nothing but a stop ends a flow that has one.
fn tell_what_is_endless(flow: &ValidFlow, catalog: &Catalog) {
    for processor in flow.processors().filter(|each| each.state == ScheduledState::Enabled) {
        let ValidProcessor { path, type_name, .. } = processor;
        if catalog.spec(type_name).is_some_and(|spec| spec.endless) {
            say(&format!(
                "\"{path}\" ({type_name}) makes flowfiles for ever, so that --until-idle does not \
                 end by itself: stop with Ctrl-C"
            ));
        }
    }
}
