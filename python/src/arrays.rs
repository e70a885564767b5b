//! NumPy's arrays as slices and matrices, and back.
//!
//! What comes back is never copied: the array owns what the library made, frame by frame, which is
//! Fortran's order. A signal is read where it lies; a matrix is copied, because the library's own
//! has its values frame by frame.

use numpy::ndarray::{Array2, ShapeBuilder};
use numpy::{Element, PyArray1, PyArray2, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use tutti_audio::Matrix;
use tutti_audio::spectrum::Complex;

/// Samples, one channel, one after the other.
pub(crate) type Samples<'py> = PyReadonlyArray1<'py, f32>;
/// Numbers, one after the other.
pub(crate) type Numbers<'py> = PyReadonlyArray1<'py, f64>;
pub(crate) type Vector<'py, T> = Bound<'py, PyArray1<T>>;
pub(crate) type Rows<'py, T> = Bound<'py, PyArray2<T>>;
pub(crate) type Bin = Complex<f32>;

/// A matrix that came as an array of two dimensions.
pub(crate) struct In<T>(pub(crate) Matrix<T>);

impl<'a, 'py, T: Element + Copy + 'a> FromPyObject<'a, 'py> for In<T> {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let array: PyReadonlyArray2<'py, T> = object.extract()?;
        let view = array.as_array();
        let (rows, columns) = view.dim();
        let turned = view.reversed_axes();
        let values = match turned.as_slice() {
            Some(values) => values.to_vec(),
            None => turned.iter().copied().collect(),
        };
        let matrix = Matrix::from_columns(rows, columns, values);
        Ok(Self(matrix.map_err(|error| PyValueError::new_err(error.to_string()))?))
    }
}

/// The array of `values`.
pub(crate) fn vector<T: Element>(py: Python<'_>, values: Vec<T>) -> Vector<'_, T> {
    PyArray1::from_vec(py, values)
}

/// The array of `matrix`.
pub(crate) fn rows<T: Element + Copy>(py: Python<'_>, matrix: Matrix<T>) -> PyResult<Rows<'_, T>> {
    let shape = (matrix.rows(), matrix.columns()).f();
    let array = Array2::from_shape_vec(shape, matrix.into_values());
    let array = array.map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(PyArray2::from_owned_array(py, array))
}

/// The array of indices, as NumPy has them.
pub(crate) fn indices(py: Python<'_>, indices: Vec<usize>) -> Vector<'_, i64> {
    vector(py, indices.into_iter().map(|index| index as i64).collect())
}

/// Pairs as an array of two columns.
pub(crate) fn pairs<'py>(py: Python<'py>, pairs: &[(usize, usize)]) -> PyResult<Rows<'py, i64>> {
    rows(
        py,
        Matrix::from_fn(pairs.len(), 2, |row, column| {
            let (first, second) = pairs[row];
            (if column == 0 { first } else { second }) as i64
        }),
    )
}
