//! What funnels and ports do: hand on what comes, as it is.

use async_trait::async_trait;
use tutti_sdk::{ProcessError, ProcessorContext, Runnable, Session};

/// The only way out of a funnel or port.
pub(crate) const ANONYMOUS: &str = "";
/// Flowfiles that are handed on at a time, when what comes after has room for them.
const BATCH_MAX: usize = 1_000;

pub(crate) struct PassThrough;

#[async_trait]
impl Runnable for PassThrough {
    async fn on_scheduled(&self, _: &ProcessorContext) -> Result<(), ProcessError> {
        Ok(())
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        for flowfile in session.get_batch(BATCH_MAX)? {
            session.transfer(flowfile, ANONYMOUS);
        }
        Ok(())
    }

    async fn on_stopped(&self, _: &ProcessorContext) {}
}
