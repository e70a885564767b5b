//! `/api/v1/flows/{flow}/verify`: a processor is tried out, which changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tutti_model::chain;
use tutti_model::verification::Verification;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::expressions::ATTRIBUTES_BYTES_MAX;
use super::{App, flows, no_values};
use crate::answer::json;
use crate::extract::Body;
use crate::problem::{Code, Problem};
use crate::studio::VerifyRefusal;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(verify))
}

/// What is to be tried out.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = VerificationRequest)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    /// The path of a processor.
    processor: String,
    /// The flow that it is in, as its file would have it; without it the draft. There need not be
    /// such a flow.
    #[schema(value_type = Option<Object>)]
    flow: Option<Value>,
    /// The attributes of a flowfile, for its expressions; without them what depends on any is left
    /// out.
    attributes: Option<BTreeMap<String, String>>,
}

/// What was seen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VerificationReport)]
struct Report {
    /// One for each thing that was tried; its properties first.
    checks: Vec<Verification>,
}

/// Tries out whether a processor could work: whether what it reads is there, and what it
/// writes to answers.
///
/// Changes nothing, inside or outside, and takes at most 20 seconds.
#[utoipa::path(
    post,
    path = "/api/v1/flows/{flow}/verify",
    tag = "Drafts",
    operation_id = "verify",
    extensions(("x-problems" = json!([
        Code::NoFlow, Code::NoProcessor, Code::DraftShut, Code::Name, Code::NotAFlow, Code::Limit,
        Code::Parameters, Code::NotRunning, Code::Log
    ]))),
    params(("flow" = String, Path, description = "The name of a flow.")),
    request_body(content = Wanted),
    responses((status = 200, description = "What was seen.", body = Report))
)]
async fn verify(
    State(app): State<App>,
    Path(flow): Path<String>,
    Body(Wanted { processor, flow: text, attributes }): Body<Wanted>,
) -> Response {
    let bytes = attributes.iter().flatten().map(|(name, value)| name.len() + value.len());
    if bytes.sum::<usize>() > ATTRIBUTES_BYTES_MAX {
        let detail = format!("the attributes have at most {ATTRIBUTES_BYTES_MAX} bytes");
        return Problem::new(Code::Limit, detail).into_response();
    }
    let Ok(permit) = Arc::clone(&app.verifications).try_acquire_owned() else {
        let detail = "as many processors are tried out already as may be at a time";
        return Problem::new(Code::TooMany, detail)
            .help("try again when one of them is done")
            .into_response();
    };
    let (studio, name) = (app.studio.clone(), flow.clone());
    let resolve = move || {
        let text = text.map(|flow| flow.to_string());
        studio.resolved(&name, &processor, text.as_deref())
    };
    let resolved = match app.looks.done(resolve).await {
        Ok(Ok(resolved)) => resolved,
        Ok(Err(refusal)) => return refused(&refusal).into_response(),
        Err(problem) => return problem.into_response(),
    };
    // What is tried is tried to its end, whether or not somebody still waits for it: until then
    // it has its place.
    let studio = app.studio.clone();
    let trying = tokio::spawn(async move {
        let checks = studio.verify(&flow, resolved, attributes).await;
        drop(permit);
        checks
    });
    match trying.await {
        Ok(Ok(checks)) => json(&Report { checks }),
        Ok(Err(refusal)) => refused(&refusal).into_response(),
        Err(_) => {
            Problem::new(Code::Internal, "the trial broke off: the log says why").into_response()
        }
    }
}

pub(super) fn refused(refusal: &VerifyRefusal) -> Problem {
    match refusal {
        VerifyRefusal::NoProcessor { .. } => Problem::new(Code::NoProcessor, chain(refusal)),
        VerifyRefusal::Text(why) => flows::refused(why),
        VerifyRefusal::Values(why) => no_values(why),
        VerifyRefusal::Engine(_) => Problem::new(Code::NotRunning, chain(refusal)),
    }
}
