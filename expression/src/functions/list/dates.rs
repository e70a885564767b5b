//! Dates, instants and spans of time.

use super::{A, FORMAT, method, needed, optional};
use crate::functions::{ArgumentSpec, FunctionSpec, date};
use crate::value::ValueType::{Date, Instant, Text};

const AMOUNT: &[ArgumentSpec] = &[needed("amount", A::Text), optional("time zone", A::Text)];

static TO_DATE: FunctionSpec = method(
    "toDate",
    "The number of milliseconds as a date.",
    A::Whole,
    &[],
    Date,
    date::to_date_of_number,
);
static TO_INSTANT: FunctionSpec = method(
    "toInstant",
    "The number of milliseconds as an instant.",
    A::Whole,
    &[],
    Instant,
    date::to_instant_of_number,
);

pub(super) static FUNCTIONS: &[FunctionSpec] = &[
    method("format", "The date in a format.", A::Date, FORMAT, Text, date::format)
        .prepared_by(date::prepare_early)
        .example("${time:format(\"yyyy-MM-dd'T'HH:mm\", 'Europe/Vienna')}"),
    method(
        "formatInstant",
        "The instant in a format.",
        A::Instant,
        &[needed("format", A::Text), needed("time zone", A::Text)],
        Text,
        date::format_instant,
    )
    .prepared_by(date::prepare_late)
    .example("${time:formatInstant('yyyy/MM/dd', 'UTC')}"),
    method(
        "toDate",
        "The text as a date by a format; milliseconds without one.",
        A::Text,
        &[optional("format", A::Text), optional("time zone", A::Text)],
        Date,
        date::to_date,
    )
    .prepared_by(date::prepare_early)
    .or_on_numbers(&TO_DATE)
    .example("${recorded:toDate('yyyy-MM-dd'):toNumber()}"),
    method(
        "toInstant",
        "The text as an instant by a format; milliseconds without one.",
        A::Text,
        &[optional("format", A::Text), optional("time zone", A::Text)],
        Instant,
        date::to_instant,
    )
    .prepared_by(date::prepare_late)
    .or_on_numbers(&TO_INSTANT)
    .example("${recorded:append(' 20:00'):toInstant('yyyy-MM-dd HH:mm', 'Europe/Vienna')}"),
    method(
        "plusDuration",
        "The date some time later, such as '2 weeks'.",
        A::Date,
        AMOUNT,
        Date,
        date::plus_duration,
    )
    .prepared_by(date::prepare_amount)
    .example("${recorded:toDate('yyyy-MM-dd'):plusDuration('1 month'):format('yyyy-MM-dd')}"),
    method(
        "minusDuration",
        "The date some time earlier, such as '1 month'.",
        A::Date,
        AMOUNT,
        Date,
        date::minus_duration,
    )
    .prepared_by(date::prepare_amount)
    .example("${recorded:toDate('yyyy-MM-dd'):minusDuration('1 week'):format('yyyy-MM-dd')}"),
    method(
        "plusInstantDuration",
        "The instant some time later, in UTC.",
        A::Instant,
        &[needed("amount", A::Text)],
        Instant,
        date::plus_instant_duration,
    )
    .prepared_by(date::prepare_amount)
    .example("${time:toInstant():plusInstantDuration('1 day')}"),
    method(
        "minusInstantDuration",
        "The instant some time earlier, in UTC.",
        A::Instant,
        &[needed("amount", A::Text)],
        Instant,
        date::minus_instant_duration,
    )
    .prepared_by(date::prepare_amount)
    .example("${time:toInstant():minusInstantDuration('2 hours')}"),
];
