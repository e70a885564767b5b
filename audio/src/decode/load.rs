//! A recording's samples in memory, as `librosa.load` gives them.

use std::error::Error as StdError;
use std::fmt;

use super::{DecodeError, Decoder, Options, Source};
use crate::Error;
use crate::signal::resample;

/// What of a recording is wanted, as `librosa.load` is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// The sample rate in Hz to resample to; the recording's own without.
    pub sr: Option<f64>,
    /// Whether channels are averaged into one.
    pub mono: bool,
    /// Seconds to leave out at the beginning.
    pub offset: f64,
    /// Seconds to take; all that is left without.
    pub duration: Option<f64>,
}

/// What was loaded.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The samples of each channel, all as many.
    pub channels: Vec<Vec<f32>>,
    /// The recording's own sample rate in Hz.
    pub rate: u32,
    /// What was broken and made up for.
    pub damage: Option<String>,
}

/// Why nothing was loaded.
#[derive(Debug)]
pub enum LoadError {
    /// It cannot be decoded.
    Decode(DecodeError),
    /// It cannot be resampled to what was asked for.
    Resample(Error),
    /// Whoever asked for it does not want so much.
    Stopped,
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decode(error) => error.fmt(formatter),
            Self::Resample(error) => error.fmt(formatter),
            Self::Stopped => formatter.write_str("it was stopped before its end"),
        }
    }
}

impl StdError for LoadError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Decode(error) => error.source(),
            Self::Resample(error) => error.source(),
            Self::Stopped => None,
        }
    }
}

/// Decodes what is wanted of a recording. `go_on` is asked again and again, with how many samples
/// there are so far of all channels, whether it may go on.
pub fn load(
    source: Box<dyn Source>,
    wanted: &Load,
    mut go_on: impl FnMut(usize) -> bool,
) -> Result<Loaded, LoadError> {
    let options = Options { mono: wanted.mono, sample_rate: None };
    let mut decoder = Decoder::open(source, &options).map_err(LoadError::Decode)?;
    let rate = decoder.sample_rate();
    let count = usize::from(decoder.channels());
    // As librosa, whose frames are cut off, not rounded.
    let frames = |seconds: f64| (seconds * f64::from(rate)) as u64;
    let first = frames(wanted.offset);
    let end = wanted.duration.map_or(u64::MAX, |seconds| first.saturating_add(frames(seconds)));
    let mut channels = vec![Vec::new(); count];
    let (mut block, mut at) = (Vec::new(), 0_u64);
    while at < end && decoder.read(&mut block).map_err(LoadError::Decode)? {
        let here = (block.len() / count) as u64;
        let within = |frame: u64| frame.clamp(at, at + here) - at;
        let taken = within(first) as usize..within(end) as usize;
        let taken = &block[taken.start * count..taken.end * count];
        if let [only] = channels.as_mut_slice() {
            only.extend_from_slice(taken);
        } else {
            for (at, channel) in channels.iter_mut().enumerate() {
                channel.extend(taken.iter().skip(at).step_by(count));
            }
        }
        at += here;
        if !go_on(channels.iter().map(Vec::len).sum()) {
            return Err(LoadError::Stopped);
        }
    }
    let damage = (!decoder.damage().is_none()).then(|| decoder.damage().to_string());
    if let Some(sr) = wanted.sr.filter(|sr| sr.to_bits() != f64::from(rate).to_bits()) {
        for y in channels.iter_mut().filter(|y| !y.is_empty()) {
            *y = resample(y, rate.into(), sr, false).map_err(LoadError::Resample)?;
        }
    }
    Ok(Loaded { channels, rate, damage })
}
