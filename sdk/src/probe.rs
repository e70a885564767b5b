//! What a processor that is tried out sees, and how it tells what it saw.

use tutti_model::flowfile::FlowFile;
use tutti_model::verification::{Outcome, Verification};

use crate::property::{Evaluated, PropertyType};
use crate::{ProcessError, ProcessorContext};

/// The surroundings of a processor that is tried out: it may not run, and changes nothing.
pub struct Probe {
    context: ProcessorContext,
    sample: Option<FlowFile>,
}

impl Probe {
    /// With a flowfile for expressions, where there is one; for engines.
    pub fn new(context: ProcessorContext, sample: Option<FlowFile>) -> Self {
        Self { context, sample }
    }

    /// What it has of its surroundings besides.
    pub fn context(&self) -> &ProcessorContext {
        &self.context
    }

    /// Does work that waits for a disk or for a library that blocks.
    ///
    /// # Errors
    /// Why that does not work, or cannot be done.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, ProcessError> + Send + 'static,
    ) -> Result<T, ProcessError> {
        self.context.blocking(work).await?
    }

    /// Tries `name` with a value: the same for each flowfile, or that for the sample. Where it
    /// depends on the flowfile and there is no sample, nothing is tried.
    pub async fn verify<
        T: PropertyType + Clone,
        W: Future<Output = Result<String, ProcessError>>,
    >(
        &self,
        name: &str,
        value: &Evaluated<T>,
        work: impl FnOnce(T) -> W,
    ) -> Verification {
        let value = match (value.literal(), &self.sample) {
            (Some(literal), _) => Ok(literal.clone()),
            (None, Some(sample)) => value.evaluate_by(&self.context.evaluator(sample), &[]),
            (None, None) => return depends_on_flowfile(name),
        };
        match value {
            Ok(value) => verified(name, work(value).await),
            Err(error) => verified(name, Err(error)),
        }
    }
}

/// What came of trying `name`: what was seen, or why it does not work.
pub fn verified(name: &str, outcome: Result<String, ProcessError>) -> Verification {
    let (outcome, explanation, help) = match outcome {
        Ok(seen) => (Outcome::Passed, seen, None),
        Err(error) => (Outcome::Failed, error.chain(), error.help().map(ToOwned::to_owned)),
    };
    Verification { name: name.to_owned(), outcome, explanation, help }
}

/// `name` could not be tried.
pub fn not_verified(name: &str, why: &str) -> Verification {
    let (name, explanation) = (name.to_owned(), why.to_owned());
    Verification { name, outcome: Outcome::Skipped, explanation, help: None }
}

/// `name` could not be tried as that depends on the flowfile.
fn depends_on_flowfile(name: &str) -> Verification {
    Verification {
        help: Some("try it with the attributes of a flowfile".to_owned()),
        ..not_verified(name, "what is to be tried depends on the flowfile")
    }
}
