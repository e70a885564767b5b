//! The canvas: a page and its files, for browsers.
//!
//! The page runs nothing but its own scripts, and talks to nobody but this server.

use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tutti_web_ui::Asset;

use super::health::index;

const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; \
                      object-src 'none'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// The page for a browser, and what the interface has for a program.
pub(super) async fn root(headers: HeaderMap) -> Response {
    let accepts = headers.get_all(ACCEPT).iter().filter_map(|accepts| accepts.to_str().ok());
    let is_browser = accepts.flat_map(|accepts| accepts.split(',')).any(|one| {
        let kind = one.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("text/html")
    });
    let page = is_browser.then(|| tutti_web_ui::asset("/")).flatten();
    let mut response = match page {
        Some(page) => sent(page),
        None => index().await.into_response(),
    };
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    response
}

/// A file of the page.
pub(super) async fn file(method: Method, uri: Uri) -> Response {
    let is_read = matches!(method, Method::GET | Method::HEAD);
    let found = is_read.then(|| tutti_web_ui::asset(uri.path())).flatten();
    found.map_or_else(|| StatusCode::NOT_FOUND.into_response(), sent)
}

fn sent(asset: Asset) -> Response {
    let Asset { bytes, content_type, is_immutable } = asset;
    let kept = if is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, kept),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (headers.map(|(name, value)| (name, HeaderValue::from_static(value))), bytes).into_response()
}
