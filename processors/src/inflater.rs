//! Inflates a stream, and tells one that ends too soon: the decoder of flate2 takes the end of its
//! input for that of the content.

use std::io::{self, BufRead, Read};

use flate2::{Decompress, FlushDecompress, Status};

/// What was deflated, from `reader`.
pub(crate) struct Inflater<R> {
    reader: R,
    inflate: Decompress,
    is_ended: bool,
}

impl<R: BufRead> Inflater<R> {
    /// What is within zlib, RFC 1950.
    pub(crate) fn zlib(reader: R) -> Self {
        Self { reader, inflate: Decompress::new(true), is_ended: false }
    }

    /// What is within nothing else, RFC 1951.
    pub(crate) fn raw(reader: R) -> Self {
        Self { reader, inflate: Decompress::new(false), is_ended: false }
    }
}

impl<R: BufRead> Read for Inflater<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.is_ended && !buffer.is_empty() {
            let input = self.reader.fill_buf()?;
            let is_last = input.is_empty();
            let before = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(input, buffer, FlushDecompress::None)?;
            self.reader.consume((self.inflate.total_in() - before.0) as usize);
            let count = (self.inflate.total_out() - before.1) as usize;
            self.is_ended = status == Status::StreamEnd;
            if count > 0 {
                return Ok(count);
            }
            if is_last && !self.is_ended {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(0)
    }
}
