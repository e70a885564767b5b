//! How what was listed is told from what was not, as the flow says it.

use std::time::Duration;

use tutti_sdk::model::flowfile::Timestamp;
use tutti_sdk::property::Choice;
use tutti_sdk::{ProcessError, Properties, Session};

use super::Listed;

/// What is remembered of what was listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum ListingStrategy {
    /// The time of the newest that was listed. What comes up with an older time, as moved and
    /// unpacked files do, is not listed.
    Timestamps,
    /// All that was modified within **Entity Tracking Time Window**. What comes up with a time in
    /// there is listed, however new the newest is.
    Entities,
}

/// What the first look lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum InitialTarget {
    /// All there is.
    All,
    /// What was modified within **Entity Tracking Time Window**.
    Window,
}

/// The properties of all that list.
#[derive(Debug, Clone, Properties)]
pub(crate) struct Tracking {
    /// How what was listed is told from what was not.
    #[property(default = "timestamps")]
    listing_strategy: ListingStrategy,
    /// How far back names are remembered, told by the time of modification.
    #[property(default = "3 hours", depends_on("Listing Strategy", "entities"))]
    entity_tracking_time_window: Duration,
    /// What the first look lists.
    #[property(default = "all", depends_on("Listing Strategy", "entities"))]
    entity_tracking_initial_listing_target: InitialTarget,
}

impl Tracking {
    /// What was listed already `of` something. What comes up may have a time that lies `slack`
    /// before a look, however new it is, and is listed only when it is `least_age` old.
    pub(crate) fn read(
        &self,
        session: &Session,
        of: &str,
        slack: Duration,
        least_age: Duration,
    ) -> Result<Listed, ProcessError> {
        let (window, is_all) = match self.listing_strategy {
            ListingStrategy::Timestamps => (Duration::ZERO, true),
            ListingStrategy::Entities => (
                self.entity_tracking_time_window,
                self.entity_tracking_initial_listing_target == InitialTarget::All,
            ),
        };
        let back = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
        let oldest = Timestamp(session.clock().now().0.saturating_sub(back));
        // What is not old enough yet comes later, with the time that it has now.
        let window = window.max(slack).saturating_add(least_age);
        let window_ms = u64::try_from(window.as_millis()).unwrap_or(u64::MAX);
        Listed::read(session, of, window_ms, (!is_all).then_some(oldest))
    }
}
