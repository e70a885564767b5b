//! `librosa.core.spectrum`: transforms, decibels, phases.

use tutti_audio::Matrix;
use tutti_audio::features::{Pcen, pcen as compressed};
use tutti_audio::spectrum::{self, GriffinLim, Interpolation, Mellin, Moved, Reassign, Stft};

use crate::arguments::{Bin, In, Numbers, Samples, group};
use crate::limits::{fits_frames, fits_length};
use crate::options::{DecibelsArgument, Frames, hop_of, one_of, weighting};
use crate::problem::Answer;
use crate::table::{Function, table};

fn fits_bins(frames: &Stft, y: &[f32]) -> Answer<()> {
    fits_frames("the transform", 1 + frames.n_fft / 2, y.len(), hop_of(frames))
}

/// Complex bins of each frame.
fn stft(y: Samples<'_>, frames: Frames) -> Answer<Matrix<Bin>> {
    let frames = frames.stft()?;
    fits_bins(&frames, &y)?;
    Ok(spectrum::stft(&y, &frames)?)
}

/// Magnitudes of each frame to some power.
fn spectrogram(y: Samples<'_>, frames: Frames, power: f64) -> Answer<Matrix<f32>> {
    let frames = frames.stft()?;
    fits_bins(&frames, &y)?;
    Ok(spectrum::spectrogram(&y, &frames, power)?)
}

/// The signal of some bins.
fn istft(bins: In<Bin>, frames: Frames, length: Option<usize>) -> Answer<Vec<f32>> {
    let frames = frames.stft()?;
    Ok(spectrum::istft(&bins.0, &frames, length)?)
}

/// Bins at another speed.
fn phase_vocoder(bins: In<Bin>, rate: f64) -> Answer<Matrix<Bin>> {
    let count = bins.0.as_slice().len();
    fits_length("the transform", count as f64 / rate, count)?;
    Ok(spectrum::phase_vocoder(&bins.0, rate)?)
}

/// What hands out given numbers, one after the other.
pub(crate) fn random(numbers: &[f64]) -> impl FnMut() -> f64 + Send + '_ {
    let mut numbers = numbers.iter();
    move || numbers.next().copied().unwrap_or_default()
}

group! {
    /// The search for phases: `n_iter, momentum, length`.
    pub(crate) struct SearchArgument(usize, f64, Option<usize>);
}

impl SearchArgument {
    pub(crate) fn search(self) -> GriffinLim {
        GriffinLim { n_iter: self.0, momentum: self.1, length: self.2 }
    }
}

/// A signal of magnitudes; `turns` are its first phases, row by row, in turns.
fn griffinlim(
    s: In<f32>,
    frames: Frames,
    search: SearchArgument,
    turns: Option<Numbers<'_>>,
) -> Answer<Vec<f32>> {
    let (frames, search) = (frames.stft()?, search.search());
    Ok(match turns.as_deref() {
        Some(turns) => spectrum::griffinlim(&s.0, &frames, &search, Some(&mut random(turns))),
        None => spectrum::griffinlim(&s.0, &frames, &search, None),
    }?)
}

group! {
    /// `moved, ref_power, fill_nan, clip`; moved are `"both"`, `"frequencies"` or `"times"`.
    pub(crate) struct ReassignArgument(String, f64, bool, bool);
}

/// Frequencies, times and magnitudes of bins.
fn reassigned_spectrogram(
    y: Samples<'_>,
    sr: f64,
    frames: Frames,
    options: ReassignArgument,
) -> Answer<(Matrix<f64>, Matrix<f64>, Matrix<f32>)> {
    let ReassignArgument(moved, ref_power, fill_nan, clip) = options;
    let moved = one_of(
        "moved",
        &moved,
        &[("both", Moved::Both), ("frequencies", Moved::Frequencies), ("times", Moved::Times)],
    )?;
    let options = Reassign { moved, ref_power, fill_nan, clip };
    let frames = frames.stft()?;
    fits_bins(&frames, &y)?;
    let found = spectrum::reassigned_spectrogram(&y, sr, &frames, &options)?;
    Ok((found.frequencies, found.times, found.magnitudes))
}

group! {
    /// `t_min, n_fmt, kind, beta, over_sample`.
    pub(crate) struct MellinArgument(f64, Option<usize>, String, f64, f64);
}

/// The Mellin transform of one row.
fn fmt(y: Samples<'_>, options: MellinArgument) -> Answer<Vec<Bin>> {
    let MellinArgument(t_min, n_fmt, kind, beta, over_sample) = options;
    let kinds = [("linear", Interpolation::Linear), ("cubic", Interpolation::Cubic)];
    let kind = one_of("kind", &kind, &kinds)?;
    let options = Mellin { t_min, n_fmt, kind, beta, over_sample };
    Ok(spectrum::fmt(&y, &options)?)
}

/// Decibels of powers.
fn power_to_db(s: In<f32>, decibels: DecibelsArgument) -> Answer<Matrix<f32>> {
    let (mut s, decibels) = (s.0, decibels.decibels());
    spectrum::power_to_db_in_place(s.as_mut_slice(), &decibels)?;
    Ok(s)
}

/// Decibels of amplitudes.
fn amplitude_to_db(s: In<f32>, decibels: DecibelsArgument) -> Answer<Matrix<f32>> {
    let (mut s, decibels) = (s.0, decibels.decibels());
    spectrum::amplitude_to_db_in_place(s.as_mut_slice(), &decibels)?;
    Ok(s)
}

/// Powers of decibels.
fn db_to_power(s: In<f32>, reference: f64) -> Matrix<f32> {
    spectrum::db_to_power(&s.0, reference)
}

/// Amplitudes of decibels.
fn db_to_amplitude(s: In<f32>, reference: f64) -> Matrix<f32> {
    spectrum::db_to_amplitude(&s.0, reference)
}

/// Decibels as loud as they seem.
fn perceptual_weighting(
    s: In<f32>,
    frequencies: Numbers<'_>,
    kind: String,
    decibels: DecibelsArgument,
) -> Answer<Matrix<f32>> {
    let kind = weighting(&kind)?;
    let decibels = decibels.decibels();
    Ok(spectrum::perceptual_weighting(&s.0, &frequencies, kind, &decibels)?)
}

group! {
    /// `gain, bias, power, time_constant, eps, b, max_size`.
    pub(crate) struct PcenArgument(f64, f64, f64, f64, f64, Option<f64>, usize);
}

/// Bands divided by their past.
fn pcen(s: In<f32>, sr: f64, hop_length: usize, options: PcenArgument) -> Answer<Matrix<f32>> {
    let PcenArgument(gain, bias, power, time_constant, eps, b, max_size) = options;
    let options = Pcen { gain, bias, power, time_constant, eps, b, max_size };
    Ok(compressed(&s.0, sr, hop_length, &options)?)
}

pub(crate) const FUNCTIONS: &[Function] = table![
    stft,
    spectrogram,
    istft,
    phase_vocoder,
    griffinlim,
    reassigned_spectrogram,
    fmt,
    power_to_db,
    amplitude_to_db,
    db_to_power,
    db_to_amplitude,
    perceptual_weighting,
    pcen
];
