//! How long lies in the trash what was thrown away: emptied queues, removed connections.

use std::time::Duration;

use clap::Args;

use crate::archive::Period;
use crate::settings::Settings;

/// How long when nobody says so.
const PERIOD_DEFAULT: Duration = Duration::from_hours(7 * 24);

/// How long a command line keeps what was thrown away.
#[derive(Debug, Args)]
pub(crate) struct TrashArguments {
    /// So long lies in the trash what waited in emptied queues and removed connections, see "tutti
    /// trash" [default: 7 days]
    #[arg(long, value_name = "TIME", env = "TUTTI_TRASH_PERIOD", hide_env_values = true)]
    #[arg(value_parser = Period::parse)]
    trash_period: Option<Period>,
}

impl TrashArguments {
    /// How long.
    pub(crate) fn period(&self, settings: &Settings) -> Duration {
        let period = self.trash_period.or(settings.trash_period);
        period.map_or(PERIOD_DEFAULT, |period| period.0)
    }
}
