//! `tutti provenance replay`.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};
use tutti_runtime::{Replay as Replaying, ReplayError, Replayed, SystemClock, SystemRandom};
use tutti_store::Repository;

use crate::data_folder::{self, DataArguments};
use crate::error::{CliError, FAILED};
use crate::output::{Results, say};
use crate::settings::Settings;

/// Lets flowfiles come once more to the processors that events tell of
///
/// Each comes, under a "uuid" of its own, into the queue that it was taken from for its event, with
/// the attributes and the content that it had there, and is worked on by the next run. All events
/// that are named are replayed, or none. Content that no flowfile needs any more is kept for that
/// as --archive-max and --archive-period of "run" and "serve" say.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  they are in their queues\n  1  an event cannot be replayed, or \
                  the folder cannot be opened\n\nExample:\n  tutti provenance replay 4711 4712 \
                  --data DIR"
)]
pub(crate) struct Replay {
    /// The numbers of events, as "tutti provenance" shows them
    #[arg(value_name = "EVENT", required = true)]
    events: Vec<u64>,
    /// Only shows what would come
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    data: DataArguments,
    /// Prints each flowfile as one line of JSON
    #[arg(long)]
    json: bool,
}

impl Replay {
    pub(crate) fn run(&self, settings: &Settings) -> Result<ExitCode, CliError> {
        let repository = data_folder::open_existing(&self.data.folder(settings))?;
        let done = self.replay(&repository);
        let closed = data_folder::close(repository, done);
        match closed? {
            Ok(replayed) => self.tell(&replayed),
            Err(errors) => {
                for error in &errors {
                    say(&format!("error: {}", tutti_model::chain(error)));
                    say(&format!("  {}", error.help()));
                }
                say("nothing was replayed");
                Ok(FAILED.into())
            }
        }
    }

    /// What came, durable, or what hindered it.
    fn replay(
        &self,
        repository: &Repository,
    ) -> Result<Result<Vec<Replayed>, Vec<ReplayError>>, CliError> {
        let events = self.events.iter().copied().collect();
        let replaying = match Replaying::of(repository, &events) {
            Ok(replaying) => replaying,
            Err(errors) => return Ok(Err(errors)),
        };
        if self.dry_run {
            return Ok(Ok(replaying.planned()));
        }
        let random = SystemRandom::new().map_err(CliError::Threads)?;
        // Durable when the repository is closed, which tells when it cannot be.
        Ok(match replaying.commit(&SystemClock::default(), &random) {
            Ok(committed) => Ok(committed.replayed),
            Err(error) => Err(vec![error]),
        })
    }

    fn tell(&self, replayed: &[Replayed]) -> Result<ExitCode, CliError> {
        let mut results = Results::new();
        for each in replayed {
            if self.json {
                results.json(&as_json(each))?;
            } else {
                results.line(&in_words(each))?;
            }
        }
        results.finish()?;
        if self.dry_run && !self.json {
            say("nothing was replayed: without --dry-run these would come");
        } else if !self.json {
            // What the flow is by now nobody knows here.
            say("the next run works on them, if its flow still has these connections");
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn in_words(replayed: &Replayed) -> String {
    let Replayed { event, queue, parent, uuid, filename, bytes } = replayed;
    let uuid = uuid.as_ref().map(|uuid| format!("  {uuid}")).unwrap_or_default();
    let name = filename.as_deref().unwrap_or_default().escape_debug();
    let (queue, parent) = (queue.escape_debug(), parent.escape_debug());
    format!("{event:>10}{uuid}  {bytes:>12} B  {name}  as {parent} into \"{queue}\"")
}

fn as_json(replayed: &Replayed) -> Value {
    json!({
        "event": replayed.event,
        "queue": replayed.queue,
        "parent": replayed.parent,
        "uuid": replayed.uuid,
        "filename": replayed.filename,
        "bytes": replayed.bytes,
    })
}
