//! What becomes of each flowfile that waits, decided while the queue is looked through.

use std::collections::BTreeMap;

use tutti_sdk::ProcessError;
use tutti_sdk::ProcessorContext;
use tutti_sdk::model::flowfile::{FlowFile, FlowFileId, Pick, Timestamp};
use tutti_sdk::model::state::StateMap;

use super::{START, WaitMode, WaitProperties, expiry, starts};
use crate::map_cache::Snapshot;
use crate::signals::{Changed, Demand, Signal};

/// What signals give to the flowfile that they let pass.
#[derive(Debug, Clone, Default)]
pub(super) struct Brought {
    pub(super) attributes: BTreeMap<String, String>,
    /// Names and values of attributes that tell the counts.
    pub(super) counters: Vec<(String, String)>,
}

impl Brought {
    fn of(signal: &Signal) -> Self {
        let counter =
            |(name, count): (&String, &i64)| (format!("wait.counter.{name}"), count.to_string());
        let mut counters: Vec<_> = signal.counts.iter().map(counter).collect();
        counters.push(("wait.counter.total".to_owned(), signal.count(None).to_string()));
        Self { attributes: signal.attributes.clone(), counters }
    }
}

/// What becomes of a flowfile.
pub(super) enum Verdict {
    Wait,
    Release(Brought),
    Expire(Brought),
    Fail(ProcessError),
}

/// A look through the queue. A flowfile that goes on waiting where it is is not taken.
pub(super) struct Look<'l> {
    properties: &'l WaitProperties,
    context: &'l ProcessorContext,
    cache: &'l Snapshot,
    /// Since when flowfiles wait in the upstream connection.
    starts: &'l StateMap,
    now: Timestamp,
    pub(super) verdicts: BTreeMap<FlowFileId, Verdict>,
    pub(super) signals: Changed,
    /// Flowfiles that begin to wait in the upstream connection.
    pub(super) new: Vec<String>,
    /// When the first of those that were not taken expires.
    pub(super) next_expiry: Option<Timestamp>,
}

impl<'l> Look<'l> {
    pub(super) fn new(
        properties: &'l WaitProperties,
        context: &'l ProcessorContext,
        cache: &'l Snapshot,
        starts: &'l StateMap,
    ) -> Self {
        Self {
            properties,
            context,
            cache,
            starts,
            now: context.clock().now(),
            verdicts: BTreeMap::new(),
            signals: Changed::default(),
            new: Vec::new(),
            next_expiry: None,
        }
    }

    /// Whether something is to be done with `flowfile` now; what, is then among the verdicts.
    pub(super) fn pick(&mut self, flowfile: &FlowFile) -> Pick {
        let (verdict, start) = match self.judge(flowfile) {
            Ok(judged) => judged,
            Err(error) => (Verdict::Fail(error), None),
        };
        if let Verdict::Wait = verdict {
            let is_new = start.is_none();
            if self.properties.wait_mode == WaitMode::Keep && is_new {
                self.new.push(flowfile.uuid().to_owned());
            }
            if self.properties.wait_mode == WaitMode::Keep || !is_new {
                let expires =
                    expiry(start.unwrap_or(self.now), self.properties.expiration_duration);
                self.next_expiry =
                    Some(self.next_expiry.map_or(expires, |earliest| earliest.min(expires)));
                return Pick::Skip;
            }
        }
        self.verdicts.insert(flowfile.id(), verdict);
        Pick::Take
    }

    /// What becomes of `flowfile`, and since when it waits.
    fn judge(&mut self, flowfile: &FlowFile) -> Result<(Verdict, Option<Timestamp>), ProcessError> {
        let evaluator = self.context.evaluator(flowfile);
        let properties = self.properties;
        let identifier = properties.release_signal_identifier.evaluate_by(&evaluator, &[])?;
        if identifier.trim().is_empty() {
            return Err(ProcessError::user("\"Release Signal Identifier\" gave nothing")
                .with_help("let what comes before give the flowfile the attribute"));
        }
        let start = self.start(flowfile)?;
        let cache = self.cache;
        let find = || {
            let entry = cache.get(&identifier)?;
            entry.map(|entry| Signal::read(&identifier, &entry)).transpose()
        };
        let signal = self.signals.get(&identifier, find)?.cloned();
        let is_expired =
            start.is_some_and(|start| self.now > expiry(start, properties.expiration_duration));
        if is_expired {
            let brought = signal.as_ref().map(Brought::of).unwrap_or_default();
            return Ok((Verdict::Expire(brought), start));
        }
        let Some(mut signal) = signal else { return Ok((Verdict::Wait, start)) };
        let counter = match &properties.signal_counter_name {
            Some(name) => Some(name.evaluate_by(&evaluator, &[])?).filter(|name| !name.is_empty()),
            None => None,
        };
        let demand = Demand {
            counter,
            target: properties.target_signal_count.evaluate_by(&evaluator, &[])?,
            releasable: properties.releasable_flowfile_count.evaluate_by(&evaluator, &[])?,
        };
        let brought = Brought::of(&signal);
        let before = signal.clone();
        if !signal.release(&demand) {
            return Ok((Verdict::Wait, start));
        }
        if signal != before {
            self.signals.set(&identifier, signal);
        }
        Ok((Verdict::Release(brought), start))
    }

    /// Since when `flowfile` waits, if it does.
    fn start(&self, flowfile: &FlowFile) -> Result<Option<Timestamp>, ProcessError> {
        if self.properties.wait_mode == WaitMode::Keep
            && let Some(start) = starts::of(self.starts, flowfile.uuid())
        {
            return Ok(Some(start));
        }
        let Some(text) = flowfile.attribute(START) else { return Ok(None) };
        let start = text.parse().map_err(|_| {
            ProcessError::user(format!("\"{text}\" in \"{START}\" is no time"))
                .with_help("remove the attribute, which is this processor's own")
        })?;
        Ok(Some(Timestamp(start)))
    }
}
