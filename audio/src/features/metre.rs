//! What stands in a tempogram at multiples of a tempo.

use super::harmonics::{f0_harmonics, interp_harmonics};
use super::rhythm::{fourier_tempogram, tempogram};
use crate::convert::{fourier_tempo_frequencies, tempo_frequencies};
use crate::error::{Error, check_count, check_positive};
use crate::filters::Window;
use crate::matrix::Matrix;

/// The multiples of a tempo that [`tempogram_ratio`] looks at by default, from four times as fast
/// to a quarter.
///
/// Prockup, M. et al. Modeling musical rhythm at scale with the music genome project. WASPAA, 2015.
pub const METRIC_FACTORS: [f64; 13] = [
    4.0,
    8.0 / 3.0,
    3.0,
    2.0,
    4.0 / 3.0,
    3.0 / 2.0,
    1.0,
    2.0 / 3.0,
    3.0 / 4.0,
    1.0 / 2.0,
    1.0 / 3.0,
    3.0 / 8.0,
    1.0 / 4.0,
];

/// `librosa.feature.tempogram_ratio`: a row for each of `factors` with what a tempogram at `sr` Hz
/// has in each frame at so many times its tempo `bpm`, in beats a minute.
///
/// Peeters, G. Rhythm classification using spectral rhythm patterns. ISMIR, 2005.
///
/// # Errors
/// A value is not finite; there is not a tempo for each frame; there are less than three lags; `sr`
/// is not above 0; `hop_length` is 0.
pub fn tempogram_ratio(
    tg: &Matrix<f32>,
    sr: f64,
    hop_length: usize,
    bpm: &[f64],
    factors: &[f64],
) -> Result<Matrix<f32>, Error> {
    check_positive("sr", sr)?;
    check_count("hop_length", hop_length)?;
    let freqs = tempo_frequencies(tg.rows(), hop_length, sr);
    f0_harmonics(tg, bpm, &freqs, factors, 0.0)
}

/// `librosa.feature.hybrid_tempogram` of an onset envelope at `sr` Hz: for each tempo of a Fourier
/// tempogram the geometric mean of what it and a tempogram of lags have there, so that neither
/// multiples nor parts of the tempo stand out. `win_length` is 384 by default.
///
/// Peeters, G. Template-based estimation of time-varying tempo. EURASIP Journal on Advances in
/// Signal Processing, 2007.
///
/// # Errors
/// As [`tempogram`] and [`fourier_tempogram`]; `sr` is not above 0; `hop_length` is 0; `win_length`
/// is below 3.
pub fn hybrid_tempogram(
    onset_envelope: &[f32],
    (sr, hop_length): (f64, usize),
    win_length: usize,
    center: bool,
    window: &Window,
) -> Result<Matrix<f32>, Error> {
    check_positive("sr", sr)?;
    check_count("hop_length", hop_length)?;
    let bins = fourier_tempogram(onset_envelope, win_length, center, window)?;
    let lags = tempogram(onset_envelope, win_length, center, window, Some(f64::INFINITY))?;
    let freqs = tempo_frequencies(lags.rows(), hop_length, sr);
    let at = fourier_tempo_frequencies(sr, win_length, hop_length);
    let frames = bins.columns().min(lags.columns());
    let mut found = Matrix::filled(bins.rows(), frames, 0.0);
    for (row, tempo) in at.iter().enumerate().take(bins.rows()) {
        let tempos = vec![*tempo; lags.columns()];
        let values = f0_harmonics(&lags, &tempos, &freqs, &[1.0], 0.0)?;
        for column in 0..frames {
            let bin = bins[(row, column)];
            let product = f64::from(bin.re.hypot(bin.im)) * f64::from(values[(0, column)].abs());
            found[(row, column)] = product.sqrt() as f32;
        }
    }
    Ok(found)
}

/// The parts of a tempo that [`metrogram`] looks at by default.
pub const METRE_FACTORS: [f64; 4] = [1.0 / 3.0, 1.0 / 4.0, 1.0 / 5.0, 1.0 / 7.0];

/// `librosa.feature.metrogram`: a row for each of `factors` with how much of a tempogram comes
/// again at so many times its tempos, whose frequencies `freqs` are finite: how likely each metre
/// is.
///
/// Quinton, E., Harte, C. and Sandler, M. Extraction of metrical structure from music recordings.
/// Digital Audio Effects, 2015.
///
/// # Errors
/// As [`interp_harmonics`].
pub fn metrogram(tg: &Matrix<f32>, freqs: &[f64], factors: &[f64]) -> Result<Matrix<f32>, Error> {
    let found = interp_harmonics(tg, freqs, factors, 0.0)?;
    Ok(Matrix::from_fn(factors.len(), tg.columns(), |row, column| {
        let pairs = found[row].column(column).iter().zip(tg.column(column));
        pairs.map(|(&at, &value)| f64::from(at) * f64::from(value)).sum::<f64>() as f32
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_tempo_is_refused() {
        let tg = Matrix::filled(8, 2, 1.0);
        let ratio = tempogram_ratio(&tg, 22_050.0, 512, &[500.0, 600.0], &METRIC_FACTORS).unwrap();
        assert_eq!((ratio.rows(), ratio.columns()), (13, 2));
        assert!(tempogram_ratio(&tg, 22_050.0, 512, &[500.0], &METRIC_FACTORS).is_err());
        assert!(tempogram_ratio(&tg, 0.0, 512, &[1.0, 1.0], &METRIC_FACTORS).is_err());
        assert!(tempogram_ratio(&tg, 22_050.0, 0, &[1.0, 1.0], &METRIC_FACTORS).is_err());
        assert!(hybrid_tempogram(&[1.0; 9], (22_050.0, 0), 4, true, &Window::Hann).is_err());
        assert!(hybrid_tempogram(&[1.0; 9], (22_050.0, 512), 2, true, &Window::Hann).is_err());
        assert!(metrogram(&tg, &[1.0; 3], &METRE_FACTORS).is_err());
    }
}
