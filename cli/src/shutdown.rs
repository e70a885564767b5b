//! How long a stop may take.

use std::time::Duration;

use clap::Args;

use crate::settings::Settings;

/// How many seconds a stop may take when nobody says so: less than the 90 of systemd.
const SECONDS_DEFAULT: u32 = 60;

/// How long a command line lets a stop take.
#[derive(Debug, Args)]
pub(crate) struct ShutdownArguments {
    /// How long a stop may take; then tasks at work are ended as by a second interrupt, and what
    /// they had taken waits for the next start [default: 60]
    #[arg(long, value_name = "SECONDS", env = "TUTTI_SHUTDOWN_SECONDS", hide_env_values = true)]
    shutdown_seconds: Option<u32>,
}

impl ShutdownArguments {
    /// The limit that holds.
    pub(crate) fn limit(&self, settings: &Settings) -> Duration {
        let seconds = self.shutdown_seconds.or(settings.shutdown_seconds);
        Duration::from_secs(seconds.unwrap_or(SECONDS_DEFAULT).into())
    }
}
