//! A draft becomes the flow that runs.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde::Serialize;
use tokio::task::spawn_blocking;
use tutti_editing::{Draft, FileError, Published, Refusal, Seen, Sheet, Written};
use tutti_model::chain;
use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::diff::{Change, diff};
use tutti_model::layout::Layout;
use tutti_model::valid::ValidFlow;
use tutti_runtime::{AddError, EditError, EditOptions, Edited, First, Preview};
use utoipa::ToSchema;

use super::{CreateError, Desk, NoDraft, Studio, Turn, Update};
use crate::clock::now_ms;

/// How long processors that are changed may work on before an application is given up.
pub(super) const STOP_MAX: Duration = Duration::from_secs(20);

/// What an application would do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Plan)]
pub(crate) struct FlowPlan {
    revision: u64,
    #[schema(required)]
    applied_revision: Option<u64>,
    is_ahead: bool,
    /// Whether what was edited and never applied is in the way of this text: it is deployed only in
    /// its place.
    is_in_the_way: bool,
    /// What is wrong with the draft; with an error it cannot be applied.
    findings: Vec<Diagnostic>,
    /// What differs in meaning.
    changes: Vec<Change>,
    /// What would stop, start, and hinder; none when it cannot be applied.
    #[schema(required)]
    preview: Option<Preview>,
}

/// What an application did.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Applied)]
pub(crate) struct AppliedFlow {
    applied_revision: u64,
    #[serde(flatten)]
    edited: Edited,
    /// What could not be done besides, though the flow runs.
    #[schema(required)]
    warning: Option<String>,
}

/// Why a draft was not applied, or its flow not deleted. What ran runs on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApplyError {
    #[error(transparent)]
    NoDraft(#[from] NoDraft),
    #[error("the draft has revision {found} by now: look at its plan again")]
    Stale { found: u64 },
    #[error("as many flows are applied and deleted already as may be at a time")]
    TooMany,
    #[error("the draft cannot be run")]
    Invalid(Vec<Diagnostic>),
    #[error("its parameters have no values: {0}")]
    Parameters(String),
    #[error(
        "the file \"{}\" was changed by something else, and the draft has changed the same",
        .0.display()
    )]
    FileChanged(PathBuf),
    #[error("the flow is being applied already: wait for that")]
    Busy,
    #[error("the flows have not started yet, or are stopping")]
    NotYet,
    #[error("the flow runs")]
    Runs,
    #[error("the server ends")]
    Ended,
    #[error(transparent)]
    Draft(#[from] Refusal),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("what ran runs on, but its file has what was to run: the next start begins with that")]
    NotTakenBack(#[source] FileError),
    #[error("the flow is there as it was, but its files could not be given their names again")]
    NotPutBack(#[source] FileError),
    #[error(transparent)]
    Edit(EditError),
    #[error(transparent)]
    Add(#[from] AddError),
}

impl From<EditError> for ApplyError {
    fn from(error: EditError) -> Self {
        match error {
            EditError::First(why) => match why.downcast() {
                Ok(why) => Self::File(*why),
                Err(why) => Self::Edit(EditError::First(why)),
            },
            other => Self::Edit(other),
        }
    }
}

/// Gives files their names, and keeps the way back.
fn first(written: Written, published: Arc<Mutex<Option<Published>>>) -> First {
    Box::new(move || {
        *published.lock() = Some(written.publish()?);
        Ok(())
    })
}

/// A draft at one moment.
struct Moment {
    revision: u64,
    applied_revision: Option<u64>,
    is_ahead: bool,
    is_in_the_way: bool,
    sheet: Sheet,
    applied: Sheet,
}

impl Moment {
    fn of(draft: &Draft) -> Self {
        let head = draft.head("");
        Self {
            revision: head.revision,
            applied_revision: head.applied,
            is_ahead: head.is_ahead,
            is_in_the_way: false,
            sheet: draft.sheet().clone(),
            applied: draft.applied(),
        }
    }
}

/// What is to run, and what is written of it.
struct Begun {
    valid: ValidFlow,
    written: Option<Written>,
    kept: Sheet,
    /// What its user is to be told of the file.
    warning: Option<String>,
}

impl Studio {
    /// What an application of the draft would do at this moment.
    pub(crate) fn plan(&self, name: &str) -> Result<FlowPlan, ApplyError> {
        let desk = self.desk(name)?;
        let moment = Moment::of(&desk.draft.lock());
        let flow = desk.findings.definition(moment.revision, &moment.sheet)?;
        self.plan_of(name, &moment, &flow)
    }

    /// What it would do if the draft were what `text` says; also for a flow that there is not.
    pub(crate) fn plan_text(&self, name: &str, text: &str) -> Result<FlowPlan, CreateError> {
        let flow = super::create::named(name, text)?;
        let (applied, now, revisions) = match self.desk(name) {
            Ok(desk) => {
                let draft = desk.draft.lock();
                let head = draft.head("");
                (draft.applied(), draft.sheet().clone(), (head.revision, head.applied))
            }
            Err(why @ (NoDraft::Shut { .. } | NoDraft::NotYet)) => return Err(why.into()),
            Err(NoDraft::NoFlow(_)) => {
                let none = Sheet::new(&FlowDefinition::new(name), &Layout::new())?;
                (none.clone(), none, (0, None))
            }
        };
        let layout = applied.layout_of(&flow)?;
        let sheet = Sheet::new(&flow, &layout)?;
        let flow = sheet.definition()?;
        let (revision, applied_revision) = revisions;
        let is_ahead = sheet.flow() != applied.flow();
        let is_in_the_way = super::deploy::is_in_the_way(&now, &applied, &sheet);
        let moment = Moment { revision, applied_revision, is_ahead, is_in_the_way, sheet, applied };
        self.plan_of(name, &moment, &flow).map_err(CreateError::from)
    }

    fn plan_of(
        &self,
        name: &str,
        moment: &Moment,
        flow: &FlowDefinition,
    ) -> Result<FlowPlan, ApplyError> {
        let changes = diff(&moment.applied.definition()?, flow, &*self.specs);
        let (findings, preview) = match self.valid(flow) {
            Ok(valid) => {
                let preview = match self.flow(name) {
                    Some(flow) => flow.preview(&valid),
                    None => Preview::first(&valid),
                };
                (valid.warnings, Some(preview))
            }
            Err(ApplyError::Invalid(findings)) => (findings, None),
            Err(other) => return Err(other),
        };
        let Moment { revision, applied_revision, is_ahead, is_in_the_way, .. } = *moment;
        Ok(FlowPlan {
            revision,
            applied_revision,
            is_ahead,
            is_in_the_way,
            findings,
            changes,
            preview,
        })
    }

    /// With the values that its parameters have at this moment.
    pub(super) fn valid(&self, flow: &FlowDefinition) -> Result<ValidFlow, ApplyError> {
        let values = (self.parameters)(flow).map_err(ApplyError::Parameters)?;
        tutti_model::validate(flow, &*self.specs, &values).map_err(ApplyError::Invalid)
    }

    /// Makes the draft, which must have that revision, the flow that runs and its file; what waits
    /// in connections that it does not have goes into the trash, or hinders it. Whoever drops this
    /// does not end it.
    pub(crate) async fn apply(
        self: Arc<Self>,
        name: String,
        revision: u64,
        is_trashing: bool,
    ) -> Result<AppliedFlow, ApplyError> {
        let applying = tokio::spawn(async move {
            let turn = self.turn(&name).await?;
            self.make_run(&turn, &name, revision, is_trashing).await
        });
        applying.await.unwrap_or(Err(ApplyError::Ended))
    }

    /// The same for whose turn it is with that desk. Must not be dropped.
    pub(super) async fn make_run(
        self: &Arc<Self>,
        Turn { desk, .. }: &Turn,
        name: &str,
        revision: u64,
        is_trashing: bool,
    ) -> Result<AppliedFlow, ApplyError> {
        let begun = {
            let (studio, desk, name) = (Arc::clone(self), Arc::clone(desk), name.to_owned());
            spawn_blocking(move || studio.begin(&name, &desk, revision)).await
        };
        let Begun { valid, written, kept, warning: of_file } =
            begun.map_err(|_| ApplyError::Ended)??;
        // The file comes first: what a crash leaves is what the next start makes true. The other
        // way round flowfiles would wait under names that the file does not know.
        let published: Arc<Mutex<Option<Published>>> = Arc::default();
        let run = if self.flow(name).is_some() {
            let first = written.map(|written| first(written, Arc::clone(&published)));
            let options = EditOptions { wait_max: STOP_MAX, is_trashing, first };
            self.engine.edit(valid, options).await.map_err(ApplyError::from)
        } else {
            self.run_first(valid, written, &published).await
        };
        let edited = match run {
            Ok(edited) => edited,
            // It may count all the same; then the file is right, and so it is for the next start.
            Err(stopping @ ApplyError::Edit(EditError::Stopping)) => return Err(stopping),
            Err(why) => {
                let back = published.lock().take().map(Published::take_back);
                return Err(match back {
                    Some(Err(error)) => ApplyError::NotTakenBack(error),
                    None | Some(Ok(())) => why,
                });
            }
        };
        let desk = Arc::clone(desk);
        let noted = spawn_blocking(move || {
            *desk.last_filed.lock() = kept.clone();
            desk.draft.lock().note_applied(revision, &kept).map_err(|error| chain(&error))
        });
        let of_log = noted.await.map_err(|_| ApplyError::Ended)?.err().map(|why| {
            format!("the flow runs and its file says so, but what is edited does not know: {why}")
        });
        let of_disk = edited.unsure.as_ref().map(|why| {
            format!(
                "the flow runs, but may not as it is now after a crash until there is room: {why}"
            )
        });
        let warnings: Vec<String> = of_file.into_iter().chain(of_log).chain(of_disk).collect();
        let warning = (!warnings.is_empty()).then(|| warnings.join("; "));
        self.updates.tell(Update::applied(name, revision));
        Ok(AppliedFlow { applied_revision: revision, edited, warning })
    }

    /// Runs a flow that does not run yet.
    async fn run_first(
        &self,
        valid: ValidFlow,
        written: Option<Written>,
        published: &Arc<Mutex<Option<Published>>>,
    ) -> Result<Edited, ApplyError> {
        let edited = Preview::first(&valid).edited;
        if let Some(written) = written {
            let first = first(written, Arc::clone(published));
            let done = spawn_blocking(first).await.map_err(|_| ApplyError::Ended)?;
            done.map_err(|error| ApplyError::from(EditError::First(error)))?;
        }
        self.engine.add(valid).await?;
        Ok(edited)
    }

    /// All that can be seen to fail before anything that runs is touched.
    fn begin(&self, name: &str, desk: &Desk, revision: u64) -> Result<Begun, ApplyError> {
        let (seen, is_gone) = self.take_file(name, desk)?;
        let (found, sheet) = desk.now();
        if found != revision {
            return Err(ApplyError::Stale { found });
        }
        let flow = desk.findings.definition(revision, &sheet)?;
        let layout = sheet.layout_of(&flow)?;
        let valid = self.valid(&flow)?;
        let written = desk.files.as_ref().map(|files| files.write(&flow, &layout, seen));
        let files = desk.files.as_ref().filter(|_| is_gone);
        let warning = files.map(|files| {
            format!("its file \"{}\" was gone, and is there again", files.flow.display())
        });
        let kept = Sheet::new(&flow, &layout)?;
        Ok(Begun { valid, written: written.transpose()?, kept, warning })
    }

    /// Takes in what something else has made of the flow's file since it was read or written last:
    /// nothing overwrites what it has not seen. Hands back what was seen, and whether it is gone.
    fn take_file(&self, name: &str, desk: &Desk) -> Result<(Seen, bool), ApplyError> {
        let Some(files) = &desk.files else { return Ok((Seen::default(), false)) };
        let (found, seen) = files.read()?;
        let Some(found) = found else { return Ok((seen, true)) };
        let mut known = desk.last_filed.lock();
        if found == *known {
            return Ok((seen, false));
        }
        let check = |flow: &FlowDefinition| self.secrets(flow);
        let mut draft = desk.draft.lock();
        let merged = match draft.merge_file(&known, &found, now_ms(), &check) {
            Err(Refusal::Conflicts(_)) => {
                return Err(ApplyError::FileChanged(files.flow.clone()));
            }
            merged => merged?,
        };
        if let Some(operation) = merged {
            self.updates.tell(Update::operation(name, &operation));
        }
        *known = found;
        Ok((seen, false))
    }
}
