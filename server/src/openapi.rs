//! What the interface says of itself: an `OpenAPI` document, made from the handlers and the types
//! that they answer with.
//!
//! Must never say what the routes do not do: both come from the same declarations.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response as Described, ResponseBuilder};

use crate::Limits;
use crate::guard::Site;
use crate::problem::{Members, More};
use crate::routes;
use crate::studio::WatchEvent;

#[derive(OpenApi)]
#[openapi(
    info(title = "Tutti", description = "Flows over HTTP: drawn, deployed, watched, looked into."),
    components(schemas(Members, More, WatchEvent)),
    tags(
        (name = "Health", description = "Whether it answers, and whether flows run."),
        (name = "Access", description = "Who one is."),
        (name = "Flows", description = "Which there are."),
        (name = "Drafts", description = "Flows as they are being edited."),
        (name = "Deployment", description = "Drafts become what runs."),
        (name = "Running", description = "What runs, and what it does."),
        (name = "Queues", description = "What waits: looked at, emptied, moved."),
        (name = "Trash", description = "What was thrown away, and can be brought back."),
        (name = "Provenance", description = "What happened to flowfiles."),
        (name = "Types", description = "What flows may be made of."),
    )
)]
struct Document;

/// The `OpenAPI` document of the interface, as JSON.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn openapi() -> Result<String, serde_json::Error> {
    let mut document = Document::openapi();
    // Where a server listens makes no difference to what it says of itself.
    let bound = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let site = Site { bound, hosts: Vec::new(), is_tls: false, is_proxied: false };
    let (_, routes) = routes::documented(&Arc::new(site), &Limits::default()).split_for_parts();
    document.merge(routes);
    let paths = document.paths.paths.values_mut();
    let operations = paths.flat_map(|path| {
        [&mut path.get, &mut path.put, &mut path.post, &mut path.delete, &mut path.patch]
    });
    for operation in operations.flatten() {
        add_problem(operation);
    }
    let json = document.to_pretty_json()?;
    // utoipa writes "u-int64", which is in no registry of formats.
    Ok(json.replace("\"format\": \"u-int", "\"format\": \"uint") + "\n")
}

/// Whatever is asked for, what goes wrong is told in one form.
fn add_problem(operation: &mut Operation) {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let told: Described = ResponseBuilder::new()
        .description("What went wrong.")
        .content("application/problem+json", problem)
        .build();
    operation.responses.responses.insert("default".to_owned(), RefOr::T(told));
}

/// What the interface is, as this document.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "Health",
    operation_id = "getOpenapi",
    responses((status = 200, description = "The document.", body = Object))
)]
pub(crate) async fn document() -> Response {
    static DOCUMENT: OnceLock<Bytes> = OnceLock::new();
    let made = DOCUMENT.get_or_init(|| openapi().map(Bytes::from).unwrap_or_default());
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], made.clone()).into_response()
}
