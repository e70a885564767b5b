//! Small tools of the other modules, as `librosa.util`.

mod arrays;
mod matching;
mod nnls;
mod peaks;

use crate::error::{Error, check, check_finite};
use crate::matrix::Matrix;
pub use arrays::{
    Axis, axis_sort, count_unique, cyclic_gradient, fill_off_diagonal, fix_length, index_to_slice,
    is_unique, localmax, localmin, pad_center, shear,
};
pub use matching::{match_events, match_intervals};
pub use nnls::nnls;
pub use peaks::{PeakMethod, PeakPick, peak_pick};

/// The `p`-norm of magnitudes; infinity is the greatest, 0 counts those above 0.
pub(crate) fn norm_of(values: impl Iterator<Item = f64>, p: f64) -> f64 {
    let values = values.map(f64::abs);
    match p {
        f64::INFINITY => values.fold(0.0, f64::max),
        0.0 => values.filter(|&value| value > 0.0).count() as f64,
        1.0 => values.sum(),
        2.0 => values.map(|value| value * value).sum::<f64>().sqrt(),
        p => values.map(|value| value.powf(p)).sum::<f64>().powf(1.0 / p),
    }
}

/// `librosa.util.normalize` along the frames: each divided by its `norm`, infinity by default. A
/// frame whose norm is below the least normal number of single precision stays as it is.
///
/// # Errors
/// A value is not finite; `norm` is negative or not a number.
pub fn normalize(s: &Matrix<f32>, norm: f64) -> Result<Matrix<f32>, Error> {
    let mut normalized = s.clone();
    for column in 0..s.columns() {
        normalize_in_place(normalized.column_mut(column), norm)?;
    }
    Ok(normalized)
}

/// The same for one frame.
pub(crate) fn normalize_in_place(values: &mut [f32], norm: f64) -> Result<(), Error> {
    check(norm >= 0.0, "norm", norm, "0 or more")?;
    check_finite("the frame", values)?;
    let length = norm_of(values.iter().map(|&value| f64::from(value)), norm);
    if length >= f64::from(f32::MIN_POSITIVE) {
        for value in values {
            *value = (f64::from(*value) / length) as f32;
        }
    }
    Ok(())
}

/// `librosa.util.fix_frames`: the frames in order, none twice, and none below `x_min` or above
/// `x_max`, which are themselves among them with `pad`.
pub fn fix_frames(
    frames: &[usize],
    x_min: Option<usize>,
    x_max: Option<usize>,
    pad: bool,
) -> Vec<usize> {
    let (least, most) = (x_min.unwrap_or(0), x_max.unwrap_or(usize::MAX));
    let mut fixed: Vec<usize> = if pad {
        let ends = x_min.into_iter().chain(x_max);
        ends.chain(frames.iter().map(|&frame| frame.max(least).min(most))).collect()
    } else {
        frames.to_vec()
    };
    fixed.retain(|&frame| frame >= least && frame <= most);
    fixed.sort_unstable();
    fixed.dedup();
    fixed
}

/// What becomes of the frames of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Aggregate {
    /// Their mean.
    #[default]
    Mean,
    /// Their median.
    Median,
    /// The greatest.
    Max,
    /// The least.
    Min,
}

impl Aggregate {
    /// Of `values`, which may be put into another order; 0 of none.
    pub(crate) fn of(self, values: &mut [f32]) -> f32 {
        if values.is_empty() {
            return 0.0;
        }
        match self {
            Self::Mean => {
                let sum: f64 = values.iter().map(|&value| f64::from(value)).sum();
                (sum / values.len() as f64) as f32
            }
            Self::Median => median(values),
            Self::Max => values.iter().copied().fold(f32::NEG_INFINITY, f32::max),
            Self::Min => values.iter().copied().fold(f32::INFINITY, f32::min),
        }
    }
}

/// The middle of `values`, or the mean of the two in the middle; 0 of none.
pub(crate) fn median(values: &mut [f32]) -> f32 {
    let half = values.len() / 2;
    if values.is_empty() {
        return 0.0;
    }
    let is_even = values.len().is_multiple_of(2);
    let (below, &mut middle, _) = values.select_nth_unstable_by(half, f32::total_cmp);
    if !is_even {
        return middle;
    }
    let before = below.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    f32::midpoint(before, middle)
}

/// `librosa.util.sync` along the frames: one column for the frames from one of `boundaries` to the
/// next. With `pad` the first and the last frame are boundaries too.
///
/// # Errors
/// A value is not finite; there is no segment.
pub fn sync(
    data: &Matrix<f32>,
    boundaries: &[usize],
    aggregate: Aggregate,
    pad: bool,
) -> Result<Matrix<f32>, Error> {
    check_finite("the features", data.as_slice())?;
    let fixed = fix_frames(boundaries, Some(0), Some(data.columns()), pad);
    if fixed.len() < 2 {
        return Err(Error::TooShort { what: "the boundaries", length: fixed.len(), needed: 2 });
    }
    let mut synced = Matrix::filled(data.rows(), fixed.len() - 1, 0.0);
    let mut values = Vec::new();
    for row in 0..data.rows() {
        for (column, segment) in fixed.windows(2).enumerate() {
            values.clear();
            values.extend((segment[0]..segment[1]).map(|frame| data[(row, frame)]));
            synced[(row, column)] = aggregate.of(&mut values);
        }
    }
    Ok(synced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_in_order_and_within() {
        assert_eq!(fix_frames(&[5, 3, 3, 9], Some(1), Some(8), true), [1, 3, 5, 8]);
        assert_eq!(fix_frames(&[5, 3, 9], None, Some(8), false), [3, 5]);
        assert!(fix_frames(&[], None, None, true).is_empty());
    }

    #[test]
    fn a_segment_becomes_one_frame() {
        let data = Matrix::from_columns(1, 5, vec![1.0, 3.0, 2.0, 8.0, 4.0]).unwrap();
        let median = sync(&data, &[3], Aggregate::Median, true).unwrap();
        assert_eq!(median.as_slice(), [2.0, 6.0]);
        assert_eq!(sync(&data, &[2], Aggregate::Max, true).unwrap().as_slice(), [3.0, 8.0]);
        assert!(sync(&data, &[2], Aggregate::Min, false).is_err());
    }

    #[test]
    fn silence_has_no_length() {
        let silence = Matrix::filled(3, 2, 0.0);
        assert_eq!(normalize(&silence, 2.0).unwrap(), silence);
        assert!(normalize(&silence, -1.0).is_err());
        assert!(normalize(&Matrix::filled(1, 1, f32::NAN), 1.0).is_err());
    }
}
