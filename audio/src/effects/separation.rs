//! What of a signal lasts, and what strikes.

use crate::decompose::{Hpss, hpss as split};
use crate::error::Error;
use crate::spectrum::{Stft, istft, stft};

/// `librosa.effects.hpss`: the harmonic and the percussive part of a signal, both as long as it.
///
/// # Errors
/// As [`stft`](crate::spectrum::stft) and [`hpss_masks`](crate::decompose::hpss_masks).
pub fn hpss(y: &[f32], options: &Stft, hpss: &Hpss) -> Result<(Vec<f32>, Vec<f32>), Error> {
    let (harmonic, percussive) = split(&stft(y, options)?, hpss)?;
    let length = Some(y.len());
    Ok((istft(&harmonic, options, length)?, istft(&percussive, options, length)?))
}

/// `librosa.effects.harmonic`: the harmonic part of a signal.
///
/// # Errors
/// As [`hpss`].
pub fn harmonic(y: &[f32], options: &Stft, hpss: &Hpss) -> Result<Vec<f32>, Error> {
    istft(&split(&stft(y, options)?, hpss)?.0, options, Some(y.len()))
}

/// `librosa.effects.percussive`: the percussive part of a signal.
///
/// # Errors
/// As [`hpss`].
pub fn percussive(y: &[f32], options: &Stft, hpss: &Hpss) -> Result<Vec<f32>, Error> {
    istft(&split(&stft(y, options)?, hpss)?.1, options, Some(y.len()))
}
