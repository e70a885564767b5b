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
    check_finite_from(what, 0, values)
}

/// Refuses what is not finite, of a block of values whose first has the index `first`.
pub(crate) fn check_finite_from(
    what: &'static str,
    first: usize,
    values: &[f32],
) -> Result<(), Error> {
    // Of a number that is not finite the bits of the exponent are all set, so that it is the
    // greatest. The greatest of all is found many at a time, a place is not.
    let size = |value: &f32| (value.to_bits() & !SIGN) as i32;
    let greatest = |part: &[f32]| part.iter().map(size).fold(0, i32::max);
    let holds = |part: &[f32]| greatest(part) >= f32::INFINITY.to_bits() as i32;
    for (at, part) in values.chunks(PART).enumerate().filter(|(_, part)| holds(part)) {
        if let Some(index) = part.iter().position(|value| !value.is_finite()) {
            return Err(Error::NotFinite { what, index: first + at * PART + index });
        }
    }
    Ok(())
}

/// How many values are looked at together.
const PART: usize = 2048;
/// The bit of a number that is its sign.
const SIGN: u32 = 1 << 31;

/// Refuses what is not finite or below zero: neither is a magnitude.
pub(crate) fn check_magnitudes(what: &'static str, values: &[f32]) -> Result<(), Error> {
    check_finite(what, values)?;
    let is_negative = |value: &f32| *value < 0.0;
    let any = |part: &[f32]| part.iter().fold(false, |any, value| any | is_negative(value));
    for (at, part) in values.chunks(PART).enumerate().filter(|(_, part)| any(part)) {
        if let Some(index) = part.iter().position(is_negative) {
            return Err(Error::Negative { what, index: at * PART + index });
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_magnitude_is_found_wherever_it_is() {
        let what = "the spectrogram";
        let values = vec![1.0_f32; 2 * PART + 5];
        assert_eq!(check_magnitudes(what, &values), Ok(()));
        assert_eq!(check_magnitudes(what, &[0.0, -0.0, f32::MAX, 1e-45]), Ok(()));
        for index in [0, PART - 1, PART, 2 * PART + 4] {
            let with = |value: f32| {
                let mut values = values.clone();
                values[index] = value;
                values
            };
            for value in [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                let error = Err(Error::NotFinite { what, index });
                assert_eq!(check_magnitudes(what, &with(value)), error, "{value}");
            }
            for value in [-1.0, -1e-45, f32::MIN] {
                let error = Err(Error::Negative { what, index });
                assert_eq!(check_magnitudes(what, &with(value)), error, "{value}");
                assert_eq!(check_finite(what, &with(value)), Ok(()), "{value}");
            }
        }
        let error = Error::NotFinite { what, index: 7 };
        assert_eq!(check_finite_from(what, 6, &[0.0, f32::NAN]), Err(error));
    }
}
