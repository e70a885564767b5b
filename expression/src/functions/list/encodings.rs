//! Texts in other forms, and digests.

use super::{A, method, needed};
use crate::functions::{ArgumentSpec, FunctionSpec, encode};
use crate::value::ValueType::Text;

const NAMESPACE: &[ArgumentSpec] = &[needed("namespace", A::Text)];

pub(super) static FUNCTIONS: &[FunctionSpec] = &[
    method(
        "escapeJson",
        "The text escaped for a JSON string.",
        A::Text,
        &[],
        Text,
        encode::escape_json,
    )
    .example("${quoted:escapeJson()}"),
    method("escapeXml", "The text escaped for XML 1.0.", A::Text, &[], Text, encode::escape_xml)
        .example("${quoted:escapeXml()}"),
    method(
        "escapeCsv",
        "The text quoted for CSV where that is needed.",
        A::Text,
        &[],
        Text,
        encode::escape_csv,
    )
    .example("${quoted:escapeCsv()}"),
    method(
        "escapeHtml3",
        "The text escaped with the entities of HTML 3.",
        A::Text,
        &[],
        Text,
        encode::escape_html3,
    )
    .example("${quoted:escapeHtml3()}"),
    method(
        "escapeHtml4",
        "The text escaped with the entities of HTML 4.",
        A::Text,
        &[],
        Text,
        encode::escape_html4,
    )
    .example("${quoted:escapeHtml4()}"),
    method("unescapeJson", "The text of a JSON string.", A::Text, &[], Text, encode::unescape_json)
        .example(r"${literal('caf\\u00e9'):unescapeJson()}"),
    method("unescapeXml", "The text of escaped XML.", A::Text, &[], Text, encode::unescape_xml)
        .example("${html:unescapeXml()}"),
    method(
        "unescapeCsv",
        "The text of a quoted CSV field.",
        A::Text,
        &[],
        Text,
        encode::unescape_csv,
    )
    .example("${literal('\"a,b\"'):unescapeCsv()}"),
    method(
        "unescapeHtml3",
        "The text of HTML 3 with its entities.",
        A::Text,
        &[],
        Text,
        encode::unescape_html3,
    )
    .example("${html:unescapeHtml3()}"),
    method(
        "unescapeHtml4",
        "The text of HTML 4 with its entities.",
        A::Text,
        &[],
        Text,
        encode::unescape_html4,
    )
    .example("${html:unescapeHtml4()}"),
    method(
        "urlEncode",
        "The text encoded for a form or a query of a URL.",
        A::Text,
        &[],
        Text,
        encode::url_encode,
    )
    .example("${title:urlEncode()}"),
    method(
        "urlDecode",
        "The text of an encoded form or query.",
        A::Text,
        &[],
        Text,
        encode::url_decode,
    )
    .example("${encoded:urlDecode()}"),
    method(
        "base64Encode",
        "The bytes of the text (UTF-8) in Base64.",
        A::Text,
        &[],
        Text,
        encode::base64_encode,
    )
    .example("${title:base64Encode()}"),
    method(
        "base64Decode",
        "The text of bytes in Base64 (UTF-8).",
        A::Text,
        &[],
        Text,
        encode::base64_decode,
    )
    .example("${literal('TGEgVHJhdmlhdGE='):base64Decode()}"),
    method(
        "UUID3",
        "The UUID of version 3 (MD5) of the text in a namespace.",
        A::Text,
        NAMESPACE,
        Text,
        encode::uuid3,
    )
    .example("${filename:UUID3('6ba7b810-9dad-11d1-80b4-00c04fd430c8')}"),
    method(
        "UUID5",
        "The UUID of version 5 (SHA-1) of the text in a namespace.",
        A::Text,
        NAMESPACE,
        Text,
        encode::uuid5,
    )
    .example("${filename:UUID5('6ba7b810-9dad-11d1-80b4-00c04fd430c8')}"),
    method(
        "hash",
        "The hash of the text, in hexadecimal digits.",
        A::Text,
        &[needed("algorithm", A::Text)],
        Text,
        encode::hash,
    )
    .example("${filename:hash('SHA-256')}"),
];
