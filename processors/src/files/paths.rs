//! Names of files as text, and what is wrong with files.

use std::error::Error as _;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use tutti_sdk::ProcessError;

/// A name or path as text, without loss: a byte that is not UTF-8 becomes `\xHH`, and a backslash
/// becomes two. Everything else, line ends included, stays as it is.
pub(crate) fn to_text(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', "\\\\"));
        for byte in chunk.invalid() {
            // Writing to a text cannot fail.
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    text
}

/// The path of a text that [`to_text`] made; any other is a path as it stands, unless it has two
/// backslashes in a row, or one in front of `x` and a byte that no text has by itself.
pub(crate) fn from_text(text: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        bytes.push(byte);
        if byte != b'\\' {
            continue;
        }
        if let Some(after) = after.strip_prefix(b"\\") {
            rest = after;
        } else if let Some((odd, after)) = odd_byte(after) {
            bytes.pop();
            bytes.push(odd);
            rest = after;
        }
    }
    OsString::from_vec(bytes).into()
}

/// The byte that `xHH` stands for, and what comes behind it.
fn odd_byte(text: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, after) = text.strip_prefix(b"x")?.split_at_checked(2)?;
    let byte = u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
    (!byte.is_ascii() && !digits.iter().any(u8::is_ascii_lowercase)).then_some((byte, after))
}

/// What a file or folder is, whatever its name: its device and its inode.
pub(crate) type Identity = (u64, u64);

/// Which file or folder that is.
pub(crate) fn identity(metadata: &Metadata) -> Identity {
    (metadata.dev(), metadata.ino())
}

/// Makes a folder and those above it, so that not even a power failure takes them away again.
pub(crate) fn make_folder(path: &Path) -> Result<(), ProcessError> {
    make(path).map_err(|cause| error("make the folder", path, cause))
}

fn make(path: &Path) -> io::Result<()> {
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let missing: Vec<&Path> = path.ancestors().take_while(is_missing).collect();
    fs::create_dir_all(path)?;
    // The name of each is in the one above it.
    for above in missing.into_iter().filter_map(Path::parent) {
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        sync_names(above)?;
    }
    Ok(())
}

/// Brings the names in a folder to the disk.
pub(crate) fn sync_folder(path: &Path) -> Result<(), ProcessError> {
    sync_names(path).map_err(|cause| error("bring to the disk", path, cause))
}

/// The same, with the error as the system tells it.
pub(crate) fn sync_names(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Whether nothing is left of what those hold that are being written: room on a disk, or files that
/// may be open.
pub(crate) fn is_used_up(error: &ProcessError) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| {
        matches!(cause.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            || matches!(cause.raw_os_error(), Some(libc::EMFILE | libc::ENFILE))
    })
}

/// An error about a file or folder: what could not be done, with which, and what to do.
pub(crate) fn error(action: &str, path: &Path, cause: io::Error) -> ProcessError {
    let help = match cause.kind() {
        _ if matches!(cause.raw_os_error(), Some(libc::EMFILE | libc::ENFILE)) => {
            "allow the process more open files, as with ulimit -n, or use fewer tasks"
        }
        io::ErrorKind::PermissionDenied => "give the user that runs this the right to it",
        io::ErrorKind::NotFound => "check the path, and whether the disk is mounted",
        io::ErrorKind::StorageFull => "make room on the disk",
        io::ErrorKind::QuotaExceeded => "make room, or ask for more",
        io::ErrorKind::ReadOnlyFilesystem => "mount the disk for writing, or choose another folder",
        io::ErrorKind::NotADirectory => "choose a folder",
        io::ErrorKind::InvalidFilename => "choose a shorter name",
        _ => "check the disk",
    };
    let is_for_good = cause.kind() == io::ErrorKind::InvalidFilename;
    let error = ProcessError::external(format!("cannot {action} {:?}", to_text(path)))
        .caused_by(cause)
        .with_help(help);
    if is_for_good { error.permanent() } else { error }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use tutti_sdk::Retry;

    use super::*;

    #[test]
    fn different_names_have_different_texts() {
        let text = |bytes: &[u8]| to_text(Path::new(OsStr::from_bytes(bytes)));
        assert_eq!(text("Ärger\n.wav".as_bytes()), "Ärger\n.wav");
        assert_eq!(text(b"a\xFF.wav"), r"a\xFF.wav");
        assert_eq!(text(br"a\xFF.wav"), r"a\\xFF.wav");
    }

    #[test]
    fn a_text_becomes_the_name_that_it_was_made_from() {
        for name in [
            b"a.wav".as_slice(),
            "Ärger\n.wav".as_bytes(),
            b"a\xFF.wav",
            br"a\xFF.wav",
            br"\\\",
            b"\\\xC3(",
            br"x\",
        ] {
            let path = Path::new(OsStr::from_bytes(name));
            assert_eq!(from_text(&to_text(path)), path, "{name:?}");
        }
        for text in [r"a\b", r"a\x41", r"a\xfF", r"a\x8", r"a\xÄ0", r"a\"] {
            assert_eq!(from_text(text), Path::new(text), "no text of ours");
        }
    }

    #[test]
    fn a_name_that_cannot_be_is_for_good_and_a_full_disk_is_not() {
        let retry = |kind: io::ErrorKind| error("name", Path::new("a"), kind.into()).retry();
        assert_eq!(retry(io::ErrorKind::InvalidFilename), Retry::Never);
        assert_eq!(retry(io::ErrorKind::StorageFull), Retry::Later);
    }

    #[test]
    fn what_is_used_up_is_told_from_other_trouble() {
        let is_used_up = |cause| is_used_up(&error("write", Path::new("a"), cause));
        assert!(is_used_up(io::ErrorKind::StorageFull.into()));
        assert!(is_used_up(io::ErrorKind::QuotaExceeded.into()));
        assert!(is_used_up(io::Error::from_raw_os_error(libc::EMFILE)));
        assert!(!is_used_up(io::ErrorKind::InvalidFilename.into()));
    }
}
