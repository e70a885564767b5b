//! Why features could not be written.

use std::io;

use arrow_schema::ArrowError;
use parquet::errors::ParquetError;
use tutti_audio::features::ExtractError;
use tutti_sdk::ProcessError;

use super::cannot_extract;
use super::tiles::TILES_MAX;
use crate::audio;

/// Why features could not be written.
#[derive(Debug)]
pub(super) enum WriteError {
    Extract(ExtractError),
    Write(io::Error),
    Table(ArrowError),
    Parquet(ParquetError),
    /// There would be too many.
    Tiles,
}

impl WriteError {
    pub(super) fn into_process_error(self) -> ProcessError {
        match self {
            Self::Extract(error) => cannot_extract(error),
            Self::Write(error) | Self::Table(ArrowError::IoError(_, error)) => {
                audio::cannot_write(error)
            }
            Self::Tiles => {
                ProcessError::user(format!("the images would be more than {TILES_MAX} tiles"))
                    .with_help("make \"Tile Width\" or \"hop_length\" larger")
            }
            Self::Table(error) => {
                ProcessError::internal("cannot make a table of features").caused_by(error)
            }
            Self::Parquet(error) => {
                ProcessError::internal("cannot make a table of features").caused_by(error)
            }
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

impl From<ArrowError> for WriteError {
    fn from(error: ArrowError) -> Self {
        Self::Table(error)
    }
}
