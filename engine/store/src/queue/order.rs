//! Which flowfiles of a queue go first, as NiFi's prioritizers say.

use std::cmp::Reverse;

use tutti_model::definition::Prioritizer;
use tutti_model::flowfile::{FlowFile, FlowFileId, Timestamp, core_attribute};

/// The order of one queue: the first prioritizer decides, among equals the next one, and among
/// equals of all of them the place in the queue.
#[derive(Debug, Default)]
pub(crate) struct Order(Vec<Prioritizer>);

/// Where a flowfile stands in the order of its queue; what is less goes first. In a queue without
/// prioritizers all are equal, and cost nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OrderKey(Option<Box<[Rank]>>);

/// What one prioritizer says of a flowfile. Only ranks of the same prioritizer are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Newest(Reverse<(Timestamp, FlowFileId)>),
    Oldest(Timestamp, FlowFileId),
    Priority(Priority),
}

/// The attribute `priority`: numbers first, then texts, then what has none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Priority {
    Number(i64),
    Text(Box<str>),
    None,
}

impl Order {
    pub(crate) fn new(prioritizers: &[Prioritizer]) -> Self {
        // No two flowfiles have the same place: after that nothing is left to decide.
        let deciding =
            prioritizers.iter().take_while(|each| **each != Prioritizer::FirstInFirstOut);
        Self(deciding.copied().collect())
    }

    pub(crate) fn key(&self, flowfile: &FlowFile) -> OrderKey {
        if self.0.is_empty() {
            return OrderKey::default();
        }
        let rank = |prioritizer: &Prioritizer| match prioritizer {
            Prioritizer::NewestFlowFileFirst => {
                Rank::Newest(Reverse((flowfile.lineage_start(), flowfile.id())))
            }
            Prioritizer::OldestFlowFileFirst => {
                Rank::Oldest(flowfile.lineage_start(), flowfile.id())
            }
            Prioritizer::PriorityAttribute | Prioritizer::FirstInFirstOut => {
                Rank::Priority(Priority::of(flowfile))
            }
        };
        OrderKey(Some(self.0.iter().map(rank).collect()))
    }
}

impl Priority {
    fn of(flowfile: &FlowFile) -> Self {
        let Some(text) = flowfile.attribute(core_attribute::PRIORITY) else { return Self::None };
        // As NiFi reads numbers: digits with or without a minus, nothing else.
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(number) if is_number => Self::Number(number),
            _ => Self::Text(text.into()),
        }
    }
}
