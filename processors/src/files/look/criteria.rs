//! Which files are wanted, as the flow says it.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use tutti_sdk::model::flowfile::Timestamp;
use tutti_sdk::model::spec::{PropertyError, ValueError};
use tutti_sdk::property::{DataSize, Regex};
use tutti_sdk::{BuildError, ProcessError, Properties};

use crate::files::paths;
use crate::files::version::Version;

/// The properties of all that look for files in a folder.
#[derive(Debug, Clone, Properties)]
pub(crate) struct Criteria {
    /// Only files whose whole name matches this regular expression count.
    #[property(default = r"(?s)[^\.].*", example = r".*\.wav")]
    pub(crate) file_filter: Regex,
    /// With **Recurse Subdirectories**, only folders whose path below the folder matches this
    /// regular expression as a whole are searched. Files in the folder itself always count.
    #[property(depends_on("Recurse Subdirectories", "true"), example = "2024/.*")]
    pub(crate) path_filter: Option<Regex>,
    /// Whether to search the folders in the folder too.
    #[property(default = "true")]
    pub(crate) recurse_subdirectories: bool,
    /// The least age of a file, told by its time of modification. With `0 sec` a file counts once
    /// it has not changed for a second, so that one that is being written is not taken half.
    #[property(default = "0 sec")]
    pub(crate) minimum_file_age: Duration,
    /// The greatest age of a file, told by its time of modification.
    #[property(example = "1 day")]
    pub(crate) maximum_file_age: Option<Duration>,
    /// The least size of a file.
    #[property(default = "0 B")]
    pub(crate) minimum_file_size: DataSize,
    /// The greatest size of a file.
    #[property(example = "4 GB")]
    pub(crate) maximum_file_size: Option<DataSize>,
    /// Whether to leave out files and folders whose name begins with a dot.
    #[property(default = "true")]
    pub(crate) ignore_hidden_files: bool,
}

/// How long a file must have been left alone before it counts as written to its end, unless the
/// flow gives a minimum age.
pub(crate) const QUIET_MS: u64 = 1_000;

/// What the age of a file says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ripeness {
    /// It is not wanted now.
    Unwanted,
    /// It is if it does not change for [`QUIET_MS`].
    Young,
    /// It is.
    Ripe,
}

impl Criteria {
    /// Refuses bounds that no file can meet, all of them at once.
    pub(crate) fn check(&self) -> Result<(), BuildError> {
        let mut wrong = Vec::new();
        let mut refuse = |least: &'static str, greatest, message| {
            let error = ValueError::new(message).with_help("exchange the two, or leave one out");
            wrong.push(PropertyError::together(least, [greatest], error));
        };
        let least_age = self.minimum_file_age;
        if let Some(greatest) = self.maximum_file_age.filter(|greatest| *greatest < least_age) {
            let message = format!(
                "no file can be wanted: the least age is {} s, the greatest {} s",
                least_age.as_secs_f64(),
                greatest.as_secs_f64()
            );
            refuse("Minimum File Age", "Maximum File Age", message);
        }
        let least_bytes = self.minimum_file_size.bytes();
        let greatest_bytes = self.maximum_file_size.map(DataSize::bytes);
        if let Some(greatest) = greatest_bytes.filter(|greatest| *greatest < least_bytes) {
            let message = format!(
                "no file can be wanted: the least size is {least_bytes} B, the greatest \
                 {greatest} B"
            );
            refuse("Minimum File Size", "Maximum File Size", message);
        }
        BuildError::unless_empty(wrong)
    }

    /// All of them, the same as long as they are.
    pub(crate) fn to_text(&self) -> String {
        let size = |size: Option<DataSize>| size.map(DataSize::bytes);
        format!(
            "{}\n{:?}\n{} {} {} {:?} {} {:?}",
            self.file_filter.as_str(),
            self.path_filter.as_ref().map(Regex::as_str),
            self.recurse_subdirectories,
            self.ignore_hidden_files,
            self.minimum_file_age.as_millis(),
            self.maximum_file_age.map(|most| most.as_millis()),
            self.minimum_file_size.bytes(),
            size(self.maximum_file_size)
        )
    }

    /// Whether a file of that name and size in the folder `below` is wanted, whatever its age.
    pub(super) fn want(
        &self,
        name: &str,
        below: &Path,
        metadata: &Metadata,
    ) -> Result<bool, ProcessError> {
        let size = metadata.size();
        Ok(size >= self.minimum_file_size.bytes()
            && self.maximum_file_size.is_none_or(|most| size <= most.bytes())
            && self.want_name(name, below)?)
    }

    /// Whether a file of that name in the folder `below` is wanted, whatever it is.
    pub(super) fn want_name(&self, name: &str, below: &Path) -> Result<bool, ProcessError> {
        if let (Some(filter), true) = (&self.path_filter, below != Path::new(""))
            && !filter.matches(&paths::to_text(below))?
        {
            return Ok(false);
        }
        self.file_filter.matches(name)
    }

    /// What the age of that version of a file says of it.
    pub(crate) fn ripeness(&self, version: Version, now: Timestamp) -> Ripeness {
        let age_ms = u128::from(now.since_ms(Timestamp(version.modified_ms())));
        let least_ms = self.minimum_file_age.as_millis();
        if self.maximum_file_age.is_some_and(|most| age_ms > most.as_millis()) {
            Ripeness::Unwanted
        } else if least_ms > 0 && age_ms >= least_ms
            || least_ms == 0 && age_ms >= u128::from(QUIET_MS)
        {
            Ripeness::Ripe
        } else if least_ms == 0 {
            Ripeness::Young
        } else {
            Ripeness::Unwanted
        }
    }
}
