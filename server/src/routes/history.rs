//! `/api/v1/flows/{flow}/history`: what a flow and its parts did lately.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::time::MissedTickBehavior;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, running};
use crate::answer::json;
use crate::clock;
use crate::extract::Query;
use crate::metrics::{MetricsHistory, STEP, Span};
use crate::problem::{Code, Problem};
use crate::studio::Update;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(history))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// The path of a processor or connection; without it the flow as a whole.
    component: Option<String>,
    /// How far to look back; an hour when it is not said.
    #[serde(default)]
    #[param(inline)]
    span: Span,
}

/// What a flow, a processor or a connection did lately, for charts.
///
/// Kept since the server was started, in memory.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/history",
    tag = "Running",
    operation_id = "getHistory",
    extensions(("x-problems" = json!([Code::NoFlow, Code::NotRunning, Code::NoComponent]))),
    params(("flow" = String, Path, description = "The name of a flow."), Asked),
    responses((status = 200, description = "Its figures, step by step.", body = MetricsHistory))
)]
async fn history(
    State(app): State<App>,
    Path(flow): Path<String>,
    Query(Asked { component, span }): Query<Asked>,
) -> Response {
    if let Err(problem) = running(&app.studio, &flow) {
        return problem.into_response();
    }
    let found = app.metrics.lock().history(&flow, component.as_deref(), span);
    found.map_or_else(|| unknown().into_response(), |found| json(&found))
}

fn unknown() -> Problem {
    Problem::new(Code::NoComponent, "nothing is known of that, or not yet")
}

/// Takes figures as long as the server answers.
pub(crate) async fn keep_history(app: App) {
    let keep = async {
        let mut beat = tokio::time::interval(Duration::from_secs(STEP));
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            let engine = Arc::clone(&app.engine);
            // An engine that does not answer leaves a gap.
            if let Ok(status) = app.looks.done(move || engine.status()).await {
                let now = clock::now().as_secs();
                app.metrics.lock().see(&status.flows, now);
                app.studio.updates().tell(Update::figures(now));
            }
        }
    };
    app.ending.run_until_cancelled(keep).await;
}
