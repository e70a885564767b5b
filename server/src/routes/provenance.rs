//! `/api/v1/provenance`: what happened to flowfiles, and having them come once more.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tutti_model::chain;
use tutti_model::provenance::EventType;
use tutti_runtime::{History, HistoryError, ReplayError, Replayed, Search};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use crate::answer::json;
use crate::extract::{Body, Query, page_length};
use crate::problem::{Code, More, Problem};

/// How many events are replayed at a time.
const REPLAYS_MAX: usize = 1_000;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search)).routes(routes!(replay))
}

/// All that is given must hold.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// The name of a flow.
    flow: Option<String>,
    /// The path of a processor.
    component: Option<String>,
    /// The `uuid` of a flowfile.
    uuid: Option<String>,
    /// What happened.
    #[serde(rename = "type")]
    event_type: Option<EventType>,
    /// `NAME` or `NAME=VALUE`.
    attribute: Option<String>,
    /// The number of an event.
    event: Option<u64>,
    /// Milliseconds since 1970.
    from_ms: Option<i64>,
    /// Milliseconds since 1970.
    until_ms: Option<i64>,
    /// How many at most, 1 to 1,000; 100 when it is not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// Events to replay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ReplayRequest)]
struct Wanted {
    /// Their numbers.
    events: BTreeSet<u64>,
    /// Only says what would come.
    #[serde(default)]
    dry_run: bool,
}

/// What happened to flowfiles, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/provenance",
    tag = "Provenance",
    operation_id = "searchProvenance",
    extensions(("x-problems" = json!([Code::Limit, Code::NotRunning, Code::Repository]))),
    params(Asked),
    responses((status = 200, description = "Events.", body = History))
)]
async fn search(State(app): State<App>, Query(asked): Query<Asked>) -> Response {
    let limit = match page_length(asked.limit) {
        Ok(limit) => limit,
        Err(problem) => return problem.into_response(),
    };
    let attribute = asked.attribute.map(|attribute| match attribute.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (attribute, None),
    });
    let search = Search {
        uuid: asked.uuid,
        flow: asked.flow,
        component: asked.component,
        event_type: asked.event_type,
        attributes: attribute.into_iter().collect(),
        numbers: asked.event.into_iter().collect(),
        from: asked.from_ms.map(tutti_model::flowfile::Timestamp),
        until: asked.until_ms.map(tutti_model::flowfile::Timestamp),
        limit,
    };
    let engine = Arc::clone(&app.engine);
    let look = move || {
        engine.history(&search).map(|found| json(&found)).map_err(|error| {
            let code = match error {
                HistoryError::NotRunning => Code::NotRunning,
                HistoryError::Repository(_) => Code::Repository,
            };
            Problem::new(code, chain(&error))
        })
    };
    app.searches.work(look).await
}

/// What came of a replay.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReplayAnswer)]
struct Replay {
    /// The flowfiles that come, or would.
    replayed: Vec<Replayed>,
}

/// Has what these events took come once more; or only says what would come.
#[utoipa::path(
    post,
    path = "/api/v1/provenance/replay",
    tag = "Provenance",
    operation_id = "replay",
    extensions(("x-problems" = json!([
        Code::Limit, Code::Replay, Code::NotRunning, Code::Repository
    ]))),
    request_body(content = Wanted),
    responses((status = 200, description = "What comes, or would.", body = Replay))
)]
async fn replay(
    State(app): State<App>,
    Body(Wanted { events, dry_run }): Body<Wanted>,
) -> Response {
    if events.len() > REPLAYS_MAX {
        let detail = format!("at most {REPLAYS_MAX} events are replayed at a time");
        return Problem::new(Code::Limit, detail).into_response();
    }
    if !dry_run {
        tracing::info!("asked to replay {} events", events.len());
    }
    match app.engine.replay(events, dry_run).await {
        Ok(replayed) => json(&Replay { replayed }),
        Err(errors) => refused(&errors).into_response(),
    }
}

fn refused(errors: &[ReplayError]) -> Problem {
    let code = |error: &ReplayError| match error {
        ReplayError::NotRunning => Some(Code::NotRunning),
        ReplayError::Repository(_) => Some(Code::Repository),
        _ => None,
    };
    let code = errors.iter().find_map(code).unwrap_or(Code::Replay);
    let told: Vec<String> = errors.iter().map(|error| chain(error)).collect();
    let detail = told.first().cloned().unwrap_or_default();
    Problem::new(code, detail).with(More { errors: Some(told), ..More::default() })
}
