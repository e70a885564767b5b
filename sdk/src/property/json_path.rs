//! Paths into JSON.

use tutti_expression::{Found, Json, JsonPath as Path};
use tutti_model::spec::{PropertyKind, ValueError};

use super::PropertyType;
use crate::ProcessError;

/// A path into JSON in Jayway's dialect, as NiFi has it.
#[derive(Debug, Clone)]
pub struct JsonPath(Path);

impl JsonPath {
    /// What lies at the path in `document`; `None` where nothing does.
    pub fn read<'d>(&self, document: &'d Json) -> Result<Option<Found<'d>>, ProcessError> {
        let failed = |error| {
            ProcessError::user(format!("cannot follow the path \"{}\"", self.0.as_str()))
                .caused_by(error)
        };
        self.0.read(document).map_err(failed)
    }

    /// The path as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl PropertyType for JsonPath {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        Path::parse(text).map(Self).map_err(|error| {
            ValueError::new(error.to_string())
                .with_help("write one such as \"$.mfccs\" or \"$.artists[*].name\"")
        })
    }
}
