//! Filters that let diagonals of a matrix pass.

use super::window::{Window, get_window};
use crate::error::{Error, check, check_count};
use crate::matrix::Matrix;

/// How far a spline of the fifth degree reaches to each side.
const REACH: isize = 3;

/// `librosa.filters.diagonal_filter`: a window of `n` values along a diagonal whose rows per column
/// are `slope`, 1 by default, as a square matrix that sums up to 1, or with `zero_mean` to 0. One
/// that is turned is larger than `n`. (librosa's `angle` is the arc tangent of the slope.)
///
/// # Errors
/// As [`get_window`]; `slope` is not finite; the window has no sum.
pub fn diagonal_filter(
    window: &Window,
    n: usize,
    slope: f64,
    zero_mean: bool,
) -> Result<Matrix<f64>, Error> {
    check_count("n", n)?;
    check(slope.is_finite(), "slope", slope, "finite")?;
    let values = get_window(window, n, false)?;
    let angle = slope.atan().to_degrees();
    // Where librosa does not turn it either.
    let is_straight = (angle - 45.0).abs() <= 45.0 * 1e-5;
    let mut filter = if is_straight {
        Matrix::from_fn(n, n, |row, column| if row == column { values[row] } else { 0.0 })
    } else {
        turned(&values, 45.0 - angle)
    };
    for value in filter.as_mut_slice() {
        *value = value.max(0.0);
    }
    let sum: f64 = filter.as_slice().iter().sum();
    check(sum > 0.0, "window", sum, "one with a sum above 0")?;
    let mean = if zero_mean { 1.0 / filter.as_slice().len() as f64 } else { 0.0 };
    Ok(filter.map(|value| value / sum - mean))
}

/// A diagonal of values turned by `degrees`, as `scipy.ndimage.rotate` with splines of the fifth
/// degree that are not prefiltered.
fn turned(values: &[f64], degrees: f64) -> Matrix<f64> {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let n = values.len() as f64;
    // Where the corners go.
    let extent = |a: f64, b: f64| {
        let ends = [0.0, a * n, b * n, (a + b) * n];
        let most = ends.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let least = ends.into_iter().fold(f64::INFINITY, f64::min);
        (most - least + 0.5) as usize
    };
    let (rows, columns) = (extent(cosine, sine), extent(-sine, cosine));
    let (middle_row, middle_column) = ((rows as f64 - 1.0) / 2.0, (columns as f64 - 1.0) / 2.0);
    let offset_row = (n - 1.0) / 2.0 - (cosine * middle_row + sine * middle_column);
    let offset_column = (n - 1.0) / 2.0 - (cosine * middle_column - sine * middle_row);
    let last = values.len() as isize - 1;
    let mirrored = |at: isize| {
        let turn = if last == 0 { 0 } else { at.rem_euclid(2 * last) };
        if turn > last { 2 * last - turn } else { turn }
    };
    Matrix::from_fn(rows, columns, |row, column| {
        let (row, column) = (row as f64, column as f64);
        let at_row = cosine * row + sine * column + offset_row;
        let at_column = cosine * column - sine * row + offset_column;
        let inside = 0.0..=n - 1.0;
        if !inside.contains(&at_row) || !inside.contains(&at_column) {
            return 0.0;
        }
        let near = |at: f64| (at.floor() as isize + 1 - REACH)..=(at.floor() as isize + REACH);
        let mut sum = 0.0;
        for from_row in near(at_row) {
            for from_column in near(at_column) {
                if mirrored(from_row) == mirrored(from_column) {
                    let value = values[mirrored(from_row) as usize];
                    sum += value
                        * quintic(at_row - from_row as f64)
                        * quintic(at_column - from_column as f64);
                }
            }
        }
        sum
    })
}

/// The B-spline of the fifth degree.
fn quintic(distance: f64) -> f64 {
    let x = distance.abs();
    let power = |from: f64| (from - x).max(0.0).powi(5);
    (power(3.0) - 6.0 * power(2.0) + 15.0 * power(1.0)) / 120.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_sums_up_to_one_or_nothing() {
        for slope in [0.5, 1.0, 2.0, -1.0, 0.0] {
            for (zero_mean, expected) in [(false, 1.0), (true, 0.0)] {
                let filter = diagonal_filter(&Window::Hann, 9, slope, zero_mean).unwrap();
                let sum: f64 = filter.as_slice().iter().sum();
                assert!((sum - expected).abs() < 1e-12, "{slope} {sum}");
            }
        }
        let straight = diagonal_filter(&Window::Boxcar, 2, 1.0, false).unwrap();
        assert_eq!(straight.as_slice(), [0.5, 0.0, 0.0, 0.5]);
        let sum: f64 = (-3..=3).map(|at| quintic(f64::from(at) + 0.3)).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    }

    #[test]
    fn what_has_no_diagonal_is_refused() {
        assert!(diagonal_filter(&Window::Hann, 0, 1.0, false).is_err());
        assert!(diagonal_filter(&Window::Hann, 9, f64::NAN, false).is_err());
        assert!(diagonal_filter(&Window::Hann, 2, 1.0, false).is_err());
        assert!(diagonal_filter(&Window::Hann, 1, 2.0, false).is_ok());
    }
}
