//! What is told of the content of a flowfile, for processors that go by it.

use tutti_sdk::ProcessError;
use tutti_sdk::model::flowfile::{FlowFile, core_attribute};

/// The attribute `mime.type`, which is to say what the property `instead_of` does not.
pub(crate) fn told<'f>(flowfile: &'f FlowFile, instead_of: &str) -> Result<&'f str, ProcessError> {
    flowfile.attribute(core_attribute::MIME_TYPE).ok_or_else(|| {
        ProcessError::user("the attribute \"mime.type\", which is to say the format, is not there")
            .with_help(format!("put IdentifyMimeType in front, or set \"{instead_of}\""))
    })
}
