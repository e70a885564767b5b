//! Rows of numbers, kept from the first pass over a recording to the second.
//!
//! More passes are needed because decibels are cut relative to the loudest frame of all, because a
//! tuning is that of all frames, and because percentiles are counted digit by digit.

use std::io::{self, Read, Seek, Write};

use super::select::Rows;
use crate::spool::{Spool, SpoolReader};

/// What may lie in memory, in bytes: some six minutes of MFCC with defaults at 44,100 Hz.
const MEMORY_MAX: usize = 16 << 20;

/// Takes rows.
pub(super) struct RowWriter {
    file: Spool,
    width: usize,
    bytes: Vec<u8>,
    count: u64,
}

impl RowWriter {
    /// Rows are so long.
    pub(super) fn new(width: usize) -> Self {
        Self::with_memory(width, MEMORY_MAX)
    }

    fn with_memory(width: usize, memory_max: usize) -> Self {
        let bytes = Vec::with_capacity(width * size_of::<f32>());
        Self { file: Spool::new(memory_max), width, bytes, count: 0 }
    }

    /// Rows so far.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Appends a row.
    pub(super) fn push(&mut self, row: &[f32]) -> io::Result<()> {
        self.bytes.clear();
        self.bytes.extend(row.iter().flat_map(|value| value.to_le_bytes()));
        self.count += 1;
        self.file.write_all(&self.bytes)
    }

    /// The rows from the first.
    pub(super) fn finish(self) -> io::Result<RowReader> {
        let (file, count) = (self.file.into_reader()?, self.count);
        Ok(RowReader { file, bytes: vec![0; self.width * size_of::<f32>()], count, left: count })
    }
}

/// Gives rows back.
pub(super) struct RowReader {
    file: SpoolReader,
    bytes: Vec<u8>,
    count: u64,
    left: u64,
}

impl RowReader {
    /// All rows.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Rows that are still to come.
    pub(super) fn left(&self) -> u64 {
        self.left
    }
}

impl Rows for RowReader {
    type Error = io::Error;

    fn rewind(&mut self) -> io::Result<()> {
        self.left = self.count;
        self.file.rewind()
    }

    fn next(&mut self, row: &mut Vec<f32>) -> io::Result<bool> {
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
            let mut writer = RowWriter::with_memory(3, memory_max);
            let rows: Vec<Vec<f32>> =
                (0..100).map(|row| vec![row as f32, -1.5, f32::MIN_POSITIVE]).collect();
            for row in &rows {
                writer.push(row).unwrap();
            }
            let mut reader = writer.finish().unwrap();
            assert_eq!(reader.left(), 100);
            for _ in 0..2 {
                let (mut row, mut read) = (Vec::new(), Vec::new());
                while reader.next(&mut row).unwrap() {
                    read.push(row.clone());
                }
                assert_eq!(read, rows);
                assert_eq!(reader.left(), 0);
                reader.rewind().unwrap();
            }
        }
    }
}
