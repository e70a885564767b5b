//! Errors as Python sees them.
//!
//! What input can cause is one of these, with the audio crate's own words; never a panic.

use std::path::Path;

use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyRuntimeError};
use pyo3::prelude::*;
use tutti_audio::Error;
use tutti_audio::decode::DecodeError as Undecodable;

create_exception!(
    tutti.librosa.util.exceptions,
    LibrosaError,
    PyException,
    "The root of the errors of these functions."
);
create_exception!(
    tutti.librosa.util.exceptions,
    ParameterError,
    LibrosaError,
    "An argument cannot be worked with; the message says which, and what it may be."
);
create_exception!(
    tutti,
    DecodeError,
    PyRuntimeError,
    "A recording cannot be decoded; the message says where and why."
);

pub(crate) fn parameter_error(error: &Error) -> PyErr {
    ParameterError::new_err(error.to_string())
}

/// What is wrong with the recording `name`, with all its causes. Where it could not be read at all
/// that is the system's error, as `open` raises it.
pub(crate) fn decode_error(name: &str, error: Undecodable) -> PyErr {
    if let Undecodable::Read { source, .. } = error {
        return source.into();
    }
    DecodeError::new_err(told(name, &error))
}

/// `error` of the recording `name`, with all its causes.
pub(crate) fn told(name: &str, error: &dyn std::error::Error) -> String {
    let mut text = format!("\"{name}\": {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// The system's error at `path`, as `open` raises it: with the number and the name.
pub(crate) fn os_error(path: &Path, error: std::io::Error) -> PyErr {
    match error.raw_os_error() {
        Some(number) => {
            let words = std::io::Error::from_raw_os_error(number).to_string();
            let words = words.split(" (os error").next().unwrap_or_default().to_owned();
            pyo3::exceptions::PyOSError::new_err((number, words, path.to_path_buf()))
        }
        None => error.into(),
    }
}
