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
        assert_eq!(sent.transit_bytes, Some(5));
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
    async fn nothing_is_delivered_to_where_it_would_be_picked_up_and_deleted() {
        let folder = TempDir::new().unwrap();
        let emptied = folder.path().join("in");
        let outside = folder.path().join("outside");
        fs::create_dir_all(emptied.join("sub")).unwrap();
        fs::create_dir(&outside).unwrap();
        fs::write(emptied.join("a"), "sound").unwrap();
        let old = fs::File::options().write(true).open(emptied.join("a")).unwrap();
        old.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        drop(old);
        std::os::unix::fs::symlink(&outside, emptied.join("link")).unwrap();
        std::os::unix::fs::symlink(&emptied, folder.path().join("other-name")).unwrap();
        let source = |keep| {
            let properties = [
                ("Directory", emptied.to_str().unwrap()),
                ("File Filter", "[a-z]+"),
                ("Path Filter", "sub|link|new"),
                ("Keep Source File", keep),
            ];
            TestRunner::new::<crate::get_file::GetFile>(&properties)
        };
        let put = async |into: &Path, strategy, name: &str| {
            let mut runner = runner(into, &[("Conflict Resolution Strategy", strategy)]);
            runner.enqueue(b"new", &[("filename", name)]);
            runner.run().await.unwrap();
            let is_refused = runner.queued() == 1;
            if is_refused {
                runner.assert_bulletin(Level::Warning, "GetFile picks files up and deletes them");
            }
            is_refused
        };
        let mut first = source("false");
        first.run_withheld().await.unwrap();
        for strategy in ["ignore", "replace", "fail"] {
            for into in ["in", "other-name", "in/sub", "in/new", "outside"] {
                assert!(put(&folder.path().join(into), strategy, "a").await, "{strategy} {into}");
            }
        }
        assert_eq!(fs::read(emptied.join("a")).unwrap(), b"sound");
        assert!(!emptied.join("new").exists());
        for (into, name) in [("in", "a.json"), ("in/out", "a"), ("in", ".a"), ("beside", "a")] {
            let into = folder.path().join(into);
            assert!(!put(&into, "replace", name).await, "{into:?} {name}");
        }
        drop(first);
        let _kept = source("true");
        assert!(!put(&emptied, "ignore", "a").await, "what is kept is delivered");
    }

    #[tokio::test]
    async fn what_was_delivered_before_a_first_look_is_not_picked_up_through_a_link() {
        let folder = TempDir::new().unwrap();
        let outside = folder.path().join("outside");
        fs::create_dir(&outside).unwrap();
        let emptied = folder.path().join("in");
        fs::create_dir(&emptied).unwrap();
        std::os::unix::fs::symlink(&outside, emptied.join("link")).unwrap();
        let properties = [("Directory", emptied.to_str().unwrap()), ("Minimum File Age", "0 sec")];
        let mut source = TestRunner::new::<crate::get_file::GetFile>(&properties);
        source.start();
        let mut runner = runner(&outside, &[]);
        runner.enqueue(b"sound", &[("filename", "a")]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, 1);
        source.clock().advance_ms(60_000);
        source.run().await.unwrap();
        source.assert_bulletin(Level::Warning, "was delivered by a processor of this process");
        assert_eq!(fs::read(outside.join("a")).unwrap(), b"sound");
    }

    #[tokio::test]
    async fn where_all_of_it_would_be_picked_up_and_deleted_the_later_one_does_not_start() {
        let folder = TempDir::new().unwrap();
        let emptied = folder.path().join("in");
        fs::create_dir(&emptied).unwrap();
        for (into, more, is_refused) in [
            ("in", None, true),
            ("in/new/../new", None, true),
            ("in/.hidden", None, false),
            ("beside", None, false),
            ("${x:replaceNull('in')}", None, false),
            ("in", Some(("File Filter", r".*\.wav")), false),
            ("in/new", Some(("Path Filter", "old")), false),
            ("in/new", Some(("Recurse Subdirectories", "false")), false),
            ("in", Some(("Keep Source File", "true")), false),
        ] {
            let both = || {
                let mut properties = vec![("Directory", emptied.to_str().unwrap())];
                properties.extend(more);
                let get = TestRunner::new::<crate::get_file::GetFile>(&properties);
                [get, runner(&folder.path().join(into), &[])]
            };
            let [get, put] = both();
            for mut order in [[get, put], {
                let [get, put] = both();
                [put, get]
            }] {
                order[0].run().await.unwrap();
                let told = order[1].run().await.map_err(|error| error.chain());
                let is_told = told.as_ref().is_err_and(|told| {
                    told.contains("where GetFile picks files up and deletes them")
                });
                assert_eq!((is_told, told.is_err()), (is_refused, is_refused), "{into} {more:?}");
            }
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
    async fn a_full_folder_and_a_missing_one_are_tried_later() {
        let folder = TempDir::new().unwrap();
        let mut full = runner(folder.path(), &[("Maximum File Count", "1")]);
        full.enqueue(b"x", &[("filename", "a")]);
        full.enqueue(b"x", &[("filename", "b")]);
        full.run_times(2).await.unwrap();
        full.assert_all_transferred(SUCCESS, 1);
        assert_eq!(full.queued(), 1);
        full.assert_bulletin(Level::Warning, "holds 1 files, and may hold 1");

        let missing = folder.path().join("missing");
        let mut missing = runner(&missing, &[("Create Missing Directories", "false")]);
        missing.enqueue(b"x", &[("filename", "a")]);
        missing.run().await.unwrap();
        assert_eq!(missing.queued(), 1);
        missing.assert_bulletin(Level::Warning, "cannot write");
    }

    #[tokio::test]
    async fn content_that_cannot_be_read_leaves_nothing_and_is_tried_later() {
        let folder = TempDir::new().unwrap();
        let mut runner = runner(folder.path(), &[]);
        runner.enqueue(b"sound", &[("filename", "a")]);
        runner.fail_reads_after(Some(2));
        runner.run().await.unwrap();
        assert_eq!(runner.queued(), 1);
        runner.assert_bulletin(Level::Warning, "cannot read the content: injected failure");
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
    async fn a_name_may_be_as_long_as_the_disk_allows_and_one_beyond_ends_in_failure_for_good() {
        let folder = TempDir::new().unwrap();
        for strategy in ["fail", "ignore", "replace"] {
            let below = folder.path().join(strategy);
            let mut runner = runner(&below, &[("Conflict Resolution Strategy", strategy)]);
            for length in [254, 255, 256] {
                runner.enqueue(b"x", &[("filename", &"n".repeat(length))]);
            }
            runner.run_times(3).await.unwrap();
            runner.assert_transferred(SUCCESS, 2);
            runner.assert_transferred(FAILURE, 1);
            runner.assert_bulletin(Level::Error, "File name too long");
            assert_eq!(files(&below), ["n".repeat(254), "n".repeat(255)]);
        }
    }

    #[tokio::test]
    async fn what_a_killed_run_left_is_removed() {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join(".tutti-1.part"), "sou").unwrap();
        fs::write(folder.path().join(".mine"), "x").unwrap();
        let mut runner = runner(folder.path(), &[]);
        runner.enqueue(b"sound", &[("filename", "a")]);
        runner.run().await.unwrap();
        runner.assert_all_transferred(SUCCESS, 1);
        assert_eq!(files(folder.path()), [".mine", "a"]);
    }
}
