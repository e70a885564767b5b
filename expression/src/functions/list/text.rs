//! Texts and lists in them.

use super::{A, DELIMITER, SEARCHED, method, needed, optional};
use crate::functions::{ArgumentSpec, FunctionSpec, listing, search, text};
use crate::value::ValueType::{Text, WholeNumber};

const PADDING: &[ArgumentSpec] = &[needed("length", A::Whole), optional("padding", A::Text)];

pub(super) static FUNCTIONS: &[FunctionSpec] = &[
    method("toUpper", "The text in upper case.", A::Text, &[], Text, text::to_upper)
        .example("${filename:toUpper()}"),
    method("toLower", "The text in lower case.", A::Text, &[], Text, text::to_lower)
        .example("${title:toLower()}"),
    method("trim", "The text without white space at its ends.", A::Text, &[], Text, text::trimmed)
        .example("${padded:trim()}"),
    method(
        "substring",
        "The text from one index to before another, in UTF-16 units from 0.",
        A::Text,
        &[needed("start", A::Whole), optional("end", A::Whole)],
        Text,
        text::substring,
    )
    .example("${filename:substring(0, 4)}"),
    method(
        "substringBefore",
        "The text before the first occurrence of another.",
        A::Text,
        SEARCHED,
        Text,
        text::substring_before,
    )
    .example("${filename:substringBefore('.')}"),
    method(
        "substringBeforeLast",
        "The text before the last occurrence of another.",
        A::Text,
        SEARCHED,
        Text,
        text::substring_before_last,
    )
    .example("${path:substringBeforeLast('/')}"),
    method(
        "substringAfter",
        "The text after the first occurrence of another.",
        A::Text,
        SEARCHED,
        Text,
        text::substring_after,
    )
    .example("${path:substringAfter('/')}"),
    method(
        "substringAfterLast",
        "The text after the last occurrence of another.",
        A::Text,
        SEARCHED,
        Text,
        text::substring_after_last,
    )
    .example("${filename:substringAfterLast('.')}"),
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
    )
    .example("${tags:getDelimitedField(2)}"),
    method("append", "The text followed by another.", A::Text, SEARCHED, Text, text::append)
        .example("${filename:append('.json')}"),
    method("prepend", "The text preceded by another.", A::Text, SEARCHED, Text, text::prepend)
        .example("${filename:prepend('a-')}"),
    method(
        "replace",
        "The text with every occurrence of another replaced.",
        A::Text,
        &[needed("text", A::Text), needed("replacement", A::Text)],
        Text,
        text::replace,
    )
    .example("${title:replace(' ', '_')}"),
    method(
        "replaceFirst",
        "The text with the first match of a regular expression replaced.",
        A::Text,
        &[needed("regular expression", A::Text), needed("replacement", A::Text)],
        Text,
        search::replace_first,
    )
    .prepared_by(search::prepare_late)
    .example("${title:replaceFirst('[aA]', 'o')}"),
    method(
        "replaceAll",
        "The text with every match of a regular expression replaced.",
        A::Text,
        &[needed("regular expression", A::Text), needed("replacement", A::Text)],
        Text,
        search::replace_all,
    )
    .prepared_by(search::prepare_late)
    .example(r"${title:replaceAll('(\w+) (\w+)', '$2, $1')}"),
    method(
        "replaceNull",
        "The value, or a text where there is none.",
        A::Text,
        SEARCHED,
        Text,
        text::replace_null,
    )
    .example("${missing:replaceNull('unknown')}"),
    method(
        "replaceEmpty",
        "The value, or a text where there is none or only white space.",
        A::Text,
        SEARCHED,
        Text,
        text::replace_empty,
    )
    .example("${empty:replaceEmpty('none')}"),
    method(
        "replaceByPattern",
        "The replacement of the first pattern that matches, of a list 'pattern:replacement,...'.",
        A::Text,
        &[needed("mapping", A::Text)],
        Text,
        search::replace_by_pattern,
    )
    .prepared_by(search::prepare_mapping)
    .example(r"${filename:replaceByPattern('.*\.flac:lossless,.*\.mp3:lossy')}"),
    method(
        "length",
        "The length of the text in UTF-16 units.",
        A::Text,
        &[],
        WholeNumber,
        text::length,
    )
    .example("${title:length()}"),
    method(
        "repeat",
        "The text repeated; a random number of times between two counts.",
        A::Text,
        &[needed("count", A::Whole), optional("greatest count", A::Whole)],
        Text,
        text::repeat,
    )
    .example("${n:repeat(2)}"),
    method(
        "padLeft",
        "The text filled on its left to a length.",
        A::Text,
        PADDING,
        Text,
        text::pad_left,
    )
    .example("${n:padLeft(5, '0')}"),
    method(
        "padRight",
        "The text filled on its right to a length.",
        A::Text,
        PADDING,
        Text,
        text::pad_right,
    )
    .example("${n:padRight(5, '.')}"),
    method(
        "unique",
        "The parts of a delimited text without repetitions.",
        A::Text,
        DELIMITER,
        Text,
        listing::unique,
    )
    .example("${tags:unique(',')}"),
    method(
        "compactDelimitedList",
        "The parts of a delimited text without the empty ones.",
        A::Text,
        DELIMITER,
        Text,
        listing::compact,
    )
    .example("${tags:compactDelimitedList(',')}"),
    method(
        "trimDelimitedList",
        "The parts of a delimited text without the empty ones at its ends.",
        A::Text,
        DELIMITER,
        Text,
        listing::trim_list,
    )
    .example("${literal(',,a,b,'):trimDelimitedList(',')}"),
];
