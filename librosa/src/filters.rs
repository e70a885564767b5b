//! `librosa.filters`: windows, banks and wavelets.

use tutti_audio::Matrix;
use tutti_audio::filters::{self, MelBank, Wavelet};

use crate::arguments::{Bin, Numbers, group};
use crate::limits::fits;
use crate::options::{ChromaArgument, MelArgument, WindowArgument};
use crate::problem::Answer;
use crate::table::{Function, table};

/// A window of so many values.
fn get_window(window: WindowArgument, nx: usize, fftbins: bool) -> Answer<Vec<f64>> {
    let window = window.window()?;
    Ok(filters::get_window(&window, nx, fftbins)?)
}

/// How wide a window is, in bins.
fn window_bandwidth(window: WindowArgument, n: usize) -> Answer<f64> {
    let window = window.window()?;
    Ok(filters::window_bandwidth(&window, n)?)
}

/// What windows over frames sum up to.
fn window_sumsquare(
    window: WindowArgument,
    n_frames: usize,
    hop_length: usize,
    win_length: Option<usize>,
    n_fft: usize,
) -> Answer<Vec<f32>> {
    let window = window.window()?;
    fits("the sum", n_frames, hop_length)?;
    Ok(filters::window_sumsquare(&window, n_frames, hop_length, win_length, n_fft)?)
}

/// Bands of the mel scale.
fn mel(sr: f64, n_fft: usize, mel: MelArgument) -> Answer<Matrix<f32>> {
    let mel = mel.mel()?;
    fits("the bank", mel.n_mels, 1 + n_fft / 2)?;
    Ok(MelBank::new(sr, n_fft, &mel)?.weights())
}

/// Classes of pitch of the bins of a transform.
fn chroma(sr: f64, n_fft: usize, chroma: ChromaArgument) -> Answer<Matrix<f32>> {
    let chroma = chroma.chroma();
    fits("the bank", chroma.n_chroma, n_fft)?;
    Ok(filters::chroma(sr, n_fft, &chroma)?)
}

/// Classes of pitch of the bins of a constant-Q transform.
fn cq_to_chroma(
    n_input: usize,
    bins_per_octave: usize,
    n_chroma: usize,
    fmin: f64,
    base_c: bool,
) -> Answer<Matrix<f32>> {
    fits("the bank", n_chroma, n_input)?;
    Ok(filters::cq_to_chroma(n_input, bins_per_octave, n_chroma, fmin, base_c)?)
}

/// A window along a diagonal.
fn diagonal_filter(
    window: WindowArgument,
    n: usize,
    slope: f64,
    zero_mean: bool,
) -> Answer<Matrix<f64>> {
    let window = window.window()?;
    fits("the filter", 2 * n, n)?;
    Ok(filters::diagonal_filter(&window, n, slope, zero_mean)?)
}

/// The frequencies and sample rates of the filters of semitones.
fn mr_frequencies(tuning: f64) -> Answer<(Vec<f64>, Vec<f64>)> {
    Ok(filters::mr_frequencies(tuning)?)
}

group! {
    /// `window, filter_scale, pad_fft, norm, gamma`.
    pub(crate) struct WaveletArgument(WindowArgument, f64, bool, Option<f64>, Option<f64>);
}

impl WaveletArgument {
    fn wavelet(self) -> Answer<Wavelet> {
        let Self(window, filter_scale, pad_fft, norm, gamma) = self;
        Ok(Wavelet { window: window.window()?, filter_scale, pad_fft, norm, gamma })
    }
}

/// How wide filters are, as shares of their frequencies.
fn relative_bandwidth(freqs: Numbers<'_>) -> Answer<Vec<f64>> {
    Ok(filters::relative_bandwidth(&freqs)?)
}

/// How long wavelets are, and above which frequency none lets anything through.
fn wavelet_lengths(
    freqs: Numbers<'_>,
    sr: f64,
    options: WaveletArgument,
    alpha: Option<Vec<f64>>,
) -> Answer<(Vec<f64>, f64)> {
    let options = options.wavelet()?;
    Ok(filters::wavelet_lengths(&freqs, sr, &options, alpha.as_deref())?)
}

/// Wavelets and their lengths.
fn wavelet(
    freqs: Numbers<'_>,
    sr: f64,
    options: WaveletArgument,
    alpha: Option<Vec<f64>>,
) -> Answer<(Matrix<Bin>, Vec<f64>)> {
    let options = options.wavelet()?;
    Ok(filters::wavelet(&freqs, sr, &options, alpha.as_deref())?)
}

pub(crate) const FUNCTIONS: &[Function] = table![
    get_window,
    window_bandwidth,
    window_sumsquare,
    mel,
    chroma,
    cq_to_chroma,
    diagonal_filter,
    mr_frequencies,
    relative_bandwidth,
    wavelet_lengths,
    wavelet
];
