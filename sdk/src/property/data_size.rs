//! Amounts of bytes such as `1 MB`.

use tutti_model::spec::{PropertyKind, ValueError};

use super::PropertyType;

/// Units in bytes; as in NiFi, 1 KB has 1,024.
const UNITS: &[(&str, u64)] =
    &[("B", 1), ("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("TB", 1 << 40)];

/// An amount of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataSize(pub u64);

impl DataSize {
    /// In bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }
}

impl PropertyType for DataSize {
    fn kind() -> PropertyKind {
        PropertyKind::DataSize
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        let trimmed = text.trim();
        let digits = trimmed
            .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
            .unwrap_or(trimmed.len());
        let (number, unit) = trimmed.split_at(digits);
        let unit = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit.trim()));
        match (number.parse::<f64>(), unit) {
            (Ok(number), Some((_, bytes))) => {
                let bytes = number * *bytes as f64;
                if bytes < i64::MAX as f64 {
                    Ok(Self(bytes as u64))
                } else {
                    Err(ValueError::new(format!("\"{text}\" is too much")))
                }
            }
            _ => Err(ValueError::new(format!("\"{text}\" is not an amount of data"))
                .with_help("write a number and B, KB, MB, GB or TB, as in \"10 MB\"")),
        }
    }
}
