//! What needs no value.

use super::{A, alone, method, needed, optional};
use crate::functions::{FunctionSpec, math, standalone};
use crate::value::ValueType::{Date, Number, Text, WholeNumber};

pub(super) static FUNCTIONS: &[FunctionSpec] = &[
    alone("ip", "The address of this host.", &[], Text, standalone::ip),
    alone(
        "hostname",
        "The name of this host; with true, the full one where there is one.",
        &[optional("full", A::Boolean)],
        Text,
        standalone::host_name,
    ),
    alone("UUID", "A random UUID (version 4).", &[], Text, standalone::uuid),
    alone("nextInt", "The next number of a counter.", &[], WholeNumber, standalone::next_int),
    alone("random", "A random whole number from 0 on.", &[], WholeNumber, standalone::random),
    alone(
        "literal",
        "The value itself, as the subject of functions.",
        &[needed("value", A::Anything)],
        Text,
        standalone::literal,
    )
    .example("${literal('a,b'):getDelimitedField(1)}"),
    alone(
        "getUri",
        "The URI of its seven parts; null for a part that is not there.",
        &[
            needed("scheme", A::Text),
            needed("user info", A::Text),
            needed("host", A::Text),
            needed("port", A::Text),
            needed("path", A::Text),
            needed("query", A::Text),
            needed("fragment", A::Text),
        ],
        Text,
        standalone::get_uri,
    )
    .example("${getUri('https', null, 'store', 9878, '/music/a.json', null, null)}"),
    alone(
        "getStateValue",
        "The value of the component's state under a key.",
        &[needed("key", A::Text)],
        Text,
        standalone::state_value,
    ),
    alone("thread", "The name of the thread that evaluates.", &[], Text, standalone::thread),
    alone("now", "The date and time now.", &[], Date, standalone::now),
    alone(
        "math",
        "A function of Java's Math that takes nothing, such as 'random'.",
        &[needed("name", A::Text)],
        Number,
        math::math_alone,
    ),
    method(
        "evaluateELString",
        "The text, evaluated as text with expressions in it.",
        A::Text,
        &[],
        Text,
        standalone::evaluate_text,
    )
    .example("${literal('$${n}'):evaluateELString()}"),
];
