//! Errors of processors: what happened, what to do, and whether trying again can help.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use tutti_model::chain;
use tutti_model::flowfile::{FlowFile, core_attribute};

use crate::host::Work;

/// How much of a message goes into an attribute, in bytes.
const REASON_BYTES_MAX: usize = 2_000;

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Retry {
    /// Not without a change.
    Never,
    /// Later.
    Later,
}

/// Why a processor could not do its work.
#[derive(Debug)]
pub struct ProcessError {
    retry: Retry,
    is_of_content: bool,
    message: String,
    help: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl ProcessError {
    /// The flow or the data is wrong, and will be the next time.
    pub fn user(message: impl Into<String>) -> Self {
        Self::new(Retry::Never, message)
    }

    /// Another system, a disk or a network failed, and may be well later.
    pub fn external(message: impl Into<String>) -> Self {
        Self::new(Retry::Later, message)
    }

    /// A bug of Tutti or of the processor.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Retry::Never, message)
    }

    fn new(retry: Retry, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { retry, is_of_content: false, message, help: None, source: None }
    }

    /// Content could not be read. When that is because what it is made from cannot be decoded, it
    /// is [of the content](ProcessError::of_content), and trying again cannot help.
    pub fn unreadable(error: io::Error) -> Self {
        const MESSAGE: &str = "cannot read the content";
        match error.downcast::<Self>() {
            Ok(error) => Self {
                retry: error.retry,
                is_of_content: error.retry == Retry::Never,
                message: MESSAGE.to_owned(),
                help: error.help.clone(),
                source: Some(error.into()),
            },
            Err(error) => Self::external(MESSAGE).caused_by(error),
        }
    }

    /// The same with what caused it; the message must not repeat it.
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same with a word on what to do.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same, but trying again cannot help.
    pub fn permanent(mut self) -> Self {
        self.retry = Retry::Never;
        self
    }

    /// The same, because of what the content holds. Derived content that fails so leaves as what
    /// it was made from: nobody else could read it either.
    pub fn of_content(mut self) -> Self {
        self.is_of_content = true;
        self
    }

    /// Notes on `flowfile`, which `processor` sends to `failure`, why it goes there.
    pub fn note_on(&self, flowfile: &mut FlowFile, processor: &str) {
        let mut reason = self.chain();
        reason.truncate(reason.floor_char_boundary(REASON_BYTES_MAX));
        flowfile.set_attribute(core_attribute::FAILURE_REASON, reason);
        flowfile.set_attribute(core_attribute::FAILURE_PROCESSOR, processor);
        if self.is_of_content {
            flowfile.set_content(flowfile.content().original());
        }
    }

    /// Work that panicked.
    pub(crate) fn panicked(work: Work) -> Self {
        Self::internal(format!("the processor panicked in its {work:?} work"))
            .with_help("this is a bug; please report it with the flowfile that caused it")
    }

    /// Whether trying again can help.
    pub fn retry(&self) -> Retry {
        self.retry
    }

    /// What to do, where that is known.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The message with all its causes, as [`chain`] tells them.
    pub fn chain(&self) -> String {
        chain(self)
    }
}

impl fmt::Display for ProcessError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl StdError for ProcessError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_says_everything_once() {
        let lowest = io::Error::other("timed out");
        let library = ProcessError::external("cannot send: timed out").caused_by(lowest);
        let error = ProcessError::external("cannot put \"a\"").caused_by(library);
        assert_eq!(error.chain(), "cannot put \"a\": cannot send: timed out");
    }

    #[test]
    fn a_chain_says_every_cause_once() {
        let cause = io::Error::other("no room");
        let error = ProcessError::external("cannot write \"a\"").caused_by(cause);
        assert_eq!(error.to_string(), "cannot write \"a\"");
        assert_eq!(error.chain(), "cannot write \"a\": no room");
        assert_eq!(error.retry(), Retry::Later);
    }

    #[test]
    fn content_that_cannot_be_made_is_not_tried_again_and_content_that_cannot_be_read_is() {
        let bad = ProcessError::user("no packet can be decoded").with_help("look at it");
        let bad = ProcessError::unreadable(io::Error::other(bad));
        assert_eq!(bad.chain(), "cannot read the content: no packet can be decoded");
        assert_eq!((bad.retry(), bad.help()), (Retry::Never, Some("look at it")));
        let passing = ProcessError::external("cannot read the recording");
        for error in [io::Error::other(passing), io::Error::other("the disk is slow")] {
            let error = ProcessError::unreadable(error);
            assert_eq!((error.retry(), error.is_of_content), (Retry::Later, false));
        }
    }
}
