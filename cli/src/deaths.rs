//! How often the process may die over one flowfile.

use clap::Args;

use crate::settings::Settings;

/// How often when nobody says so. The first death counts for nobody, as nobody knows what was at
/// work.
const DEFAULT: u32 = 3;

/// How often a command line lets the process die over one flowfile.
#[derive(Debug, Args)]
pub(crate) struct DeathsArguments {
    /// A flowfile over which the process died so often is parked, see "tutti quarantine"; 0 parks
    /// none [default: 3]
    #[arg(long, value_name = "COUNT", env = "TUTTI_DEATHS_MAX", hide_env_values = true)]
    deaths_max: Option<u32>,
}

impl DeathsArguments {
    /// The limit that holds.
    pub(crate) fn limit(&self, settings: &Settings) -> u32 {
        self.deaths_max.or(settings.deaths_max).unwrap_or(DEFAULT)
    }
}
