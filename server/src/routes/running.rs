//! `/api/v1/flows/{flow}/…`: a flow that runs is looked at, started and stopped.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tutti_model::chain;
use tutti_runtime::{ControlError, Flow, Status, UpTo};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{App, running};
use crate::answer::json;
use crate::extract::Body;
use crate::problem::{Code, Problem};

/// How many processors may be named at a time.
const PROCESSORS_MAX: usize = 10_000;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(status)).routes(routes!(control))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ControlAction)]
enum Action {
    /// Runs whenever there is work.
    Start,
    /// Begins nothing more; what is at work ends.
    Stop,
    /// Is triggered once, and stops.
    RunOnce,
    /// Stops without waiting for what is at work, which is back in its queue.
    Terminate,
    /// Starts all that lies before it, and is triggered once when something has come to it; until
    /// then it runs, and can be stopped.
    RunUpTo,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ControlRequest)]
struct Control {
    action: Action,
    /// Paths; without them the whole flow.
    processors: Option<Vec<String>>,
}

/// A processor that was asked for something that it cannot do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefusedProcessor)]
struct Refused {
    /// Which one.
    path: String,
    #[schema(value_type = String)]
    code: &'static str,
    detail: String,
}

impl From<&ControlError> for Refused {
    fn from(error: &ControlError) -> Self {
        let code = match error {
            ControlError::NotFound { .. } => "notFound",
            ControlError::Disabled { .. } => "disabled",
            ControlError::NotStopped { .. } => "notStopped",
            ControlError::Build { .. } => "build",
        };
        Self { path: error.path().to_owned(), code, detail: chain(error) }
    }
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
struct Controlled {
    /// Who could not do it, while all others do.
    refused: Vec<Refused>,
}

/// The figures of one flow.
#[utoipa::path(
    get,
    path = "/api/v1/flows/{flow}/status",
    tag = "Running",
    operation_id = "getFlowStatus",
    extensions(("x-problems" = json!([Code::NoFlow, Code::NotRunning]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    responses((status = 200, description = "The flow at this moment.", body = Status))
)]
async fn status(State(app): State<App>, Path(flow): Path<String>) -> Response {
    let studio = app.studio.clone();
    let look = move || Ok(json(&running(&studio, &flow)?.status()));
    app.looks.work(look).await
}

/// Starts, stops, runs once or terminates processors, or a whole flow.
///
/// Answers when they were told to: the status says what has become of it.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/control",
    tag = "Running",
    operation_id = "control",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NotRunning, Code::Body, Code::Limit, Code::Repository
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    request_body(content = Control),
    responses(
        (status = 202, description = "They were told; those that refuse are named.",
            body = Controlled)
    )
)]
async fn control(
    State(app): State<App>,
    Path(flow): Path<String>,
    Body(Control { action, processors }): Body<Control>,
) -> Response {
    let running = match running(&app.studio, &flow) {
        Ok(running) => running,
        Err(problem) => return problem.into_response(),
    };
    tracing::info!("asked for {action:?} in \"{flow}\"");
    let Some(paths) = processors else {
        let work = move || {
            all(running.clone(), action)?;
            note(&running, action, None)?;
            Ok(accepted(Vec::new()))
        };
        return app.looks.work(work).await;
    };
    if paths.len() > PROCESSORS_MAX {
        let detail = format!("name at most {PROCESSORS_MAX} processors at a time");
        return Problem::new(Code::Limit, detail).into_response();
    }
    // To start one may build it, which may take its time.
    let work = move || {
        let mut refused = Vec::new();
        let mut done = Vec::new();
        for path in paths {
            match one(&running, action, &path) {
                Ok(UpTo { started, failed }) => {
                    let own = (action != Action::RunUpTo).then_some(path);
                    done.extend(started.into_iter().chain(own));
                    refused.extend(failed.iter().map(Refused::from));
                }
                Err(error) => refused.push(Refused::from(&error)),
            }
        }
        note(&running, action, Some(&done))?;
        Ok(accepted(refused))
    };
    app.looks.work(work).await
}

/// Who could not do it, while all others do.
fn accepted(refused: Vec<Refused>) -> Response {
    let mut response = json(&Controlled { refused });
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

fn all(flow: Flow, action: Action) -> Result<(), Problem> {
    match action {
        Action::Start => flow.start(),
        Action::Terminate => flow.terminate(),
        Action::Stop => {
            // Whoever asks does not wait for the last task.
            tokio::spawn(async move { flow.stop().await });
        }
        Action::RunOnce | Action::RunUpTo => {
            let detail = "name the processors that are to run once, or up to which all is to run";
            return Err(Problem::new(Code::Body, detail));
        }
    }
    Ok(())
}

/// Keeps what somebody has stopped for the next start.
fn note(flow: &Flow, action: Action, paths: Option<&[String]>) -> Result<(), Problem> {
    let is_stopped = match action {
        // What lies before it is started.
        Action::Start | Action::RunUpTo => false,
        Action::Stop | Action::Terminate => true,
        Action::RunOnce => return Ok(()),
    };
    flow.note_stopped(paths, is_stopped).map_err(|error| {
        let detail = format!("it is done, and the next start does not know: {}", chain(&*error));
        Problem::new(Code::Repository, detail)
    })
}

/// Has one do that, and others what belongs to it.
fn one(flow: &Flow, action: Action, path: &str) -> Result<UpTo, ControlError> {
    match action {
        Action::Start => flow.start_processor(path)?,
        Action::Stop => flow.request_processor_stop(path)?,
        Action::RunOnce => flow.request_run_once(path)?,
        Action::Terminate => flow.terminate_processor(path)?,
        Action::RunUpTo => return flow.run_up_to(path),
    }
    Ok(UpTo::default())
}
