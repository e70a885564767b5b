//! `DetectDuplicate`: tells flowfiles that came before in another shape from those that did not.
//!
//! A flowfile is never a duplicate of itself: what it leaves in the cache counts with its own
//! commit, and names it.

use std::time::Duration;

use tutti_sdk::model::flowfile::{FlowFile, Timestamp};
use tutti_sdk::property::{Evaluated, ServiceRef};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Makes, ProcessError, Processor, Properties,
    Session, async_trait,
};

use crate::map_cache::{Entries, MapCache};

/// Flowfiles that are worked on in one session.
const BATCH_MAX: usize = 100;
const DUPLICATE: &str = "duplicate";
const NON_DUPLICATE: &str = "non-duplicate";
/// The attribute that tells what was there before.
const ORIGINAL: &str = "original.flowfile.description";

/// The properties of [`DetectDuplicate`].
#[derive(Debug, Properties)]
pub(crate) struct DetectDuplicateProperties {
    /// What duplicates have in common: flowfiles with the same value are duplicates.
    #[property(default = "${hash.value}")]
    cache_entry_identifier: Evaluated<String>,
    /// How duplicates are to speak of this flowfile, in their attribute
    /// `original.flowfile.description`.
    #[property(name = "FlowFile Description", default = "", example = "${filename}")]
    flowfile_description: Evaluated<String>,
    /// How long after a flowfile others are its duplicates; without one as long as the cache knows
    /// of it.
    #[property(example = "24 hours")]
    age_off_duration: Option<Duration>,
    /// The cache that knows what came before. Processors that use the same look for duplicates of
    /// each other's flowfiles.
    #[property(example = "Seen")]
    distributed_cache_service: ServiceRef<dyn MapCache>,
    /// Whether flowfiles that are none become known. With `false` somebody else makes them known,
    /// such as another `DetectDuplicate`.
    #[property(default = "true")]
    cache_the_entry_identifier: bool,
}

/// Tells duplicates from others.
pub(crate) struct DetectDuplicate(DetectDuplicateProperties);

/// What the cache keeps of a flowfile.
struct Seen<'v> {
    uuid: &'v str,
    time: Timestamp,
    description: &'v str,
}

impl<'v> Seen<'v> {
    fn read(value: &'v str) -> Option<Self> {
        let mut parts = value.splitn(3, ' ');
        let (uuid, time, description) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { uuid, time: Timestamp(time.parse().ok()?), description })
    }

    fn write(&self) -> String {
        format!("{} {} {}", self.uuid, self.time.0, self.description)
    }
}

/// What becomes of a flowfile.
enum Verdict {
    Duplicate { of: String },
    NonDuplicate,
    Failure(ProcessError),
}

#[async_trait]
impl Processor for DetectDuplicate {
    type Properties = DetectDuplicateProperties;

    fn describe() -> Description {
        Description {
            description: "\
The first flowfile of an identifier goes to `non-duplicate`, those that follow to `duplicate`.

What becomes known of a flowfile counts with the session that sends it on, and is durable with \
it. So a flowfile that is worked on again, after an error or a crash, is not taken for a \
duplicate of itself, and none is sent on without becoming known. One that comes back here by the \
flow, to be tried again, is no duplicate of itself either.",
            tags: &["duplicate", "dedupe", "cache", "hash", "once"],
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[
                (NON_DUPLICATE, "Flowfiles that are the first with their identifier."),
                (DUPLICATE, "Flowfiles whose identifier is known."),
                (FAILURE, "Flowfiles that have no identifier, or cannot become known."),
            ],
            writes: &[(ORIGINAL, "What describes the flowfile that this one is a duplicate of.")],
            example_flow: Some("detect-duplicate"),
            ..Description::transform(
                "DetectDuplicate",
                "Tells flowfiles that came before from those that did not.",
            )
        }
    }

    fn build(properties: DetectDuplicateProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let flowfiles = session.get_batch(BATCH_MAX)?;
        if flowfiles.is_empty() {
            return Ok(());
        }
        let cache = session.context().service(&self.0.distributed_cache_service)?;
        let now = session.clock().now();
        // Before the cache is held: others wait for it.
        let told: Vec<_> =
            flowfiles.iter().map(|flowfile| self.identify(session, flowfile)).collect();
        let mut entries = cache.open(session).await?;
        let judged: Vec<_> = flowfiles
            .into_iter()
            .zip(told)
            .map(|(flowfile, told)| {
                let verdict = told.and_then(|(identifier, description)| {
                    let seen = Seen { uuid: flowfile.uuid(), time: now, description: &description };
                    self.judge(&mut entries, &identifier, &seen)
                });
                (flowfile, verdict.unwrap_or_else(Verdict::Failure))
            })
            .collect();
        for (flowfile, verdict) in judged {
            send(session, flowfile, verdict);
        }
        Ok(())
    }
}

impl DetectDuplicate {
    /// The identifier of `flowfile` and its description.
    fn identify(
        &self,
        session: &Session,
        flowfile: &FlowFile,
    ) -> Result<(String, String), ProcessError> {
        let identifier = self.0.cache_entry_identifier.evaluate(session, flowfile)?;
        if identifier.trim().is_empty() {
            return Err(ProcessError::user("\"Cache Entry Identifier\" gave nothing")
                .with_help("let what comes before give the flowfile what it is made of"));
        }
        Ok((identifier, self.0.flowfile_description.evaluate(session, flowfile)?))
    }

    fn judge(
        &self,
        entries: &mut Entries<'_>,
        identifier: &str,
        own: &Seen<'_>,
    ) -> Result<Verdict, ProcessError> {
        let becomes_known = self.0.cache_the_entry_identifier;
        let value = own.write();
        let look = |entries: &mut Entries<'_>| {
            if becomes_known {
                entries.put_if_absent(identifier, &value)
            } else {
                entries.get(identifier)
            }
        };
        let Some(entry) = look(entries)? else { return Ok(Verdict::NonDuplicate) };
        let seen = Seen::read(&entry.value).ok_or_else(|| {
            ProcessError::user(format!("the entry \"{identifier}\" of the cache is of others"))
                .with_help("give this processor a map cache of its own kind of entries")
        })?;
        let age_ms = own.time.since_ms(seen.time);
        if self.0.age_off_duration.is_some_and(|most| u128::from(age_ms) >= most.as_millis()) {
            entries.remove(identifier)?;
            look(entries)?;
            return Ok(Verdict::NonDuplicate);
        }
        if seen.uuid == own.uuid {
            return Ok(Verdict::NonDuplicate);
        }
        Ok(Verdict::Duplicate { of: seen.description.to_owned() })
    }
}

fn send(session: &mut Session, mut flowfile: FlowFile, verdict: Verdict) {
    match verdict {
        Verdict::Duplicate { of } => {
            let details = format!("a duplicate of \"{of}\"");
            session.provenance_route(&flowfile, DUPLICATE, &details);
            flowfile.set_attribute(ORIGINAL, of);
            session.transfer(flowfile, DUPLICATE);
        }
        Verdict::NonDuplicate => {
            session.provenance_route(&flowfile, NON_DUPLICATE, "its identifier was not known");
            session.transfer(flowfile, NON_DUPLICATE);
        }
        Verdict::Failure(error) => {
            session.penalize(&mut flowfile);
            session.fail(flowfile, FAILURE, &error);
        }
    }
}

#[cfg(test)]
mod tests;
