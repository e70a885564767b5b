//! Content that must be in memory: no more of it than a property of the processor says.

use std::cell::Cell;
use std::io::{self, Read, Write};
use std::rc::Rc;

use tutti_sdk::model::flowfile::{Content, FlowFile};
use tutti_sdk::property::DataSize;
use tutti_sdk::{ProcessError, Session};

/// Bytes that are read at a time.
pub(crate) const BUFFER_BYTES: usize = 64 * 1024;
/// The property that says so.
pub(crate) const MAXIMUM_BUFFER_SIZE: &str = "Maximum Buffer Size";

/// The content has more than `max`.
pub(crate) fn too_large(max: DataSize) -> ProcessError {
    ProcessError::user(format!(
        "the content is larger than \"{MAXIMUM_BUFFER_SIZE}\" allows, which is {max}"
    ))
    .with_help(format!("raise \"{MAXIMUM_BUFFER_SIZE}\", if there is memory for it"))
}

/// New content cannot be written.
pub(crate) fn unwritable(error: io::Error) -> ProcessError {
    ProcessError::external("cannot store the content")
        .caused_by(error)
        .with_help("make room on the disk of the data folder, or check it")
}

/// Keeps a failure of `reader` as it is, which decoders do not.
pub(crate) struct Watched<R> {
    reader: R,
    failure: Rc<Cell<Option<io::Error>>>,
}

impl<R> Watched<R> {
    /// With where its failure will be.
    pub(crate) fn new(reader: R) -> (Self, Rc<Cell<Option<io::Error>>>) {
        let failure = Rc::default();
        (Self { reader, failure: Rc::clone(&failure) }, failure)
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer).map_err(|error| {
            if error.kind() == io::ErrorKind::Interrupted {
                return error;
            }
            self.failure.set(Some(error));
            io::Error::other("cannot read the content")
        })
    }
}

/// Copies up to `bytes` bytes, and says how many there were.
pub(crate) fn copy(
    reader: &mut impl Read,
    bytes: u64,
    writer: &mut impl Write,
) -> Result<u64, ProcessError> {
    let mut buffer = vec![0; BUFFER_BYTES.min(usize::try_from(bytes).unwrap_or(BUFFER_BYTES))];
    let mut left = bytes;
    while left > 0 {
        let room = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let space = buffer.get_mut(..room).unwrap_or_default();
        let count = match reader.read(space) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(ProcessError::unreadable(error)),
        };
        writer.write_all(buffer.get(..count).unwrap_or_default()).map_err(unwritable)?;
        left -= count as u64;
    }
    Ok(bytes - left)
}

/// The content of `flowfile`, written where it is only made on demand: that has no parts, and
/// nobody knows its size.
pub(crate) async fn stored(
    session: &Session,
    flowfile: &FlowFile,
) -> Result<Content, ProcessError> {
    let Content::Derived(_) = flowfile.content() else { return Ok(flowfile.content().clone()) };
    let (mut reader, mut writer) = (session.read(flowfile)?, session.write()?);
    let work = move || {
        copy(&mut reader, u64::MAX, &mut writer)?;
        writer.finish().map_err(unwritable)
    };
    session.blocking(work).await?
}

/// Runs, and sees that what was to be worked on waits, with a warning.
#[cfg(test)]
pub(crate) async fn assert_waits(runner: &mut tutti_sdk::testkit::TestRunner, told: &str) {
    runner.run().await.unwrap();
    let bulletin = runner.bulletins().pop().unwrap();
    let is_warning = bulletin.level == tutti_sdk::bulletin::Level::Warning;
    assert!(is_warning && bulletin.message.contains(told), "{bulletin:?}");
    assert_eq!(runner.queued(), 1);
    runner.clear();
}
