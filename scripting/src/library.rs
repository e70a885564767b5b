//! librosa's functions by name, on the contract's values.
//!
//! What comes was written by a guest: counts, shapes, lengths and depths are looked at before they
//! are used. What functions there are and what they take is for the librosa crate to say.

use std::borrow::Cow;

use tutti_librosa::{self as librosa, Complex, Elements};

use crate::wit::audio::{Array, Dtype, Order, Problem, Value};

/// How deep sequences may lie in each other: no function takes more than four.
const DEPTH_MAX: usize = 16;

/// Calls one, which makes nothing of more than so many `values`.
pub(crate) fn call(
    values: usize,
    function: &str,
    arguments: Vec<Value>,
) -> Result<Vec<Value>, Problem> {
    let mut rest = arguments.into_iter();
    let mut taken = Vec::new();
    while let Some(value) = rest.next() {
        taken.push(taken_apart(value, &mut rest, 0)?);
    }
    let made = librosa::call_within(values, function, taken).map_err(told)?;
    let mut given = Vec::new();
    give(made, &mut given)?;
    Ok(given)
}

fn told(problem: librosa::Problem) -> Problem {
    match problem {
        librosa::Problem::Parameter(text) => Problem::Parameter(text),
        librosa::Problem::Missing(text) => Problem::Missing(text),
    }
}

/// A value with its parts, which follow it.
fn taken_apart(
    value: Value,
    rest: &mut std::vec::IntoIter<Value>,
    depth: usize,
) -> Result<librosa::Value<'static>, Problem> {
    Ok(match value {
        Value::None => librosa::Value::None,
        Value::Boolean(value) => librosa::Value::Bool(value),
        Value::Integer(value) => librosa::Value::Integer(value),
        Value::Number(value) => librosa::Value::Number(value),
        Value::Text(value) => librosa::Value::Text(value),
        Value::Array(array) => librosa::Value::Array(read(array)?),
        Value::Sequence(_) if depth == DEPTH_MAX => {
            let told = format!("sequences lie more than {DEPTH_MAX} deep in each other");
            return Err(Problem::Missing(told));
        }
        Value::Sequence(count) => {
            let follow = rest.len();
            let missing = || {
                let told = format!("a sequence of {count} is followed by {follow} values");
                Problem::Missing(told)
            };
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            if count > follow {
                return Err(missing());
            }
            let mut parts = Vec::with_capacity(count);
            for _ in 0..count {
                // A part may have taken what was to follow it.
                let part = rest.next().ok_or_else(missing)?;
                parts.push(taken_apart(part, rest, depth + 1)?);
            }
            librosa::Value::Sequence(parts)
        }
    })
}

/// The array that bytes are.
fn read(array: Array) -> Result<librosa::Array<'static>, Problem> {
    let Array { dtype, shape, order, data } = array;
    let elements = match dtype {
        Dtype::Float32 => Elements::Float32(numbers(&data, f32::from_le_bytes)?),
        Dtype::Float64 => Elements::Float64(numbers(&data, f64::from_le_bytes)?),
        Dtype::Complex64 => Elements::Complex64(numbers(&data, |bytes: [u8; 8]| {
            let [a, b, c, d, rest @ ..] = bytes;
            Complex::new(f32::from_le_bytes([a, b, c, d]), f32::from_le_bytes(rest))
        })?),
        Dtype::Int32 => Elements::Int32(numbers(&data, i32::from_le_bytes)?),
        Dtype::Int64 => Elements::Int64(numbers(&data, i64::from_le_bytes)?),
        Dtype::Uint8 => Elements::Uint8(Cow::Owned(data)),
        Dtype::Boolean => Elements::Boolean(data.iter().map(|byte| *byte != 0).collect()),
    };
    let shape = shape.into_iter().map(|length| length as usize).collect();
    let order = match order {
        Order::C => librosa::Order::C,
        Order::Fortran => librosa::Order::Fortran,
    };
    librosa::Array::new(shape, order, elements).map_err(told)
}

/// The elements that bytes are, of `SIZE` bytes each.
fn numbers<T: Copy, const SIZE: usize>(
    data: &[u8],
    number: impl Fn([u8; SIZE]) -> T,
) -> Result<Cow<'static, [T]>, Problem> {
    let (elements, rest) = data.as_chunks::<SIZE>();
    if !rest.is_empty() {
        let length = data.len();
        let told = format!("{length} bytes are no array whose elements have {SIZE}");
        return Err(Problem::Missing(told));
    }
    Ok(elements.iter().map(|bytes| number(*bytes)).collect())
}

/// Appends a value and its parts.
fn give(value: librosa::Value<'_>, given: &mut Vec<Value>) -> Result<(), Problem> {
    let whole = match value {
        librosa::Value::None => Value::None,
        librosa::Value::Bool(value) => Value::Boolean(value),
        librosa::Value::Integer(value) => Value::Integer(value),
        librosa::Value::Number(value) => Value::Number(value),
        librosa::Value::Text(value) => Value::Text(value),
        librosa::Value::Array(array) => Value::Array(write(array)?),
        librosa::Value::Sequence(parts) => {
            given.push(Value::Sequence(counted(parts.len())?));
            return parts.into_iter().try_for_each(|part| give(part, given));
        }
    };
    given.push(whole);
    Ok(())
}

/// Lengths in the contract have 32 bits.
fn counted(length: usize) -> Result<u32, Problem> {
    u32::try_from(length)
        .map_err(|_| Problem::Parameter(format!("the result has {length} values: too many")))
}

/// The bytes of an array.
fn write(array: librosa::Array<'_>) -> Result<Array, Problem> {
    let (shape, order, elements) = array.into_parts();
    let (dtype, data) = match elements {
        Elements::Float32(values) => (Dtype::Float32, bytes(&values, f32::to_le_bytes)),
        Elements::Float64(values) => (Dtype::Float64, bytes(&values, f64::to_le_bytes)),
        Elements::Complex64(values) => {
            let halves = |value: Complex<f32>| {
                let bits = u64::from(value.im.to_bits()) << 32 | u64::from(value.re.to_bits());
                bits.to_le_bytes()
            };
            (Dtype::Complex64, bytes(&values, halves))
        }
        Elements::Int32(values) => (Dtype::Int32, bytes(&values, i32::to_le_bytes)),
        Elements::Int64(values) => (Dtype::Int64, bytes(&values, i64::to_le_bytes)),
        Elements::Uint8(values) => (Dtype::Uint8, values.into_owned()),
        Elements::Boolean(values) => {
            (Dtype::Boolean, values.iter().map(|it| (*it).into()).collect())
        }
    };
    let shape = shape.into_iter().map(counted).collect::<Result<_, _>>()?;
    let order = match order {
        librosa::Order::C => Order::C,
        librosa::Order::Fortran => Order::Fortran,
    };
    Ok(Array { dtype, shape, order, data })
}

fn bytes<T: Copy, const SIZE: usize>(values: &[T], of: impl Fn(T) -> [u8; SIZE]) -> Vec<u8> {
    let mut data = Vec::with_capacity(size_of_val(values));
    for value in values {
        data.extend_from_slice(&of(*value));
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: usize = 1 << 24;

    fn array(dtype: Dtype, shape: &[u32], data: Vec<u8>) -> Value {
        Value::Array(Array { dtype, shape: shape.to_vec(), order: Order::C, data })
    }

    fn doubles(values: &[f64]) -> Value {
        array(Dtype::Float64, &[values.len() as u32], bytes(values, f64::to_le_bytes))
    }

    fn missing(function: &str, arguments: Vec<Value>) -> String {
        match call(VALUES, function, arguments) {
            Err(Problem::Missing(text)) => text,
            other => panic!("{function} gave {other:?}"),
        }
    }

    fn found(value: &Value) -> &Array {
        match value {
            Value::Array(array) => array,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_function_answers_by_its_name() {
        let made = call(VALUES, "midi_to_hz", vec![doubles(&[69.0, 81.0])]).unwrap();
        let [value] = &made[..] else { panic!("{made:?}") };
        let array = found(value);
        assert_eq!(
            (array.dtype, &array.shape[..], array.order),
            (Dtype::Float64, &[2][..], Order::C)
        );
        assert_eq!(array.data, bytes(&[440.0, 880.0], f64::to_le_bytes));
    }

    #[test]
    fn groups_are_what_follows_them() {
        let y: Vec<f32> = (0..64).map(|at| (at as f32 / 3.0).sin()).collect();
        let y = array(Dtype::Float32, &[64], bytes(&y, f32::to_le_bytes));
        let frames = vec![
            Value::Sequence(6),
            Value::Integer(16),
            Value::Integer(4),
            Value::None,
            Value::Sequence(2),
            Value::Text("hann".to_owned()),
            Value::Number(0.0),
            Value::Boolean(true),
            Value::Text("reflect".to_owned()),
        ];
        let made = call(VALUES, "stft", [vec![y.clone()], frames.clone()].concat()).unwrap();
        let bins = found(&made[0]);
        assert_eq!(
            (bins.dtype, &bins.shape[..], bins.order),
            (Dtype::Complex64, &[9, 17][..], Order::Fortran)
        );
        assert_eq!(bins.data.len(), 9 * 17 * 8);
        // What was given can be handed over as it is.
        let back = [made, frames, vec![Value::Integer(64)]].concat();
        let back = call(VALUES, "istft", back).unwrap();
        let read = |value: &Value| numbers(&found(value).data, f32::from_le_bytes).unwrap();
        let (back, y) = (read(&back[0]), read(&y));
        let apart = back.iter().zip(y.iter()).map(|(a, b)| (a - b).abs());
        assert!(apart.fold(0.0, f32::max) < 1e-5);
    }

    #[test]
    fn several_results_are_a_sequence() {
        let made = call(VALUES, "mr_frequencies", vec![Value::Number(0.0)]).unwrap();
        let [Value::Sequence(2), Value::Array(_), Value::Array(_)] = &made[..] else {
            panic!("{made:?}")
        };
        let words = call(VALUES, "list_thaat", vec![]).unwrap();
        let Value::Sequence(count) = words[0] else { panic!("{words:?}") };
        assert_eq!(words.len(), 1 + count as usize);
    }

    #[test]
    fn what_is_no_value_is_told() {
        assert_eq!(missing("no such", vec![]), "there is no function \"no such\"");
        let short = |count| missing("stft", vec![Value::Sequence(count), Value::None]);
        assert_eq!(short(2), "a sequence of 2 is followed by 1 values");
        assert_eq!(short(u32::MAX), "a sequence of 4294967295 is followed by 1 values");
        let deep = missing("stft", vec![Value::Sequence(1); 100_000]);
        assert_eq!(deep, "sequences lie more than 16 deep in each other");
        let nested = vec![Value::Sequence(2), Value::Sequence(1), Value::None];
        assert!(missing("stft", nested).starts_with("a sequence of 2 is followed"));
    }

    #[test]
    fn bytes_are_as_many_as_their_shape_says() {
        let of = |dtype, shape: &[u32], count: usize| {
            missing("midi_to_hz", vec![array(dtype, shape, vec![0; count])])
        };
        assert_eq!(of(Dtype::Float64, &[2], 15), "15 bytes are no array whose elements have 8");
        assert_eq!(of(Dtype::Float64, &[3], 16), "2 elements are no array of the shape [3]");
        let huge = of(Dtype::Float64, &[u32::MAX; 4], 16);
        assert!(huge.starts_with("2 elements are no array of the shape [4294967295"), "{huge}");
        for (dtype, size) in [
            (Dtype::Float32, 4),
            (Dtype::Complex64, 8),
            (Dtype::Int32, 4),
            (Dtype::Int64, 8),
            (Dtype::Uint8, 1),
            (Dtype::Boolean, 1),
        ] {
            let told = of(dtype, &[2], 2 * size);
            assert!(told.starts_with("midi_to_hz: argument 1 must be"), "{told}");
        }
    }

    #[test]
    fn what_librosa_refuses_is_a_parameter() {
        let wrong = vec![doubles(&[1.0]), Value::Text("E".to_owned()), Value::None];
        let Err(Problem::Parameter(text)) = call(VALUES, "frequency_weighting", wrong) else {
            panic!()
        };
        assert_eq!(text, "kind is \"E\", but must be one of A, B, C, D, Z");
    }
}
