//! The librosa crate's functions as callables of Python's.
//!
//! Which there are and what they take is not known here.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use tutti_librosa::{Problem, functions};

use crate::errors::ParameterError;
use crate::values::{Held, given};

/// A function, which takes its arguments in their order.
#[pyclass(frozen, module = "tutti._native", name = "function")]
struct Function(&'static tutti_librosa::Function);

#[pymethods]
impl Function {
    #[getter(__name__)]
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn __repr__(&self) -> String {
        format!("<function tutti._native.{}>", self.0.name())
    }

    /// Works while other threads of Python go on.
    #[pyo3(signature = (*arguments))]
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        arguments: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let held = arguments.iter().map(|each| Held::of(&each)).collect::<PyResult<Vec<_>>>()?;
        let values = held.iter().map(Held::lent).collect::<PyResult<Vec<_>>>()?;
        let made = py.detach(|| self.0.call(values)).map_err(|problem| match problem {
            Problem::Parameter(text) => ParameterError::new_err(text),
            Problem::Missing(text) => PyTypeError::new_err(text),
        })?;
        given(py, made)
    }
}

/// Adds all functions to `module`.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    functions().try_for_each(|function| module.add(function.name(), Function(function)))
}
