//! `ListFile`: lists the files of a folder, each version once.
//!
//! Reads no content and deletes nothing. What it listed is in its state, and committed with the
//! flowfiles: a kill at any moment repeats what was not durable, and loses nothing.

mod page;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tutti_sdk::bulletin::Level;
use tutti_sdk::model::spec::InputRequirement;
use tutti_sdk::{
    BuildContext, BuildError, Description, Probe, ProcessError, Processor, Properties, SUCCESS,
    Session, Verification, async_trait, verified,
};

use crate::files::attributes;
use crate::files::look::Look;
use crate::files::look::criteria::{Criteria, QUIET_MS};
use crate::files::paths;
use crate::files::trials;
use crate::listed::Listed;
use crate::listed::tracking::Tracking;
use crate::news::News;
use page::{Listable, Page, Wish, Young};

/// Files that one trigger lists at most.
const PAGE_MAX: usize = 1_000;
/// What comes up with a time that lies so long before a look may be listed by the next one: clocks
/// of other machines and coarse time stamps allowed for.
const SLACK: Duration = Duration::from_mins(1);

/// The properties of [`ListFile`].
#[derive(Debug, Clone, Properties)]
pub(crate) struct ListFileProperties {
    /// The folder whose files are listed.
    #[property(example = "/data/recordings")]
    input_directory: PathBuf,
    #[flatten]
    tracking: Tracking,
    #[flatten]
    criteria: Criteria,
    /// Whether to tell whose a file is, what may be done with it, and when it was made and read.
    #[property(default = "true")]
    include_file_attributes: bool,
    /// How long to wait between two looks at the folder.
    #[property(default = "1 min", example = "10 sec")]
    polling_interval: Duration,
}

/// Lists the files of a folder.
pub(crate) struct ListFile {
    properties: Arc<ListFileProperties>,
    /// What is listed, for the state.
    of: String,
    memory: Mutex<Memory>,
}

/// What is known between two triggers; nothing that a restart must not forget.
#[derive(Default)]
struct Memory {
    news: News,
    looked_at_ms: Option<u64>,
    /// Files that the last scan left, as they may have been being written.
    young: Young,
    /// Those that this scan leaves.
    younger: Young,
    /// The last scan left some for the first time: another look is due as soon as they had time.
    is_expectant: bool,
    /// This scan is that other look.
    is_second: bool,
}

#[async_trait]
impl Processor for ListFile {
    type Properties = ListFileProperties;

    fn describe() -> Description {
        Description {
            description: "\
Each file becomes a flowfile without content, for FetchFile to fetch: `${absolute.path}` and \
`${filename}` say where it is. A file that is modified is listed again. What was listed is kept in \
the processor's state, and is committed with the flowfiles. Another folder, or other filters, list \
everything again.\n\n\
Names are remembered only where times do not say enough: with `timestamps` those modified within a \
minute before the last look, with `entities` those within **Entity Tracking Time Window**, and at \
most 100,000; what would be more is told. A look that could not see everything, as a folder could \
not be read, is told too, and forgets nothing: what it missed is listed when it is there again. \
NiFi drops from its memory what left the time window while the flow stood still; here the window \
ends with the last look.\n\n\
A name that is not UTF-8 is kept without loss: such a byte becomes `\\xHH` in the attributes, and \
a backslash becomes two.\n\n\
Symbolic links are followed, but no folder is searched twice. Left out are data folders of Tutti, \
files that a sink is writing (`.tutti-*.part`), what is no file (sockets, pipes, devices), what \
the kernel tells (`/proc`, `/sys`), and what lies more than 128 folders deep; one look reads at \
most 2,000,000 names.",
            tags: &["file", "folder", "directory", "list", "ingest", "source", "local"],
            input: InputRequirement::Forbidden,
            relationships: &[(SUCCESS, "A flowfile for every file that was listed.")],
            writes: attributes::OF_LISTED,
            serial: true,
            example_flow: Some("list-file"),
            outside: true,
            ..Description::transform(
                "ListFile",
                "Lists the files of a folder, for others to fetch.",
            )
        }
    }

    fn build(properties: ListFileProperties, _: &BuildContext) -> Result<Self, BuildError> {
        properties.criteria.check()?;
        let of = format!(
            "{}\n{}",
            paths::to_text(&attributes::absolute(&properties.input_directory)),
            properties.criteria.to_text()
        );
        Ok(Self { properties: Arc::new(properties), of, memory: Mutex::default() })
    }

    async fn verify(&self, probe: &Probe) -> Vec<Verification> {
        let folder = self.properties.input_directory.clone();
        let read = probe.blocking(move || trials::read_folder(&folder)).await;
        vec![verified("Read the folder", read)]
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        if !Listed::is_scanning(session)? && !self.is_time(session).await {
            session.yield_processor();
            return Ok(());
        }
        let mut listed = self.read(session)?;
        let mut count = 0;
        loop {
            listed.begin(session.clock().now());
            let page = self.page(session, &listed).await?;
            if !page.look.is_cut && session.context().is_stopping() {
                // What was not seen may be anything.
                return Ok(());
            }
            self.tell(session, &listed, &page.look);
            count += page.found.len();
            let last = page.found.last().map(|last| last.place.clone());
            hand_on(session, &mut listed, page.found);
            self.memory.lock().younger.extend(page.younger);
            if let (true, Some(last)) = (page.look.is_cut, last) {
                listed.pause(&last, page.look.is_blind);
                break;
            }
            if let Some(warning) = listed.end(page.look.is_blind) {
                session.report(Level::Warning, None, warning);
            }
            // Whoever runs until nothing is left to do is not to miss what was just written.
            if !self.memory.lock().end_scan() || count > 0 {
                break;
            }
            session.clock().sleep_ms(QUIET_MS).await;
            self.memory.lock().begin_second();
        }
        listed.save(session);
        if count == 0 {
            session.yield_processor();
        }
        session.commit().await?;
        self.memory.lock().looked_at_ms = Some(session.clock().monotonic_ms());
        Ok(())
    }
}

impl Memory {
    /// Ends a scan; whether it left files for the first time that may have been being written.
    fn end_scan(&mut self) -> bool {
        let was_second = std::mem::take(&mut self.is_second);
        self.young = std::mem::take(&mut self.younger);
        self.is_expectant = !self.young.is_empty() && !was_second;
        self.is_expectant
    }

    /// Begins the other look at those, if there is one to be.
    fn begin_second(&mut self) -> bool {
        self.is_second = std::mem::take(&mut self.is_expectant);
        self.is_second
    }
}

impl ListFile {
    fn read(&self, session: &Session) -> Result<Listed, ProcessError> {
        let least_age = self.properties.criteria.minimum_file_age;
        self.properties.tracking.read(session, &self.of, SLACK, least_age)
    }

    /// Whether it is time for another look.
    async fn is_time(&self, session: &Session) -> bool {
        let interval = u64::try_from(self.properties.polling_interval.as_millis());
        let now = session.clock().monotonic_ms();
        {
            let mut memory = self.memory.lock();
            let since = memory.looked_at_ms.map(|last| now.saturating_sub(last));
            if since.is_none_or(|since| since >= interval.unwrap_or(u64::MAX)) {
                return true;
            }
            if !memory.begin_second() {
                return false;
            }
        }
        session.clock().sleep_ms(QUIET_MS).await;
        true
    }

    async fn page(&self, session: &Session, listed: &Listed) -> Result<Page, ProcessError> {
        let wish = Wish {
            properties: Arc::clone(&self.properties),
            now: session.clock().now(),
            monotonic_ms: session.clock().monotonic_ms(),
            young: self.memory.lock().young.clone(),
            listed: listed.clone(),
        };
        let context = session.context().clone();
        session.blocking(move || wish.look(&|| context.is_stopping(), PAGE_MAX)).await
    }

    fn tell(&self, session: &Session, listed: &Listed, look: &Look) {
        let news = &mut self.memory.lock().news;
        for (about, error) in &look.problems {
            if news.is_news(about, &error.chain()) {
                session.report_error(None, error);
            }
        }
        for (about, warning) in &look.warnings {
            if news.is_news(about, warning) {
                session.report(Level::Warning, None, warning.as_str());
            }
        }
        // What is well again is told when it is not once more.
        if listed.after().is_none() && !look.is_cut {
            news.retain(|about| look.troubled.contains(about));
        }
    }
}

fn hand_on(session: &mut Session, listed: &mut Listed, found: Vec<Listable>) {
    for file in found {
        listed.note(&file.entity());
        let mut flowfile = session.create();
        for (name, value) in file.attributes {
            flowfile.set_attribute(name, value);
        }
        session.transfer(flowfile, SUCCESS);
    }
}
