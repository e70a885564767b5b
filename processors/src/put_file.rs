//! `PutFile`: writes content into a folder.
//!
//! Never shows half a file under its name, and never writes outside its folder.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::property::{Choice, Evaluated};
use tutti_sdk::{
    BuildContext, BuildError, ContentReader, Description, FAILURE, ProcessError, Processor,
    Properties, SUCCESS, Session, async_trait,
};
use url::Url;

use crate::paths;
use crate::writers::Writers;

/// Bytes that are in memory at a time.
const BUFFER_BYTES: usize = 256 * 1024;

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
    /// How many files the folder may hold; more go to `failure`.
    #[property(min = 1)]
    maximum_file_count: Option<u64>,
}

/// Writes content into a folder.
pub(crate) struct PutFile {
    properties: PutFileProperties,
    writers: Writers,
}

/// One file to write; everything that the blocking work needs.
struct Job {
    folder: PathBuf,
    name: String,
    /// The name it has until it is whole.
    part_name: String,
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
given its name: nobody sees half a file, and a flowfile goes on only when its file is safe.\n\n\
With the strategy `replace`, when files made from different files get the same name, the later one \
replaces the earlier, and a warning names both.\n\n\
A name that would lead out of the folder goes to `failure`.",
            tags: &["file", "folder", "directory", "put", "local", "archive", "sink"],
            relationships: &[
                (SUCCESS, "Flowfiles whose content is in the folder."),
                (FAILURE, "Flowfiles whose content could not be written; they are penalised."),
            ],
            reads: &[("filename", "The name of the file.")],
            example_flow: Some("put-file"),
            ..Description::transform("PutFile", "Writes content into a folder.")
        }
    }

    fn build(properties: PutFileProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self { properties, writers: Writers::default() })
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        match self.put(session, &flowfile).await {
            Ok(Some(path)) => {
                let uri = Url::from_file_path(&path)
                    .map_or_else(|()| format!("file:{}", paths::to_text(&path)), String::from);
                session.provenance_send(&flowfile, &uri);
                if self.properties.conflict_resolution_strategy == ConflictResolution::Replace {
                    let help = "put the folder into Directory, as in \"/data/features/${path}\"";
                    self.writers.warn(session, &flowfile, ("file", &uri), help);
                }
                session.transfer(flowfile, SUCCESS);
            }
            Ok(None) => session.transfer(flowfile, SUCCESS),
            Err(error) => {
                session.penalize(&mut flowfile);
                session.fail(flowfile, FAILURE, &error);
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
    ) -> Result<Option<PathBuf>, ProcessError> {
        let folder = self.properties.directory.evaluate(session, flowfile)?;
        let name = flowfile.attribute("filename").unwrap_or(flowfile.uuid()).to_owned();
        if matches!(name.as_str(), "" | "." | "..") || name.contains(['/', '\0']) {
            return Err(ProcessError::user(format!("{name:?} cannot be the name of a file"))
                .with_help("set the attribute \"filename\" to a name without \"/\""));
        }
        let job = Job {
            folder: std::path::absolute(&folder).unwrap_or(folder),
            part_name: format!(".{}.part", flowfile.uuid()),
            name,
            conflict: self.properties.conflict_resolution_strategy,
            make_folder: self.properties.create_missing_directories,
            files_max: self.properties.maximum_file_count,
        };
        let reader = session.read(flowfile)?;
        session.blocking(move || job.run(reader)).await?
    }
}

impl Job {
    /// Writes the file and hands back its path; `None` when there is one that is to stay.
    fn run(&self, reader: ContentReader) -> Result<Option<PathBuf>, ProcessError> {
        let target = self.folder.join(&self.name);
        if self.make_folder {
            paths::make_folder(&self.folder)?;
        }
        let exists = target.symlink_metadata().is_ok();
        if exists && self.conflict != ConflictResolution::Replace {
            return self.conflicting(&target);
        }
        if !exists {
            self.check_room()?;
        }
        let part = self.folder.join(&self.part_name);
        let written = write(reader, &part).and_then(|()| self.name_it(&part, &target));
        match written {
            Ok(true) => {}
            Ok(false) => return self.conflicting(&target),
            Err(error) => {
                // What is left is hidden, and a second failure would hide the first.
                drop(fs::remove_file(&part));
                return Err(error);
            }
        }
        File::open(&self.folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| paths::error("bring to the disk", &self.folder, error))?;
        Ok(Some(target))
    }

    fn conflicting(&self, target: &Path) -> Result<Option<PathBuf>, ProcessError> {
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

    /// Gives the whole file its name; `false` when another file came first.
    fn name_it(&self, part: &Path, target: &Path) -> Result<bool, ProcessError> {
        let failed = |error| paths::error("name the file", target, error);
        if self.conflict == ConflictResolution::Replace {
            return fs::rename(part, target).map(|()| true).map_err(failed);
        }
        // A rename would replace a file that came meanwhile; a link does not.
        let linked = fs::hard_link(part, target);
        fs::remove_file(part).map_err(|error| paths::error("delete", part, error))?;
        match linked {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }
}

fn write(mut reader: ContentReader, part: &Path) -> Result<(), ProcessError> {
    let failed = |error| paths::error("write", part, error);
    let mut writer = BufWriter::with_capacity(BUFFER_BYTES, File::create(part).map_err(failed)?);
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let count = match io::Read::read(&mut reader, &mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(ProcessError::unreadable(error)),
        };
        writer.write_all(buffer.get(..count).unwrap_or_default()).map_err(failed)?;
    }
    writer.flush().map_err(failed)?;
    writer.get_ref().sync_all().map_err(failed)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;
    use tutti_sdk::bulletin::Level;
    use tutti_sdk::model::provenance::EventType;
    use tutti_sdk::testkit::TestRunner;

    use super::*;

    fn runner(folder: &Path, more: &[(&str, &str)]) -> TestRunner {
        let mut properties = vec![("Directory", folder.to_str().unwrap())];
        properties.extend(more);
        TestRunner::new::<PutFile>(&properties)
    }

    fn files(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn content_becomes_a_file_in_a_folder_that_is_made() {
        let folder = TempDir::new().unwrap();
        let below = folder.path().join("a/b");
        let mut runner = runner(&below, &[]);
        runner.enqueue(b"sound", &[("filename", "line\nend.wav")]);
        runner.enqueue(b"", &[("filename", "empty")]);
        runner.run_times(2).await.unwrap();
        runner.assert_all_transferred(SUCCESS, 2);
        assert_eq!(fs::read(below.join("line\nend.wav")).unwrap(), b"sound");
        assert_eq!(files(&below), ["empty", "line\nend.wav"]);
        let sent = &runner.events()[0];
        assert_eq!(sent.event_type, EventType::Send);
        assert!(sent.transit_uri.as_ref().unwrap().ends_with("/a/b/line%0Aend.wav"));
    }

    #[tokio::test]
    async fn the_folder_may_depend_on_attributes() {
        let folder = TempDir::new().unwrap();
        let mut runner = runner(&folder.path().join("${audio.codec}"), &[]);
        runner.enqueue(b"x", &[("filename", "a"), ("audio.codec", "flac")]);
        runner.run().await.unwrap();
        assert_eq!(files(&folder.path().join("flac")), ["a"]);
    }

    #[tokio::test]
    async fn an_existing_file_is_treated_as_the_flow_says() {
        for (strategy, relationship, content) in
            [("replace", SUCCESS, "new"), ("ignore", SUCCESS, "old"), ("fail", FAILURE, "old")]
        {
            let folder = TempDir::new().unwrap();
            fs::write(folder.path().join("a"), "old").unwrap();
            let mut runner = runner(folder.path(), &[("Conflict Resolution Strategy", strategy)]);
            runner.enqueue(b"new", &[("filename", "a")]);
            runner.run().await.unwrap();
            runner.assert_all_transferred(relationship, 1);
            assert_eq!(fs::read_to_string(folder.path().join("a")).unwrap(), content);
            assert_eq!(files(folder.path()), ["a"]);
        }
    }

    #[tokio::test]
    async fn a_name_cannot_lead_out_of_the_folder() {
        let folder = TempDir::new().unwrap();
        let below = folder.path().join("in");
        for name in ["../out", "/out", "..", ".", "", "a/b", "a\0b"] {
            let mut runner = runner(&below, &[]);
            runner.enqueue(b"x", &[("filename", name)]);
            runner.run().await.unwrap();
            runner.assert_all_transferred(FAILURE, 1);
            runner.assert_bulletin(Level::Error, "cannot be the name of a file");
        }
        assert!(files(folder.path()).is_empty());
    }

    #[tokio::test]
    async fn a_full_folder_and_a_missing_one_end_in_failure() {
        let folder = TempDir::new().unwrap();
        let mut full = runner(folder.path(), &[("Maximum File Count", "1")]);
        full.enqueue(b"x", &[("filename", "a")]);
        full.enqueue(b"x", &[("filename", "b")]);
        full.run_times(2).await.unwrap();
        full.assert_transferred(SUCCESS, 1);
        full.assert_transferred(FAILURE, 1);
        full.assert_bulletin(Level::Error, "holds 1 files, and may hold 1");

        let missing = folder.path().join("missing");
        let mut missing = runner(&missing, &[("Create Missing Directories", "false")]);
        missing.enqueue(b"x", &[("filename", "a")]);
        missing.run().await.unwrap();
        missing.assert_all_transferred(FAILURE, 1);
        missing.assert_bulletin(Level::Error, "cannot write");
    }

    #[tokio::test]
    async fn content_that_cannot_be_read_leaves_nothing_and_goes_to_failure() {
        let folder = TempDir::new().unwrap();
        let mut runner = runner(folder.path(), &[]);
        runner.enqueue(b"sound", &[("filename", "a")]);
        runner.fail_reads_after(Some(2));
        runner.run().await.unwrap();
        runner.assert_all_transferred(FAILURE, 1);
        assert!(runner.only(FAILURE).flowfile.penalized_until.is_some());
        runner.assert_bulletin(Level::Error, "cannot read the content: injected failure");
        assert!(files(folder.path()).is_empty());
    }

    #[tokio::test]
    async fn a_name_of_two_sources_is_told() {
        let folder = TempDir::new().unwrap();
        let mut runner = runner(folder.path(), &[("Conflict Resolution Strategy", "replace")]);
        for source in ["/in/x/", "/in/x/", "/in/y/"] {
            runner.enqueue(b"x", &[("filename", "a"), ("absolute.path", source)]);
        }
        runner.run_times(2).await.unwrap();
        assert!(runner.messages().is_empty(), "the same one again");
        runner.run().await.unwrap();
        runner.assert_bulletin(
            Level::Warning,
            "\"/in/x/a\", was replaced by one made from \"/in/y/a",
        );
    }

    #[tokio::test]
    async fn a_name_that_is_too_long_ends_in_failure_for_good() {
        let folder = TempDir::new().unwrap();
        let mut runner = runner(folder.path(), &[]);
        runner.enqueue(b"x", &[("filename", &"n".repeat(256))]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(FAILURE, 1);
        runner.assert_bulletin(Level::Error, "File name too long");
        assert!(files(folder.path()).is_empty());
    }

    #[tokio::test]
    async fn a_disk_that_takes_nothing_ends_in_failure() {
        // A device that answers every write with "no space left".
        let folder = TempDir::new().unwrap();
        let mut runner = runner(folder.path(), &[]);
        let uuid = runner.enqueue(b"sound", &[("filename", "a")]);
        let part = folder.path().join(format!(".{uuid}.part"));
        std::os::unix::fs::symlink("/dev/full", part).unwrap();
        runner.run().await.unwrap();
        runner.assert_all_transferred(FAILURE, 1);
        runner.assert_bulletin(Level::Error, "cannot write");
        assert_eq!(runner.bulletins()[0].help.as_deref(), Some("make room on the disk"));
        assert!(files(folder.path()).is_empty());
    }
}
