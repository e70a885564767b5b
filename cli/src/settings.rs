//! Settings from flags, the environment and a file, in this order of precedence.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Deserialize;
use tutti_model::data_size;

use crate::archive::Period;
use crate::arguments::Common;
use crate::error::CliError;
use crate::listen::RemoteAccess;
use crate::small_file;

/// Where settings are looked for when nobody says where.
const FILE_DEFAULT: &str = "tutti.toml";

/// What processors tell and who did what, and of everything else what is wrong.
const LOG_DEFAULT: &str = "warn,flow=info,audit=info";

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// An amount of bytes, written as in flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct DataSize(pub(crate) u64);

impl DataSize {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        data_size::parse(text).map(Self).map_err(|error| format!("{error}; {}", error.help()))
    }
}

impl TryFrom<String> for DataSize {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

/// What a configuration file may say.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct File {
    log: Option<String>,
    log_format: Option<LogFormat>,
    data: Option<PathBuf>,
    listen: Option<SocketAddr>,
    hosts: Vec<String>,
    allow_remote_access: Option<RemoteAccess>,
    tls_certificate: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    users: Option<PathBuf>,
    requests_per_second: Option<u32>,
    parameters: Vec<PathBuf>,
    shutdown_seconds: Option<u32>,
    disk_free_min: Option<DataSize>,
    deaths_max: Option<u32>,
    archive_max: Option<DataSize>,
    archive_period: Option<Period>,
    trash_period: Option<Period>,
}

/// The settings that hold, as far as they are not of one command alone; of the others what the
/// file says, which comes after the command's flags and the environment.
#[derive(Debug, PartialEq)]
pub(crate) struct Settings {
    pub(crate) log: String,
    pub(crate) log_format: LogFormat,
    /// The data folder.
    pub(crate) data: Option<PathBuf>,
    /// Where the server listens.
    pub(crate) listen: Option<SocketAddr>,
    /// Names that the server answers to.
    pub(crate) hosts: Vec<String>,
    /// Whether other machines may reach the server without the usual care.
    pub(crate) allow_remote_access: Option<RemoteAccess>,
    /// The certificate and the key with which the server speaks TLS.
    pub(crate) tls: Option<(PathBuf, PathBuf)>,
    /// The file of users and tokens.
    pub(crate) users: Option<PathBuf>,
    /// How many requests a second one client may make.
    pub(crate) requests_per_second: Option<u32>,
    /// Files with values of parameters; the later counts.
    pub(crate) parameter_files: Vec<PathBuf>,
    /// How long a stop may take.
    pub(crate) shutdown_seconds: Option<u32>,
    /// How much of the data folder's disk is kept free.
    pub(crate) disk_free_min: Option<DataSize>,
    /// How often the process may die over one flowfile.
    pub(crate) deaths_max: Option<u32>,
    /// How much content is kept for replays.
    pub(crate) archive_max: Option<DataSize>,
    /// How long it is kept.
    pub(crate) archive_period: Option<Period>,
    /// How long lies in the trash what was thrown away.
    pub(crate) trash_period: Option<Period>,
}

impl Settings {
    /// Flags and environment come in `common`; clap puts flags first.
    pub(crate) fn resolve(common: &Common) -> Result<Self, CliError> {
        let path = common.config.as_deref();
        let file = match small_file::read(path.unwrap_or(Path::new(FILE_DEFAULT))) {
            Ok(text) => parse(&text, path.unwrap_or(Path::new(FILE_DEFAULT)))?,
            Err(error) if path.is_none() && error.kind() == io::ErrorKind::NotFound => {
                File::default()
            }
            Err(source) => {
                let path = path.unwrap_or(Path::new(FILE_DEFAULT)).to_owned();
                return Err(CliError::Read { path, source });
            }
        };
        let tls = match (file.tls_certificate, file.tls_key) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some((certificate, key)),
            _ => {
                let path = path.unwrap_or(Path::new(FILE_DEFAULT)).to_owned();
                return Err(CliError::HalfTls { path });
            }
        };
        Ok(Self {
            log: common.log.clone().or(file.log).unwrap_or_else(|| LOG_DEFAULT.to_owned()),
            log_format: common.log_format.or(file.log_format).unwrap_or_default(),
            data: file.data,
            listen: file.listen,
            hosts: file.hosts,
            allow_remote_access: file.allow_remote_access,
            tls,
            users: file.users,
            requests_per_second: file.requests_per_second,
            parameter_files: file.parameters,
            shutdown_seconds: file.shutdown_seconds,
            disk_free_min: file.disk_free_min,
            deaths_max: file.deaths_max,
            archive_max: file.archive_max,
            archive_period: file.archive_period,
            trash_period: file.trash_period,
        })
    }
}

/// Paths in the file are relative to its folder.
fn parse(text: &str, path: &Path) -> Result<File, CliError> {
    let mut file: File = toml::from_str(text)
        .map_err(|source| CliError::Config { path: path.to_owned(), source: Box::new(source) })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let more = [&mut file.data, &mut file.users, &mut file.tls_certificate, &mut file.tls_key];
    for path in file.parameters.iter_mut().chain(more.into_iter().flatten()) {
        *path = folder.join(&path);
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::*;

    fn common(config: Option<PathBuf>, log: Option<&str>) -> Common {
        Common { config, log: log.map(str::to_owned), log_format: None }
    }

    #[test]
    fn the_log_format_of_a_flag_comes_before_that_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.toml");
        fs::write(&path, "log-format = \"json\"\n").unwrap();
        let resolved = |log_format| {
            Settings::resolve(&Common { log_format, ..common(Some(path.clone()), None) }).unwrap()
        };
        assert_eq!(resolved(None).log_format, LogFormat::Json);
        assert_eq!(resolved(Some(LogFormat::Text)).log_format, LogFormat::Text);
    }

    #[test]
    fn a_flag_comes_before_the_file_and_the_file_before_the_default() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.toml");
        let lines = ["log = \"debug\"", "parameters = [\"s.json\"]", "data = \"d\"", ""];
        fs::write(&path, lines.join("\n")).unwrap();
        let from_file = Settings::resolve(&common(Some(path.clone()), None)).unwrap();
        assert_eq!(from_file.log, "debug");
        assert_eq!(from_file.log_format, LogFormat::Text);
        assert_eq!(from_file.parameter_files, [folder.path().join("s.json")]);
        assert_eq!(from_file.data, Some(folder.path().join("d")));
        assert_eq!(Settings::resolve(&common(Some(path), Some("info"))).unwrap().log, "info");
    }

    #[test]
    fn what_is_left_to_a_proxy_is_said_in_so_many_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.toml");
        let resolved = |line: &str| {
            fs::write(&path, line).unwrap();
            Settings::resolve(&common(Some(path.clone()), None))
        };
        for (value, right) in [
            ("false", RemoteAccess::No),
            ("true", RemoteAccess::Proxied),
            ("\"without-users\"", RemoteAccess::WithoutUsers),
        ] {
            let settings = resolved(&format!("allow-remote-access = {value}\n")).unwrap();
            assert_eq!(settings.allow_remote_access, Some(right));
        }
        let error = resolved("allow-remote-access = \"yes\"\n").unwrap_err();
        assert!(error.chain().contains("without-users"), "{}", error.chain());
        let tls = "tls-certificate = \"a.pem\"\n";
        assert!(matches!(resolved(tls), Err(CliError::HalfTls { .. })));
        let settings = resolved(&format!("{tls}tls-key = \"/b.key\"\n")).unwrap();
        assert_eq!(settings.tls, Some((folder.path().join("a.pem"), "/b.key".into())));
    }

    #[test]
    fn amounts_of_bytes_and_times_are_written_as_in_flows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.toml");
        let resolved = |line: &str| {
            fs::write(&path, line).unwrap();
            Settings::resolve(&common(Some(path.clone()), None))
        };
        let settings = resolved("disk-free-min = \"1.5 KB\"\n").unwrap();
        assert_eq!(settings.disk_free_min, Some(DataSize(1536)));
        let error = resolved("disk-free-min = \"much\"\n").unwrap_err();
        assert!(error.chain().contains("write a number and one of B, KB"), "{}", error.chain());
        let settings = resolved("archive-period = \"2 days\"\n").unwrap();
        assert_eq!(settings.archive_period, Some(Period(Duration::from_hours(48))));
        let error = resolved("archive-period = \"2\"\n").unwrap_err();
        assert!(error.chain().contains("\"2\" has no unit"), "{}", error.chain());
    }

    #[test]
    fn a_named_file_must_be_there_and_known_in_all_its_keys() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.toml");
        assert!(matches!(
            Settings::resolve(&common(Some(path.clone()), None)),
            Err(CliError::Read { .. })
        ));
        fs::write(&path, "lgo = \"debug\"\n").unwrap();
        let error = Settings::resolve(&common(Some(path), None)).unwrap_err();
        assert!(matches!(error, CliError::Config { .. }));
        assert!(error.chain().contains("lgo"), "{}", error.chain());
    }
}
