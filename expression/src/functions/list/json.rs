//! Values in JSON.

use super::{A, method, needed};
use crate::functions::{ArgumentSpec, FunctionSpec, json};
use crate::value::ValueType::Text;

const PATH: &[ArgumentSpec] = &[needed("path", A::Text)];
const PATH_VALUE: &[ArgumentSpec] = &[needed("path", A::Text), needed("value", A::JsonValue)];

pub(super) static FUNCTIONS: &[FunctionSpec] = &[
    method("jsonPath", "What lies at a JSON path.", A::Text, PATH, Text, json::read)
        .prepared_by(json::prepare)
        .example("${json:jsonPath('$.bpm')}"),
    method(
        "jsonPathDelete",
        "The JSON without what lies at a path.",
        A::Text,
        PATH,
        Text,
        json::delete,
    )
    .prepared_by(json::prepare)
    .example("${json:jsonPathDelete('$.keys')}"),
    method(
        "jsonPathAdd",
        "The JSON with a value added to the array at a path.",
        A::Text,
        PATH_VALUE,
        Text,
        json::add,
    )
    .prepared_by(json::prepare)
    .example("${json:jsonPathAdd('$.keys', 'B')}"),
    method(
        "jsonPathSet",
        "The JSON with the value at a path replaced.",
        A::Text,
        PATH_VALUE,
        Text,
        json::set,
    )
    .prepared_by(json::prepare)
    .example("${json:jsonPathSet('$.bpm', 64)}"),
    method(
        "jsonPathPut",
        "The JSON with a key put into the object at a path.",
        A::Text,
        &[needed("path", A::Text), needed("key", A::JsonValue), needed("value", A::JsonValue)],
        Text,
        json::put,
    )
    .prepared_by(json::prepare)
    .example("${json:jsonPathPut('$', 'mode', 'major')}"),
];
