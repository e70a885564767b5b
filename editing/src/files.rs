//! The files that a flow and its layout are kept in.
//!
//! Must never leave half a file, nor a flow's file without its layout's when that could be seen
//! before: both are written whole beside those that are there, and then take their names.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tutti_model::definition::FlowDefinition;
use tutti_model::document::Document;
use tutti_model::fmt;
use tutti_model::layout::Layout;

use crate::Sheet;

/// Where a flow and its layout lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowFiles {
    /// The flow's file, `NAME.json`.
    pub flow: PathBuf,
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
}

/// Why a flow's file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the flow's file \"{}\" cannot be written", path.display())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

impl FileError {
    /// Whether nothing else can take the file's place, as it is mounted by itself.
    pub fn is_mounted(&self) -> bool {
        self.source.kind() == io::ErrorKind::ResourceBusy
    }
}

impl FlowFiles {
    /// The file of the layout, `NAME.layout.json`.
    pub fn layout(&self) -> PathBuf {
        self.flow.with_extension("layout.json")
    }

    /// What both say at this moment; none when they cannot be read as a flow and a layout.
    pub fn read(&self) -> Option<Sheet> {
        let text = fs::read_to_string(&self.flow).ok()?;
        let flow = FlowDefinition::parse(&Document::parse(&text, "").ok()?);
        let layout = match fs::read_to_string(self.layout()) {
            Ok(text) => Layout::parse(&text).ok()?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Layout::new(),
            Err(_) => return None,
        };
        if flow.unread().is_empty() { Sheet::new(&flow, &layout).ok() } else { None }
    }

    /// Writes both in their canonical texts beside what is there. An empty layout has no file,
    /// unless it had one.
    ///
    /// # Errors
    /// When one cannot be written. What is there stays.
    pub fn write(&self, flow: &FlowDefinition, layout: &Layout) -> Result<Written, FileError> {
        let mut written = Written { files: Vec::new() };
        let path = self.layout();
        if *layout != Layout::new() || path.exists() {
            written.add(&path, layout.format().as_bytes())?;
        }
        written.add(&self.flow, fmt::write(flow).as_bytes())?;
        Ok(written)
    }
}

impl Written {
    fn add(&mut self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        // Of a link what it leads to is written.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let before = fs::metadata(&path).ok().map(|found| found.permissions());
        if before.as_ref().is_some_and(fs::Permissions::readonly) {
            return Err(FileError { path, source: io::ErrorKind::PermissionDenied.into() });
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let beside = path.with_file_name(name);
        let whole = write(&beside, bytes, before);
        // From here on it is removed again when anything fails.
        self.files.push(Whole { beside, path });
        let path = || self.files.last().map(|whole| whole.path.clone()).unwrap_or_default();
        whole.map_err(|source| FileError { path: path(), source })
    }

    /// Gives them their names, the layout first. Hands back the way back.
    ///
    /// # Errors
    /// When that cannot be, or is not certain to be on the disk. Then all is as it was, as far as
    /// the disk allows.
    pub fn publish(mut self) -> Result<Published, FileError> {
        let mut published = Published { before: Vec::new() };
        while !self.files.is_empty() {
            let Whole { beside, path } = &self.files[0];
            let failed = |source| FileError { path: path.clone(), source };
            let before = match fs::read(path) {
                Ok(bytes) => Some(bytes),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(published.after(failed(error))),
            };
            if let Err(error) = fs::rename(beside, path) {
                return Err(published.after(failed(error)));
            }
            published.before.push((path.clone(), before));
            if let Err(error) = sync_folder(path) {
                return Err(published.after(failed(error)));
            }
            self.files.remove(0);
        }
        Ok(published)
    }
}

/// Files that were published, and what they said before.
#[derive(Debug)]
pub struct Published {
    before: Vec<(PathBuf, Option<Vec<u8>>)>,
}

impl Published {
    /// Makes the files what they were, the flow's first.
    ///
    /// # Errors
    /// When that cannot be: the first that is not what it was.
    pub fn take_back(mut self) -> Result<(), FileError> {
        while let Some((path, before)) = self.before.pop() {
            if let Some(bytes) = before {
                let mut written = Written { files: Vec::new() };
                written.add(&path, &bytes)?;
                written.publish()?;
            } else {
                let removed = fs::remove_file(&path).and_then(|()| sync_folder(&path));
                removed.map_err(|source| FileError { path, source })?;
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
        drop(files.write(&flow, &layout).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        files.write(&flow, &layout).unwrap().publish().unwrap();
        assert_eq!(fs::read_to_string(&files.flow).unwrap(), fmt::write(&flow));
        assert_eq!(fs::read_to_string(files.layout()).unwrap(), layout.format());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn an_empty_layout_makes_no_file_and_empties_one() {
        let folder = tempfile::tempdir().unwrap();
        let files = FlowFiles { flow: folder.path().join("a.json") };
        let flow = FlowDefinition::new("a");
        files.write(&flow, &Layout::new()).unwrap().publish().unwrap();
        assert!(!files.layout().exists());
        fs::write(files.layout(), "{}").unwrap();
        files.write(&flow, &Layout::new()).unwrap().publish().unwrap();
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
            let written = files.write(&FlowDefinition::new("a"), &layout).unwrap();
            let error = written.publish().unwrap_err();
            assert_eq!(error.path, folder.path().join(blocked));
            let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
            assert!(names.iter().all(|one| {
                let name = one.as_ref().unwrap().file_name();
                !name.to_string_lossy().ends_with(".new")
            }));
            assert!(!files.flow.is_file() && !files.layout().is_file(), "{names:?}");
        }
    }

    #[test]
    fn what_was_published_can_be_taken_back_to_the_byte() {
        let folder = tempfile::tempdir().unwrap();
        let files = FlowFiles { flow: folder.path().join("a.json") };
        fs::write(&files.flow, "{ \"by\": \"hand\" } // with a remark").unwrap();
        let mut layout = Layout::new();
        layout.positions.insert("Get".to_owned(), Position::default());
        let published = files.write(&FlowDefinition::new("a"), &layout).unwrap().publish().unwrap();
        assert!(files.layout().is_file());
        published.take_back().unwrap();
        let text = fs::read_to_string(&files.flow).unwrap();
        assert_eq!(text, "{ \"by\": \"hand\" } // with a remark");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_a_mode_stays_and_what_is_not_to_be_written_is_not() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real.json");
        fs::write(&real, "{}").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).unwrap();
        let files = FlowFiles { flow: folder.path().join("a.json") };
        symlink(&real, &files.flow).unwrap();
        let flow = FlowDefinition::new("a");
        files.write(&flow, &Layout::new()).unwrap().publish().unwrap();
        assert!(fs::symlink_metadata(&files.flow).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), fmt::write(&flow));
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&real, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(files.write(&flow, &Layout::new()).is_err());
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_with_the_file() {
        let files = FlowFiles { flow: PathBuf::from("/nowhere/at/all/a.json") };
        let error = files.write(&FlowDefinition::new("a"), &Layout::new()).unwrap_err();
        assert_eq!(error.path, files.flow);
    }
}
