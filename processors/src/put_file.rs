//! `PutFile`: writes content into a folder.
//!
//! Never shows half a file under its name, and never writes outside its folder.

mod batch;

use std::path::PathBuf;
use std::sync::Arc;

use tutti_sdk::model::flowfile::{Content, FlowFile, Pick};
use tutti_sdk::property::{Choice, Evaluated};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Makes, Probe, ProcessError, Processor,
    ProcessorContext, Properties, SUCCESS, Session, Verification, async_trait,
};
use url::Url;

use crate::files::emptied::{self, Filled};
use crate::files::folder::Folders;
use crate::files::paths;
use crate::files::trials;
use crate::sinks::writers::Writers;
use batch::{Order, Outcome, Rules};

/// Files that are put in one go, each of them open.
const BATCH_FILES_MAX: usize = 100;
/// Bytes that are put in one go; what has more is put alone.
const BATCH_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// What to do when there is a file of that name already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum ConflictResolution {
    /// The flowfile goes to `failure`, and the file stays as it is. One that has the very bytes of
    /// the flowfile counts as delivered: after a kill or a roll-back it mostly was.
    Fail,
    /// The file is replaced, at once and as a whole.
    Replace,
    /// The flowfile goes to `success`, and the file stays as it is.
    Ignore,
}

/// The properties of [`PutFile`].
#[derive(Debug, Properties)]
pub(crate) struct PutFileProperties {
    /// The folder to write to. The name of the file is the attribute `filename`.
    #[property(example = "/data/features/${audio.codec}")]
    directory: Evaluated<PathBuf>,
    /// What to do when there is a file of that name already.
    #[property(default = "fail")]
    conflict_resolution_strategy: ConflictResolution,
    /// Whether to make the folder, and those above it, when it is missing.
    #[property(default = "true")]
    create_missing_directories: bool,
    /// How many files the folder may hold; more wait, and are tried again.
    #[property(min = 1)]
    maximum_file_count: Option<u64>,
}

/// Writes content into a folder.
pub(crate) struct PutFile {
    properties: PutFileProperties,
    folders: Arc<Folders>,
    writers: Writers,
    /// Where it writes, if that depends on no flowfile.
    filled: Option<Arc<Filled>>,
}

#[async_trait]
impl Processor for PutFile {
    type Properties = PutFileProperties;

    fn describe() -> Description {
        Description {
            description: "\
The content is streamed into a hidden file beside its place, brought to the disk, and only then \
given its name: nobody sees half a file, and a flowfile goes on only when its file is safe. Up to \
100 files of up to 16 MiB in all are brought to the disk together, as that is much faster; one \
that fails fails alone. A kill leaves the hidden files, `.tutti-*.part`; the next run removes them \
when it first writes into that folder. Files that are still being written hold a lock and stay; on \
a disk without locks, all stay.\n\n\
With the strategy `replace`, when files made from different files get the same name, the later one \
replaces the earlier, and a warning names both.\n\n\
It does not start where a GetFile of the same process would pick up and delete whatever it writes, \
so that nothing is picked up for it either. What may pass, such as a full disk, a folder that may \
not be written to, or a name that such a GetFile would take there, is tried again, as often as the \
flow says. What another try cannot mend, such as a name that would lead out of the folder, goes to \
`failure` at once, penalised.",
            tags: &["file", "folder", "directory", "put", "local", "archive", "sink"],
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[
                (SUCCESS, "Flowfiles whose content is in the folder."),
                (
                    FAILURE,
                    "Flowfiles that cannot be written as they are (the name cannot be, there is a \
                     file already, the content cannot be made), and those that could not be \
                     written after as many attempts as the flow says.",
                ),
            ],
            reads: &[("filename", "The name of the file.")],
            example_flow: Some("put-file"),
            outside: true,
            ..Description::transform("PutFile", "Writes content into a folder.")
        }
    }

    fn build(properties: PutFileProperties, context: &BuildContext) -> Result<Self, BuildError> {
        let filled = properties.directory.literal().map(|folder| {
            let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
            Arc::new(Filled { component: context.component.clone(), folder, is_deep: false })
        });
        Ok(Self { properties, folders: Arc::default(), writers: Writers::default(), filled })
    }

    async fn on_scheduled(&self, context: &ProcessorContext) -> Result<(), ProcessError> {
        let Some(filled) = self.filled.clone() else { return Ok(()) };
        context.blocking(move || emptied::register_sink(&filled)).await?
    }

    async fn on_stopped(&self, _: &ProcessorContext) {
        if let Some(filled) = &self.filled {
            emptied::forget_sink(filled);
        }
    }

    async fn verify(&self, probe: &Probe) -> Vec<Verification> {
        let makes = self.properties.create_missing_directories;
        let look = |folder: PathBuf| probe.blocking(move || trials::write_folder(&folder, makes));
        vec![probe.verify("Write to the folder", &self.properties.directory, look).await]
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let flowfiles = take(session)?;
        let (mut put, mut orders) = (Vec::new(), Vec::new());
        for flowfile in flowfiles {
            match self.order(session, &flowfile) {
                Ok(order) => {
                    put.push(flowfile);
                    orders.push(order);
                }
                Err(error) => self.hand_on(session, flowfile, Err(error)),
            }
        }
        if put.is_empty() {
            return Ok(());
        }
        let rules = self.rules(session);
        let outcomes = session.blocking(move || rules.put(orders)).await?;
        for (flowfile, outcome) in put.into_iter().zip(outcomes) {
            self.hand_on(session, flowfile, outcome);
        }
        Ok(())
    }
}

/// What is put in one go: all of it is in hidden files before the first has its name, so it is
/// bounded, in files and in bytes. What is larger is alone, and so is content that is made while it
/// is read: that may take long, and nobody knows how large it is.
fn take(session: &mut Session) -> Result<Vec<FlowFile>, ProcessError> {
    let (mut is_first, mut bytes) = (true, 0_u64);
    session.get_where(BATCH_FILES_MAX, |flowfile| {
        let is_alone = matches!(flowfile.content(), Content::Derived(_));
        bytes = bytes.saturating_add(flowfile.size_bytes());
        let is_too_much = is_alone || bytes > BATCH_BYTES_MAX;
        match (is_too_much, std::mem::replace(&mut is_first, false)) {
            (false, _) => Pick::Take,
            (true, true) => Pick::TakeAndStop,
            (true, false) => Pick::Stop,
        }
    })
}

impl PutFile {
    fn rules(&self, session: &Session) -> Rules {
        Rules {
            readers: session.readers(),
            folders: Arc::clone(&self.folders),
            conflict: self.properties.conflict_resolution_strategy,
            make_folder: self.properties.create_missing_directories,
            files_max: self.properties.maximum_file_count,
        }
    }

    fn order(&self, session: &Session, flowfile: &FlowFile) -> Result<Order, ProcessError> {
        let folder = self.properties.directory.evaluate(session, flowfile)?;
        let name = flowfile.attribute("filename").unwrap_or(flowfile.uuid());
        if matches!(name, "" | "." | "..") || name.contains(['/', '\0']) {
            return Err(ProcessError::user(format!("{name:?} cannot be the name of a file"))
                .with_help("set the attribute \"filename\" to a name without \"/\""));
        }
        let target = std::path::absolute(&folder).unwrap_or(folder).join(name);
        Ok(Order { target, flowfile: flowfile.clone() })
    }

    fn hand_on(&self, session: &mut Session, mut flowfile: FlowFile, outcome: Outcome) {
        match outcome {
            Ok(Some((path, bytes))) => {
                let uri = Url::from_file_path(&path)
                    .map_or_else(|()| format!("file:{}", paths::to_text(&path)), String::from);
                session.provenance_send(&flowfile, &uri, bytes);
                if self.properties.conflict_resolution_strategy == ConflictResolution::Replace {
                    let help = "put the folder into Directory, as in \"/data/features/${path}\"";
                    let counted = ("other files replaced", help);
                    self.writers.note(session, &flowfile, ("file", &uri), counted);
                }
                session.transfer(flowfile, SUCCESS);
            }
            Ok(None) => session.transfer(flowfile, SUCCESS),
            Err(error) => {
                session.penalize(&mut flowfile);
                session.fail_or_retry(flowfile, &error);
            }
        }
    }
}

#[cfg(test)]
mod tests;
