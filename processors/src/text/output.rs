//! New content that is text.

use std::io::Write;

use tutti_sdk::model::flowfile::Content;
use tutti_sdk::{ContentWriter, ProcessError};

use super::CharacterSet;
use crate::bounded::{BUFFER_BYTES, unwritable};

/// Takes text, and writes it in a character set.
pub(crate) struct TextOutput {
    writer: ContentWriter,
    charset: CharacterSet,
    bytes: Vec<u8>,
    is_first: bool,
}

impl TextOutput {
    pub(crate) fn new(writer: ContentWriter, charset: CharacterSet) -> Self {
        Self { writer, charset, bytes: Vec::with_capacity(BUFFER_BYTES), is_first: true }
    }

    /// Adds `text`.
    pub(crate) fn push(&mut self, text: &str) -> Result<(), ProcessError> {
        self.charset.encode(text, self.is_first, &mut self.bytes)?;
        self.is_first &= text.is_empty();
        if self.bytes.len() >= BUFFER_BYTES { self.flush() } else { Ok(()) }
    }

    /// Takes bytes as they are, behind all text so far.
    pub(crate) fn writer(&mut self) -> Result<&mut ContentWriter, ProcessError> {
        self.flush()?;
        Ok(&mut self.writer)
    }

    fn flush(&mut self) -> Result<(), ProcessError> {
        self.writer.write_all(&self.bytes).map_err(unwritable)?;
        self.bytes.clear();
        Ok(())
    }

    /// Ends the content.
    pub(crate) fn finish(mut self) -> Result<Content, ProcessError> {
        self.flush()?;
        self.writer.finish().map_err(unwritable)
    }
}
