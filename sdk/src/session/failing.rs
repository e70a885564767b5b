//! What becomes of flowfiles that a processor cannot work on, and what the operator hears of it.

use tutti_model::flowfile::FlowFile;
use tutti_model::provenance::EventType;

use super::Session;
use crate::attempts::is_in_vain;
use crate::bulletin::{Bulletin, Level};
use crate::held::Held;
use crate::{FAILURE, ProcessError, Retry};

impl Session {
    /// Sends `flowfile` to `relationship`, usually `failure`, and tells the operator why: as a
    /// warning when it is tried again instead, which the flow may want of errors that may pass. Its
    /// attributes say why too, and content that cannot be derived becomes what it was to be made
    /// from.
    pub fn fail(&mut self, mut flowfile: FlowFile, relationship: &str, error: &ProcessError) {
        let is_final = error.retry() == Retry::Never;
        let is_tried_again = !is_final && self.host.is_tried_again(flowfile.id(), relationship);
        let level = if is_tried_again { Level::Warning } else { Level::Error };
        self.context.host.report(self.told(level, Some(&flowfile), error));
        let content = flowfile.content().clone();
        error.note_on(&mut flowfile, self.context.component());
        if *flowfile.content() != content {
            let event = self.event(EventType::ContentModified, &flowfile);
            self.changes.events.push(event);
        }
        self.transfer(flowfile, relationship);
        if let Some(transfer) = self.changes.transfers.last_mut() {
            transfer.is_final = is_final;
        }
    }

    /// Puts `flowfile` back into the queue that it was taken from because of `error`, for
    /// processors that have no relationship for what fails: it is tried again when its penalty has
    /// passed, each time twice as long, and the operator is told why: as a warning when that may
    /// help.
    #[allow(clippy::needless_pass_by_value, reason = "what was handed on is not to be used again")]
    pub fn give_back_failed(&mut self, flowfile: FlowFile, error: &ProcessError) {
        let told = self.told(Level::Error, Some(&flowfile), error);
        let Some(original) = self.original(flowfile.id()) else { return };
        let is_in_vain = is_in_vain(original.attempts(), error.retry());
        self.host.give_back_failed(original, is_in_vain);
        let level = if is_in_vain { Level::Error } else { Level::Warning };
        self.context.host.report(Bulletin { level, ..told });
    }

    /// Ends the work on `flowfile`, which was taken from a queue, because of `error`. What may pass
    /// is put back, with a warning, and tried again when its penalty has passed, as often as the
    /// flow says; others are not held up, and what was made from it goes its way. What was tried so
    /// often, and what another try cannot mend, goes to `failure` as with [`Session::fail`].
    pub fn fail_or_retry(&mut self, flowfile: FlowFile, error: &ProcessError) {
        let attempts_max = self.host.attempts_max();
        let is_left = |held: &Held| match held {
            Held::Taken(original) => original.attempts() < attempts_max,
            Held::Made(_) => false,
        };
        let is_tried_again =
            error.retry() == Retry::Later && self.held.get(&flowfile.id()).is_some_and(is_left);
        if !is_tried_again {
            return self.fail(flowfile, FAILURE, error);
        }
        let told = self.told(Level::Warning, Some(&flowfile), error);
        if let Some(original) = self.original(flowfile.id()) {
            self.host.give_back_for_retry(original);
            self.context.host.report(told);
        }
    }
}
