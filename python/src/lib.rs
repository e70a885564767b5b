//! `tutti._native`: the audio library on NumPy's arrays.
//!
//! Conversions only, in both directions: signatures, defaults and channels are the Python package's
//! (`tutti/`), functions by name are the librosa crate's, what is computed is the audio crate's.

mod errors;
mod functions;
mod recordings;
mod values;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::errors::{DecodeError, LibrosaError, ParameterError};
    #[pymodule_export]
    use crate::recordings::{analyze, info, load};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::functions::add(module)
    }
}
