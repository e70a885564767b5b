//! What stands in the place of processors: sources that make what a test gives, and answers.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io::Write;
use std::sync::Arc;

use parking_lot::Mutex;
use tutti_model::flowfile::{FlowFile, FlowFileId, Timestamp};
use tutti_model::suite::{Answer, Matcher};
use tutti_sdk::property::Evaluated;
use tutti_sdk::{FAILURE, ProcessError, ProcessorContext, Runnable, Session, async_trait};

use crate::compare;

/// What the properties of processors that were replaced came to, by processor and flowfile.
pub(crate) type Told = Mutex<HashMap<(String, FlowFileId), BTreeMap<String, String>>>;

/// The properties of a processor that is replaced: nobody works by them, but tests look at them.
pub(crate) struct Properties {
    pub(crate) values: Vec<(String, PropertyText)>,
    pub(crate) told: Arc<Told>,
}

/// The text of a property.
pub(crate) enum PropertyText {
    /// As it stands there.
    Literal(String),
    /// Another for each flowfile.
    Evaluated(Evaluated<String>),
}

impl Properties {
    /// Notes what they come to for `flowfile`.
    fn tell(&self, session: &Session, flowfile: &FlowFile) {
        let value = |(name, value): &(String, PropertyText)| {
            let value = match value {
                PropertyText::Literal(text) => text.clone(),
                PropertyText::Evaluated(value) => {
                    let value = value.evaluate(session, flowfile);
                    value.unwrap_or_else(|error| format!("({})", error.chain()))
                }
            };
            (name.clone(), value)
        };
        let values = self.values.iter().map(value).collect();
        let processor = session.context().component().to_owned();
        self.told.lock().insert((processor, flowfile.id()), values);
    }
}

/// A flowfile to be made.
#[derive(Debug, Clone)]
pub(crate) struct Making {
    pub(crate) relationship: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) content: Option<Arc<[u8]>>,
    /// Not before.
    pub(crate) due: Timestamp,
}

/// A source that makes what a test gives.
pub(crate) struct Source {
    /// In the order of their moments.
    waiting: Mutex<VecDeque<Making>>,
    properties: Properties,
}

impl Source {
    pub(crate) fn new(mut makings: Vec<Making>, properties: Properties) -> Self {
        makings.sort_by_key(|making| making.due);
        Self { waiting: Mutex::new(makings.into()), properties }
    }

    /// What is due, and when the next will be.
    fn due(&self, now: Timestamp) -> (Vec<Making>, Option<Timestamp>) {
        let mut waiting = self.waiting.lock();
        let count = waiting.partition_point(|making| making.due <= now);
        let due = waiting.drain(..count).collect();
        (due, waiting.front().map(|making| making.due))
    }
}

#[async_trait]
impl Runnable for Source {
    async fn on_scheduled(&self, _: &ProcessorContext) -> Result<(), ProcessError> {
        Ok(())
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let (mut due, next) = self.due(session.clock().now());
        if due.is_empty()
            && let Some(next) = next
        {
            // While it waits the flow is not idle.
            let left_ms = next.since_ms(session.clock().now());
            let sleep = session.clock().sleep_ms(left_ms);
            let stopping = session.context().stopping();
            futures::future::select(sleep, stopping).await;
            (due, _) = self.due(session.clock().now());
        }
        if due.is_empty() {
            session.yield_processor();
            return Ok(());
        }
        for making in due {
            let mut flowfile = session.create();
            for (name, value) in &making.attributes {
                flowfile.set_attribute(name, value);
            }
            set_content(session, &mut flowfile, making.content.as_ref())?;
            self.properties.tell(session, &flowfile);
            session.transfer(flowfile, &making.relationship);
        }
        Ok(())
    }

    async fn on_stopped(&self, _: &ProcessorContext) {}
}

/// An answer with its contents at hand.
pub(crate) struct Prepared {
    pub(crate) answer: Answer,
    pub(crate) content: Option<Arc<[u8]>>,
    /// Of what it makes.
    pub(crate) contents: Vec<Option<Arc<[u8]>>>,
    /// How often it may still be given.
    pub(crate) left: Option<u64>,
}

/// A processor that answers as a test says. Without answers all goes to its first relationship.
pub(crate) struct Mock {
    relationships: Vec<String>,
    answers: Mutex<Vec<Prepared>>,
    properties: Properties,
}

/// What is to be done with one flowfile.
struct Turn {
    answer: Answer,
    content: Option<Arc<[u8]>>,
    contents: Vec<Option<Arc<[u8]>>>,
}

impl Mock {
    pub(crate) fn new(
        relationships: Vec<String>,
        answers: Vec<Prepared>,
        properties: Properties,
    ) -> Self {
        Self { relationships, answers: Mutex::new(answers), properties }
    }

    /// The first answer that fits and is left; `None` where there are answers and none does.
    fn turn(&self, flowfile: &FlowFile) -> Option<Turn> {
        let mut answers = self.answers.lock();
        if answers.is_empty() {
            return Some(Turn { answer: Answer::default(), content: None, contents: Vec::new() });
        }
        let fits = |name: &String, matcher: &Matcher| {
            compare::attribute(matcher, flowfile.attribute(name)).is_ok()
        };
        let prepared = answers.iter_mut().find(|prepared| {
            prepared.left != Some(0)
                && prepared.answer.when.iter().all(|(name, matcher)| fits(name, matcher))
        })?;
        if let Some(left) = &mut prepared.left {
            *left -= 1;
        }
        Some(Turn {
            answer: prepared.answer.clone(),
            content: prepared.content.clone(),
            contents: prepared.contents.clone(),
        })
    }

    /// Where a flowfile goes that nothing is said of.
    fn first(&self) -> &str {
        self.relationships.first().map_or(FAILURE, String::as_str)
    }
}

#[async_trait]
impl Runnable for Mock {
    async fn on_scheduled(&self, _: &ProcessorContext) -> Result<(), ProcessError> {
        Ok(())
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        let Some(Turn { answer, content, contents }) = self.turn(&flowfile) else {
            let message = "the test has no answer left for this flowfile";
            let help = "add one, or let the last one go on by leaving out its \"times\"";
            session.report_error(Some(&flowfile), &ProcessError::user(message).with_help(help));
            session.give_back_failed(flowfile, &ProcessError::user(message));
            return Ok(());
        };
        self.properties.tell(session, &flowfile);
        let takes_ms = u64::try_from(answer.takes.as_millis()).unwrap_or(u64::MAX);
        session.clock().sleep_ms(takes_ms).await;
        if let Some(message) = answer.fail {
            let error = ProcessError::external(message);
            let error = if answer.is_permanent { error.permanent() } else { error };
            match answer.relationship {
                Some(relationship) => session.fail(flowfile, &relationship.value, &error),
                None if self.relationships.iter().any(|name| name == FAILURE) => {
                    session.fail_or_retry(flowfile, &error);
                }
                None => session.give_back_failed(flowfile, &error),
            }
            return Ok(());
        }
        for (made, content) in answer.makes.iter().zip(&contents) {
            let mut child = session.create_child(&flowfile);
            change(&mut child, &made.attributes);
            set_content(session, &mut child, content.as_ref())?;
            session.transfer(child, &made.relationship.value);
        }
        change(&mut flowfile, &answer.attributes);
        set_content(session, &mut flowfile, content.as_ref())?;
        let relationship = answer.relationship.as_ref().map_or(self.first(), |name| &name.value);
        session.transfer(flowfile, relationship);
        Ok(())
    }

    async fn on_stopped(&self, _: &ProcessorContext) {}
}

fn change(flowfile: &mut FlowFile, attributes: &BTreeMap<String, Option<String>>) {
    for (name, value) in attributes {
        match value {
            Some(value) => flowfile.set_attribute(name, value),
            None => drop(flowfile.remove_attribute(name)),
        }
    }
}

fn set_content(
    session: &mut Session,
    flowfile: &mut FlowFile,
    content: Option<&Arc<[u8]>>,
) -> Result<(), ProcessError> {
    let Some(bytes) = content else { return Ok(()) };
    let mut writer = session.write()?;
    let written = writer.write_all(bytes).and_then(|()| writer.finish());
    let content = written.map_err(|error| {
        ProcessError::external("the content of a test cannot be kept").caused_by(error)
    })?;
    session.set_content(flowfile, content);
    Ok(())
}
