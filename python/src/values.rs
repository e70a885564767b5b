//! Python's values as the librosa crate's, and back.
//!
//! An array in one piece is read where it lies, in C's order or in Fortran's; of another there is
//! one copy. What comes back is never copied: the array owns what the library made.

use std::borrow::Cow;

use numpy::ndarray::{ArrayD, IxDyn, ShapeBuilder};
use numpy::{
    Element, PyArray1, PyArrayDescrMethods, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn,
    PyUntypedArray, PyUntypedArrayMethods,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyList, PyString, PyTuple};
use tutti_librosa::{Array, Complex, Elements, Order, Value};

/// An argument, held while its memory is lent.
pub(crate) enum Held<'py> {
    Plain(Plain),
    Sequence(Vec<Held<'py>>),
    Float32(PyReadonlyArrayDyn<'py, f32>),
    Float64(PyReadonlyArrayDyn<'py, f64>),
    Complex64(PyReadonlyArrayDyn<'py, Complex<f32>>),
    Int32(PyReadonlyArrayDyn<'py, i32>),
    Int64(PyReadonlyArrayDyn<'py, i64>),
    Uint8(PyReadonlyArrayDyn<'py, u8>),
    Boolean(PyReadonlyArrayDyn<'py, bool>),
}

/// A value without parts.
pub(crate) enum Plain {
    None,
    Bool(bool),
    Integer(i64),
    Number(f64),
    Text(String),
}

impl<'py> Held<'py> {
    /// What `object` is.
    pub(crate) fn of(object: &Bound<'py, PyAny>) -> PyResult<Self> {
        if object.is_none() {
            return Ok(Self::Plain(Plain::None));
        }
        if let Ok(array) = object.cast::<PyUntypedArray>() {
            return Self::of_array(array);
        }
        // A bool is an int to Python, too.
        if object.is_instance_of::<PyBool>() {
            return Ok(Self::Plain(Plain::Bool(object.extract()?)));
        }
        if object.is_instance_of::<PyInt>() {
            return Ok(Self::Plain(Plain::Integer(object.extract()?)));
        }
        if object.is_instance_of::<PyFloat>() {
            return Ok(Self::Plain(Plain::Number(object.extract()?)));
        }
        if let Ok(text) = object.cast::<PyString>() {
            return Ok(Self::Plain(Plain::Text(text.to_cow()?.into_owned())));
        }
        if let Ok(tuple) = object.cast::<PyTuple>() {
            return tuple
                .iter()
                .map(|each| Self::of(&each))
                .collect::<PyResult<_>>()
                .map(Self::Sequence);
        }
        if let Ok(list) = object.cast::<PyList>() {
            return list
                .iter()
                .map(|each| Self::of(&each))
                .collect::<PyResult<_>>()
                .map(Self::Sequence);
        }
        // NumPy's numbers are no subclasses of Python's, but for float64.
        let plain = if let Ok(value) = object.extract::<bool>() {
            Plain::Bool(value)
        } else if let Ok(value) = object.extract::<i64>() {
            Plain::Integer(value)
        } else if let Ok(value) = object.extract::<f64>() {
            Plain::Number(value)
        } else {
            let kind = object.get_type();
            return Err(PyTypeError::new_err(format!("the library takes no {kind}")));
        };
        Ok(Self::Plain(plain))
    }

    fn of_array(array: &Bound<'py, PyUntypedArray>) -> PyResult<Self> {
        let dtype = array.dtype();
        Ok(match (dtype.kind(), dtype.itemsize()) {
            (b'f', 4) => Self::Float32(lent(array)?),
            (b'f', 8) => Self::Float64(lent(array)?),
            (b'c', 8) => Self::Complex64(lent(array)?),
            (b'i', 4) => Self::Int32(lent(array)?),
            (b'i', 8) => Self::Int64(lent(array)?),
            (b'u', 1) => Self::Uint8(lent(array)?),
            (b'b', 1) => Self::Boolean(lent(array)?),
            _ => {
                return Err(PyTypeError::new_err(format!("the library takes no array of {dtype}")));
            }
        })
    }

    /// It as a value, without a copy where there need be none.
    pub(crate) fn lent(&self) -> PyResult<Value<'_>> {
        let array = match self {
            Self::Plain(plain) => return Ok(plain.value()),
            Self::Sequence(values) => {
                return Ok(Value::Sequence(
                    values.iter().map(Self::lent).collect::<PyResult<_>>()?,
                ));
            }
            Self::Float32(array) => seen(array, Elements::Float32),
            Self::Float64(array) => seen(array, Elements::Float64),
            Self::Complex64(array) => seen(array, Elements::Complex64),
            Self::Int32(array) => seen(array, Elements::Int32),
            Self::Int64(array) => seen(array, Elements::Int64),
            Self::Uint8(array) => seen(array, Elements::Uint8),
            Self::Boolean(array) => seen(array, Elements::Boolean),
        };
        Ok(Value::Array(array?))
    }
}

impl Plain {
    fn value(&self) -> Value<'static> {
        match self {
            Self::None => Value::None,
            Self::Bool(value) => Value::Bool(*value),
            Self::Integer(value) => Value::Integer(*value),
            Self::Number(value) => Value::Number(*value),
            Self::Text(value) => Value::Text(value.clone()),
        }
    }
}

fn lent<'py, T: Element>(
    array: &Bound<'py, PyUntypedArray>,
) -> PyResult<PyReadonlyArrayDyn<'py, T>> {
    Ok(array.cast::<PyArrayDyn<T>>()?.try_readonly()?)
}

fn seen<'a, T: Element + Copy>(
    array: &'a PyReadonlyArrayDyn<'_, T>,
    elements: impl FnOnce(Cow<'a, [T]>) -> Elements<'a>,
) -> PyResult<Array<'a>> {
    let shape = array.shape().to_vec();
    let is_one_piece = array.is_c_contiguous() || array.is_fortran_contiguous();
    let (order, values) = if is_one_piece {
        // The library's own order first, where it is both.
        let is_turned = shape.len() > 1 && array.is_fortran_contiguous();
        (if is_turned { Order::Fortran } else { Order::C }, Cow::Borrowed(array.as_slice()?))
    } else {
        let turned = array.as_array().reversed_axes();
        (Order::Fortran, turned.iter().copied().collect())
    };
    Array::new(shape, order, elements(values))
        .map_err(|error| PyValueError::new_err(error.to_string()))
}

/// A result as Python has it.
pub(crate) fn given<'py>(py: Python<'py>, value: Value<'static>) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::None => py.None().into_bound(py),
        Value::Bool(value) => PyBool::new(py, value).to_owned().into_any(),
        Value::Integer(value) => value.into_pyobject(py)?.into_any(),
        Value::Number(value) => PyFloat::new(py, value).into_any(),
        Value::Text(value) => PyString::new(py, &value).into_any(),
        Value::Sequence(values) => {
            let is_list = values.iter().all(|each| matches!(each, Value::Text(_)));
            let values = values.into_iter().map(|each| given(py, each));
            let values = values.collect::<PyResult<Vec<_>>>()?;
            if is_list {
                PyList::new(py, values)?.into_any()
            } else {
                PyTuple::new(py, values)?.into_any()
            }
        }
        Value::Array(array) => {
            let (shape, order, elements) = array.into_parts();
            match elements {
                Elements::Float32(values) => owned(py, &shape, order, values)?,
                Elements::Float64(values) => owned(py, &shape, order, values)?,
                Elements::Complex64(values) => owned(py, &shape, order, values)?,
                Elements::Int32(values) => owned(py, &shape, order, values)?,
                Elements::Int64(values) => owned(py, &shape, order, values)?,
                Elements::Uint8(values) => owned(py, &shape, order, values)?,
                Elements::Boolean(values) => owned(py, &shape, order, values)?,
            }
        }
    })
}

fn owned<'py, T: Element + Clone>(
    py: Python<'py>,
    shape: &[usize],
    order: Order,
    values: Cow<'static, [T]>,
) -> PyResult<Bound<'py, PyAny>> {
    let values = values.into_owned();
    if shape.len() == 1 {
        return Ok(PyArray1::from_vec(py, values).into_any());
    }
    let shape = IxDyn(shape).set_f(order == Order::Fortran);
    let array = ArrayD::from_shape_vec(shape, values);
    let array = array.map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(PyArrayDyn::from_owned_array(py, array).into_any())
}
