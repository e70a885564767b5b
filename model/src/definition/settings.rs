//! The settings of processors and connections: small types, each with NiFi's default.

use std::fmt;
use std::time::Duration;

use crate::cron::Cron;
use crate::text::Located;

/// A type whose values are words in a flow.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// Every value and its word.
    const WORDS: &'static [(Self, &'static str)];

    /// The word of this value.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(value, _)| *value == self).map_or("", |(_, word)| word)
    }
}

/// Shows values as they stand in a flow.
macro_rules! shown_as_word {
    ($($name:ty),*) => {
        $(impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.word())
            }
        })*
    };
}

shown_as_word!(ScheduledState, BulletinLevel, Backoff, Prioritizer);

/// Whether a thing takes part in the flow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ScheduledState {
    /// It runs when the flow does.
    #[default]
    Enabled,
    /// It does not, whatever the flow does.
    Disabled,
}

impl Word for ScheduledState {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Enabled, "enabled"), (Self::Disabled, "disabled")];
}

/// The least severe bulletins that a processor shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BulletinLevel {
    /// All, with what only an author of processors wants to know.
    Debug,
    /// Also what went as expected.
    Info,
    /// What somebody should look at.
    #[default]
    Warning,
    /// What went wrong.
    Error,
    /// None.
    None,
}

impl Word for BulletinLevel {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Debug, "debug"),
        (Self::Info, "info"),
        (Self::Warning, "warning"),
        (Self::Error, "error"),
        (Self::None, "none"),
    ];
}

/// When a processor is triggered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schedule {
    /// Again so long after it was last triggered; zero is as often as there is work.
    Period(Duration),
    /// At set times.
    Cron(Cron),
}

/// What happens to a flowfile that is tried again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Backoff {
    /// It waits, and others overtake it.
    #[default]
    Penalize,
    /// The processor pauses.
    Yield,
}

impl Word for Backoff {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Penalize, "penalize"), (Self::Yield, "yield")];
}

/// Which relationships' flowfiles are tried again before they leave.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// The relationships, sorted.
    pub relationships: Vec<Located<String>>,
    /// How often they are tried again.
    pub attempts: u32,
    /// What happens in between. The time doubles with each attempt.
    pub backoff: Backoff,
    /// The longest time in between.
    pub maximum: Duration,
}

impl Retry {
    /// NiFi's default.
    pub const ATTEMPTS: u32 = 10;
    /// The most attempts.
    pub const ATTEMPTS_MAX: u32 = 10_000;
    /// NiFi's default.
    pub const MAXIMUM: Duration = Duration::from_mins(10);
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            relationships: Vec::new(),
            attempts: Self::ATTEMPTS,
            backoff: Backoff::default(),
            maximum: Self::MAXIMUM,
        }
    }
}

/// When a connection is full: what comes before it then waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackPressure {
    /// So many flowfiles fill it; 0 is no limit.
    pub count: u64,
    /// So many bytes of content fill it; 0 is no limit.
    pub size_bytes: u64,
}

impl Default for BackPressure {
    fn default() -> Self {
        Self { count: 10_000, size_bytes: 1 << 30 }
    }
}

/// Which flowfiles of a queue go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Prioritizer {
    /// Those that came first into the queue.
    FirstInFirstOut,
    /// Those that came last into the flow.
    NewestFlowFileFirst,
    /// Those that came first into the flow.
    OldestFlowFileFirst,
    /// Those with the least attribute `priority`.
    PriorityAttribute,
}

impl Word for Prioritizer {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::FirstInFirstOut, "FirstInFirstOutPrioritizer"),
        (Self::NewestFlowFileFirst, "NewestFlowFileFirstPrioritizer"),
        (Self::OldestFlowFileFirst, "OldestFlowFileFirstPrioritizer"),
        (Self::PriorityAttribute, "PriorityAttributePrioritizer"),
    ];
}

/// One end of a connection: a thing of the same group, or a port of a group in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointName {
    /// The group whose port it is.
    pub group: Option<String>,
    /// The name of the processor, port or funnel.
    pub name: String,
}

impl EndpointName {
    /// A thing of the same group.
    pub fn of(name: &str) -> Self {
        Self { group: None, name: name.to_owned() }
    }

    /// The port `name` of the group `group`.
    pub fn port(group: &str, name: &str) -> Self {
        Self { group: Some(group.to_owned()), name: name.to_owned() }
    }

    /// As a flow writes it: `NAME` or `GROUP/PORT`.
    pub(crate) fn read(text: &str) -> Self {
        match text.split_once('/') {
            Some((group, name)) => Self::port(group, name),
            None => Self::of(text),
        }
    }
}

impl fmt::Display for EndpointName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.group {
            Some(group) => write!(formatter, "{group}/{}", self.name),
            None => formatter.write_str(&self.name),
        }
    }
}
