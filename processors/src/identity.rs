//! The attribute that a flowfile is known by, which no processor sets.

use tutti_sdk::model::flowfile::core_attribute;
use tutti_sdk::model::spec::ValueError;

/// Refuses to set the attribute `name` when it is that one.
pub(crate) fn check_is_other(name: &str) -> Result<(), ValueError> {
    if name == core_attribute::UUID {
        return Err(ValueError::new("the identity of a flowfile cannot be set")
            .with_help("use another attribute, such as \"alternate.identifier\""));
    }
    Ok(())
}
