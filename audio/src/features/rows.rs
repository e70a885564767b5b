//! Rows of numbers, kept from the first pass over a recording to the second.
//!
//! The second pass is needed because decibels are cut relative to the loudest frame of all.

use std::io::{self, Read, Write};

use crate::spool::{Spool, SpoolReader};

/// What may lie in memory, in bytes: about half an hour of MFCC with defaults.
const MEMORY_MAX: usize = 64 << 20;

/// Takes rows.
pub(super) struct RowWriter {
    file: Spool,
    bytes: Vec<u8>,
    count: u64,
}

impl RowWriter {
    pub(super) fn new() -> Self {
        Self::with_memory(MEMORY_MAX)
    }

    fn with_memory(memory_max: usize) -> Self {
        Self { file: Spool::new(memory_max), bytes: Vec::new(), count: 0 }
    }

    /// Appends a row.
    pub(super) fn push(&mut self, row: &[f32]) -> io::Result<()> {
        self.bytes.clear();
        self.bytes.extend(row.iter().flat_map(|value| value.to_le_bytes()));
        self.count += 1;
        self.file.write_all(&self.bytes)
    }

    /// The rows, each `width` long, from the first.
    pub(super) fn finish(self, width: usize) -> io::Result<RowReader> {
        let file = self.file.into_reader()?;
        Ok(RowReader { file, bytes: vec![0; width * size_of::<f32>()], left: self.count })
    }
}

/// Gives rows back.
pub(super) struct RowReader {
    file: SpoolReader,
    bytes: Vec<u8>,
    left: u64,
}

impl RowReader {
    /// Rows that are still to come.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// Replaces `row` with the next one; `false` after the last.
    pub(super) fn next(&mut self, row: &mut Vec<f32>) -> io::Result<bool> {
        row.clear();
        if self.left == 0 {
            return Ok(false);
        }
        self.file.read_exact(&mut self.bytes)?;
        self.left -= 1;
        let (values, _) = self.bytes.as_chunks();
        row.extend(values.iter().map(|bytes| f32::from_le_bytes(*bytes)));
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_from_memory_and_from_a_file() {
        for memory_max in [0, 40, 1 << 20] {
            let mut writer = RowWriter::with_memory(memory_max);
            let rows: Vec<Vec<f32>> =
                (0..100).map(|row| vec![row as f32, -1.5, f32::MIN_POSITIVE]).collect();
            for row in &rows {
                writer.push(row).unwrap();
            }
            let mut reader = writer.finish(3).unwrap();
            assert_eq!(reader.left(), 100);
            let (mut row, mut read) = (Vec::new(), Vec::new());
            while reader.next(&mut row).unwrap() {
                read.push(row.clone());
            }
            assert_eq!(read, rows);
        }
    }
}
