//! Files beside the tests.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The largest file that a test names, in bytes.
const BYTES_MAX: u64 = 64 << 20;

/// What the file `name` below `folder` holds.
pub(crate) fn read(folder: &Path, name: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = File::open(folder.join(name))?.take(BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if read as u64 > BYTES_MAX {
        let message = format!("it is larger than {} MB", BYTES_MAX >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}
