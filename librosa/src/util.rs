//! `librosa.util`: what NumPy alone does not do.

use tutti_audio::Matrix;
use tutti_audio::util::{self, Axis};

use crate::arguments::{In, Numbers, Samples};
use crate::limits::{fits, fits_pairs};
use crate::options::PeakArgument;
use crate::problem::Answer;
use crate::results::indices;
use crate::table::{Function, table};

/// The frames at which a curve has a peak.
fn peak_pick(x: Samples<'_>, peak: PeakArgument) -> Answer<Vec<i64>> {
    let peak = peak.peak_pick()?;
    Ok(indices(util::peak_pick(&x, &peak)?))
}

/// Where a curve is greatest.
fn localmax(x: Numbers<'_>) -> Vec<bool> {
    util::localmax(&x)
}

/// Where a curve is least.
fn localmin(x: Numbers<'_>) -> Vec<bool> {
    util::localmin(&x)
}

/// The nearest events.
fn match_events(
    events_from: Numbers<'_>,
    events_to: Numbers<'_>,
    left: bool,
    right: bool,
) -> Answer<Vec<i64>> {
    Ok(indices(util::match_events(&events_from, &events_to, left, right)?))
}

/// The intervals that share most.
fn match_intervals(
    intervals_from: Vec<(f64, f64)>,
    intervals_to: Vec<(f64, f64)>,
    strict: bool,
) -> Answer<Vec<i64>> {
    Ok(indices(util::match_intervals(&intervals_from, &intervals_to, strict)?))
}

/// The weights that are nearest, none below 0.
fn nnls(a: In<f32>, b: In<f32>) -> Answer<Matrix<f32>> {
    fits_pairs("the products", a.0.columns(), a.0.columns().max(b.0.columns()))?;
    Ok(util::nnls(&a.0, &b.0)?)
}

/// The order of columns, or of rows, by where each is greatest.
fn axis_sort(s: In<f32>, columns: bool) -> Answer<Vec<i64>> {
    let axis = if columns { Axis::Columns } else { Axis::Rows };
    Ok(indices(util::axis_sort(&s.0, axis)?.1))
}

/// Where a matrix lies further from its diagonal than `radius`.
fn off_diagonal(row_count: usize, column_count: usize, radius: f64) -> Answer<Matrix<bool>> {
    fits("the matrix", row_count, column_count)?;
    let mut found = Matrix::filled(row_count, column_count, false);
    util::fill_off_diagonal(&mut found, radius, true)?;
    Ok(found)
}

pub(crate) const FUNCTIONS: &[Function] = table![
    peak_pick,
    localmax,
    localmin,
    match_events,
    match_intervals,
    nnls,
    axis_sort,
    off_diagonal
];
