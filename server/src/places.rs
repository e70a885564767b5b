//! Places for work that may have to wait, such as for a disk: on threads of its own, little at a
//! time, and never waited for longer than a limit.

use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::answer::failed;
use crate::problem::{Code, Problem};

/// Where work of one kind is done: as much of it as there is holds up no other.
#[derive(Clone)]
pub(crate) struct Places {
    free: Arc<Semaphore>,
    limit: Duration,
}

impl Places {
    /// So many at a time, each waited for so long, with the wait for a place.
    pub(crate) fn new(places: usize, limit: Duration) -> Self {
        Self { free: Arc::new(Semaphore::new(places)), limit }
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
                Err(Problem::new(Code::Slow, detail))
            }
        }
    }
}
