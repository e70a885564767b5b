//! Recurrences along diagonals: passages that come again, be they faster or slower.

use crate::error::{Error, check, check_count, check_finite, check_positive};
use crate::filters::{Window, diagonal_filter};
use crate::matrix::Matrix;
use crate::spectrum::PadMode;

/// How passages are made plain; defaults are those of `librosa.segment.path_enhance`.
#[derive(Debug, Clone, PartialEq)]
pub struct PathEnhance {
    /// The window along a diagonal.
    pub window: Window,
    /// How many times faster a passage may come again.
    pub max_ratio: f64,
    /// How many times faster at least; the inverse of `max_ratio` where there is none.
    pub min_ratio: Option<f64>,
    /// How many ratios are tried, from the least to the greatest, evenly by their logarithm.
    pub n_filters: usize,
    /// Whether what is not on a diagonal counts against it.
    pub zero_mean: bool,
    /// Whether nothing is below zero.
    pub clip: bool,
    /// What stands beyond the ends; `Symmetric`, which `scipy.ndimage` calls reflect.
    pub mode: PadMode,
}

impl Default for PathEnhance {
    fn default() -> Self {
        Self {
            window: Window::Hann,
            max_ratio: 2.0,
            min_ratio: None,
            n_filters: 7,
            zero_mean: false,
            clip: true,
            mode: PadMode::Symmetric,
        }
    }
}

/// `librosa.segment.path_enhance` of recurrences `r` with filters of `n` frames: for each pair of
/// frames the greatest of what the filters of all ratios give.
///
/// Müller, M. and Kurth, F. Enhancing similarity matrices for music audio analysis. IEEE
/// International Conference on Acoustics, Speech and Signal Processing, 2006.
///
/// # Errors
/// A value is not finite; `n` or `n_filters` is 0; a ratio is not above 0, or `min_ratio` above
/// `max_ratio`; as [`diagonal_filter`]; `mode` is `LinearRamp`, which is none of `scipy.ndimage`.
pub fn path_enhance(
    r: &Matrix<f32>,
    n: usize,
    options: &PathEnhance,
) -> Result<Matrix<f32>, Error> {
    check_finite("the recurrences", r.as_slice())?;
    check_positive("max_ratio", options.max_ratio)?;
    let least = options.min_ratio.unwrap_or(1.0 / options.max_ratio);
    check_positive("min_ratio", least)?;
    check(least <= options.max_ratio, "min_ratio", least, "no more than max_ratio")?;
    check_count("n_filters", options.n_filters)?;
    let is_mode = options.mode != PadMode::LinearRamp;
    check(is_mode, "mode", "LinearRamp", "one of scipy.ndimage")?;
    let (first, end) = (least.log2(), options.max_ratio.log2());
    let step = (end - first) / (options.n_filters - 1).max(1) as f64;
    let mut enhanced: Option<Matrix<f32>> = None;
    for index in 0..options.n_filters {
        let is_last = index > 0 && index + 1 == options.n_filters;
        let ratio = (if is_last { end } else { first + index as f64 * step }).exp2();
        let filter = diagonal_filter(&options.window, n, ratio, options.zero_mean)?;
        let filtered = convolved(r, &filter, options);
        match &mut enhanced {
            None => enhanced = Some(filtered),
            Some(enhanced) => {
                for (most, &value) in enhanced.as_mut_slice().iter_mut().zip(filtered.as_slice()) {
                    *most = most.max(value);
                }
            }
        }
    }
    let enhanced = enhanced.unwrap_or_else(|| r.clone());
    Ok(if options.clip { enhanced.map(|value| value.max(0.0)) } else { enhanced })
}

/// `scipy.ndimage.convolve`. A filter is next to nothing everywhere but near its diagonal, so that
/// what it has everywhere, the least of it, is summed up for whole rectangles.
fn convolved(r: &Matrix<f32>, filter: &Matrix<f64>, options: &PathEnhance) -> Matrix<f32> {
    let (rows, columns) = (r.rows(), r.columns());
    if rows == 0 || columns == 0 {
        return r.clone();
    }
    let everywhere = if options.zero_mean {
        filter.as_slice().iter().copied().fold(f64::INFINITY, f64::min)
    } else {
        0.0
    };
    // As far as the filter reaches before and after each place; it is turned round.
    let (before_rows, before_columns) = ((filter.rows() - 1) / 2, (filter.columns() - 1) / 2);
    let padded_rows = rows + filter.rows() - 1;
    let row_of = |at: usize, before: usize, count: usize| {
        inner(at as isize - before as isize, count, options.mode)
    };
    let row_index: Vec<Option<usize>> =
        (0..padded_rows).map(|at| row_of(at, before_rows, rows)).collect();
    let column_index: Vec<Option<usize>> =
        (0..columns + filter.columns() - 1).map(|at| row_of(at, before_columns, columns)).collect();
    let padded = Matrix::from_fn(padded_rows, column_index.len(), |row, column| {
        match (row_index[row], column_index[column]) {
            (Some(row), Some(column)) => f64::from(r[(row, column)]),
            _ => 0.0,
        }
    });
    let sums = (everywhere != 0.0).then(|| integral(&padded));
    let mut sum = vec![0.0; rows];
    let mut result = Matrix::filled(rows, columns, 0.0);
    for column in 0..columns {
        sum.fill(0.0);
        if let Some(sums) = &sums {
            let (left, right) = (sums.column(column), sums.column(column + filter.columns()));
            for (row, sum) in sum.iter_mut().enumerate() {
                let end = row + filter.rows();
                *sum = everywhere * (right[end] - right[row] - left[end] + left[row]);
            }
        }
        for from_column in 0..filter.columns() {
            let weights = filter.column(filter.columns() - 1 - from_column);
            let values = padded.column(column + from_column);
            for (from_row, weight) in weights.iter().rev().enumerate() {
                let weight = weight - everywhere;
                if weight != 0.0 {
                    for (sum, value) in sum.iter_mut().zip(&values[from_row..]) {
                        *sum += weight * value;
                    }
                }
            }
        }
        for (place, &sum) in result.column_mut(column).iter_mut().zip(&sum) {
            *place = sum as f32;
        }
    }
    result
}

/// Which value stands at a place that may lie beyond the ends of `count` values.
fn inner(at: isize, count: usize, mode: PadMode) -> Option<usize> {
    let last = count as isize - 1;
    if (0..=last).contains(&at) {
        return Some(at as usize);
    }
    let found = match mode {
        PadMode::Constant | PadMode::LinearRamp => return None,
        PadMode::Edge => at.clamp(0, last),
        PadMode::Wrap => at.rem_euclid(last + 1),
        PadMode::Reflect => {
            let turn = at.rem_euclid((2 * last).max(1));
            turn.min(2 * last - turn)
        }
        PadMode::Symmetric => {
            let turn = at.rem_euclid(2 * last + 2);
            turn.min(2 * last + 1 - turn)
        }
    };
    Some(found as usize)
}

/// The sum of all values above and left of each place.
fn integral(values: &Matrix<f64>) -> Matrix<f64> {
    let mut sums = Matrix::filled(values.rows() + 1, values.columns() + 1, 0.0);
    for column in 0..values.columns() {
        let mut of_column = 0.0;
        for row in 0..values.rows() {
            of_column += values[(row, column)];
            sums[(row + 1, column + 1)] = sums[(row + 1, column)] + of_column;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagonal_stays_and_a_dot_fades() {
        let mut r = Matrix::filled(30, 30, 0.0);
        for at in 0..20 {
            r[(at + 5, at)] = 1.0;
        }
        r[(3, 25)] = 1.0;
        let enhanced = path_enhance(&r, 7, &PathEnhance::default()).unwrap();
        assert!(enhanced[(15, 10)] > 0.9 && enhanced[(3, 25)] < 0.5);
        let sharp = PathEnhance { zero_mean: true, ..PathEnhance::default() };
        let enhanced = path_enhance(&r, 7, &sharp).unwrap();
        assert!(enhanced[(15, 10)] > 0.7 && enhanced.as_slice().iter().all(|value| *value >= 0.0));
    }

    #[test]
    fn what_cannot_be_enhanced_is_refused() {
        let (r, default) = (Matrix::filled(9, 9, 1.0), PathEnhance::default());
        assert!(path_enhance(&r, 0, &default).is_err());
        assert!(path_enhance(&Matrix::filled(1, 1, f32::NAN), 3, &default).is_err());
        assert!(path_enhance(&Matrix::filled(0, 0, 1.0), 3, &default).unwrap().columns() == 0);
        for wrong in [
            PathEnhance { max_ratio: 0.0, ..default.clone() },
            PathEnhance { min_ratio: Some(3.0), ..default.clone() },
            PathEnhance { n_filters: 0, ..default.clone() },
            PathEnhance { mode: PadMode::LinearRamp, ..default.clone() },
        ] {
            assert!(path_enhance(&r, 3, &wrong).is_err(), "{wrong:?}");
        }
    }
}
