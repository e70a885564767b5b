//! What functions give as values: matrices and vectors become arrays, without a copy.
//!
//! A vector is an array; what is to be a list says so.

use tutti_audio::Matrix;

use crate::array::{Array, Element, Order};
use crate::problem::Answer;
use crate::value::Value;

/// What a function can give.
pub(crate) trait IntoValue {
    /// It as a value.
    fn into_value(self) -> Answer<Value<'static>>;
}

/// A list of results, which is no array.
pub(crate) struct List<T>(pub(crate) Vec<T>);

/// Indices as NumPy has them.
pub(crate) fn indices(indices: Vec<usize>) -> Vec<i64> {
    indices.into_iter().map(|index| index as i64).collect()
}

/// Pairs as an array of two columns.
pub(crate) fn pairs(pairs: &[(usize, usize)]) -> Matrix<i64> {
    Matrix::from_fn(pairs.len(), 2, |row, column| {
        let (first, second) = pairs[row];
        (if column == 0 { first } else { second }) as i64
    })
}

impl<T: IntoValue> IntoValue for Answer<T> {
    fn into_value(self) -> Answer<Value<'static>> {
        self?.into_value()
    }
}

impl IntoValue for f64 {
    fn into_value(self) -> Answer<Value<'static>> {
        Ok(Value::Number(self))
    }
}

impl IntoValue for usize {
    fn into_value(self) -> Answer<Value<'static>> {
        Ok(Value::Integer(self as i64))
    }
}

impl IntoValue for String {
    fn into_value(self) -> Answer<Value<'static>> {
        Ok(Value::Text(self))
    }
}

impl IntoValue for &str {
    fn into_value(self) -> Answer<Value<'static>> {
        Ok(Value::Text(self.to_owned()))
    }
}

impl<T: Element> IntoValue for Vec<T> {
    fn into_value(self) -> Answer<Value<'static>> {
        Array::new(vec![self.len()], Order::C, T::given(self)).map(Value::Array)
    }
}

impl<T: Element> IntoValue for Matrix<T> {
    fn into_value(self) -> Answer<Value<'static>> {
        let shape = vec![self.rows(), self.columns()];
        Array::new(shape, Order::Fortran, T::given(self.into_values())).map(Value::Array)
    }
}

impl<T: IntoValue> IntoValue for List<T> {
    fn into_value(self) -> Answer<Value<'static>> {
        let values = self.0.into_iter().map(IntoValue::into_value);
        Ok(Value::Sequence(values.collect::<Answer<_>>()?))
    }
}

impl<A: IntoValue, B: IntoValue> IntoValue for (A, B) {
    fn into_value(self) -> Answer<Value<'static>> {
        Ok(Value::Sequence(vec![self.0.into_value()?, self.1.into_value()?]))
    }
}

impl<A: IntoValue, B: IntoValue, C: IntoValue> IntoValue for (A, B, C) {
    fn into_value(self) -> Answer<Value<'static>> {
        let (first, second, third) = self;
        Ok(Value::Sequence(vec![first.into_value()?, second.into_value()?, third.into_value()?]))
    }
}
