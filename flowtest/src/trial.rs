//! One processor is tried on flowfiles that somebody gives, as the engine would run it.
//!
//! Everything is in memory and gone afterwards: nothing outside may change, so what works outside
//! of its flow is refused.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tutti_model::definition::{BulletinLevel, Schedule};
use tutti_model::flowfile::Timestamp;
use tutti_model::spec::InputRequirement;
use tutti_model::suite::Test;
use tutti_model::valid::{ValidFlow, ValidProcessor};
use tutti_runtime::{BulletinStatus, MeterStatus};
use tutti_sdk::Catalog;

use crate::mock::Making;
use crate::run::{self, Trace};
use crate::seen::Seen;
use crate::stage::Stage;

/// A flowfile to try a processor on.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Its attributes, besides a `uuid` of its own.
    pub attributes: BTreeMap<String, String>,
    /// Its content.
    pub content: Arc<[u8]>,
}

/// A flowfile that the processor sent.
pub struct Sent {
    /// Where to.
    pub relationship: String,
    /// With all attributes.
    pub attributes: BTreeMap<String, String>,
    seen: Seen,
}

impl Sent {
    /// Bytes of its content.
    pub fn bytes(&self) -> u64 {
        self.seen.flowfile.size_bytes()
    }

    /// Its content, or why that cannot be read.
    ///
    /// # Errors
    /// When it cannot be read, or is too long.
    pub fn content(&self) -> Result<Arc<[u8]>, String> {
        self.seen.content()
    }
}

/// What came of it.
pub struct Tried {
    /// What was sent, in that order.
    pub sent: Vec<Sent>,
    /// How many flowfiles wait again, or still.
    pub left: u64,
    /// What it told, the first first.
    pub told: Vec<BulletinStatus>,
    /// What it used.
    pub meters: Vec<MeterStatus>,
    /// Why it did not come to an end.
    pub unended: Option<String>,
    /// How long it took, in real time.
    pub took: Duration,
}

/// Why a processor is not tried.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// Its type is not there.
    #[error("nobody knows the type \"{0}\"")]
    Unknown(String),
    /// It would change what is outside.
    #[error("it works outside of its flow, on files or in a network, which a trial must not")]
    Outside,
    /// It makes flowfiles and takes none.
    #[error("it takes no flowfiles")]
    Source,
    /// It needs something that is not there.
    #[error("it uses the service \"{0}\", which a trial has not")]
    Service(String),
    /// It cannot be started, or the store failed.
    #[error("{0}")]
    Failed(String),
}

/// Tries `processor` of the flow of that name on `samples`, once on each: what waits for a later
/// moment than `now` is left. Takes as long as the processor does.
///
/// # Errors
/// When it cannot be tried. That it fails with a sample is an outcome.
pub fn try_processor(
    catalog: &Arc<Catalog>,
    flow: &str,
    now: Timestamp,
    mut processor: ValidProcessor,
    samples: Vec<Sample>,
) -> Result<Tried, TrialError> {
    let Some(kind) = catalog.get(&processor.type_name) else {
        return Err(TrialError::Unknown(processor.type_name));
    };
    if kind.spec().outside {
        return Err(TrialError::Outside);
    }
    if kind.spec().input == InputRequirement::Forbidden {
        return Err(TrialError::Source);
    }
    if let Some(service) = processor.properties.services.values().next() {
        return Err(TrialError::Service(service.clone()));
    }
    processor.bulletin_level = BulletinLevel::Debug;
    processor.schedule = Schedule::Period(Duration::ZERO);
    let (flow, queue) = ValidFlow::alone(flow, processor);
    let making = |sample: Sample| Making {
        relationship: String::new(),
        attributes: sample.attributes,
        content: Some(sample.content).filter(|content| !content.is_empty()),
        due: now,
    };
    let queued = samples.into_iter().map(|sample| (queue.clone(), making(sample))).collect();
    let catalog = Arc::clone(catalog);
    let stage = Stage { flow, catalog, queued, told: Arc::default() };
    let test = Test { clock: now, run_for: Some(Duration::ZERO), ..Test::default() };
    let began = Instant::now();
    let played = catch_unwind(AssertUnwindSafe(|| run::play(stage, &test)));
    let trace = match played {
        Ok(Ok(trace)) => trace,
        Ok(Err(failure)) => {
            let lines = [failure.message].into_iter().chain(failure.details);
            return Err(TrialError::Failed(lines.collect::<Vec<_>>().join(": ")));
        }
        Err(_) => {
            let message = "the engine panicked, which is a bug; please report it";
            return Err(TrialError::Failed(message.to_owned()));
        }
    };
    Ok(tried(trace, began.elapsed()))
}

fn tried(trace: Trace, took: Duration) -> Tried {
    let Trace { sent, queued, status, unended, .. } = trace;
    let mut told = status.bulletins;
    told.reverse();
    let look = |seen: Seen| Sent {
        relationship: seen.relationship.clone(),
        attributes: seen
            .flowfile
            .attributes()
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        seen,
    };
    Tried {
        sent: sent.into_iter().map(look).collect(),
        left: queued.values().map(|left| left.len() as u64).sum(),
        told,
        meters: status.processors.into_iter().flat_map(|one| one.meters).collect(),
        unended,
        took,
    }
}
