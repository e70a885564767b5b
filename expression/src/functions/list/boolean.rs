//! Whether something is so.

use super::{A, FORMAT, OPERAND, SEARCHED, method, needed};
use crate::functions::{FunctionSpec, boolean, date, json};
use crate::value::ValueType::{Boolean, Text};

pub(super) static FUNCTIONS: &[FunctionSpec] = &[
    method("isNull", "Whether there is no value.", A::Text, &[], Boolean, boolean::is_null)
        .example("${missing:isNull()}"),
    method("notNull", "Whether there is a value.", A::Text, &[], Boolean, boolean::not_null)
        .example("${filename:notNull()}"),
    method(
        "isEmpty",
        "Whether there is no value, or only white space.",
        A::Text,
        &[],
        Boolean,
        boolean::is_empty,
    )
    .example("${empty:isEmpty()}"),
    method(
        "equals",
        "Whether the value equals another.",
        A::Anything,
        &[needed("value", A::Anything)],
        Boolean,
        boolean::equals,
    )
    .example("${filename:equals('song.flac')}"),
    method(
        "equalsIgnoreCase",
        "Whether the text equals another, whatever the case.",
        A::Text,
        SEARCHED,
        Boolean,
        boolean::equals_ignore_case,
    )
    .example("${filename:equalsIgnoreCase('SONG.FLAC')}"),
    method(
        "gt",
        "Whether the number is greater than another.",
        A::Number,
        OPERAND,
        Boolean,
        boolean::greater,
    )
    .example("${n:gt(5)}"),
    method(
        "ge",
        "Whether the number is greater than another or equal.",
        A::Number,
        OPERAND,
        Boolean,
        boolean::greater_or_equal,
    )
    .example("${n:ge(10)}"),
    method(
        "lt",
        "Whether the number is less than another.",
        A::Number,
        OPERAND,
        Boolean,
        boolean::less,
    )
    .example("${n:lt(5)}"),
    method(
        "le",
        "Whether the number is less than another or equal.",
        A::Number,
        OPERAND,
        Boolean,
        boolean::less_or_equal,
    )
    .example("${n:le(10)}"),
    method(
        "and",
        "Whether both values are true.",
        A::Boolean,
        &[needed("boolean", A::Boolean)],
        Boolean,
        boolean::and,
    )
    .example("${n:gt(5):and(${n:lt(20)})}"),
    method(
        "or",
        "Whether one of the values is true.",
        A::Boolean,
        &[needed("boolean", A::Boolean)],
        Boolean,
        boolean::or,
    )
    .example("${n:lt(5):or(${filename:endsWith('.flac')})}"),
    method("not", "Whether the value is false.", A::Boolean, &[], Boolean, boolean::not)
        .example("${n:gt(5):not()}"),
    method(
        "ifElse",
        "The first text where the value is true, otherwise the second.",
        A::Boolean,
        &[needed("text if true", A::Text), needed("text if false", A::Text)],
        Text,
        boolean::if_else,
    )
    .example("${n:gt(5):ifElse('long', 'short')}"),
    method(
        "isJson",
        "Whether the text is a JSON object or array.",
        A::Text,
        &[],
        Boolean,
        json::is_json,
    )
    .example("${json:isJson()}"),
    method(
        "isValidInstant",
        "Whether the text is an instant in ISO 8601 with an offset or in RFC 1123.",
        A::Text,
        &[],
        Boolean,
        date::is_valid_instant,
    )
    .example("${literal('2024-12-31T20:36:03Z'):isValidInstant()}"),
    method(
        "isValidDate",
        "Whether the text is a date that exists, by a format.",
        A::Text,
        FORMAT,
        Boolean,
        date::is_valid,
    )
    .prepared_by(date::prepare_early)
    .example("${recorded:isValidDate('yyyy-MM-dd')}"),
];
