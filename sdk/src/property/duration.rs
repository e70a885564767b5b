//! Times such as `10 sec`.

use std::time::Duration;

use tutti_model::duration;
use tutti_model::spec::{PropertyKind, ValueError};

use super::PropertyType;

impl PropertyType for Duration {
    fn kind() -> PropertyKind {
        PropertyKind::Duration
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        duration::parse(text)
            .map_err(|error| ValueError::new(error.to_string()).with_help(error.help()))
    }
}
