//! An engine gives up a flow while the others run.

use std::sync::Arc;

use tokio::runtime::Handle;
use tutti_model::chain;
use tutti_model::valid::ValidFlow;
use tutti_store::Repository;

use super::{Engine, Stage};
use crate::compile::in_repository;
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
        self.clear_left_over(name.to_owned(), options.is_trashing).await?;
        let edited = self.edit(ValidFlow::empty(name), options).await?;
        let mut stage = self.stage.lock();
        if let Stage::Running(flows, ..) = &mut *stage {
            // Whoever has changed it once more has another flow.
            let is_empty = |flow: &ValidFlow| flow.processors().next().is_none();
            flows.retain(|flow| flow.name() != name || !is_empty(&flow.definition()));
        }
        Ok(edited.unsure)
    }

    /// Nobody could see any more what waits in connections that the flow has lost before.
    async fn clear_left_over(&self, name: String, is_trashing: bool) -> Result<(), EditError> {
        let (repository, threads) = self.running()?;
        let (left_over, now) = (self.left_over(&name), self.environment.clock.now());
        let clearing = threads.spawn_blocking(move || {
            let waiting =
                left_over.iter().map(|(path, queue)| LeftOver::of(&repository, path, *queue));
            let waiting: Vec<_> = waiting.flatten().collect();
            if !is_trashing && !waiting.is_empty() {
                return Err(EditError::NotEmpty(waiting));
            }
            for (path, queue) in &left_over {
                let thrown = repository.throw_away(*queue, (&name, path), now);
                thrown.map_err(EditError::Repository)?;
            }
            Ok(())
        });
        clearing.await.unwrap_or(Err(EditError::Stopping))
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
            let left_over = left_over(&repository, &name);
            if !is_trashing && !left_over.is_empty() {
                return Err(EditError::NotEmpty(left_over));
            }
            if let Some(first) = first {
                first().map_err(EditError::First)?;
            }
            let queues = repository.queues();
            for LeftOver { path, .. } in left_over {
                if let Some(queue) = queues.get(&in_repository(&name, &path)) {
                    let thrown = repository.throw_away(*queue, (&name, &path), now);
                    thrown.map_err(EditError::Repository)?;
                }
            }
            Ok(stopped::forget(&repository, &name).err().map(|error| chain(&error)))
        });
        removing.await.unwrap_or(Err(EditError::Stopping))
    }
}

/// What waits in connections of a flow that does not run.
fn left_over(repository: &Repository, flow: &str) -> Vec<LeftOver> {
    let queues = repository.queues().into_iter();
    let of_flow = queues.filter_map(|(name, queue)| {
        LeftOver::of(repository, name.strip_prefix(flow)?.strip_prefix('/')?, queue)
    });
    of_flow.collect()
}
