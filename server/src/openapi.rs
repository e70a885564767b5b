//! What the interface says of itself: an `OpenAPI` document, made from the handlers and the types
//! that they answer with.
//!
//! Must never say what the routes do not do: both come from the same declarations.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde_json::Value;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{
    AllOfBuilder, ContentBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Schema,
};

use crate::Limits;
use crate::access::route_roles;
use crate::guard::Site;
use crate::problem::{Code, Facts, Members, More, Problem};
use crate::routes;
use crate::studio::WatchEvent;

/// Where an operation names the problems that are its own.
const PROBLEMS: &str = "x-problems";

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
    // Many operations come to the same: what is said of it stands once.
    let mut shared = BTreeMap::new();
    for (path, item) in &mut document.paths.paths {
        let operations = [
            ("GET", &mut item.get),
            ("PUT", &mut item.put),
            ("POST", &mut item.post),
            ("DELETE", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                describe_problems(method, path, operation, &mut shared);
            }
        }
    }
    let responses = shared.into_iter().map(|(name, response)| (name, RefOr::T(response)));
    document.components.get_or_insert_default().responses.extend(responses);
    let json = document.to_pretty_json()?;
    // utoipa writes "u-int64", which is in no registry of formats.
    Ok(json.replace("\"format\": \"u-int", "\"format\": \"uint") + "\n")
}

/// What any request can come to.
const ALWAYS: [Code; 7] = [
    Code::BodyTooLarge,
    Code::Header,
    Code::Host,
    Code::Internal,
    Code::Origin,
    Code::Slow,
    Code::TooMany,
];

/// Says what goes wrong with an operation, by the status: what it names itself, and what comes of
/// its being a request, with an address, a query, a body, and somebody who sends it.
fn describe_problems(
    method: &str,
    path: &str,
    operation: &mut Operation,
    shared: &mut BTreeMap<String, Response>,
) {
    // What is said of each status has it, with what comes from elsewhere.
    let own = operation.extensions.as_mut().and_then(|own| own.remove(PROBLEMS));
    let own = own.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
    operation.extensions = operation.extensions.take().filter(|rest| !rest.is_empty());
    let takes = |place: ParameterIn| {
        let mut parameters = operation.parameters.iter().flatten();
        parameters.any(|each| matches!(each, RefOr::T(each) if each.parameter_in == place))
    };
    let is_read = has_schema(operation);
    let needs_role = route_roles()
        .any(|route| matches!(route, (needs, of, Some(_)) if (needs, of) == (method, path)));
    let codes = Code::ALL.iter().filter(|code| {
        let is_own = own.iter().any(|one| one == code.facts().name);
        is_own
            || ALWAYS.contains(code)
            || match code {
                Code::Path => takes(ParameterIn::Path),
                Code::Query => takes(ParameterIn::Query),
                Code::Body | Code::NotJson | Code::MediaType => is_read,
                Code::Login | Code::Role => needs_role,
                Code::Request => method != "GET",
                _ => false,
            }
    });
    let mut told: BTreeMap<u16, Vec<Facts>> = BTreeMap::new();
    for facts in codes.map(|code| code.facts()) {
        told.entry(facts.status.as_u16()).or_default().push(facts);
    }
    for (status, codes) in told {
        let lines: Vec<String> =
            codes.iter().map(|facts| format!("`{}`: {}.", facts.name, facts.title)).collect();
        // Whoever holds answers against this document holds their codes against it, too.
        let names = codes.iter().map(|facts| facts.name);
        let code = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names));
        let schema = AllOfBuilder::new()
            .item(Ref::from_schema_name("Problem"))
            .item(ObjectBuilder::new().property("code", code));
        let problem = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new()
            .description(lines.join(" "))
            .content("application/problem+json", problem)
            .build();
        let names: Vec<&str> = codes.iter().map(|facts| facts.name).collect();
        let name = format!("{status}.{}", names.join("."));
        let told = RefOr::Ref(Ref::from_response_name(&name));
        operation.responses.responses.insert(status.to_string(), told);
        shared.insert(name, response);
    }
}

/// Whether the body is held to a schema; a flow as its file has it is read as files are.
fn has_schema(operation: &Operation) -> bool {
    let Some(RefOr::T(body)) = &operation.request_body else { return false };
    let json = body.content.get("application/json");
    match json {
        Some(RefOr::T(json)) => !matches!(json.schema, Some(RefOr::T(Schema::Object(_)))),
        Some(RefOr::Ref(_)) => true,
        None => false,
    }
}

/// What the interface is, as this document.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "Health",
    operation_id = "getOpenapi",
    responses((status = 200, description = "The document.", body = Object))
)]
pub(crate) async fn document() -> axum::response::Response {
    static DOCUMENT: OnceLock<Bytes> = OnceLock::new();
    let made = DOCUMENT.get_or_init(|| openapi().map(Bytes::from).unwrap_or_default());
    if made.is_empty() {
        let detail = "the description of the interface cannot be made, which is a bug";
        return Problem::new(Code::Internal, detail).into_response();
    }
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], made.clone()).into_response()
}
