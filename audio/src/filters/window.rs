//! Windows, as `scipy.signal.get_window` and `librosa.filters` define them.
//!
//! Harris, F. J. On the use of windows for harmonic analysis with the discrete Fourier transform.
//! Proceedings of the IEEE, 1978. Coefficients as in `SciPy`.

use std::f64::consts::PI;

use crate::error::{Error, check, check_count, check_length};

/// The shape of a window, by `SciPy`'s name.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Window {
    /// One period of a raised cosine.
    #[default]
    Hann,
    /// A raised cosine on a pedestal.
    Hamming,
    /// Three cosine terms.
    Blackman,
    /// Four cosine terms, after Blackman and Harris.
    Blackmanharris,
    /// Four cosine terms, after Nuttall.
    Nuttall,
    /// Five cosine terms, flat at its top.
    Flattop,
    /// One everywhere.
    Boxcar,
    /// A triangle that is zero at both ends.
    Bartlett,
    /// A triangle that is above zero at both ends.
    Triang,
    /// Half a period of a sine.
    Cosine,
    /// The product of two half cosines.
    Bohman,
    /// A Hann window and a triangle together.
    Barthann,
    /// Four convolved rectangles.
    Parzen,
    /// After Kaiser; `beta` of 0 is a rectangle, 14 is a good start.
    Kaiser {
        /// Trades the width of the main lobe for the height of the others.
        beta: f64,
    },
    /// A bell.
    Gaussian {
        /// The standard deviation, in samples, above 0.
        std: f64,
    },
    /// A rectangle whose ends are cosines.
    Tukey {
        /// The share of the window that is cosine, from 0 to 1.
        alpha: f64,
    },
    /// These very values; as many as the window is to have.
    Values(Vec<f64>),
}

/// `librosa.filters.get_window`: `nx` values. `fftbins` makes it periodic, for a Fourier
/// transform; without it is symmetric, for a filter.
///
/// # Errors
/// `nx` is 0, a parameter of the window is out of its range, or there are not `nx` values.
pub fn get_window(window: &Window, nx: usize, fftbins: bool) -> Result<Vec<f64>, Error> {
    check_count("Nx", nx)?;
    match window {
        Window::Values(values) => {
            check_length("the window", values.len(), nx)?;
            return Ok(values.clone());
        }
        Window::Kaiser { beta } => check(beta.is_finite(), "beta", beta, "finite")?,
        Window::Gaussian { std } => check(*std > 0.0, "std", std, "above 0")?,
        Window::Tukey { alpha } => check(alpha.is_finite(), "alpha", alpha, "finite")?,
        _ => {}
    }
    if nx == 1 {
        return Ok(vec![1.0]);
    }
    let points = if fftbins { nx + 1 } else { nx };
    let mut values: Vec<f64> = (0..points).map(|index| weight(window, index, points)).collect();
    values.truncate(nx);
    Ok(values)
}

/// The weight at `index` of a symmetric window of `points`, which are at least two.
fn weight(window: &Window, index: usize, points: usize) -> f64 {
    let (at, last) = (index as f64, (points - 1) as f64);
    let cosines = |terms: &[f64]| -> f64 {
        let angle = 2.0 * PI * at / last - PI;
        terms.iter().enumerate().map(|(k, term)| term * (k as f64 * angle).cos()).sum()
    };
    let middle = last / 2.0;
    match window {
        Window::Hann => cosines(&[0.5, 0.5]),
        Window::Hamming => cosines(&[0.54, 1.0 - 0.54]),
        Window::Blackman => cosines(&[0.42, 0.50, 0.08]),
        Window::Blackmanharris => cosines(&[0.358_75, 0.488_29, 0.141_28, 0.011_68]),
        Window::Nuttall => cosines(&[0.363_581_9, 0.489_177_5, 0.136_599_5, 0.010_641_1]),
        Window::Flattop => {
            cosines(&[0.215_578_95, 0.416_631_58, 0.277_263_158, 0.083_578_947, 0.006_947_368])
        }
        Window::Boxcar | Window::Values(_) => 1.0,
        Window::Bartlett => 1.0 - ((at - middle) / middle).abs(),
        Window::Triang => {
            let from_end = index.min(points - 1 - index) as f64;
            if points.is_multiple_of(2) {
                (2.0 * from_end + 1.0) / points as f64
            } else {
                2.0 * (from_end + 1.0) / (points as f64 + 1.0)
            }
        }
        Window::Cosine => (PI / points as f64 * (at + 0.5)).sin(),
        Window::Bohman => {
            if index == 0 || index == points - 1 {
                return 0.0;
            }
            let x = ((at - middle) / middle).abs();
            (1.0 - x) * (PI * x).cos() + (PI * x).sin() / PI
        }
        Window::Barthann => {
            let x = (at / last - 0.5).abs();
            0.62 - 0.48 * x + 0.38 * (2.0 * PI * x).cos()
        }
        Window::Parzen => {
            let (x, half) = ((at - middle).abs(), points as f64 / 2.0);
            let ratio = x / half;
            if x > (points as f64 - 1.0) / 4.0 {
                2.0 * (1.0 - ratio).powi(3)
            } else {
                1.0 - 6.0 * ratio.powi(2) + 6.0 * ratio.powi(3)
            }
        }
        Window::Kaiser { beta } => {
            let x = (at - middle) / middle;
            bessel_i0(beta * (1.0 - x * x).max(0.0).sqrt()) / bessel_i0(*beta)
        }
        Window::Gaussian { std } => (-(at - middle).powi(2) / (2.0 * std * std)).exp(),
        Window::Tukey { alpha } => tukey(*alpha, at, last),
    }
}

fn tukey(alpha: f64, at: f64, last: f64) -> f64 {
    if alpha <= 0.0 {
        return 1.0;
    }
    let alpha = alpha.min(1.0);
    let width = (alpha * last / 2.0).floor();
    if at <= width {
        0.5 * (1.0 + (PI * (-1.0 + 2.0 * at / alpha / last)).cos())
    } else if at < last - width {
        1.0
    } else {
        0.5 * (1.0 + (PI * (-2.0 / alpha + 1.0 + 2.0 * at / alpha / last)).cos())
    }
}

/// The modified Bessel function of the first kind and order zero, by its power series, whose terms
/// are all positive.
pub(crate) fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut sum, mut term, mut k) = (1.0, 1.0, 1.0);
    while term > sum * 1e-17 {
        term *= quarter / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}

/// `librosa.filters.window_bandwidth`: the equivalent noise bandwidth, in bins of a transform. Of
/// the window at `n` points, 1,000 by default, where librosa does not list the window's bandwidth.
///
/// # Errors
/// As [`get_window`].
pub fn window_bandwidth(window: &Window, n: usize) -> Result<f64, Error> {
    // As librosa lists them, for any number of points.
    match window {
        Window::Hann => return Ok(1.500_183_105_468_75),
        Window::Hamming => return Ok(1.362_945_532_035_034_8),
        Window::Blackman => return Ok(1.726_968_155_426_232_6),
        Window::Blackmanharris => return Ok(2.004_597_528_358_501_4),
        Window::Nuttall => return Ok(1.976_350_028_094_608_2),
        Window::Flattop => return Ok(2.776_225_504_648_414_3),
        Window::Boxcar => return Ok(1.0),
        Window::Bartlett => return Ok(1.333_496_133_491_280_5),
        Window::Triang => return Ok(1.333_170_652_355_585),
        Window::Cosine => return Ok(1.233_700_535_019_979_2),
        Window::Bohman => return Ok(1.785_958_861_386_006_2),
        Window::Barthann => return Ok(1.456_025_596_513_393_2),
        Window::Parzen => return Ok(1.917_460_317_460_319),
        _ => {}
    }
    let values = get_window(window, n, true)?;
    let squares: f64 = values.iter().map(|value| value * value).sum();
    let sum: f64 = values.iter().sum();
    Ok(n as f64 * squares / (sum * sum + f64::MIN_POSITIVE))
}

/// `librosa.filters.window_sumsquare` without a norm: the sum of the squares of all windows that
/// lie over each of the `n_fft + hop_length * (n_frames - 1)` samples.
///
/// # Errors
/// As [`get_window`]; a length of 0; a window that is longer than the frame.
pub fn window_sumsquare(
    window: &Window,
    n_frames: usize,
    hop_length: usize,
    win_length: Option<usize>,
    n_fft: usize,
) -> Result<Vec<f32>, Error> {
    check_count("n_frames", n_frames)?;
    check_count("hop_length", hop_length)?;
    let window = centred(window, win_length.unwrap_or(n_fft), n_fft)?;
    let mut sum = vec![0.0_f32; n_fft + hop_length * (n_frames - 1)];
    for frame in 0..n_frames {
        for (sum, weight) in sum.iter_mut().skip(frame * hop_length).zip(&window) {
            // Rounded at each step, as an array of single precision does.
            *sum = (f64::from(*sum) + weight * weight) as f32;
        }
    }
    Ok(sum)
}

/// A periodic window of `win_length` in the middle of `n_fft` values.
pub(crate) fn centred(window: &Window, win_length: usize, n_fft: usize) -> Result<Vec<f64>, Error> {
    if win_length > n_fft {
        let range = format!("at most n_fft, {n_fft}");
        return Err(Error::parameter("win_length", win_length, range));
    }
    let values = get_window(window, win_length, true)?;
    let before = (n_fft - win_length) / 2;
    let mut padded = vec![0.0; n_fft];
    for (padded, value) in padded.iter_mut().skip(before).zip(values) {
        *padded = value;
    }
    Ok(padded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_periodic_and_in_the_middle() {
        let close = |window: &[f64], expected: &[f64]| {
            window.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15)
        };
        assert!(close(&centred(&Window::Hann, 4, 4).unwrap(), &[0.0, 0.5, 1.0, 0.5]));
        let padded = centred(&Window::Hann, 4, 7).unwrap();
        assert!(close(&padded, &[0.0, 0.0, 0.5, 1.0, 0.5, 0.0, 0.0]));
    }

    #[test]
    fn what_makes_no_window_is_refused() {
        assert!(get_window(&Window::Hann, 0, true).is_err());
        assert!(get_window(&Window::Values(vec![1.0; 3]), 4, true).is_err());
        assert!(get_window(&Window::Gaussian { std: 0.0 }, 4, true).is_err());
        assert!(get_window(&Window::Kaiser { beta: f64::NAN }, 4, true).is_err());
        assert!(centred(&Window::Hann, 9, 8).is_err());
        assert_eq!(get_window(&Window::Hann, 1, true).unwrap(), [1.0]);
    }
}
