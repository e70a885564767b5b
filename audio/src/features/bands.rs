//! Mel spectrograms of whole signals and of spectrograms.

use crate::error::{Error, check_finite, check_length, check_positive};
use crate::filters::{Mel, MelBank};
use crate::matrix::Matrix;
use crate::spectrum::{Power, Stft, single};

/// `librosa.feature.melspectrogram` of a signal at `sr` Hz, with `power` of 2: a row for each band.
/// librosa's default for the hop is 512.
///
/// # Errors
/// As [`stft`](crate::spectrum::stft) and [`MelBank::new`].
pub fn melspectrogram(y: &[f32], sr: f64, stft: &Stft, mel: &Mel) -> Result<Matrix<f32>, Error> {
    let bank = MelBank::new(sr, stft.n_fft, mel)?;
    let window = stft.centred_window()?;
    let mut frames = stft.frames(y)?;
    let mut transform = single(&window);
    let mut bins = vec![0.0; bank.bins()];
    let mut bands = Matrix::filled(bank.bands(), frames.count(), 0.0);
    for index in 0..frames.count() {
        transform.spectrum(frames.get(index), Power::Square, &mut bins);
        bank.apply(&bins, bands.column_mut(index));
    }
    Ok(bands)
}

/// The same of a spectrogram `s` of any power.
///
/// # Errors
/// As [`MelBank::new`]; a frame does not have the bins of the bank; a value is not finite.
pub fn mel_of_spectrogram(s: &Matrix<f32>, bank: &MelBank) -> Result<Matrix<f32>, Error> {
    check_length("a frame", s.rows(), bank.bins())?;
    check_finite("the spectrogram", s.as_slice())?;
    let mut bands = Matrix::filled(bank.bands(), s.columns(), 0.0);
    for (index, bins) in s.iter_columns().enumerate() {
        bank.apply(bins, bands.column_mut(index));
    }
    Ok(bands)
}

/// `librosa.feature.rms` of a spectrogram of magnitudes, with frames of `frame_length` samples.
///
/// # Errors
/// A frame does not have `1 + frame_length / 2` bins; a value is not finite.
pub fn rms_of_spectrogram(s: &Matrix<f32>, frame_length: usize) -> Result<Vec<f32>, Error> {
    check_length("a frame", s.rows(), 1 + frame_length / 2)?;
    check_finite("the spectrogram", s.as_slice())?;
    check_positive("frame_length", frame_length as f64)?;
    let last = s.rows() - 1;
    let share = |bin: usize| {
        let is_end = bin == 0 || (bin == last && frame_length.is_multiple_of(2));
        if is_end { 0.5 } else { 1.0 }
    };
    let of_frame = |bins: &[f32]| {
        let squares = bins.iter().map(|&bin| f64::from(bin) * f64::from(bin));
        let sum: f64 = squares.enumerate().map(|(bin, square)| share(bin) * square).sum();
        (2.0 * sum / (frame_length as f64).powi(2)).sqrt() as f32
    };
    Ok(s.iter_columns().map(of_frame).collect())
}
