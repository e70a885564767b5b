//! Times such as `10 sec`.

use std::time::Duration;

use tutti_model::spec::{PropertyKind, ValueError};

use super::PropertyType;

/// Names of units, as NiFi knows them, with their length in nanoseconds.
const UNITS: &[(&[&str], f64)] = &[
    (&["ns", "nano", "nanos", "nanosecond", "nanoseconds"], 1.0),
    (&["us", "micro", "micros", "microsecond", "microseconds"], 1e3),
    (&["ms", "milli", "millis", "millisecond", "milliseconds"], 1e6),
    (&["s", "sec", "secs", "second", "seconds"], 1e9),
    (&["m", "min", "mins", "minute", "minutes"], 60e9),
    (&["h", "hr", "hrs", "hour", "hours"], 3600e9),
    (&["d", "day", "days"], 86_400e9),
    (&["w", "wk", "wks", "week", "weeks"], 604_800e9),
];

impl PropertyType for Duration {
    fn kind() -> PropertyKind {
        PropertyKind::Duration
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        let trimmed = text.trim();
        let digits = trimmed
            .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
            .unwrap_or(trimmed.len());
        let (number, unit) = trimmed.split_at(digits);
        let unit = unit.trim().to_ascii_lowercase();
        let unit = UNITS.iter().find(|(names, _)| names.contains(&unit.as_str()));
        match (number.parse::<f64>(), unit) {
            (Ok(number), Some((_, nanoseconds))) => {
                Self::try_from_secs_f64(number * nanoseconds / 1e9)
                    .map_err(|_| ValueError::new(format!("\"{text}\" is too long a time")))
            }
            _ => Err(ValueError::new(format!("\"{text}\" is not a duration"))
                .with_help("write a number and a unit, as in \"10 sec\"")),
        }
    }
}
