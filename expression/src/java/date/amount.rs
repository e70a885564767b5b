//! Calendar amounts such as `2 weeks`, added to and taken from moments.

use super::calendar::{Instant, LocalDateTime, NANOS_PER_SECOND};
use super::zone::Zone;
use crate::error::Failure;
use crate::java::text::is_blank;

/// The greatest count of months or years (a 32-bit number in Java).
const MONTHS_MAX: i64 = i32::MAX as i64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Nanos(i64),
    Days(i64),
    Months(i64),
}

/// A number of a unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amount {
    count: i64,
    unit: Unit,
}

impl Amount {
    /// Reads `<whole number> <unit>`; units are nanosecond, second, minute, hour, day, week, month
    /// and year, in any case, with or without a final `s`.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        const EXPECTED: &str = "expected a whole number and a unit, such as '2 weeks'";
        if is_blank(text) {
            return Err(format!("the amount of time is empty: {EXPECTED}").into());
        }
        let wrong = || Failure::from(format!("'{text}' is no amount of time: {EXPECTED}"));
        let is_space = |c: char| matches!(c, ' ' | '\t'..='\r');
        let (count, unit) = text.trim_matches(is_space).split_once(is_space).ok_or_else(wrong)?;
        if count.is_empty() || !count.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let unit = unit.trim_start_matches(is_space).to_ascii_lowercase();
        let unit = match unit.strip_suffix('s').unwrap_or(&unit) {
            "nanosecond" => Unit::Nanos(1),
            "second" => Unit::Nanos(NANOS_PER_SECOND),
            "minute" => Unit::Nanos(60 * NANOS_PER_SECOND),
            "hour" => Unit::Nanos(3600 * NANOS_PER_SECOND),
            "day" => Unit::Days(1),
            "week" => Unit::Days(7),
            "month" => Unit::Months(1),
            "year" => Unit::Months(12),
            _ => return Err(wrong()),
        };
        let count = count
            .parse()
            .map_err(|_| Failure::from(format!("the amount '{text}' does not fit in 64 bits")))?;
        Ok(Self { count, unit })
    }

    /// The instant that lies this amount after `instant`, or before it where `forward` is false;
    /// days and longer units keep the clock time of `zone`.
    pub(crate) fn apply(
        self,
        instant: Instant,
        zone: &Zone,
        forward: bool,
    ) -> Result<Instant, Failure> {
        let count = if forward { self.count } else { -self.count };
        let beyond = || Failure::from("the date is out of range");
        let days_and_months = |days: i64, months: i64| {
            let offset = zone.offset_at(instant);
            let local = LocalDateTime::at(instant, offset);
            let date = local.date.plus_months(months)?.plus_days(days)?;
            Ok(zone.instant_near(LocalDateTime { date, time: local.time }, offset))
        };
        match self.unit {
            Unit::Nanos(per_unit) => {
                let nanos = i128::from(count) * i128::from(per_unit)
                    + i128::from(instant.seconds) * i128::from(NANOS_PER_SECOND)
                    + i128::from(instant.nanos);
                let seconds = nanos.div_euclid(i128::from(NANOS_PER_SECOND));
                let seconds = i64::try_from(seconds).map_err(|_| beyond())?;
                if seconds.unsigned_abs() > 31_557_014_167_219_200 {
                    return Err(beyond());
                }
                Ok(Instant {
                    seconds,
                    nanos: nanos.rem_euclid(i128::from(NANOS_PER_SECOND)) as u32,
                })
            }
            Unit::Days(per_unit) => {
                days_and_months(count.checked_mul(per_unit).ok_or_else(beyond)?, 0)
            }
            Unit::Months(_) if count.abs() > MONTHS_MAX => Err(beyond()),
            Unit::Months(per_unit) => days_and_months(0, count * per_unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_a_whole_number_and_a_unit() {
        let days = Amount { count: 14, unit: Unit::Days(1) };
        assert_eq!(Amount::parse(" 14  DAYS ").unwrap(), days);
        for text in ["", " ", "1.5 days", "1 fortnight", "2days", "1 dayss", "1 millisecond", "day"]
        {
            assert!(Amount::parse(text).is_err(), "{text}");
        }
        assert!(Amount::parse("99999999999999999999 days").is_err());
    }

    #[test]
    fn great_amounts_fail_and_do_not_panic() {
        let now = Instant { seconds: 0, nanos: 0 };
        for text in ["9223372036854775807 years", "9223372036854775807 weeks", "2147483647 years"] {
            let amount = Amount::parse(text).unwrap();
            assert!(amount.apply(now, &Zone::utc(), true).is_err());
            assert!(amount.apply(now, &Zone::utc(), false).is_err());
        }
    }
}
