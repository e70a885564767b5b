//! Content as text: read and written in a character set, whole within a bound, or line by line.
//!
//! Never changes what it only passes on: what is no text in its character set is an error.

mod charset;
mod lines;
mod output;

use std::io::Read;

use tutti_sdk::ProcessError;
use tutti_sdk::property::DataSize;

pub(crate) use charset::{CharacterSet, Decoder};
pub(crate) use lines::{Lines, split_end};
pub(crate) use output::TextOutput;

use crate::bounded::BUFFER_BYTES;

/// A text that is read bit by bit.
pub(crate) struct TextReader<R> {
    reader: R,
    decoder: Decoder,
    buffer: Vec<u8>,
    is_ended: bool,
}

impl<R: Read> TextReader<R> {
    pub(crate) fn new(reader: R, charset: CharacterSet) -> Self {
        let decoder = Decoder::new(charset);
        Self { reader, decoder, buffer: vec![0; BUFFER_BYTES], is_ended: false }
    }

    /// Adds the next part to `text`; `false` where there is no more.
    pub(crate) fn read(&mut self, text: &mut String) -> Result<bool, ProcessError> {
        if self.is_ended {
            return Ok(false);
        }
        let count = self.reader.read(&mut self.buffer).map_err(ProcessError::unreadable)?;
        self.is_ended = count == 0;
        let bytes = self.buffer.get(..count).unwrap_or_default();
        self.decoder.decode(bytes, self.is_ended, text)?;
        Ok(true)
    }

    /// All of it; an error where it has more bytes than `max`.
    pub(crate) fn read_all(mut self, max: DataSize) -> Result<String, ProcessError> {
        let mut text = String::new();
        while self.read(&mut text)? {
            if self.decoder.bytes() > max.bytes() {
                return Err(crate::bounded::too_large(max));
            }
        }
        Ok(text)
    }
}
