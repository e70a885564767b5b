//! `/api/v1/processor-types` and what else flows may be made of.

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use tutti_model::spec::{ProcessorSpec, ServiceSpec};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use crate::Service;
use crate::answer::json;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(processor_types))
        .routes(routes!(service_types))
        .routes(routes!(flow_schema))
}

/// What flows may be made of.
#[utoipa::path(
    get,
    path = "/api/v1/processor-types",
    tag = "Types",
    operation_id = "listProcessorTypes",
    responses((status = 200, description = "All types of processors.", body = Vec<ProcessorSpec>))
)]
async fn processor_types(State(app): State<App>) -> Response {
    app.seen(<dyn Service>::processor_types).await
}

/// The services that processors may use.
#[utoipa::path(
    get,
    path = "/api/v1/service-types",
    tag = "Types",
    operation_id = "listServiceTypes",
    responses((status = 200, description = "All types of services.", body = Vec<ServiceSpec>))
)]
async fn service_types(State(app): State<App>) -> Response {
    app.seen(<dyn Service>::service_types).await
}

/// What a flow's file may say, as JSON Schema: the properties of each type, what they may be, and
/// what they are for.
///
/// For completion and checks in editors, and for whoever makes flows by program. Names, connections
/// and expressions are checked only by the plan of a flow.
#[utoipa::path(
    get,
    path = "/api/v1/flow-schema",
    tag = "Types",
    operation_id = "getFlowSchema",
    responses((status = 200, description = "The schema, of draft 2020-12.", body = Object,
        content_type = "application/schema+json"))
)]
async fn flow_schema(State(app): State<App>) -> Response {
    let studio = app.studio;
    let made = app.looks.done(move || json(&studio.flow_schema())).await;
    let mut response = made.unwrap_or_else(IntoResponse::into_response);
    if response.status().is_success() {
        let kind = HeaderValue::from_static("application/schema+json");
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    response
}
