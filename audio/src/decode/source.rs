//! Where the bytes of a recording come from.

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;

use parking_lot::Mutex;
use symphonia::core::io::MediaSource;

/// Bytes that can be read from anywhere.
pub trait Source: Read + Seek + Send + Sync {
    /// How many there are, where that is known.
    fn byte_len(&self) -> Option<u64>;
}

/// A recording in memory.
impl<T: AsRef<[u8]> + Send + Sync> Source for Cursor<T> {
    fn byte_len(&self) -> Option<u64> {
        Some(self.get_ref().as_ref().len() as u64)
    }
}

/// What is known of a source from outside, while a demuxer owns it.
#[derive(Default)]
pub(super) struct Watch {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    position: u64,
    failure: Option<io::Error>,
}

impl Watch {
    /// How far it was read, in bytes from the beginning. A demuxer reads ahead of what it uses.
    pub(super) fn position(&self) -> u64 {
        self.state.lock().position
    }

    /// The first failure to read, if there was one: demuxers take failures for the end.
    pub(super) fn take_failure(&self) -> Option<io::Error> {
        self.state.lock().failure.take()
    }
}

/// A source that is watched.
pub(super) struct Watched {
    source: Box<dyn Source>,
    watch: Arc<Watch>,
}

impl Watched {
    pub(super) fn new(source: Box<dyn Source>) -> (Self, Arc<Watch>) {
        let watch = Arc::new(Watch::default());
        (Self { source, watch: Arc::clone(&watch) }, watch)
    }

    fn note<T>(&self, result: io::Result<T>, moved: impl FnOnce(&T, &mut u64)) -> io::Result<T> {
        let mut state = self.watch.state.lock();
        match result {
            Ok(value) => {
                moved(&value, &mut state.position);
                Ok(value)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let told = io::Error::new(error.kind(), error.to_string());
                state.failure.get_or_insert(error);
                Err(told)
            }
        }
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.source.read(buffer);
        self.note(result, |count, position| *position += *count as u64)
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let result = self.source.seek(to);
        self.note(result, |at, position| *position = *at)
    }
}

impl MediaSource for Watched {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        self.source.byte_len()
    }
}
