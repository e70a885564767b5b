//! What there is at all, whether it answers, whether flows run, and their end.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tutti_runtime::{EngineState, NotStarted};
use utoipa::ToSchema;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use super::App;
use crate::access::Caller;
use crate::guard::{self, Site};
use crate::problem::{Code, Problem};

pub(super) fn router(site: &Arc<Site>) -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(index))
        .routes(routes!(live))
        .routes(routes!(ready))
        .routes(routes!(stop).layer(from_fn_with_state(Arc::clone(site), guard::same_machine)))
}

/// What there is for programs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiIndex)]
pub(super) struct Index {
    /// `tutti`.
    #[schema(value_type = String)]
    name: &'static str,
    /// The version of the program.
    #[schema(value_type = String)]
    version: &'static str,
    /// Where to go on.
    #[schema(value_type = BTreeMap<String, String>)]
    links: BTreeMap<&'static str, &'static str>,
}

/// What there is for programs.
#[utoipa::path(
    get,
    path = "/api/v1",
    tag = "Health",
    operation_id = "getIndex",
    responses((status = 200, description = "Links.", body = Index))
)]
pub(super) async fn index() -> Json<Index> {
    let links = BTreeMap::from([
        ("live", "/health/live"),
        ("ready", "/health/ready"),
        ("status", "/api/v1/status"),
        ("flows", "/api/v1/flows"),
        ("events", "/api/v1/events"),
        ("provenance", "/api/v1/provenance"),
        ("processorTypes", "/api/v1/processor-types"),
        ("serviceTypes", "/api/v1/service-types"),
        ("flowSchema", "/api/v1/flow-schema"),
        ("expressionFunctions", "/api/v1/expression-functions"),
        ("openapi", "/api/v1/openapi.json"),
        ("stop", "/api/v1/stop"),
    ]);
    Json(Index { name: "tutti", version: env!("CARGO_PKG_VERSION"), links })
}

/// How it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Health)]
struct Told {
    /// `live`, `ready` or `stopping`.
    #[schema(value_type = String)]
    status: &'static str,
}

/// Whether the process answers.
#[utoipa::path(
    get,
    path = "/health/live",
    tag = "Health",
    operation_id = "live",
    responses((status = 200, description = "It does.", body = Told))
)]
async fn live() -> Json<Told> {
    Json(Told { status: "live" })
}

/// Whether flows run, and why not.
#[utoipa::path(
    get,
    path = "/health/ready",
    tag = "Health",
    operation_id = "ready",
    extensions(("x-problems" = json!([Code::NotReady]))),
    responses((status = 200, description = "They do.", body = Told))
)]
async fn ready(State(app): State<App>, caller: Caller) -> Response {
    let not_started = app.engine.not_started();
    let detail = match app.engine.state() {
        EngineState::Running if not_started.is_empty() => {
            return Json(Told { status: "ready" }).into_response();
        }
        EngineState::Running if caller.role.is_none() => {
            "something could not be started yet: log in to see what".to_owned()
        }
        EngineState::Running => waiting(&not_started),
        EngineState::Starting => "the flows have not started yet".to_owned(),
        EngineState::Stopping => "the flows are stopping".to_owned(),
    };
    Problem::new(Code::NotReady, detail).into_response()
}

/// How many of them are told of.
const NOT_STARTED_MAX: usize = 10;

/// Which services and processors are not ready, and why.
fn waiting(not_started: &[NotStarted]) -> String {
    let failed = not_started.iter().filter_map(|each| Some((each, each.reason.as_ref()?)));
    let count = failed.clone().count();
    if count == 0 {
        let (services, processors): (Vec<_>, Vec<_>) =
            not_started.iter().partition(|each| each.what == "service");
        let named = services.iter().take(NOT_STARTED_MAX);
        let named: Vec<String> = named.map(|each| format!("\"{}\"", each.path)).collect();
        return match (services.len(), processors.len()) {
            (0, some) => format!("processors are being started: {some}"),
            (some, 0) => format!("services are being enabled: {some}, {}", named.join(", ")),
            (some, others) => format!(
                "services are being enabled: {some}, {}; processors are being started: {others}",
                named.join(", ")
            ),
        };
    }
    let told = failed.take(NOT_STARTED_MAX).map(|(each, why)| match each.what {
        "processor" => format!("\"{}\": {why}", each.path),
        what => format!("{what} \"{}\": {why}", each.path),
    });
    let told = told.collect::<Vec<_>>().join("; ");
    let more = match count.saturating_sub(NOT_STARTED_MAX) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    format!("processors could not be started, which is tried again: {told}{more}")
}

/// Stops cleanly; only from this machine.
#[utoipa::path(
    post,
    path = "/api/v1/stop",
    tag = "Running",
    operation_id = "stop",
    extensions(("x-problems" = json!([Code::NotHere]))),
    responses((status = 202, description = "It stops.", body = Told))
)]
async fn stop(State(app): State<App>) -> Response {
    tracing::info!("asked to stop");
    app.engine.stop();
    (StatusCode::ACCEPTED, Json(Told { status: "stopping" })).into_response()
}
