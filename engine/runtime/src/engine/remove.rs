//! An engine gives up a flow while the others run.

use std::sync::Arc;

use tokio::runtime::Handle;
use tutti_model::chain;
use tutti_model::flowfile::Timestamp;
use tutti_model::valid::ValidFlow;
use tutti_store::{QueueId, Repository, StoreError};

use super::trash::queues_of;
use super::{Engine, Stage};
use crate::idle::LeftOver;
use crate::{EditError, EditOptions, stopped};

impl Engine {
    /// Runs a flow no more. It becomes one that has nothing in it first, which may be refused as
    /// any change may, so that nothing of it is left behind; see [`Engine::edit`]. What was left
    /// behind by a flow that does not run counts as well. What its processors remember stays, for a
    /// flow of that name that comes later.
    ///
    /// Hands back why nobody knows whether that outlives a crash, if so it is.
    ///
    /// # Errors
    /// When it could not be given up: it goes on as it was.
    pub async fn remove(
        self: &Arc<Self>,
        name: &str,
        options: EditOptions,
    ) -> Result<Option<String>, EditError> {
        if self.flow(name).is_none() {
            return self.remove_resting(name.to_owned(), options).await;
        }
        let (repository, threads) = self.running()?;
        let left_over = self.left_over(name);
        let is_trashing = options.is_trashing;
        let waiting = told(&repository, &left_over);
        // Nobody could see any more what waits in connections that the flow has lost before.
        if !is_trashing && !waiting.is_empty() {
            return Err(EditError::NotEmpty(waiting));
        }
        let mut edited = self.edit(ValidFlow::empty(name), options).await?;
        if is_trashing && !waiting.is_empty() {
            let (name, now) = (name.to_owned(), self.environment.clock.now());
            let clear = move || throw_away(&repository, &name, &left_over, now);
            let cleared = threads.spawn_blocking(clear).await;
            let cleared = cleared.map_err(|_| EditError::Stopping)?;
            edited.unsure = edited.unsure.or(cleared.err().map(|error| chain(&error)));
        }
        let mut stage = self.stage.lock();
        if let Stage::Running(flows, ..) = &mut *stage {
            // Whoever has changed it once more has another flow.
            let is_empty = |flow: &ValidFlow| flow.processors().next().is_none();
            flows.retain(|flow| flow.name() != name || !is_empty(&flow.definition()));
        }
        Ok(edited.unsure)
    }

    fn running(&self) -> Result<(Arc<Repository>, Handle), EditError> {
        match &*self.stage.lock() {
            Stage::Running(_, repository, threads) => Ok((Arc::clone(repository), threads.clone())),
            Stage::Starting(..) | Stage::Ended(..) => Err(EditError::Stopping),
        }
    }

    async fn remove_resting(
        self: &Arc<Self>,
        name: String,
        options: EditOptions,
    ) -> Result<Option<String>, EditError> {
        let (repository, threads) = self.running()?;
        let now = self.environment.clock.now();
        let removing = threads.spawn_blocking(move || {
            let EditOptions { is_trashing, first, .. } = options;
            let left_over = queues_of(&repository, &name);
            let waiting = told(&repository, &left_over);
            if !is_trashing && !waiting.is_empty() {
                return Err(EditError::NotEmpty(waiting));
            }
            if let Some(first) = first {
                first().map_err(EditError::First)?;
            }
            let thrown = throw_away(&repository, &name, &left_over, now);
            thrown.map_err(EditError::Repository)?;
            Ok(stopped::forget(&repository, &name).err().map(|error| chain(&error)))
        });
        removing.await.unwrap_or(Err(EditError::Stopping))
    }
}

/// What waits in queues.
fn told(repository: &Repository, queues: &[(String, QueueId)]) -> Vec<LeftOver> {
    queues.iter().filter_map(|(path, queue)| LeftOver::of(repository, path, *queue)).collect()
}

/// Puts what waits in queues of a flow into the trash.
fn throw_away(
    repository: &Repository,
    flow: &str,
    queues: &[(String, QueueId)],
    now: Timestamp,
) -> Result<(), StoreError> {
    for (path, queue) in queues {
        repository.throw_away(*queue, (flow, path), now)?;
    }
    Ok(())
}
