//! Attributes of flowfiles.

use tutti_sdk::model::flowfile::FlowFile;
use wasmtime::Result;
use wasmtime::component::Resource;

use super::{Answer, FlowFileHandle};
use crate::guest::Guest;
use crate::limits::{ATTRIBUTE_BYTES_MAX, ATTRIBUTES_MAX};
use crate::wit::Refusal;

/// All attributes of a flowfile, as the contract has them.
pub(super) fn all(flowfile: &FlowFile) -> Vec<(String, String)> {
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    flowfile.attributes().iter().map(owned).collect()
}

impl Guest {
    pub(super) fn attribute(
        &mut self,
        handle: &Resource<FlowFileHandle>,
        name: &str,
    ) -> Result<Option<String>> {
        Ok(self.flowfile(handle.rep())?.attribute(name).map(ToOwned::to_owned))
    }

    pub(super) fn set_attributes(
        &mut self,
        handle: &Resource<FlowFileHandle>,
        set: &[(String, String)],
        remove: &[String],
    ) -> Answer<()> {
        let flowfile = self.flowfile(handle.rep())?;
        let more = set.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
        let attributes = flowfile.attributes();
        if attributes.len() + set.len() > ATTRIBUTES_MAX
            || attributes.text_bytes() + more > ATTRIBUTE_BYTES_MAX
        {
            return Ok(Err(Refusal::Limit(format!(
                "a flowfile may have {ATTRIBUTES_MAX} attributes, of {ATTRIBUTE_BYTES_MAX} bytes \
                 together; what is long belongs into its content"
            ))));
        }
        if let Some((name, _)) = set.iter().find(|(name, _)| name.is_empty() || name.contains('\0'))
        {
            return Ok(Err(Refusal::Invalid(format!(
                "an attribute cannot be called {name:?}: a name has at least one character, and no \
                 zero byte"
            ))));
        }
        for name in remove {
            flowfile.remove_attribute(name);
        }
        for (name, value) in set {
            flowfile.set_attribute(name, value);
        }
        Ok(Ok(()))
    }
}
