//! Why a function of a whole signal cannot give its result.

/// What is wrong with the signal, the matrix or the parameters.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A parameter is out of its range.
    #[error("{parameter} is {value}, but must be {range}")]
    Parameter {
        /// The parameter, by librosa's name.
        parameter: &'static str,
        /// What it is.
        value: String,
        /// What it may be.
        range: String,
    },
    /// There is nothing to work on.
    #[error("{what} is empty")]
    Empty {
        /// What is empty.
        what: &'static str,
    },
    /// A value is infinite or not a number.
    #[error("value {index} of {what} is not a finite number")]
    NotFinite {
        /// What holds the value.
        what: &'static str,
        /// Its index.
        index: usize,
    },
    /// A value is below zero where that has no meaning.
    #[error("value {index} of {what} is negative")]
    Negative {
        /// What holds the value.
        what: &'static str,
        /// Its index.
        index: usize,
    },
    /// There is less than the function needs.
    #[error("{what} has a length of {length}, but at least {needed} is needed")]
    TooShort {
        /// What is too short.
        what: &'static str,
        /// How long it is.
        length: usize,
        /// How long it must be.
        needed: usize,
    },
    /// Two lengths that must be equal are not.
    #[error("{what} has a length of {length}, but must have {expected}")]
    Length {
        /// What has another length.
        what: &'static str,
        /// How long it is.
        length: usize,
        /// How long it must be.
        expected: usize,
    },
}

impl Error {
    /// `parameter` is `value`, and must be in `range`.
    pub(crate) fn parameter(
        parameter: &'static str,
        value: impl Copy + ToString,
        range: impl Into<String>,
    ) -> Self {
        Self::Parameter { parameter, value: value.to_string(), range: range.into() }
    }
}

/// Refuses `value` unless `holds`.
pub(crate) fn check(
    holds: bool,
    parameter: &'static str,
    value: impl Copy + ToString,
    range: &str,
) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::parameter(parameter, value, range)) }
}

/// Refuses `value` unless it is finite and above zero.
pub(crate) fn check_positive(parameter: &'static str, value: f64) -> Result<(), Error> {
    check(value > 0.0 && value.is_finite(), parameter, value, "finite and above 0")
}

/// Refuses zero.
pub(crate) fn check_count(parameter: &'static str, value: usize) -> Result<(), Error> {
    check(value > 0, parameter, value, "at least 1")
}

/// Refuses what is not finite.
pub(crate) fn check_finite(what: &'static str, values: &[f32]) -> Result<(), Error> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(Error::NotFinite { what, index }),
        None => Ok(()),
    }
}

/// Refuses what is not finite or below zero: neither is a magnitude.
pub(crate) fn check_magnitudes(what: &'static str, values: &[f32]) -> Result<(), Error> {
    check_finite(what, values)?;
    match values.iter().position(|&value| value < 0.0) {
        Some(index) => Err(Error::Negative { what, index }),
        None => Ok(()),
    }
}

/// Refuses a signal that is empty or not finite everywhere, as `librosa.util.valid_audio`.
pub(crate) fn check_signal(y: &[f32]) -> Result<(), Error> {
    if y.is_empty() {
        return Err(Error::Empty { what: "the signal" });
    }
    check_finite("the signal", y)
}

/// Refuses another length than `expected`.
pub(crate) fn check_length(
    what: &'static str,
    length: usize,
    expected: usize,
) -> Result<(), Error> {
    if length == expected { Ok(()) } else { Err(Error::Length { what, length, expected }) }
}
