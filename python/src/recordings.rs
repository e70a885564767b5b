//! From a path or the bytes of a recording to samples, to what it says of itself, and to its score.
//!
//! Reads what it is given and nothing else; the interpreter's lock is free meanwhile.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use tutti_audio::decode::{Decoder, Options, Source, StreamInfo, scan};
use tutti_audio::score::{self, AnalyzeError};
use tutti_audio::signal::resample;

use crate::arrays::{Rows, rows};
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
    /// What messages call it, and where its bytes come from.
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
) -> PyResult<(Rows<'_, f32>, u32, Option<String>)> {
    let (name, source) = recording.open()?;
    let (channels, rate, damage) =
        py.detach(|| samples(&name, source, mono, (offset, duration)))?;
    let resampled = py.detach(|| match sr {
        Some(sr) if sr.to_bits() != f64::from(rate).to_bits() => channels
            .iter()
            .map(
                |y| if y.is_empty() { Ok(Vec::new()) } else { resample(y, rate.into(), sr, false) },
            )
            .collect(),
        _ => Ok(channels),
    });
    let channels = resampled.map_err(|error| parameter_error(&error))?;
    let count = channels.first().map_or(0, Vec::len);
    let frames = tutti_audio::Matrix::from_columns(count, channels.len(), channels.concat());
    let frames = frames.map_err(|error| parameter_error(&error))?;
    Ok((rows(py, frames)?, rate, damage))
}

/// The samples of each channel, their rate, and what was broken.
type Decoded = (Vec<Vec<f32>>, u32, Option<String>);

fn samples(
    name: &str,
    source: Box<dyn Source>,
    mono: bool,
    (offset, duration): (f64, Option<f64>),
) -> PyResult<Decoded> {
    let wrong = |error| decode_error(name, error);
    let options = Options { mono, sample_rate: None };
    let mut decoder = Decoder::open(source, &options).map_err(wrong)?;
    let rate = decoder.sample_rate();
    let count = usize::from(decoder.channels());
    // As librosa, whose frames are cut off, not rounded.
    let frames = |seconds: f64| (seconds * f64::from(rate)) as u64;
    let first = frames(offset);
    let end = duration.map_or(u64::MAX, |seconds| first.saturating_add(frames(seconds)));
    let mut channels = vec![Vec::new(); count];
    let (mut block, mut at) = (Vec::new(), 0_u64);
    while at < end && decoder.read(&mut block).map_err(wrong)? {
        let here = (block.len() / count) as u64;
        let within = |frame: u64| frame.clamp(at, at + here) - at;
        let wanted = within(first) as usize..within(end) as usize;
        for frame in block.chunks_exact(count).take(wanted.end).skip(wanted.start) {
            channels.iter_mut().zip(frame).for_each(|(channel, sample)| channel.push(*sample));
        }
        at += here;
    }
    let damage = (!decoder.damage().is_none()).then(|| decoder.damage().to_string());
    Ok((channels, rate, damage))
}

/// The sample rate and the seconds of a recording, the latter where they are known.
#[pyfunction]
pub(crate) fn info(py: Python<'_>, recording: Recording) -> PyResult<(u32, Option<f64>)> {
    let (name, source) = recording.open()?;
    let scanned = py.detach(|| scan(source)).map_err(|error| decode_error(&name, error))?;
    let StreamInfo { sample_rate, frames, .. } = scanned.info;
    Ok((sample_rate, frames.map(|frames| frames as f64 / f64::from(sample_rate))))
}

/// The digital score of a recording, as JSON.
#[pyfunction]
pub(crate) fn analyze(py: Python<'_>, recording: Recording) -> PyResult<String> {
    let (name, source) = recording.open()?;
    py.detach(|| {
        let score = score::analyze(source).map_err(|error| match error {
            AnalyzeError::Decode(error) => decode_error(&name, error),
            error => ParameterError::new_err(told(&name, &error)),
        })?;
        serde_json::to_string(&score).map_err(|error| PyRuntimeError::new_err(error.to_string()))
    })
}
