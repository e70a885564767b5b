//! Several contents in one: tar, zip, and NiFi's packages of flowfiles.
//!
//! Writers stream and know no seek; readers look at heads alone, one at a time, and tell where
//! contents lie. Foreign bytes cost no more memory than the bounds here say, which is why the
//! formats are read here and not by libraries that hold a whole directory, and keep one of two
//! entries of the same name.

pub(crate) mod package;
pub(crate) mod tar;
pub(crate) mod zip;

use std::io::{self, Read};

use tutti_sdk::ProcessError;

/// How long the name of an entry may be, in bytes.
pub(crate) const NAME_BYTES_MAX: u64 = 64 * 1024;
/// How much a tar may say of one entry in a head of its own (PAX), and a package of one flowfile in
/// its attributes, in bytes.
pub(crate) const HEAD_BYTES_MAX: u64 = 1024 * 1024;

/// Why an archive cannot be read on.
#[derive(Debug)]
pub(crate) enum Broken {
    /// Its bytes could not be read.
    Unreadable(io::Error),
    /// It is not what it should be, or asks for more than it may.
    Content(String),
}

impl Broken {
    pub(crate) fn because(message: impl Into<String>) -> Self {
        Self::Content(message.into())
    }

    /// For the processor that reads an archive of the format `name`.
    pub(crate) fn told(self, name: &str) -> ProcessError {
        match self {
            Self::Unreadable(error) => ProcessError::unreadable(error),
            Self::Content(why) => {
                ProcessError::user(format!("the content is not {name}, or broken")).caused_by(why)
            }
            .with_help("see what it is, for example with IdentifyMimeType, and get it again"),
        }
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Self::because("it ends too soon");
        }
        Self::Unreadable(error)
    }
}

/// Where the bytes of an entry lie in the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// Reads `bytes` bytes, which are no more than `max`.
fn take(reader: &mut impl Read, bytes: u64, max: u64, what: &str) -> Result<Vec<u8>, Broken> {
    if bytes > max {
        return Err(Broken::because(format!("{what} of {bytes} bytes, where {max} are the most")));
    }
    let mut taken = Vec::new();
    if reader.by_ref().take(bytes).read_to_end(&mut taken)? as u64 != bytes {
        return Err(Broken::because("it ends too soon"));
    }
    Ok(taken)
}

/// The number of `N` bytes at `at`, the least first.
fn little<const N: usize>(bytes: &[u8], at: usize) -> u64 {
    let number = bytes.get(at..at + N).unwrap_or_default();
    number.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}
