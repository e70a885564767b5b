//! `/api/v1/flows/{flow}/state`: what processors and services remember is looked at, and forgotten.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tutti_model::chain;
use tutti_runtime::{StateError, StatePage};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, running};
use crate::answer::json;
use crate::extract::{Query, page_length};
use crate::problem::{Code, Problem};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(look, forget))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Page {
    /// The path of a processor or service.
    component: String,
    /// The name behind which the page begins.
    after: Option<String>,
    /// How many values it has at most, 1 to 1,000; 100 when it is not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct One {
    /// The path of a processor or service.
    component: String,
}

/// What was forgotten.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StateForgotten)]
struct Forgotten {
    /// How many values that were.
    values: u64,
}

/// A page of what a processor or service remembers, by name.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/state",
    tag = "Running",
    operation_id = "getState",
    extensions(("x-problems" = json!([
        Code::Limit, Code::NoFlow, Code::NotRunning, Code::NoComponent, Code::Repository
    ]))),
    params(("flow" = String, Path, description = "The name of a flow."), Page),
    responses((status = 200, description = "The page.", body = StatePage))
)]
async fn look(
    State(app): State<App>,
    Path(flow): Path<String>,
    Query(Page { component, after, limit }): Query<Page>,
) -> Response {
    let limit = match page_length(limit) {
        Ok(limit) => limit,
        Err(problem) => return problem.into_response(),
    };
    let studio = app.studio.clone();
    let look = move || {
        let running = running(&studio, &flow)?;
        let page = running.state_of(&component, after.as_deref(), limit);
        page.map(|page| json(&page)).map_err(|error| failed(&error))
    };
    app.looks.work(look).await
}

/// Has a processor or service that stands still forget all that it remembers, for good.
///
/// A source may take everything in again.
#[utoipa::path(
    delete,
    path = "/api/v1/flows/{flow}/state",
    tag = "Running",
    operation_id = "forgetState",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::NoComponent, Code::NotStopped, Code::Repository
    ]))),
    params(("flow" = String, Path, description = "The name of a flow."), One),
    responses((status = 200, description = "It is forgotten.", body = Forgotten))
)]
async fn forget(
    State(app): State<App>,
    Path(flow): Path<String>,
    Query(One { component }): Query<One>,
) -> Response {
    tracing::info!("asked that \"{component}\" of \"{flow}\" forgets its state");
    let studio = app.studio.clone();
    let work = move || {
        let running = running(&studio, &flow)?;
        let values = running.forget_state(&component).map_err(|error| failed(&error))?;
        Ok(json(&Forgotten { values }))
    };
    app.edits.work(work).await
}

fn failed(error: &StateError) -> Problem {
    let code = match error {
        StateError::NotFound { .. } => Code::NoComponent,
        StateError::NotStopped { .. } => Code::NotStopped,
        StateError::Repository { .. } => Code::Repository,
    };
    Problem::new(code, chain(error))
}
