//! Looks at the engine, which may have to wait for a disk: on threads of their own, few at a time,
//! and never longer than a limit.

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

    /// Answers with what `look` sees, as JSON; or with why it sees nothing.
    pub(crate) async fn answer<T: Serialize>(
        &self,
        look: impl FnOnce(&dyn Service) -> T + Send + 'static,
    ) -> Response {
        let (service, free) = (Arc::clone(&self.service), Arc::clone(&self.free));
        let looked = timeout(self.limit, async move {
            // It is never closed. A look that is stuck keeps its permit: as many are stuck at most.
            let permit = free.acquire_owned().await.ok();
            spawn_blocking(move || {
                let seen = serde_json::to_vec(&look(&*service));
                drop(permit);
                seen
            })
            .await
        });
        match looked.await {
            Ok(Ok(Ok(json))) => {
                let kind = HeaderValue::from_static("application/json");
                ([(CONTENT_TYPE, kind)], Bytes::from(json)).into_response()
            }
            Ok(Ok(Err(error))) => failed(&error),
            Ok(Err(error)) => failed(&error),
            Err(_) => {
                let detail = format!(
                    "the engine did not answer within {} ms: a disk may be stuck; it is asked \
                     again with the next request",
                    self.limit.as_millis()
                );
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).into_response()
            }
        }
    }
}

fn failed(error: &dyn std::fmt::Display) -> Response {
    tracing::error!("a look at the engine failed, which is a bug: {error}");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
