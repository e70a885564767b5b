//! `librosa.effects`, `librosa.decompose`, and the signals of `librosa.core.audio`.

use tutti_audio::Matrix;
use tutti_audio::decompose::{self, Decompose, Hpss, Neighbours};
use tutti_audio::effects::{self, PitchShift, Silence};
use tutti_audio::signal;

use crate::arguments::{In, Numbers, Samples, group};
use crate::limits::{fits, fits_length};
use crate::options::{Frames, aggregate};
use crate::problem::Answer;
use crate::results::pairs;
use crate::table::{Function, table};

group! {
    /// `kernel_size, power, margin`.
    pub(crate) struct HpssArgument((usize, usize), f64, (f64, f64));
}

impl HpssArgument {
    fn hpss(self) -> Hpss {
        Hpss { kernel_size: self.0, power: self.1, margin: self.2 }
    }
}

/// The shares of magnitudes that are harmonic and percussive.
fn hpss_masks(s: In<f32>, options: HpssArgument) -> Answer<(Matrix<f32>, Matrix<f32>)> {
    let options = options.hpss();
    Ok(decompose::hpss_masks(&s.0, &options)?)
}

/// The harmonic and the percussive part of a signal.
fn hpss(y: Samples<'_>, frames: Frames, options: HpssArgument) -> Answer<(Vec<f32>, Vec<f32>)> {
    let (frames, options) = (frames.stft()?, options.hpss());
    Ok(effects::hpss(&y, &frames, &options)?)
}

/// The harmonic part of a signal.
fn harmonic(y: Samples<'_>, frames: Frames, options: HpssArgument) -> Answer<Vec<f32>> {
    let (frames, options) = (frames.stft()?, options.hpss());
    Ok(effects::harmonic(&y, &frames, &options)?)
}

/// The percussive part of a signal.
fn percussive(y: Samples<'_>, frames: Frames, options: HpssArgument) -> Answer<Vec<f32>> {
    let (frames, options) = (frames.stft()?, options.hpss());
    Ok(effects::percussive(&y, &frames, &options)?)
}

/// Which share of both each value of `x` is.
fn softmask(x: In<f32>, x_ref: In<f32>, power: f64, split_zeros: bool) -> Answer<Matrix<f32>> {
    Ok(decompose::softmask(&x.0, &x_ref.0, power, split_zeros)?)
}

group! {
    /// `n_components, sort, tol, max_iter`.
    pub(crate) struct DecomposeArgument(Option<usize>, bool, f64, usize);
}

/// Spectra and their activations.
fn decompose(s: In<f32>, options: DecomposeArgument) -> Answer<(Matrix<f32>, Matrix<f32>)> {
    let DecomposeArgument(n_components, sort, tol, max_iter) = options;
    if let Some(count) = n_components {
        fits("the parts", count, s.0.rows().max(s.0.columns()))?;
    }
    let options = Decompose { n_components, sort, tol, max_iter };
    Ok(decompose::decompose(&s.0, &options)?)
}

/// Frames replaced by those that are like them; weighted by `rec` where no aggregate is named.
fn nn_filter(s: In<f32>, rec: In<f32>, how: Option<String>) -> Answer<Matrix<f32>> {
    let how = match how {
        Some(how) => Neighbours::Equal(aggregate(&how)?),
        None => Neighbours::Weighted,
    };
    Ok(decompose::nn_filter(&s.0, &rec.0, how)?)
}

/// A signal at another speed.
fn time_stretch(y: Samples<'_>, rate: f64, frames: Frames) -> Answer<Vec<f32>> {
    let frames = frames.stft()?;
    fits_length("the signal", y.len() as f64 / rate, y.len())?;
    Ok(effects::time_stretch(&y, rate, &frames)?)
}

group! {
    /// `n_steps, bins_per_octave, scale`.
    pub(crate) struct ShiftArgument(f64, usize, bool);
}

/// A signal at another height.
fn pitch_shift(y: Samples<'_>, sr: f64, shift: ShiftArgument, frames: Frames) -> Answer<Vec<f32>> {
    let ShiftArgument(n_steps, bins_per_octave, scale) = shift;
    let shift = PitchShift { n_steps, bins_per_octave, scale };
    let frames = frames.stft()?;
    // As far as it is moved up, so much longer it is for a while.
    let times = (n_steps / bins_per_octave as f64).exp2();
    fits_length("the signal", y.len() as f64 * times, y.len())?;
    Ok(effects::pitch_shift(&y, sr, &shift, &frames)?)
}

group! {
    /// `top_db, ref, frame_length, hop_length`.
    pub(crate) struct SilenceArgument(f64, Option<f64>, usize, usize);
}

impl SilenceArgument {
    fn silence(self) -> Silence {
        let Self(top_db, reference, frame_length, hop_length) = self;
        Silence { top_db, reference, frame_length, hop_length }
    }
}

/// From and to which sample a signal is not silent.
fn trim(y: Samples<'_>, silence: SilenceArgument) -> Answer<(usize, usize)> {
    let silence = silence.silence();
    let range = effects::trim(&y, &silence)?;
    Ok((range.start, range.end))
}

/// The parts of a signal that are not silent.
fn split(y: Samples<'_>, silence: SilenceArgument) -> Answer<Matrix<i64>> {
    let silence = silence.silence();
    let parts = effects::split(&y, &silence)?;
    let parts: Vec<_> = parts.into_iter().map(|part| (part.start, part.end)).collect();
    Ok(pairs(&parts))
}

/// High frequencies raised.
fn preemphasis(y: Samples<'_>, coef: f64, zi: Option<f32>) -> Answer<Vec<f32>> {
    Ok(effects::preemphasis(&y, coef, zi)?)
}

/// High frequencies lowered.
fn deemphasis(y: Samples<'_>, coef: f64, zi: Option<f32>) -> Answer<Vec<f32>> {
    Ok(effects::deemphasis(&y, coef, zi)?)
}

/// Parts of a signal one after the other.
fn remix(y: Samples<'_>, intervals: Vec<(usize, usize)>, align_zeros: bool) -> Answer<Vec<f32>> {
    let intervals: Vec<_> = intervals.into_iter().map(|(start, end)| start..end).collect();
    let length = intervals.iter().map(|part| part.len() as f64).sum();
    fits_length("the signal", length, y.len())?;
    Ok(effects::remix(&y, &intervals, align_zeros)?)
}

/// A signal at another rate.
fn resample(y: Samples<'_>, orig_sr: f64, target_sr: f64, scale: bool) -> Answer<Vec<f32>> {
    fits_length("the signal", y.len() as f64 * target_sr / orig_sr, y.len())?;
    Ok(signal::resample(&y, orig_sr, target_sr, scale)?)
}

/// The products of a signal with itself.
fn autocorrelate(y: Samples<'_>, max_size: Option<usize>) -> Answer<Vec<f32>> {
    Ok(signal::autocorrelate(&y, max_size)?)
}

/// The coefficients that predict a signal.
fn lpc(y: Samples<'_>, order: usize) -> Answer<Vec<f32>> {
    Ok(signal::lpc(&y, order)?)
}

/// Quiet samples raised: real numbers.
fn mu_compress(x: Numbers<'_>, mu: f64) -> Answer<Vec<f64>> {
    Ok(signal::mu_compress(&x, mu)?)
}

/// Quiet samples raised: whole numbers.
fn mu_quantize(x: Numbers<'_>, mu: f64) -> Answer<Vec<i64>> {
    Ok(signal::mu_quantize(&x, mu)?)
}

/// What was raised lowered again, of real numbers.
fn mu_expand(x: Numbers<'_>, mu: f64) -> Answer<Vec<f64>> {
    Ok(signal::mu_expand(&x, mu)?)
}

/// What was raised lowered again, of whole numbers.
fn mu_dequantize(x: Vec<i64>, mu: f64) -> Answer<Vec<f64>> {
    Ok(signal::mu_dequantize(&x, mu)?)
}

/// A tone.
fn tone(frequency: f64, sr: f64, length: usize, phi: Option<f64>) -> Answer<Vec<f64>> {
    Ok(signal::tone(frequency, sr, length, phi)?)
}

/// A tone that glides.
fn chirp(
    frequencies: (f64, f64),
    sr: f64,
    length: usize,
    linear: bool,
    phi: Option<f64>,
) -> Answer<Vec<f64>> {
    Ok(signal::chirp(frequencies, sr, length, linear, phi)?)
}

/// Clicks at some samples.
fn clicks(
    positions: Vec<usize>,
    sr: f64,
    click_freq: f64,
    click_duration: f64,
    length: Option<usize>,
) -> Answer<Vec<f32>> {
    Ok(signal::clicks(&positions, sr, click_freq, click_duration, length)?)
}

pub(crate) const FUNCTIONS: &[Function] = table![
    hpss_masks,
    hpss,
    harmonic,
    percussive,
    softmask,
    decompose,
    nn_filter,
    time_stretch,
    pitch_shift,
    trim,
    split,
    preemphasis,
    deemphasis,
    remix,
    resample,
    autocorrelate,
    lpc,
    mu_compress,
    mu_quantize,
    mu_expand,
    mu_dequantize,
    tone,
    chirp,
    clicks
];
