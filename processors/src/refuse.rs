//! What becomes of a flowfile that cannot be worked on.

use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::{FAILURE, ProcessError, Retry, Session};

/// Sends it to `failure` when another try cannot help. What may pass, such as a full disk, is for
/// the engine to repeat: it rolls back, penalises and reports.
pub(crate) fn refuse(
    session: &mut Session,
    flowfile: FlowFile,
    error: ProcessError,
) -> Result<(), ProcessError> {
    if error.retry() == Retry::Later {
        return Err(error);
    }
    session.fail(flowfile, FAILURE, &error);
    Ok(())
}
