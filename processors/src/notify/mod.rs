//! `Notify`: gives signals that Wait waits for.

use tutti_sdk::model::flowfile::{FlowFile, core_attribute};
use tutti_sdk::property::{Evaluated, Regex, ServiceRef};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Makes, ProcessError, Processor, Properties,
    SUCCESS, Session, async_trait,
};

use crate::map_cache::{Entries, MapCache};
use crate::signals::{DEFAULT_COUNTER, Signal};

/// The attribute that tells whether the signal was given.
const NOTIFIED: &str = "notified";

/// The properties of [`Notify`].
#[derive(Debug, Properties)]
pub(crate) struct NotifyProperties {
    /// Whose signal it is: Wait waits for the signals of an identifier.
    #[property(example = "${fragment.identifier}")]
    release_signal_identifier: Evaluated<String>,
    /// The counter of the identifier that counts it, for a Wait that looks at one of several.
    #[property(default = "default", example = "${RouteOnAttribute.Route}")]
    signal_counter_name: Evaluated<String>,
    /// How many signals it is. `0` sets the counter back to nothing, which closes a gate that a
    /// Wait with the **Releasable FlowFile Count** `0` is.
    #[property(default = "1")]
    signal_counter_delta: Evaluated<i64>,
    /// How many flowfiles one session takes at most.
    #[property(default = "100", min = 1, max = 10_000)]
    signal_buffer_count: u32,
    /// The cache that the signals are in; Wait names the same.
    #[property(example = "Signals")]
    distributed_cache_service: ServiceRef<dyn MapCache>,
    /// Attributes whose whole name matches it are kept with the signal, and copied onto the
    /// flowfiles that it lets pass; `uuid` never is.
    #[property(example = r"audio\..*")]
    attribute_cache_regular_expression: Option<Regex>,
}

/// Gives signals.
pub(crate) struct Notify(NotifyProperties);

/// A signal that a flowfile is to give.
struct Given {
    identifier: String,
    counter: String,
    delta: i64,
    attributes: Vec<(String, String)>,
}

#[async_trait]
impl Processor for Notify {
    type Properties = NotifyProperties;

    fn describe() -> Description {
        Description {
            description: "\
A signal counts with the session that sends its flowfile on, and is durable with it: over errors, \
retries and crashes each flowfile gives it once. It is in the cache until a Wait has used it, or \
the cache lets it go: choose its bounds so that it does not.",
            tags: &["signal", "notify", "release", "wait", "cache", "count"],
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[
                (SUCCESS, "Flowfiles whose signal was given."),
                (FAILURE, "Flowfiles without an identifier, or whose signal cannot be kept."),
            ],
            writes: &[(NOTIFIED, "Whether the signal was given: `true` or `false`.")],
            example_flow: Some("wait-notify"),
            ..Description::transform("Notify", "Gives signals that Wait waits for.")
        }
    }

    fn build(properties: NotifyProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let max = usize::try_from(self.0.signal_buffer_count).unwrap_or(usize::MAX);
        let flowfiles = session.get_batch(max)?;
        if flowfiles.is_empty() {
            return Ok(());
        }
        let cache = session.context().service(&self.0.distributed_cache_service)?;
        // Before the cache is held: others wait for it.
        let given: Vec<_> =
            flowfiles.iter().map(|flowfile| self.given(session, flowfile)).collect();
        let mut entries = cache.open(session).await?;
        let done: Vec<_> = given
            .into_iter()
            .map(|given| given.and_then(|given| give(&mut entries, &given)))
            .collect();
        for (mut flowfile, done) in flowfiles.into_iter().zip(done) {
            flowfile.set_attribute(NOTIFIED, done.is_ok().to_string());
            match done {
                Ok(()) => session.transfer(flowfile, SUCCESS),
                Err(error) => session.fail(flowfile, FAILURE, &error),
            }
        }
        Ok(())
    }
}

impl Notify {
    fn given(&self, session: &Session, flowfile: &FlowFile) -> Result<Given, ProcessError> {
        let identifier = self.0.release_signal_identifier.evaluate(session, flowfile)?;
        if identifier.trim().is_empty() {
            return Err(ProcessError::user("\"Release Signal Identifier\" gave nothing")
                .with_help("let what comes before give the flowfile the attribute"));
        }
        let counter = self.0.signal_counter_name.evaluate(session, flowfile)?;
        let counter = if counter.is_empty() { DEFAULT_COUNTER.to_owned() } else { counter };
        let delta = self.0.signal_counter_delta.evaluate(session, flowfile)?;
        let mut attributes = Vec::new();
        if let Some(names) = &self.0.attribute_cache_regular_expression {
            for (name, value) in flowfile.attributes().iter() {
                if name != core_attribute::UUID && names.matches(name)? {
                    attributes.push((name.to_owned(), value.to_owned()));
                }
            }
        }
        Ok(Given { identifier, counter, delta, attributes })
    }
}

fn give(entries: &mut Entries<'_>, given: &Given) -> Result<(), ProcessError> {
    let mut signal = Signal::find(entries, &given.identifier)?.unwrap_or_default();
    signal.add(&given.counter, given.delta);
    signal.attributes.extend(given.attributes.iter().cloned());
    signal.write(entries, &given.identifier)
}

#[cfg(test)]
mod tests;
