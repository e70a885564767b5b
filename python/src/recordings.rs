//! From a path or the bytes of a recording to samples, to what it says of itself, and to its score.
//!
//! Reads what it is given and nothing else; the interpreter's lock is free meanwhile.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;

use numpy::PyArray2;
use numpy::ndarray::{Array2, ShapeBuilder, ShapeError};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use tutti_audio::decode::{self, Load, LoadError, Loaded, Source, StreamInfo, scan};
use tutti_audio::score::{self, AnalyzeError};

use crate::errors::{ParameterError, decode_error, os_error, parameter_error, told};

/// A recording: a path, or its bytes.
#[derive(FromPyObject)]
pub(crate) enum Recording {
    #[pyo3(transparent)]
    Bytes(Vec<u8>),
    #[pyo3(transparent)]
    Path(PathBuf),
}

/// A file whose length was asked for once.
struct Opened {
    file: File,
    length: u64,
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl Seek for Opened {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Source for Opened {
    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}

impl Recording {
    /// What messages call it, and where its bytes come from. A path may block for as long as it
    /// likes, as a pipe does that nobody writes to: never with the interpreter's lock.
    fn open(self) -> PyResult<(String, Box<dyn Source>)> {
        match self {
            Self::Bytes(bytes) => Ok(("the bytes".to_owned(), Box::new(Cursor::new(bytes)))),
            Self::Path(path) => {
                let opened = File::open(&path).and_then(|file| {
                    let about = file.metadata()?;
                    if about.is_dir() {
                        return Err(io::Error::from_raw_os_error(IS_A_FOLDER));
                    }
                    Ok(Opened { length: about.len(), file })
                });
                match opened {
                    Ok(opened) => Ok((path.display().to_string(), Box::new(opened))),
                    Err(error) => Err(os_error(&path, error)),
                }
            }
        }
    }
}

/// `EISDIR`, as `open` of a folder gives in Python.
const IS_A_FOLDER: i32 = 21;

/// Samples of `duration` seconds from `offset` on, a row for each channel, their rate, and what was
/// broken. Without `sr` they have the recording's own rate.
#[pyfunction]
pub(crate) fn load(
    py: Python<'_>,
    recording: Recording,
    sr: Option<f64>,
    mono: bool,
    offset: f64,
    duration: Option<f64>,
) -> PyResult<(Bound<'_, PyArray2<f32>>, u32, Option<String>)> {
    let (frames, rate, damage) = py.detach(|| {
        let (name, source) = recording.open()?;
        let wanted = Load { sr, mono, offset, duration };
        let loaded = decode::load(source, &wanted, |_| true).map_err(|error| match error {
            LoadError::Decode(error) => decode_error(&name, error),
            LoadError::Resample(error) => parameter_error(&error),
            LoadError::Stopped => PyRuntimeError::new_err(told(&name, &error)),
        })?;
        let Loaded { mut channels, rate, damage } = loaded;
        let (count, columns) = (channels.first().map_or(0, Vec::len), channels.len());
        let values = if columns == 1 { channels.remove(0) } else { channels.concat() };
        let frames = Array2::from_shape_vec((count, columns).f(), values);
        let uneven = |error: ShapeError| PyRuntimeError::new_err(error.to_string());
        Ok::<_, PyErr>((frames.map_err(uneven)?, rate, damage))
    })?;
    Ok((PyArray2::from_owned_array(py, frames), rate, damage))
}

/// The sample rate and the seconds of a recording, the latter where they are known.
#[pyfunction]
pub(crate) fn info(py: Python<'_>, recording: Recording) -> PyResult<(u32, Option<f64>)> {
    let scanned = py.detach(|| {
        let (name, source) = recording.open()?;
        scan(source).map_err(|error| decode_error(&name, error))
    })?;
    let StreamInfo { sample_rate, frames, .. } = scanned.info;
    Ok((sample_rate, frames.map(|frames| frames as f64 / f64::from(sample_rate))))
}

/// The digital score of a recording, as JSON.
#[pyfunction]
pub(crate) fn analyze(py: Python<'_>, recording: Recording) -> PyResult<String> {
    py.detach(|| {
        let (name, source) = recording.open()?;
        let score = score::analyze(source).map_err(|error| match error {
            AnalyzeError::Decode(error) => decode_error(&name, error),
            error => ParameterError::new_err(told(&name, &error)),
        })?;
        serde_json::to_string(&score).map_err(|error| PyRuntimeError::new_err(error.to_string()))
    })
}
