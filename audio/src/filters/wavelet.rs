//! Wavelets of constant or varying Q, the filters of constant-Q transforms.
//!
//! Schörkhuber, C., Klapuri, A., Holighaus, N. and Dörfler, M. A Matlab toolbox for efficient
//! perfect reconstruction time-frequency transforms with log-frequency resolution. AES Conference
//! on Semantic Audio, 2014.

use std::f64::consts::TAU;

use realfft::num_complex::Complex;

use super::window::{Window, get_window, window_bandwidth};
use crate::error::{Error, check, check_length, check_positive};
use crate::matrix::Matrix;
use crate::util::norm_of;

/// Samples of a wavelet at most: what is longer would not fit into memory.
const LENGTH_MAX: f64 = (1_u64 << 28) as f64;
/// The bandwidth of an ear's filter at 0 Hz, in Hz, and how it grows with frequency.
const EAR_HZ: f64 = 24.7;
const EAR_SLOPE: f64 = 0.108;

/// The shape of wavelets; defaults are those of `librosa.filters.wavelet`.
#[derive(Debug, Clone, PartialEq)]
pub struct Wavelet {
    /// What they are windowed with.
    pub window: Window,
    /// Below 1 they are shorter, and sharper in time; above 1 longer, and sharper in frequency.
    pub filter_scale: f64,
    /// Whether each is padded to the power of two that holds the longest, or else to the longest.
    pub pad_fft: bool,
    /// The norm that is made 1; none where there is none.
    pub norm: Option<f64>,
    /// By how many Hz all are wider than with a constant Q; as an ear's filters are where there is
    /// none.
    pub gamma: Option<f64>,
}

impl Default for Wavelet {
    fn default() -> Self {
        Self {
            window: Window::Hann,
            filter_scale: 1.0,
            pad_fft: true,
            norm: Some(1.0),
            gamma: Some(0.0),
        }
    }
}

/// How wide a filter is that reaches halfway to its neighbours, as a share of its frequency, where
/// an octave has `bins` of them.
pub(crate) fn bandwidth_of(bins: f64) -> f64 {
    let ratio = 2_f64.powf(2.0 / bins);
    (ratio - 1.0) / (ratio + 1.0)
}

/// `librosa.filters.relative_bandwidth`: of filters at `freqs`, ascending and in Hz, how wide each
/// is as a share of its frequency.
///
/// # Errors
/// There are less than two frequencies; one is not finite and above 0, or not above the one before.
pub fn relative_bandwidth(freqs: &[f64]) -> Result<Vec<f64>, Error> {
    if freqs.len() < 2 {
        return Err(Error::TooShort { what: "the frequencies", length: freqs.len(), needed: 2 });
    }
    check_ascending(freqs)?;
    let octaves: Vec<f64> = freqs.iter().map(|hz| hz.log2()).collect();
    let last = octaves.len() - 1;
    let bins = |at: usize| match at {
        0 => 1.0 / (octaves[1] - octaves[0]),
        at if at == last => 1.0 / (octaves[last] - octaves[last - 1]),
        at => 2.0 / (octaves[at + 1] - octaves[at - 1]),
    };
    Ok((0..=last).map(|at| bandwidth_of(bins(at))).collect())
}

fn check_ascending(freqs: &[f64]) -> Result<(), Error> {
    for &hz in freqs {
        check_positive("freqs", hz)?;
    }
    match freqs.windows(2).find(|pair| pair[0] > pair[1]) {
        Some(pair) => Err(Error::parameter("freqs", pair[1], "ascending")),
        None => Ok(()),
    }
}

/// `librosa.filters.wavelet_lengths`: how many samples at `sr` Hz each wavelet has, which need not
/// be whole, and above which frequency, in Hz, none lets anything through. `alpha` is
/// [`relative_bandwidth`] where it is not given.
///
/// # Errors
/// As [`relative_bandwidth`]; there is not an `alpha` for each frequency; a parameter is out of its
/// range.
pub fn wavelet_lengths(
    freqs: &[f64],
    sr: f64,
    wavelet: &Wavelet,
    alpha: Option<&[f64]>,
) -> Result<(Vec<f64>, f64), Error> {
    check_positive("sr", sr)?;
    check_positive("filter_scale", wavelet.filter_scale)?;
    let gamma = wavelet.gamma.unwrap_or(0.0);
    check(gamma >= 0.0 && gamma.is_finite(), "gamma", gamma, "0 or more")?;
    check_ascending(freqs)?;
    if freqs.is_empty() {
        return Err(Error::Empty { what: "the list of frequencies" });
    }
    let own;
    let alpha = if let Some(alpha) = alpha {
        alpha
    } else {
        own = relative_bandwidth(freqs)?;
        &own
    };
    check_length("alpha", alpha.len(), freqs.len())?;
    for &alpha in alpha {
        check_positive("alpha", alpha)?;
    }
    let bandwidth = window_bandwidth(&wavelet.window, 1000)?;
    let mut cutoff = 0.0_f64;
    let mut lengths = Vec::with_capacity(freqs.len());
    for (&hz, &alpha) in freqs.iter().zip(alpha) {
        let gamma = wavelet.gamma.unwrap_or(alpha * EAR_HZ / EAR_SLOPE);
        let q = wavelet.filter_scale / alpha;
        cutoff = cutoff.max(hz * (1.0 + 0.5 * bandwidth / q) + 0.5 * gamma);
        lengths.push(q * sr / (hz + gamma / alpha));
    }
    Ok((lengths, cutoff))
}

/// Wavelets, each in the middle of as many samples as all have, and their lengths.
pub(crate) struct Wavelets {
    pub(crate) filters: Vec<Vec<Complex<f32>>>,
    pub(crate) lengths: Vec<f64>,
}

impl Wavelets {
    pub(crate) fn new(
        freqs: &[f64],
        sr: f64,
        wavelet: &Wavelet,
        alpha: Option<&[f64]>,
    ) -> Result<Self, Error> {
        let (lengths, _) = wavelet_lengths(freqs, sr, wavelet, alpha)?;
        let longest = lengths.iter().copied().fold(1.0, f64::max);
        check(longest <= LENGTH_MAX, "the length of a wavelet", longest, "at most 268435456")?;
        let size = if wavelet.pad_fft {
            2_f64.powf(longest.log2().ceil()) as usize
        } else {
            longest.ceil() as usize
        };
        let filters = freqs
            .iter()
            .zip(&lengths)
            .map(|(&hz, &length)| filter(hz, length, sr, size, wavelet))
            .collect::<Result<_, _>>()?;
        Ok(Self { filters, lengths })
    }
}

/// One wavelet of `length` samples in the middle of `size`.
fn filter(
    hz: f64,
    length: f64,
    sr: f64,
    size: usize,
    wavelet: &Wavelet,
) -> Result<Vec<Complex<f32>>, Error> {
    let first = (-length / 2.0).floor();
    let count = ((length / 2.0).floor() - first) as usize;
    if count == 0 || count > size {
        let range = "short enough for a wavelet of at least one sample";
        return Err(Error::parameter("filter_scale", wavelet.filter_scale, range));
    }
    let window = get_window(&wavelet.window, count, true)?;
    let sample = |(index, weight): (usize, f64)| {
        let angle = (first + index as f64) * TAU * hz / sr;
        Complex::from_polar(1.0, angle) * weight
    };
    let samples: Vec<Complex<f64>> = window.into_iter().enumerate().map(sample).collect();
    let norm = wavelet.norm.map_or(1.0, |p| norm_of(samples.iter().map(|each| each.norm()), p));
    let norm = if norm < f64::MIN_POSITIVE { 1.0 } else { norm };
    let mut padded = vec![Complex::new(0.0, 0.0); size];
    for (padded, sample) in padded.iter_mut().skip((size - count) / 2).zip(samples) {
        *padded = Complex::new((sample.re / norm) as f32, (sample.im / norm) as f32);
    }
    Ok(padded)
}

/// `librosa.filters.wavelet`: complex wavelets at `freqs`, ascending and in Hz, at `sr` Hz, a row
/// for each and a column for each sample, and their lengths in samples. `alpha` is
/// [`relative_bandwidth`] where it is not given.
///
/// # Errors
/// As [`wavelet_lengths`]; a wavelet is shorter than a sample, or has more than 2^28.
pub fn wavelet(
    freqs: &[f64],
    sr: f64,
    wavelet: &Wavelet,
    alpha: Option<&[f64]>,
) -> Result<(Matrix<Complex<f32>>, Vec<f64>), Error> {
    if let Some(norm) = wavelet.norm {
        check(norm >= 0.0, "norm", norm, "0 or more")?;
    }
    let Wavelets { filters, lengths } = Wavelets::new(freqs, sr, wavelet, alpha)?;
    let size = filters.first().map_or(0, Vec::len);
    Ok((Matrix::from_fn(filters.len(), size, |row, column| filters[row][column]), lengths))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_wavelet_is_refused() {
        let default = Wavelet::default();
        assert!(relative_bandwidth(&[440.0]).is_err());
        assert!(relative_bandwidth(&[440.0, 220.0]).is_err());
        assert!(relative_bandwidth(&[0.0, 220.0]).is_err());
        assert!(wavelet(&[], 22_050.0, &default, None).is_err());
        assert!(wavelet(&[440.0, f64::NAN], 22_050.0, &default, None).is_err());
        assert!(wavelet(&[440.0, 441.0], 22_050.0, &default, Some(&[0.1])).is_err());
        assert!(wavelet(&[440.0], 22_050.0, &default, Some(&[0.0])).is_err());
        let long = Wavelet { filter_scale: 1e9, ..default };
        assert!(wavelet(&[440.0, 466.0], 22_050.0, &long, None).is_err());
    }

    #[test]
    fn one_frequency_has_a_wavelet_whose_width_is_given() {
        let (filters, lengths) =
            wavelet(&[440.0], 22_050.0, &Wavelet::default(), Some(&[0.05])).unwrap();
        assert!((lengths[0] - 22_050.0 / 440.0 / 0.05).abs() < 1e-9, "{lengths:?}");
        assert_eq!((filters.rows(), filters.columns()), (1, 1024));
        let short = Wavelet { filter_scale: 1e-9, ..Wavelet::default() };
        let (filters, _) = wavelet(&[440.0], 22_050.0, &short, Some(&[0.05])).unwrap();
        assert_eq!((filters.rows(), filters.columns()), (1, 1));
    }
}
