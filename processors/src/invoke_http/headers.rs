//! The headers of a request.

use reqwest::header::{
    AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderName, PROXY_AUTHORIZATION,
    USER_AGENT,
};
use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::{ProcessError, Session};

use super::InvokeHttpProperties;
use super::target::Target;
use crate::http::headers::{self, value};

/// What the request is sent by, unless the flow says so.
const AGENT: &str = concat!("Tutti/", env!("CARGO_PKG_VERSION"));
/// The type of content that has none.
const UNKNOWN: &str = "application/octet-stream";
/// What is only for whom the flow means.
const SECRET: [HeaderName; 3] = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION];

/// The headers of a request to whom the flow means.
pub(super) fn of(
    properties: &InvokeHttpProperties,
    session: &Session,
    flowfile: &FlowFile,
) -> Result<HeaderMap, ProcessError> {
    let mut headers = HeaderMap::new();
    let agent = match &properties.user_agent {
        Some(agent) => agent.evaluate(session, flowfile)?,
        None => String::new(),
    };
    let agent = if agent.is_empty() { AGENT } else { &agent };
    headers.insert(USER_AGENT, value("user-agent", agent)?);
    let content_type = match &properties.content_type {
        Some(content_type) => content_type.evaluate(session, flowfile)?,
        None => String::new(),
    };
    let content_type = if content_type.is_empty() { UNKNOWN } else { &content_type };
    headers.insert(CONTENT_TYPE, value("content-type", content_type)?);
    if let Some(pattern) = &properties.request_header_attributes_pattern {
        let property = "Request Header Attributes Pattern";
        headers::add_attributes(&mut headers, flowfile, pattern, property)?;
    }
    headers::add_properties(&mut headers, &properties.headers, session, flowfile)?;
    Ok(headers)
}

/// Leaves out what is not for `target`.
pub(super) fn reduce(headers: &mut HeaderMap, target: &Target) {
    if !target.has_body {
        headers.remove(CONTENT_TYPE);
    }
    if !target.is_own {
        headers.remove(HOST);
        for name in &SECRET {
            headers.remove(name);
        }
    }
}
