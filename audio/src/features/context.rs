//! How features change from frame to frame, and what frames before and after say.

use crate::error::{Error, check, check_count, check_finite};
use crate::matrix::Matrix;
use crate::orthogonal::Powers;
use crate::spectrum::{PadMode, padded};

/// What stands beyond the first and the last frame for [`delta`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeltaMode {
    /// The polynomial that fits the first or the last frames goes on.
    #[default]
    Interp,
    /// The first or the last frame.
    Nearest,
    /// The frames in a mirror at the first or the last.
    Mirror,
    /// Zeros.
    Constant,
    /// The frames again from the other end.
    Wrap,
}

/// `librosa.feature.delta`: the derivative of `order` of each row, from a polynomial of `order`
/// over `width` frames; by default the first over 9.
///
/// Savitzky, A. and Golay, M. J. E. Smoothing and differentiation of data by simplified least
/// squares procedures. Analytical Chemistry, 1964.
///
/// # Errors
/// A value is not finite; there is no frame, or fewer than `width` in mode `Interp`; `width` is not
/// odd or below 3; `order` is not from 1 to `width - 1`, or so high that rounding leaves nothing.
pub fn delta(
    data: &Matrix<f32>,
    width: usize,
    order: usize,
    mode: DeltaMode,
) -> Result<Matrix<f32>, Error> {
    check_finite("the features", data.as_slice())?;
    let is_width = width >= 3 && !width.is_multiple_of(2);
    check(is_width, "width", width, "odd and at least 3")?;
    check(order >= 1 && order < width, "order", order, "from 1 to width - 1")?;
    let needed = if mode == DeltaMode::Interp { width } else { 1 };
    let columns = data.columns();
    if columns < needed {
        return Err(Error::TooShort { what: "the row of frames", length: columns, needed });
    }
    let range = "so low that its power differs from those below";
    let weights = derivative(width, order);
    let weights = weights.ok_or_else(|| Error::parameter("order", order, range))?;
    let half = width / 2;
    let pad_mode = match mode {
        DeltaMode::Constant => PadMode::Constant,
        DeltaMode::Nearest | DeltaMode::Interp => PadMode::Edge,
        DeltaMode::Mirror => PadMode::Reflect,
        DeltaMode::Wrap => PadMode::Wrap,
    };
    let mut changed = Matrix::filled(data.rows(), columns, 0.0);
    for index in 0..data.rows() {
        let row: Vec<f32> = data.row(index).collect();
        for column in 0..columns {
            // The highest derivative of a polynomial is the same everywhere, so that at the ends it
            // is that of the nearest full window.
            let middle = match mode {
                DeltaMode::Interp => column.clamp(half, columns - 1 - half),
                _ => column,
            };
            let at = |offset: usize| (middle + offset) as isize - half as isize;
            let value = |offset: usize| f64::from(padded(&row, at(offset), half, pad_mode));
            let sum: f64 = weights.iter().enumerate().map(|(offset, w)| w * value(offset)).sum();
            changed[(index, column)] = sum as f32;
        }
    }
    Ok(changed)
}

/// The weights of `width` values in the derivative of `order` of the polynomial of that order which
/// fits them best; none where rounding leaves nothing of it.
fn derivative(width: usize, order: usize) -> Option<Vec<f64>> {
    let half = (width / 2) as f64;
    let places: Vec<f64> = (0..width).map(|index| (index as f64 - half) / half).collect();
    let powers = Powers::new(&places, order)?;
    let factorial: f64 = (1..=order).map(|factor| factor as f64).product();
    let scale = factorial / half.powi(order as i32) / powers.along[order][order];
    Some(powers.basis[order].iter().map(|value| value * scale).collect())
}

/// `librosa.feature.stack_memory`: each frame together with `n_steps - 1` others, each `delay`
/// frames earlier than the one before, or later where `delay` is negative. By default 2 steps, a
/// delay of 1 and zeros beyond the ends.
///
/// # Errors
/// There is no frame; `n_steps` or `delay` is 0.
pub fn stack_memory(
    data: &Matrix<f32>,
    n_steps: usize,
    delay: isize,
    pad_mode: PadMode,
) -> Result<Matrix<f32>, Error> {
    check_count("n_steps", n_steps)?;
    check(delay != 0, "delay", delay, "other than 0")?;
    if data.columns() == 0 {
        return Err(Error::Empty { what: "the row of frames" });
    }
    let rows = data.rows();
    let pad = (n_steps - 1) * delay.unsigned_abs();
    let mut stacked = Matrix::filled(rows * n_steps, data.columns(), 0.0);
    for index in 0..rows {
        let row: Vec<f32> = data.row(index).collect();
        for step in 0..n_steps {
            for column in 0..data.columns() {
                let at = column as isize - step as isize * delay;
                stacked[(step * rows + index, column)] = padded(&row, at, pad, pad_mode);
            }
        }
    }
    Ok(stacked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_one_slope() {
        let line = Matrix::from_fn(1, 12, |_, column| 3.0 * column as f32);
        let slopes = delta(&line, 9, 1, DeltaMode::Interp).unwrap();
        assert!(slopes.as_slice().iter().all(|slope| (slope - 3.0).abs() < 1e-6), "{slopes:?}");
    }

    #[test]
    fn a_frame_remembers_those_before() {
        let row = Matrix::from_columns(1, 3, vec![1.0, 2.0, 3.0]).unwrap();
        let past = stack_memory(&row, 2, 1, PadMode::Constant).unwrap();
        assert_eq!(past.as_slice(), [1.0, 0.0, 2.0, 1.0, 3.0, 2.0]);
        let future = stack_memory(&row, 2, -1, PadMode::Edge).unwrap();
        assert_eq!(future.as_slice(), [1.0, 2.0, 2.0, 3.0, 3.0, 3.0]);
    }

    #[test]
    fn what_has_no_context_is_refused() {
        let none: Matrix<f32> = Matrix::filled(3, 0, 0.0);
        let few = Matrix::filled(3, 8, 0.0);
        assert!(delta(&none, 9, 1, DeltaMode::Nearest).is_err());
        assert!(delta(&few, 9, 1, DeltaMode::Interp).is_err());
        assert!(delta(&few, 4, 1, DeltaMode::Nearest).is_err());
        assert!(delta(&few, 3, 3, DeltaMode::Nearest).is_err());
        assert!(delta(&few, 3, 0, DeltaMode::Nearest).is_err());
        assert!(stack_memory(&none, 2, 1, PadMode::Edge).is_err());
        assert!(stack_memory(&few, 0, 1, PadMode::Edge).is_err());
        assert!(stack_memory(&few, 2, 0, PadMode::Edge).is_err());
    }
}
