//! Content as the body of a message, read off the async threads as it is sent.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures::{Stream, stream};
use parking_lot::Mutex;
use tutti_sdk::{ContentReader, ProcessError, ProcessorContext};

use super::watch::Progress;

/// So much is read at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// What became of a body.
#[derive(Clone, Default)]
pub(crate) struct Sent {
    bytes: Arc<AtomicU64>,
    error: Arc<Mutex<Option<ProcessError>>>,
}

impl Sent {
    /// How much of it was sent, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Why the content could not be read, if it could not.
    pub(crate) fn error(&self) -> Option<ProcessError> {
        self.error.lock().take()
    }
}

/// The body, which notes in `sent` and `progress` what becomes of it.
pub(crate) fn pieces(
    reader: ContentReader,
    context: &ProcessorContext,
    progress: &Progress,
    sent: &Sent,
) -> impl Stream<Item = Result<Bytes, io::Error>> + Send + use<> {
    let surroundings = (context.clone(), progress.clone(), sent.clone());
    let first = (Some(reader), surroundings);
    stream::unfold(first, async |(reader, surroundings)| {
        let reader: ContentReader = reader?;
        let (context, progress, sent) = &surroundings;
        let read = context.blocking(move || piece(reader)).await;
        match read.flatten() {
            Ok((_, piece)) if piece.is_empty() => None,
            Ok((reader, piece)) => {
                progress.note();
                sent.bytes.fetch_add(piece.len() as u64, Ordering::Relaxed);
                Some((Ok(piece), (Some(reader), surroundings)))
            }
            Err(error) => {
                *sent.error.lock() = Some(error);
                let broken = io::Error::other("the content cannot be read");
                Some((Err(broken), (None, surroundings)))
            }
        }
    })
}

fn piece(mut reader: ContentReader) -> Result<(ContentReader, Bytes), ProcessError> {
    let mut piece = vec![0; PIECE_BYTES];
    let mut length = 0;
    while let Some(room) = piece.get_mut(length..).filter(|room| !room.is_empty()) {
        match reader.read(room) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ProcessError::unreadable(error)),
        }
    }
    piece.truncate(length);
    Ok((reader, piece.into()))
}
