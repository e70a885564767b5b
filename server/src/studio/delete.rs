//! A flow is deleted: it runs no more, and its files are put aside.
//!
//! Must never throw a file away: under its new name nobody looks for it, and whoever wants the flow
//! again can have it.

use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tutti_editing::{FileError, FlowFiles, put_back, set_aside};
use tutti_runtime::{EditError, EditOptions, EngineState, First};
use utoipa::ToSchema;

use super::apply::STOP_MAX;
use super::{ApplyError, FlowsEvent, NoDraft, Studio, Update, WatchEvent};

/// How a flow is deleted.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Deletion {
    /// Whether what waits in it goes into the trash.
    #[serde(default)]
    pub(super) trash: bool,
    /// Whether it is left alone when it runs.
    #[serde(default)]
    pub(super) if_resting: bool,
}

/// A flow that is no more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeletedFlow)]
pub(crate) struct Deleted {
    /// What it was called.
    name: String,
    /// Where its file is now; none where it had none.
    #[schema(required)]
    file: Option<String>,
    /// What could not be done besides.
    #[schema(required)]
    warning: Option<String>,
}

/// Files that were put aside: what they were called, and are called now.
type Aside = Vec<(PathBuf, PathBuf)>;

impl Studio {
    /// Stops a flow, and deletes it; what waits in it goes into the trash, or hinders that. Whoever
    /// drops this does not end it.
    pub(crate) async fn delete(
        self: Arc<Self>,
        name: String,
        how: Deletion,
    ) -> Result<Deleted, ApplyError> {
        let deleting = tokio::spawn(self.end(name, how));
        deleting.await.unwrap_or(Err(ApplyError::Ended))
    }

    async fn end(self: Arc<Self>, name: String, how: Deletion) -> Result<Deleted, ApplyError> {
        // Until the engine has begun nobody knows whether it runs.
        if self.engine.state() != EngineState::Running {
            return Err(ApplyError::NotYet);
        }
        let (files, _turn) = match self.desk(&name) {
            Ok(_) => {
                let turn = self.turn(&name).await?;
                (turn.desk.files.clone(), Some(turn))
            }
            Err(shut @ NoDraft::Shut { .. }) => match self.shut.read().get(&name) {
                Some(known) => (known.files.clone(), None),
                None => return Err(shut.into()),
            },
            Err(other) => return Err(other.into()),
        };
        self.end_files(&name, files.as_ref(), how).await
    }

    /// The same of a flow with these files, by whose turn it is.
    pub(super) async fn end_files(
        &self,
        name: &str,
        files: Option<&FlowFiles>,
        Deletion { trash: is_trashing, if_resting }: Deletion,
    ) -> Result<Deleted, ApplyError> {
        if if_resting && self.flow(name).is_some() {
            return Err(ApplyError::Runs);
        }
        let aside: Arc<Mutex<Aside>> = Arc::default();
        // The files come first: without them the next start knows no such flow, and nothing of it
        // waits for one.
        let first = self.first(name, files, &aside);
        let options = EditOptions { wait_max: STOP_MAX, is_trashing, first: Some(first) };
        let removed = self.engine.remove(name, options).await;
        let aside = std::mem::take(&mut *aside.lock());
        let unsure = match removed {
            Ok(unsure) => unsure,
            // It may count all the same.
            Err(stopping @ EditError::Stopping) => return Err(stopping.into()),
            Err(why) => {
                return Err(match put_all_back(&aside) {
                    Ok(()) => why.into(),
                    Err(error) => ApplyError::NotPutBack(error),
                });
            }
        };
        self.desks.write().remove(name);
        self.shut.write().remove(name);
        self.updates.tell(Update::new(&WatchEvent::Flows(FlowsEvent::Removed(name))));
        let own = files.map(|files| &files.flow);
        let file = aside.into_iter().find(|(path, _)| Some(path) == own);
        let file = file.map(|(_, now)| now.display().to_string());
        let warning = unsure.map(|why| {
            format!("{why}: until there is room, a crash may bring back what waited in the flow")
        });
        Ok(Deleted { name: name.to_owned(), file, warning })
    }

    /// What puts the files of a flow aside, all or none.
    fn first(&self, name: &str, files: Option<&FlowFiles>, aside: &Arc<Mutex<Aside>>) -> First {
        let own = files.into_iter().flat_map(|files| [files.flow.clone(), files.layout()]);
        let log = self.home.get().map(|home| home.log(name));
        let (files, aside): (Vec<_>, _) = (own.chain(log).collect(), Arc::clone(aside));
        Box::new(move || {
            let mut done = Aside::new();
            for path in files {
                match set_aside(&path) {
                    Ok(None) => {}
                    Ok(Some(now)) => done.push((path, now)),
                    Err(error) => {
                        // A box in a box would not be known as what it is.
                        return Err(Box::new(put_all_back(&done).err().unwrap_or(error)));
                    }
                }
            }
            *aside.lock() = done;
            Ok(())
        })
    }
}

/// Gives files that were put aside their names again: as many as can be, whatever hinders one.
fn put_all_back(aside: &Aside) -> Result<(), FileError> {
    let put: Vec<_> = aside.iter().map(|(path, now)| put_back(now, path)).collect();
    put.into_iter().collect()
}
