//! Magnitude and phase.

use realfft::num_complex::Complex;

use super::stft::{magnitudes, raise};
use crate::error::{Error, check_positive};
use crate::matrix::Matrix;

/// `librosa.magphase`: the magnitude to the `power`, and the phase as a number of magnitude 1,
/// which is 1 where the magnitude is 0.
///
/// # Errors
/// `power` is not above 0.
pub fn magphase(
    bins: &Matrix<Complex<f32>>,
    power: f64,
) -> Result<(Matrix<f32>, Matrix<Complex<f32>>), Error> {
    check_positive("power", power)?;
    let mut magnitude = magnitudes(bins);
    let mut phase = bins.clone();
    for (phase, &magnitude) in phase.as_mut_slice().iter_mut().zip(magnitude.as_slice()) {
        *phase = if magnitude == 0.0 { Complex::new(1.0, 0.0) } else { *phase / magnitude };
    }
    raise(magnitude.as_mut_slice(), power);
    Ok((magnitude, phase))
}

/// `librosa.phase_vocoder`: the same spectrogram at `rate` times its speed, its phases carried on
/// from frame to frame. It has `frames / rate` frames, rounded up.
///
/// Ellis, D. P. W. A phase vocoder in Matlab. Columbia University, 2002.
///
/// # Errors
/// There is no frame, or `rate` is not above 0.
pub fn phase_vocoder(
    bins: &Matrix<Complex<f32>>,
    rate: f64,
) -> Result<Matrix<Complex<f32>>, Error> {
    check_positive("rate", rate)?;
    if bins.columns() == 0 || bins.rows() == 0 {
        return Err(Error::Empty { what: "the spectrogram" });
    }
    let (rows, last) = (bins.rows(), bins.columns() - 1);
    let count = (bins.columns() as f64 / rate).ceil() as usize;
    let mut stretched = Matrix::filled(rows, count, Complex::new(0.0_f32, 0.0));
    let angle = |row: usize, column: usize| bins[(row, column)].arg();
    let magnitude = |row: usize, column: usize| -> f64 {
        f64::from(f64::from(bins[(row, column)].re).hypot(f64::from(bins[(row, column)].im)) as f32)
    };
    let mut phase: Vec<f32> = (0..rows).map(|row| angle(row, 0)).collect();
    for frame in 0..count {
        let at = frame as f64 * rate;
        let first = (at.floor() as usize).min(last);
        let next = (first + 1).min(last);
        // Beyond the last frame the line through the last two goes on.
        let from = first.min(last.saturating_sub(1));
        let to = (from + 1).min(last);
        let share = at - from as f64;
        for (row, phase) in phase.iter_mut().enumerate() {
            let (low, high) = (magnitude(row, from), magnitude(row, to));
            let length = (low + (high - low) * share) as f32;
            stretched[(row, frame)] = Complex::new(phase.cos() * length, phase.sin() * length);
            *phase += angle(row, next) - angle(row, first);
        }
    }
    Ok(stretched)
}
