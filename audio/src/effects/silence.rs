//! Where a signal is silent.

use std::ops::Range;

use crate::error::{Error, check};
use crate::features::rms;
use crate::spectrum::{Decibels, PadMode, amplitude_to_db_in_place};

/// What counts as silent; defaults are librosa's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Silence {
    /// A frame is silent when it is this far below the reference, in dB.
    pub top_db: f64,
    /// The reference amplitude; the loudest frame where there is none.
    pub reference: Option<f64>,
    /// Samples of a frame.
    pub frame_length: usize,
    /// Samples from one frame to the next.
    pub hop_length: usize,
}

impl Default for Silence {
    fn default() -> Self {
        Self { top_db: 60.0, reference: None, frame_length: 2048, hop_length: 512 }
    }
}

/// Which frames are not silent.
fn loud(y: &[f32], silence: &Silence) -> Result<Vec<bool>, Error> {
    check(silence.top_db.is_finite(), "top_db", silence.top_db, "finite")?;
    let mut levels = rms(y, silence.frame_length, silence.hop_length, Some(PadMode::Constant))?;
    let reference = silence.reference;
    let options = Decibels { reference, top_db: None, ..Decibels::of_amplitude() };
    amplitude_to_db_in_place(&mut levels, &options)?;
    Ok(levels.iter().map(|&level| level > -silence.top_db as f32).collect())
}

/// `librosa.effects.trim`: from and to which sample the signal lies without silence at its ends;
/// nothing where all is silent.
///
/// # Errors
/// The signal is empty or not finite; a parameter is out of its range.
pub fn trim(y: &[f32], silence: &Silence) -> Result<Range<usize>, Error> {
    let loud = loud(y, silence)?;
    let first = loud.iter().position(|&is| is);
    let last = loud.iter().rposition(|&is| is);
    let (Some(first), Some(last)) = (first, last) else { return Ok(0..0) };
    let hop = silence.hop_length;
    Ok(first * hop..y.len().min((last + 1) * hop))
}

/// `librosa.effects.split`: the ranges of samples that are not silent, in order.
///
/// # Errors
/// As [`trim`].
pub fn split(y: &[f32], silence: &Silence) -> Result<Vec<Range<usize>>, Error> {
    let loud = loud(y, silence)?;
    let sample = |frame: usize| y.len().min(frame * silence.hop_length);
    let (mut ranges, mut from) = (Vec::new(), None);
    for (frame, &is) in loud.iter().chain(&[false]).enumerate() {
        match (from, is) {
            (None, true) => from = Some(frame),
            (Some(start), false) => {
                ranges.push(sample(start)..sample(frame));
                from = None;
            }
            _ => {}
        }
    }
    Ok(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_equally_loud_everywhere() {
        // The reference is the loudest frame, so that librosa finds nothing silent in silence.
        let silence = vec![0.0; 5000];
        assert_eq!(trim(&silence, &Silence::default()).unwrap(), 0..5000);
        let absolute = Silence { reference: Some(1.0), ..Silence::default() };
        assert_eq!(trim(&silence, &absolute).unwrap(), 0..0);
        assert!(split(&silence, &absolute).unwrap().is_empty());
        assert!(trim(&[], &absolute).is_err());
    }
}
