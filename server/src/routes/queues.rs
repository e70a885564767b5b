//! `/api/v1/flows/{flow}/queue`: what waits in a connection is listed, emptied, moved.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tutti_expression::ParseError;
use tutti_model::chain;
use tutti_model::flowfile::FlowFile;
use tutti_runtime::{Emptied, QueuePage, WaitingError, Wish};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, running, trash};
use crate::answer::json;
use crate::extract::{Body, Query, page_length};
use crate::filter::{Filter, FilterError};
use crate::problem::{Code, Problem};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(queue)).routes(routes!(empty)).routes(routes!(move_on))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Page {
    /// The path of a connection.
    connection: String,
    /// The number after which the page begins.
    #[serde(default)]
    after: u64,
    /// How many flowfiles it has at most, 1 to 1,000; 100 when it is not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// An expression: only flowfiles are listed for which it gives `true`.
    filter: Option<String>,
}

/// A page of what waits in a connection; nothing is taken.
///
/// With a filter some 50,000 flowfiles are looked at for a page at most: it may have less than it
/// might, even nothing, and say where to look on.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/queue",
    tag = "Queues",
    operation_id = "listQueue",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::NoConnection, Code::Limit, Code::Expression,
        Code::Repository
    ]))),
    params(("flow" = String, Path, description = "The name of a flow."), Page),
    responses((status = 200, description = "The page.", body = QueuePage))
)]
async fn queue(
    State(app): State<App>,
    Path(flow): Path<String>,
    Query(Page { connection, after, limit, filter }): Query<Page>,
) -> Response {
    let max = match page_length(limit) {
        Ok(max) => max,
        Err(problem) => return problem.into_response(),
    };
    let filter = match filter.as_deref().map(Filter::parse).transpose() {
        Ok(filter) => filter,
        Err(wrong) => return no_filter(&wrong).into_response(),
    };
    // A look through many waits with others of its kind, and not with those at a page.
    let looks = if filter.is_some() { app.searches.clone() } else { app.looks.clone() };
    let studio = app.studio.clone();
    let look = move || {
        let running = running(&studio, &flow)?;
        let wants = filter.as_ref().map(|filter| |flowfile: &FlowFile| filter.wants(flowfile));
        let filter = wants.as_ref().map(|wants| wants as &dyn Fn(&FlowFile) -> bool);
        let wish = Wish { after, max, filter };
        let page = running.waiting(&connection, &wish).map_err(|error| failed(&error))?;
        Ok(json(&page))
    };
    looks.work(look).await
}

fn no_filter(error: &FilterError) -> Problem {
    let code = if matches!(error, FilterError::Long) { Code::Limit } else { Code::Expression };
    let problem = Problem::new(code, error.to_string());
    match error {
        FilterError::Syntax(ParseError { help: Some(help), .. }) => problem.help(help.as_str()),
        _ => problem,
    }
}

/// Which queue is to be emptied.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = QueueEmptyRequest)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Emptying {
    /// A connection of the flow that runs.
    connection: String,
}

/// What is to be moved where.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = QueueMoveRequest)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Moving {
    /// A connection of the flow that runs.
    connection: String,
    /// Another one.
    to: String,
}

/// Puts what waits in a connection into the trash.
///
/// What processors work on stays, and what comes meanwhile may.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/queue/empty",
    tag = "Queues",
    operation_id = "emptyQueue",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NoConnection, Code::Busy, Code::NotRunning, Code::Repository
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    request_body(content = Emptying),
    responses((status = 200, description = "It is in the trash.", body = Emptied))
)]
async fn empty(
    State(app): State<App>,
    Path(flow): Path<String>,
    Body(Emptying { connection }): Body<Emptying>,
) -> Response {
    tracing::info!("asked to empty the queue of \"{connection}\" of \"{flow}\"");
    let (engine, studio) = (Arc::clone(&app.engine), app.studio.clone());
    let work = move || {
        running(&studio, &flow)?;
        let emptied =
            engine.empty_queue(&flow, &connection).map_err(|error| trash::failed(&error))?;
        Ok(json(&emptied))
    };
    app.edits.work(work).await
}

/// Moves what waits in a connection behind what waits in another one of the flow.
///
/// What processors work on stays, and what comes meanwhile may.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/queue/move",
    tag = "Queues",
    operation_id = "moveQueue",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NoConnection, Code::Busy, Code::NotRunning, Code::Repository
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    request_body(content = Moving),
    responses((status = 200, description = "It is there.", body = Emptied))
)]
async fn move_on(
    State(app): State<App>,
    Path(flow): Path<String>,
    Body(Moving { connection, to }): Body<Moving>,
) -> Response {
    tracing::info!("asked to move what waits in \"{connection}\" of \"{flow}\" to \"{to}\"");
    let (engine, studio) = (Arc::clone(&app.engine), app.studio.clone());
    let work = move || {
        running(&studio, &flow)?;
        let moved =
            engine.move_queue(&flow, &connection, &to).map_err(|error| trash::failed(&error))?;
        Ok(json(&moved))
    };
    app.edits.work(work).await
}

pub(super) fn failed(error: &WaitingError) -> Problem {
    let code = match error {
        WaitingError::NoConnection { .. } => Code::NoConnection,
        WaitingError::NoFlowFile { .. } => Code::NoFlowFile,
        WaitingError::Repository { .. } => Code::Repository,
    };
    Problem::new(code, chain(error))
}
