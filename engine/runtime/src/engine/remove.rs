//! An engine gives up one of its flows while the others run.

use tutti_model::valid::ValidFlow;

use super::{Engine, Stage};
use crate::{EditError, EditOptions};

impl Engine {
    /// Runs a flow no more. It becomes one that has nothing in it first, which may be refused as
    /// any change may, so that nothing of it is left behind; see [`Engine::edit`]. What its
    /// processors remember stays, for a flow of that name that comes later.
    ///
    /// # Errors
    /// When it could not be given up: it goes on as it was.
    pub async fn remove(&self, name: &str, options: EditOptions) -> Result<(), EditError> {
        self.edit(ValidFlow::empty(name), options).await?;
        let mut stage = self.stage.lock();
        if let Stage::Running(flows, ..) = &mut *stage {
            // Whoever has changed it once more has another flow.
            let is_empty = |flow: &ValidFlow| flow.processors().next().is_none();
            flows.retain(|flow| flow.name() != name || !is_empty(&flow.definition()));
        }
        Ok(())
    }
}
