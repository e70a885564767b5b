//! Why features could not be written.

use std::io;

use tutti_audio::features::ExtractError;
use tutti_sdk::ProcessError;

use super::cannot_extract;
use crate::audio;

/// Why features could not be written.
#[derive(Debug)]
pub(super) enum WriteError {
    Extract(ExtractError),
    Write(io::Error),
}

impl WriteError {
    pub(super) fn into_process_error(self) -> ProcessError {
        match self {
            Self::Extract(error) => cannot_extract(error),
            Self::Write(error) => audio::cannot_write(error),
        }
    }
}

impl From<ExtractError> for WriteError {
    fn from(error: ExtractError) -> Self {
        Self::Extract(error)
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}
