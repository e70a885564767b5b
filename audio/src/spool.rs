//! Bytes that are written once and then read once, however many they are: in memory as long as they
//! are few, in a temporary file without a name beyond that.

use std::io::{self, BufReader, BufWriter, Seek, SeekFrom, Write};

use tempfile::SpooledTempFile;

const BUFFER: usize = 64 << 10;

/// Takes bytes.
pub(crate) struct Spool(BufWriter<SpooledTempFile>);

/// Gives them back.
pub(crate) type SpoolReader = BufReader<SpooledTempFile>;

impl Spool {
    /// Keeps at most `memory_max` bytes in memory, but for a buffer.
    pub(crate) fn new(memory_max: usize) -> Self {
        Self(BufWriter::with_capacity(BUFFER, SpooledTempFile::new(memory_max)))
    }

    /// Everything, from the first byte.
    pub(crate) fn into_reader(self) -> io::Result<SpoolReader> {
        let mut file = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(BufReader::with_capacity(BUFFER, file))
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
