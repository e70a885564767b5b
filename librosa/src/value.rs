//! What functions take and give.
//!
//! Plain data: what a value means, its function knows.

use crate::array::Array;

/// A value of Python's, or of another language that has such.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// There is none.
    None,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A word.
    Text(String),
    /// An array of NumPy's.
    Array(Array<'a>),
    /// A list or a tuple. Of what functions give, words are a list to Python, and all else is a
    /// tuple.
    Sequence(Vec<Value<'a>>),
}

impl Value<'_> {
    /// What messages call it.
    pub(crate) fn kind(&self) -> String {
        match self {
            Self::None => "none".to_owned(),
            Self::Bool(_) => "a truth value".to_owned(),
            Self::Integer(_) => "a whole number".to_owned(),
            Self::Number(_) => "a number".to_owned(),
            Self::Text(_) => "a word".to_owned(),
            Self::Array(array) => {
                let (name, shape) = (array.elements().name(), array.shape());
                format!("an array of {name} of the shape {shape:?}")
            }
            Self::Sequence(values) => format!("a sequence of {}", values.len()),
        }
    }
}
