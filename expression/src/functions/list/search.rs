//! Looking for something in a text.

use super::{A, SEARCHED, method, needed, repeated};
use crate::functions::{ArgumentSpec, FunctionSpec, search};
use crate::value::ValueType::{Boolean, WholeNumber};

const REGEX: &[ArgumentSpec] = &[needed("regular expression", A::Text)];

pub(super) static FUNCTIONS: &[FunctionSpec] = &[
    method(
        "startsWith",
        "Whether the text starts with another.",
        A::Text,
        SEARCHED,
        Boolean,
        search::starts_with,
    )
    .example("${path:startsWith('opera/')}"),
    method(
        "endsWith",
        "Whether the text ends with another.",
        A::Text,
        SEARCHED,
        Boolean,
        search::ends_with,
    )
    .example("${filename:endsWith('.flac')}"),
    method(
        "contains",
        "Whether the text contains another.",
        A::Text,
        SEARCHED,
        Boolean,
        search::contains,
    )
    .example("${title:contains('Trav')}"),
    method(
        "in",
        "Whether the text is one of several.",
        A::Text,
        &[repeated("text", A::Text)],
        Boolean,
        search::is_in,
    )
    .example("${filename:in('song.flac', 'song.mp3')}"),
    method(
        "find",
        "Whether a regular expression is found in the text.",
        A::Text,
        REGEX,
        Boolean,
        search::find,
    )
    .prepared_by(search::prepare_find)
    .example("${title:find('[A-Z]r')}"),
    method(
        "matches",
        "Whether a regular expression matches the whole text.",
        A::Text,
        REGEX,
        Boolean,
        search::matches,
    )
    .prepared_by(search::prepare_matches)
    .example(r"${filename:matches('.*\.flac')}"),
    method(
        "indexOf",
        "Where another text first occurs, in UTF-16 units from 0; -1 where it does not.",
        A::Text,
        SEARCHED,
        WholeNumber,
        search::index_of,
    )
    .example("${path:indexOf('/')}"),
    method(
        "lastIndexOf",
        "Where another text last occurs, in UTF-16 units from 0; -1 where it does not.",
        A::Text,
        SEARCHED,
        WholeNumber,
        search::last_index_of,
    )
    .example("${path:lastIndexOf('/')}"),
];
