//! The times of a cron expression, as one run of a processor keeps them.
//!
//! The wall clock says when a time has come, and may be set at any moment: nobody sleeps long
//! without looking at it again.

use parking_lot::Mutex;
use tutti_model::cron::{Cron, Zone};
use tutti_model::definition::Schedule;
use tutti_model::flowfile::Timestamp;

/// How long to sleep before the clock is looked at again, in milliseconds.
const LOOK_AGAIN_MS: u64 = 60_000;

/// Times, and the one of them that is waited for, once there is one.
pub(crate) struct Timetable {
    cron: Cron,
    local: Zone,
    awaited: Mutex<Option<Timestamp>>,
}

/// Where a run stands in its timetable.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// The time has come.
    Due,
    /// Not yet: look again after so many milliseconds.
    In(u64),
    /// No time comes any more.
    Over,
}

impl Timetable {
    /// That of a schedule which has one, on a machine in the zone `local`.
    pub(crate) fn of(schedule: &Schedule, local: Zone) -> Option<Self> {
        match schedule {
            Schedule::Cron(cron) => {
                Some(Self { cron: cron.clone(), local, awaited: Mutex::default() })
            }
            Schedule::Period(_) => None,
        }
    }

    /// Whether the time that is waited for has come.
    pub(super) fn stand(&self, now: Timestamp) -> Stand {
        let mut awaited = self.awaited.lock();
        if awaited.is_none() {
            *awaited = self.cron.next_after(now, self.local);
        }
        match *awaited {
            Some(time) if time > now => Stand::In(time.since_ms(now).min(LOOK_AGAIN_MS)),
            Some(_) => Stand::Due,
            None => Stand::Over,
        }
    }

    /// The time that had come is used up, or passed in vain: those that were missed meanwhile do
    /// not come again.
    pub(super) fn pass(&self, now: Timestamp) {
        *self.awaited.lock() = self.cron.next_after(now, self.local);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_comes_once_and_missed_ones_not_at_all() {
        let cron = Cron::parse("0 0/10 * * * *", None).unwrap();
        let timetable = Timetable::of(&Schedule::Cron(cron), Zone::UTC).unwrap();
        let minute = |minutes: i64| Timestamp(minutes * 60_000);
        let stand = |minutes| timetable.stand(minute(minutes));
        assert_eq!(stand(0), Stand::In(60_000), "nothing comes at the start itself");
        assert_eq!(stand(9), Stand::In(60_000));
        assert_eq!((stand(10), stand(12)), (Stand::Due, Stand::Due), "until it is used up");
        timetable.pass(minute(45));
        assert_eq!(stand(45), Stand::In(60_000));
        assert_eq!(stand(50), Stand::Due);
    }
}
