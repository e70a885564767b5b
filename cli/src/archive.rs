//! How much content is kept for replays, and how long.

use std::time::Duration;

use clap::Args;
use serde::Deserialize;
use tutti_model::duration;

use crate::settings::{DataSize, Settings};

/// How long when nobody says so; NiFi's.
const PERIOD_DEFAULT: Duration = Duration::from_hours(3);

/// A time, written as in flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Period(pub(crate) Duration);

impl Period {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        duration::parse(text).map(Self).map_err(|error| format!("{error}; {}", error.help()))
    }
}

impl TryFrom<String> for Period {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

/// What a command line keeps of content that no flowfile needs any more.
#[derive(Debug, Args)]
pub(crate) struct ArchiveArguments {
    /// So much content that no flowfile needs any more is kept for replays, see "tutti provenance
    /// replay"; "0 B" keeps none [default: 1 GB, or 5 % of the disk where that is less]
    #[arg(long, value_name = "SIZE", env = "TUTTI_ARCHIVE_MAX", hide_env_values = true)]
    #[arg(value_parser = DataSize::parse)]
    archive_max: Option<DataSize>,
    /// And for so long [default: 3 hours]
    #[arg(long, value_name = "TIME", env = "TUTTI_ARCHIVE_PERIOD", hide_env_values = true)]
    #[arg(value_parser = Period::parse)]
    archive_period: Option<Period>,
}

impl ArchiveArguments {
    /// How many bytes, if somebody says so.
    pub(crate) fn bytes_max(&self, settings: &Settings) -> Option<u64> {
        self.archive_max.or(settings.archive_max).map(|size| size.0)
    }

    /// How long.
    pub(crate) fn period(&self, settings: &Settings) -> Duration {
        let period = self.archive_period.or(settings.archive_period);
        period.map_or(PERIOD_DEFAULT, |period| period.0)
    }
}
