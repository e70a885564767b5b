//! The drafts of the flows that are served: edited, looked at, and applied to what runs.
//!
//! Must never hold the lock of a draft while it waits for the engine, nor let what runs, the
//! flow's file and the log say different things without telling so.

mod apply;
mod create;
mod delete;
mod deploy;
mod findings;
mod foresee;
mod parameters;
mod turn;
mod updates;
mod verify;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::clock::now_ms;
use crate::{FlowSummary, Service};
use parking_lot::{Mutex, RwLock};
use serde::{Serialize, Serializer};
use serde_json::Value;
use tokio::sync::Semaphore;
use tutti_editing::{
    Change, Damage, Draft, FlowFiles, Operation, Refusal, Sheet, Step, Submission, Which,
};
use tutti_model::chain;
use tutti_model::codes::Code;
use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::layout::Layout;
use tutti_model::parameter::ParameterValues;
use tutti_model::spec::SpecSource;
use tutti_model::valid::ValidFlow;
use tutti_runtime::{EngineState, Flow};
use utoipa::ToSchema;

use findings::Findings;
use foresee::ForeseenEdit;
use turn::Turn;

pub(crate) use apply::{AppliedFlow, ApplyError, FlowPlan};
pub(crate) use create::{CreateError, NewFlow, Taken};
pub(crate) use delete::{Deleted, Deletion};
pub(crate) use deploy::{Deployed, Deployment, ToDeploy};
pub(crate) use parameters::UnknownValues;
pub(crate) use turn::APPLYING_MAX;
pub(crate) use updates::{FlowsEvent, Update, Updates, WatchEvent};
pub(crate) use verify::VerifyRefusal;

/// What flows may be made of.
pub type Specs = Arc<dyn SpecSource + Send + Sync>;

/// The values that parameters of a flow are given where it runs, or why there are none.
pub type Parameters = Box<dyn Fn(&FlowDefinition) -> Result<ParameterValues, String> + Send + Sync>;

/// Makes what a first flow needs, and hands back its text.
pub type Demo = Box<dyn Fn() -> io::Result<String> + Send + Sync>;

/// Where drafts and flows are kept.
pub struct Home {
    /// The logs of drafts.
    pub logs: PathBuf,
    /// The files of flows that are made here.
    pub flows: PathBuf,
    /// The flow for who has none.
    pub demo: Demo,
}

impl Home {
    /// The log of a flow's draft.
    fn log(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{name}.log"))
    }
}

/// The drafts of the flows that are served. One that cannot run has a draft all the same.
pub struct Studio {
    engine: Arc<dyn Service>,
    specs: Specs,
    parameters: Parameters,
    home: OnceLock<Home>,
    desks: RwLock<BTreeMap<String, Arc<Desk>>>,
    /// Why flows have no draft that are served all the same.
    shut: RwLock<BTreeMap<String, Shut>>,
    /// Places to apply and delete in.
    places: Arc<Semaphore>,
    /// One flow is made at a time.
    making: Mutex<()>,
    /// Whether all drafts are open that there were.
    whole: AtomicBool,
    updates: Updates,
}

/// A flow that is edited.
struct Desk {
    draft: Mutex<Draft>,
    /// Where it is kept besides; nowhere when it came from standard input.
    files: Option<FlowFiles>,
    /// What these files said when they were read or written last.
    last_filed: Mutex<Sheet>,
    /// What is known to be wrong with it.
    findings: Findings,
    /// One application at a time.
    applying: Arc<tokio::sync::Mutex<()>>,
}

/// A flow whose draft cannot be opened.
struct Shut {
    why: String,
    files: Option<FlowFiles>,
}

impl Desk {
    /// The draft as it is, with its revision.
    fn now(&self) -> (u64, Sheet) {
        let draft = self.draft.lock();
        (draft.head("").revision, draft.sheet().clone())
    }
}

/// Why there is no draft of that name.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoDraft {
    /// There is no flow.
    #[error("no flow \"{0}\" is served")]
    NoFlow(String),
    /// Nobody knows yet whether there is one: the server has only begun.
    #[error("the flows are not there yet: the server has only begun")]
    NotYet,
    /// There is a flow, and its draft could not be opened.
    #[error("the flow \"{flow}\" cannot be edited: {why}")]
    Shut {
        /// The flow.
        flow: String,
        /// Why.
        why: String,
    },
}

/// A draft as a client sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Draft)]
pub(crate) struct DraftView {
    name: String,
    pub(crate) revision: u64,
    #[schema(required)]
    applied_revision: Option<u64>,
    /// Whether what was applied is another one, or lies otherwise.
    is_ahead: bool,
    /// Whether it runs at all: a flow that was just made does not, nor does one with mistakes.
    is_running: bool,
    /// `null` to whoever has it already.
    #[schema(required)]
    flow: Option<Value>,
    /// `null` to whoever has it already.
    #[schema(required)]
    layout: Option<Value>,
    /// What is wrong with it.
    #[serde(serialize_with = "all")]
    #[schema(value_type = Vec<Diagnostic>)]
    findings: Arc<[Diagnostic]>,
    /// Why nobody knows the values of its parameters: then nothing is said of those that have none.
    #[schema(required)]
    parameters_error: Option<String>,
    /// What is wrong with the log of what was edited, in words: editing goes on all the same.
    damage: Vec<String>,
    /// What the caller would undo.
    #[schema(required)]
    undo: Option<Step>,
    /// What the caller would redo.
    #[schema(required)]
    redo: Option<Step>,
}

/// What an edit did.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Accepted)]
pub(crate) struct Edit {
    pub(crate) revision: u64,
    /// None when all was so already.
    #[schema(required)]
    operation: Option<Arc<Operation>>,
    /// What the caller would undo now.
    #[schema(required)]
    undo: Option<Step>,
    /// What the caller would redo now.
    #[schema(required)]
    redo: Option<Step>,
    /// What it would have done, when that alone was asked for; `operation` is `null` then.
    #[serde(skip_serializing_if = "Option::is_none")]
    dry_run: Option<ForeseenEdit>,
}

/// A page of a log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OperationPage)]
pub(crate) struct Operations {
    /// The oldest first.
    operations: Vec<Arc<Operation>>,
    /// The revision after which the next page begins; none when this is the last.
    #[schema(required)]
    next: Option<u64>,
}

/// One of the things that can be done to a draft.
#[derive(Debug)]
pub(crate) enum Act {
    Change {
        label: String,
        changes: Vec<Change>,
    },
    Undo(Which),
    Redo(Which),
    RollBack {
        revision: u64,
    },
    /// The flow, and not how it lies, becomes that of a text.
    Deploy {
        flow: Box<FlowDefinition>,
        replaces: Replaces,
    },
}

/// Which draft a text from outside may take the place of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Replaces {
    /// One that is as it was applied: who deploys has not seen what others have changed there.
    Applied,
    /// That revision.
    Revision(u64),
    /// Whatever there is; it can be gone back to.
    Any,
}

impl Studio {
    /// For the flows of `engine`, which may be made of `specs`.
    pub fn new(engine: Arc<dyn Service>, specs: Specs, parameters: Parameters) -> Self {
        let (home, desks, updates) = (OnceLock::new(), RwLock::default(), Updates::new());
        let making = Mutex::default();
        let (shut, whole) = (RwLock::default(), AtomicBool::new(false));
        let places = Arc::new(Semaphore::new(APPLYING_MAX));
        Self { engine, specs, parameters, home, desks, shut, places, making, whole, updates }
    }

    /// Says where drafts and new flows are kept, from when on there are some.
    pub fn settle(&self, home: Home) {
        // It is at home where it was told first.
        let _ = self.home.set(home);
    }

    /// Says that all drafts are open that there were: what is not there now is nowhere.
    pub fn complete(&self) {
        self.whole.store(true, Ordering::Release);
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.whole.load(Ordering::Acquire)
    }

    /// Opens the draft of a flow. Hands back what its user is to be told. Must be
    /// [settled](Self::settle) before.
    ///
    /// # Errors
    /// When the log cannot be read or written. The flow runs all the same, and who wants to edit
    /// it is told why that cannot be.
    pub fn open(
        &self,
        flow: &FlowDefinition,
        layout: &Layout,
        files: Option<FlowFiles>,
    ) -> Result<Vec<Damage>, Refusal> {
        self.open_desk(flow, layout, files.clone()).inspect_err(|error| {
            let shut = Shut { why: chain(error), files };
            self.shut.write().insert(flow.name.value.clone(), shut);
        })
    }

    fn open_desk(
        &self,
        flow: &FlowDefinition,
        layout: &Layout,
        files: Option<FlowFiles>,
    ) -> Result<Vec<Damage>, Refusal> {
        let sheet = Sheet::new(flow, layout)?;
        let Some(home) = self.home.get() else {
            return Err(Refusal::Malformed("no drafts are kept yet".to_owned()));
        };
        let path = home.log(&flow.name.value);
        let check = |flow: &FlowDefinition| self.secrets(flow);
        let draft = Draft::open(&path, &sheet, now_ms(), &check)?;
        let damage = draft.damage().to_vec();
        let desk = Arc::new(Desk {
            draft: Mutex::new(draft),
            files,
            last_filed: Mutex::new(sheet),
            findings: Findings::default(),
            applying: Arc::default(),
        });
        self.desks.write().insert(flow.name.value.clone(), desk);
        Ok(damage)
    }

    /// The flow as it ran last, and as it is to run now, where these differ and both can run: a
    /// crash came between its file and what ran, or somebody changed the file. Must be
    /// [settled](Self::settle) before, and asked before its draft is [opened](Self::open).
    pub fn other_last_time(&self, flow: &FlowDefinition) -> Option<(ValidFlow, ValidFlow)> {
        // What cannot be read is told when it is opened.
        let ran = Draft::ran_last(&self.home.get()?.log(&flow.name.value)).ok()??;
        let old = ran.definition().ok().filter(|old| old != flow)?;
        Some((self.valid(&old).ok()?, self.valid(flow).ok()?))
    }

    pub(crate) fn updates(&self) -> &Updates {
        &self.updates
    }

    /// What a flow's file may say.
    pub(crate) fn flow_schema(&self) -> Value {
        tutti_model::schema::flow_schema(&*self.specs)
    }

    /// The flow of that name that runs.
    pub(crate) fn flow(&self, name: &str) -> Option<Flow> {
        self.engine.flow(name)
    }

    /// The same for who must have one.
    pub(crate) fn running(&self, name: &str) -> Result<Flow, NoDraft> {
        let is_starting = || self.engine.state() == EngineState::Starting;
        match self.flow(name) {
            Some(flow) => Ok(flow),
            None if is_starting() || !self.is_whole() => Err(NoDraft::NotYet),
            None => Err(NoDraft::NoFlow(name.to_owned())),
        }
    }

    /// Whether there is a draft of that name.
    pub(crate) fn is_edited(&self, name: &str) -> bool {
        self.desk(name).is_ok()
    }

    fn desk(&self, name: &str) -> Result<Arc<Desk>, NoDraft> {
        if let Some(desk) = self.desks.read().get(name) {
            return Ok(Arc::clone(desk));
        }
        let flow = name.to_owned();
        match self.shut.read().get(name) {
            Some(shut) => Err(NoDraft::Shut { flow, why: shut.why.clone() }),
            None if self.is_whole() => Err(NoDraft::NoFlow(flow)),
            None => Err(NoDraft::NotYet),
        }
    }

    /// The draft of the flow `name` as `author` sees it.
    pub(crate) fn draft(
        &self,
        name: &str,
        author: &str,
        known: Option<u64>,
    ) -> Result<DraftView, NoDraft> {
        let desk = self.desk(name)?;
        let (sheet, head, damage) = {
            let draft = desk.draft.lock();
            let damage = draft.damage().iter().map(ToString::to_string).collect();
            (draft.sheet().clone(), draft.head(author), damage)
        };
        let wrong = desk.findings.of(head.revision, &sheet, &*self.specs, &self.parameters);
        let running = self.flow(name).map(|flow| is_more(&flow, head.is_ahead));
        let parts = (known != Some(head.revision)).then(|| sheet.into_parts());
        let (flow, layout) = parts.unzip();
        Ok(DraftView {
            name: name.to_owned(),
            revision: head.revision,
            applied_revision: head.applied.filter(|_| running != Some(false)),
            is_ahead: head.is_ahead,
            is_running: running.is_some_and(|is_more| is_more),
            flow,
            layout,
            findings: wrong.findings,
            parameters_error: wrong.parameters,
            damage,
            undo: head.undo,
            redo: head.redo,
        })
    }

    /// Adds the flows that do not run, and why some cannot be edited.
    pub(crate) fn add_resting(&self, flows: &mut Vec<FlowSummary>) {
        // A draft may be at its disk: all others are looked up meanwhile.
        let desks = self.desks.read().clone();
        for (name, desk) in &desks {
            if let Some(flow) = flows.iter_mut().find(|flow| flow.name == *name) {
                // As one that does not run yet, it is not in the engine for its users.
                flow.is_running &=
                    !flow.processors.is_empty() || !desk.draft.lock().head("").is_ahead;
            } else {
                let description = desk.draft.lock().sheet().flow()["description"].clone();
                flows.push(FlowSummary::resting(name, description.as_str().unwrap_or_default()));
            }
        }
        for (name, shut) in &*self.shut.read() {
            let trouble = Some(shut.why.clone());
            if let Some(flow) = flows.iter_mut().find(|flow| flow.name == *name) {
                flow.trouble = trouble;
            } else {
                flows.push(FlowSummary { trouble, ..FlowSummary::resting(name, "") });
            }
        }
        flows.sort_by(|left, right| left.name.cmp(&right.name));
    }

    /// At most `limit` operations of a draft after a revision.
    pub(crate) fn operations(
        &self,
        name: &str,
        after: u64,
        limit: usize,
    ) -> Result<Operations, NoDraft> {
        let desk = self.desk(name)?;
        let draft = desk.draft.lock();
        let mut all = draft.operations_after(after);
        let operations: Vec<_> = all.by_ref().take(limit).cloned().collect();
        let next = operations.last().filter(|_| all.next().is_some()).map(|last| last.revision);
        Ok(Operations { operations, next })
    }

    /// `author` does something to a draft; everybody who watches sees it.
    pub(crate) fn act(
        &self,
        name: &str,
        author: &str,
        act: Act,
    ) -> Result<Result<Edit, Refusal>, NoDraft> {
        let desk = self.desk(name)?;
        let check = |flow: &FlowDefinition| self.secrets(flow);
        let mut draft = desk.draft.lock();
        let done = match act {
            Act::Change { label, changes } => {
                let author = author.to_owned();
                draft.submit(Submission { author, time_ms: now_ms(), label, changes }, &check)
            }
            Act::Undo(which) => draft.undo(author, which, now_ms(), &check),
            Act::Redo(which) => draft.redo(author, which, now_ms(), &check),
            Act::RollBack { revision } => draft.roll_back(author, now_ms(), revision, &check),
            Act::Deploy { flow, replaces } => {
                deploy::bring(&mut draft, author, &flow, replaces, &check)
            }
        };
        Ok(done.map(|operation| {
            if let Some(operation) = &operation {
                // Told under the lock, so that all are told in the log's order.
                self.updates.tell(Update::operation(name, operation));
            }
            let head = draft.head(author);
            Edit::now(head, operation)
        }))
    }

    /// What must not get into a log, let alone into git.
    fn secrets(&self, flow: &FlowDefinition) -> Vec<Diagnostic> {
        // What is a secret is one whatever its value.
        let mut findings = tutti_model::check(flow, &*self.specs, &ParameterValues::new());
        findings.retain(|one| matches!(one.code, Code::LiteralSecret | Code::SecretParameter));
        findings
    }
}

fn all<S: Serializer>(findings: &[Diagnostic], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(findings)
}

/// Whether more of a flow runs than the nothing that stands for it until it is applied: after a
/// restart its empty file runs.
fn is_more(flow: &Flow, is_ahead: bool) -> bool {
    !is_ahead || flow.definition().processors().next().is_some()
}
