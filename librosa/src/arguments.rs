//! Values as what functions want: numbers, words, signals, matrices, and groups of them.
//!
//! What kind a value has is looked at here, and that counts are not beyond reason; what else it may
//! be is for the audio crate to say, or for the function.

use std::borrow::Cow;

use tutti_audio::Matrix;
use tutti_audio::spectrum::Complex;

use crate::array::{Array, Element, Order};
use crate::limits::count;
use crate::problem::{Answer, Problem};
use crate::value::Value;

/// What an argument can be.
pub(crate) trait FromValue<'a>: Sized {
    /// The argument that `value` is.
    fn from_value(value: Value<'a>) -> Answer<Self>;
}

/// Samples, one channel, one after the other.
pub(crate) type Samples<'a> = Cow<'a, [f32]>;
/// Numbers, one after the other.
pub(crate) type Numbers<'a> = Cow<'a, [f64]>;
pub(crate) type Bin = Complex<f32>;

/// A matrix that came as an array of two dimensions.
pub(crate) struct In<T>(pub(crate) Matrix<T>);

/// That `value` is not what is wanted.
pub(crate) fn not(wanted: &str, value: &Value<'_>) -> Problem {
    Problem::Missing(format!("must be {wanted}, not {}", value.kind()))
}

impl<'a> FromValue<'a> for bool {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        match value {
            Value::Bool(value) => Ok(value),
            other => Err(not("a truth value", &other)),
        }
    }
}

impl<'a> FromValue<'a> for f64 {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        match value {
            Value::Number(value) => Ok(value),
            Value::Integer(value) => Ok(value as Self),
            other => Err(not("a number", &other)),
        }
    }
}

impl<'a> FromValue<'a> for f32 {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        f64::from_value(value).map(|value| value as Self)
    }
}

impl<'a> FromValue<'a> for i64 {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        match value {
            Value::Integer(value) => Ok(value),
            other => Err(not("a whole number", &other)),
        }
    }
}

impl<'a> FromValue<'a> for usize {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        count(i64::from_value(value)?)
    }
}

impl<'a> FromValue<'a> for isize {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        let value = i64::from_value(value)?;
        let distance = count(value.saturating_abs())? as Self;
        Ok(if value < 0 { -distance } else { distance })
    }
}

/// Whole numbers of few bits.
macro_rules! small {
    ($($type:ty),+) => {$(
        impl<'a> FromValue<'a> for $type {
            fn from_value(value: Value<'a>) -> Answer<Self> {
                let value = i64::from_value(value)?;
                Self::try_from(value).map_err(|_| {
                    let (least, most) = (Self::MIN, Self::MAX);
                    Problem::Missing(format!("must be from {least} to {most}, not {value}"))
                })
            }
        }
    )+};
}

small!(u8, i16);

impl<'a> FromValue<'a> for String {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        match value {
            Value::Text(value) => Ok(value),
            other => Err(not("a word", &other)),
        }
    }
}

impl<'a, T: FromValue<'a>> FromValue<'a> for Option<T> {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        match value {
            Value::None => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}

impl<'a, T: FromValue<'a>> FromValue<'a> for Vec<T> {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        let values = match value {
            Value::Sequence(values) => values,
            Value::Array(array) if array.shape().len() == 1 => array.elements().values()?,
            other => return Err(not("a sequence", &other)),
        };
        let each = |(at, value)| T::from_value(value).map_err(|it| it.within(Place("value", at)));
        values.into_iter().enumerate().map(each).collect()
    }
}

impl<'a, T: Element> FromValue<'a> for Cow<'a, [T]> {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        let (_, _, values) = array(value, 1)?;
        Ok(values)
    }
}

impl<'a, T: Element> FromValue<'a> for In<T> {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        let (shape, order, values) = array::<T>(value, 2)?;
        let (rows, columns) = (shape[0], shape[1]);
        // The library's own matrices have their values column by column.
        let values = if order == Order::Fortran || rows <= 1 || columns <= 1 {
            values.into_owned()
        } else {
            let mut turned = Vec::with_capacity(values.len());
            for column in 0..columns {
                turned.extend(values.iter().skip(column).step_by(columns).copied());
            }
            turned
        };
        Ok(Self(Matrix::from_columns(rows, columns, values)?))
    }
}

/// The parts of an array of so many dimensions.
fn array<T: Element>(
    value: Value<'_>,
    dimensions: usize,
) -> Answer<(Vec<usize>, Order, Cow<'_, [T]>)> {
    let is_fit = |array: &Array<'_>| array.shape().len() == dimensions;
    let wanted = || format!("an array of {} of {dimensions} dimensions", T::NAME);
    match value {
        Value::Array(array) if is_fit(&array) => {
            let (shape, order, elements) = array.into_parts();
            let values = T::taken(elements).map_err(|other| {
                let (name, wanted) = (other.name(), wanted());
                Problem::Missing(format!("must be {wanted}, not of {name}"))
            })?;
            Ok((shape, order, values))
        }
        other => Err(not(&wanted(), &other)),
    }
}

/// A place that is counted from 1.
struct Place(&'static str, usize);

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.0, self.1 + 1)
    }
}

/// Values that are taken one after the other.
pub(crate) struct Parts<'a> {
    values: std::vec::IntoIter<Value<'a>>,
    /// What messages call one.
    name: &'static str,
    at: usize,
}

impl<'a> Parts<'a> {
    /// Arguments, which are as many as there should be.
    pub(crate) fn of_call(values: Vec<Value<'a>>) -> Self {
        Self { values: values.into_iter(), name: "argument", at: 0 }
    }

    /// The fields of a group.
    pub(crate) fn of_group(value: Value<'a>, count: usize) -> Answer<Self> {
        match value {
            Value::Sequence(values) if values.len() == count => {
                Ok(Self { values: values.into_iter(), name: "value", at: 0 })
            }
            other => Err(not(&format!("a sequence of {count}"), &other)),
        }
    }

    /// The next.
    pub(crate) fn next<T: FromValue<'a>>(&mut self) -> Answer<T> {
        let at = self.at;
        self.at += 1;
        let value = self.values.next().unwrap_or(Value::None);
        T::from_value(value).map_err(|problem| problem.within(Place(self.name, at)))
    }
}

impl<'a, A: FromValue<'a>, B: FromValue<'a>> FromValue<'a> for (A, B) {
    fn from_value(value: Value<'a>) -> Answer<Self> {
        let mut parts = Parts::of_group(value, 2)?;
        Ok((parts.next()?, parts.next()?))
    }
}

/// A group of librosa's parameters: a sequence with a value for each field, in their order.
macro_rules! group {
    ($(#[$about:meta])* $seen:vis struct $name:ident($($type:ty),+ $(,)?);) => {
        $(#[$about])*
        $seen struct $name($($type),+);

        impl<'a> $crate::arguments::FromValue<'a> for $name {
            fn from_value(
                value: $crate::value::Value<'a>,
            ) -> $crate::problem::Answer<Self> {
                const COUNT: usize = [$(stringify!($type)),+].len();
                let mut parts = $crate::arguments::Parts::of_group(value, COUNT)?;
                Ok(Self($(parts.next::<$type>()?),+))
            }
        }
    };
}

pub(crate) use group;
