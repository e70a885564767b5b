//! One type as another.

use super::{A, method};
use crate::functions::{FunctionSpec, date, number, standalone};
use crate::value::ValueType::{Decimal, Number, Text, WholeNumber};

pub(super) static FUNCTIONS: &[FunctionSpec] = &[
    method("toString", "The value as text.", A::Anything, &[], Text, standalone::to_text)
        .example("${n:toNumber():toString():length()}"),
    method("toNumber", "The value as a whole number.", A::Whole, &[], WholeNumber, number::same)
        .example("${n:toNumber()}"),
    method("toDecimal", "The value as a decimal number.", A::Decimal, &[], Decimal, number::same)
        .example("${loud:toDecimal()}"),
    method(
        "toMicros",
        "The instant in microseconds.",
        A::OnlyInstant,
        &[],
        Number,
        date::to_micros,
    )
    .example("${time:toInstant():toMicros()}"),
    method("toNanos", "The instant in nanoseconds.", A::OnlyInstant, &[], Number, date::to_nanos)
        .example("${time:toInstant():toNanos()}"),
];
