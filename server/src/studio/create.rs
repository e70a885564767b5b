//! A flow is made, or comes from outside as a whole.

use std::io;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tutti_editing::{FileError, FlowFiles, Refusal, Seen, set_aside};
use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::layout::Layout;
use utoipa::ToSchema;

use super::{Act, ApplyError, Edit, FlowsEvent, NoDraft, Replaces, Studio, Update, WatchEvent};

/// A flow that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewFlow {
    name: String,
    #[serde(default)]
    description: String,
}

/// What came of a flow from outside.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TakenFlow)]
pub(crate) struct Taken {
    pub(crate) name: String,
    pub(crate) revision: u64,
    pub(crate) is_new: bool,
}

/// Why a flow was not made, or not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CreateError {
    #[error("{0}")]
    Name(String),
    #[error("there is a flow \"{0}\" already")]
    Exists(String),
    #[error(transparent)]
    NoDraft(#[from] NoDraft),
    #[error("this is no flow")]
    NoFlow(Vec<Diagnostic>),
    #[error(transparent)]
    Apply(Box<ApplyError>),
    #[error("{why}; what was to run stays there as the draft, which could not be restored: {left}")]
    Left { why: Box<Self>, left: String },
    #[error("the recordings of the demo cannot be written")]
    Demo(#[source] io::Error),
    #[error("the server does not keep flows yet")]
    NotYet,
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Draft(#[from] Refusal),
}

impl Studio {
    /// Makes an empty flow, which runs when it is applied first.
    pub(crate) fn create(&self, new: &NewFlow) -> Result<Taken, CreateError> {
        let mut flow = json!({ "format": 1, "name": new.name });
        if !new.description.is_empty() {
            flow["description"] = Value::from(new.description.as_str());
        }
        let flow = read(&flow.to_string())?;
        if self.is_edited(&new.name) {
            return Err(CreateError::Exists(new.name.clone()));
        }
        self.add("", &flow)
    }

    /// Makes the flow for who has none.
    pub(crate) fn demo(&self, author: &str) -> Result<Taken, CreateError> {
        let home = self.home.get().ok_or(CreateError::NotYet)?;
        let text = (home.demo)().map_err(CreateError::Demo)?;
        let flow = read(&text)?;
        if self.is_edited(&flow.name.value) {
            return Err(CreateError::Exists(flow.name.value.clone()));
        }
        self.add(author, &flow)
    }

    /// Makes the draft of a flow what `text` says; a flow that there is not is made.
    ///
    /// What there is already is replaced only by who has seen it, as `replaces` says; none where it
    /// must not be there at all.
    pub(crate) fn take(
        &self,
        name: &str,
        author: &str,
        text: &str,
        replaces: Option<Replaces>,
    ) -> Result<Taken, CreateError> {
        let flow = named(name, text)?;
        if let Err(NoDraft::NoFlow(_)) = self.desk(name) {
            return self.add(author, &flow);
        }
        let replaces = replaces.ok_or_else(|| CreateError::Exists(name.to_owned()))?;
        let edit = self.act(name, author, Act::Deploy { flow: Box::new(flow), replaces })??;
        Ok(Taken { name: name.to_owned(), revision: edit.revision, is_new: false })
    }

    /// Makes a flow whose file is empty, and its draft what `flow` says: as nobody has applied it,
    /// the next start must not run it either.
    pub(super) fn add(&self, author: &str, flow: &FlowDefinition) -> Result<Taken, CreateError> {
        let secrets = self.secrets(flow);
        if !secrets.is_empty() {
            return Err(Refusal::Findings(secrets).into());
        }
        let mut empty = FlowDefinition::new(&flow.name.value);
        empty.root.description.clone_from(&flow.root.description);
        let layout = Layout::new();
        let name = flow.name.value.clone();
        let home = self.home.get().filter(|_| self.is_whole()).ok_or(CreateError::NotYet)?;
        let files = FlowFiles { flow: home.flows.join(format!("{name}.json")) };
        let _making = self.making.lock();
        if files.flow.exists() || self.is_edited(&name) {
            return Err(CreateError::Exists(name));
        }
        std::fs::create_dir_all(&home.flows)
            .map_err(|source| FileError::write(home.flows.clone(), source))?;
        // What there was of a flow of that name that is gone is not this one's.
        set_aside(&home.log(&name))?;
        let written = files.write(&empty, &layout, Seen::default())?;
        self.open_desk(&empty, &layout, Some(files))?;
        let act = Act::Deploy { flow: Box::new(flow.clone()), replaces: Replaces::Any };
        let made = self.act(&name, author, act).map_err(CreateError::from);
        let made = made.and_then(|made| Ok((made?, written.publish()?)));
        let (Edit { revision, .. }, _) = made.inspect_err(|_| {
            self.desks.write().remove(&name);
        })?;
        self.updates.tell(Update::new(&WatchEvent::Flows(FlowsEvent::Added(&name))));
        Ok(Taken { name, revision, is_new: true })
    }
}

/// A flow that can be read, with mistakes or without.
fn read(text: &str) -> Result<FlowDefinition, CreateError> {
    FlowDefinition::read(text, "").map_err(CreateError::NoFlow)
}

/// The same, of that name.
pub(super) fn named(name: &str, text: &str) -> Result<FlowDefinition, CreateError> {
    let flow = read(text)?;
    let own = &flow.name.value;
    if own == name {
        return Ok(flow);
    }
    Err(CreateError::Name(format!("the flow is called \"{own}\", not \"{name}\"")))
}
