//! How often the process died over one flowfile, as it is kept beside its record.

use serde::{Deserialize, Serialize};
use tutti_model::flowfile::{FlowFileId, Timestamp};

/// The deaths of the process while one flowfile was at work in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deaths {
    /// The flowfile.
    pub flowfile: FlowFileId,
    /// How many.
    pub count: u32,
    /// Whether at the last of them nothing else was at work.
    pub was_alone: bool,
    /// When the last of them was found.
    pub last: Timestamp,
    /// Where it was parked, if it is.
    pub parked: Option<Parked>,
}

/// Where a flowfile was when it was parked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    /// The flow.
    pub flow: Box<str>,
    /// The processor that it waited for, by its path of names in the flow.
    pub processor: Box<str>,
    /// When that was.
    pub time: Timestamp,
}

impl Deaths {
    pub(crate) fn none(flowfile: FlowFileId) -> Self {
        Self { flowfile, count: 0, was_alone: false, last: Timestamp(0), parked: None }
    }

    /// Whether it is clear enough that the process dies over this flowfile: in company any other
    /// may be the one.
    pub(crate) fn is_convict(&self, deaths_max: u32) -> bool {
        deaths_max > 0 && self.was_alone && self.count >= deaths_max
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_was_alone_is_convicted_and_nobody_where_nobody_is_to_be() {
        let deaths = |count, was_alone| Deaths { count, was_alone, ..Deaths::none(FlowFileId(1)) };
        assert!(deaths(3, true).is_convict(3) && deaths(1, true).is_convict(1));
        assert!(!deaths(2, true).is_convict(3), "too few");
        assert!(!deaths(9, false).is_convict(3), "in company");
        assert!(!deaths(9, true).is_convict(0), "never");
    }
}
