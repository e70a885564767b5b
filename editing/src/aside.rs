//! Files that are put aside: under another name nobody looks for them, and whoever wants them can
//! have them.
//!
//! Must never replace a file that is there when it looks, and must hold after a crash.

use std::fs::{self, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::FileError;
use crate::files::sync_folder;

/// Gives the file at `path`, if there is one, a name that nobody else has, with a number behind it;
/// hands that back.
///
/// # Errors
/// When that cannot be, or is not certain to be on the disk. Then it has its name.
pub fn set_aside(path: &Path) -> Result<Option<PathBuf>, FileError> {
    let failed = |source| FileError::write(path.to_owned(), source);
    // Whatever it is: also a link that leads nowhere, and what should be a file and is a folder.
    let Some(found) = there(path).map_err(failed)? else { return Ok(None) };
    let is_folder = found.is_dir();
    let name = free_name(path, is_folder).map_err(failed)?;
    if let Err(error) = fs::rename(path, &name) {
        // Nothing is in it.
        let _ = if is_folder { fs::remove_dir(&name) } else { fs::remove_file(&name) };
        return Err(failed(error));
    }
    if let Err(error) = sync_folder(path) {
        let _ = fs::rename(&name, path);
        return Err(failed(error));
    }
    Ok(Some(name))
}

/// Gives a file that was put aside its name again.
///
/// # Errors
/// When that cannot be, or somebody has that name by now.
pub fn put_back(aside: &Path, path: &Path) -> Result<(), FileError> {
    let failed = |source| FileError::write(path.to_owned(), source);
    if there(path).map_err(failed)?.is_some() {
        return Err(failed(io::ErrorKind::AlreadyExists.into()));
    }
    fs::rename(aside, path).and_then(|()| sync_folder(path)).map_err(failed)
}

/// What has that name, not what it leads to.
fn there(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        // What should be its folder may be something else.
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// A name that nobody has, taken by an empty file, or by an empty folder.
fn free_name(path: &Path, is_folder: bool) -> io::Result<PathBuf> {
    for number in 1_u32.. {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{number}"));
        let taken = if is_folder {
            fs::create_dir(&name)
        } else {
            OpenOptions::new().write(true).create_new(true).open(&name).map(drop)
        };
        match taken {
            Ok(()) => return Ok(name.into()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_put_aside_and_back_and_no_other_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let read = |path: &Path| fs::read_to_string(path).unwrap();
        assert_eq!(set_aside(&path).unwrap(), None);
        fs::write(folder.path().join("file"), "").unwrap();
        assert_eq!(set_aside(&folder.path().join("file/a.json")).unwrap(), None);
        for text in ["first", "second"] {
            fs::write(&path, text).unwrap();
            set_aside(&path).unwrap();
        }
        let [first, second] = ["a.json.1", "a.json.2"].map(|name| folder.path().join(name));
        assert_eq!((read(&first), read(&second)), ("first".to_owned(), "second".to_owned()));
        put_back(&second, &path).unwrap();
        assert_eq!((read(&path), second.exists()), ("second".to_owned(), false));
        assert!(put_back(&first, &path).is_err(), "somebody has the name");
        assert_eq!((read(&path), read(&first)), ("second".to_owned(), "first".to_owned()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_put_aside_wherever_it_leads() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("nowhere");
        for leads in [nowhere.as_path(), folder.path()] {
            let path = folder.path().join("a.json");
            std::os::unix::fs::symlink(leads, &path).unwrap();
            let aside = set_aside(&path).unwrap().unwrap();
            assert_eq!(fs::read_link(&aside).unwrap(), leads);
            assert!(fs::symlink_metadata(&path).is_err());
            put_back(&aside, &path).unwrap();
            assert!(put_back(&aside, &path).is_err(), "somebody has the name");
            fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn what_cannot_be_put_aside_keeps_its_name_and_leaves_none_behind() {
        let folder = tempfile::tempdir().unwrap();
        // With a number it is longer than a name may be.
        let path = folder.path().join("a".repeat(255));
        fs::write(&path, "a").unwrap();
        assert_eq!(set_aside(&path).unwrap_err().path(), path);
        assert_eq!(fs::read_to_string(&path).unwrap(), "a");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_where_a_file_should_be_is_put_aside_with_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("x"), "x").unwrap();
        let aside = set_aside(&path).unwrap().unwrap();
        assert!(!path.exists());
        assert_eq!(fs::read_to_string(aside.join("x")).unwrap(), "x");
    }
}
