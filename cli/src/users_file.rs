//! Where users and tokens are, and the passwords that people write.

use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use tutti_runtime::SystemClock;
use tutti_sdk::host::Clock;
use tutti_server::AccountsFile;

use crate::data_folder::DataArguments;
use crate::error::CliError;
use crate::settings::Settings;

/// The file in the data folder. It is hidden: a folder with other things in it is taken for no data
/// folder, and users may be added before there is one.
const FILE_DEFAULT: &str = ".users.json";
/// The longest password that is read, in bytes; the server says how long one may be.
const BYTES_MAX: u64 = 4096;

/// Where a command line has users and tokens.
#[derive(Debug, Args)]
pub(crate) struct UsersArguments {
    /// The file of users and tokens [default: .users.json in the data folder]
    #[arg(long, value_name = "FILE", env = "TUTTI_USERS", hide_env_values = true)]
    users: Option<PathBuf>,
}

impl UsersArguments {
    /// The file that holds.
    pub(crate) fn path(&self, data: &DataArguments, settings: &Settings) -> PathBuf {
        let named = self.users.as_ref().or(settings.users.as_ref());
        named.cloned().unwrap_or_else(|| data.folder(settings).join(FILE_DEFAULT))
    }
}

/// The same, for commands that need nothing else of the data folder.
#[derive(Debug, Args)]
pub(crate) struct UsersPlace {
    #[command(flatten)]
    users: UsersArguments,
    #[command(flatten)]
    data: DataArguments,
}

impl UsersPlace {
    /// The file.
    pub(crate) fn file(&self, settings: &Settings) -> AccountsFile {
        AccountsFile::new(self.users.path(&self.data, settings))
    }
}

/// A password, from whoever sits at the terminal, without showing it, or the first line of standard
/// input. Never from the command line: others can see that.
pub(crate) fn password() -> Result<String, CliError> {
    if !io::stdin().is_terminal() {
        let mut text = String::new();
        io::stdin().take(BYTES_MAX).read_to_string(&mut text).map_err(CliError::Input)?;
        return Ok(text.lines().next().unwrap_or_default().to_owned());
    }
    let ask = |prompt: &str| rpassword::prompt_password(prompt).map_err(CliError::Input);
    let password = ask("Password: ")?;
    if ask("Once more: ")? != password {
        return Err(CliError::PasswordsDiffer);
    }
    Ok(password)
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    SystemClock::default().now().0
}

/// A time in milliseconds.
pub(crate) fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
