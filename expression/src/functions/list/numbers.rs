//! Numbers.

use super::{A, OPERAND, method, needed, optional};
use crate::functions::{FunctionSpec, math, number};
use crate::value::ValueType::{Number, Text, WholeNumber};

pub(super) static FUNCTIONS: &[FunctionSpec] = &[
    method("plus", "The sum of two numbers.", A::Number, OPERAND, Number, number::plus)
        .example("${n:plus(5)}"),
    method("minus", "The difference of two numbers.", A::Number, OPERAND, Number, number::minus)
        .example("${n:minus(5)}"),
    method("multiply", "The product of two numbers.", A::Number, OPERAND, Number, number::multiply)
        .example("${n:multiply(1.5)}"),
    method(
        "divide",
        "The quotient of two numbers; whole numbers are cut.",
        A::Number,
        OPERAND,
        Number,
        number::divide,
    )
    .example("${n:divide(4)}"),
    method("mod", "The remainder of a division.", A::Number, OPERAND, Number, number::remainder)
        .example("${n:mod(4)}"),
    method(
        "toRadix",
        "The whole number in digits of a radix, filled with zeros to a width.",
        A::Whole,
        &[needed("radix", A::Whole), optional("width", A::Whole)],
        Text,
        number::to_radix,
    )
    .example("${n:toRadix(2, 8)}"),
    method(
        "fromRadix",
        "The whole number that the digits of a radix stand for.",
        A::Text,
        &[needed("radix", A::Whole)],
        WholeNumber,
        number::from_radix,
    )
    .example("${literal('ff'):fromRadix(16)}"),
    method(
        "math",
        "A function of Java's Math on the number, by its name.",
        A::Number,
        &[needed("name", A::Text), optional("number", A::Number)],
        Number,
        math::math,
    )
    .example("${loud:math('abs')}"),
];
