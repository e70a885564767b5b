//! The methods that are taken.

use hyper::Method;
use tutti_sdk::model::spec::{PropertyKind, ValueError};
use tutti_sdk::property::PropertyType;

/// Names of methods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Methods(Vec<Method>);

impl Methods {
    /// Those of that name, and others.
    pub(super) fn of<'n>(names: impl IntoIterator<Item = &'n str>, others: Option<&Self>) -> Self {
        let own = names.into_iter().filter_map(|name| name.parse::<Method>().ok());
        Self(own.chain(others.into_iter().flat_map(|others| others.0.clone())).collect())
    }

    pub(super) fn has(&self, method: &Method) -> bool {
        self.0.contains(method)
    }

    /// For the header `Allow`.
    pub(super) fn list(&self) -> String {
        self.0.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
    }
}

impl PropertyType for Methods {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let method = |name: &str| {
            let method: Option<Method> = name.to_ascii_uppercase().parse().ok();
            // A tunnel is no request.
            method.filter(|method| *method != Method::CONNECT).ok_or_else(|| {
                ValueError::new(format!("\"{name}\" is not a method"))
                    .with_help("write names such as \"PATCH\" with commas between them")
            })
        };
        names.map(method).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_told_by_their_names() {
        let parse = |text| Methods::parse(text, &PropertyKind::Text);
        let more = parse("patch, PROPFIND,,").unwrap();
        let all = Methods::of(["GET"], Some(&more));
        assert_eq!(all.list(), "GET, PATCH, PROPFIND");
        assert!(all.has(&Method::PATCH) && all.has(&Method::GET) && !all.has(&Method::POST));
        for text in ["A B", "GET\r\nX", "ü", "CONNECT", "a, connect"] {
            assert!(parse(text).unwrap_err().help.is_some(), "{text:?}");
        }
    }
}
