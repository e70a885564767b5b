//! What a handler says, as an answer.

use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use serde::Serialize;

use crate::problem::{Code, Problem};

/// What stands percent-encoded where names are parts of addresses and of headers.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// An answer in JSON.
pub(crate) fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(json) => {
            let kind = HeaderValue::from_static("application/json");
            ([(CONTENT_TYPE, kind)], Bytes::from(json)).into_response()
        }
        Err(error) => failed(&error).into_response(),
    }
}

/// What is said when the server itself is wrong; what was wrong is in its log.
pub(crate) fn failed(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!("the server failed on a request, which is a bug: {error}");
    let detail = "the server failed on this request: its log says why";
    Problem::new(Code::Internal, detail)
}
