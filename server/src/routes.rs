//! What is answered where, and the limits that hold for all of it.

mod content;
mod deployment;
mod drafts;
mod events;
mod expressions;
mod flows;
mod history;
mod page;
mod provenance;
mod queues;
mod running;
mod session;
mod state;
mod tables;
mod trash;
mod verify;
mod views;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use parking_lot::Mutex;
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tutti_model::spec::{ProcessorSpec, ServiceSpec};
use tutti_runtime::{EngineState, Flow, NotStarted};
use utoipa::ToSchema;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::access::{self, Access, Buckets, Caller};
use crate::answer::json;
use crate::guard::Site;
use crate::metrics::Metrics;
use crate::places::Places;
use crate::problem::{self, Code, Problem};
use crate::studio::{NoDraft, UnknownValues};
use crate::views::Views;
use crate::{EngineStatus, Limits, Service, Studio, TableProgram, guard, openapi};

pub(crate) use events::tell_status;
pub(crate) use history::keep_history;

/// How long an answer may take that tries out what lies outside.
const VERIFY_MAX: Duration = Duration::from_secs(30);

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

/// What requests are answered from.
#[derive(Clone)]
pub(crate) struct App {
    /// What runs.
    pub(crate) engine: Arc<dyn Service>,
    /// Where one looks at it.
    pub(crate) looks: Places,
    /// The same for what changes a draft, which waits for its disk.
    pub(crate) edits: Places,
    /// The same for plans.
    pub(crate) plans: Places,
    /// The same for what scans a log.
    pub(crate) searches: Places,
    /// The same for passwords, which cost much.
    pub(crate) logins: Places,
    /// The same for what is seen of content, which may have to be decoded.
    pub(crate) views: Views,
    /// What reads tables that need a process of their own.
    pub(crate) table_program: Arc<TableProgram>,
    /// The same for expressions that are tried.
    pub(crate) trials: Places,
    /// Places to try out processors in.
    pub(crate) verifications: Arc<Semaphore>,
    pub(crate) studio: Arc<Studio>,
    /// What flows did lately.
    pub(crate) metrics: Arc<Mutex<Metrics>>,
    pub(crate) access: Arc<Access>,
    pub(crate) site: Arc<Site>,
    /// The server ends: what has no end of its own ends now.
    pub(crate) ending: CancellationToken,
}

impl App {
    /// Answers with what `look` sees of the engine.
    async fn seen<T: Serialize>(
        &self,
        look: impl FnOnce(&dyn Service) -> T + Send + 'static,
    ) -> Response {
        let engine = Arc::clone(&self.engine);
        self.looks.work(move || Ok(json(&look(&*engine)))).await
    }
}

pub(crate) fn router(app: App, limits: &Limits) -> Router {
    let (site, access) = (Arc::clone(&app.site), Arc::clone(&app.access));
    let (documented, _) = documented(&site, limits).split_for_parts();
    let each = Duration::from_secs(1) / limits.requests_per_second.max(1);
    let burst = limits.requests_per_second.saturating_mul(2);
    let requests = Arc::new(Buckets::new(burst, each));
    // The layer that is added last sees a request first.
    Router::new()
        .route("/", get(page::root))
        .fallback(page::file)
        .layer(within(limits.request_max))
        .merge(documented)
        .with_state(app)
        .layer(from_fn_with_state(access, access::gate))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(limits.body_bytes_max))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(site, guard::same_site))
        .layer(from_fn_with_state(requests, access::limit))
        .layer(from_fn(problem::explain))
        .layer(header(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"))
        .layer(unless_said(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(unless_said(CACHE_CONTROL, "no-store"))
}

/// What programs may ask for, with what there is to say about it.
pub(crate) fn documented(site: &Arc<Site>, limits: &Limits) -> OpenApiRouter<App> {
    // What decodes a recording may take longer than what looks at the engine.
    let views = views::router().merge(tables::router());
    let views = views.layer(within(limits.view_max + limits.request_max));
    OpenApiRouter::new()
        .routes(routes!(index))
        .routes(routes!(openapi::document))
        .routes(routes!(live))
        .routes(routes!(ready))
        .routes(routes!(status))
        .routes(routes!(processor_types))
        .routes(routes!(service_types))
        .routes(routes!(flow_schema))
        .routes(routes!(stop).layer(from_fn_with_state(Arc::clone(site), guard::same_machine)))
        .merge(flows::router())
        .merge(drafts::router())
        .merge(deployment::router())
        .merge(running::router())
        .merge(history::router())
        .merge(queues::router())
        .merge(content::router())
        .merge(state::router())
        .merge(trash::router())
        .merge(expressions::router())
        .merge(provenance::router())
        .merge(events::router())
        .merge(session::router())
        .layer(within(limits.request_max))
        .merge(verify::router().layer(within(VERIFY_MAX)))
        .merge(views)
}

fn within(limit: Duration) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, limit)
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// As [`header`], where the answer says nothing else.
fn unless_said(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// What there is for programs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiIndex)]
struct Index {
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
async fn index() -> Json<Index> {
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

/// The engine at one moment.
#[utoipa::path(
    get,
    path = "/api/v1/status",
    tag = "Running",
    operation_id = "getStatus",
    responses((status = 200, description = "Its figures.", body = EngineStatus))
)]
async fn status(State(app): State<App>) -> Response {
    app.seen(<dyn Service>::status).await
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

/// The flow of that name that runs.
fn running(studio: &Studio, name: &str) -> Result<Flow, Problem> {
    studio.running(name).map_err(|why| no_draft(&why))
}

/// What is said when a flow has no draft.
fn no_draft(why: &NoDraft) -> Problem {
    match why {
        NoDraft::NoFlow(name) => no_flow(name),
        NoDraft::NotYet => Problem::new(Code::NotRunning, why.to_string()),
        NoDraft::Shut { .. } => Problem::new(Code::DraftShut, why.to_string()),
    }
}

/// What is said when nobody knows the values of parameters of a draft.
fn no_values(why: &UnknownValues) -> Problem {
    match why {
        UnknownValues::NoDraft(why) => no_draft(why),
        UnknownValues::Draft(refusal) => drafts::refused(refusal),
        UnknownValues::Unread(_) => Problem::new(Code::Parameters, why.to_string()),
    }
}

/// What is said when a path names a flow that there is not.
fn no_flow(name: &str) -> Problem {
    let name: String = name.chars().take(200).collect();
    let detail = format!("no flow \"{name}\" is served, or it does not run yet");
    Problem::new(Code::NoFlow, detail)
}
