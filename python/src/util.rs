//! `librosa.util`: what NumPy alone does not do.

use pyo3::prelude::*;
use tutti_audio::util::{self, Axis};

use crate::arrays::{In, Numbers, Rows, Samples, Vector, indices, rows, vector};
use crate::errors::work;
use crate::options::PeakArgument;

/// The frames at which a curve has a peak.
#[pyfunction]
pub(crate) fn peak_pick<'py>(
    py: Python<'py>,
    x: Samples<'py>,
    peak: PeakArgument,
) -> PyResult<Vector<'py, i64>> {
    let (x, peak) = (x.as_slice()?, peak.peak_pick()?);
    Ok(indices(py, work(py, || util::peak_pick(x, &peak))?))
}

/// Where a curve is greatest.
#[pyfunction]
pub(crate) fn localmax<'py>(py: Python<'py>, x: Numbers<'py>) -> PyResult<Vector<'py, bool>> {
    let x = x.as_slice()?;
    Ok(vector(py, work(py, || Ok(util::localmax(x)))?))
}

/// Where a curve is least.
#[pyfunction]
pub(crate) fn localmin<'py>(py: Python<'py>, x: Numbers<'py>) -> PyResult<Vector<'py, bool>> {
    let x = x.as_slice()?;
    Ok(vector(py, work(py, || Ok(util::localmin(x)))?))
}

/// The nearest events.
#[pyfunction]
pub(crate) fn match_events<'py>(
    py: Python<'py>,
    events_from: Numbers<'py>,
    events_to: Numbers<'py>,
    left: bool,
    right: bool,
) -> PyResult<Vector<'py, i64>> {
    let (from, to) = (events_from.as_slice()?, events_to.as_slice()?);
    Ok(indices(py, work(py, || util::match_events(from, to, left, right))?))
}

/// The intervals that share most.
#[pyfunction]
pub(crate) fn match_intervals(
    py: Python<'_>,
    intervals_from: Vec<(f64, f64)>,
    intervals_to: Vec<(f64, f64)>,
    strict: bool,
) -> PyResult<Vector<'_, i64>> {
    let found = work(py, || util::match_intervals(&intervals_from, &intervals_to, strict))?;
    Ok(indices(py, found))
}

/// The weights that are nearest, none below 0.
#[pyfunction]
pub(crate) fn nnls(py: Python<'_>, a: In<f32>, b: In<f32>) -> PyResult<Rows<'_, f32>> {
    rows(py, work(py, || util::nnls(&a.0, &b.0))?)
}

/// The order of columns, or of rows, by where each is greatest.
#[pyfunction]
pub(crate) fn axis_sort(py: Python<'_>, s: In<f32>, columns: bool) -> PyResult<Vector<'_, i64>> {
    let axis = if columns { Axis::Columns } else { Axis::Rows };
    Ok(indices(py, work(py, || Ok(util::axis_sort(&s.0, axis)?.1))?))
}

/// Where a matrix lies further from its diagonal than `radius`.
#[pyfunction]
pub(crate) fn off_diagonal(
    py: Python<'_>,
    row_count: usize,
    column_count: usize,
    radius: f64,
) -> PyResult<Rows<'_, bool>> {
    let found = work(py, || {
        let mut found = tutti_audio::Matrix::filled(row_count, column_count, false);
        util::fill_off_diagonal(&mut found, radius, true)?;
        Ok(found)
    })?;
    rows(py, found)
}
