//! Amounts of bytes such as `1 MB`.

use std::fmt;

use tutti_model::data_size;
use tutti_model::spec::{PropertyKind, ValueError};

use super::PropertyType;

/// An amount of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataSize(pub u64);

impl DataSize {
    /// In bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }
}

impl fmt::Display for DataSize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&data_size::format(self.0))
    }
}

impl PropertyType for DataSize {
    fn kind() -> PropertyKind {
        PropertyKind::DataSize
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        data_size::parse(text)
            .map(Self)
            .map_err(|error| ValueError::new(error.to_string()).with_help(error.help()))
    }
}
