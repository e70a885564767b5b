//! Errors as `application/problem+json` (RFC 9457), whoever made them: handlers, the router, a
//! limit, or a panic.

use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tutti_editing::Conflict;
use tutti_model::diagnostic::Diagnostic;
use tutti_runtime::LeftOver;
use utoipa::ToSchema;

use crate::access::Role;

mod code;
mod page;

pub(crate) use code::{Code, Facts};
pub use page::problems;

/// How many characters of a path are told in an answer.
const PATH_MAX: usize = 200;

const MEDIA_TYPE: &str = "application/problem+json";

/// An error as a client reads it.
#[derive(Debug)]
pub(crate) struct Problem(Box<Members>);

/// What went wrong, for people and programs (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Members {
    /// Where the manual of this server speaks of it.
    #[serde(rename = "type")]
    kind: String,
    /// What it is called.
    #[schema(value_type = String)]
    title: &'static str,
    /// The status of HTTP.
    status: u16,
    /// What went wrong, and where.
    detail: String,
    /// What a program is to do about it depends on this.
    code: Code,
    /// What to do.
    help: String,
    #[serde(flatten)]
    more: More,
    /// After how many seconds it may be tried again.
    #[serde(skip)]
    retry_after: Option<u64>,
}

/// What else is known.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProblemDetails)]
pub(crate) struct More {
    /// Changes that would overwrite what others have set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) conflicts: Option<Vec<Conflict>>,
    /// What is wrong with a flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) findings: Option<Vec<Diagnostic>>,
    /// Connections whose queues are not empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) left_over: Option<Vec<LeftOver>>,
    /// Processors that are at work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) processors: Option<Vec<String>>,
    /// The revision that is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revision: Option<u64>,
    /// A file of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// Each reason, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) errors: Option<Vec<String>>,
    /// The role that is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) needs: Option<Role>,
}

impl Problem {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        let facts = code.facts();
        Self(Box::new(Members {
            kind: code.address(),
            title: facts.title,
            status: facts.status.as_u16(),
            detail: detail.into(),
            code,
            help: facts.fix.to_owned(),
            more: More::default(),
            retry_after: None,
        }))
    }

    /// Says it in other words.
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = detail.into();
        self
    }

    /// Says more of what to do than holds whenever there is this code.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = help.into();
        self
    }

    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    pub(crate) fn with(mut self, more: More) -> Self {
        self.0.more = more;
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.0.code.facts().status;
        let retry_after = self.0.retry_after;
        let mut response = (status, axum::Json(self.0)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"tutti\"");
            headers.insert(WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

/// Gives every error response that is not a problem yet a body that is.
pub(crate) async fn explain(request: Request, next: Next) -> Response {
    let path = shown(request.uri().path());
    let method = request.method().clone();
    let response = next.run(request).await;
    let status = response.status();
    if method == Method::OPTIONS && status == StatusCode::METHOD_NOT_ALLOWED {
        // What the resource takes is told by the router, in the header "allow".
        return StatusCode::NO_CONTENT.into_response();
    }
    let is_problem = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes() == MEDIA_TYPE.as_bytes());
    if is_problem || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let code = Code::of(status);
    let detail = match code {
        Code::NoAddress => format!("there is nothing at \"{path}\""),
        Code::Method => format!("\"{path}\" does not take {method}"),
        Code::BodyTooLarge => "the body of the request is too large".to_owned(),
        Code::Slow => "the request took too long".to_owned(),
        Code::Path => format!("\"{path}\" cannot be read"),
        _ => "the server failed on this request: its log says why".to_owned(),
    };
    Problem::new(code, detail).into_response()
}

/// The path as an answer tells it: whatever is asked for, an answer stays short.
fn shown(path: &str) -> String {
    let mut shown: String = path.chars().take(PATH_MAX).collect();
    if shown.len() < path.len() {
        shown.push('…');
    }
    shown
}
