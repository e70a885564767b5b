//! `GetFile`: picks up files from a folder.
//!
//! Never deletes a file before the flowfile made from it is durable, and never one that changed
//! since it was read.

mod emptying;
mod listing;
mod memory;
mod pick_up;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tutti_sdk::bulletin::Level;
use tutti_sdk::model::flowfile::Timestamp;
use tutti_sdk::model::spec::{InputRequirement, Removed};
use tutti_sdk::model::state::StateMap;
use tutti_sdk::{
    BuildContext, BuildError, Description, Probe, ProcessError, Processor, ProcessorContext,
    Properties, Removes, SUCCESS, Session, Verification, async_trait, not_verified, verification,
    verified,
};

use crate::files::emptied::{self, Empties};
use crate::files::look::criteria::{Criteria, QUIET_MS};
use crate::files::trials;
use crate::files::version::{Candidate, Version};
use crate::files::{attributes, paths, reading};
use emptying::Emptying;
use listing::{CANDIDATES_MAX, Listing};
use memory::{Memory, Taken};
use pick_up::{Outcome, PickedUp};

/// How long files are looked for to tell how many there are.
const FINDING_MAX: Duration = Duration::from_secs(5);

/// The properties of [`GetFile`].
#[derive(Debug, Clone, Properties)]
pub(crate) struct GetFileProperties {
    /// The folder to pick up files from.
    #[property(exclusive = "folder that files are picked up from", example = "/data/recordings")]
    directory: PathBuf,
    #[flatten]
    criteria: Criteria,
    /// Whether files stay where they are. Each version of a file (path, size and time of
    /// modification) is then picked up once: an edit that keeps size and time is not seen. With
    /// `false` a file is deleted as soon as its flowfile is durable.
    #[property(default = "false")]
    keep_source_file: bool,
    /// How many files to pick up at a time.
    #[property(default = "10", min = 1, max = 10_000)]
    batch_size: u32,
    /// How long to wait between two looks at the folder.
    #[property(default = "0 sec", example = "10 sec")]
    polling_interval: Duration,
}

/// Picks up files from a folder.
pub(crate) struct GetFile {
    properties: Arc<GetFileProperties>,
    memory: Arc<Mutex<Memory>>,
    emptying: Arc<Emptying>,
}

#[async_trait]
impl Processor for GetFile {
    type Properties = GetFileProperties;

    fn describe() -> Description {
        Description {
            description: "\
Files are streamed: their size does not matter. A file that changes while it is read is left for \
later, and so is one that somebody has open for writing, however long that rests: on Linux, of \
files that this user owns, and not on disks of other machines. A source file is deleted only when \
its flowfile is durable, and only if it is still the file that was read and nobody writes it, so \
that a crash repeats a file and never loses one. It does not start where it would pick up and \
delete whatever a PutFile or PutObject of the same process writes, nor do these; where only names \
or attributes show it, they refuse file by file.\n\n\
A name that is not UTF-8 is kept without loss: such a byte becomes `\\xHH` in the attributes, and \
a backslash becomes two.\n\n\
Symbolic links are followed, but no folder is searched twice. Left out are data folders of Tutti, \
files that a sink is writing (`.tutti-*.part`), what is no file (sockets, pipes, devices), what \
the kernel tells (`/proc`, `/sys`), and what lies more than 128 folders deep; one look reads at \
most 2,000,000 names. What cannot be read is reported once and tried again at every look; a link \
that leads nowhere is warned of, where its name is wanted.\n\n\
What was picked up and kept is forgotten when its file is gone, but not while **Directory** is \
empty: that may be the place of a disk that is away.",
            tags: &["file", "folder", "directory", "ingest", "source", "local", "input"],
            input: InputRequirement::Forbidden,
            relationships: &[(SUCCESS, "Every file that was picked up.")],
            writes: attributes::OF_READ,
            serial: true,
            example_flow: Some("get-file"),
            outside: true,
            removes: const {
                Some(
                    Removes::of(Removed::Files, &["Directory"])
                        .when("Keep Source File", &["false"]),
                )
            },
            ..Description::transform("GetFile", "Picks up files from a folder.")
        }
    }

    fn build(properties: GetFileProperties, _: &BuildContext) -> Result<Self, BuildError> {
        properties.criteria.check()?;
        let properties = Arc::new(properties);
        let emptying = Arc::new(Emptying::new(Arc::clone(&properties)));
        Ok(Self { properties, memory: Arc::default(), emptying })
    }

    fn on_starting(&self) {
        if !self.properties.keep_source_file {
            self.emptying.begin();
            emptied::register(&self.empties());
        }
    }

    async fn on_scheduled(&self, context: &ProcessorContext) -> Result<(), ProcessError> {
        if self.properties.keep_source_file {
            return Ok(());
        }
        let empties = self.empties();
        context.blocking(move || emptied::check(&empties)).await?
    }

    async fn on_stopped(&self, _: &ProcessorContext) {
        emptied::forget(&self.empties());
    }

    async fn verify(&self, probe: &Probe) -> Vec<Verification> {
        let (properties, now) = (Arc::clone(&self.properties), probe.context().clock().now());
        let look = move || {
            let folder = &properties.directory;
            let mut told = vec![verified("Read the folder", trials::read_folder(folder))];
            if !properties.keep_source_file {
                let removing = trials::write_folder(folder, false);
                told.push(verified("Take files out of the folder", removing));
            }
            if told[0].outcome == verification::Outcome::Passed {
                told.push(find_files(&properties, now));
            }
            told
        };
        let failed = |error| vec![verified("Read the folder", Err(error))];
        probe.context().blocking(look).await.unwrap_or_else(failed)
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        if self.memory.lock().waiting.is_empty() && !self.look(session).await? {
            session.yield_processor();
            return Ok(());
        }
        let batch = self.memory.lock().next_batch(self.properties.batch_size as usize);
        let mut taken = Taken::new(&self.memory);
        let mut is_idle = true;
        for (candidate, outcome) in pick_up::copy(session, batch).await? {
            match outcome {
                Outcome::Copied(picked_up) => {
                    self.hand_on(session, &picked_up, &mut taken);
                    is_idle = false;
                }
                Outcome::Changed => {}
                Outcome::Written => self.tell_written(session, &candidate),
                Outcome::Unreadable(error) => self.report_once(session, &candidate, &error),
            }
        }
        if is_idle {
            // What is being written is found again at once, and again.
            session.yield_processor();
        }
        session.commit().await?;
        taken.is_committed = true;
        Ok(())
    }
}

/// What of a folder is looked for, whether or not it was picked up before.
fn find_files(properties: &GetFileProperties, now: Timestamp) -> Verification {
    const NAME: &str = "Find files";
    let began = Instant::now();
    let is_long = || began.elapsed() > FINDING_MAX;
    let listing = Listing::of(properties, now, &|_, _| false, &is_long, CANDIDATES_MAX);
    let (found, all) = (listing.ready.len() + listing.young.len(), listing.seen.len());
    let rest = if is_long() { ", as far as it was looked through in that time" } else { "" };
    match found {
        0 => Verification {
            help: Some("see whether the filters let through what is meant".to_owned())
                .filter(|_| all > 0),
            ..not_verified(NAME, &format!("of {all} files none is looked for{rest}"))
        },
        found => verified(NAME, Ok(format!("of {all} files {found} are looked for{rest}"))),
    }
}

impl GetFile {
    fn empties(&self) -> Arc<dyn Empties> {
        Arc::<Emptying>::clone(&self.emptying)
    }

    /// Lists the folder when it is time, and says whether files wait. Files that are young are
    /// looked at twice.
    async fn look(&self, session: &mut Session) -> Result<bool, ProcessError> {
        let now = session.clock().monotonic_ms();
        let interval = u64::try_from(self.properties.polling_interval.as_millis());
        if !self.memory.lock().is_time(now, interval.unwrap_or(u64::MAX)) {
            return Ok(false);
        }
        let remembered =
            if self.properties.keep_source_file { session.state_all()? } else { <_>::default() };
        let mut listing = self.list(session, remembered.clone()).await?;
        self.emptying.looked(std::mem::take(&mut listing.look.visited));
        if !listing.young.is_empty() {
            session.clock().sleep_ms(QUIET_MS).await;
            let first = std::mem::take(&mut listing.young);
            let settled = session
                .blocking(move || first.into_iter().filter(Candidate::is_unchanged).collect())
                .await?;
            let settled: Vec<Candidate> = settled;
            listing.ready.extend(settled);
        }
        let problems = std::mem::take(&mut listing.look.problems);
        for (about, error) in &problems {
            if self.memory.lock().news.is_news(about, &error.chain()) {
                session.report_error(None, error);
            }
        }
        for (about, warning) in std::mem::take(&mut listing.look.warnings) {
            if self.memory.lock().news.is_news(&about, &warning) {
                session.report(Level::Warning, None, warning);
            }
        }
        if listing.look.is_complete {
            self.memory.lock().forget_vanished(&listing);
            let vanished = remembered.iter().filter(|(path, _)| listing.has_vanished(path));
            for (path, _) in vanished {
                session.set_state(path, None);
            }
        }
        Ok(self.memory.lock().wait_for(listing.ready))
    }

    async fn list(&self, session: &Session, remembered: StateMap) -> Result<Listing, ProcessError> {
        let properties = Arc::clone(&self.properties);
        let memory = Arc::clone(&self.memory);
        let now = session.clock().now();
        let is_known = move |path: &Path, version: Version| {
            memory.lock().taken.get(path) == Some(&version)
                || remembered.get(&paths::to_text(path)) == Some(&*version.to_text())
        };
        let context = session.context().clone();
        let is_stopping = move || context.is_stopping();
        let look = move || Listing::of(&properties, now, &is_known, &is_stopping, CANDIDATES_MAX);
        session.blocking(look).await
    }

    fn hand_on(&self, session: &mut Session, picked_up: &PickedUp, taken: &mut Taken<'_>) {
        let mut flowfile = session.create();
        for (name, value) in &picked_up.attributes {
            flowfile.set_attribute(name, value.as_str());
        }
        session.set_content(&mut flowfile, picked_up.content.clone());
        session.provenance_receive(&flowfile, &picked_up.uri);
        let (path, version) = (picked_up.path.clone(), picked_up.version);
        if self.properties.keep_source_file {
            session.set_state(paths::to_text(&path), Some(version.to_text()));
        } else {
            taken.note(&path, version);
            let memory = Arc::clone(&self.memory);
            session.on_durable(&flowfile, move || {
                let deleted = delete(&path, version);
                if deleted.is_ok() {
                    memory.lock().note_deleted(path);
                }
                deleted
            });
        }
        session.transfer(flowfile, SUCCESS);
    }

    fn tell_written(&self, session: &Session, candidate: &Candidate) {
        let about = paths::to_text(&candidate.path);
        let message =
            format!("{about:?} is still being written: it is picked up when it is closed");
        if self.memory.lock().news.is_news(&about, &message) {
            session.report(Level::Info, None, message);
        }
    }

    fn report_once(&self, session: &Session, candidate: &Candidate, error: &ProcessError) {
        let about = paths::to_text(&candidate.path);
        if self.memory.lock().news.is_news(&about, &error.chain()) {
            session.report_error(None, error);
        }
    }
}

/// Deletes a file that was picked up, unless it is another one by now, or is about to be.
fn delete(path: &Path, version: Version) -> Result<(), ProcessError> {
    reading::delete(path, version).map_err(|error| {
        error.with_help(
            "it was picked up and will not be picked up again before a restart: give the right to \
             delete in its folder, or keep source files",
        )
    })
}
