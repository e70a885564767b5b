//! A file that is decoded, and how much of all files was read so far.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use tutti_audio::decode::Source;

use crate::output;

/// How far the reading is: a bar, where standard error is a terminal.
pub(super) struct Heard(Option<ProgressBar>);

impl Heard {
    pub(super) fn new(files: &[PathBuf]) -> Self {
        let bar = output::progress_bar();
        if let Some(bar) = &bar {
            let length = |path: &PathBuf| fs::metadata(path).map_or(0, |found| found.len());
            bar.set_length(files.iter().map(length).sum::<u64>().max(1));
            bar.set_message("of the bytes are read");
        }
        Self(bar)
    }
}

/// A file.
pub(super) struct Recording {
    file: File,
    bytes: u64,
    at: u64,
    /// The furthest that it was read: a demuxer looks here and there.
    furthest: u64,
    bar: Option<ProgressBar>,
}

impl Recording {
    pub(super) fn open(path: &Path, heard: &Heard) -> io::Result<Self> {
        let file = File::open(path)?;
        let found = file.metadata()?;
        if found.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !found.is_file() {
            // What cannot be wound back cannot be decoded, and a pipe may never end.
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file on a disk"));
        }
        Ok(Self { file, bytes: found.len(), at: 0, furthest: 0, bar: heard.0.clone() })
    }
}

impl Read for Recording {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.at += count as u64;
        if self.at > self.furthest {
            if let Some(bar) = &self.bar {
                bar.inc(self.at - self.furthest);
            }
            self.furthest = self.at;
        }
        Ok(count)
    }
}

impl Seek for Recording {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

impl Source for Recording {
    fn byte_len(&self) -> Option<u64> {
        Some(self.bytes)
    }
}
