//! The one list of functions, by subject. Each has its name, what it does, what it takes and gives,
//! an example, and the code behind it; nothing is computed here.

mod boolean;
mod conversions;
mod dates;
mod encodings;
mod json;
mod many;
mod numbers;
mod search;
mod subjectless;
mod text;

use super::{
    Accepts, ArgumentSpec, Evaluate, FunctionKind, FunctionSpec, Prepare, Section, prepare_nothing,
    standalone,
};
use crate::value::ValueType::{self, Text};

const fn needed(name: &'static str, accepts: Accepts) -> ArgumentSpec {
    ArgumentSpec { name, optional: false, repeated: false, accepts }
}

const fn optional(name: &'static str, accepts: Accepts) -> ArgumentSpec {
    ArgumentSpec { name, optional: true, repeated: false, accepts }
}

const fn repeated(name: &'static str, accepts: Accepts) -> ArgumentSpec {
    ArgumentSpec { name, optional: false, repeated: true, accepts }
}

const fn method(
    name: &'static str,
    summary: &'static str,
    subject: Accepts,
    arguments: &'static [ArgumentSpec],
    returns: ValueType,
    evaluate: Evaluate,
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        kind: FunctionKind::Method,
        arguments,
        returns,
        subject,
        prepare: prepare_nothing,
        evaluate,
        on_numbers: None,
        example: None,
    }
}

const fn alone(
    name: &'static str,
    summary: &'static str,
    arguments: &'static [ArgumentSpec],
    returns: ValueType,
    evaluate: Evaluate,
) -> FunctionSpec {
    FunctionSpec {
        kind: FunctionKind::Standalone,
        ..method(name, summary, Accepts::Anything, arguments, returns, evaluate)
    }
}

const fn many(
    name: &'static str,
    summary: &'static str,
    arguments: &'static [ArgumentSpec],
) -> FunctionSpec {
    let evaluate = standalone::nothing;
    FunctionSpec {
        kind: FunctionKind::ManyAttributes,
        ..method(name, summary, Accepts::Anything, arguments, Text, evaluate)
    }
}

impl FunctionSpec {
    /// Shows it at work, on [`EXAMPLE_ATTRIBUTES`](crate::reference::EXAMPLE_ATTRIBUTES).
    const fn example(self, expression: &'static str) -> Self {
        Self { example: Some(expression), ..self }
    }

    const fn prepared_by(self, prepare: Prepare) -> Self {
        Self { prepare, ..self }
    }

    const fn or_on_numbers(self, other: &'static Self) -> Self {
        Self { on_numbers: Some(other), ..self }
    }
}

use Accepts as A;

const FORMAT: &[ArgumentSpec] = &[needed("format", A::Text), optional("time zone", A::Text)];
const OPERAND: &[ArgumentSpec] = &[needed("number", A::Number)];
const SEARCHED: &[ArgumentSpec] = &[needed("text", A::Text)];
const DELIMITER: &[ArgumentSpec] = &[needed("delimiter", A::Text)];

/// All functions, in the order of NiFi's guide.
pub(super) static SECTIONS: &[Section] = &[
    Section { title: "Boolean logic", functions: boolean::FUNCTIONS },
    Section { title: "Text", functions: text::FUNCTIONS },
    Section { title: "Encodings", functions: encodings::FUNCTIONS },
    Section { title: "Search", functions: search::FUNCTIONS },
    Section { title: "JSON", functions: json::FUNCTIONS },
    Section { title: "Numbers", functions: numbers::FUNCTIONS },
    Section { title: "Dates", functions: dates::FUNCTIONS },
    Section { title: "Conversions", functions: conversions::FUNCTIONS },
    Section { title: "Without a subject", functions: subjectless::FUNCTIONS },
    Section { title: "Many attributes", functions: many::FUNCTIONS },
];
