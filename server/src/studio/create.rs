//! A flow is made, or comes from outside as a whole.

use std::io;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tutti_editing::{FileError, FlowFiles, Refusal, Sheet, difference};
use tutti_model::definition::FlowDefinition;
use tutti_model::diagnostic::Diagnostic;
use tutti_model::document::Document;
use tutti_model::layout::Layout;

use super::{Act, ApplyError, Studio, Update};

/// A flow that is to be made.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewFlow {
    name: String,
    #[serde(default)]
    description: String,
}

/// What came of a flow from outside.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
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
    #[error("this is no flow")]
    NoFlow(Vec<Diagnostic>),
    #[error(transparent)]
    Plan(Box<ApplyError>),
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
        let flow = definition(&flow.to_string())?;
        if self.desk(&new.name).is_some() {
            return Err(CreateError::Exists(new.name.clone()));
        }
        self.add(&flow, &Layout::new())
    }

    /// Makes the flow for who has none.
    pub(crate) fn demo(&self) -> Result<Taken, CreateError> {
        let home = self.home.get().ok_or(CreateError::NotYet)?;
        let text = (home.demo)().map_err(CreateError::Demo)?;
        let flow = definition(&text)?;
        if self.desk(&flow.name.value).is_some() {
            return Err(CreateError::Exists(flow.name.value.clone()));
        }
        self.add(&flow, &Layout::new())
    }

    /// Makes the draft of a flow what `text` says; a flow that there is not is made.
    pub(crate) fn take(&self, name: &str, text: &str) -> Result<Taken, CreateError> {
        let flow = named(name, text)?;
        let secrets = self.secrets(&flow);
        if !secrets.is_empty() {
            return Err(CreateError::NoFlow(secrets));
        }
        let Some(desk) = self.desk(name) else { return self.add(&flow, &Layout::new()) };
        let changes = {
            let draft = desk.draft.lock();
            let layout = draft.sheet().layout_of(&flow)?;
            difference(draft.sheet(), &Sheet::new(&flow, &layout)?)
        };
        let act = Act::Change { label: "Deployed".to_owned(), changes };
        let edit = self.act(name, act).ok_or(CreateError::NotYet)??;
        Ok(Taken { name: name.to_owned(), revision: edit.revision, is_new: false })
    }

    fn add(&self, flow: &FlowDefinition, layout: &Layout) -> Result<Taken, CreateError> {
        let name = flow.name.value.clone();
        let home = self.home.get().ok_or(CreateError::NotYet)?;
        let files = FlowFiles { flow: home.flows.join(format!("{name}.json")) };
        if files.flow.exists() {
            return Err(CreateError::Exists(name));
        }
        std::fs::create_dir_all(&home.flows)
            .map_err(|source| FileError { path: home.flows.clone(), source })?;
        files.write(flow, layout)?.publish()?;
        self.open(flow, layout, Some(files))?;
        self.updates.tell(Update::new("flows", &json!({ "added": name })));
        let revision = self.desk(&name).map_or(1, |desk| desk.draft.lock().head("").revision);
        Ok(Taken { name, revision, is_new: true })
    }
}

/// A flow that can be read, with mistakes or without.
fn definition(text: &str) -> Result<FlowDefinition, CreateError> {
    let document = Document::parse(text, "").map_err(CreateError::NoFlow)?;
    let flow = FlowDefinition::parse(&document);
    let unread = flow.unread();
    if unread.is_empty() { Ok(flow) } else { Err(CreateError::NoFlow(unread)) }
}

/// The same, of that name.
pub(super) fn named(name: &str, text: &str) -> Result<FlowDefinition, CreateError> {
    let flow = definition(text)?;
    let own = &flow.name.value;
    if own == name {
        return Ok(flow);
    }
    Err(CreateError::Name(format!("the flow is called \"{own}\", not \"{name}\"")))
}
