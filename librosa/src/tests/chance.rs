//! Whatever is handed over: an answer or a problem, and no panic.
//!
//! Counts are small or far beyond reason: those between are allowed, and take their time.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::calls::calls;
use crate::{Array, Complex, Elements, Order, Value, call};

const WORDS: &[&str] =
    &["hann", "tukey", "reflect", "wrap", "C:maj", "cosine", "median", "mirror", "no such", ""];
const ODD: &[f64] =
    &[0.0, -0.0, 1e-300, -1.0, 0.5, 1e12, 1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
const HUGE: &[i64] = &[-1, 300, (1 << 28) + 1, 1 << 31, 1 << 40, 1 << 60, i64::MIN, i64::MAX];

/// Values of all kinds.
fn value() -> impl Strategy<Value = Value<'static>> {
    let leaf = prop_oneof![
        1 => Just(Value::None),
        1 => any::<bool>().prop_map(Value::Bool),
        3 => (0..40_i64).prop_map(Value::Integer),
        3 => prop::sample::select(HUGE).prop_map(Value::Integer),
        3 => prop::sample::select(ODD).prop_map(Value::Number),
        2 => (-20.0..200.0).prop_map(Value::Number),
        1 => prop::sample::select(WORDS).prop_map(|word| Value::Text(word.to_owned())),
        8 => array().prop_map(Value::Array),
    ];
    leaf.prop_recursive(2, 12, 6, |inner| {
        prop::collection::vec(inner, 0..7).prop_map(Value::Sequence)
    })
}

fn array() -> impl Strategy<Value = Array<'static>> {
    let shape = prop_oneof![
        3 => prop::collection::vec(0..400_usize, 1),
        5 => prop::collection::vec(0..24_usize, 2),
        1 => prop::collection::vec(0..4_usize, 0..4),
    ];
    let kind = prop_oneof![5 => Just(0), 4 => Just(1), 2 => Just(2), 1 => 3..7];
    let value = prop_oneof![8 => 0.0..1.0_f64, 2 => -1e3..1e3_f64, 1 => Just(f64::NAN)];
    let values = prop::collection::vec(value, 1..40);
    (shape, kind, any::<bool>(), values).prop_map(|(shape, kind, is_turned, values)| {
        let count = shape.iter().product();
        let values = || values.iter().copied().cycle().take(count);
        let single = || values().map(|value| value as f32);
        let elements = match kind {
            0 => Elements::Float32(single().collect()),
            1 => Elements::Float64(values().collect()),
            2 => Elements::Complex64(single().map(|value| Complex::new(value, 0.5)).collect()),
            3 => Elements::Int32(values().map(|value| value as i32).collect()),
            4 => Elements::Int64(values().map(|value| value as i64).collect()),
            5 => Elements::Uint8(values().map(|value| value as u8).collect()),
            _ => Elements::Boolean(values().map(|value| value > 0.5).collect()),
        };
        let order = if is_turned { Order::Fortran } else { Order::C };
        Array::new(shape, order, elements).unwrap()
    })
}

/// How many values there are, with those that they have.
fn count(values: &[Value<'_>]) -> usize {
    let parts = |value: &Value<'_>| match value {
        Value::Sequence(values) => 1 + count(values),
        _ => 1,
    };
    values.iter().map(parts).sum()
}

/// Puts `odd` in the place of the value `at`, counted with parts.
fn replace(values: &mut [Value<'static>], mut at: usize, odd: &Value<'static>) {
    for value in values {
        if at == 0 {
            *value = odd.clone();
            return;
        }
        at -= 1;
        if let Value::Sequence(parts) = value {
            let within = count(parts);
            if at < within {
                return replace(parts, at, odd);
            }
            at -= within;
        }
    }
}

proptest! {
    // The same cases each time: some functions take long for what others do at once.
    #![proptest_config(ProptestConfig {
        cases: 60,
        rng_seed: RngSeed::Fixed(0x746f_6e65),
        ..ProptestConfig::default()
    })]

    #[test]
    fn one_odd_argument_is_answered_or_refused(odd in value(), place in any::<u16>()) {
        for (name, mut arguments) in calls() {
            let values = count(&arguments);
            if values > 0 {
                replace(&mut arguments, usize::from(place) % values, &odd);
            }
            if let Err(problem) = call(name, arguments) {
                prop_assert!(!problem.to_string().is_empty(), "{name}");
            }
        }
    }

    #[test]
    fn odd_arguments_are_answered_or_refused(values in prop::collection::vec(value(), 0..9)) {
        for function in crate::functions() {
            let _ = function.call(values.clone());
            let fit = values.iter().cycle().take(function.arguments()).cloned().collect();
            let _ = function.call(fit);
        }
    }
}
