//! Why a call gives nothing.
//!
//! In the audio crate's words where it was asked; callers make their own kind of error of it.

use std::fmt;

use tutti_audio::Error;

/// Why a call gives nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// librosa's `ParameterError`: an argument cannot be worked with; which, and what it may be.
    Parameter(String),
    /// There is no such function, or it does not take so many values, or such.
    Missing(String),
}

/// What a function gives.
pub(crate) type Answer<T> = Result<T, Problem>;

impl Problem {
    /// The same, of a part of what was handed over.
    pub(crate) fn within(self, place: impl fmt::Display) -> Self {
        match self {
            Self::Parameter(text) => Self::Parameter(text),
            Self::Missing(text) => Self::Missing(format!("{place} {text}")),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Parameter(text) | Self::Missing(text)) = self;
        formatter.write_str(text)
    }
}

impl std::error::Error for Problem {}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Parameter(error.to_string())
    }
}
