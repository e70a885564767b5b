//! Work that may have to wait for a disk: on threads of its own, little at a time, and never waited
//! for longer than a limit.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::problem::Problem;
use crate::{Limits, Service};

/// What requests are answered from.
#[derive(Clone)]
pub(crate) struct Looks {
    service: Arc<dyn Service>,
    free: Arc<Semaphore>,
    limit: Duration,
}

impl Looks {
    pub(crate) fn new(service: Arc<dyn Service>, limits: &Limits) -> Self {
        let free = Arc::new(Semaphore::new(limits.looks_max.max(1)));
        Self { service, free, limit: limits.look_max }
    }

    /// What answers without waiting.
    pub(crate) fn service(&self) -> &dyn Service {
        &*self.service
    }

    /// Places of their own for work that may take longer: as much of it as there is holds up no
    /// other.
    pub(crate) fn apart(&self, places: usize, limit: Duration) -> Self {
        let free = Arc::new(Semaphore::new(places));
        Self { service: self.shared_service(), free, limit }
    }

    pub(crate) fn shared_service(&self) -> Arc<dyn Service> {
        Arc::clone(&self.service)
    }

    /// Answers with what `look` sees, as JSON; or with why it sees nothing.
    pub(crate) async fn answer<T: Serialize>(
        &self,
        look: impl FnOnce(&dyn Service) -> T + Send + 'static,
    ) -> Response {
        let service = self.shared_service();
        self.work(move || Ok(json(&look(&*service)))).await
    }

    /// Answers with what `work` makes; or with why it makes nothing. Work that takes too long goes
    /// on all the same.
    pub(crate) async fn work(
        &self,
        work: impl FnOnce() -> Result<Response, Problem> + Send + 'static,
    ) -> Response {
        match self.done(work).await {
            Ok(Ok(response)) => response,
            Ok(Err(problem)) | Err(problem) => problem.into_response(),
        }
    }

    /// What `work` makes; or why nobody waits for that.
    pub(crate) async fn done<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let free = Arc::clone(&self.free);
        let worked = timeout(self.limit, async move {
            // It is never closed. Work that is stuck keeps its permit: as much is stuck at most.
            let permit = free.acquire_owned().await.ok();
            spawn_blocking(move || {
                let done = work();
                drop(permit);
                done
            })
            .await
        });
        match worked.await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(failed(&error)),
            Err(_) => {
                let detail = format!(
                    "there was no answer within {} ms: much is asked, or a disk is stuck; what was \
                     asked for may be done all the same, so look before asking again",
                    self.limit.as_millis()
                );
                Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail))
            }
        }
    }
}

/// An answer in JSON.
pub(crate) fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(json) => {
            let kind = HeaderValue::from_static("application/json");
            ([(CONTENT_TYPE, kind)], Bytes::from(json)).into_response()
        }
        Err(error) => failed(&error).into_response(),
    }
}

fn failed(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!("a look at the engine failed, which is a bug: {error}");
    let detail = "the server failed on this request: its log says why";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
}
