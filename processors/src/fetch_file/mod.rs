//! `FetchFile`: brings the content of a file into the flowfile that names it.
//!
//! Never deletes or moves a file before what it held is durable, and never one that changed since
//! it was read.

mod completion;
mod fetch;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use tutti_sdk::bulletin::Level;
use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::model::spec::{PropertyError, Removed, ValueError};
use tutti_sdk::property::{Choice, Evaluated};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Makes, Probe, ProcessError, Processor,
    ProcessorContext, Properties, Removes, SUCCESS, Session, Verification, async_trait, host,
};

use crate::files::emptied::{self, Filled};
use crate::files::folder::Folders;
use crate::files::trials;
use crate::files::{attributes, paths, reading};
use crate::log_level::LogLevel;
use completion::{Move, Moving};
use fetch::{Fetched, Job, Outcome};

const NOT_FOUND: &str = "not.found";
const PERMISSION_DENIED: &str = "permission.denied";

/// What becomes of a file once its content is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum CompletionStrategy {
    /// It stays.
    #[choice("None")]
    None,
    /// It is moved to **Move Destination Directory**.
    #[choice("Move File")]
    Move,
    /// It is deleted.
    #[choice("Delete File")]
    Delete,
}

/// What to do when there is a file of that name where it is moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum MoveConflict {
    /// The file gets a name of its own: `song.wav` becomes `song-UUID.wav`.
    #[choice("Rename")]
    Rename,
    /// The other file is replaced.
    #[choice("Replace File")]
    Replace,
    /// The other file stays, and the one that was fetched is deleted.
    #[choice("Keep Existing")]
    Keep,
    /// The flowfile goes to `failure`, and both stay where they are.
    #[choice("Fail")]
    Fail,
}

/// The properties of [`FetchFile`].
#[derive(Debug, Properties)]
pub(crate) struct FetchFileProperties {
    /// The file, by its whole path.
    #[property(name = "File to Fetch", default = "${absolute.path}/${filename}")]
    file_to_fetch: Evaluated<String>,
    /// What becomes of the file once its content is durable.
    #[property(default = "None")]
    completion_strategy: CompletionStrategy,
    /// The folder that files are moved to. It is made when it is missing.
    #[property(depends_on("Completion Strategy", "Move File"), example = "/data/done")]
    move_destination_directory: Option<Evaluated<PathBuf>>,
    /// What to do when there is a file of that name where it is moved to.
    #[property(default = "Rename", depends_on("Completion Strategy", "Move File"))]
    move_conflict_strategy: MoveConflict,
    /// How serious it is when there is no such file.
    #[property(name = "File not Found Log Level", default = "error")]
    not_found_log_level: LogLevel,
    /// How serious it is when the file may not be read.
    #[property(default = "error")]
    permission_denied_log_level: LogLevel,
}

/// Brings the content of files into flowfiles.
pub(crate) struct FetchFile {
    properties: FetchFileProperties,
    folders: Arc<Folders>,
    /// Where it moves files to, if that depends on no flowfile.
    filled: Option<Arc<Filled>>,
}

#[async_trait]
impl Processor for FetchFile {
    type Properties = FetchFileProperties;

    fn describe() -> Description {
        Description {
            description: "\
The content is streamed: its size does not matter. A file that changes while it is read is tried \
again, as often as the flow says. A file is moved or deleted only when the flowfile with its \
content is durable, and only if it is still the file that was read and nobody writes it: else it \
stays, without a word, for the next listing. So a crash repeats a file and never loses one. What \
hinders that is told, and the flowfile has gone to `success` all the same.\n\n\
**File to Fetch** may be a name as GetFile and ListFile write it, in which `\\xHH` is a byte that \
is not UTF-8, and two backslashes are one.\n\n\
A file that its path does not allow to look at goes to `permission.denied` too, and not, as in \
NiFi, to `failure`. What is no file (a folder, a pipe, a device) goes to `failure` and is not \
opened. A move to another disk copies the file and deletes it then.\n\n\
It does not start where it would move files to a folder from which a GetFile of the same process \
picks up and deletes whatever comes there.",
            tags: &["file", "folder", "directory", "fetch", "ingest", "local", "move", "delete"],
            makes: const { &[Makes::as_it_came(NOT_FOUND), Makes::as_it_came(PERMISSION_DENIED)] },
            relationships: &[
                (SUCCESS, "Flowfiles that have the content of their file."),
                (NOT_FOUND, "Flowfiles whose file is not there, penalised."),
                (PERMISSION_DENIED, "Flowfiles whose file may not be read, penalised."),
                (
                    FAILURE,
                    "Flowfiles whose file cannot be fetched for another reason: at once where \
                     trying again cannot help, else after as many attempts as the flow says.",
                ),
            ],
            reads: &[
                (
                    "absolute.path",
                    "The folder of the file, unless **File to Fetch** says otherwise.",
                ),
                ("filename", "The name of the file, unless **File to Fetch** says otherwise."),
            ],
            example_flow: Some("fetch-file"),
            outside: true,
            removes: const {
                let removes = Removes::of(Removed::Fetched, &["File to Fetch"]);
                Some(removes.when("Completion Strategy", &["Delete File"]))
            },
            ..Description::transform("FetchFile", "Brings the content of a file into a flowfile.")
        }
    }

    fn build(properties: FetchFileProperties, context: &BuildContext) -> Result<Self, BuildError> {
        let moves = properties.completion_strategy == CompletionStrategy::Move;
        let destination = properties.move_destination_directory.as_ref().filter(|_| moves);
        if moves && destination.is_none() {
            let error = ValueError::new("a value is required to move files")
                .with_help("name a folder, or choose another completion strategy");
            let wrong = PropertyError::together(
                "Move Destination Directory",
                ["Completion Strategy"],
                error,
            );
            return Err(BuildError::Properties(vec![wrong]));
        }
        let filled = destination.and_then(Evaluated::literal).map(|folder| {
            let folder = attributes::absolute(folder);
            Arc::new(Filled { component: context.component.clone(), folder, is_deep: false })
        });
        Ok(Self { properties, folders: Arc::default(), filled })
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
        let look = |name: String| {
            let path = paths::from_text(&name);
            probe.blocking(move || trials::read_file(&path))
        };
        vec![probe.verify("Read the file", &self.properties.file_to_fetch, look).await]
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        let levels = &self.properties;
        match self.fetch(session, &flowfile).await {
            Ok(Outcome::Fetched(fetched)) => self.hand_on(session, flowfile, *fetched),
            Ok(Outcome::NotFound(error)) => {
                let level = levels.not_found_log_level;
                turn_away(session, flowfile, (NOT_FOUND, level), &error);
            }
            Ok(Outcome::Denied(error)) => {
                let level = levels.permission_denied_log_level;
                turn_away(session, flowfile, (PERMISSION_DENIED, level), &error);
            }
            Err(error) => {
                session.penalize(&mut flowfile);
                session.fail_or_retry(flowfile, &error);
            }
        }
        Ok(())
    }
}

impl FetchFile {
    async fn fetch(&self, session: &Session, flowfile: &FlowFile) -> Result<Outcome, ProcessError> {
        let text = self.properties.file_to_fetch.evaluate(session, flowfile)?;
        if text.is_empty() || text.contains('\0') {
            return Err(ProcessError::user(format!("{text:?} cannot be the path of a file"))
                .with_help("check the attributes that \"File to Fetch\" is made from"));
        }
        let path = attributes::absolute(&paths::from_text(&text));
        let moving = match (&self.properties.move_destination_directory, self.moves()) {
            (Some(folder), true) => {
                let folder = attributes::absolute(&folder.evaluate(session, flowfile)?);
                Some(Moving::new(&path, folder, self.properties.move_conflict_strategy)?)
            }
            _ => None,
        };
        let job = Job { path, moving };
        let content = session.write()?;
        session.blocking(move || job.run(content)).await?
    }

    fn moves(&self) -> bool {
        self.properties.completion_strategy == CompletionStrategy::Move
    }

    fn hand_on(&self, session: &mut Session, mut flowfile: FlowFile, fetched: Fetched) {
        let Fetched { content, path, version, moving } = fetched;
        session.set_content(&mut flowfile, content);
        session.provenance_fetch(&flowfile, &reading::uri(&path));
        if let Some(moving) = moving {
            let id = host::new_uuid(session.random());
            let folders = Arc::clone(&self.folders);
            let this = Move { path, version, moving, id, folders };
            session.on_durable(&flowfile, move || this.run());
        } else if self.properties.completion_strategy == CompletionStrategy::Delete {
            let delete = move || {
                reading::delete(&path, version).map_err(|error| {
                    error.with_help(
                        "its content was fetched: delete it by hand, or give the right to delete \
                         in its folder",
                    )
                })
            };
            session.on_durable(&flowfile, delete);
        }
        session.transfer(flowfile, SUCCESS);
    }
}

/// Sends away what has no file that can be read.
fn turn_away(
    session: &mut Session,
    mut flowfile: FlowFile,
    (relationship, level): (&'static str, LogLevel),
    error: &ProcessError,
) {
    let reason = error.chain();
    session.report(Level::from(level), Some(&flowfile), reason.as_str());
    session.provenance_route(&flowfile, relationship, &reason);
    error.note_on(&mut flowfile, session.context().component());
    session.penalize(&mut flowfile);
    session.transfer(flowfile, relationship);
}
