//! What is answered where, and the limits that hold for all of it.

mod content;
mod deployment;
mod drafts;
mod events;
mod expressions;
mod flows;
mod health;
mod history;
mod page;
mod presence;
mod provenance;
mod queues;
mod running;
mod session;
mod state;
mod tables;
mod trash;
mod tries;
mod types;
mod verify;
mod views;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use parking_lot::Mutex;
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tutti_runtime::Flow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::{self, Access, Buckets};
use crate::answer::json;
use crate::guard::Site;
use crate::metrics::Metrics;
use crate::places::Places;
use crate::presence::Presence;
use crate::problem::{self, Code, Problem};
use crate::studio::{NoDraft, UnknownValues};
use crate::trial::TRIAL_MAX;
use crate::views::Views;
use crate::{EngineStatus, Limits, Service, Studio, TableProgram, TrialProgram, guard, openapi};

pub(crate) use events::{tell_presence, tell_status};
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
    /// What runs processors on samples.
    pub(crate) trial_program: Arc<TrialProgram>,
    /// The same for expressions that are tried.
    pub(crate) trials: Places,
    /// Places to run processors on samples in.
    pub(crate) tries: Arc<Semaphore>,
    /// Places to try out processors in.
    pub(crate) verifications: Arc<Semaphore>,
    pub(crate) studio: Arc<Studio>,
    /// What flows did lately.
    pub(crate) metrics: Arc<Mutex<Metrics>>,
    /// Who looks at what.
    pub(crate) presence: Arc<Presence>,
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
        .merge(health::router(site))
        .routes(routes!(openapi::document))
        .routes(routes!(status))
        .merge(types::router())
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
        .merge(presence::router())
        .merge(session::router())
        .layer(within(limits.request_max))
        .merge(verify::router().layer(within(VERIFY_MAX)))
        .merge(tries::router().layer(within(TRIAL_MAX + limits.request_max)))
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
