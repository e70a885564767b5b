//! The bytes of content, as long as somebody waits for what is made of them, and no longer than
//! the limit: reading fails then, and so does whatever reads.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tutti_audio::decode;

/// Whether to go on.
#[derive(Debug)]
pub(crate) struct Stop {
    is_stopped: AtomicBool,
    limit: Duration,
    until: Mutex<Instant>,
}

impl Stop {
    pub(crate) fn new(limit: Duration) -> Self {
        let until = Mutex::new(Instant::now() + limit);
        Self { is_stopped: AtomicBool::new(false), limit, until }
    }

    /// Nobody waits any more.
    pub(crate) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// The limit counts from now on.
    pub(crate) fn renew(&self) {
        *self.until.lock() = Instant::now() + self.limit;
    }

    fn check(&self) -> io::Result<()> {
        if self.is_stopped.load(Ordering::Relaxed) {
            return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "nobody waits for it"));
        }
        if Instant::now() >= *self.until.lock() {
            let message = format!("it takes longer than {} s", self.limit.as_secs());
            return Err(io::Error::new(io::ErrorKind::TimedOut, message));
        }
        Ok(())
    }
}

/// Content, which one after the other may read.
pub(crate) struct Source<R> {
    reader: Arc<Mutex<R>>,
    bytes: u64,
    stop: Arc<Stop>,
}

impl<R> Clone for Source<R> {
    fn clone(&self) -> Self {
        Self { reader: Arc::clone(&self.reader), bytes: self.bytes, stop: Arc::clone(&self.stop) }
    }
}

impl<R: Read + Seek> Source<R> {
    /// So many bytes.
    pub(crate) fn new(reader: R, bytes: u64, stop: Arc<Stop>) -> Self {
        Self { reader: Arc::new(Mutex::new(reader)), bytes, stop }
    }

    /// The same from its beginning.
    pub(crate) fn rewound(&self) -> io::Result<Self> {
        self.reader.lock().seek(SeekFrom::Start(0))?;
        Ok(self.clone())
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stop.check()?;
        self.reader.lock().read(buffer)
    }
}

impl<R: Seek> Seek for Source<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.stop.check()?;
        self.reader.lock().seek(to)
    }
}

impl<R: Read + Seek + Send> decode::Source for Source<R> {
    fn byte_len(&self) -> Option<u64> {
        Some(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn source(limit: Duration) -> Source<Cursor<Vec<u8>>> {
        Source::new(Cursor::new(vec![1, 2, 3]), 3, Arc::new(Stop::new(limit)))
    }

    #[test]
    fn what_nobody_waits_for_cannot_be_read() {
        let mut source = source(Duration::from_mins(1));
        let mut buffer = [0; 2];
        assert_eq!(source.read(&mut buffer).unwrap(), 2);
        source.stop.stop();
        let error = source.read(&mut buffer).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted);
        assert!(source.seek(SeekFrom::Start(0)).is_err());
    }

    #[test]
    fn at_the_limit_reading_ends() {
        let mut source = source(Duration::ZERO);
        let error = source.read(&mut [0; 2]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        source.stop.renew();
        assert!(source.seek(SeekFrom::Start(0)).is_err(), "of no time nothing is left");
    }
}
