//! The one list of functions. Each has its name, what it does, what it takes and gives, and the
//! code behind it; nothing is computed here.

use super::{
    Accepts, ArgumentSpec, Evaluate, FunctionKind, FunctionSpec, Prepare, boolean, date, encode,
    json, listing, math, number, prepare_nothing, search, standalone, text,
};
use crate::value::ValueType;

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
    }
}

const fn standalone(
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
    const fn prepared_by(self, prepare: Prepare) -> Self {
        Self { prepare, ..self }
    }

    const fn or_on_numbers(self, other: &'static Self) -> Self {
        Self { on_numbers: Some(other), ..self }
    }
}

use Accepts as A;
use ValueType::{Boolean, Date, Decimal, Instant, Number, Text, WholeNumber};

const NAMES: &[ArgumentSpec] = &[repeated("name", A::Text)];
const PATTERNS: &[ArgumentSpec] = &[repeated("pattern", A::Text)];
const VALUES: &[ArgumentSpec] = &[
    needed("text", A::Text),
    needed("delimiter", A::Text),
    ArgumentSpec { name: "ignored", optional: true, repeated: true, accepts: A::Text },
];
const FORMAT: &[ArgumentSpec] = &[needed("format", A::Text), optional("time zone", A::Text)];
const AMOUNT: &[ArgumentSpec] = &[needed("amount", A::Text), optional("time zone", A::Text)];
const OPERAND: &[ArgumentSpec] = &[needed("number", A::Number)];
const SEARCHED: &[ArgumentSpec] = &[needed("text", A::Text)];
const REGEX: &[ArgumentSpec] = &[needed("regular expression", A::Text)];
const DELIMITER: &[ArgumentSpec] = &[needed("delimiter", A::Text)];
const NAMESPACE: &[ArgumentSpec] = &[needed("namespace", A::Text)];
const PADDING: &[ArgumentSpec] = &[needed("length", A::Whole), optional("padding", A::Text)];
const PATH: &[ArgumentSpec] = &[needed("path", A::Text)];
const PATH_VALUE: &[ArgumentSpec] = &[needed("path", A::Text), needed("value", A::JsonValue)];

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

/// All functions, in the order of NiFi's guide.
pub(super) static FUNCTIONS: &[FunctionSpec] = &[
    // Boolean logic.
    method("isNull", "Whether there is no value.", A::Text, &[], Boolean, boolean::is_null),
    method("notNull", "Whether there is a value.", A::Text, &[], Boolean, boolean::not_null),
    method(
        "isEmpty",
        "Whether there is no value, or only white space.",
        A::Text,
        &[],
        Boolean,
        boolean::is_empty,
    ),
    method(
        "equals",
        "Whether the value equals another.",
        A::Anything,
        &[needed("value", A::Anything)],
        Boolean,
        boolean::equals,
    ),
    method(
        "equalsIgnoreCase",
        "Whether the text equals another, whatever the case.",
        A::Text,
        SEARCHED,
        Boolean,
        boolean::equals_ignore_case,
    ),
    method(
        "gt",
        "Whether the number is greater than another.",
        A::Number,
        OPERAND,
        Boolean,
        boolean::greater,
    ),
    method(
        "ge",
        "Whether the number is greater than another or equal.",
        A::Number,
        OPERAND,
        Boolean,
        boolean::greater_or_equal,
    ),
    method(
        "lt",
        "Whether the number is less than another.",
        A::Number,
        OPERAND,
        Boolean,
        boolean::less,
    ),
    method(
        "le",
        "Whether the number is less than another or equal.",
        A::Number,
        OPERAND,
        Boolean,
        boolean::less_or_equal,
    ),
    method(
        "and",
        "Whether both values are true.",
        A::Boolean,
        &[needed("boolean", A::Boolean)],
        Boolean,
        boolean::and,
    ),
    method(
        "or",
        "Whether one of the values is true.",
        A::Boolean,
        &[needed("boolean", A::Boolean)],
        Boolean,
        boolean::or,
    ),
    method("not", "Whether the value is false.", A::Boolean, &[], Boolean, boolean::not),
    method(
        "ifElse",
        "The first text where the value is true, otherwise the second.",
        A::Boolean,
        &[needed("text if true", A::Text), needed("text if false", A::Text)],
        Text,
        boolean::if_else,
    ),
    method(
        "isJson",
        "Whether the text is a JSON object or array.",
        A::Text,
        &[],
        Boolean,
        json::is_json,
    ),
    method(
        "isValidInstant",
        "Whether the text is an instant in ISO 8601 with an offset or in RFC 1123.",
        A::Text,
        &[],
        Boolean,
        date::is_valid_instant,
    ),
    method(
        "isValidDate",
        "Whether the text is a date that exists, by a format.",
        A::Text,
        FORMAT,
        Boolean,
        date::is_valid,
    )
    .prepared_by(date::prepare_early),
    // Text.
    method("toUpper", "The text in upper case.", A::Text, &[], Text, text::to_upper),
    method("toLower", "The text in lower case.", A::Text, &[], Text, text::to_lower),
    method("trim", "The text without white space at its ends.", A::Text, &[], Text, text::trimmed),
    method(
        "substring",
        "The text from one index to before another, in UTF-16 units from 0.",
        A::Text,
        &[needed("start", A::Whole), optional("end", A::Whole)],
        Text,
        text::substring,
    ),
    method(
        "substringBefore",
        "The text before the first occurrence of another.",
        A::Text,
        SEARCHED,
        Text,
        text::substring_before,
    ),
    method(
        "substringBeforeLast",
        "The text before the last occurrence of another.",
        A::Text,
        SEARCHED,
        Text,
        text::substring_before_last,
    ),
    method(
        "substringAfter",
        "The text after the first occurrence of another.",
        A::Text,
        SEARCHED,
        Text,
        text::substring_after,
    ),
    method(
        "substringAfterLast",
        "The text after the last occurrence of another.",
        A::Text,
        SEARCHED,
        Text,
        text::substring_after_last,
    ),
    method(
        "getDelimitedField",
        "One field of a text with delimiters, counted from 1.",
        A::Text,
        &[
            needed("index", A::Whole),
            optional("delimiter", A::Text),
            optional("quote", A::Text),
            optional("escape", A::Text),
            optional("strip", A::Boolean),
        ],
        Text,
        listing::delimited_field,
    ),
    method("append", "The text followed by another.", A::Text, SEARCHED, Text, text::append),
    method("prepend", "The text preceded by another.", A::Text, SEARCHED, Text, text::prepend),
    method(
        "replace",
        "The text with every occurrence of another replaced.",
        A::Text,
        &[needed("text", A::Text), needed("replacement", A::Text)],
        Text,
        text::replace,
    ),
    method(
        "replaceFirst",
        "The text with the first match of a regular expression replaced.",
        A::Text,
        &[needed("regular expression", A::Text), needed("replacement", A::Text)],
        Text,
        search::replace_first,
    )
    .prepared_by(search::prepare_late),
    method(
        "replaceAll",
        "The text with every match of a regular expression replaced.",
        A::Text,
        &[needed("regular expression", A::Text), needed("replacement", A::Text)],
        Text,
        search::replace_all,
    )
    .prepared_by(search::prepare_late),
    method(
        "replaceNull",
        "The value, or a text where there is none.",
        A::Text,
        SEARCHED,
        Text,
        text::replace_null,
    ),
    method(
        "replaceEmpty",
        "The value, or a text where there is none or only white space.",
        A::Text,
        SEARCHED,
        Text,
        text::replace_empty,
    ),
    method(
        "replaceByPattern",
        "The replacement of the first pattern that matches, of a list 'pattern:replacement,...'.",
        A::Text,
        &[needed("mapping", A::Text)],
        Text,
        search::replace_by_pattern,
    )
    .prepared_by(search::prepare_mapping),
    method(
        "length",
        "The length of the text in UTF-16 units.",
        A::Text,
        &[],
        WholeNumber,
        text::length,
    ),
    method(
        "repeat",
        "The text repeated; a random number of times between two counts.",
        A::Text,
        &[needed("count", A::Whole), optional("greatest count", A::Whole)],
        Text,
        text::repeat,
    ),
    method(
        "padLeft",
        "The text filled on its left to a length.",
        A::Text,
        PADDING,
        Text,
        text::pad_left,
    ),
    method(
        "padRight",
        "The text filled on its right to a length.",
        A::Text,
        PADDING,
        Text,
        text::pad_right,
    ),
    method(
        "unique",
        "The parts of a delimited text without repetitions.",
        A::Text,
        DELIMITER,
        Text,
        listing::unique,
    ),
    method(
        "compactDelimitedList",
        "The parts of a delimited text without the empty ones.",
        A::Text,
        DELIMITER,
        Text,
        listing::compact,
    ),
    method(
        "trimDelimitedList",
        "The parts of a delimited text without the empty ones at its ends.",
        A::Text,
        DELIMITER,
        Text,
        listing::trim_list,
    ),
    // Encodings.
    method(
        "escapeJson",
        "The text escaped for a JSON string.",
        A::Text,
        &[],
        Text,
        encode::escape_json,
    ),
    method("escapeXml", "The text escaped for XML 1.0.", A::Text, &[], Text, encode::escape_xml),
    method(
        "escapeCsv",
        "The text quoted for CSV where that is needed.",
        A::Text,
        &[],
        Text,
        encode::escape_csv,
    ),
    method(
        "escapeHtml3",
        "The text escaped with the entities of HTML 3.",
        A::Text,
        &[],
        Text,
        encode::escape_html3,
    ),
    method(
        "escapeHtml4",
        "The text escaped with the entities of HTML 4.",
        A::Text,
        &[],
        Text,
        encode::escape_html4,
    ),
    method("unescapeJson", "The text of a JSON string.", A::Text, &[], Text, encode::unescape_json),
    method("unescapeXml", "The text of escaped XML.", A::Text, &[], Text, encode::unescape_xml),
    method(
        "unescapeCsv",
        "The text of a quoted CSV field.",
        A::Text,
        &[],
        Text,
        encode::unescape_csv,
    ),
    method(
        "unescapeHtml3",
        "The text of HTML 3 with its entities.",
        A::Text,
        &[],
        Text,
        encode::unescape_html3,
    ),
    method(
        "unescapeHtml4",
        "The text of HTML 4 with its entities.",
        A::Text,
        &[],
        Text,
        encode::unescape_html4,
    ),
    method(
        "urlEncode",
        "The text encoded for a form or a query of a URL.",
        A::Text,
        &[],
        Text,
        encode::url_encode,
    ),
    method(
        "urlDecode",
        "The text of an encoded form or query.",
        A::Text,
        &[],
        Text,
        encode::url_decode,
    ),
    method(
        "base64Encode",
        "The bytes of the text (UTF-8) in Base64.",
        A::Text,
        &[],
        Text,
        encode::base64_encode,
    ),
    method(
        "base64Decode",
        "The text of bytes in Base64 (UTF-8).",
        A::Text,
        &[],
        Text,
        encode::base64_decode,
    ),
    method(
        "UUID3",
        "The UUID of version 3 (MD5) of the text in a namespace.",
        A::Text,
        NAMESPACE,
        Text,
        encode::uuid3,
    ),
    method(
        "UUID5",
        "The UUID of version 5 (SHA-1) of the text in a namespace.",
        A::Text,
        NAMESPACE,
        Text,
        encode::uuid5,
    ),
    method(
        "hash",
        "The hash of the text, in hexadecimal digits.",
        A::Text,
        &[needed("algorithm", A::Text)],
        Text,
        encode::hash,
    ),
    // Search.
    method(
        "startsWith",
        "Whether the text starts with another.",
        A::Text,
        SEARCHED,
        Boolean,
        search::starts_with,
    ),
    method(
        "endsWith",
        "Whether the text ends with another.",
        A::Text,
        SEARCHED,
        Boolean,
        search::ends_with,
    ),
    method(
        "contains",
        "Whether the text contains another.",
        A::Text,
        SEARCHED,
        Boolean,
        search::contains,
    ),
    method(
        "in",
        "Whether the text is one of several.",
        A::Text,
        &[repeated("text", A::Text)],
        Boolean,
        search::is_in,
    ),
    method(
        "find",
        "Whether a regular expression is found in the text.",
        A::Text,
        REGEX,
        Boolean,
        search::find,
    )
    .prepared_by(search::prepare_find),
    method(
        "matches",
        "Whether a regular expression matches the whole text.",
        A::Text,
        REGEX,
        Boolean,
        search::matches,
    )
    .prepared_by(search::prepare_matches),
    method(
        "indexOf",
        "Where another text first occurs, in UTF-16 units from 0; -1 where it does not.",
        A::Text,
        SEARCHED,
        WholeNumber,
        search::index_of,
    ),
    method(
        "lastIndexOf",
        "Where another text last occurs, in UTF-16 units from 0; -1 where it does not.",
        A::Text,
        SEARCHED,
        WholeNumber,
        search::last_index_of,
    ),
    // JSON.
    method("jsonPath", "What lies at a JSON path.", A::Text, PATH, Text, json::read)
        .prepared_by(json::prepare),
    method(
        "jsonPathDelete",
        "The JSON without what lies at a path.",
        A::Text,
        PATH,
        Text,
        json::delete,
    )
    .prepared_by(json::prepare),
    method(
        "jsonPathAdd",
        "The JSON with a value added to the array at a path.",
        A::Text,
        PATH_VALUE,
        Text,
        json::add,
    )
    .prepared_by(json::prepare),
    method(
        "jsonPathSet",
        "The JSON with the value at a path replaced.",
        A::Text,
        PATH_VALUE,
        Text,
        json::set,
    )
    .prepared_by(json::prepare),
    method(
        "jsonPathPut",
        "The JSON with a key put into the object at a path.",
        A::Text,
        &[needed("path", A::Text), needed("key", A::JsonValue), needed("value", A::JsonValue)],
        Text,
        json::put,
    )
    .prepared_by(json::prepare),
    // Numbers.
    method("plus", "The sum of two numbers.", A::Number, OPERAND, Number, number::plus),
    method("minus", "The difference of two numbers.", A::Number, OPERAND, Number, number::minus),
    method("multiply", "The product of two numbers.", A::Number, OPERAND, Number, number::multiply),
    method(
        "divide",
        "The quotient of two numbers; whole numbers are cut.",
        A::Number,
        OPERAND,
        Number,
        number::divide,
    ),
    method("mod", "The remainder of a division.", A::Number, OPERAND, Number, number::remainder),
    method(
        "toRadix",
        "The whole number in digits of a radix, filled with zeros to a width.",
        A::Whole,
        &[needed("radix", A::Whole), optional("width", A::Whole)],
        Text,
        number::to_radix,
    ),
    method(
        "fromRadix",
        "The whole number that the digits of a radix stand for.",
        A::Text,
        &[needed("radix", A::Whole)],
        WholeNumber,
        number::from_radix,
    ),
    method(
        "math",
        "A function of Java's Math on the number, by its name.",
        A::Number,
        &[needed("name", A::Text), optional("number", A::Number)],
        Number,
        math::math,
    ),
    // Dates.
    method("format", "The date in a format.", A::Date, FORMAT, Text, date::format)
        .prepared_by(date::prepare_early),
    method(
        "formatInstant",
        "The instant in a format.",
        A::Instant,
        &[needed("format", A::Text), needed("time zone", A::Text)],
        Text,
        date::format_instant,
    )
    .prepared_by(date::prepare_late),
    method(
        "toDate",
        "The text as a date by a format; milliseconds without one.",
        A::Text,
        &[optional("format", A::Text), optional("time zone", A::Text)],
        Date,
        date::to_date,
    )
    .prepared_by(date::prepare_early)
    .or_on_numbers(&TO_DATE),
    method(
        "toInstant",
        "The text as an instant by a format; milliseconds without one.",
        A::Text,
        &[optional("format", A::Text), optional("time zone", A::Text)],
        Instant,
        date::to_instant,
    )
    .prepared_by(date::prepare_late)
    .or_on_numbers(&TO_INSTANT),
    method(
        "plusDuration",
        "The date some time later, such as '2 weeks'.",
        A::Date,
        AMOUNT,
        Date,
        date::plus_duration,
    )
    .prepared_by(date::prepare_amount),
    method(
        "minusDuration",
        "The date some time earlier, such as '1 month'.",
        A::Date,
        AMOUNT,
        Date,
        date::minus_duration,
    )
    .prepared_by(date::prepare_amount),
    method(
        "plusInstantDuration",
        "The instant some time later, in UTC.",
        A::Instant,
        &[needed("amount", A::Text)],
        Instant,
        date::plus_instant_duration,
    )
    .prepared_by(date::prepare_amount),
    method(
        "minusInstantDuration",
        "The instant some time earlier, in UTC.",
        A::Instant,
        &[needed("amount", A::Text)],
        Instant,
        date::minus_instant_duration,
    )
    .prepared_by(date::prepare_amount),
    // Conversions.
    method("toString", "The value as text.", A::Anything, &[], Text, standalone::to_text),
    method("toNumber", "The value as a whole number.", A::Whole, &[], WholeNumber, number::same),
    method("toDecimal", "The value as a decimal number.", A::Decimal, &[], Decimal, number::same),
    method(
        "toMicros",
        "The instant in microseconds.",
        A::OnlyInstant,
        &[],
        Number,
        date::to_micros,
    ),
    method("toNanos", "The instant in nanoseconds.", A::OnlyInstant, &[], Number, date::to_nanos),
    // Without a subject.
    standalone("ip", "The address of this host.", &[], Text, standalone::ip),
    standalone(
        "hostname",
        "The name of this host; with true, the full one where there is one.",
        &[optional("full", A::Boolean)],
        Text,
        standalone::host_name,
    ),
    standalone("UUID", "A random UUID (version 4).", &[], Text, standalone::uuid),
    standalone("nextInt", "The next number of a counter.", &[], WholeNumber, standalone::next_int),
    standalone("random", "A random whole number from 0 on.", &[], WholeNumber, standalone::random),
    standalone(
        "literal",
        "The value itself, as the subject of functions.",
        &[needed("value", A::Anything)],
        Text,
        standalone::literal,
    ),
    standalone(
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
    ),
    standalone(
        "getStateValue",
        "The value of the component's state under a key.",
        &[needed("key", A::Text)],
        Text,
        standalone::state_value,
    ),
    standalone("thread", "The name of the thread that evaluates.", &[], Text, standalone::thread),
    standalone("now", "The date and time now.", &[], Date, standalone::now),
    standalone(
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
    ),
    // Many attributes.
    many("anyAttribute", "Whether the rest is true for one of the attributes.", NAMES),
    many(
        "allAttributes",
        "Whether the rest is true for all of the attributes; all of them for join and count.",
        NAMES,
    ),
    many(
        "anyMatchingAttribute",
        "Whether the rest is true for one of the attributes that match.",
        PATTERNS,
    ),
    many(
        "allMatchingAttributes",
        "Whether the rest is true for all attributes that match; all of them for join and count.",
        PATTERNS,
    ),
    many("anyDelineatedValue", "Whether the rest is true for one part of a text.", VALUES),
    many(
        "allDelineatedValues",
        "Whether the rest is true for all parts of a text; all of them for join and count.",
        VALUES,
    ),
    method(
        "join",
        "The values of many attributes, joined.",
        A::Text,
        DELIMITER,
        Text,
        listing::join,
    ),
    method(
        "count",
        "How many of many attributes have a value, or are true.",
        A::Anything,
        &[],
        WholeNumber,
        listing::count,
    ),
];
