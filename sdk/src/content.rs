//! Streams of content in and out of a session.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tutti_model::bulletin::{Bulletin, Level};
use tutti_model::flowfile::{Content, FlowFile, core_attribute};

use crate::derive::DerivedRead;
use crate::host::{ContentHost, ContentSink, ProcessorHost, ReadSeek, SessionHost};
use crate::{ProcessError, ProcessorContext, Session};

/// Reads a flowfile's content. Stored content is verified against its checksums as it is read and
/// can be read from anywhere; derived content is made while it is read and has no other places, and
/// what was broken in its source is told at its end.
pub struct ContentReader {
    source: Source,
    bytes: Arc<AtomicU64>,
}

type OpenDerived = Box<dyn FnOnce() -> Result<Box<dyn DerivedRead>, ProcessError> + Send + Sync>;

enum Source {
    Stored(Box<dyn ReadSeek>),
    /// Not begun: making it may take long, and whoever reads has chosen a thread for that.
    Waiting(OpenDerived, Teller),
    /// Its remark is told once.
    Derived(Box<dyn DerivedRead>, Option<Teller>),
    /// It could not be made.
    Failed,
}

/// Tells the operator of the processor that reads what there is to say of a flowfile's content.
struct Teller {
    host: Arc<dyn ProcessorHost>,
    /// Without its time and its message.
    bulletin: Bulletin,
}

impl Teller {
    fn tell(self, message: String) {
        self.host.report(Bulletin { time: self.host.clock().now(), message, ..self.bulletin });
    }
}

/// Makes readers where the session cannot be: in [`Session::blocking`], for many contents one after
/// the other, so that not all of them are open at once.
#[derive(Clone)]
pub struct ContentReaders {
    host: Arc<dyn SessionHost>,
    context: ProcessorContext,
    bytes: Arc<AtomicU64>,
}

impl ContentReaders {
    pub(crate) fn of(session: &Session) -> Self {
        let (host, context) = (Arc::clone(&session.host), session.context.clone());
        Self { host, context, bytes: Arc::clone(&session.bytes_read) }
    }

    /// A reader of the content of `flowfile`, which the session must hold, as [`Session::read`].
    pub fn open(&self, flowfile: &FlowFile) -> Result<ContentReader, ProcessError> {
        let source = match flowfile.content() {
            Content::Empty => Source::Stored(Box::new(io::empty())),
            Content::Stored(slice) => Source::Stored(self.host.open(slice)?),
            Content::Derived(derived) => {
                let made_by = self.host.deriver(&derived.kind).ok_or_else(|| {
                    ProcessError::internal(format!(
                        "nothing here can make content of kind \"{}\"",
                        derived.kind
                    ))
                })?;
                let stored = self.host.open(&derived.source)?;
                let (made_by, recipe) = (Arc::clone(&made_by), derived.recipe.clone());
                let teller = Teller {
                    host: Arc::clone(&self.context.host),
                    bulletin: Bulletin {
                        flowfile: Some(flowfile.uuid().into()),
                        filename: flowfile.attribute(core_attribute::FILENAME).map(Into::into),
                        ..self.context.bulletin(Level::Warning, String::new())
                    },
                };
                Source::Waiting(Box::new(move || made_by.open(stored, &recipe)), teller)
            }
        };
        Ok(ContentReader { source, bytes: Arc::clone(&self.bytes) })
    }
}

impl Read for ContentReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if matches!(self.source, Source::Waiting(..))
            && let Source::Waiting(open, teller) =
                std::mem::replace(&mut self.source, Source::Failed)
        {
            self.source = Source::Derived(open().map_err(io::Error::other)?, Some(teller));
        }
        let count = match &mut self.source {
            Source::Stored(source) => source.read(buffer)?,
            Source::Derived(source, teller) => {
                let count = source.read(buffer)?;
                if count == 0
                    && !buffer.is_empty()
                    && let Some(teller) = teller.take()
                    && let Some(remark) = source.remark()
                {
                    teller.tell(remark);
                }
                count
            }
            Source::Waiting(..) | Source::Failed => {
                return Err(io::Error::other("the content could not be made"));
            }
        };
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for ContentReader {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        match &mut self.source {
            Source::Stored(source) => source.seek(position),
            _ => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "derived content can only be read from its beginning to its end",
            )),
        }
    }
}

/// Writes new content. Dropped without [`finish`](ContentWriter::finish), it leaves nothing.
pub struct ContentWriter {
    sink: Box<dyn ContentSink>,
    bytes: Arc<AtomicU64>,
}

/// Makes writers where the session cannot be: in [`Session::blocking`], for many contents at once,
/// or for what comes in before there is a session, see [`ProcessorContext::writers`].
#[derive(Clone)]
pub struct ContentWriters {
    host: Arc<dyn ContentHost>,
    bytes: Arc<AtomicU64>,
}

impl ContentWriters {
    pub(crate) fn of(session: &Session) -> Self {
        let host: Arc<dyn ContentHost> = session.host.clone();
        Self { host, bytes: Arc::clone(&session.bytes_written) }
    }

    pub(crate) fn outside(context: &ProcessorContext) -> Self {
        Self { host: context.host.contents(), bytes: Arc::default() }
    }

    /// A writer of new content, as [`Session::write`].
    pub fn create(&self) -> Result<ContentWriter, ProcessError> {
        Ok(ContentWriter { sink: self.host.create()?, bytes: Arc::clone(&self.bytes) })
    }
}

impl ContentWriter {
    /// Ends the content and hands it over.
    pub fn finish(self) -> io::Result<Content> {
        self.sink.finish()
    }
}

impl Write for ContentWriter {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.sink.write(buffer)?;
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}
