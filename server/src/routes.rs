//! What is answered where, and the limits that hold for all of it.

mod drafts;
mod events;
mod flows;
mod page;
mod provenance;
mod queues;
mod run_up_to;
mod running;
mod trash;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, FromRef, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tutti_runtime::{EngineState, NotStarted};

use crate::look::Looks;
use crate::problem::{self, Problem};
use crate::{Limits, Service, Studio, guard};

pub(crate) use events::tell_status;
pub(crate) use trash::expire as expire_trash;

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// What requests are answered from.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) looks: Looks,
    /// The same for what changes a draft, which waits for its disk.
    pub(crate) edits: Looks,
    /// The same for what scans a log.
    pub(crate) searches: Looks,
    pub(crate) studio: Arc<Studio>,
    /// How long something lies in the trash.
    pub(crate) trash_max: Duration,
    /// The server ends: what has no end of its own ends now.
    pub(crate) ending: CancellationToken,
}

impl FromRef<App> for Looks {
    fn from_ref(app: &App) -> Self {
        app.looks.clone()
    }
}

type Shared = State<Looks>;

pub(crate) fn router(app: App, bound: SocketAddr, limits: &Limits) -> Router {
    let stop = post(stop).layer(from_fn_with_state(bound, guard::same_machine));
    // The layer that is added last sees a request first.
    Router::new()
        .route("/", get(page::root))
        .route("/api/v1", get(async || index()))
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/api/v1/status", get(status))
        .route("/api/v1/processor-types", get(processor_types))
        .route("/api/v1/service-types", get(service_types))
        .route("/api/v1/stop", stop)
        .merge(flows::router())
        .merge(drafts::router())
        .merge(running::router())
        .merge(queues::router())
        .merge(trash::router())
        .merge(provenance::router())
        .merge(events::router())
        .fallback(page::file)
        .with_state(app)
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(limits.body_bytes_max))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, limits.request_max))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(bound, guard::same_site))
        .layer(from_fn(problem::explain))
        .layer(header(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"))
        .layer(unless_said(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(unless_said(CACHE_CONTROL, "no-store"))
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// As [`header`], where the answer says nothing else.
fn unless_said(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// What there is for programs.
fn index() -> Json<Value> {
    Json(json!({
        "name": "tutti",
        "version": env!("CARGO_PKG_VERSION"),
        "links": {
            "live": "/health/live",
            "ready": "/health/ready",
            "status": "/api/v1/status",
            "flows": "/api/v1/flows",
            "events": "/api/v1/events",
            "provenance": "/api/v1/provenance",
            "processorTypes": "/api/v1/processor-types",
            "serviceTypes": "/api/v1/service-types",
            "stop": "/api/v1/stop",
        },
    }))
}

async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

async fn ready(State(looks): Shared) -> Response {
    let not_started = looks.service().not_started();
    let detail = match looks.service().state() {
        EngineState::Running if not_started.is_empty() => {
            return Json(json!({ "status": "ready" })).into_response();
        }
        EngineState::Running => waiting(&not_started),
        EngineState::Starting => "the flows have not started yet".to_owned(),
        EngineState::Stopping => "the flows are stopping".to_owned(),
    };
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).into_response()
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

async fn status(State(looks): Shared) -> Response {
    looks.answer(<dyn Service>::status).await
}

async fn processor_types(State(looks): Shared) -> Response {
    looks.answer(<dyn Service>::processor_types).await
}

async fn service_types(State(looks): Shared) -> Response {
    looks.answer(<dyn Service>::service_types).await
}

async fn stop(State(looks): Shared) -> Response {
    tracing::info!("asked to stop");
    looks.service().stop();
    (StatusCode::ACCEPTED, Json(json!({ "status": "stopping" }))).into_response()
}

/// What is said when a path names a flow that there is not.
fn no_flow(name: &str) -> Problem {
    let name: String = name.chars().take(200).collect();
    let detail = format!("no flow \"{name}\" is served, or it does not run yet");
    Problem::new(StatusCode::NOT_FOUND, detail)
        .code("noFlowOfThatName")
        .help("\"/api/v1/flows\" lists the flows")
}

/// What is said of a body that is not what is wanted.
fn wrong_body(rejection: &JsonRejection) -> Problem {
    Problem::new(rejection.status(), rejection.body_text()).code("body")
}

/// What is said of a query that is not what is wanted.
fn wrong_query(rejection: &QueryRejection) -> Problem {
    Problem::new(rejection.status(), rejection.body_text()).code("query")
}
