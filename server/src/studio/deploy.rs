//! A flow comes from outside, or out of its past, and runs: in one go.
//!
//! Must never leave behind as the draft what was refused without telling so.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use tutti_editing::{Check, Draft, Operation, Refusal, Sheet, Submission, Which, difference};
use tutti_model::chain;
use tutti_model::definition::FlowDefinition;
use tutti_runtime::EditError;
use utoipa::ToSchema;

use super::create::named;
use super::{
    Act, AppliedFlow, ApplyError, CreateError, Deletion, Edit, NoDraft, Replaces, Studio, Turn,
};
use crate::clock::now_ms;

/// How the text of a flow is deployed.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Deployment {
    /// Whether what was edited and never applied is replaced; it can be gone back to.
    #[serde(default)]
    pub(crate) replace: bool,
    /// Whether what waits in connections that are no more goes into the trash; without, it hinders
    /// the deployment.
    #[serde(default)]
    pub(crate) trash: bool,
}

/// What is to run.
pub(crate) enum ToDeploy {
    /// The text of a flow.
    Text {
        text: String,
        /// Whether it may take the place of what was edited and never applied.
        is_replacing: bool,
    },
    /// What the draft was at that revision.
    Revision(u64),
}

/// A flow that runs as it was deployed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeployedFlow)]
pub(crate) struct Deployed {
    name: String,
    /// The revision that runs.
    revision: u64,
    /// Whether there was no such flow.
    is_new: bool,
    /// What that did; none where it ran as it is.
    #[schema(required)]
    applied: Option<AppliedFlow>,
}

impl From<ApplyError> for CreateError {
    fn from(error: ApplyError) -> Self {
        Self::Apply(Box::new(error))
    }
}

impl Studio {
    /// Makes a flow what runs, and what is edited of it; where it is refused both are what they
    /// were. Whoever drops this does not end it.
    pub(crate) async fn deploy(
        self: Arc<Self>,
        name: String,
        author: String,
        what: ToDeploy,
        is_trashing: bool,
    ) -> Result<Deployed, CreateError> {
        let deploying = tokio::spawn(async move {
            match (self.desk(&name), what) {
                (Ok(_), what) => {
                    let turn = self.turn(&name).await?;
                    self.deploy_to(&turn, name, author, what, is_trashing).await
                }
                (Err(NoDraft::NoFlow(_)), ToDeploy::Text { text, .. }) => {
                    self.deploy_new(name, author, text).await
                }
                (Err(why), _) => Err(why.into()),
            }
        });
        deploying.await.unwrap_or_else(|_| Err(ApplyError::Ended.into()))
    }

    async fn deploy_new(
        self: Arc<Self>,
        name: String,
        author: String,
        text: String,
    ) -> Result<Deployed, CreateError> {
        // Before anything is made: without a place nothing is.
        let place = self.place().await?;
        let taken = {
            let (studio, name) = (Arc::clone(&self), name.clone());
            spawn_blocking(move || {
                let flow = named(&name, &text)?;
                studio.valid(&flow)?;
                studio.add(&author, &flow)
            })
        };
        let taken = taken.await.map_err(|_| ApplyError::Ended)??;
        let turn = self.turn_at(&name, place)?;
        let revision = taken.revision;
        let made = self.make_run(&turn, &name, revision, false).await;
        let take_back = async || {
            let how = Deletion { trash: false, if_resting: true };
            let ended = self.end_files(&name, turn.desk.files.as_ref(), how).await;
            ended.err().map(|error| chain(&error))
        };
        let applied = Some(or_as_before(made, take_back).await?);
        Ok(Deployed { name, revision, is_new: true, applied })
    }

    async fn deploy_to(
        self: Arc<Self>,
        turn: &Turn,
        name: String,
        author: String,
        what: ToDeploy,
        is_trashing: bool,
    ) -> Result<Deployed, CreateError> {
        let desk = Arc::clone(&turn.desk);
        let brought = {
            let (studio, name, author) = (Arc::clone(&self), name.clone(), author.clone());
            spawn_blocking(move || {
                let act = match what {
                    ToDeploy::Revision(revision) => Act::RollBack { revision },
                    ToDeploy::Text { text, is_replacing } => {
                        let flow = Box::new(named(&name, &text)?);
                        studio.could_run(&name, &flow, is_trashing)?;
                        let replaces = if is_replacing { Replaces::Any } else { Replaces::Applied };
                        Act::Deploy { flow, replaces }
                    }
                };
                Ok::<_, CreateError>(studio.act(&name, &author, act)??)
            })
        };
        let Edit { revision, operation, .. } = brought.await.map_err(|_| ApplyError::Ended)??;
        let is_ahead = desk.draft.lock().head("").is_ahead;
        if !is_ahead && self.flow(&name).is_some() {
            return Ok(Deployed { name, revision, is_new: false, applied: None });
        }
        let made = self.make_run(turn, &name, revision, is_trashing).await;
        let take_back = async || {
            let which = Which { revision: Some(operation?.revision), expected: None };
            let (studio, name) = (Arc::clone(&self), name.clone());
            let undo = move || studio.act(&name, &author, Act::Undo(which));
            match spawn_blocking(undo).await {
                Ok(Ok(Ok(_))) => None,
                Ok(Ok(Err(refusal))) => Some(chain(&refusal)),
                Ok(Err(gone)) => Some(chain(&gone)),
                Err(_) => Some(chain(&ApplyError::Ended)),
            }
        };
        let applied = Some(or_as_before(made, take_back).await?);
        Ok(Deployed { name, revision, is_new: false, applied })
    }

    /// Refuses what can be seen to be refused before anything is edited.
    fn could_run(
        &self,
        name: &str,
        flow: &FlowDefinition,
        is_trashing: bool,
    ) -> Result<(), ApplyError> {
        let valid = self.valid(flow)?;
        let Some(running) = self.flow(name) else { return Ok(()) };
        let left_over = running.preview(&valid).left_over;
        if is_trashing || left_over.is_empty() {
            return Ok(());
        }
        Err(ApplyError::Edit(EditError::NotEmpty(left_over)))
    }
}

/// What was made, or why not; then all is as before, or the error says that it is not.
/// `take_back` tells why that fails.
async fn or_as_before(
    made: Result<AppliedFlow, ApplyError>,
    take_back: impl AsyncFnOnce() -> Option<String>,
) -> Result<AppliedFlow, CreateError> {
    let why = match made {
        Ok(applied) => return Ok(applied),
        // It may count all the same.
        Err(stopping @ ApplyError::Edit(EditError::Stopping)) => return Err(stopping.into()),
        Err(why) => CreateError::from(why),
    };
    Err(match take_back().await {
        None => why,
        Some(left) => CreateError::Left { why: Box::new(why), left },
    })
}

/// Whether a draft has edits that were never applied, and that a new one would take the place of.
pub(super) fn is_in_the_way(draft: &Sheet, applied: &Sheet, new: &Sheet) -> bool {
    draft.flow() != applied.flow() && draft.flow() != new.flow()
}

/// Makes the draft what a text from outside says.
pub(super) fn bring(
    draft: &mut Draft,
    author: &str,
    flow: &FlowDefinition,
    replaces: Replaces,
    check: &Check<'_>,
) -> Result<Option<Arc<Operation>>, Refusal> {
    let layout = draft.sheet().layout_of(flow)?;
    let new = Sheet::new(flow, &layout)?;
    let revision = draft.head(author).revision;
    match replaces {
        Replaces::Revision(replaces) if replaces != revision => {
            return Err(Refusal::Replaced { revision });
        }
        Replaces::Applied if is_in_the_way(draft.sheet(), &draft.applied(), &new) => {
            return Err(Refusal::Ahead { revision });
        }
        _ => {}
    }
    let changes = difference(draft.sheet(), &new);
    let (author, label) = (author.to_owned(), "Deployed".to_owned());
    draft.submit(Submission { author, time_ms: now_ms(), label, changes }, check)
}
