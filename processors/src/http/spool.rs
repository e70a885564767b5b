//! Content that comes from a network, written piece by piece off the async threads.
//!
//! Never holds more of it than one piece, and no thread while it waits for the network.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use tutti_sdk::model::flowfile::Content;
use tutti_sdk::{ContentWriter, ProcessError, ProcessorContext};

use crate::bounded::unwritable;

/// So much is gathered before it is written.
const PIECE_BYTES: usize = 256 * 1024;

/// Why content could not be taken.
#[derive(Debug)]
pub(crate) enum SpoolError {
    /// It is larger than it may be.
    TooLarge,
    /// It is not compressed as it was said to be.
    Damaged,
    /// It cannot be stored.
    Store(ProcessError),
}

/// Takes one content.
pub(crate) struct Spool {
    context: ProcessorContext,
    /// `None` only while a piece is written, and for ever when that was broken off.
    sink: Option<Sink>,
    piece: Vec<u8>,
}

enum Sink {
    Plain(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
}

/// How content comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    /// As it is.
    Identity,
    /// To be unpacked.
    Gzip,
}

impl Spool {
    /// Takes up to `bytes_max`, counted as they are stored.
    pub(crate) fn new(
        context: &ProcessorContext,
        writer: ContentWriter,
        coding: Coding,
        bytes_max: u64,
    ) -> Self {
        let bounded = Bounded { writer, bytes: 0, left: bytes_max, error: None };
        let sink = match coding {
            Coding::Identity => Sink::Plain(bounded),
            Coding::Gzip => Sink::Gzip(Box::new(MultiGzDecoder::new(bounded))),
        };
        Self { context: context.clone(), sink: Some(sink), piece: Vec::new() }
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), SpoolError> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() < PIECE_BYTES {
            return Ok(());
        }
        let piece = std::mem::take(&mut self.piece);
        let (mut sink, mut piece) = (self.take()?, piece);
        let written = move || {
            let written = sink.write(&piece);
            piece.clear();
            (sink, piece, written)
        };
        let (sink, piece, written) =
            self.context.blocking(written).await.map_err(SpoolError::Store)?;
        (self.sink, self.piece) = (Some(sink), piece);
        written
    }

    /// Ends the content and hands it over.
    pub(crate) async fn finish(mut self) -> Result<Content, SpoolError> {
        let (mut sink, piece) = (self.take()?, std::mem::take(&mut self.piece));
        let finish = move || {
            sink.write(&piece)?;
            sink.finish()
        };
        self.context.blocking(finish).await.map_err(SpoolError::Store)?
    }

    fn take(&mut self) -> Result<Sink, SpoolError> {
        let broken = || SpoolError::Store(ProcessError::internal("the content was broken off"));
        self.sink.take().ok_or_else(broken)
    }
}

impl Sink {
    fn write(&mut self, piece: &[u8]) -> Result<(), SpoolError> {
        let written = match self {
            Self::Plain(bounded) => bounded.write_all(piece),
            Self::Gzip(decoder) => decoder.write_all(piece),
        };
        written.map_err(|_| self.failed())
    }

    /// What a write failed with that the decoder may have wrapped.
    fn failed(&mut self) -> SpoolError {
        let bounded = match self {
            Self::Plain(bounded) => bounded,
            Self::Gzip(decoder) => decoder.get_mut(),
        };
        bounded.error.take().unwrap_or(SpoolError::Damaged)
    }

    fn finish(mut self) -> Result<Content, SpoolError> {
        if let Self::Gzip(decoder) = &mut self
            && decoder.try_finish().is_err()
        {
            return Err(self.failed());
        }
        let bounded = match self {
            Self::Plain(bounded) => bounded,
            Self::Gzip(decoder) => decoder.finish().map_err(|_| SpoolError::Damaged)?,
        };
        if bounded.bytes == 0 {
            return Ok(Content::Empty);
        }
        bounded.writer.finish().map_err(|error| SpoolError::Store(unwritable(error)))
    }
}

/// Writes so much and no more, and remembers why it did not.
struct Bounded {
    writer: ContentWriter,
    bytes: u64,
    left: u64,
    error: Option<SpoolError>,
}

impl Write for Bounded {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if buffer.len() as u64 > self.left {
            self.error = Some(SpoolError::TooLarge);
            return Err(io::Error::other("too large"));
        }
        let count = self.writer.write(buffer).map_err(|error| {
            if error.kind() == io::ErrorKind::Interrupted {
                return error;
            }
            self.error = Some(SpoolError::Store(unwritable(error)));
            io::Error::other("not stored")
        })?;
        self.bytes += count as u64;
        self.left -= count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
