//! What callers can hand over, and what they are told.

mod calls;
mod chance;

use std::borrow::Cow;

use crate::{Array, Elements, Order, Problem, Value, call, functions};

fn floats(shape: &[usize], order: Order, values: Vec<f32>) -> Value<'static> {
    let elements = Elements::Float32(Cow::Owned(values));
    Value::Array(Array::new(shape.to_vec(), order, elements).unwrap())
}

fn numbers(values: &[f64]) -> Value<'_> {
    let elements = Elements::Float64(Cow::Borrowed(values));
    Value::Array(Array::new(vec![values.len()], Order::C, elements).unwrap())
}

fn text(word: &str) -> Value<'static> {
    Value::Text(word.to_owned())
}

/// `n_fft, hop_length, win_length, window, center, pad_mode`.
fn frames(n_fft: i64) -> Value<'static> {
    let window = Value::Sequence(vec![text("hann"), Value::Number(0.0)]);
    Value::Sequence(vec![
        Value::Integer(n_fft),
        Value::Integer(4),
        Value::None,
        window,
        Value::Bool(true),
        text("reflect"),
    ])
}

fn missing(name: &str, arguments: Vec<Value<'_>>) -> String {
    match call(name, arguments) {
        Err(Problem::Missing(text)) => text,
        other => panic!("{name} gave {other:?}"),
    }
}

fn refused(name: &str, arguments: Vec<Value<'_>>) -> String {
    match call(name, arguments) {
        Err(Problem::Parameter(text)) => text,
        other => panic!("{name} gave {other:?}"),
    }
}

#[test]
fn names_are_told_once() {
    let mut names: Vec<_> = functions().map(crate::Function::name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert_eq!(missing("no such", vec![]), "there is no function \"no such\"");
}

#[test]
fn a_matrix_may_lie_in_either_order() {
    let of = |order, values: &[f32]| {
        let options = vec![Value::Number(1.0)];
        call("db_to_power", [vec![floats(&[2, 3], order, values.to_vec())], options].concat())
    };
    let by_rows = of(Order::C, &[0.0, 10.0, 20.0, 30.0, 40.0, 50.0]).unwrap();
    let by_columns = of(Order::Fortran, &[0.0, 30.0, 10.0, 40.0, 20.0, 50.0]).unwrap();
    assert_eq!(by_rows, by_columns);
    let Value::Array(array) = by_rows else { panic!("{by_rows:?}") };
    assert_eq!((array.shape(), array.order()), (&[2, 3][..], Order::Fortran));
    let Elements::Float32(values) = array.elements() else { panic!("{array:?}") };
    let error = |(value, wanted): (&f32, f32)| (value / wanted - 1.0).abs();
    let wanted = [1.0, 1e3, 10.0, 1e4, 100.0, 1e5];
    assert!(values.iter().zip(wanted).map(error).all(|error| error < 1e-5), "{values:?}");
}

#[test]
fn empty_matrices_are_no_panic() {
    for shape in [[0, 3], [3, 0], [0, 0]] {
        for order in [Order::C, Order::Fortran] {
            let made = call("db_to_power", vec![floats(&shape, order, vec![]), Value::Number(1.0)]);
            let Ok(Value::Array(array)) = made else { panic!("{made:?}") };
            assert_eq!(array.shape(), shape);
        }
    }
}

#[test]
fn numbers_come_back_in_double_precision() {
    let made = call("midi_to_hz", vec![numbers(&[69.0, 81.0])]).unwrap();
    assert_eq!(made, numbers(&[440.0, 880.0]));
}

#[test]
fn results_are_words_lists_and_numbers() {
    let name = Value::Sequence(vec![
        Value::Bool(true),
        Value::Bool(false),
        text("C:maj"),
        Value::Bool(false),
    ]);
    assert_eq!(call("midi_to_note", vec![Value::Number(60.0), name]), Ok(text("C4")));
    assert_eq!(call("note_to_midi", vec![text("A4")]), Ok(Value::Number(69.0)));
    let degrees = call("thaat_to_degrees", vec![text("bilaval")]).unwrap();
    let wanted = [0, 2, 4, 5, 7, 9, 11].map(Value::Integer).to_vec();
    assert_eq!(degrees, Value::Sequence(wanted));
    let Ok(Value::Sequence(names)) = call("list_thaat", vec![]) else { panic!() };
    assert!(names.contains(&text("bilaval")));
}

#[test]
fn another_number_of_arguments_is_told() {
    assert_eq!(missing("midi_to_hz", vec![]), "midi_to_hz takes 1 argument, not 0");
    assert_eq!(missing("stft", vec![Value::None; 3]), "stft takes 2 arguments, not 3");
    assert_eq!(missing("list_mela", vec![Value::None]), "list_mela takes 0 arguments, not 1");
}

#[test]
fn another_kind_is_told_with_its_place() {
    let y = || floats(&[8], Order::C, vec![0.5; 8]);
    let cases = [
        (
            missing("stft", vec![text("y"), frames(8)]),
            "stft: argument 1 must be an array of float32 of 1 dimensions, not a word",
        ),
        (
            missing("stft", vec![floats(&[2, 4], Order::C, vec![0.5; 8]), frames(8)]),
            "stft: argument 1 must be an array of float32 of 1 dimensions, \
             not an array of float32 of the shape [2, 4]",
        ),
        (
            missing("stft", vec![numbers(&[0.5; 8]), frames(8)]),
            "stft: argument 1 must be an array of float32 of 1 dimensions, not of float64",
        ),
        (
            missing("stft", vec![y(), Value::Sequence(vec![Value::None])]),
            "stft: argument 2 must be a sequence of 6, not a sequence of 1",
        ),
        (
            missing("stft", vec![y(), frames(-8)]),
            "stft: argument 2 value 1 must be a whole number from 0 on, not -8",
        ),
        (
            missing("db_to_power", vec![y(), Value::Number(1.0)]),
            "db_to_power: argument 1 must be an array of float32 of 2 dimensions, \
             not an array of float32 of the shape [8]",
        ),
        (
            missing("mu_dequantize", vec![text("x"), Value::Number(255.0)]),
            "mu_dequantize: argument 1 must be a sequence, not a word",
        ),
        (missing("list_mela", vec![Value::Sequence(vec![])]), "list_mela takes 0 arguments, not 1"),
    ];
    for (told, wanted) in cases {
        assert_eq!(told, wanted);
    }
}

#[test]
fn an_array_has_what_its_shape_says() {
    let of = |shape: &[usize], count: usize| {
        let elements = Elements::Float32(Cow::Owned(vec![0.0; count]));
        Array::new(shape.to_vec(), Order::C, elements)
    };
    for (shape, count) in [(&[2, 3][..], 6), (&[], 1), (&[0, usize::MAX, 2], 0), (&[0], 0)] {
        assert!(of(shape, count).is_ok(), "{shape:?}");
    }
    for (shape, count) in
        [(&[2, 3][..], 5), (&[], 0), (&[1 << 32, 1 << 32], 0), (&[usize::MAX, usize::MAX], 1)]
    {
        let told = format!("{count} elements are no array of the shape {shape:?}");
        assert_eq!(of(shape, count), Err(Problem::Missing(told)));
    }
}

#[test]
fn what_no_memory_holds_is_refused() {
    let y = || floats(&[2048], Order::C, vec![0.5; 2048]);
    let too_long = "a length or a number is 1152921504606846976, but must be at most 268435456";
    assert_eq!(refused("stft", vec![y(), frames(1 << 60)]), too_long);
    let rows = |count: i64| refused("transition_uniform", vec![Value::Integer(count)]);
    assert!(rows(1 << 20).ends_with("1048576 times 1048576 values: too many"));
    assert_eq!(rows(i64::MAX).split(", but").count(), 2);
    let faster = |rate: f64| refused("time_stretch", vec![y(), Value::Number(rate), frames(16)]);
    assert!(faster(1e-300).contains("too many") && faster(1e-12).contains("too many"));
    let times = vec![y(), Value::Number(1.0), Value::Number(30_000.0), Value::Bool(false)];
    assert!(call("resample", times).is_ok());
    let steps = vec![
        floats(&[4, 4], Order::C, vec![0.5; 16]),
        Value::Integer(1 << 28),
        Value::Integer(1),
        text("constant"),
    ];
    assert!(refused("stack_memory", steps).contains("too many"));
}

#[test]
fn words_that_mean_nothing_are_told_as_ever() {
    let found = refused("frequency_weighting", vec![numbers(&[1.0]), text("E"), Value::None]);
    assert_eq!(found, "kind is \"E\", but must be one of A, B, C, D, Z");
}
