//! `Wait`: holds flowfiles until the signals that they wait for are there.
//!
//! What it decides about a flowfile and what it takes from the signals count with one commit.

mod look;
mod starts;

use std::time::Duration;

use tutti_sdk::model::flowfile::{FlowFile, Timestamp};
use tutti_sdk::property::{Choice, Evaluated, ServiceRef};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Makes, ProcessError, Processor, Properties,
    SUCCESS, Session, async_trait,
};

use crate::map_cache::MapCache;
use look::{Look, Verdict};
use starts::Starts;

const WAIT: &str = "wait";
const EXPIRED: &str = "expired";
/// The attribute that tells since when a flowfile waits, in milliseconds since 1970.
const START: &str = "wait.start.timestamp";

/// What becomes of attributes that signals brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum AttributeCopyMode {
    /// They replace the flowfile's own.
    #[choice("replace")]
    Replace,
    /// Those that the flowfile has itself stay as they are.
    #[choice("keeporiginal")]
    KeepOriginal,
}

/// Where a flowfile waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum WaitMode {
    /// In the connection of `wait`, which leads back here: what comes after it does not have to
    /// queue behind it.
    #[choice("wait")]
    Transfer,
    /// In the connection that it came from, which fills, so that what comes before waits too.
    #[choice("keep")]
    Keep,
}

/// The properties of [`Wait`].
#[derive(Debug, Properties)]
pub(crate) struct WaitProperties {
    /// Whose signals the flowfile waits for.
    #[property(example = "${fragment.identifier}")]
    release_signal_identifier: Evaluated<String>,
    /// How many signals it needs. They are taken from those that are there.
    #[property(default = "1", example = "${fragment.count}")]
    target_signal_count: Evaluated<u64>,
    /// The counter whose signals count; without one all of the identifier's do.
    signal_counter_name: Option<Evaluated<String>>,
    /// How many flowfiles one session sends on at most.
    #[property(default = "100", min = 1, max = 10_000)]
    wait_buffer_count: u32,
    /// How many flowfiles pass for one **Target Signal Count**. With `0` any number does as long as
    /// so many signals are there, and none is taken: a gate, which Notify opens and closes.
    #[property(name = "Releasable FlowFile Count", default = "1")]
    releasable_flowfile_count: Evaluated<u64>,
    /// How long a flowfile waits before it goes to `expired`.
    #[property(default = "10 min")]
    expiration_duration: Duration,
    /// The cache that the signals are in; Notify names the same.
    #[property(example = "Signals")]
    distributed_cache_service: ServiceRef<dyn MapCache>,
    /// What becomes of attributes that signals brought.
    #[property(default = "keeporiginal")]
    attribute_copy_mode: AttributeCopyMode,
    /// Where a flowfile waits.
    #[property(default = "wait")]
    wait_mode: WaitMode,
}

/// Holds flowfiles until signals are there.
pub(crate) struct Wait {
    properties: WaitProperties,
    starts: Starts,
}

#[async_trait]
impl Processor for Wait {
    type Properties = WaitProperties;

    fn describe() -> Description {
        Description {
            description: "\
Flowfiles are looked at in the order of their queues, as far as the queues have them in memory, \
and those of one identifier do not hold up others. Connect `wait` back to this processor: what \
waits there is looked at again when a signal comes, and moves only when it is released or \
expired.

What a flowfile takes from the signals counts with the session that sends it on: over errors, \
retries and crashes no signal is used twice, and none is lost. A run that is to end when all is \
done does not wait for signals that nobody gives: it waits for what expires within five minutes, \
and what waits longer stays in its queue for the next run.",
            tags: &["wait", "hold", "signal", "release", "cache", "count", "gate", "join"],
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[
                (SUCCESS, "Flowfiles whose signals were there."),
                (WAIT, "Flowfiles that wait; unused where they stay in the upstream connection."),
                (EXPIRED, "Flowfiles that waited too long."),
                (FAILURE, "Flowfiles without an identifier, or that cannot be judged."),
            ],
            reads: &[(START, "Since when the flowfile waits, if it does.")],
            writes: &[
                (START, "Since when it waits, in milliseconds since 1970; on `wait` only."),
                ("wait.counter.*", "How many signals each counter had when it was released."),
                ("wait.counter.total", "How many all of them had."),
            ],
            serial: true,
            example_flow: Some("wait-notify"),
            ..Description::transform("Wait", "Holds flowfiles until signals are there.")
        }
    }

    fn build(properties: WaitProperties, _: &BuildContext) -> Result<Self, BuildError> {
        let starts = Starts::new(properties.expiration_duration);
        Ok(Self { properties, starts })
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let cache = session.context().service(&self.properties.distributed_cache_service)?;
        let snapshot = cache.open(session).await?.snapshot();
        let context = session.context().clone();
        let own_state = session.state_all()?;
        let mut look = Look::new(&self.properties, &context, &snapshot, &own_state);
        let max = usize::try_from(self.properties.wait_buffer_count).unwrap_or(usize::MAX);
        let flowfiles = session.get_where(max, |flowfile| look.pick(flowfile))?;
        let Look { mut verdicts, signals, new, next_expiry, .. } = look;
        signals.write(&mut cache.open(session).await?)?;
        self.starts.keep(session, &new)?;
        let is_idle = flowfiles.is_empty();
        for flowfile in flowfiles {
            let verdict = verdicts.remove(&flowfile.id()).unwrap_or(Verdict::Wait);
            self.send(session, flowfile, verdict);
        }
        if is_idle {
            session.rest(next_expiry);
        }
        Ok(())
    }
}

impl Wait {
    fn send(&self, session: &mut Session, mut flowfile: FlowFile, verdict: Verdict) {
        if self.properties.wait_mode == WaitMode::Keep {
            Starts::forget(session, &flowfile);
        }
        let start = flowfile.remove_attribute(START);
        match verdict {
            Verdict::Wait => {
                let now = session.clock().now().0.to_string();
                flowfile.set_attribute(START, start.as_deref().unwrap_or(&now));
                session.transfer(flowfile, WAIT);
            }
            Verdict::Release(brought) => {
                self.copy(&mut flowfile, brought);
                session.transfer(flowfile, SUCCESS);
            }
            Verdict::Expire(brought) => {
                self.copy(&mut flowfile, brought);
                session.provenance_route(&flowfile, EXPIRED, "it waited too long");
                session.transfer(flowfile, EXPIRED);
            }
            Verdict::Fail(error) => {
                session.penalize(&mut flowfile);
                session.fail(flowfile, FAILURE, &error);
            }
        }
    }

    fn copy(&self, flowfile: &mut FlowFile, brought: look::Brought) {
        for (name, value) in brought.attributes {
            let is_free = flowfile.attribute(&name).is_none();
            if is_free || self.properties.attribute_copy_mode == AttributeCopyMode::Replace {
                flowfile.set_attribute(&name, value);
            }
        }
        for (name, value) in brought.counters {
            flowfile.set_attribute(&name, value);
        }
    }
}

/// When what waits since `start` expires.
fn expiry(start: Timestamp, expiration: Duration) -> Timestamp {
    start.plus_ms(u64::try_from(expiration.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
