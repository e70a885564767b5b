//! The files that a flow and its layout are kept in.
//!
//! Must never leave half a file, nor a flow's file without its layout's when that could be seen
//! before: both are written whole beside those that are there, and then take their names. Nor may
//! it write over what nobody here has seen.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::fmt;
use tutti_model::layout::Layout;

use crate::Sheet;

/// Where a flow and its layout lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowFiles {
    /// The flow's file, `NAME.json`.
    pub flow: PathBuf,
}

/// What both files said when they were looked at; nothing of what was not there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    flow: Option<Vec<u8>>,
    layout: Option<Vec<u8>>,
}

/// Files that are written and do not have their names yet.
#[derive(Debug)]
#[must_use]
pub struct Written {
    files: Vec<Whole>,
}

#[derive(Debug)]
struct Whole {
    beside: PathBuf,
    path: PathBuf,
    bytes: Vec<u8>,
    /// What is there, as far as is known.
    seen: Option<Vec<u8>>,
}

/// Why a flow's files could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The disk does not let it be written.
    #[error("the flow's file \"{}\" cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The disk does not let it be read.
    #[error("the flow's file \"{}\" cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It says something that no flow, or no layout, says.
    #[error("the file \"{}\" cannot be read as a flow: {why}", path.display())]
    NoFlow {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, with its place.
        why: String,
    },
    /// Something else has written it since it was looked at.
    #[error("the file \"{}\" was changed by something else at the same time", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
}

impl FileError {
    /// The same for `path`, where the system says why.
    pub fn write(path: PathBuf, source: io::Error) -> Self {
        Self::Write { path, source }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Write { path, .. }
            | Self::Read { path, .. }
            | Self::NoFlow { path, .. }
            | Self::Changed { path } => path,
        }
    }

    /// Whether nothing else can take the file's place, as it is mounted by itself.
    pub fn is_mounted(&self) -> bool {
        matches!(self, Self::Write { source, .. } if source.kind() == io::ErrorKind::ResourceBusy)
    }
}

/// The bytes of the file at `path`; none where it is not there.
fn bytes(path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(FileError::Read { path: path.to_owned(), source }),
    }
}

fn text<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a str, FileError> {
    let no_text = |_| FileError::NoFlow { path: path.to_owned(), why: "it is no UTF-8".to_owned() };
    str::from_utf8(bytes).map_err(no_text)
}

impl FlowFiles {
    /// The file of the layout, `NAME.layout.json`.
    pub fn layout(&self) -> PathBuf {
        self.flow.with_extension("layout.json")
    }

    /// What both say at this moment; no sheet where there is no file of the flow.
    ///
    /// # Errors
    /// When they cannot be read as a flow and a layout.
    pub fn read(&self) -> Result<(Option<Sheet>, Seen), FileError> {
        let seen = Seen { flow: bytes(&self.flow)?, layout: bytes(&self.layout())? };
        let Some(flow) = &seen.flow else { return Ok((None, seen)) };
        let no_flow = |path: &Path, why: String| FileError::NoFlow { path: path.to_owned(), why };
        let first = |findings: &[Diagnostic]| {
            findings.first().map_or_else(String::new, |first| {
                format!("{} (line {}, {})", first.message, first.place.line, first.place.path)
            })
        };
        let flow = FlowDefinition::read(text(&self.flow, flow)?, "");
        let flow = flow.map_err(|findings| no_flow(&self.flow, first(&findings)))?;
        let path = self.layout();
        let layout = match &seen.layout {
            Some(bytes) => Layout::parse(text(&path, bytes)?)
                .map_err(|error| no_flow(&path, error.to_string()))?,
            None => Layout::new(),
        };
        let sheet = Sheet::new(&flow, &layout);
        let sheet = sheet.map_err(|refusal| no_flow(&self.flow, refusal.to_string()))?;
        Ok((Some(sheet), seen))
    }

    /// Writes both in their canonical texts beside what is there, which is what was `seen`. An
    /// empty layout has no file, unless it had one.
    ///
    /// # Errors
    /// When one cannot be written. What is there stays.
    pub fn write(
        &self,
        flow: &FlowDefinition,
        layout: &Layout,
        seen: Seen,
    ) -> Result<Written, FileError> {
        let mut written = Written { files: Vec::new() };
        if *layout != Layout::new() || seen.layout.is_some() {
            written.add(&self.layout(), layout.format().into_bytes(), seen.layout)?;
        }
        written.add(&self.flow, fmt::write(flow).into_bytes(), seen.flow)?;
        Ok(written)
    }
}

/// Where the new text of a file is written first. Nobody else calls a file so; one that a crash has
/// left there is written over.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".tutti-new");
    path.with_file_name(name)
}

impl Written {
    fn add(&mut self, path: &Path, bytes: Vec<u8>, seen: Option<Vec<u8>>) -> Result<(), FileError> {
        // Of a link what it leads to is written.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let before = fs::metadata(&path).ok().map(|found| found.permissions());
        if before.as_ref().is_some_and(fs::Permissions::readonly) {
            return Err(FileError::write(path, io::ErrorKind::PermissionDenied.into()));
        }
        let beside = beside(&path);
        let whole = write(&beside, &bytes, before);
        // From here on it is removed again when anything fails.
        self.files.push(Whole { beside, path: path.clone(), bytes, seen });
        whole.map_err(|source| FileError::write(path, source))
    }

    /// Gives them their names, the layout first. Hands back the way back.
    ///
    /// # Errors
    /// When what is there is not what was seen, or when that cannot be, or is not certain to be on
    /// the disk. Then all is as it was, as far as the disk allows.
    pub fn publish(mut self) -> Result<Published, FileError> {
        let mut published = Published { files: Vec::new() };
        while !self.files.is_empty() {
            let whole = &self.files[0];
            let failed = |source| FileError::write(whole.path.clone(), source);
            match bytes(&whole.path) {
                Ok(before) if before == whole.seen => {}
                Ok(_) => {
                    let changed = FileError::Changed { path: whole.path.clone() };
                    return Err(published.after(changed));
                }
                Err(error) => return Err(published.after(error)),
            }
            if let Err(error) = fs::rename(&whole.beside, &whole.path) {
                return Err(published.after(failed(error)));
            }
            let synced = sync_folder(&whole.path).map_err(failed);
            published.files.push(self.files.remove(0));
            if let Err(error) = synced {
                return Err(published.after(error));
            }
        }
        Ok(published)
    }
}

/// Files that were published, and what they said before.
#[derive(Debug)]
pub struct Published {
    files: Vec<Whole>,
}

impl Published {
    /// Makes the files what they were, the flow's first.
    ///
    /// # Errors
    /// When that cannot be, or somebody has changed them by now: the first that is not what it was.
    pub fn take_back(mut self) -> Result<(), FileError> {
        while let Some(Whole { path, bytes: ours, seen, .. }) = self.files.pop() {
            if let Some(before) = seen {
                let mut written = Written { files: Vec::new() };
                written.add(&path, before, Some(ours))?;
                written.publish()?;
            } else if bytes(&path)? == Some(ours) {
                let removed = fs::remove_file(&path).and_then(|()| sync_folder(&path));
                removed.map_err(|source| FileError::write(path, source))?;
            } else {
                return Err(FileError::Changed { path });
            }
        }
        Ok(())
    }

    /// The same after `error`, which is what is told.
    fn after(self, error: FileError) -> FileError {
        let _ = self.take_back();
        error
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        for whole in &self.files {
            let _ = fs::remove_file(&whole.beside);
        }
    }
}

fn write(path: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.sync_all()
}

/// Brings the name of the file at `path` to the disk.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use tutti_model::layout::Position;

    use super::*;

    #[test]
    fn both_are_there_once_they_are_published_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let files = FlowFiles { flow: folder.path().join("a.json") };
        let flow = FlowDefinition::new("a");
        let mut layout = Layout::new();
        layout.positions.insert("Get".to_owned(), Position::default());
        drop(files.write(&flow, &layout, Seen::default()).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        files.write(&flow, &layout, Seen::default()).unwrap().publish().unwrap();
        assert_eq!(fs::read_to_string(&files.flow).unwrap(), fmt::write(&flow));
        assert_eq!(fs::read_to_string(files.layout()).unwrap(), layout.format());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn an_empty_layout_makes_no_file_and_empties_one() {
        let folder = tempfile::tempdir().unwrap();
        let files = FlowFiles { flow: folder.path().join("a.json") };
        let flow = FlowDefinition::new("a");
        let publish = |files: &FlowFiles| {
            let (_, seen) = files.read().unwrap();
            files.write(&flow, &Layout::new(), seen).unwrap().publish().unwrap();
        };
        publish(&files);
        assert!(!files.layout().exists());
        fs::write(files.layout(), "{\"format\": 1}").unwrap();
        publish(&files);
        assert_eq!(fs::read_to_string(files.layout()).unwrap(), Layout::new().format());
    }

    #[test]
    fn a_name_that_cannot_be_taken_leaves_nothing_beside_and_the_flow_as_it_was() {
        for blocked in ["a.layout.json", "a.json"] {
            let folder = tempfile::tempdir().unwrap();
            let files = FlowFiles { flow: folder.path().join("a.json") };
            let mut layout = Layout::new();
            layout.positions.insert("Get".to_owned(), Position::default());
            // A folder with something in it keeps its name.
            fs::create_dir_all(folder.path().join(blocked).join("x")).unwrap();
            let written = files.write(&FlowDefinition::new("a"), &layout, Seen::default());
            let error = written.unwrap().publish().unwrap_err();
            assert_eq!(error.path(), folder.path().join(blocked));
            let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
            assert!(names.iter().all(|one| {
                let name = one.as_ref().unwrap().file_name();
                !name.to_string_lossy().ends_with("-new")
            }));
            assert!(!files.flow.is_file() && !files.layout().is_file(), "{names:?}");
        }
    }

    #[test]
    fn what_others_keep_beside_it_stays() {
        let folder = tempfile::tempdir().unwrap();
        let files = FlowFiles { flow: folder.path().join("a.json") };
        let theirs = ["a.json.new", "a.new", "a.json~", "a.json.tmp"];
        for name in theirs {
            fs::write(folder.path().join(name), "theirs").unwrap();
        }
        let written = files.write(&FlowDefinition::new("a"), &Layout::new(), Seen::default());
        written.unwrap().publish().unwrap();
        for name in theirs {
            assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), "theirs", "{name}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1 + theirs.len());
    }

    #[test]
    fn what_was_published_can_be_taken_back_to_the_byte() {
        let folder = tempfile::tempdir().unwrap();
        let files = FlowFiles { flow: folder.path().join("a.json") };
        let by_hand = "{ \"by\": \"hand\" } // with a remark";
        fs::write(&files.flow, by_hand).unwrap();
        let mut layout = Layout::new();
        layout.positions.insert("Get".to_owned(), Position::default());
        let seen = Seen { flow: Some(by_hand.into()), layout: None };
        let written = files.write(&FlowDefinition::new("a"), &layout, seen).unwrap();
        let published = written.publish().unwrap();
        assert!(files.layout().is_file());
        published.take_back().unwrap();
        let text = fs::read_to_string(&files.flow).unwrap();
        assert_eq!(text, by_hand);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_a_mode_stays_and_what_is_not_to_be_written_is_not() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real.json");
        fs::write(&real, "{}").unwrap();
        let seen = || Seen { flow: Some(fs::read(&real).unwrap()), layout: None };
        fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).unwrap();
        let files = FlowFiles { flow: folder.path().join("a.json") };
        symlink(&real, &files.flow).unwrap();
        let flow = FlowDefinition::new("a");
        files.write(&flow, &Layout::new(), seen()).unwrap().publish().unwrap();
        assert!(fs::symlink_metadata(&files.flow).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), fmt::write(&flow));
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&real, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(files.write(&flow, &Layout::new(), seen()).is_err());
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_with_the_file() {
        let files = FlowFiles { flow: PathBuf::from("/nowhere/at/all/a.json") };
        let written = files.write(&FlowDefinition::new("a"), &Layout::new(), Seen::default());
        assert_eq!(written.unwrap_err().path(), files.flow);
    }

    #[test]
    fn what_nobody_has_seen_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let files = FlowFiles { flow: folder.path().join("a.json") };
        let flow = FlowDefinition::new("a");
        let mut layout = Layout::new();
        layout.positions.insert("Get".to_owned(), Position::default());
        files.write(&flow, &layout, Seen::default()).unwrap().publish().unwrap();
        let before = [fs::read(files.layout()).unwrap(), fs::read(&files.flow).unwrap()];
        for path in [files.layout(), files.flow.clone()] {
            let (sheet, seen) = files.read().unwrap();
            assert!(sheet.is_some());
            let written = files.write(&FlowDefinition::new("b"), &Layout::new(), seen).unwrap();
            fs::write(&path, "of another").unwrap();
            let error = written.publish().unwrap_err();
            assert!(matches!(&error, FileError::Changed { path: told } if *told == path));
            assert_eq!(fs::read_to_string(&path).unwrap(), "of another");
            // All else is as it was.
            fs::write(&path, &before[usize::from(path == files.flow)]).unwrap();
            assert_eq!(fs::read(files.layout()).unwrap(), before[0]);
            assert_eq!(fs::read(&files.flow).unwrap(), before[1]);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        }
        let (_, seen) = files.read().unwrap();
        let published = files.write(&FlowDefinition::new("b"), &layout, seen).unwrap();
        let published = published.publish().unwrap();
        fs::write(&files.flow, "of another").unwrap();
        assert!(matches!(published.take_back(), Err(FileError::Changed { .. })));
        assert_eq!(fs::read_to_string(&files.flow).unwrap(), "of another");
    }

    #[test]
    fn why_files_are_no_flow_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let files = FlowFiles { flow: folder.path().join("a.json") };
        assert_eq!(files.read().unwrap(), (None, Seen::default()));
        for (text, why) in
            [("{", "no end (line 1"), ("{\"format\": 1, \"name\": \"a\", \"x\": 1}", "x")]
        {
            fs::write(&files.flow, text).unwrap();
            let error = files.read().unwrap_err().to_string();
            assert!(error.contains("a.json\" cannot be read as a flow: "), "{error}");
            assert!(error.contains(why), "{error}");
        }
        fs::write(&files.flow, fmt::write(&FlowDefinition::new("a"))).unwrap();
        fs::write(files.layout(), "[]").unwrap();
        assert!(files.read().unwrap_err().to_string().contains("a.layout.json"));
        fs::remove_file(files.layout()).unwrap();
        fs::create_dir(files.layout()).unwrap();
        assert!(matches!(files.read(), Err(FileError::Read { .. })));
    }
}
