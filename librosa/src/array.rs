//! Arrays as NumPy has them: elements, a shape, and in which order the elements lie.
//!
//! There is none whose elements are not as many as its shape says.

use std::borrow::Cow;

use tutti_audio::spectrum::Complex;

use crate::problem::{Answer, Problem};
use crate::value::Value;

/// In which order elements lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Row by row: the last index runs fastest.
    C,
    /// Column by column: the first does.
    Fortran,
}

/// Elements one after the other, lent or owned.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names are NumPy's")]
pub enum Elements<'a> {
    Float32(Cow<'a, [f32]>),
    Float64(Cow<'a, [f64]>),
    Complex64(Cow<'a, [Complex<f32>]>),
    Int32(Cow<'a, [i32]>),
    Int64(Cow<'a, [i64]>),
    Uint8(Cow<'a, [u8]>),
    Boolean(Cow<'a, [bool]>),
}

/// An array.
#[derive(Debug, Clone, PartialEq)]
pub struct Array<'a> {
    shape: Vec<usize>,
    order: Order,
    elements: Elements<'a>,
}

impl<'a> Array<'a> {
    /// An array of that shape.
    ///
    /// # Errors
    /// The shape has more elements or less than there are.
    pub fn new(shape: Vec<usize>, order: Order, elements: Elements<'a>) -> Result<Self, Problem> {
        let count = shape.iter().try_fold(1_usize, |count, length| count.checked_mul(*length));
        // A length of 0 makes it empty, however long the others are.
        let count = if shape.contains(&0) { Some(0) } else { count };
        if count == Some(elements.len()) {
            return Ok(Self { shape, order, elements });
        }
        let length = elements.len();
        Err(Problem::Missing(format!("{length} elements are no array of the shape {shape:?}")))
    }

    /// How long it is in each dimension.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// In which order its elements lie.
    pub fn order(&self) -> Order {
        self.order
    }

    /// Its elements.
    pub fn elements(&self) -> &Elements<'a> {
        &self.elements
    }

    /// Its shape, its order, its elements.
    pub fn into_parts(self) -> (Vec<usize>, Order, Elements<'a>) {
        (self.shape, self.order, self.elements)
    }
}

/// `$of` of the elements, whatever they are.
macro_rules! of_any {
    ($elements:expr, $values:ident => $of:expr) => {
        match $elements {
            Elements::Float32($values) => $of,
            Elements::Float64($values) => $of,
            Elements::Complex64($values) => $of,
            Elements::Int32($values) => $of,
            Elements::Int64($values) => $of,
            Elements::Uint8($values) => $of,
            Elements::Boolean($values) => $of,
        }
    };
}

impl Elements<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        of_any!(self, values => values.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What NumPy calls their type.
    pub fn name(&self) -> &'static str {
        fn name<T: Element>(_: &[T]) -> &'static str {
            T::NAME
        }
        of_any!(self, values => name(values))
    }

    /// Each as a value; complex numbers are none.
    pub(crate) fn values(&self) -> Answer<Vec<Value<'static>>> {
        fn each<T: Copy, U: From<T>>(
            values: &[T],
            value: fn(U) -> Value<'static>,
        ) -> Vec<Value<'static>> {
            values.iter().map(|each| value(U::from(*each))).collect()
        }
        Ok(match self {
            Self::Float32(values) => each(values, Value::Number),
            Self::Float64(values) => each(values, Value::Number),
            Self::Int32(values) => each(values, Value::Integer),
            Self::Int64(values) => each(values, Value::Integer),
            Self::Uint8(values) => each(values, Value::Integer),
            Self::Boolean(values) => each(values, Value::Bool),
            Self::Complex64(_) => {
                return Err(Problem::Missing("must not be of complex numbers".to_owned()));
            }
        })
    }
}

/// What can be an element of an array.
pub(crate) trait Element: Copy + 'static {
    /// What NumPy calls it.
    const NAME: &'static str;

    /// The elements, if they are such.
    fn taken(elements: Elements<'_>) -> Result<Cow<'_, [Self]>, Elements<'_>>;

    /// Elements of the kind.
    fn given(values: Vec<Self>) -> Elements<'static>;
}

macro_rules! elements {
    ($($type:ty, $variant:ident, $name:literal;)+) => {$(
        impl Element for $type {
            const NAME: &'static str = $name;

            fn taken(elements: Elements<'_>) -> Result<Cow<'_, [Self]>, Elements<'_>> {
                match elements {
                    Elements::$variant(values) => Ok(values),
                    other => Err(other),
                }
            }

            fn given(values: Vec<Self>) -> Elements<'static> {
                Elements::$variant(Cow::Owned(values))
            }
        }
    )+};
}

elements! {
    f32, Float32, "float32";
    f64, Float64, "float64";
    Complex<f32>, Complex64, "complex64";
    i32, Int32, "int32";
    i64, Int64, "int64";
    u8, Uint8, "uint8";
    bool, Boolean, "bool";
}
