//! Where the bytes of a recording come from.

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;

use parking_lot::Mutex;
use symphonia::core::io::MediaSource;

use super::DecodeError;

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

/// A source, shared with the demuxer that reads it.
#[derive(Clone)]
pub(super) struct Watched {
    state: Arc<Mutex<State>>,
}

struct State {
    source: Box<dyn Source>,
    position: u64,
    failure: Option<io::Error>,
}

impl Watched {
    pub(super) fn new(source: Box<dyn Source>) -> Self {
        let state = State { source, position: 0, failure: None };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// How far it was read, in bytes from the beginning. A demuxer reads ahead of what it uses.
    pub(super) fn position(&self) -> u64 {
        self.state.lock().position
    }

    /// The first failure to read, if there was one: demuxers take failures for the end.
    pub(super) fn take_failure(&self) -> Option<io::Error> {
        self.state.lock().failure.take()
    }

    /// The last bytes, at most `bytes_max`; none where nobody knows how long the source is.
    pub(super) fn tail(&self, bytes_max: u64) -> Result<Option<Vec<u8>>, DecodeError> {
        self.look(|source| {
            let Some(length) = source.byte_len() else { return Ok(None) };
            source.seek(SeekFrom::Start(length.saturating_sub(bytes_max)))?;
            let mut bytes = Vec::new();
            source.take(bytes_max).read_to_end(&mut bytes)?;
            Ok(Some(bytes))
        })
    }

    /// Reads elsewhere; the demuxer goes on from where it was.
    pub(super) fn look<T>(
        &self,
        look: impl FnOnce(&mut dyn Source) -> io::Result<T>,
    ) -> Result<T, DecodeError> {
        let mut state = self.state.lock();
        let offset = state.position;
        let found = look(&mut *state.source).and_then(|found| {
            state.source.seek(SeekFrom::Start(offset))?;
            Ok(found)
        });
        found.map_err(|source| DecodeError::Read { offset, source })
    }
}

impl State {
    fn note<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            if error.kind() == io::ErrorKind::Interrupted {
                return error;
            }
            let told = io::Error::new(error.kind(), error.to_string());
            self.failure.get_or_insert(error);
            told
        })
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut state = self.state.lock();
        let result = state.source.read(buffer);
        let count = state.note(result)?;
        state.position += count as u64;
        Ok(count)
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut state = self.state.lock();
        let result = state.source.seek(to);
        state.position = state.note(result)?;
        Ok(state.position)
    }
}

impl MediaSource for Watched {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        self.state.lock().source.byte_len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_at_the_tail_does_not_move_what_is_read_next() {
        let mut watched = Watched::new(Box::new(Cursor::new(b"0123456789".to_vec())));
        let mut two = [0; 2];
        watched.read_exact(&mut two).unwrap();
        assert_eq!(watched.tail(3).unwrap().unwrap(), b"789");
        assert_eq!(watched.tail(30).unwrap().unwrap(), b"0123456789");
        watched.read_exact(&mut two).unwrap();
        assert_eq!((&two, watched.position()), (b"23", 4));
    }
}
