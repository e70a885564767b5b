//! Many attributes or values at once.

use super::{A, DELIMITER, many, method, needed, repeated};
use crate::functions::{ArgumentSpec, FunctionSpec, listing};
use crate::value::ValueType::{Text, WholeNumber};

const NAMES: &[ArgumentSpec] = &[repeated("name", A::Text)];
const PATTERNS: &[ArgumentSpec] = &[repeated("pattern", A::Text)];
const VALUES: &[ArgumentSpec] = &[
    needed("text", A::Text),
    needed("delimiter", A::Text),
    ArgumentSpec { name: "ignored", optional: true, repeated: true, accepts: A::Text },
];

pub(super) static FUNCTIONS: &[FunctionSpec] = &[
    many("anyAttribute", "Whether the rest is true for one of the attributes.", NAMES)
        .example("${anyAttribute('title', 'filename'):contains('song')}"),
    many(
        "allAttributes",
        "Whether the rest is true for all of the attributes; all of them for join and count.",
        NAMES,
    )
    .example("${allAttributes('title', 'filename'):join(', ')}"),
    many(
        "anyMatchingAttribute",
        "Whether the rest is true for one of the attributes that match.",
        PATTERNS,
    )
    .example("${anyMatchingAttribute('file.*'):contains('song')}"),
    many(
        "allMatchingAttributes",
        "Whether the rest is true for all attributes that match; all of them for join and count.",
        PATTERNS,
    )
    .example("${allMatchingAttributes('t.*'):count()}"),
    many("anyDelineatedValue", "Whether the rest is true for one part of a text.", VALUES)
        .example("${anyDelineatedValue(${tags}, ','):equals('verdi')}"),
    many(
        "allDelineatedValues",
        "Whether the rest is true for all parts of a text; all of them for join and count.",
        VALUES,
    )
    .example("${allDelineatedValues('opera,verdi', ','):contains('e')}"),
    method(
        "join",
        "The values of many attributes, joined.",
        A::Text,
        DELIMITER,
        Text,
        listing::join,
    )
    .example("${allAttributes('n', 'title'):join('-')}"),
    method(
        "count",
        "How many of many attributes have a value, or are true.",
        A::Anything,
        &[],
        WholeNumber,
        listing::count,
    )
    .example("${allAttributes('n', 'missing'):count()}"),
];
