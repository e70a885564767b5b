//! What is answered where, and the limits that hold for all of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::problem::{self, Problem};
use crate::{Service, guard};

/// The longest body of a request, in bytes.
const BODY_BYTES_MAX: usize = 1 << 20;
/// How long a request may take.
const REQUEST_SECONDS_MAX: u64 = 30;

type Shared = State<Arc<dyn Service>>;

pub(crate) fn router(service: Arc<dyn Service>, bound: SocketAddr) -> Router {
    let stop = post(stop).layer(from_fn_with_state(bound, guard::same_machine));
    // The layer that is added last sees a request first.
    Router::new()
        .route("/", get(index))
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/api/v1/status", get(status))
        .route("/api/v1/flows", get(flows))
        .route("/api/v1/processor-types", get(processor_types))
        .route("/api/v1/stop", stop)
        .with_state(service)
        .layer(RequestBodyLimitLayer::new(BODY_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            Duration::from_secs(REQUEST_SECONDS_MAX),
        ))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(bound, guard::same_site))
        .layer(from_fn(problem::explain))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(CACHE_CONTROL, "no-store"))
}

fn header(
    name: axum::http::HeaderName,
    value: &'static str,
) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

async fn index() -> Json<Value> {
    Json(json!({
        "name": "tutti",
        "version": env!("CARGO_PKG_VERSION"),
        "links": {
            "live": "/health/live",
            "ready": "/health/ready",
            "status": "/api/v1/status",
            "flows": "/api/v1/flows",
            "processorTypes": "/api/v1/processor-types",
            "stop": "/api/v1/stop",
        },
    }))
}

async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

async fn ready(State(service): Shared) -> Response {
    if service.is_ready() {
        return Json(json!({ "status": "ready" })).into_response();
    }
    let detail = "the flows have not started yet, or are stopping";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).into_response()
}

async fn status(State(service): Shared) -> Json<Value> {
    Json(service.status())
}

async fn flows(State(service): Shared) -> Json<Value> {
    Json(service.flows())
}

async fn processor_types(State(service): Shared) -> Json<Value> {
    Json(service.processor_types())
}

async fn stop(State(service): Shared) -> Response {
    tracing::info!("asked to stop");
    service.stop();
    (StatusCode::ACCEPTED, Json(json!({ "status": "stopping" }))).into_response()
}
