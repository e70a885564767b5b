//! The parameters that a group of a draft sees, whether the draft is right or not.

use tutti_editing::Refusal;
use tutti_model::definition::FlowDefinition;
use tutti_model::parameter::{ParameterValues, Parameters, parameters_of};

use super::{NoDraft, Studio};

/// Why nobody knows the values of parameters of a draft.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnknownValues {
    #[error(transparent)]
    NoDraft(#[from] NoDraft),
    #[error(transparent)]
    Draft(#[from] Refusal),
    #[error("the values of parameters cannot be read: {0}")]
    Unread(String),
}

impl Studio {
    /// The parameters that the group at `path` sees, with the values that they have here. A group
    /// that there is not sees those of the one that it would be in.
    pub(crate) fn parameters(&self, flow: &str, path: &str) -> Result<Parameters, UnknownValues> {
        let (definition, values) = self.with_values(flow)?;
        Ok(parameters_of(&definition, &values, path))
    }

    /// The flow that a draft is, and the values that its parameters have here.
    pub(super) fn with_values(
        &self,
        flow: &str,
    ) -> Result<(FlowDefinition, ParameterValues), UnknownValues> {
        let desk = self.desk(flow)?;
        let (revision, sheet) = desk.now();
        let definition = desk.findings.definition(revision, &sheet)?;
        let values = self.values(&definition)?;
        Ok((definition, values))
    }

    /// The values that a flow's parameters have here.
    pub(super) fn values(&self, flow: &FlowDefinition) -> Result<ParameterValues, UnknownValues> {
        (self.parameters)(flow).map_err(UnknownValues::Unread)
    }
}
