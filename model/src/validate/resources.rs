//! Things that only one processor of a flow may use.

use std::collections::HashMap;

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Element};
use crate::spec::{PropertyKind, PropertySpec, Text};
use crate::text::Place;
use crate::value::Value;

use super::Validation;

/// What is claimed, in the order of the claims.
#[derive(Default)]
pub(super) struct Resources(Vec<Claim>);

struct Claim {
    resource: Text,
    property: Text,
    value: Value,
    place: Place,
    element: Element,
}

impl Resources {
    /// Notes that `element` wants `value` for itself. Values that expressions make are not known
    /// here and pass.
    pub(super) fn claim(
        &mut self,
        spec: &PropertySpec,
        value: &Value,
        place: &Place,
        element: &Element,
    ) {
        let Some(resource) = &spec.exclusive else { return };
        if value.expose().contains("${") || value.expose().contains("#{") {
            return;
        }
        let value = match spec.kind {
            PropertyKind::Directory if !value.is_sensitive() => {
                Value::plain(normal_path(value.expose()))
            }
            _ => value.clone(),
        };
        let (place, element) = (place.clone(), element.clone());
        let (resource, property) = (resource.clone(), spec.name.clone());
        self.0.push(Claim { resource, property, value, place, element });
    }
}

/// A path without what makes no difference: doubled slashes, `.`, a slash at the end.
fn normal_path(path: &str) -> String {
    let parts: Vec<&str> =
        path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

impl Validation<'_> {
    /// Reports what several processors claim.
    pub(super) fn report_shared_resources(&mut self) {
        let mut claims = std::mem::take(&mut self.resources.0);
        claims.sort_by_key(|claim| claim.place.start);
        let mut first: HashMap<(&str, &str), &Claim> = HashMap::new();
        for claim in &claims {
            let Some(other) = first.get(&(&*claim.resource, claim.value.expose())) else {
                first.insert((&*claim.resource, claim.value.expose()), claim);
                continue;
            };
            let message = format!(
                "the {} uses the {} \"{}\" as well",
                other.element, claim.resource, claim.value
            );
            let help = format!(
                "only one may: give one of the two another \"{}\", or connect what follows to \
                 one processor",
                claim.property
            );
            let diagnostic =
                Diagnostic::new(Code::SharedResource, &claim.place, message).with_help(help);
            self.say(&claim.element, diagnostic);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_path_are_one() {
        for same in ["/data/in", "/data/in/", "//data/./in", "/data/in//."] {
            assert_eq!(normal_path(same), "/data/in");
        }
        assert_eq!(normal_path("./in"), "in");
        assert_ne!(normal_path("in"), normal_path("/in"));
    }
}
