//! `PutFile`: writes content into a folder.
//!
//! Never shows half a file under its name, and never writes outside its folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::property::{Choice, Evaluated};
use tutti_sdk::{
    BuildContext, BuildError, ContentReader, Description, FAILURE, ProcessError, Processor,
    ProcessorContext, Properties, SUCCESS, Session, async_trait,
};
use url::Url;

use crate::files::emptied::{self, Filled};
use crate::files::folder::Folders;
use crate::files::paths;
use crate::sinks::writers::Writers;

/// What to do when there is a file of that name already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum ConflictResolution {
    /// The flowfile goes to `failure`, and the file stays as it is.
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

/// One file to write; everything that the blocking work needs.
struct Job {
    folder: PathBuf,
    name: String,
    folders: Arc<Folders>,
    conflict: ConflictResolution,
    make_folder: bool,
    files_max: Option<u64>,
}

#[async_trait]
impl Processor for PutFile {
    type Properties = PutFileProperties;

    fn describe() -> Description {
        Description {
            description: "\
The content is streamed into a hidden file beside its place, brought to the disk, and only then \
given its name: nobody sees half a file, and a flowfile goes on only when its file is safe. A kill \
leaves the hidden file, `.tutti-*.part`; the next run removes it when it first writes into that \
folder. Files that are still being written hold a lock and stay; on a disk without locks, all \
stay.\n\n\
With the strategy `replace`, when files made from different files get the same name, the later one \
replaces the earlier, and a warning names both.\n\n\
It does not start where a GetFile of the same process would pick up and delete whatever it writes, \
so that nothing is picked up for it either. What may pass, such as a full disk, a folder that may \
not be written to, or a name that such a GetFile would take there, is tried again, as often as the \
flow says. What another try cannot mend, such as a name that would lead out of the folder, goes to \
`failure` at once, penalised.",
            tags: &["file", "folder", "directory", "put", "local", "archive", "sink"],
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

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        match self.put(session, &flowfile).await {
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
        Ok(())
    }
}

impl PutFile {
    async fn put(
        &self,
        session: &Session,
        flowfile: &FlowFile,
    ) -> Result<Option<(PathBuf, u64)>, ProcessError> {
        let folder = self.properties.directory.evaluate(session, flowfile)?;
        let name = flowfile.attribute("filename").unwrap_or(flowfile.uuid()).to_owned();
        if matches!(name.as_str(), "" | "." | "..") || name.contains(['/', '\0']) {
            return Err(ProcessError::user(format!("{name:?} cannot be the name of a file"))
                .with_help("set the attribute \"filename\" to a name without \"/\""));
        }
        let job = Job {
            folder: std::path::absolute(&folder).unwrap_or(folder),
            name,
            folders: Arc::clone(&self.folders),
            conflict: self.properties.conflict_resolution_strategy,
            make_folder: self.properties.create_missing_directories,
            files_max: self.properties.maximum_file_count,
        };
        let reader = session.read(flowfile)?;
        session.blocking(move || job.run(reader)).await?
    }
}

impl Job {
    /// Writes the file and hands back its path and how many bytes it has; `None` when there is one
    /// that is to stay.
    fn run(&self, mut reader: ContentReader) -> Result<Option<(PathBuf, u64)>, ProcessError> {
        let target = self.folder.join(&self.name);
        emptied::refuse(&target)?;
        if self.make_folder {
            paths::make_folder(&self.folder)?;
        }
        let replaces = self.conflict == ConflictResolution::Replace;
        match target.symlink_metadata() {
            Ok(_) if !replaces => return self.conflicting(&target),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.check_room()?,
            Err(error) => return Err(paths::error("look for", &target, error)),
        }
        match self.folders.write(&mut reader, &target, replaces)? {
            Some(bytes) => {
                emptied::delivered(&target);
                Ok(Some((target, bytes)))
            }
            None => self.conflicting(&target),
        }
    }

    fn conflicting(&self, target: &Path) -> Result<Option<(PathBuf, u64)>, ProcessError> {
        if self.conflict == ConflictResolution::Ignore {
            return Ok(None);
        }
        Err(ProcessError::user(format!("there is a file {:?} already", paths::to_text(target)))
            .with_help("choose another name, or another conflict resolution strategy"))
    }

    fn check_room(&self) -> Result<(), ProcessError> {
        let Some(max) = self.files_max else { return Ok(()) };
        let failed = |error| paths::error("read the folder", &self.folder, error);
        let mut count = 0;
        for entry in fs::read_dir(&self.folder).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            if !name.as_encoded_bytes().starts_with(b".") {
                count += 1;
            }
        }
        if count < max {
            return Ok(());
        }
        Err(ProcessError::external(format!(
            "the folder {:?} holds {count} files, and may hold {max}",
            paths::to_text(&self.folder)
        ))
        .with_help("make room in the folder, or raise the maximum file count"))
    }
}

#[cfg(test)]
mod tests;
