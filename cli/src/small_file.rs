//! Files of settings and parameters, read as far as one can be meant.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The longest that is read, in bytes.
const BYTES_MAX: usize = 1 << 20;

/// The text of the file at `path`.
pub(crate) fn read(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > BYTES_MAX {
        let message = format!("it is longer than {} MB", BYTES_MAX >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    String::from_utf8(bytes)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_ends_and_what_is_no_text_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.toml");
        let kind_of = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            read(&path).map_err(|error| error.kind())
        };
        assert_eq!(kind_of(b"a"), Ok("a".to_owned()));
        assert_eq!(kind_of(b"\xff"), Err(io::ErrorKind::InvalidData));
        assert_eq!(kind_of(&vec![b'a'; BYTES_MAX + 1]), Err(io::ErrorKind::FileTooLarge));
    }
}
