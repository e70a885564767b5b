//! Values in rows and matrices: which are extreme, in which order, and how many stand where.

use std::ops::Range;

use super::fix_frames;
use crate::error::{Error, check};
use crate::matrix::Matrix;

/// Along what a function of a matrix works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// librosa's axis 0: from row to row.
    Rows,
    /// librosa's axis 1: from frame to frame.
    Columns,
}

/// `librosa.util.localmax` of one row: what is above the value before and not below the one after;
/// never the first.
pub fn localmax<T: PartialOrd>(x: &[T]) -> Vec<bool> {
    let is =
        |at: usize| at > 0 && x[at] > x[at - 1] && x.get(at + 1).is_none_or(|next| x[at] >= *next);
    (0..x.len()).map(is).collect()
}

/// `librosa.util.localmin` of one row: what is below the value before and not above the one after;
/// never the first.
pub fn localmin<T: PartialOrd>(x: &[T]) -> Vec<bool> {
    let is =
        |at: usize| at > 0 && x[at] < x[at - 1] && x.get(at + 1).is_none_or(|next| x[at] <= *next);
    (0..x.len()).map(is).collect()
}

/// `librosa.util.axis_sort`: the columns (with [`Axis::Columns`], librosa's default) or rows in the
/// order of where each is greatest, and which each was before. Equal ones stay in order.
///
/// # Errors
/// A value is not finite.
pub fn axis_sort(s: &Matrix<f32>, axis: Axis) -> Result<(Matrix<f32>, Vec<usize>), Error> {
    crate::error::check_finite("the matrix", s.as_slice())?;
    let greatest = |values: &mut dyn Iterator<Item = f32>| {
        let mut best = (0, f32::NEG_INFINITY);
        for (at, value) in values.enumerate() {
            if value > best.1 {
                best = (at, value);
            }
        }
        best.0
    };
    let places: Vec<usize> = match axis {
        Axis::Columns => s.iter_columns().map(|it| greatest(&mut it.iter().copied())).collect(),
        Axis::Rows => (0..s.rows()).map(|row| greatest(&mut s.row(row))).collect(),
    };
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|&index| places[index]);
    let sorted = Matrix::from_fn(s.rows(), s.columns(), |row, column| match axis {
        Axis::Columns => s[(row, order[column])],
        Axis::Rows => s[(order[row], column)],
    });
    Ok((sorted, order))
}

/// `librosa.util.fix_length`: the first `size` values, with zeros behind them where there are less.
pub fn fix_length<T: Copy + Default>(data: &[T], size: usize) -> Vec<T> {
    let mut fixed: Vec<T> = data.iter().copied().take(size).collect();
    fixed.resize(size, T::default());
    fixed
}

/// `librosa.util.pad_center`: the values in the middle of `size`, with zeros around them; one more
/// behind than before where they cannot be equal.
///
/// # Errors
/// There are more values than `size`.
pub fn pad_center<T: Copy + Default>(data: &[T], size: usize) -> Result<Vec<T>, Error> {
    check(data.len() <= size, "size", size, "no less than the values")?;
    let mut padded = vec![T::default(); size];
    let before = (size - data.len()) / 2;
    padded[before..before + data.len()].copy_from_slice(data);
    Ok(padded)
}

/// `librosa.util.index_to_slice`: the frames from each boundary to the next, as
/// [`fix_frames`] makes them.
pub fn index_to_slice(
    idx: &[usize],
    idx_min: Option<usize>,
    idx_max: Option<usize>,
    pad: bool,
) -> Vec<Range<usize>> {
    fix_frames(idx, idx_min, idx_max, pad).windows(2).map(|ends| ends[0]..ends[1]).collect()
}

/// `librosa.util.cyclic_gradient`: half the difference of the values on both sides of each, the
/// first and the last being neighbours.
pub fn cyclic_gradient(data: &[f64]) -> Vec<f64> {
    let count = data.len();
    let at = |index: usize| data[index % count];
    (0..count).map(|index| (at(index + 1) - at(index + count - 1)) / 2.0).collect()
}

/// `librosa.util.fill_off_diagonal`: `value` where a matrix lies further from its diagonal than
/// `radius`, a share of its shorter side; a matrix that is not square has a broader diagonal.
///
/// # Errors
/// `radius` is negative or not finite.
pub fn fill_off_diagonal<T: Copy>(x: &mut Matrix<T>, radius: f64, value: T) -> Result<(), Error> {
    check(radius >= 0.0 && radius.is_finite(), "radius", radius, "0 or more")?;
    let (rows, columns) = (x.rows(), x.columns());
    let radius = (radius * rows.min(columns) as f64).round_ties_even() as isize;
    let offset = rows.abs_diff(columns) as isize;
    let (upper, lower) =
        if rows < columns { (radius + offset, radius) } else { (radius, radius + offset) };
    for column in 0..columns {
        for (row, place) in x.column_mut(column).iter_mut().enumerate() {
            let from_diagonal = column as isize - row as isize;
            if from_diagonal >= upper || -from_diagonal >= lower {
                *place = value;
            }
        }
    }
    Ok(())
}

/// `librosa.util.shear`: with [`Axis::Columns`], librosa's default, each row moved by `factor`
/// places for each row above it, from end to beginning; with [`Axis::Rows`] each column down.
pub fn shear<T: Copy>(x: &Matrix<T>, factor: isize, axis: Axis) -> Matrix<T> {
    let from = |at: usize, by: usize, count: usize| {
        (at as i128 - by as i128 * factor as i128).rem_euclid(count as i128) as usize
    };
    Matrix::from_fn(x.rows(), x.columns(), |row, column| match axis {
        Axis::Columns => x[(from(row, column, x.rows()), column)],
        Axis::Rows => x[(row, from(column, row, x.columns()))],
    })
}

/// `librosa.util.count_unique`: how many different values each frame has.
pub fn count_unique(data: &Matrix<f32>) -> Vec<usize> {
    let mut sorted = Vec::with_capacity(data.rows());
    let of_frame = |frame: &[f32]| {
        sorted.clear();
        sorted.extend_from_slice(frame);
        sorted.sort_unstable_by(f32::total_cmp);
        sorted.dedup_by(|a, b| *a == *b);
        sorted.len()
    };
    data.iter_columns().map(of_frame).collect()
}

/// `librosa.util.is_unique`: whether all values of a frame differ, for each.
pub fn is_unique(data: &Matrix<f32>) -> Vec<bool> {
    count_unique(data).into_iter().map(|count| count == data.rows()).collect()
}
