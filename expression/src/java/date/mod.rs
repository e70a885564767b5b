//! Java's dates as NiFi uses them: the patterns of `DateTimeFormatter` (locale `en_US`), the smart
//! resolver, time zones by id and by name, and the arithmetic of calendar amounts. The system time
//! zone is always UTC, so that a flow means the same on every machine.

mod amount;
mod calendar;
mod conversion;
mod field;
mod format;
mod names;
mod parse;
mod parse_zone;
mod pattern;
mod resolve;
mod validity;
mod zone;

pub(crate) use amount::Amount;
pub(crate) use calendar::Instant;
pub(crate) use conversion::{
    date_text, is_instant_text, parse_date_text, parse_instant_text, to_epoch_ms,
};
pub(crate) use pattern::DateFormat;
pub(crate) use validity::is_valid_date;
pub(crate) use zone::Zone;
