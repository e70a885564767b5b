//! librosa's functions by name, on the contract's values.

use crate::wit::audio::{Problem, Value};

/// Calls one.
pub(crate) fn call(function: &str, _: Vec<Value>) -> Result<Vec<Value>, Problem> {
    Err(Problem::Missing(format!("the library has no function \"{function}\"")))
}
