//! `librosa.feature` of spectra, and `librosa.feature.inverse`.

use tutti_audio::Matrix;
use tutti_audio::features::{self, Contrast, MelInverse};
use tutti_audio::filters::{Mel, MelBank};
use tutti_audio::spectrum::Stft;

use crate::arguments::{In, Numbers, Samples, group};
use crate::limits::{fits, fits_frames, fits_pairs};
use crate::options::{
    ChromaArgument, Frames, MelArgument, MfccArgument, delta_mode, hop_of, pad_mode,
};
use crate::problem::Answer;
use crate::results::List;
use crate::spectrum::{SearchArgument, random};
use crate::table::{Function, table};

/// Mel bands of the powers of a signal.
fn melspectrogram(
    y: Samples<'_>,
    sr: f64,
    frames: Frames,
    mel: MelArgument,
) -> Answer<Matrix<f32>> {
    let (frames, mel) = (frames.stft()?, mel.mel()?);
    fits("the bank", mel.n_mels, 1 + frames.n_fft / 2)?;
    fits_frames("the bands", mel.n_mels, y.len(), hop_of(&frames))?;
    Ok(features::melspectrogram(&y, sr, &frames, &mel)?)
}

/// Mel bands of a spectrogram.
fn mel_of_spectrogram(s: In<f32>, sr: f64, n_fft: usize, mel: MelArgument) -> Answer<Matrix<f32>> {
    let mel = mel.mel()?;
    fits("the bank", mel.n_mels, 1 + n_fft / 2)?;
    fits("the bands", mel.n_mels, s.0.columns())?;
    Ok(features::mel_of_spectrogram(&s.0, &MelBank::new(sr, n_fft, &mel)?)?)
}

/// Coefficients of bands in decibels.
fn mfcc(s: In<f32>, options: MfccArgument) -> Answer<Matrix<f32>> {
    let options = options.mfcc()?;
    fits("the cosine transform", options.n_mfcc, s.0.rows())?;
    Ok(features::mfcc(&s.0, &options)?)
}

/// Mel bands of coefficients.
fn mfcc_to_mel(
    coefficients: In<f32>,
    n_mels: usize,
    options: MfccArgument,
    reference: f64,
) -> Answer<Matrix<f32>> {
    let options = options.mfcc()?;
    fits("the cosine transform", n_mels, n_mels)?;
    fits("the bands", n_mels, coefficients.0.columns())?;
    Ok(features::mfcc_to_mel(&coefficients.0, n_mels, &options, reference)?)
}

fn fits_inverse(m: &Matrix<f32>, stft: &Stft, mel: &Mel) -> Answer<()> {
    let bins = 1 + stft.n_fft / 2;
    fits("the bank", m.rows().max(mel.n_mels), bins)?;
    fits("the spectrogram", bins, m.columns())
}

/// Magnitudes of mel bands.
fn mel_to_stft(
    m: In<f32>,
    sr: f64,
    frames: Frames,
    power: f64,
    mel: MelArgument,
) -> Answer<Matrix<f32>> {
    let (stft, mel) = (frames.stft()?, mel.mel()?);
    fits_inverse(&m.0, &stft, &mel)?;
    let inverse = MelInverse { sr, stft, power, mel, ..MelInverse::default() };
    Ok(features::mel_to_stft(&m.0, &inverse)?)
}

/// A signal of mel bands; `turns` are its first phases, row by row, in turns.
fn mel_to_audio(
    m: In<f32>,
    sr: f64,
    frames: Frames,
    power: f64,
    mel: MelArgument,
    search: SearchArgument,
    turns: Option<Numbers<'_>>,
) -> Answer<Vec<f32>> {
    let (stft, mel, search) = (frames.stft()?, mel.mel()?, search.search());
    fits_inverse(&m.0, &stft, &mel)?;
    let inverse = MelInverse { sr, stft, power, mel, search };
    Ok(match turns.as_deref() {
        Some(turns) => features::mel_to_audio(&m.0, &inverse, Some(&mut random(turns))),
        None => features::mel_to_audio(&m.0, &inverse, None),
    }?)
}

/// Classes of pitch of powers.
fn chroma_stft(
    s: In<f32>,
    sr: f64,
    tuning: Option<f64>,
    bank: ChromaArgument,
    norm: Option<f64>,
) -> Answer<Matrix<f32>> {
    let bank = bank.chroma();
    fits("the bank", bank.n_chroma, 2 * s.0.rows())?;
    fits("the classes", bank.n_chroma, s.0.columns())?;
    Ok(features::chroma_stft(&s.0, sr, tuning, &bank, norm)?)
}

/// Tonal centroids of classes.
fn tonnetz(chroma: In<f32>) -> Answer<Matrix<f32>> {
    Ok(features::tonnetz(&chroma.0)?)
}

/// Derivatives of rows.
fn delta(data: In<f32>, width: usize, order: usize, mode: String) -> Answer<Matrix<f32>> {
    let mode = delta_mode(&mode)?;
    Ok(features::delta(&data.0, width, order, mode)?)
}

/// Frames with those before them.
fn stack_memory(data: In<f32>, n_steps: usize, delay: isize, mode: String) -> Answer<Matrix<f32>> {
    let mode = pad_mode(&mode)?;
    fits("the frames", n_steps.saturating_mul(data.0.rows()), data.0.columns())?;
    Ok(features::stack_memory(&data.0, n_steps, delay, mode)?)
}

/// The root of the mean square of frames; not centred without a mode of padding.
fn rms(
    y: Samples<'_>,
    frame_length: usize,
    hop_length: usize,
    mode: Option<String>,
) -> Answer<Vec<f32>> {
    let mode = mode.as_deref().map(pad_mode).transpose()?;
    Ok(features::rms(&y, frame_length, hop_length, mode)?)
}

/// The same of magnitudes.
fn rms_of_spectrogram(s: In<f32>, frame_length: usize) -> Answer<Vec<f32>> {
    Ok(features::rms_of_spectrogram(&s.0, frame_length)?)
}

/// How often frames change their sign.
fn zero_crossing_rate(
    y: Samples<'_>,
    frame_length: usize,
    hop_length: usize,
    center: bool,
) -> Answer<Vec<f32>> {
    Ok(features::zero_crossing_rate(&y, frame_length, hop_length, center)?)
}

/// Where a signal changes its sign.
fn zero_crossings(y: Samples<'_>, threshold: f32, pad: bool) -> Vec<bool> {
    features::zero_crossings(&y, threshold, pad)
}

/// The middle of spectra.
fn spectral_centroid(s: In<f32>, frequencies: Numbers<'_>) -> Answer<Vec<f32>> {
    Ok(features::spectral_centroid(&s.0, &frequencies)?)
}

/// The spread of spectra.
fn spectral_bandwidth(s: In<f32>, frequencies: Numbers<'_>, p: f64) -> Answer<Vec<f32>> {
    Ok(features::spectral_bandwidth(&s.0, &frequencies, p)?)
}

/// The frequency below which a share of spectra lies.
fn spectral_rolloff(s: In<f32>, frequencies: Numbers<'_>, roll_percent: f64) -> Answer<Vec<f32>> {
    Ok(features::spectral_rolloff(&s.0, &frequencies, roll_percent)?)
}

/// How like noise spectra are.
fn spectral_flatness(s: In<f32>, amin: f64, power: f64) -> Answer<Vec<f32>> {
    Ok(features::spectral_flatness(&s.0, amin, power)?)
}

group! {
    /// `fmin, n_bands, quantile, linear`.
    pub(crate) struct ContrastArgument(f64, usize, f64, bool);
}

/// How far peaks lie over valleys.
fn spectral_contrast(
    s: In<f32>,
    sr: f64,
    frequencies: Numbers<'_>,
    options: ContrastArgument,
) -> Answer<Matrix<f32>> {
    let ContrastArgument(fmin, n_bands, quantile, linear) = options;
    let options = Contrast { fmin, n_bands, quantile, linear };
    fits("the bands", n_bands, s.0.columns())?;
    Ok(features::spectral_contrast(&s.0, sr, &frequencies, &options)?)
}

/// Polynomials of spectra.
fn poly_features(s: In<f32>, frequencies: Numbers<'_>, order: usize) -> Answer<Matrix<f32>> {
    fits("the polynomials", 1 + order, s.0.rows().max(s.0.columns()))?;
    Ok(features::poly_features(&s.0, &frequencies, order)?)
}

/// What stands at multiples of the frequency of each bin: a matrix for each multiple.
fn interp_harmonics(
    x: In<f32>,
    freqs: Numbers<'_>,
    harmonics: Numbers<'_>,
    fill_value: f64,
) -> Answer<List<Matrix<f32>>> {
    fits_pairs("the harmonics", harmonics.len(), x.0.as_slice().len())?;
    Ok(List(features::interp_harmonics(&x.0, &freqs, &harmonics, fill_value)?))
}

/// What stands at multiples of the frequency of each frame.
fn f0_harmonics(
    x: In<f32>,
    f0: Numbers<'_>,
    freqs: Numbers<'_>,
    harmonics: Numbers<'_>,
    fill_value: f64,
) -> Answer<Matrix<f32>> {
    fits("the harmonics", harmonics.len(), x.0.columns())?;
    Ok(features::f0_harmonics(&x.0, &f0, &freqs, &harmonics, fill_value)?)
}

group! {
    /// `weights, filter_peaks, fill_value`.
    pub(crate) struct SalienceArgument(Vec<f64>, bool, f64);
}

/// How likely tones are.
fn salience(
    s: In<f32>,
    freqs: Numbers<'_>,
    harmonics: Numbers<'_>,
    options: SalienceArgument,
) -> Answer<Matrix<f32>> {
    let SalienceArgument(weights, filter_peaks, fill_value) = options;
    let options = features::Salience { weights, filter_peaks, fill_value };
    fits_pairs("the harmonics", harmonics.len(), s.0.as_slice().len())?;
    Ok(features::salience(&s.0, &freqs, &harmonics, &options)?)
}

pub(crate) const FUNCTIONS: &[Function] = table![
    melspectrogram,
    mel_of_spectrogram,
    mfcc,
    mfcc_to_mel,
    mel_to_stft,
    mel_to_audio,
    chroma_stft,
    tonnetz,
    delta,
    stack_memory,
    rms,
    rms_of_spectrogram,
    zero_crossing_rate,
    zero_crossings,
    spectral_centroid,
    spectral_bandwidth,
    spectral_rolloff,
    spectral_flatness,
    spectral_contrast,
    poly_features,
    interp_harmonics,
    f0_harmonics,
    salience
];
